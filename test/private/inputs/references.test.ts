import { App, CfnParameter, CfnStack, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as eksv2 from 'aws-cdk-lib/aws-eks-v2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as awspcs from 'aws-cdk-lib/aws-pcs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3outposts from 'aws-cdk-lib/aws-s3outposts';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SIGNATURES, STRUCTS } from './tables';
import * as library from '../../../src';

/*
 * Clusters of PCS, HyperPod, EKS and others all have a `clusterRef` for the compiler, which so takes one for the other. Each place of the
 * API that asks for a resource is given resources of each kind here, however they were come by.
 */

const { hyperpod, pcs, training_plans: plans, UpfrontFee } = library;
const POD_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const PCS_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';
const EKS_ARN = 'arn:aws:eks:us-east-1:111122223333:cluster/platform';

const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
const parameter = new CfnParameter(stack, 'Arn').valueAsString;
const output = new CfnStack(stack, 'Other', { templateUrl: 'https://example.com/template' }).getAtt('Outputs.Arn').toString();

/** Clusters of somebody else, that know no more than their ARN. */
class Foreign extends Construct {
  public readonly env = { account: '111122223333', region: 'us-east-1' };
  constructor(id: string, public readonly clusterRef: { readonly clusterArn: string; readonly clusterName?: string }) { super(stack, id); }
}

/** A cluster with a part that is a cluster of another service. */
class Platform extends Foreign {
  public readonly queue = new sqs.Queue(this, 'Queue');
  public readonly login = new eks.CfnCluster(this, 'Resource', { roleArn: 'arn:aws:iam::111122223333:role/eks', resourcesVpcConfig: { subnetIds: ['subnet-1'] } });
}

const slurm = new pcs.Cluster(stack, 'Slurm', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11 });
const group = slurm.addComputeNodeGroup('Nodes', {
  instanceTypes: [new ec2.InstanceType('c7i.large')], image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'), scaling: pcs.Scaling.elastic(4),
});
const platform = new eksv2.Cluster(stack, 'Eks', { version: eksv2.KubernetesVersion.V1_33, vpc });
const pod = new hyperpod.Cluster(stack, 'Pod', { orchestrator: hyperpod.Orchestrator.eks(platform), vpc });
pod.addInstanceGroup('gpu', {
  instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 1 }),
  lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: new s3.Bucket(stack, 'Scripts'), prefix: 'scripts' }),
});
const quota = new hyperpod.ComputeQuota(stack, 'Quota', {
  cluster: pod,
  team: hyperpod.Team.of('research'),
  resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 1 })],
});
const offering = plans.Offering.search({
  instanceType: plans.PlanInstanceType.P5_48XLARGE,
  instanceCount: 1,
  durations: [Duration.days(1)],
  target: plans.TargetResource.HYPERPOD_CLUSTER,
});

const SLURM = ['aws_pcs.IClusterRef', 'pcs.ICluster'];
const POD = ['aws_sagemaker.IClusterRef', 'hyperpod.ICluster'];
const EKS = ['aws_eks.IClusterRef', 'aws_eks.ICluster', 'aws_eks_v2.ICluster'];

/** A resource, and the types that it is of. */
const RESOURCES: [string, unknown, string[]][] = [
  ['a cluster of PCS', slurm, SLURM],
  ['one by its ARN', pcs.Cluster.fromClusterArn(stack, 'S1', PCS_ARN), SLURM],
  ['one by a parameter', pcs.Cluster.fromClusterArn(stack, 'S2', parameter), SLURM],
  ['one with its groups', pcs.Cluster.fromClusterAttributes(stack, 'S3', { clusterArn: parameter, securityGroups: [] }), SLURM],
  ['one that is looked up', new pcs.ClusterLookup(stack, 'S4', { clusterIdentifier: 'slurm' }), SLURM],
  ['the L1 of PCS', slurm.node.defaultChild as awspcs.CfnCluster, ['aws_pcs.IClusterRef']],
  ['one of PCS by somebody else', new Foreign('S5', { clusterArn: PCS_ARN }), ['aws_pcs.IClusterRef']],
  ['one of PCS with parts of another service', new Platform('S6', { clusterArn: PCS_ARN }), ['aws_pcs.IClusterRef']],
  ['a cluster of HyperPod', pod, POD],
  ['one by its ARN, of HyperPod', hyperpod.Cluster.fromClusterArn(stack, 'H1', POD_ARN), POD],
  ['one by an output, of HyperPod', hyperpod.Cluster.fromClusterArn(stack, 'H2', output), POD],
  ['one with its EKS cluster', hyperpod.Cluster.fromClusterAttributes(stack, 'H3', { clusterArn: POD_ARN, eksClusterName: 'platform' }), POD],
  ['one that is looked up, of HyperPod', new hyperpod.ClusterLookup(stack, 'H4', { clusterName: 'llm' }), POD],
  ['the L1 of HyperPod', new sagemaker.CfnCluster(stack, 'H5', { instanceGroups: [] }), ['aws_sagemaker.IClusterRef']],
  ['one of HyperPod by somebody else', new Foreign('H6', { clusterArn: POD_ARN }), ['aws_sagemaker.IClusterRef']],
  ['a cluster of EKS', platform, EKS],
  ['a cluster of EKS by custom resources', new eks.Cluster(stack, 'E0', {
    version: eks.KubernetesVersion.V1_33, vpc, kubectlLayer: lambda.LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:us-east-1:111122223333:layer:kubectl:1'),
  }), EKS],
  ['one that is imported, of EKS', eks.Cluster.fromClusterAttributes(stack, 'E1', { clusterName: 'platform', vpc }), EKS],
  ['one that is imported, of the other module', eksv2.Cluster.fromClusterAttributes(stack, 'E2', { clusterName: 'platform', vpc }), EKS],
  ['the L1 of EKS', new eks.CfnCluster(stack, 'E3', { roleArn: 'arn:aws:iam::111122223333:role/eks', resourcesVpcConfig: { subnetIds: ['subnet-1'] } }), ['aws_eks.IClusterRef']],
  ['one of EKS by somebody else', new Foreign('E4', { clusterArn: EKS_ARN, clusterName: 'platform' }), ['aws_eks.IClusterRef']],
  ['a cluster of ECS', new ecs.Cluster(stack, 'Ecs', { vpc }), []],
  ['a cluster of nobody knows what', new Foreign('Any', { clusterArn: parameter, clusterName: 'any' }), ['aws_pcs.IClusterRef', 'aws_sagemaker.IClusterRef', 'aws_eks.IClusterRef']],
  ['a node group', group, ['aws_pcs.IComputeNodeGroupRef']],
  ['a node group that is looked up', new pcs.ComputeNodeGroupLookup(stack, 'G1', { cluster: slurm, computeNodeGroupIdentifier: 'nodes' }), ['aws_pcs.IComputeNodeGroupRef']],
  ['a queue of PCS', slurm.addQueue('Q', { computeNodeGroups: [group] }), ['aws_pcs.IQueueRef']],
  ['a queue of SQS', new sqs.Queue(stack, 'Sqs'), []],
  ['a quota', quota, ['hyperpod.IComputeQuotaRef']],
  ['a quota by its id', hyperpod.ComputeQuota.fromComputeQuotaId(stack, 'C1', 'a1b2c3d4e5f6'), ['hyperpod.IComputeQuotaRef']],
  ['a configuration of the scheduler', hyperpod.ClusterSchedulerConfig.fromClusterSchedulerConfigId(stack, 'C2', 'a1b2c3d4e5f6'), ['hyperpod.IClusterSchedulerConfigRef']],
  ['a plan', plans.TrainingPlan.fromTrainingPlanName(stack, 'P1', 'llm'), ['training_plans.ITrainingPlanRef']],
  ['a plan that is looked up', new plans.TrainingPlanLookup(stack, 'P2', { trainingPlan: plans.TrainingPlanSelector.byName('llm') }), ['training_plans.ITrainingPlanRef']],
  ['a plan that is bought', new plans.PurchasedTrainingPlan(stack, 'P3', { trainingPlanName: 'llm', offering, maxUpfrontFee: UpfrontFee.usd('1.00') }), ['training_plans.ITrainingPlanRef']],
  ['a bucket', s3.Bucket.fromBucketName(stack, 'B1', 'scripts'), ['aws_s3.IBucketRef', 'aws_s3.IBucket']],
  ['a bucket by an output', s3.Bucket.fromBucketArn(stack, 'B2', output), ['aws_s3.IBucketRef', 'aws_s3.IBucket']],
  ['a directory bucket', s3.Bucket.fromBucketArn(stack, 'B3', 'arn:aws:s3express:us-east-1:111122223333:bucket/scripts--use1-az4--x-s3'), ['aws_s3.IBucketRef', 'aws_s3.IBucket']],
  ['a bucket on Outposts', new s3outposts.CfnBucket(stack, 'B4', { bucketName: 'b', outpostId: 'op-1' }), []],
  ['an alias of a key', new kms.Alias(stack, 'Alias', { aliasName: 'hpc', targetKey: new kms.Key(stack, 'Key') }), ['aws_kms.IKeyRef', 'aws_kms.IKey']],
  ['an alias that is imported', kms.Alias.fromAliasName(stack, 'K1', 'alias/hpc'), ['aws_kms.IKeyRef', 'aws_kms.IKey']],
  ['a topic', new sns.Topic(stack, 'Topic'), ['aws_sns.ITopicRef']],
];
const TYPES = new Set(RESOURCES.flatMap(([, , types]) => types));

type Callable = (...args: unknown[]) => unknown;
const membersOf = (text: string) => text.split(' ').filter(Boolean).map(each => /^(\w+)([!?*])(.+)$/.exec(each)!.slice(1));
const classNamed = (name: string) => name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], library) as Record<string, Callable>;

interface Place { readonly title: string; readonly property: string; readonly type: string; readonly give: (value: unknown) => unknown }

/** Each parameter of each constructor, factory and method, and each property of the structs among them, that asks for one of the types. */
const PLACES: Place[] = Object.entries(SIGNATURES).flatMap(([name, text]) => text.split('; ').filter(Boolean).flatMap(line => {
  const [, kind, method, rest] = /^(new|static (\w+)|\w+) (.*)$/.exec(line)!;
  const parameters = membersOf(rest);
  const call = (index: number, value: unknown) => {
    const args = parameters.map(([, , type], at) => (at === index ? value : type === 'Construct' ? stack : undefined));
    const target = classNamed(name);
    if (kind === 'new') { return Reflect.construct(target as unknown as Callable, args) as unknown; }
    if (kind.startsWith('static')) { return target[method](...args); }
    const prototype = target.prototype as unknown as Record<string, Callable>;
    return prototype[kind].apply(Object.create(prototype, { node: { value: stack.node } }), args);
  };
  return parameters.flatMap(([called, , taken], index) => [
    [called, taken, (value: unknown) => value] as const,
    ...membersOf(STRUCTS[taken] ?? '').map(([member, , wanted]) => [member, wanted, (value: unknown) => ({ [member]: value })] as const),
  ].map(([property, wanted, wrap]): Place => {
    const isList = wanted.startsWith('[');
    return {
      title: `${name}.${method ?? kind}`,
      property: isList ? `${property}[0]` : property,
      type: isList ? wanted.slice(1, -1) : wanted,
      give: value => call(index, wrap(isList ? [value] : value)),
    };
  }).filter(({ type }) => TYPES.has(type)));
}));

/** What a place says of a value: the line about its property, where it refuses it. */
function refusal({ property, give }: Place, value: unknown): string | undefined {
  try {
    give(value);
  } catch (error) {
    return (error as Error).message.split('\n').find(line => line.includes(`[values.type] \`${property}\``));
  }
  return undefined;
}

test('each type is asked for somewhere', () => {
  expect([...new Set(PLACES.map(({ type }) => type))].sort()).toEqual([...TYPES].sort());
  expect(PLACES.length).toBeGreaterThan(60);
});

test.each(RESOURCES)('%s is taken where it belongs, and refused by a coded message everywhere else', (_, value, types) => {
  const said = PLACES.map(place => ({ place, refused: refusal(place, value) !== undefined }));
  const title = ({ title: of, property, type }: Place) => `${of}: ${property} (${type})`;
  expect(said.filter(({ place, refused }) => refused && types.includes(place.type)).map(({ place }) => title(place))).toEqual([]);
  expect(said.filter(({ place, refused }) => !refused && !types.includes(place.type)).map(({ place }) => title(place))).toEqual([]);
});

test.each<[string, () => unknown, string]>([
  ['a HyperPod cluster for a queue', () => new pcs.Queue(stack, 'X1', { cluster: pod as never }),
    '[values.type] `cluster` must be `aws_pcs.IClusterRef`, got: "<construct Stack/Pod>"; this one is of `sagemaker`: give one of `pcs`'],
  ['a PCS cluster for a quota', () => new hyperpod.ComputeQuota(stack, 'X2', { cluster: slurm as never, team: hyperpod.Team.of('research'), resources: [] }),
    '[values.type] `cluster` must be `aws_sagemaker.IClusterRef`, got: "<construct Stack/Slurm>"; this one is of `pcs`: give one of `sagemaker`'],
  ['the EKS cluster for the HyperPod cluster', () => new hyperpod.NodeHealthDashboard(stack, 'X3', { cluster: platform as never }),
    '[values.type] `cluster` must be `hyperpod.ICluster`, got: "<construct Stack/Eks>"; this one is of `eks`: give one of `sagemaker`'],
  ['a plan for a dashboard of a cluster', () => new hyperpod.NodeHealthDashboard(stack, 'X4', { cluster: plans.TrainingPlan.fromTrainingPlanName(stack, 'P4', 'llm') as never }),
    '[values.type] `cluster` must be `hyperpod.ICluster`, got: "<construct Stack/P4>"; give an object that has `clusterRef`'],
  ['the L1 for the cluster itself', () => new pcs.CapacityDashboard(stack, 'X5', { cluster: slurm.node.defaultChild as never }),
    '[values.type] `cluster` must be `pcs.ICluster`, got: "<construct Stack/Slurm/Resource>"; give an object that has `clusterArn`'],
])('%s', (_, program, told) => {
  expect(program).toThrow(told);
});
