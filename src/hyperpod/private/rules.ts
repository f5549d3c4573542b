import { defineRules } from '../../private/rule';

const CREATE_QUOTA = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateComputeQuota.html';
const DESCRIBE_QUOTA = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeComputeQuota.html';
const QUOTA_CONFIG = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaConfig.html';
const QUOTA_RESOURCE = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaResourceConfig.html';
const QUOTA_TARGET = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaTarget.html';
const CREATE_SCHEDULER_CONFIG = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateClusterSchedulerConfig.html';
const SCHEDULER_CONFIG = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SchedulerConfig.html';
const PRIORITY_CLASS = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PriorityClass.html';
const MIG_GUIDE = 'https://docs.nvidia.com/datacenter/tesla/mig-user-guide/';
const SHARING = 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceSharingConfig.html';
const ALLOCATION
  = 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-policies-compute-allocation.html';
const PARTITIONING = 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning.html';

/** What must hold for HyperPod. The ids are public. */
export const RULES = defineRules('hyperpod', {
  clusterArnFormat: {
    severity: 'error',
    rule: 'must be the ARN of a HyperPod cluster',
    fix: 'take `ClusterArn` from `aws sagemaker list-clusters`: it ends with an id of 12 characters, not with a name',
    why: 'the service refuses the request',
    source: CREATE_QUOTA,
  },
  entityName: {
    severity: 'error',
    rule: 'must be 1 to 63 letters, digits and hyphens, with no hyphen at either end',
    fix: 'choose such a name, or leave it out and one is generated',
    why: 'the service refuses the request',
    source: CREATE_QUOTA,
  },
  descriptionText: {
    severity: 'error',
    rule: 'must be at most 1024 characters, without line breaks and other control characters',
    fix: 'shorten it to one line',
    why: 'the service refuses the request',
    source: CREATE_QUOTA,
  },
  teamName: {
    severity: 'error',
    rule: 'must be 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end',
    fix: 'choose such a name',
    why: 'the name becomes part of a Kubernetes namespace, and of a label value that has 63 characters at most',
    source: QUOTA_TARGET,
  },
  fairShareWeight: {
    severity: 'error',
    rule: 'must be a whole number from 0 to 100',
    fix: 'choose such a weight; weights are relative, they need not add up to anything',
    why: 'the service refuses the request',
    source: QUOTA_TARGET,
  },
  quotaResourceCount: {
    severity: 'error',
    rule: 'must have at most 15 entries',
    fix: 'merge entries of the same instance type',
    why: 'the service refuses the request',
    source: QUOTA_CONFIG,
  },
  quotaAmount: {
    severity: 'error',
    rule: 'must be from 0 to 10000000, and whole where it counts instances, accelerators or partitions',
    fix: 'correct the number',
    why: 'the service refuses the request',
    source: QUOTA_RESOURCE,
  },
  quotaComputeEmpty: {
    severity: 'error',
    rule: 'must have vCPUs, memory or both',
    fix: 'give `vcpus` or `memory`',
    why: 'the entry would allocate nothing',
    source: QUOTA_RESOURCE,
  },
  profileNotOnInstanceType: {
    severity: 'error',
    rule: 'must be a partition profile that the GPU of the instance type has',
    fix: 'choose one that it has',
    why: 'the service refuses profiles that the instance type does not support',
    source: PARTITIONING,
  },
  borrowLimitWithoutBorrowing: {
    severity: 'error',
    rule: 'must be left out, since the team does not borrow with this strategy',
    fix: 'use `ResourceSharing.lendAndBorrow()`, or drop the limit',
    why: 'a team borrows only with the strategy LendAndBorrow, so the limit would never apply',
    source: ALLOCATION,
  },
  borrowPercent: {
    severity: 'error',
    rule: 'must be a whole number from 0 to 10000',
    fix: 'choose a percentage of the team\'s own quota',
    why: 'the service refuses the request',
    source: SHARING,
  },
  borrowPercentUndocumented: {
    severity: 'warning',
    rule: 'is outside the 1 to 500 percent that AWS documents',
    fix: 'choose a percentage of the team\'s own quota from 1 to 500, or limit single resources with `absoluteBorrowLimits`',
    why: 'the model of the API takes 0 to 10000, its documentation says 1 to 500',
    source: SHARING,
  },
  partitionsUnknown: {
    severity: 'warning',
    rule: 'is not known to have GPUs that can be partitioned',
    fix: 'check that it has them; if AWS has added it, acknowledge this or use `InstanceType.of()`',
    why: 'the service refuses profiles that the instance type does not support',
    source: PARTITIONING,
  },
  quotaProfileNotInApi: {
    severity: 'warning',
    rule: 'is not among the profiles that compute quotas are known to take',
    fix: 'check the name and the API; allocate whole accelerators if the API lacks the profile',
    why: 'the service refuses profiles that it does not know, such as those of B300 when this version was made',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AcceleratorPartitionConfig.html',
  },
  quotaAcceleratorsMissing: {
    severity: 'warning',
    rule: 'has no accelerators',
    fix: 'use `QuotaResource.compute()` or `QuotaResource.instances()`',
    why: 'the quota would allocate accelerators that the nodes do not have',
    source: QUOTA_RESOURCE,
  },
  quotaResourceTwice: {
    severity: 'warning',
    rule: 'repeats an entry of the same kind and instance type',
    fix: 'merge the two entries',
    why: 'AWS does not say whether two such entries are added or one of them wins',
    source: QUOTA_CONFIG,
  },
  quotaRegion: {
    severity: 'warning',
    rule: 'is not among the Regions where CloudFormation is known to have compute quotas',
    fix: 'check that `AWS::SageMaker::ComputeQuota` exists there, or set `provisioning: QuotaProvisioning.API`',
    why: 'the deployment fails where CloudFormation lacks the type',
    source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_sagemaker.CfnComputeQuota.html',
  },
  quotaNameTwice: {
    severity: 'error',
    rule: 'must be unique in the cluster',
    fix: 'choose another name, or leave it out and one is generated',
    why: 'the service refuses a second one of the same name in a cluster',
    source: CREATE_QUOTA,
  },
  quotaTeamTwice: {
    severity: 'warning',
    rule: 'has another quota on this cluster already',
    fix: 'put everything that the team gets into one quota',
    why: 'a team has one namespace and one queue in a cluster, and AWS documents no second quota for them',
    source: ALLOCATION,
  },
  quotaNotCarried: {
    severity: 'error',
    rule: 'must be for something that an instance group of the cluster has',
    fix: 'correct the instance type or the profile, or describe the group that has it',
    why: 'tasks of the team would wait for nodes that the cluster does not have',
    source: PARTITIONING,
  },
  quotasAboveCapacity: {
    severity: 'error',
    rule: 'must not add up, over all quotas of the cluster, to more than the instance groups that are described have',
    fix: 'lower the quotas, or raise the instance groups; let teams borrow instead of promising the same machines twice; '
      + 'where the number of instances changes by itself, leave `instanceGroups` out',
    why: 'AWS asks that reserved quotas stay within the capacity, since tasks that are admitted beyond it wait for nodes that never come',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-policies.html',
  },
  quotaId: {
    severity: 'error',
    rule: 'must be the id of a compute quota: 12 lower-case letters and digits',
    fix: 'take `ComputeQuotaId` from `aws sagemaker list-compute-quotas`, or look the quota up by its name',
    why: 'the service refuses the request',
    source: DESCRIBE_QUOTA,
  },
  quotaArn: {
    severity: 'error',
    rule: 'must be the ARN of a compute quota',
    fix: 'take `ComputeQuotaArn` from `aws sagemaker list-compute-quotas`',
    why: 'the look-up would fail the deployment',
    source: DESCRIBE_QUOTA,
  },
  quotaElsewhere: {
    severity: 'error',
    rule: 'must be in the account and Region of the stack',
    fix: 'make the look-up in a stack of that account and Region',
    why: 'the service reads only what is in the account and Region that it is called in',
    source: DESCRIBE_QUOTA,
  },
  lookupEntryUnknown: {
    severity: 'error',
    rule: 'must be asked for by names that are known at synthesis',
    fix: 'use a constant of `InstanceType` and `PartitionProfile`, or `of()` with a literal name',
    why: 'the names are part of the attributes of a look-up, which templates refer to by literals',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-getatt.html',
  },
  fairShareWeightUnused: {
    severity: 'warning',
    rule: 'has no effect, since fair share is disabled in the scheduler configuration of the cluster',
    fix: 'enable `fairShare` there, or drop the weight',
    why: 'without fair share, idle compute goes to whoever comes first',
    source: SCHEDULER_CONFIG,
  },
  instanceGroupCount: {
    severity: 'error',
    rule: 'must be a whole number from 0 to 6758',
    fix: 'give the number of instances that the group has',
    why: 'the service has no other instance groups',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ClusterInstanceGroupSpecification.html',
  },
  layoutPartitions: {
    severity: 'error',
    rule: 'must have profiles, each once and with a whole number of at least 1',
    fix: 'correct the counts; use `PartitionLayout.disabled()` for whole GPUs',
    why: 'the layout could not be defined',
    source: MIG_GUIDE,
  },
  layoutAboveGpu: {
    severity: 'error',
    rule: 'must fit on one GPU of the instance type, which has seven compute slices and eight memory slices',
    fix: 'take fewer or smaller partitions per GPU',
    why: 'the GPU operator fails to partition the node',
    source: MIG_GUIDE,
  },
  layoutNotInChart: {
    severity: 'warning',
    rule: 'is not known to be defined by the HyperPod Helm chart',
    fix: 'add its `configMapEntry()` to the ConfigMap `default-mig-config`, or choose a layout that is there',
    why: 'the GPU operator fails to partition nodes whose label names no entry of the ConfigMap',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-gpu-partitioning-setup.html',
  },
  priorityClassCount: {
    severity: 'error',
    rule: 'must have at most 10 entries',
    fix: 'merge classes of similar weight',
    why: 'the service refuses the request',
    source: SCHEDULER_CONFIG,
  },
  priorityClassName: {
    severity: 'error',
    rule: 'must be 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end',
    fix: 'choose such a name, without the `-priority` that SageMaker adds',
    why: 'the name becomes that of a Kubernetes object',
    source: PRIORITY_CLASS,
  },
  priorityClassWeight: {
    severity: 'error',
    rule: 'must be a whole number from 0 to 100',
    fix: 'choose such a weight; 100 is served first',
    why: 'the service refuses the request',
    source: PRIORITY_CLASS,
  },
  priorityClassTwice: {
    severity: 'warning',
    rule: 'repeats the name of another priority class',
    fix: 'drop one of the two',
    why: 'both would be the same Kubernetes object',
    source: PRIORITY_CLASS,
  },
  schedulerConfigNameTwice: {
    severity: 'error',
    rule: 'must be unique in the cluster',
    fix: 'choose another name, or leave it out and one is generated',
    why: 'the service refuses a second one of the same name in a cluster',
    source: CREATE_SCHEDULER_CONFIG,
  },
  schedulerConfigTwice: {
    severity: 'warning',
    rule: 'has another scheduler configuration already',
    fix: 'put all priority classes into one scheduler configuration',
    why: 'AWS documents one cluster policy for a cluster',
    source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-policies.html',
  },
});
