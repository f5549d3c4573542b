import { CfnOutput, CfnParameter, Size, Stack, Token, aws_s3 as s3, type App } from 'aws-cdk-lib';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { judge, testRules } from './harness';
import { CLUSTER_CASES, SAID, named, ofCreated } from './hyperpod-clusters';
import { NEIGHBOUR_CASES } from './hyperpod-neighbours';
import { NODE_CASES, SAID_OF_NODES } from './hyperpod-nodes';
import type {
  ClusterInstanceGroupAttributes, ClusterNodesLookupProps, ClusterSchedulerConfigProps, ComputeQuotaProps, ICluster,
} from '../../src/hyperpod';
import {
  Cluster, ClusterLookup, ClusterNodesLookup, ClusterNodesOutput, ClusterSchedulerConfig, ComputeQuota, ComputeQuotaLookup,
  ComputeQuotaSelector, InstanceType, Instances, Orchestrator,
  PartitionLayout, PartitionProfile, QuotaProvisioning, QuotaResource, ResourceSharing, SlurmNode, Team,
} from '../../src/hyperpod';
import { RULES } from '../../src/hyperpod/private/rules';

const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const QUOTA_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:compute-quota/q1w2e3r4t5y6';
const OTHER_CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/z9y8x7w6v5u4';

const P5 = InstanceType.P5_48XLARGE;
const HALF = PartitionProfile.MIG_3G_40GB;
const HALVES = PartitionLayout.uniform(HALF);
const THIRDS = PartitionLayout.mixed([{ profile: PartitionProfile.MIG_2G_35GB, count: 3 }]);

const P5_GROUP: ClusterInstanceGroupAttributes[] = [{ instanceType: P5, instanceCount: 4 }];
const M5_GROUP: ClusterInstanceGroupAttributes[] = [{ instanceType: InstanceType.M5_LARGE, instanceCount: 1 }];
const LARGE_AND_SMALL = PartitionLayout.mixed([
  { profile: PartitionProfile.MIG_4G_40GB, count: 1 }, { profile: PartitionProfile.MIG_1G_10GB, count: 1 },
]);

const instances = (count: number, instanceType = P5) => QuotaResource.instances({ instanceType, count });
const accelerators = (count: number) => QuotaResource.accelerators({ instanceType: P5, count });
const partitions = (profile: PartitionProfile, instanceType = P5, count = 1) => QuotaResource.partitions({ instanceType, profile, count });
const halves = (count: number) => QuotaResource.partitions({ instanceType: P5, profile: HALF, count });
const thirds = (count: number) =>
  QuotaResource.partitions({ instanceType: InstanceType.P5EN_48XLARGE, profile: PartitionProfile.MIG_2G_35GB, count });
/** Values that are known at deployment. */
const lateNumber = (stack: Stack) => new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
const lateText = (stack: Stack) => new CfnParameter(stack, 'Text').valueAsString;
const distinct = (count: number) => Array.from({ length: count }, (_, index) => instances(1, InstanceType.of(`ml.c6i.${index}xlarge`)));
const classes = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `class-${index}`, weight: index }));

function clusterOf(stack: Stack, instanceGroups?: ClusterInstanceGroupAttributes[], clusterArn = CLUSTER_ARN): ICluster {
  return stack.node.tryFindChild('Cluster') as ICluster | undefined
    ?? Cluster.fromClusterAttributes(stack, 'Cluster', { clusterArn, instanceGroups });
}

function nodesOf(props: Partial<ClusterNodesLookupProps>, clusterArn?: string): (stack: Stack) => void {
  return stack => { new ClusterNodesLookup(stack, 'Nodes', { cluster: clusterOf(stack, undefined, clusterArn), ...props }); };
}

function toObject(objectKey: string): (stack: Stack) => void {
  return stack => {
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'lists');
    nodesOf({ output: ClusterNodesOutput.toObject({ bucket, objectKey }) })(stack);
  };
}

function addQuota(stack: Stack, id: string, props: Partial<ComputeQuotaProps>, clusterArn?: string): void {
  new ComputeQuota(stack, id, {
    cluster: props.cluster ?? clusterOf(stack, undefined, clusterArn),
    team: Team.of('research'),
    resources: [instances(1)],
    ...props,
  });
}

/** A program with one quota that is right but for what is given. */
function quota(props: Partial<ComputeQuotaProps>, clusterArn?: string): (stack: Stack) => void {
  return stack => addQuota(stack, 'Quota', props, clusterArn);
}

/** A program in which teams share a cluster with the given groups. */
function shared(groups: ClusterInstanceGroupAttributes[] | undefined, ...teams: QuotaResource[][]): (stack: Stack) => void {
  return stack => teams.forEach((resources, index) => addQuota(stack, `Quota${index}`, {
    cluster: clusterOf(stack, groups), team: Team.of(`team-${index}`), resources,
  }));
}

/** A stack in a Region where CloudFormation has no quotas, and a cluster there. */
const paris = (stack: Stack) => new Stack(stack, 'Paris', { env: { account: '111122223333', region: 'eu-west-3' } });
const podIn = (stack: Stack, region: string) => Cluster.fromClusterArn(stack, `PodIn${region}`, CLUSTER_ARN.replace('us-east-1', region));
const inParis = (stack: Stack) => podIn(stack, 'eu-west-3');

/** A program with a group whose GPUs are divided. */
function layout(partitionLayout: PartitionLayout, instanceType = P5): (stack: Stack) => void {
  return stack => clusterOf(stack, [{ instanceType, instanceCount: 1, partitions: partitionLayout }]);
}

/** A program with one scheduler configuration that is right but for what is given. */
function schedulerConfig(props: Partial<ClusterSchedulerConfigProps>, id = 'Policy'): (stack: Stack) => void {
  return stack => {
    new ClusterSchedulerConfig(stack, id, { cluster: props.cluster ?? clusterOf(stack), ...props });
  };
}

/** A program that reads a quota. */
function lookUp(selector: (stack: Stack) => ComputeQuotaSelector): (stack: Stack) => void {
  return stack => { new ComputeQuotaLookup(stack, 'Lookup', { computeQuota: selector(stack) }); };
}

/** A program that reads an entry of a quota, by literal names or by a text that is known at deployment. */
function readEntry(read: (lookup: ComputeQuotaLookup, text: string) => number): (stack: Stack) => void {
  return stack => {
    const lookup = new ComputeQuotaLookup(stack, 'Lookup', { computeQuota: ComputeQuotaSelector.byId('q1w2e3r4t5y6') });
    new CfnOutput(stack, 'Output', { value: Token.asString(read(lookup, new CfnParameter(stack, 'Text').valueAsString)) });
  };
}

/** https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_sagemaker.CfnComputeQuota.html */
const QUOTA_REGIONS = [
  'ap-northeast-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'eu-central-1', 'eu-north-1', 'eu-south-2', 'eu-west-1', 'eu-west-2',
  'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2',
];

testRules(RULES, {
  ...NEIGHBOUR_CASES,
  clusterArnFormat: {
    refused: {
      'the ARN of an EKS cluster': quota({}, 'arn:aws:eks:us-east-1:111122223333:cluster/pod'),
      'a name in place of the id': quota({}, 'arn:aws:sagemaker:us-east-1:111122223333:cluster/my-pod'),
      'an ARN behind another word': quota({}, `arn:${CLUSTER_ARN}`),
      'an id of 13 characters': quota({}, `${CLUSTER_ARN}7`),
      'nodes of an EKS cluster': nodesOf({}, 'arn:aws:eks:us-east-1:111122223333:cluster/pod'),
      'a quota of an EKS cluster, by its name': lookUp(stack => ComputeQuotaSelector.byName({
        cluster: clusterOf(stack, undefined, 'arn:aws:eks:us-east-1:111122223333:cluster/pod'), computeQuotaName: 'research',
      })),
    },
    accepted: {
      'another partition': quota({}, 'arn:aws-us-gov:sagemaker:us-gov-west-1:111122223333:cluster/a1b2c3d4e5f6'),
      'an ARN that is known at deployment': stack => quota({}, stack.formatArn({
        service: 'sagemaker', resource: 'cluster', resourceName: 'a1b2c3d4e5f6',
      }))(stack),
    },
  },
  entityName: {
    refused: {
      'an underscore': quota({ computeQuotaName: 'team_a' }),
      'a hyphen at the end': quota({ computeQuotaName: 'team-' }),
      'a hyphen in front': quota({ computeQuotaName: '-team' }),
      '64 characters': quota({ computeQuotaName: 'a'.repeat(64) }),
      'an empty name': quota({ computeQuotaName: '' }),
      'a cluster of the app with a blank': named(() => 'pod 1'),
      'a cluster of no name': stack => { new ClusterLookup(stack, 'Pod', { clusterName: '' }); },
      'an instance group with an underscore': stack => { new ClusterLookup(stack, 'Pod', { clusterName: 'pod' }).instanceGroup('a_b'); },
      'nodes of a group with a slash': nodesOf({ instanceGroupName: 'a/b' }),
      'a look-up by half a name': lookUp(stack => ComputeQuotaSelector.byName({ cluster: clusterOf(stack), computeQuotaName: 'research-' })),
    },
    accepted: {
      'one character': quota({ computeQuotaName: 'a' }),
      '63 characters': quota({ computeQuotaName: 'A'.repeat(63) }),
      'hyphens inside': quota({ computeQuotaName: 'a--B-9' }),
      'a cluster of the app': named(() => 'pod-1'),
      'a cluster of the app whose name is known at deployment': named(lateText),
      'a cluster and its group': stack => { new ClusterLookup(stack, 'Pod', { clusterName: 'pod-1' }).instanceGroup('workers-1'); },
      'a name that is known at deployment': stack => {
        new ClusterLookup(stack, 'Pod', { clusterName: new CfnParameter(stack, 'Name').valueAsString });
      },
    },
  },
  descriptionText: {
    refused: {
      '1025 characters': quota({ description: 'x'.repeat(1025) }),
      'a line break': quota({ description: 'one\ntwo' }),
    },
    accepted: {
      '1024 characters': quota({ description: 'x'.repeat(1024) }),
      'letters of any script': quota({ description: 'Für die Größten, 研究 – 100 %' }),
    },
  },
  teamName: {
    refused: {
      'capitals': quota({ team: Team.of('Research') }),
      '41 characters': quota({ team: Team.of('a'.repeat(41)) }),
      'a hyphen in front': quota({ team: Team.of('-a') }),
      'a hyphen at the end': quota({ team: Team.of('a-') }),
      'an underscore': quota({ team: Team.of('a_b') }),
    },
    accepted: {
      '40 characters': quota({ team: Team.of('a'.repeat(40)) }),
      'one digit': quota({ team: Team.of('1') }),
      'a hyphen inside': quota({ team: Team.of('a-b') }),
      'a name that is known at deployment': stack => quota({ team: Team.of(lateText(stack)) })(stack),
    },
  },
  fairShareWeight: {
    refused: {
      'minus one': quota({ fairShareWeight: -1 }),
      '101': quota({ fairShareWeight: 101 }),
      'a half': quota({ fairShareWeight: 0.5 }),
    },
    accepted: {
      '0': quota({ fairShareWeight: 0 }),
      '100': quota({ fairShareWeight: 100 }),
      'a weight that is known at deployment': stack => quota({ fairShareWeight: lateNumber(stack) })(stack),
    },
  },
  quotaResourceCount: {
    refused: {
      '16 entries': quota({ resources: distinct(16) }),
      '16 borrow limits': quota({ sharing: ResourceSharing.lendAndBorrow({ absoluteBorrowLimits: distinct(16) }) }),
    },
    accepted: {
      '15 entries': quota({ resources: distinct(15) }),
      'none': quota({ resources: [] }),
    },
  },
  quotaAmount: {
    refused: {
      'minus one instance': quota({ resources: [instances(-1)] }),
      'half an instance': quota({ resources: [instances(0.5)] }),
      'more vCPUs than the API takes': quota({
        resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 10_000_001 })],
      }),
      'fewer vCPUs than none': quota({ resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: -1 })] }),
      'more memory than the API takes': quota({
        resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, memory: Size.gibibytes(10_000_001) })],
      }),
    },
    accepted: {
      'no instance': quota({ resources: [instances(0)] }),
      'as many as the API takes': quota({ resources: [instances(10_000_000)] }),
      'a number that is known at deployment': stack => quota({ resources: [instances(lateNumber(stack))] })(stack),
      'half a vCPU and half a GiB': quota({
        resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 0.5, memory: Size.mebibytes(512) })],
      }),
    },
  },
  quotaAmountZero: {
    refused: {
      'no instance': quota({ resources: [instances(1), instances(0, InstanceType.M5_LARGE)] }),
      'no partition': quota({ resources: [halves(0)] }),
      'neither vCPUs nor memory': quota({ resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 0, memory: Size.gibibytes(0) })] }),
    },
    told: { 'no instance': ['resources[1]', '"ml.m5.large"'] },
    accepted: {
      'one instance': quota({ resources: [instances(1)] }),
      'memory alone': quota({ resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 0, memory: Size.gibibytes(1) })] }),
      'nothing to borrow': quota({ sharing: ResourceSharing.lendAndBorrow({ absoluteBorrowLimits: [instances(0)] }) }),
      'a number that is known at deployment': stack => quota({ resources: [instances(lateNumber(stack))] })(stack),
    },
  },
  quotaComputeEmpty: {
    refused: { neither: quota({ resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE })] }) },
    accepted: {
      'only vCPUs': quota({ resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 1 })] }),
      'only memory': quota({ resources: [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, memory: Size.gibibytes(4) })] }),
    },
  },
  profileNotOnInstanceType: {
    refused: {
      'a profile of H200 on H100': quota({ resources: [partitions(PartitionProfile.MIG_3G_71GB)] }),
      'in a borrow limit': quota({
        sharing: ResourceSharing.lendAndBorrow({ absoluteBorrowLimits: [partitions(PartitionProfile.MIG_1G_5GB)] }),
      }),
    },
    accepted: {
      'a profile that the type has': quota({ resources: [partitions(PartitionProfile.MIG_3G_40GB)] }),
      'a profile that AWS may have added': quota({ resources: [partitions(PartitionProfile.of('mig-9g.99gb'))] }),
      'a type that is not in the catalogue': quota({ resources: [partitions(PartitionProfile.MIG_3G_71GB, InstanceType.of('ml.p9.48xlarge'))] }),
    },
  },
  borrowLimitWithoutBorrowing: {
    refused: {
      'a percentage with Lend': quota({ sharing: ResourceSharing.of({ strategy: 'Lend', maxBorrowPercent: 50 }) }),
      'a percentage with DontLend': quota({ sharing: ResourceSharing.of({ strategy: 'DontLend', maxBorrowPercent: 50 }) }),
      'absolute limits with Lend': quota({ sharing: ResourceSharing.of({ strategy: 'Lend', absoluteBorrowLimits: [instances(1)] }) }),
      'absolute limits with DontLend': quota({ sharing: ResourceSharing.of({ strategy: 'DontLend', absoluteBorrowLimits: [instances(1)] }) }),
    },
    accepted: {
      'a percentage with LendAndBorrow': quota({ sharing: ResourceSharing.of({ strategy: 'LendAndBorrow', maxBorrowPercent: 50 }) }),
      'a strategy that AWS may have added': quota({ sharing: ResourceSharing.of({ strategy: 'BorrowOnly', maxBorrowPercent: 50 }) }),
      'lending without a limit': quota({ sharing: ResourceSharing.lend() }),
    },
  },
  borrowPercent: {
    refused: {
      '10001': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 10_001 }) }),
      'a fraction': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 12.5 }) }),
      'less than none': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: -1 }) }),
    },
    accepted: {
      '0': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 0 }) }),
      '10000': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 10_000 }) }),
      'what is known at deployment': stack => quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: lateNumber(stack) }) })(stack),
    },
  },
  borrowPercentUndocumented: {
    refused: {
      501: quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 501 }) }),
      0: quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 0 }) }),
    },
    accepted: {
      '1': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 1 }) }),
      '500': quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 500 }) }),
      'what is known at deployment': stack => quota({ sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: lateNumber(stack) }) })(stack),
    },
  },
  partitionsUnknown: {
    refused: {
      'a GPU without MIG': quota({ resources: [partitions(PartitionProfile.MIG_1G_10GB, InstanceType.G5_48XLARGE)] }),
      'a layout of a GPU without MIG': layout(HALVES, InstanceType.G5_48XLARGE),
    },
    accepted: {
      'a type by name': quota({ resources: [partitions(PartitionProfile.MIG_1G_10GB, InstanceType.of('ml.g9.48xlarge'))] }),
      'a layout of a GPU with MIG': layout(HALVES),
      'a layout of a type by name': layout(HALVES, InstanceType.of('ml.g9.48xlarge')),
      'instances of a GPU without MIG': quota({ resources: [instances(1, InstanceType.G5_48XLARGE)] }),
    },
  },
  quotaProfileNotInApi: {
    refused: {
      'a profile of B300': quota({ resources: [partitions(PartitionProfile.MIG_1G_34GB, InstanceType.P6_B300_48XLARGE)] }),
      'a name that is not known': quota({ resources: [partitions(PartitionProfile.of('mig-3g.41gb'))] }),
    },
    accepted: {
      'a known profile by name': quota({ resources: [partitions(PartitionProfile.of('mig-3g.40gb'))] }),
    },
  },
  quotaAcceleratorsMissing: {
    refused: { 'a CPU type': quota({ resources: [QuotaResource.accelerators({ instanceType: InstanceType.C5_LARGE, count: 1 })] }) },
    accepted: {
      'instances of a CPU type': quota({ resources: [instances(1, InstanceType.C5_LARGE)] }),
      'Trainium': quota({ resources: [QuotaResource.accelerators({ instanceType: InstanceType.TRN1_32XLARGE, count: 4 })] }),
    },
  },
  quotaResourceTwice: {
    refused: {
      'one type counted twice': quota({ resources: [instances(1), instances(2)] }),
      'in borrow limits': quota({ sharing: ResourceSharing.lendAndBorrow({ absoluteBorrowLimits: [instances(1), instances(2)] }) }),
    },
    accepted: {
      'instances and accelerators of one type': quota({ resources: [instances(1), accelerators(1)] }),
      'two types': quota({ resources: [instances(1), instances(1, InstanceType.P5EN_48XLARGE)] }),
      'two profiles of one type': quota({ resources: [partitions(PartitionProfile.MIG_3G_40GB), partitions(PartitionProfile.MIG_1G_10GB)] }),
    },
  },
  quotaRegion: {
    concrete: true,
    refused: {
      'a Region without the type': stack => {
        quota({ cluster: inParis(stack) })(paris(stack));
      },
    },
    accepted: {
      'the Regions with the type': stack => {
        for (const region of QUOTA_REGIONS) {
          quota({ cluster: podIn(stack, region) })(new Stack(stack, region, { env: { account: '111122223333', region } }));
        }
      },
      'a Region without the type, where the API makes the quota': stack => {
        quota({ cluster: inParis(stack), provisioning: QuotaProvisioning.API })(paris(stack));
      },
    },
  },
  quotaNameTwice: {
    refused: {
      'two quotas of one name on one cluster': stack => {
        quota({ computeQuotaName: 'gpu' })(stack);
        addQuota(stack, 'Other', { computeQuotaName: 'gpu', team: Team.of('ops') });
      },
      'the second of one name, after a first that is gone': stack => {
        quota({ computeQuotaName: 'gpu' })(stack);
        stack.node.tryRemoveChild('Quota');
        for (const id of ['B', 'C']) { addQuota(stack, id, { computeQuotaName: 'gpu', team: Team.of(id.toLowerCase()) }); }
      },
    },
    accepted: {
      'one name on two clusters': stack => {
        quota({ computeQuotaName: 'gpu' })(stack);
        addQuota(stack, 'Other', { computeQuotaName: 'gpu', cluster: Cluster.fromClusterArn(stack, 'Pod2', OTHER_CLUSTER_ARN) });
      },
      'a name that was taken by a construct that is gone': stack => {
        quota({ computeQuotaName: 'gpu' })(stack);
        stack.node.tryRemoveChild('Quota');
        addQuota(stack, 'Other', { computeQuotaName: 'gpu' });
      },
      'names that are known at deployment': stack => {
        const name = new CfnParameter(stack, 'Name').valueAsString;
        quota({ computeQuotaName: name })(stack);
        addQuota(stack, 'Other', { computeQuotaName: name, team: Team.of('ops') });
      },
    },
  },
  quotaTeamTwice: {
    refused: {
      'two quotas of one team on one cluster': stack => {
        quota({})(stack);
        addQuota(stack, 'Other', {});
      },
      'across stacks': stack => {
        const cluster = new sagemaker.CfnCluster(stack, 'Pod', { instanceGroups: [] });
        quota({ cluster })(stack);
        addQuota(new Stack(stack.node.root as App, 'Stack2'), 'Other', { cluster });
      },
      'a team whose first quota is there, and whose second was removed': stack => {
        ['A', 'B'].forEach(id => addQuota(stack, id, {}));
        stack.node.tryRemoveChild('B');
        addQuota(stack, 'C', {});
      },
      'by Ref and by Fn::GetAtt': stack => {
        const cluster = new sagemaker.CfnCluster(stack, 'Pod', { instanceGroups: [] });
        quota({ cluster })(stack);
        addQuota(stack, 'Other', { cluster: Cluster.fromClusterArn(stack, 'Imported', cluster.attrClusterArn) });
      },
    },
    accepted: {
      'one team on two clusters': stack => {
        quota({})(stack);
        addQuota(stack, 'Other', { cluster: Cluster.fromClusterArn(stack, 'Pod2', OTHER_CLUSTER_ARN) });
      },
      'one team on two clusters of the app': stack => {
        for (const id of ['A', 'B']) { addQuota(stack, id, { cluster: new sagemaker.CfnCluster(stack, `Pod${id}`, { instanceGroups: [] }) }); }
      },
      'one team on two clusters of one place that is known at deployment': stack => {
        const place = lateText(stack);
        for (const id of ['a1b2c3d4e5f6', 'z9y8x7w6v5u4']) { addQuota(stack, id, { cluster: Cluster.fromClusterArn(stack, `Pod${id}`, `${place}/${id}`) }); }
      },
      'two teams': stack => {
        quota({})(stack);
        addQuota(stack, 'Other', { team: Team.of('ops') });
      },
    },
  },
  quotaNotCarried: {
    refused: {
      'instances of a type that the cluster lacks': shared(P5_GROUP, [instances(1, InstanceType.P5EN_48XLARGE)]),
      'partitions of a type that the cluster lacks': shared(P5_GROUP, [thirds(1)]),
      'accelerators of a type that the cluster lacks': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 1 }], [accelerators(1)]),
      'memory of a type that the cluster lacks': shared(P5_GROUP,
        [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, memory: Size.gibibytes(1) })]),
      'no groups at all': shared([], [instances(1)]),
      'whole accelerators of divided nodes': shared([{ instanceType: P5, instanceCount: 1, partitions: HALVES }], [accelerators(1)]),
      'partitions of nodes that are not divided': shared(P5_GROUP, [halves(1)]),
      'a profile that the layout lacks': shared([{ instanceType: P5, instanceCount: 1, partitions: HALVES }],
        [partitions(PartitionProfile.MIG_1G_10GB)]),
      'a profile that the layout of a group of the app lacks': ofCreated(pod => pod.addInstanceGroup('workers', {
        instances: Instances.ofType({ instanceType: P5, count: 1 }), partitions: HALVES,
      }), [partitions(PartitionProfile.MIG_1G_10GB)]),
      'partitions of a group of the app that is left whole by name': ofCreated(pod => pod.addInstanceGroup('workers', {
        instances: Instances.ofType({ instanceType: P5, count: 1 }), partitions: PartitionLayout.disabled(),
      }), [halves(1)]),
    },
    accepted: {
      'a type that the cluster has': shared(P5_GROUP, [instances(1)]),
      'nothing of a type that the cluster lacks': shared(P5_GROUP, [instances(0, InstanceType.P5EN_48XLARGE), thirds(0)]),
      'a profile of a layout by its name, which may have it': shared(
        [{ instanceType: P5, instanceCount: 1, partitions: PartitionLayout.of('ours') }], [halves(1)]),
      'any type where the groups are not described': shared(undefined, [instances(1, InstanceType.P5EN_48XLARGE)]),
      'what a restricted group has': ofCreated(pod => pod.addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 1 }), [instances(1)]),
      'partitions of nodes that are divided by their label': ofCreated(pod => pod.addInstanceGroup('workers', {
        instances: Instances.ofType({ instanceType: P5, count: 1 }), labels: { 'nvidia.com/mig.config': 'all-3g.40gb' },
      }), [halves(1)]),
    },
  },
  quotaNotDivided: {
    refused: {
      'partitions of a group that is divided outside the app': ofCreated(pod => pod.addInstanceGroup('workers', {
        instances: Instances.ofType({ instanceType: P5, count: 1 }),
      }), [halves(1)]),
      'the same where another group is divided otherwise': ofCreated(pod => {
        pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: P5, count: 1 }) });
        pod.addInstanceGroup('divided', { instances: Instances.ofType({ instanceType: P5, count: 1 }), partitions: HALVES });
      }, [partitions(PartitionProfile.MIG_1G_10GB)]),
    },
    accepted: {
      'partitions of a group that is divided': ofCreated(pod => pod.addInstanceGroup('workers', {
        instances: Instances.ofType({ instanceType: P5, count: 1 }), partitions: HALVES,
      }), [halves(1)]),
      'no partitions': ofCreated(pod => pod.addInstanceGroup('workers', {
        instances: Instances.ofType({ instanceType: P5, count: 1 }),
      }), [halves(0), accelerators(8)]),
    },
  },
  quotaId: {
    refused: {
      'a name': lookUp(() => ComputeQuotaSelector.byId('research')),
      'capitals': lookUp(() => ComputeQuotaSelector.byId('Q1W2E3R4T5Y6')),
      '11 characters': lookUp(() => ComputeQuotaSelector.byId('q1w2e3r4t5y')),
      '13 characters': lookUp(() => ComputeQuotaSelector.byId('q1w2e3r4t5y6u')),
    },
    accepted: {
      'an id': lookUp(() => ComputeQuotaSelector.byId('q1w2e3r4t5y6')),
      'an id that is known at deployment': lookUp(stack => ComputeQuotaSelector.byId(new CfnParameter(stack, 'Id').valueAsString)),
    },
  },
  quotaArn: {
    refused: {
      'the ARN of a cluster': lookUp(() => ComputeQuotaSelector.byArn(CLUSTER_ARN)),
      'an id': lookUp(() => ComputeQuotaSelector.byArn('q1w2e3r4t5y6')),
      'something before an ARN': lookUp(() => ComputeQuotaSelector.byArn(`x${QUOTA_ARN}`)),
      'an ARN whose id has 13 characters': lookUp(() => ComputeQuotaSelector.byArn(`${QUOTA_ARN}u`)),
    },
    accepted: {
      'the ARN of a quota': lookUp(() => ComputeQuotaSelector.byArn(QUOTA_ARN)),
      'another partition': lookUp(() => ComputeQuotaSelector.byArn(QUOTA_ARN.replace('aws', 'aws-us-gov').replace('us-east-1', 'us-gov-west-1'))),
      'an ARN that is known at deployment': lookUp(stack => ComputeQuotaSelector.byArn(new CfnParameter(stack, 'Arn').valueAsString)),
    },
  },
  quotaElsewhere: {
    concrete: true,
    refused: {
      'another Region': lookUp(() => ComputeQuotaSelector.byArn(QUOTA_ARN.replace('us-east-1', 'eu-west-1'))),
      'another account': lookUp(() => ComputeQuotaSelector.byArn(QUOTA_ARN.replace('111122223333', '444455556666'))),
      'nodes of a cluster in another Region': nodesOf({}, CLUSTER_ARN.replace('us-east-1', 'eu-west-1')),
      'a quota of a cluster in another Region': stack => {
        quota({ cluster: Cluster.fromClusterArn(stack, 'There', CLUSTER_ARN.replace('us-east-1', 'eu-west-1')) })(stack);
      },
      'a scheduler configuration of a cluster in another account': stack => {
        const cluster = Cluster.fromClusterArn(stack, 'There', CLUSTER_ARN.replace('111122223333', '444455556666'));
        new ClusterSchedulerConfig(stack, 'Policy', { cluster });
      },
      'nodes of a cluster in another account': nodesOf({}, CLUSTER_ARN.replace('111122223333', '444455556666')),
    },
    accepted: {
      'the account and Region of the stack': lookUp(() => ComputeQuotaSelector.byArn(QUOTA_ARN)),
      'nodes of a cluster there': nodesOf({}),
      'nodes of a cluster that is known at deployment': stack => nodesOf({ cluster: Cluster.fromClusterArn(stack, 'Pod', lateText(stack)) })(stack),
      'a quota of a cluster there': quota({}),
      'a stack whose place is known at deployment': stack => {
        const elsewhere = new Stack(stack.node.scope as App, 'Agnostic');
        lookUp(() => ComputeQuotaSelector.byArn(QUOTA_ARN.replace('us-east-1', 'eu-west-1')))(elsewhere);
      },
    },
  },
  lookupEntryUnknown: {
    refused: {
      'an instance type that is known at deployment': readEntry((lookup, text) => lookup.accelerators(InstanceType.of(text)).count),
      'a profile that is known at deployment': readEntry((lookup, text) =>
        lookup.partitions({ instanceType: P5, profile: PartitionProfile.of(text) }).count),
      'an instance group that is known at deployment': stack => {
        new ClusterLookup(stack, 'Pod', { clusterName: 'pod' }).instanceGroup(new CfnParameter(stack, 'Group').valueAsString);
      },
    },
    accepted: {
      'constants': readEntry(lookup => lookup.partitions({ instanceType: P5, profile: HALF }).count),
      'a name that is no constant': readEntry(lookup => lookup.instances(InstanceType.of('ml.p9.48xlarge')).count),
    },
  },
  nodesTime: {
    refused: {
      'a time without a zone': nodesOf({ createdAfter: '2026-11-22T08:00:00' }),
      'a time in words': nodesOf({ createdBefore: 'yesterday' }),
      'a day that is none': nodesOf({ createdAfter: '2026-13-01' }),
      'a year of six digits': nodesOf({ createdAfter: '+012026-11-22' }),
      'a day and a time of no zone': nodesOf({ createdAfter: '2026-11-22 08:00' }),
      'more than milliseconds': nodesOf({ createdAfter: '2026-11-22T08:00:00.1234Z' }),
    },
    accepted: {
      'a day': nodesOf({ createdAfter: '2026-11-22' }),
      'a time without seconds': nodesOf({ createdAfter: '2026-11-22T08:00Z' }),
      'a time with seconds': nodesOf({ createdAfter: '2026-11-22T08:00:00Z' }),
      'a time with tenths of seconds': nodesOf({ createdAfter: '2026-11-22T08:00:00.5Z' }),
      'a time in another zone, with milliseconds': nodesOf({ createdBefore: '2026-11-22T08:00:00.123+05:30' }),
      'a time that is known at deployment': stack => nodesOf({ createdAfter: new CfnParameter(stack, 'Time').valueAsString })(stack),
    },
  },
  nodesTimesInOrder: {
    refused: {
      'after before before': nodesOf({ createdAfter: '2026-11-23', createdBefore: '2026-11-22' }),
      'one moment in two zones': nodesOf({ createdAfter: '2026-11-22T09:00:00+01:00', createdBefore: '2026-11-22T08:00:00Z' }),
    },
    accepted: {
      'one of them': nodesOf({ createdAfter: '2026-11-23' }),
      'a millisecond later': nodesOf({ createdAfter: '2026-11-22', createdBefore: '2026-11-22T00:00:00.001Z' }),
    },
  },
  nodesObjectKey: {
    refused: {
      'a wildcard': toObject('pod/*'),
      'a placeholder': toObject('pod-?.json'),
      'a variable of policies': toObject('${aws:username}.json'),
      'nothing': toObject(''),
      '1025 bytes': toObject('é'.repeat(513)),
    },
    accepted: { '1024 bytes': toObject('é'.repeat(512)), 'folders and blanks': toObject('pod a/nodes+1.json') },
  },
  quotasAboveCapacity: {
    refused: {
      'more instances than there are': shared([{ instanceType: P5, instanceCount: 4 }], [instances(3)], [instances(2)]),
      'more accelerators than there are': shared([{ instanceType: P5, instanceCount: 1 }], [accelerators(5)], [accelerators(4)]),
      'instances and accelerators that fit only one by one': shared([{ instanceType: P5, instanceCount: 2 }], [instances(1)], [accelerators(9)]),
      'whole instances, of which one is divided': shared(
        [{ instanceType: P5, instanceCount: 7 }, { instanceType: P5, instanceCount: 1, partitions: HALVES }], [instances(8)]),
      'more partitions than there are': shared([{ instanceType: P5, instanceCount: 1, partitions: HALVES }], [halves(17)]),
      'instances and partitions that fit only one by one': shared(
        [{ instanceType: P5, instanceCount: 1, partitions: HALVES }], [halves(8)], [instances(1)]),
      'a profile that needs all nodes, one that needs fewer, and an instance': shared(
        [{ instanceType: P5, instanceCount: 2, partitions: LARGE_AND_SMALL }],
        [partitions(PartitionProfile.MIG_4G_40GB, P5, 16), partitions(PartitionProfile.MIG_1G_10GB, P5, 8)], [instances(1)]),
      'more vCPUs than there are': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 1 }],
        [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 2.5 })]),
      'more memory than there is': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 1 }],
        [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, memory: Size.gibibytes(9) })]),
      'more vCPUs than are left beside an instance': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 2 }],
        [instances(1, InstanceType.M5_LARGE)], [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus: 2.5 })]),
      'more memory than is left beside an instance': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 2 }],
        [instances(1, InstanceType.M5_LARGE)], [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, memory: Size.gibibytes(9) })]),
      'more vCPUs than there are, beside what is known at deployment': stack => shared(M5_GROUP,
        ...[2.5, lateNumber(stack)].map(vcpus => [QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus })]))(stack),
      'more memory than there is, beside what is known at deployment': stack => shared(M5_GROUP,
        ...[9, lateNumber(stack)].map(gib => [
          QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, memory: Size.gibibytes(gib) }),
        ]))(stack),
      'more instances of a CPU type than there are': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 1 }],
        [instances(2, InstanceType.M5_LARGE)]),
      'more instances of a type by name than there are': shared([{ instanceType: InstanceType.of('ml.p9.48xlarge'), instanceCount: 1 }],
        [instances(2, InstanceType.of('ml.p9.48xlarge'))]),
      'instances of a group that is empty': shared([{ instanceType: P5, instanceCount: 0 }], [instances(1)]),
    },
    accepted: {
      'just as much as there is': shared(
        [{ instanceType: P5, instanceCount: 2 }, { instanceType: P5, instanceCount: 1, partitions: HALVES }],
        [instances(1)], [accelerators(8)], [halves(16)]),
      'whole instances beside one that is divided': shared(
        [{ instanceType: P5, instanceCount: 7 }, { instanceType: P5, instanceCount: 1, partitions: HALVES }], [instances(7)]),
      'thirds that add up to one': shared(
        [{ instanceType: InstanceType.P5EN_48XLARGE, instanceCount: 1, partitions: THIRDS }], [thirds(8)], [thirds(8)], [thirds(8)]),
      'a quota that was removed': stack => {
        const cluster = clusterOf(stack, [{ instanceType: P5, instanceCount: 4 }]);
        for (const id of ['A', 'B', 'C']) { addQuota(stack, id, { cluster, resources: [instances(3)], team: Team.of(id.toLowerCase()) }); }
        stack.node.tryRemoveChild('A');
        stack.node.tryRemoveChild('C');
      },
      'a quota that is not in force': stack => {
        const cluster = clusterOf(stack, [{ instanceType: P5, instanceCount: 4 }]);
        addQuota(stack, 'A', { cluster, resources: [instances(4)] });
        addQuota(stack, 'B', { cluster, resources: [instances(4)], enabled: false, team: Team.of('ops') });
      },
      'what may be borrowed': stack => addQuota(stack, 'A', {
        cluster: clusterOf(stack, [{ instanceType: P5, instanceCount: 4 }]),
        resources: [instances(1)],
        sharing: ResourceSharing.lendAndBorrow({ absoluteBorrowLimits: [instances(9)] }),
      }),
      'a cluster whose groups are not known': quota({ resources: [instances(1000)] }),
      'a number of instances that is known at deployment': stack => {
        const instanceCount = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
        shared([{ instanceType: P5, instanceCount }], [instances(1000)])(stack);
      },
      'a quota that is known at deployment': stack => {
        const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
        shared([{ instanceType: P5, instanceCount: 1 }], [instances(count)])(stack);
      },
      'partitions of a layout by name': shared(
        [{ instanceType: P5, instanceCount: 1, partitions: PartitionLayout.of('ours') }], [halves(99), accelerators(99)]),
      'accelerators of which a layout by name may leave enough': shared(
        [{ instanceType: P5, instanceCount: 1, partitions: PartitionLayout.of('ours') }, { instanceType: P5, instanceCount: 1, partitions: HALVES }],
        [accelerators(8)]),
      'whatever a type by name may have': shared([{ instanceType: InstanceType.of('ml.p9.48xlarge'), instanceCount: 1 }], [
        instances(1, InstanceType.of('ml.p9.48xlarge')),
        QuotaResource.accelerators({ instanceType: InstanceType.of('ml.p9.48xlarge'), count: 99 }),
        QuotaResource.compute({ instanceType: InstanceType.of('ml.p9.48xlarge'), vcpus: 999 }),
      ]),
      'fractions whose sum is off in the last digit': shared([{ instanceType: InstanceType.M5_LARGE, instanceCount: 1 }],
        [0.66, 1.12, 0.22].map(vcpus => QuotaResource.compute({ instanceType: InstanceType.M5_LARGE, vcpus }))),
      'one profile of two layouts': shared([
        {
          instanceType: P5,
          instanceCount: 1,
          partitions: PartitionLayout.mixed([
            { profile: PartitionProfile.MIG_3G_40GB, count: 1 }, { profile: PartitionProfile.MIG_4G_40GB, count: 1 },
          ]),
        },
        { instanceType: P5, instanceCount: 1, partitions: HALVES },
      ], [halves(24)]),
    },
  },
  fairShareWeightUnused: {
    refused: {
      'a quota after the scheduler configuration': stack => {
        schedulerConfig({ fairShare: false })(stack);
        quota({ fairShareWeight: 10 })(stack);
      },
      'a quota before it': stack => {
        quota({ fairShareWeight: 10 })(stack);
        schedulerConfig({ fairShare: false })(stack);
      },
    },
    accepted: {
      'fair share by default': stack => {
        quota({ fairShareWeight: 10 })(stack);
        schedulerConfig({})(stack);
      },
      'a quota after fair share by default': stack => {
        schedulerConfig({})(stack);
        quota({ fairShareWeight: 10 })(stack);
      },
      'a scheduler configuration that was removed': stack => {
        schedulerConfig({ fairShare: false })(stack);
        stack.node.tryRemoveChild('Policy');
        quota({ fairShareWeight: 10 })(stack);
      },
      'no weight': stack => {
        quota({ fairShareWeight: 0 })(stack);
        schedulerConfig({ fairShare: false })(stack);
      },
    },
  },
  instanceGroupCount: {
    refused: {
      'half an instance': stack => clusterOf(stack, [{ instanceType: P5, instanceCount: 0.5 }]),
      'more than the service has': stack => clusterOf(stack, [{ instanceType: P5, instanceCount: 6759 }]),
      'fewer than none in a group of the app': ofCreated(pod => pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: P5, count: -1 }) }), []),
      'half an instance of it': ofCreated(pod => pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: P5, count: 0.5 }) }), []),
      'more of it than the service has': ofCreated(pod => pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: P5, count: 6759 }) }), []),
      'half an instance at least': ofCreated(pod => pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: P5, count: 1, minCount: 0.5 }) }), []),
      'half a restricted instance': ofCreated(pod => pod.addRestrictedInstanceGroup('nova', { instanceType: P5, instanceCount: 0.5 }), []),
    },
    accepted: {
      'none': stack => clusterOf(stack, [{ instanceType: P5, instanceCount: 0 }]),
      '6758': stack => clusterOf(stack, [{ instanceType: P5, instanceCount: 6758 }]),
      '6758 of a group of the app': ofCreated(pod => pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: InstanceType.M5_LARGE, count: 6758 }) }), []),
    },
  },
  layoutPartitions: {
    refused: {
      'no profile': layout(PartitionLayout.mixed([])),
      'one profile twice': layout(PartitionLayout.mixed([{ profile: HALF, count: 1 }, { profile: HALF, count: 1 }])),
      'a count of 0': layout(PartitionLayout.mixed([{ profile: HALF, count: 0 }])),
      'a count of 0 beside another': layout(PartitionLayout.mixed([{ profile: HALF, count: 1 }, { profile: PartitionProfile.MIG_1G_10GB, count: 0 }])),
    },
    accepted: {
      'whole GPUs': layout(PartitionLayout.disabled()),
      'a single profile': layout(PartitionLayout.mixed([{ profile: HALF, count: 1 }])),
    },
  },
  layoutAboveGpu: {
    refused: {
      'too many compute slices': layout(PartitionLayout.mixed([{ profile: PartitionProfile.MIG_1G_10GB, count: 8 }])),
      'too many compute slices of larger partitions': layout(PartitionLayout.mixed([{ profile: PartitionProfile.MIG_2G_20GB, count: 4 }])),
      'too many memory slices': layout(PartitionLayout.mixed([
        { profile: HALF, count: 2 }, { profile: PartitionProfile.MIG_1G_10GB, count: 1 },
      ])),
      'a layout of the chart that was made for a larger GPU': layout(
        PartitionLayout.uniform(PartitionProfile.MIG_1G_10GB), InstanceType.P4D_24XLARGE),
    },
    accepted: {
      'the same on the larger GPU': layout(PartitionLayout.uniform(PartitionProfile.MIG_1G_10GB)),
      'all compute slices': layout(PartitionLayout.mixed([
        { profile: HALF, count: 1 },
        { profile: PartitionProfile.MIG_2G_20GB, count: 1 },
        { profile: PartitionProfile.MIG_1G_10GB, count: 2 },
      ])),
      'a type by name': layout(PartitionLayout.mixed([{ profile: HALF, count: 9 }]), InstanceType.of('ml.p9.48xlarge')),
    },
  },
  layoutNotInChart: {
    refused: {
      'a profile of B200': layout(PartitionLayout.uniform(PartitionProfile.MIG_1G_23GB), InstanceType.P6_B200_48XLARGE),
      'a mix of our own': layout(PartitionLayout.mixed([{ profile: HALF, count: 1 }])),
    },
    accepted: {
      'a uniform layout': layout(HALVES),
      'a mixed layout, in whichever order': layout(PartitionLayout.mixed([
        { profile: PartitionProfile.MIG_4G_40GB, count: 1 }, { profile: PartitionProfile.MIG_1G_10GB, count: 3 },
      ])),
      'a layout by name': layout(PartitionLayout.of('ours')),
    },
  },
  priorityClassCount: {
    refused: { '11 classes': schedulerConfig({ priorityClasses: classes(11) }) },
    accepted: { '10 classes': schedulerConfig({ priorityClasses: classes(10) }) },
  },
  priorityClassName: {
    refused: {
      'capitals': schedulerConfig({ priorityClasses: [{ name: 'Training', weight: 1 }] }),
      '41 characters': schedulerConfig({ priorityClasses: [{ name: 'a'.repeat(41), weight: 1 }] }),
    },
    accepted: {
      '40 characters': schedulerConfig({ priorityClasses: [{ name: 'a'.repeat(40), weight: 1 }] }),
      'a name that is known at deployment': stack => schedulerConfig({ priorityClasses: [{ name: lateText(stack), weight: 1 }] })(stack),
    },
  },
  priorityClassWeight: {
    refused: {
      '101': schedulerConfig({ priorityClasses: [{ name: 'a', weight: 101 }] }),
      'minus one': schedulerConfig({ priorityClasses: [{ name: 'a', weight: -1 }] }),
    },
    accepted: {
      '0 and 100': schedulerConfig({ priorityClasses: [{ name: 'a', weight: 0 }, { name: 'b', weight: 100 }] }),
      'a weight that is known at deployment': stack => schedulerConfig({ priorityClasses: [{ name: 'a', weight: lateNumber(stack) }] })(stack),
    },
  },
  priorityClassTwice: {
    refused: { 'one name twice': schedulerConfig({ priorityClasses: [{ name: 'a', weight: 1 }, { name: 'a', weight: 2 }] }) },
    accepted: {
      'one weight twice': schedulerConfig({ priorityClasses: [{ name: 'a', weight: 1 }, { name: 'b', weight: 1 }] }),
      'a name that is known at deployment, twice': stack => {
        const name = lateText(stack);
        schedulerConfig({ priorityClasses: [{ name, weight: 1 }, { name, weight: 2 }] })(stack);
      },
    },
  },
  schedulerConfigNameTwice: {
    refused: {
      'two of one name on one cluster': stack => {
        schedulerConfig({ clusterSchedulerConfigName: 'policy' })(stack);
        schedulerConfig({ clusterSchedulerConfigName: 'policy' }, 'Other')(stack);
      },
    },
    accepted: {
      'one name on two clusters': stack => {
        schedulerConfig({ clusterSchedulerConfigName: 'policy' })(stack);
        schedulerConfig({
          clusterSchedulerConfigName: 'policy', cluster: Cluster.fromClusterArn(stack, 'Pod2', OTHER_CLUSTER_ARN),
        }, 'Other')(stack);
      },
    },
  },
  schedulerConfigTwice: {
    refused: {
      'two on one cluster': stack => {
        schedulerConfig({})(stack);
        schedulerConfig({}, 'Other')(stack);
      },
    },
    accepted: {
      'one after another was removed': stack => {
        schedulerConfig({})(stack);
        stack.node.tryRemoveChild('Policy');
        schedulerConfig({}, 'Other')(stack);
      },
      'two clusters': stack => {
        schedulerConfig({})(stack);
        schedulerConfig({ cluster: Cluster.fromClusterArn(stack, 'Pod2', OTHER_CLUSTER_ARN) }, 'Other')(stack);
      },
    },
  },
  ...CLUSTER_CASES,
  ...NODE_CASES,
});

/** What is said of quotas and look-ups: the property at fault, as their author wrote it, and what else helps to find it. */
const SAID_OF_QUOTAS: Record<string, (stack: Stack) => void> = {
  '`resources[1].count` must': quota({ resources: [accelerators(1), instances(-1)] }),
  '`resources[0].vcpus` must': quota({ resources: [QuotaResource.compute({ instanceType: P5, vcpus: -1 })] }),
  '`sharing.absoluteBorrowLimits[0].memory` must': quota({
    sharing: ResourceSharing.lendAndBorrow({
      absoluteBorrowLimits: [QuotaResource.compute({ instanceType: P5, memory: Size.gibibytes(10_000_001) })],
    }),
  }),
  '`resources[1]` ': quota({ resources: [instances(1), instances(2)] }),
  '`sharing.absoluteBorrowLimits[1]` ': quota({ sharing: ResourceSharing.lendAndBorrow({ absoluteBorrowLimits: [instances(1), instances(2)] }) }),
  '`computeQuotaName` must': quota({ computeQuotaName: '-' }),
  'choose one that ml.p5.48xlarge has: mig-1g.10gb, mig-1g.20gb, ': quota({ resources: [partitions(PartitionProfile.MIG_3G_71GB)] }),
  'make it in a stack of that account and Region': quota({}, CLUSTER_ARN.replace('us-east-1', 'eu-west-1')),
  'take `Name` from `aws sagemaker list-compute-quotas`': lookUp(stack => ComputeQuotaSelector.byName({ cluster: clusterOf(stack), computeQuotaName: '-' })),
};

test('nodes of what is no HyperPod cluster are refused for that alone', () => {
  const { error } = judge(nodesOf({}, 'arn:aws:eks:eu-west-1:444455556666:cluster/pod'), true);
  expect(error).toMatch(/^\[hyperpod\.clusterArnFormat\] [^\n]*$/);
});

test('a group without a place in Slurm, beside one that has, is refused for that alone', () => {
  const { error, warnings } = judge(stack => {
    const pod = new Cluster(stack, 'Pod', { orchestrator: Orchestrator.slurm() });
    pod.addInstanceGroup('controller', { instances: Instances.ofType({ instanceType: P5, count: 1 }), slurmNode: SlurmNode.controller() });
    pod.addInstanceGroup('workers', { instances: Instances.ofType({ instanceType: P5, count: 1 }) });
  });
  expect(error).toContain('[hyperpod.slurmNodeMissing]');
  expect(warnings.join('\n')).not.toContain('hyperpod.slurmNotSetUp');
});

test.each(Object.entries({ ...SAID, ...SAID_OF_QUOTAS, ...SAID_OF_NODES }))('says %s', (text, program) => {
  const { error, warnings } = judge(program, true);
  expect([error, ...warnings].join('\n')).toContain(text);
});
