import { Duration, Size, Tags, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { RuleId } from './row';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import * as plans from '../../src/training-plans';
import { clusterIn, nodes } from '../pcs/fixture';

/** A way to hand a value to a construct. */
export interface Probe {
  /** The rules of which one must speak, where the value is refused. */
  readonly rules: readonly RuleId[];
  /** What the value is for: sources and paths of the extract. The value must fit all of them. */
  readonly of: readonly string[];
  /** What the construct gets. */
  readonly program: (value: any) => (stack: Stack) => void;
  /** What is asked besides, and why. */
  readonly stricter?: { readonly why: string; readonly takes: (value: any) => boolean };
  /** Values to begin with, of patterns that can't be generated from. */
  readonly seeds?: readonly string[];
  /** Whether the value is found wrong at the end of synthesis. */
  readonly late?: boolean;
  /** The least number that can be written: no duration and no size is negative. */
  readonly least?: number;
  /** Why an empty text never gets to the rule. */
  readonly neverEmpty?: string;
  /** Makes a list of so many entries, of properties with a size. */
  readonly list?: true;
}

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const DNS = 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com';
const P5 = hyperpod.InstanceType.P5_48XLARGE;
const M5 = hyperpod.InstanceType.M5_LARGE;

const both = (api: string, apiPath: string, type: string, typePath = apiPath): string[] => [`${api} ${apiPath}`, `${type} ${typePath}`];
const ofCluster = (path: string) => both('sagemaker CreateCluster', path, 'AWS::SageMaker::Cluster');
const ofQuota = (path: string) => [...both('sagemaker CreateComputeQuota', path, 'AWS::SageMaker::ComputeQuota'), `sagemaker UpdateComputeQuota ${path}`];
const ofScheduler = (path: string) => both('sagemaker CreateClusterSchedulerConfig', path, 'AWS::SageMaker::ClusterSchedulerConfig');
const ofPcs = (path: string) => both('pcs CreateCluster', path, 'AWS::PCS::Cluster', capital(path));
const ofGroup = (path: string) => both('pcs CreateComputeNodeGroup', path, 'AWS::PCS::ComputeNodeGroup', capital(path));

function capital(path: string): string {
  return path.replace(/(^|[.])[a-z]/g, letter => letter.toUpperCase());
}

const vpcOf = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef0'],
});

function onEks(stack: Stack, props: Partial<hyperpod.ClusterProps> = {}): hyperpod.Cluster {
  const cluster = eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
  return new hyperpod.Cluster(stack, 'Pod', {
    orchestrator: hyperpod.Orchestrator.eks(cluster), vpc: vpcOf(stack), lifecycleScripts: hyperpod.LifecycleScripts.none(), ...props,
  });
}

const pod = (make: (value: any) => Partial<hyperpod.ClusterProps>) => (value: any) => (stack: Stack) => { onEks(stack, make(value)); };
const CONTINUOUS = { nodeProvisioningMode: hyperpod.NodeProvisioningMode.CONTINUOUS };

/** A group on EKS with what is made of a value. */
const group = (
  make: (value: any) => Partial<hyperpod.InstanceGroupOptions>, props?: Partial<hyperpod.ClusterProps>,
) => (value: any) => (stack: Stack) => {
  onEks(stack, props).addInstanceGroup('workers', { instances: hyperpod.Instances.ofType({ instanceType: P5, count: 1 }), ...make(value) });
};
const storage = (make: (value: any) => hyperpod.InstanceStorage) => group(value => ({ storage: [make(value)] }));
const rollout = (make: (value: any) => hyperpod.NodeRollout) => group(value => ({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: make(value) } }));
const restricted = (make: (value: any) => Partial<hyperpod.RestrictedInstanceGroupOptions>) => (value: any) => (stack: Stack) => {
  onEks(stack).addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 1, ...make(value) });
};
const compute = (make: (value: any) => hyperpod.SlurmComputeOptions) => (value: any) => (stack: Stack) => {
  const cluster = new hyperpod.Cluster(stack, 'Pod', { orchestrator: hyperpod.Orchestrator.slurm(), vpc: vpcOf(stack) });
  cluster.addInstanceGroup('workers', { instances: hyperpod.Instances.ofType({ instanceType: M5, count: 1 }), slurmNode: hyperpod.SlurmNode.compute(make(value)) });
};
const database = (make: (value: any) => Partial<hyperpod.SlurmAccountingDatabase>) => (value: any) => (stack: Stack) => {
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'slurm');
  new hyperpod.Cluster(stack, 'Pod', {
    orchestrator: hyperpod.Orchestrator.slurm({ accountingDatabase: { endpoint: 'db.internal', secret, ...make(value) } }), vpc: vpcOf(stack), ...CONTINUOUS,
  });
};
const sharedCluster = (stack: Stack) => hyperpod.Cluster.fromClusterArn(stack, 'Shared', ARN);
const instances = (count: number, instanceType = P5) => hyperpod.QuotaResource.instances({ instanceType, count });
const quota = (make: (value: any) => Partial<hyperpod.ComputeQuotaProps>) => (value: any) => (stack: Stack) => {
  new hyperpod.ComputeQuota(stack, 'Quota', { cluster: sharedCluster(stack), team: hyperpod.Team.of('research'), resources: [instances(1)], ...make(value) });
};
const scheduler = (make: (value: any) => Partial<hyperpod.ClusterSchedulerConfigProps>) => (value: any) => (stack: Stack) => {
  new hyperpod.ClusterSchedulerConfig(stack, 'Policy', { cluster: sharedCluster(stack), ...make(value) });
};
const cluster = (make: (value: any) => Partial<pcs.ClusterProps>) => (value: any) => (stack: Stack) => { clusterIn(stack, make(value)); };
const nodeGroup = (make: (value: any) => Partial<pcs.ComputeNodeGroupOptions>) => (value: any) => (stack: Stack) => {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes(make(value)));
};
const scripts = (make: (value: any) => Partial<pcs.NodeLifecycleScript>) => nodeGroup(value => ({
  lifecycleActions: { nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromUrl('https://example.com/a.sh'), ...make(value) }] },
}));
const CRITERIA = { durations: [Duration.days(7)], target: plans.TargetResource.HYPERPOD_CLUSTER };
const search = (make: (value: any) => Partial<plans.InstanceOfferingCriteria>) => (value: any) => (stack: Stack) => {
  const offering = plans.Offering.search({
    ...CRITERIA, instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 1, ...make(value),
  });
  new plans.OfferingSearch(stack, 'Search', { offering });
};
const ultra = (make: (value: any) => Partial<plans.UltraServerOfferingCriteria>) => (value: any) => (stack: Stack) => {
  const offering = plans.Offering.searchUltraServers({
    ...CRITERIA, ultraServerType: plans.UltraServerType.U_P6E_GB200X72, ultraServerCount: 1, ...make(value),
  });
  new plans.OfferingSearch(stack, 'Search', { offering });
};
const job = (make: (value: any) => Partial<plans.TrainingJobResourcesProps>) => (value: any) =>
  (stack: Stack) => new plans.TrainingJobResources({
    trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm'), instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 1, ...make(value),
  });

const GROUPS = 'InstanceGroups[]';
const GiB = { stricter: { why: 'a volume has a size', takes: (value: number) => value >= 1 } };
const LABEL_SEEDS = ['team', 'example.com/team', 'a.b-c/d_E.f', 'A1'];

/**
 * Ways to values that rules check. Names of teams and priority classes aren't among them: the models' own pattern backtracks
 * exponentially.
 */
export const PROBES: readonly Probe[] = [
  { rules: ['hyperpod.entityName'], of: ofCluster('ClusterName'), program: pod(clusterName => ({ clusterName })) },
  { rules: ['hyperpod.entityName'], of: ofCluster(`${GROUPS}.InstanceGroupName`), program: group(instanceGroupName => ({ instanceGroupName })) },
  { rules: ['hyperpod.entityName'], of: ofCluster('RestrictedInstanceGroups[].InstanceGroupName'), program: restricted(instanceGroupName => ({ instanceGroupName })) },
  { rules: ['hyperpod.entityName'], of: ofQuota('Name').slice(0, 2), program: quota(computeQuotaName => ({ computeQuotaName })) },
  { rules: ['hyperpod.entityName'], of: ofScheduler('Name'), program: scheduler(clusterSchedulerConfigName => ({ clusterSchedulerConfigName })) },
  { rules: ['hyperpod.descriptionText'], of: ofQuota('Description'), program: quota(description => ({ description })), seeds: ['Für α-Teams, 研究!', 'x'] },
  { rules: ['hyperpod.descriptionText'], of: ofScheduler('Description'), program: scheduler(description => ({ description })), seeds: ['Für α-Teams, 研究!', 'x'] },
  { rules: ['hyperpod.priorityClassWeight'], of: ofScheduler('SchedulerConfig.PriorityClasses[].Weight'), program: scheduler(weight => ({ priorityClasses: [{ name: 'a', weight }] })) },
  {
    rules: ['hyperpod.priorityClassCount'],
    of: ofScheduler('SchedulerConfig.PriorityClasses'),
    list: true,
    program: scheduler((list: number[]) => ({ priorityClasses: list.map(index => ({ name: `c-${index}`, weight: 1 })) })),
  },
  { rules: ['hyperpod.fairShareWeight'], of: ofQuota('ComputeQuotaTarget.FairShareWeight'), program: quota(fairShareWeight => ({ fairShareWeight })) },
  {
    rules: ['hyperpod.borrowPercent'],
    of: ofQuota('ComputeQuotaConfig.ResourceSharingConfig.BorrowLimit'),
    program: quota(maxBorrowPercent => ({ sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent }) })),
  },
  {
    rules: ['hyperpod.quotaResourceCount'],
    of: ofQuota('ComputeQuotaConfig.ComputeQuotaResources'),
    list: true,
    program: quota((list: number[]) => ({ resources: list.map(index => instances(1, hyperpod.InstanceType.of(`ml.c6i.${index}xlarge`))) })),
  },
  { rules: ['hyperpod.quotaAmount'], of: ofQuota('ComputeQuotaConfig.ComputeQuotaResources[].Count'), program: quota(count => ({ resources: [instances(count)] })) },
  {
    rules: ['hyperpod.quotaAmount'],
    of: ofQuota('ComputeQuotaConfig.ComputeQuotaResources[].Accelerators'),
    program: quota(count => ({ resources: [hyperpod.QuotaResource.accelerators({ instanceType: P5, count })] })),
  },
  {
    rules: ['hyperpod.quotaAmount'],
    of: ofQuota('ComputeQuotaConfig.ComputeQuotaResources[].VCpu'),
    program: quota(vcpus => ({ resources: [hyperpod.QuotaResource.compute({ instanceType: M5, vcpus })] })),
  },
  {
    rules: ['hyperpod.quotaAmount'],
    of: ofQuota('ComputeQuotaConfig.ComputeQuotaResources[].AcceleratorPartition.Count'),
    program: quota(count => ({
      resources: [hyperpod.QuotaResource.partitions({ instanceType: P5, profile: hyperpod.PartitionProfile.MIG_1G_10GB, count })],
    })),
  },
  { rules: ['hyperpod.instanceGroupCount'], of: ofCluster(`${GROUPS}.InstanceCount`), program: group(count => ({ instances: hyperpod.Instances.ofType({ instanceType: P5, count }) })) },
  { rules: ['hyperpod.instanceGroupCount'], of: ofCluster('RestrictedInstanceGroups[].InstanceCount'), program: restricted(instanceCount => ({ instanceCount })) },
  {
    rules: ['hyperpod.instanceGroupCount'],
    of: ofCluster(`${GROUPS}.MinInstanceCount`),
    program: group(minCount => ({ instances: hyperpod.Instances.ofType({ instanceType: P5, count: 6758, minCount }) }), CONTINUOUS),
  },
  {
    rules: ['hyperpod.flexibleTypes'],
    of: ofCluster(`${GROUPS}.InstanceRequirements.InstanceTypes`),
    list: true,
    program: group((list: number[]) => ({
      instances: hyperpod.Instances.flexible({ instanceTypes: list.map(index => hyperpod.InstanceType.of(`ml.c6i.${index}xlarge`)), count: 1 }),
    }), CONTINUOUS),
  },
  { rules: ['hyperpod.threadsPerCore'], of: ofCluster(`${GROUPS}.ThreadsPerCore`), program: group(threadsPerCore => ({ threadsPerCore })) },
  { rules: ['hyperpod.imageId'], of: ofCluster(`${GROUPS}.ImageId`), program: group(imageId => ({ imageId })), seeds: ['default'] },
  { rules: ['hyperpod.imageRelease'], of: ofCluster(`${GROUPS}.ImageReleaseVersion`), program: group(imageReleaseVersion => ({ imageReleaseVersion })) },
  { rules: ['hyperpod.tieredStoragePercent'], of: ofCluster('TieredStorageConfig.InstanceMemoryAllocationPercentage'), program: pod(instanceMemoryPercent => ({ tieredStorage: hyperpod.TieredStorage.enabled({ instanceMemoryPercent }) })) },
  {
    rules: ['hyperpod.labelKey'],
    of: [`sagemaker CreateCluster ${GROUPS}.KubernetesConfig.Labels{key}`],
    program: group(key => ({ labels: { [key]: 'a' } })),
    seeds: LABEL_SEEDS,
    stricter: { why: 'Kubernetes takes 63 characters behind the slash and 253 before it', takes: (key: string) => key.split('/').at(-1)!.length <= 63 && (key.split('/').at(-2) ?? '').length <= 253 },
  },
  {
    rules: ['hyperpod.labelKey'],
    of: ofCluster(`${GROUPS}.KubernetesConfig.Taints[].Key`),
    program: group(key => ({ taints: [{ key, effect: hyperpod.TaintEffect.NO_SCHEDULE }] })),
    seeds: LABEL_SEEDS,
    stricter: { why: 'Kubernetes takes 63 characters behind the slash and 253 before it', takes: (key: string) => key.split('/').at(-1)!.length <= 63 && (key.split('/').at(-2) ?? '').length <= 253 },
  },
  { rules: ['hyperpod.labelValue', 'hyperpod.labelValueEmpty'], of: [`sagemaker CreateCluster ${GROUPS}.KubernetesConfig.Labels{}`], program: group(a => ({ labels: { a } })), late: true },
  {
    rules: ['hyperpod.labelValue', 'hyperpod.labelValueEmpty'],
    of: ofCluster(`${GROUPS}.KubernetesConfig.Taints[].Value`),
    late: true,
    program: group(value => ({ taints: [{ key: 'a', value, effect: hyperpod.TaintEffect.NO_SCHEDULE }] })),
  },
  { rules: ['hyperpod.labelCount'], of: [`sagemaker CreateCluster ${GROUPS}.KubernetesConfig.Labels`], list: true, program: group((list: number[]) => ({ labels: Object.fromEntries(list.map(index => [`l-${index}`, 'a'])) })) },
  {
    rules: ['hyperpod.storageDnsName'],
    of: ofCluster(`${GROUPS}.InstanceStorageConfigs[].FsxLustreConfig.DnsName`).slice(0, 1),
    program: storage(dnsName => hyperpod.InstanceStorage.lustre({ dnsName, mountName: 'fsx' })),
    seeds: [DNS, 'fci-01234567.abcd'],
  },
  { rules: ['hyperpod.storageMountName'], of: ofCluster(`${GROUPS}.InstanceStorageConfigs[].FsxLustreConfig.MountName`).slice(0, 1), program: storage(mountName => hyperpod.InstanceStorage.lustre({ dnsName: DNS, mountName })) },
  { rules: ['hyperpod.storageMountPath'], of: ofCluster(`${GROUPS}.InstanceStorageConfigs[].FsxLustreConfig.MountPath`).slice(0, 1), program: storage(mountPath => hyperpod.InstanceStorage.lustre({ dnsName: DNS, mountName: 'fsx', mountPath })) },
  { rules: ['hyperpod.storageMountPath'], of: ofCluster(`${GROUPS}.InstanceStorageConfigs[].FsxOpenZfsConfig.MountPath`).slice(0, 1), program: storage(mountPath => hyperpod.InstanceStorage.openZfs({ dnsName: DNS, mountPath })) },
  {
    least: 0,
    rules: ['hyperpod.volumeSize'],
    of: ofCluster(`${GROUPS}.InstanceStorageConfigs[].EbsVolumeConfig.VolumeSizeInGB`).slice(0, 1),
    program: storage(size => hyperpod.InstanceStorage.ebsVolume({ size: Size.mebibytes(size * 1024) })),
  },
  {
    rules: ['hyperpod.lifecycleEntryPoint'],
    of: ofCluster(`${GROUPS}.LifeCycleConfig.OnCreate`),
    program: entryPoint => stack => {
      const bucket = s3.Bucket.fromBucketName(stack, 'Scripts', 'sagemaker-scripts');
      group(() => ({ lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket, prefix: 'base', entryPoint }) }))('')(stack);
    },
  },
  {
    rules: ['hyperpod.updateSchedule'],
    of: ofCluster(`${GROUPS}.ScheduledUpdateConfig.ScheduleExpression`),
    program: group(schedule => ({ scheduledUpdate: { schedule } })),
    seeds: ['cron(0 2 ? * SUN *)', 'cron(30 23 15 */3 ? *)', 'cron(5 01 31 12 7#5 2031)'],
    stricter: { why: 'the schema of CloudFormation has no anchors; whole values are meant', takes: (text: string) => text.startsWith('cron(') && text.indexOf(')') === text.length - 1 },
  },
  {
    least: 0,
    rules: ['hyperpod.rolloutWait'],
    of: ofCluster(`${GROUPS}.ScheduledUpdateConfig.DeploymentConfig.WaitIntervalInSeconds`),
    program: rollout(seconds => ({ waitBetweenBatches: Duration.seconds(seconds) })),
  },
  { rules: ['hyperpod.rolloutBatch'], of: ofCluster(`${GROUPS}.ScheduledUpdateConfig.DeploymentConfig.RollingUpdatePolicy.MaximumBatchSize.Value`), program: rollout(count => ({ maxBatch: hyperpod.BatchSize.instances(count) })) },
  { rules: ['hyperpod.partitionName'], of: ofCluster(`${GROUPS}.SlurmConfig.PartitionNames[]`), program: compute(partitionName => ({ partitionName })) },
  { rules: ['hyperpod.databaseEndpoint'], of: ['sagemaker CreateCluster Orchestrator.Slurm.AccountingDatabase.Endpoint'], program: database(endpoint => ({ endpoint })), seeds: ['db.internal', 'a-b.c'] },
  { rules: ['hyperpod.databaseName'], of: ['sagemaker CreateCluster Orchestrator.Slurm.AccountingDatabase.Name'], program: database(databaseName => ({ databaseName })) },
  { rules: ['hyperpod.databasePort'], of: ['sagemaker CreateCluster Orchestrator.Slurm.AccountingDatabase.Port'], program: database(port => ({ port })) },
  {
    rules: ['hyperpod.restrictedLustre'],
    of: ofCluster('RestrictedInstanceGroups[].EnvironmentConfig.FSxLustreConfig.SizeInGiB'),
    program: restricted(size => ({ lustre: { size: Size.gibibytes(size), perUnitStorageThroughput: 125 } })),
  },
  {
    rules: ['hyperpod.restrictedLustre'],
    of: ofCluster('RestrictedInstanceGroups[].EnvironmentConfig.FSxLustreConfig.PerUnitStorageThroughput'),
    program: restricted(perUnitStorageThroughput => ({ lustre: { size: Size.gibibytes(1200), perUnitStorageThroughput } })),
  },
  {
    rules: ['hyperpod.tagText'],
    of: ofCluster('Tags[].Key'),
    late: true,
    seeds: ['équipe 研究', 'a_b.c:/d=+-@'],
    program: key => stack => { Tags.of(onEks(stack)).add(key, 'x', { includeResourceTypes: ['AWS::SageMaker::Cluster'] }); },
    stricter: { why: 'keys with this beginning are of AWS', takes: (key: string) => !/^aws:/i.test(key) },
  },
  {
    rules: ['hyperpod.tagText'],
    of: ofCluster('Tags[].Value'),
    late: true,
    seeds: ['équipe 研究', 'a_b.c:/d=+-@'],
    program: value => stack => { Tags.of(onEks(stack)).add('a', value, { includeResourceTypes: ['AWS::SageMaker::Cluster'] }); },
  },
  { rules: ['hyperpod.quotaId'], of: ['sagemaker DescribeComputeQuota ComputeQuotaId'], program: id => stack => { new hyperpod.ComputeQuotaLookup(stack, 'L', { computeQuota: hyperpod.ComputeQuotaSelector.byId(id) }); } },

  { neverEmpty: 'aws-cdk-lib refuses an empty physical name itself', rules: ['pcs.clusterName'], of: ['pcs CreateCluster clusterName'], program: cluster(clusterName => ({ clusterName })), seeds: ['abc', 'pcs-1', 'pcsx'] },
  { rules: ['pcs.nodeGroupName'], of: ['pcs CreateComputeNodeGroup computeNodeGroupName'], program: nodeGroup(computeNodeGroupName => ({ computeNodeGroupName })), seeds: ['abc', 'pcs-1'] },
  { rules: ['pcs.queueName'], of: ['pcs CreateQueue queueName'], program: queueName => stack => { clusterIn(stack).addQueue('Queue', { queueName }); }, seeds: ['abc', 'pcs-1'] },
  { rules: ['pcs.imageId'], of: ofGroup('amiId'), program: nodeGroup(id => ({ image: pcs.NodeImage.fromAmiId(id) })) },
  { rules: ['pcs.clusterIdentifier'], of: ['pcs GetCluster clusterIdentifier'], program: clusterIdentifier => stack => { new pcs.ClusterLookup(stack, 'L', { clusterIdentifier }); } },
  {
    least: 0,
    rules: ['pcs.accountingRetention'],
    of: ofPcs('slurmConfiguration.accounting.defaultPurgeTimeInDays'),
    program: cluster(days => ({ accounting: pcs.Accounting.standard({ retention: Duration.days(days) }) })),
    stricter: { why: 'a retention has a length; none keeps records for ever', takes: days => days >= 1 },
  },
  { rules: ['pcs.scalingCount'], of: ofGroup('scalingConfiguration.maxInstanceCount'), program: nodeGroup(max => ({ scaling: pcs.Scaling.elastic(max) })) },
  { rules: ['pcs.lifecycleScriptName'], of: ofGroup('nodeLifecycleActions.stages.nodeReady[].name'), program: scripts(name => ({ name })) },
  { rules: ['pcs.lifecycleScriptArguments'], of: ofGroup('nodeLifecycleActions.stages.nodeReady[].arguments[]'), program: scripts(argument => ({ arguments: [argument] })), seeds: ['x', '𝄞'] },
  { rules: ['pcs.lifecycleScriptArguments'], of: ofGroup('nodeLifecycleActions.stages.nodeReady[].arguments'), list: true, program: scripts((list: number[]) => ({ arguments: list.map(String) })) },
  { rules: ['pcs.lifecycleScriptChecksum'], of: ofGroup('nodeLifecycleActions.stages.nodeReady[].scriptSource.checksum'), program: scripts(checksum => ({ source: pcs.ScriptSource.fromUrl('https://example.com/a.sh', { checksum }) })) },
  {
    rules: ['pcs.lifecycleScriptUrl'],
    of: ofGroup('nodeLifecycleActions.stages.nodeReady[].scriptSource.scriptLocation'),
    program: scripts(url => ({ source: pcs.ScriptSource.fromUrl(url) })),
    seeds: ['https://example.com/a.sh', 'https://a_b.example.com:8443?x=1#y', 'https://x.io'],
    stricter: { why: 'objects of Amazon S3 have a factory of their own', takes: (url: string) => url.startsWith('https://') },
  },
  { rules: ['pcs.coreCount'], of: ['AWS::EC2::LaunchTemplate LaunchTemplateData.CpuOptions.CoreCount'], program: nodeGroup(coreCount => ({ launch: pcs.NodeLaunch.managed({ coreCount }), instanceTypes: [new ec2.InstanceType('c99x.xlarge')] })), stricter: { why: 'a node without a core is none', takes: cores => cores >= 1 } },
  { rules: ['pcs.metadataHopLimit'], of: ['AWS::EC2::LaunchTemplate LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit'], program: nodeGroup(metadataHopLimit => ({ launch: pcs.NodeLaunch.managed({ metadataHopLimit }) })), stricter: { why: 'the documentation of EC2 says 1 to 64', takes: hops => hops >= 1 && hops <= 64 } },
  {
    rules: ['pcs.instanceProfileName'],
    of: ['AWS::IAM::InstanceProfile InstanceProfileName'],
    program: cluster(instanceProfileName => ({ nodeRole: pcs.NodeRole.managed({ instanceProfileName }) })),
    stricter: { why: 'an empty name is none', takes: (name: string) => name !== '' },
  },
  { rules: ['pcs.logFieldDelimiter'], of: ['AWS::Logs::Delivery FieldDelimiter'], seeds: ['|', '𝄞'], program: fieldDelimiter => stack => { clusterIn(stack).addLogDelivery('D', { logType: pcs.ClusterLogType.SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs(), fieldDelimiter }); } },
  { rules: ['pcs.logRecordFields'], of: ['AWS::Logs::Delivery RecordFields[]'], seeds: ['message', '𝄞'], program: field => stack => { clusterIn(stack).addLogDelivery('D', { logType: pcs.ClusterLogType.SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs(), recordFields: [field] }); } },

  { rules: ['trainingPlans.nameInvalid'], of: ['sagemaker CreateTrainingPlan TrainingPlanName'], program: name => stack => { plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', name); } },
  {
    rules: ['trainingPlans.offeringIdInvalid'],
    of: ['sagemaker CreateTrainingPlan TrainingPlanOfferingId'],
    program: trainingPlanOfferingId => stack => {
      const offering = plans.Offering.pinned({
        trainingPlanOfferingId, ...CRITERIA, instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 1,
      });
      new plans.OfferingSearch(stack, 'Search', { offering });
    },
  },
  { rules: ['trainingPlans.countInvalid'], of: ['sagemaker SearchTrainingPlanOfferings InstanceCount'], program: search(instanceCount => ({ instanceCount })), stricter: { why: 'an offering of no instance is none', takes: count => count >= 1 } },
  { rules: ['trainingPlans.ultraServerCountInvalid'], of: ['sagemaker SearchTrainingPlanOfferings UltraServerCount'], program: ultra(ultraServerCount => ({ ultraServerCount })) },
  {
    rules: ['trainingPlans.typeNameInvalid'],
    of: ['sagemaker SearchTrainingPlanOfferings UltraServerType'],
    program: ultra(type => ({ ultraServerType: plans.UltraServerType.of(type) })),
    seeds: ['ml.u-p6e-gb200x72'],
    stricter: { why: 'the dot behind `ml` is meant as one', takes: (type: string) => type.startsWith('ml.') },
  },
  { least: 0, rules: ['trainingPlans.durationInvalid'], of: ['sagemaker SearchTrainingPlanOfferings DurationHours'], program: search(hours => ({ durations: [Duration.minutes(hours * 60)] })) },
  { rules: ['trainingPlans.jobInstanceCount'], of: ['sagemaker CreateTrainingJob ResourceConfig.InstanceCount'], program: job(instanceCount => ({ instanceCount })), stricter: { why: 'a job runs on an instance', takes: count => count >= 1 } },
  { least: 0, rules: ['trainingPlans.jobVolumeSize'], of: ['sagemaker CreateTrainingJob ResourceConfig.VolumeSizeInGB'], program: job(size => ({ volumeSize: Size.mebibytes(size * 1024) })), ...GiB },
];
