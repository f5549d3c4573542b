import { App, Duration, Lazy, Size, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import * as library from '../../../src';
import { fitAll, judgeCall } from '../../../src/private/inputs/judge';

/* What a program in JavaScript sees: the same objects, without types. */
const { pcs, hyperpod, training_plans: plans, UpfrontFee } = library as any; // eslint-disable-line @typescript-eslint/no-explicit-any
const { FaultAction } = library.hyperpod;

const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const PCS_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';

let stack: Stack;
let vpc: ec2.Vpc;
beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
});

type Anything = Record<string, unknown>;
const CHOICE = { 'Fn::If': ['IsProd', 'prod', 'test'] };
const slurm = (props: Anything = {}) =>
  new pcs.Cluster(stack, 'Hpc', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, ...props });
const nodes = (options: Anything = {}) => slurm().addComputeNodeGroup('Nodes', {
  instanceTypes: [new ec2.InstanceType('c7i.large')],
  image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'),
  scaling: pcs.Scaling.elastic(4),
  ...options,
});
const pod = () => hyperpod.Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN);
const quota = (props: Anything = {}) => new hyperpod.ComputeQuota(stack, 'Quota', {
  cluster: pod(),
  team: hyperpod.Team.of('research'),
  resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 1 })],
  ...props,
});
const purchase = (props: Anything = {}) => new plans.PurchasedTrainingPlan(stack, 'Plan', {
  trainingPlanName: 'llm-2026-q1',
  maxUpfrontFee: UpfrontFee.usd('1000.00'),
  offering: plans.Offering.search({
    instanceType: plans.PlanInstanceType.P5_48XLARGE,
    instanceCount: 1,
    durations: [Duration.days(1)],
    target: plans.TargetResource.HYPERPOD_CLUSTER,
  }),
  ...props,
});

function messageOf(program: () => unknown): string {
  try {
    program();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** Mistakes of programs in JavaScript, and what they are told. */
const MISTAKES: [string, () => unknown, string][] = [
  ['the size in the words of the service', () => slurm({ size: 'small' }), '`size` must be `pcs.ClusterSize`, got: "small"; use `pcs.ClusterSize.SMALL`'],
  ['a size that isn\'t there', () => slurm({ size: 'HUGE' }),
    '`size` must be `pcs.ClusterSize`, got: "HUGE"; use `pcs.ClusterSize.of("HUGE")`, or `pcs.ClusterSize.SMALL`, `MEDIUM` or `LARGE`'],
  ['a version as a number', () => slurm({ schedulerVersion: 25.11 }), '`schedulerVersion` must be `pcs.SlurmVersion`, got: 25.11; use'],
  ['a version of the next year', () => slurm({ schedulerVersion: pcs.SlurmVersion.V27_05 }), '[values.missing] `schedulerVersion` must be given; use'],
  ['the class for its constants', () => slurm({ size: pcs.ClusterSize }), '`size` must be `pcs.ClusterSize`, got: the class ClusterSize; use'],
  ['the class of a VPC', () => slurm({ vpc: ec2.Vpc }), '`vpc` must be `aws_ec2.IVpc`, got: the class Vpc; make one: `new Vpc(…)`'],
  ['the id of a VPC', () => slurm({ vpc: 'vpc-0123456789abcdef0' }),
    '`vpc` must be `aws_ec2.IVpc`, got: "vpc-0123456789abcdef0"; give the construct itself, made or imported, not its name, id or ARN'],
  ['the stack for the VPC', () => slurm({ vpc: stack }), '`vpc` must be `aws_ec2.IVpc`, got: "<construct Stack>"; give an object that has `vpcId`'],
  ['the subnets themselves', () => slurm({ vpcSubnets: vpc.privateSubnets }), '`vpcSubnets` must be `aws_ec2.SubnetSelection`, got: ["<construct Stack/Vpc/PrivateSubnet1>"]; give one value, not a list'],
  ['one group for a list', () => slurm({ securityGroups: new ec2.SecurityGroup(stack, 'G', { vpc }) }),
    '`securityGroups` must be a list, each `aws_ec2.ISecurityGroup`, got: "<construct Stack/G>"; give a list, also of one: `[…]`'],
  ['ids of groups', () => slurm({ securityGroups: ['sg-1'] }), '`securityGroups[0]` must be `aws_ec2.ISecurityGroup`, got: "sg-1"; give the construct itself'],
  ['seconds for a duration', () => slurm({ scaleDownIdleTime: 600 }), '`scaleDownIdleTime` must be `Duration`, got: 600; use `Duration.minutes(…)`, `hours(…)`, `days(…)` or `seconds(…)`'],
  ['a duration with its unit', () => slurm({ scaleDownIdleTime: '10 min' }), '`scaleDownIdleTime` must be `Duration`, got: "10 min"; use `Duration.minutes(10)`'],
  ['a duration of ISO 8601', () => slurm({ scaleDownIdleTime: 'PT10M' }), '`scaleDownIdleTime` must be `Duration`, got: "PT10M"; use `Duration.parse("PT10M")`'],
  ['milliseconds', () => slurm({ scaleDownIdleTime: '600000ms' }), 'got: "600000ms"; use `Duration.minutes(…)`'],
  ['a month', () => slurm({ scaleDownIdleTime: '1 month' }), 'got: "1 month"; use `Duration.minutes(…)`'],
  ['a unit that wasn\'t called', () => slurm({ scaleDownIdleTime: Duration.minutes }), 'got: the function minutes; call it: `Duration.minutes()`'],
  ['accounting as a switch', () => slurm({ accounting: true }), '`accounting` must be `pcs.Accounting`, got: true; use `pcs.Accounting.standard(…)` or `none(…)`'],
  ['accounting that wasn\'t called', () => slurm({ accounting: pcs.Accounting.standard }), 'got: the function standard; call it: `pcs.Accounting.standard()`'],
  ['settings with numbers', () => slurm({ slurmSettings: { custom: { MaxJobCount: 10 } } }), '`slurmSettings.custom.MaxJobCount` must be a text, got: 10; give "10", in quotes'],
  ['a type as a text', () => nodes({ instanceTypes: ['c7i.large'] }), '`instanceTypes[0]` in `pcs.Cluster.addComputeNodeGroup()` must be `aws_ec2.InstanceType`, got: "c7i.large"; use'],
  ['an image as a text', () => nodes({ image: 'ami-0123456789abcdef0' }), '`image` in `pcs.Cluster.addComputeNodeGroup()` must be `pcs.NodeImage`, got: "ami-0123456789abcdef0"; use `pcs.NodeImage.pcsReadyDlami(…)`'],
  ['bounds as a plain object', () => nodes({ scaling: { min: 0, max: 4 } }), '`scaling` in `pcs.Cluster.addComputeNodeGroup()` must be `pcs.Scaling`, got: {"min":0,"max":4}; use `pcs.Scaling.fixed(…)`'],
  ['spot that wasn\'t called', () => nodes({ purchaseOption: pcs.PurchaseOption.spot }), 'call it: `pcs.PurchaseOption.spot()`'],
  ['spot as a text', () => nodes({ purchaseOption: 'SPOT' }), '`purchaseOption` in `pcs.Cluster.addComputeNodeGroup()` must be `pcs.PurchaseOption`, got: "SPOT"; use `pcs.PurchaseOption.spot(…)`'],
  ['a role for a node role', () => nodes({ nodeRole: iam.Role.fromRoleName(stack, 'Role', 'nodes') }), '`nodeRole` in `pcs.Cluster.addComputeNodeGroup()` must be `pcs.NodeRole`, got: "<'],
  ['an arrow function', () => nodes({ launch: () => pcs.NodeLaunch.managed() }), '`launch` in `pcs.Cluster.addComputeNodeGroup()` must be `pcs.NodeLaunch`, got: the function launch; use'],
  ['a queue without groups in a list', () => slurm().addQueue('Q', { computeNodeGroups: 'nodes' }), '`computeNodeGroups` in `pcs.Cluster.addQueue()` must be a list, each `aws_pcs.IComputeNodeGroupRef`, got: "nodes"'],
  ['the cluster for a group', () => { const cluster = slurm(); cluster.addQueue('Q', { computeNodeGroups: [cluster] }); }, '`computeNodeGroups[0]` in `pcs.Cluster.addQueue()` must be `aws_pcs.IComputeNodeGroupRef`, got: "<construct Stack/Hpc>"'],
  ['the name of a role for a grant', () => slurm().grants.read('admin'), '`grantee` in `pcs.ClusterGrants.read()` must be `aws_iam.IGrantable`, got: "admin"'],
  ['a count in quotes', () => pcs.Scaling.fixed('4'), '`count` in `pcs.Scaling.fixed()` must be a number, got: "4"; give 4, without quotes'],
  ['bounds in order', () => pcs.Scaling.between(0, 4), '`bounds` in `pcs.Scaling.between()` must be `pcs.ScalingRange`, got: 0; give an object: `{ … }`'],
  ['a misspelt option that is required', () => pcs.PurchaseOption.capacityBlock({ capacityReservationID: 'cr-1' }),
    '[values.missing] `capacityReservationId` in `pcs.PurchaseOption.capacityBlock()` must be given; `capacityReservationID` is given: correct its name'],
  ['no number', () => pcs.PurchaseOption.capacityBlock({ capacityReservationId: 'cr-1', instanceCount: Number('four') }), '`instanceCount` in `pcs.PurchaseOption.capacityBlock()` must be a number, got: NaN; give a number'],
  ['no scope', () => pcs.Cluster.fromClusterArn('Hpc', PCS_ARN), '`scope` in `pcs.Cluster.fromClusterArn()` must be `Construct`, got: "Hpc"'],
  ['no props', () => new pcs.Queue(stack, 'Q'), '[values.missing] `cluster` must be given; give an object that has `clusterRef`'],
  ['a team as a text', () => quota({ team: 'research' }), '`team` must be `hyperpod.Team`, got: "research"; use `hyperpod.Team.of("research")`'],
  ['a type of SageMaker as a text', () => hyperpod.Instances.ofType({ instanceType: 'ml.p5.48xlarge', count: 1 }),
    '`instanceType` in `hyperpod.Instances.ofType()` must be `hyperpod.InstanceType`, got: "ml.p5.48xlarge"; use `hyperpod.InstanceType.P5_48XLARGE`'],
  ['a type of EC2', () => hyperpod.QuotaResource.instances({ instanceType: new ec2.InstanceType('p5.48xlarge'), count: 1 }),
    '`instanceType` in `hyperpod.QuotaResource.instances()` must be `hyperpod.InstanceType`, got: "<InstanceType>"'],
  ['gigabytes for a size', () => hyperpod.InstanceStorage.ebsVolume({ size: 500 }), '`size` in `hyperpod.InstanceStorage.ebsVolume()` must be `Size`, got: 500; use `Size.gibibytes(…)`, `tebibytes(…)` or `mebibytes(…)`'],
  ['a size with its unit', () => hyperpod.InstanceStorage.ebsVolume({ size: '1.5 TB' }), 'must be `Size`, got: "1.5 TB"; use `Size.tebibytes(1.5)`'],
  ['the name of an EKS cluster', () => hyperpod.Orchestrator.eks('platform'), '`cluster` in `hyperpod.Orchestrator.eks()` must be `aws_eks.IClusterRef`, got: "platform"'],
  ['an action in small letters', () => new hyperpod.NodeRemediation(stack, 'R', { cluster: pod(), faultRules: [{ contains: 'Xid', action: 'replace' }] }),
    '`faultRules[0].action` must be `hyperpod.FaultAction`, got: "replace"; use `hyperpod.FaultAction.REPLACE`'],
  ['a target as a text', () => plans.Offering.search({ instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 1, durations: [Duration.days(1)], target: 'hyperpod-cluster' }),
    '`target` in `training_plans.Offering.search()` must be `training_plans.TargetResource`, got: "hyperpod-cluster"; use `training_plans.TargetResource.HYPERPOD_CLUSTER`'],
  ['days as numbers', () => plans.Offering.search({ instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 1, durations: [7], target: plans.TargetResource.TRAINING_JOB }),
    '`durations[0]` in `training_plans.Offering.search()` must be `Duration`, got: 7'],
  ['a fee as a number', () => UpfrontFee.usd(1000), '`amount` in `UpfrontFee.usd()` must be a text, got: 1000; give "1000", in quotes'],
  ['a fee without its class', () => purchase({ maxUpfrontFee: '1000.00' }), '`maxUpfrontFee` must be `UpfrontFee`, got: "1000.00"; use'],
  ['a mode in small letters', () => purchase({ mode: 'buy' }), '`mode` must be `PurchaseMode`, got: "buy"; use `PurchaseMode.BUY`'],
  ['the name of a plan', () => new plans.TrainingPlanLookup(stack, 'L', { trainingPlan: 'llm-2026-q1' }), '`trainingPlan` must be `training_plans.TrainingPlanSelector`, got: "llm-2026-q1"; use'],
  ['the name of a topic', () => new plans.TrainingPlanWatch(stack, 'W', { trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, 'P', 'llm'), topic: 'alerts' }),
    '`topic` must be `aws_sns.ITopicRef`, got: "alerts"; give the construct itself'],
  ['a switch in quotes', () => nodes({ ownSecurityGroup: 'false' }), '`ownSecurityGroup` in `pcs.Cluster.addComputeNodeGroup()` must be `true` or `false`, got: "false"; give false, without quotes'],
];

test('forty mistakes and more are told', () => {
  expect(MISTAKES.length).toBeGreaterThanOrEqual(40);
});

test.each(MISTAKES)('%s', (_, program, told) => {
  const message = messageOf(program);
  expect(message).toMatch(/^(\d+ problems:\n {2}- )?\[values\.(type|missing)\] `/);
  expect(message).toContain(told);
});

describe('what is right, or not ours to judge, passes', () => {
  const right: [string, () => unknown][] = [
    ['a lazy number', () => pcs.Scaling.fixed(Lazy.number({ produce: () => 4 }))],
    ['a lazy text', () => pcs.ClusterSize.of(Lazy.string({ produce: () => 'SMALL' }))],
    ['a token for a list of texts', () => plans.TrainingPlanSelector.byCriteria({ statuses: undefined, startAfter: Token.asString({ Ref: 'Start' }) })],
    ['an intrinsic function as an object', () => pcs.PurchaseOption.reservationGroup({ resourceGroupArn: { 'Fn::ImportValue': 'group' } })],
    ['an intrinsic function for a name', () => slurm({ clusterName: CHOICE })],
    ['an intrinsic function for a name of another module', () => quota({ computeQuotaName: CHOICE, description: { 'Fn::Sub': '${AWS::StackName}' } })],
    ['an intrinsic function for the value of a setting', () => slurm({ slurmSettings: { prolog: CHOICE, custom: { SchedulerParameters: CHOICE } } })],
    ['an intrinsic function for the id of an image', () => nodes({ image: pcs.NodeImage.fromAmiId({ 'Fn::FindInMap': ['Images', 'A', 'B'] }) })],
    ['a duration of tokens', () => slurm({ scaleDownIdleTime: Duration.seconds(Lazy.number({ produce: () => 600 })) })],
    ['a size by another copy of the CDK', () => hyperpod.InstanceStorage.ebsVolume({ size: { toGibibytes: () => 500, isUnresolved: () => false } })],
    ['a grantee by somebody else', () => pcs.Cluster.fromClusterArn(stack, 'C', PCS_ARN).grants.read({ grantPrincipal: new iam.AccountRootPrincipal() })],
    ['an L1 for an interface', () => pcs.LogDestination.s3(new s3.Bucket(stack, 'B'))],
    ['a reference by somebody else', () => new pcs.Queue(stack, 'Q', {
      cluster: { clusterRef: { clusterArn: PCS_ARN, clusterId: 'pcs_abc123' }, env: stack, node: vpc.node }, computeNodeGroups: [],
    })],
    ['props with a prototype of their own', () => new pcs.Queue(stack, 'Q', Object.create({ cluster: pcs.Cluster.fromClusterArn(stack, 'C', PCS_ARN) }))],
    ['props without a prototype', () => pcs.PurchaseOption.spot(Object.assign(Object.create(null), { createServiceLinkedRole: true }))],
    ['arguments that nobody asks for', () => pcs.Scaling.fixed(4, 'nodes')],
    ['a size of a subclass', () => hyperpod.InstanceStorage.ebsVolume({ size: Object.create(Size.gibibytes(500)) })],
    ['each way of a fault', () => Object.values(FaultAction).map((action, index) =>
      new hyperpod.NodeRemediation(new Stack(stack, `S${index}`), 'R', { cluster: hyperpod.Cluster.fromClusterArn(stack, `P${index}`, CLUSTER_ARN.replace(/.$/, `${index}`)), faultRules: [{ contains: 'Xid', action }] }))],
  ];
  test.each(right)('%s', (_, program) => {
    expect(program).not.toThrow();
  });

  test('null, in props and in what they hold', () => {
    const cluster = slurm({ clusterName: null, securityGroups: null, slurmSettings: { prolog: null, custom: null } });
    const plain = new pcs.Cluster(stack, 'Plain', { vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, slurmSettings: {} });
    const properties = (of: { node: { defaultChild: unknown } }) =>
      Template.fromStack(stack).toJSON().Resources[stack.getLogicalId(of.node.defaultChild as never)].Properties as Anything;
    expect(Object.keys(properties(cluster))).toEqual(Object.keys(properties(plain)));
  });

  test('null beside properties that are getters of a class', () => {
    class Props {
      public readonly vpc = vpc;
      public readonly clusterName = null;
      public get size() { return pcs.ClusterSize.LARGE; }
      public get schedulerVersion() { return pcs.SlurmVersion.V25_11; }
    }
    new pcs.Cluster(stack, 'Hpc', new Props());
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', { Size: 'LARGE', Scheduler: { Version: '25.11' } });
  });

  test('an intrinsic function is in the template as it was written', () => {
    slurm({ clusterName: CHOICE });
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', { Name: CHOICE });
  });

  test('an intrinsic function in a map is part of a text that is made of the map', () => {
    const tresBillingWeights = Object.freeze({ CPU: { 'Fn::ImportValue': 'weight' }, Mem: 2 });
    slurm().addQueue('Queue', { slurmSettings: { tresBillingWeights } });
    const settings = [{ ParameterName: 'TRESBillingWeights', ParameterValue: { 'Fn::Join': ['', ['CPU=', { 'Fn::ImportValue': 'weight' }, ',Mem=2']] } }];
    Template.fromStack(stack).hasResourceProperties('AWS::PCS::Queue', { SlurmConfiguration: { SlurmCustomSettings: settings } });
  });

  test('the objects of the user stay as they are', () => {
    const options = Object.freeze({ allocationStrategy: null, createServiceLinkedRole: true });
    pcs.PurchaseOption.spot(options);
    expect(options.allocationStrategy).toBeNull();
  });
});

describe('a checked class', () => {
  test('is the class of its constructs, and of those of its subclasses', () => {
    class Larger extends pcs.Cluster {
      constructor(id: string) { super(stack, id, { vpc, size: pcs.ClusterSize.LARGE, schedulerVersion: pcs.SlurmVersion.V25_11 }); }
    }
    const cluster = slurm();
    const larger = new Larger('Larger');
    expect(cluster).toBeInstanceOf(pcs.Cluster);
    expect(cluster.constructor).toBe(pcs.Cluster);
    expect(larger).toBeInstanceOf(pcs.Cluster);
    expect(larger).toBeInstanceOf(Larger);
    expect(pcs.Cluster.name).toBe('Cluster');
  });

  test('holds subclasses to its types', () => {
    class Unknown extends pcs.Cluster {
      constructor() { super(stack, 'Unknown', { vpc }); }
    }
    expect(messageOf(() => new Unknown())).toContain('[values.missing] `size` must be given');
  });

  test('names its methods', () => {
    expect(pcs.PurchaseOption.spot.name).toBe('spot');
  });
});

test('all that is wrong is told at once, with the path that the construct would have had', () => {
  let error: Error | undefined;
  try { new pcs.Cluster(stack, 'Hpc', { size: 'small' }); } catch (e) { error = e as Error; }
  expect(error!.message.split('\n')).toHaveLength(4);
  expect(error!.message).toContain('3 problems');
  expect((error as Error & { constructPath?: string }).constructPath).toBe('Stack/Hpc');
  expect(stack.node.tryFindChild('Hpc')).toBeUndefined();
});

describe('what fits at a glance', () => {
  const PARAMETERS = 'text?string texts?[string] numbers?{number} either?string|[Duration] any?any options?pcs.QueueOptions rest*number';
  const token = fc.constantFrom(...[Lazy.string({ produce: () => '' }), Lazy.number({ produce: () => 1 }), Lazy.list({ produce: () => [] })]);
  const options = fc.record({ queueName: fc.oneof(fc.string(), token), computeNodeGroups: fc.anything() }, { requiredKeys: [] });
  const lists = [fc.array(fc.oneof(fc.string(), token)), fc.constant([Duration.days(1)])];
  const wanted = fc.oneof(token, fc.string(), fc.double(), ...lists, options);
  class Options { public get queueName() { return 7; } }
  const strange: unknown[] = [new Array(2), { 'Fn::If': ['a', 'b', 'c'] }, Object.freeze({}), new Options(), Object.create(null)];
  const value = fc.oneof(wanted, fc.anything(), fc.constantFrom(...strange));

  test('fits at length, and stays what it is', () => {
    let fitting = 0;
    fc.assert(fc.property(fc.array(value, { maxLength: 8 }), args => {
      if (!fitAll(PARAMETERS, args)) { return; }
      fitting += 1;
      const judged = judgeCall({ parameters: PARAMETERS, args, call: all => all });
      expect(judged.every((each, index) => Object.is(each, args[index]))).toBe(true);
    }), { numRuns: 5000, seed: 1 });
    expect(fitting).toBeGreaterThan(500);
  });
});
