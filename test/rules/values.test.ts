import { CfnParameter, Duration, Lazy, Token, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { judge, testRules } from './harness';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import { RULES } from '../../src/private/inputs/rules';
import * as plans from '../../src/training-plans';

const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const P5 = hyperpod.InstanceType.P5_48XLARGE;

type Program = (stack: Stack) => void;
/** Whatever a program without types gives. */
type Anything = Record<string, unknown>;

const eksCluster = (stack: Stack) => eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'platform' });
const vpcOf = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
const pod = (stack: Stack, props: Anything = {}) => new hyperpod.Cluster(stack, 'Pod', {
  orchestrator: hyperpod.Orchestrator.eks(eksCluster(stack)),
  vpc: vpcOf(stack),
  lifecycleScripts: hyperpod.LifecycleScripts.none(),
  ...props,
} as never);
const ofPod = (props: Anything): Program => stack => { pod(stack, props); };
const group = (options: Anything): Program => stack => {
  pod(stack).addInstanceGroup('workers', { instances: hyperpod.Instances.ofType({ instanceType: P5, count: 1 }), ...options } as never);
};
const quota = (props: Anything): Program => stack => {
  new hyperpod.ComputeQuota(stack, 'Quota', {
    cluster: hyperpod.Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN),
    team: hyperpod.Team.of('research'),
    resources: [hyperpod.QuotaResource.instances({ instanceType: P5, count: 1 })],
    ...props,
  } as never);
};
const slurm = (stack: Stack, props: Anything = {}) => new pcs.Cluster(stack, 'Hpc', {
  size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, vpc: vpcOf(stack), ...props,
} as never);
const ofSlurm = (props: Anything | ((stack: Stack) => Anything)): Program =>
  stack => { slurm(stack, typeof props === 'function' ? props(stack) : props); };
const made = (make: () => unknown): Program => () => { make(); };
const remediation = (props: Anything): Program => stack => {
  new hyperpod.NodeRemediation(stack, 'Remediation', { cluster: hyperpod.Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN), ...props } as never);
};

testRules(RULES, {
  type: {
    refused: {
      'a plain text': ofPod({ nodeRecovery: 'Automatic' }),
      'a value of another class of the same shape': ofPod({ nodeRecovery: hyperpod.NodeProvisioningMode.CONTINUOUS }),
      'a plain object of the same shape': ofPod({ nodeProvisioningMode: { value: 'Continuous' } }),
      'a choice of another class': group({ capacity: hyperpod.Orchestrator.slurm() }),
      'one of a list': group({ deepHealthChecks: [hyperpod.DeepHealthCheck.INSTANCE_STRESS, 'InstanceConnectivity'] }),
      'the member of a struct in a list': group({ taints: [{ key: 'gpu', effect: 'NoSchedule' }] }),
      'the member of a struct in a struct': group({ scheduledUpdate: { schedule: 'cron(0 2 ? * SUN *)', rollout: { maxBatch: 1 } } }),
      'an option of a factory': made(() => hyperpod.Orchestrator.slurm({ configStrategy: 'Merge' as never })),
      'a text for a type of instances': made(() => hyperpod.Instances.ofType({ instanceType: 'ml.p5.48xlarge' as never, count: 1 })),
      'a text for a team': quota({ team: 'research' }),
      'a text for what a purchase is for': made(() => plans.Offering.search({
        instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 1, durations: [Duration.days(1)], target: 'hyperpod-cluster' as never,
      })),
      'a text of another enum': remediation({ faultRules: [{ contains: 'Xid 79', action: 'leave' }] }),
      'an eighth day': remediation({ maintenanceWindows: [{ start: '22:00', duration: Duration.hours(1), days: [7] }] }),
      'half a day': remediation({ maintenanceWindows: [{ start: '22:00', duration: Duration.hours(1), days: [0.5] }] }),
      'NaN': made(() => pcs.Scaling.elastic(NaN)),
      'a number in quotes': made(() => pcs.Scaling.fixed('4' as never)),
      'a function that wasn\'t called': made(() => pcs.NodeLaunch.managed({ efa: pcs.Efa.auto as never })),
      'a number for a duration': ofSlurm({ scaleDownIdleTime: 600 }),
      'a text for a VPC': ofSlurm({ vpc: 'vpc-0123456789abcdef0' }),
      'a bucket for a VPC': ofSlurm(stack => ({ vpc: new Bucket(stack, 'Bucket') })),
      'a text for a list': stack => slurm(stack).grants.read('role' as never),
      'one for a list': ofSlurm(stack => ({ securityGroups: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1') })),
      'a list for one': ofSlurm({ size: [pcs.ClusterSize.SMALL] }),
      'a token for a choice': ofSlurm(stack => ({ size: new CfnParameter(stack, 'Size').valueAsString })),
      'a token for a struct': made(() => pcs.Scaling.between({ 'Fn::ImportValue': 'bounds' } as never)),
      'a token for a list of structs': group({ taints: Lazy.any({ produce: () => [] }) }),
      'nothing in a list': group({ deepHealthChecks: [undefined] }),
      'props where the scope belongs': made(() => pcs.Cluster.fromClusterAttributes({ clusterId: 'pcs_1' } as never, 'Hpc', {} as never)),
    },
    accepted: {
      'tokens for texts, numbers and lists': stack => {
        const count = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
        const types = Token.asList(Lazy.any({ produce: () => ['gpu'] }));
        new hyperpod.NodeRemediation(stack, 'Remediation', {
          cluster: hyperpod.Cluster.fromClusterArn(stack, 'Pod', new CfnParameter(stack, 'Arn').valueAsString), controllerGroups: types,
        });
        pcs.Scaling.fixed(count);
      },
      'lazy values and intrinsic functions, as objects': stack => {
        pcs.PurchaseOption.targetedReservation({ capacityReservationId: Lazy.any({ produce: () => 'cr-1' }) as never });
        pcs.PurchaseOption.targetedReservation({ capacityReservationId: { 'Fn::ImportValue': 'block' } as never });
        slurm(stack);
      },
      'intrinsic functions where code reads texts and joins lists': stack => {
        const written = { 'Fn::If': ['IsLarge', { 'Fn::ImportValue': 'large' }, { Ref: 'AWS::NoValue' }] } as never;
        slurm(stack, { nodeRole: pcs.NodeRole.managed({ path: written }), slurmSettings: { prologFlags: written, epilog: written } });
        hyperpod.Cluster.fromClusterArn(stack, 'Pod', written);
      },
      'ARNs that are yet to be looked up': stack => {
        const arn = 'dummy-value-for-/cluster/arn';
        hyperpod.Cluster.fromClusterArn(stack, 'Pod', arn).grants.read(new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() }));
        pcs.Queue.fromQueueArn(stack, 'Queue', arn);
        plans.TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn);
      },
      'values of a second copy of the library': stack => {
        let copy: typeof import('../../src/hyperpod');
        jest.isolateModules(() => { copy = jest.requireActual('../../src/hyperpod'); });
        const theirs = copy!;
        pod(stack, { nodeProvisioningMode: theirs.NodeProvisioningMode.CONTINUOUS }).addInstanceGroup('workers', {
          instances: theirs.Instances.ofType({ instanceType: theirs.InstanceType.P5_48XLARGE, count: 1, minCount: 1 }),
          capacity: theirs.Capacity.spot(),
          deepHealthChecks: [theirs.DeepHealthCheck.INSTANCE_STRESS],
        });
      },
      'null, which other languages say for nothing': stack => {
        pod(stack, { nodeRecovery: null, securityGroups: null, clusterName: null, restrictedEnvironment: null })
          .addInstanceGroup('workers', { instances: hyperpod.Instances.ofType({ instanceType: P5, count: 1, minCount: null as never }), taints: null as never });
      },
      'empty lists': group({ deepHealthChecks: [], taints: [] }),
      'each action and day': remediation({
        faultRules: Object.values(hyperpod.FaultAction).map(action => ({ contains: 'Xid 79', action })),
        maintenanceWindows: [{ start: '22:00', duration: Duration.hours(1), days: [0, 1, 2, 3, 4, 5, 6] }],
      }),
      'another implementation of an interface': stack => {
        const grantee = {
          grantPrincipal: new ec2.Instance(stack, 'Login', {
            vpc: vpcOf(stack), instanceType: new ec2.InstanceType('c7i.large'), machineImage: ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-1' }, { userData: ec2.UserData.forLinux() }),
          }).grantPrincipal,
        };
        pcs.Cluster.fromClusterArn(stack, 'Hpc', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123').grants.read(grantee);
      },
      'a duration of another copy of the CDK': ofSlurm({ scaleDownIdleTime: { ...Duration.minutes(10), toSeconds: () => 600, isUnresolved: () => false } }),
      'what a newer CDK may have': ofSlurm({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, somethingNew: true } }),
    },
  },
  missing: {
    refused: {
      'no props': stack => { new pcs.Cluster(stack, 'Hpc', undefined as never); },
      'a constant that this release doesn\'t have': ofSlurm({ schedulerVersion: (pcs.SlurmVersion as unknown as Anything).V99_01 }),
      'null': ofSlurm({ vpc: null }),
      'null for what is bought': stack => { new plans.PurchasedTrainingPlan(stack, 'Plan', { trainingPlanName: 'llm-q1', offering: null } as never); },
      'null for the resources of a quota': quota({ resources: null }),
      'an option of a factory': made(() => pcs.PurchaseOption.capacityBlock({} as never)),
      'a parameter': made(() => (pcs.Scaling as unknown as { fixed(): void }).fixed()),
      'a member of a struct in a list': remediation({ faultRules: [{ contains: 'Xid 79' }] }),
    },
    accepted: {
      'what is optional': ofSlurm({ securityGroups: undefined, clusterName: undefined }),
      'a factory without options': made(() => pcs.PurchaseOption.spot()),
    },
  },
  unknownProperty: {
    refused: {
      'a letter too much': ofSlurm({ clusterNames: 'hpc' }),
      'another case': ofSlurm({ clustername: 'hpc' }),
      'the form of Python': ofSlurm({ cluster_name: 'hpc' }),
      'an option of a method': stack => { slurm(stack).addQueue('queue', { queuename: 'gpu' } as never); },
      'an option of a factory, at the construct that takes the value': stack => {
        slurm(stack).addComputeNodeGroup('nodes', {
          instanceTypes: [new ec2.InstanceType('c7i.large')],
          image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'),
          scaling: pcs.Scaling.elastic(1),
          purchaseOption: pcs.PurchaseOption.spot({ alocationStrategy: pcs.SpotAllocationStrategy.LOWEST_PRICE } as never),
        });
      },
    },
    accepted: {
      'a key that is like none': ofSlurm({ costCenter: 'research' }),
      'a key that is like one that is given': ofSlurm({ clusterName: 'hpc', clusterNames: ['hpc'] }),
      'a key without a value': ofSlurm({ clusterNames: undefined }),
    },
  },
});

test('a warning about a property is given once, by the innermost construct that doesn\'t know it', () => {
  const { warnings } = judge(stack => { slurm(stack).addQueue('queue', { queuename: 'gpu' } as never); });
  expect(warnings.filter(text => text.includes('queuename'))).toEqual([
    '`queuename` is no property here, and has no effect; its name is `queueName` [ack: cdk-hpc-clusters:values.unknownProperty]',
  ]);
});
