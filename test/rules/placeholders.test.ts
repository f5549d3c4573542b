import { readFileSync, readdirSync } from 'fs';
import { dirname, join } from 'path';
import {
  App, Aws, CfnParameter, Fn, Lazy, Stack, Token, aws_ec2 as ec2, aws_eks as eks, aws_iam as iam, aws_s3 as s3, aws_ssm as ssm,
} from 'aws-cdk-lib';
import { SUBMODULES } from './catalogue';
import { speaksOf, type Verdict } from './harness';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import { isPlaceholder } from '../../src/private/placeholders';
import * as training_plans from '../../src/training-plans';
import { BLOCK, nodes } from '../pcs/fixture';

const rules = SUBMODULES.flatMap(submodule => Object.values(submodule.rules));

/** A stack in which context is yet to be looked up. */
const unsettled = () => new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });

/** Runs a program to the end of synthesis, and says what rules spoke. */
function spoken(stack: Stack, program: () => void): string[] {
  const verdict: { error?: string; warnings: string[] } = { warnings: [] };
  try {
    program();
    (stack.node.root as App).synth();
  } catch (error) {
    verdict.error = (error as Error).message;
  }
  for (const construct of stack.node.root.node.findAll()) {
    for (const { type, data } of construct.node.metadata) {
      if (type === 'aws:cdk:warning') { verdict.warnings.push(String(data)); }
    }
  }
  const ids = rules.filter(rule => speaksOf(verdict satisfies Verdict, rule)).map(({ id }) => id);
  return verdict.error !== undefined && ids.length === 0 ? [verdict.error] : ids;
}

const lookedUp = {
  vpc: (stack: Stack) => ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shared' }),
  group: (stack: Stack) => ec2.SecurityGroup.fromLookupByName(stack, 'Group', 'nodes', lookedUp.vpc(stack)),
  image: (stack: Stack) => ec2.MachineImage.lookup({ name: 'hpc-*' }).getImage(stack).imageId,
  parameter: (stack: Stack, name = '/parameter') => ssm.StringParameter.valueFromLookup(stack, name),
  role: (stack: Stack) => iam.Role.fromLookup(stack, 'LookedUpRole', { roleName: 'nodes' }),
};

const slurm = (stack: Stack, props: Partial<pcs.ClusterProps> = {}) => new pcs.Cluster(stack, 'Slurm', {
  vpc: lookedUp.vpc(stack), size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, ...props,
});
const nodeGroup = (options: (stack: Stack) => Partial<pcs.ComputeNodeGroupOptions>) => (stack: Stack) => {
  slurm(stack).addComputeNodeGroup('Nodes', nodes(options(stack)));
};
const platform = (stack: Stack) => eks.Cluster.fromClusterAttributes(stack, 'Platform', {
  clusterName: 'platform', clusterSecurityGroupId: 'sg-12345678',
});
const group = (
  options: (stack: Stack) => Partial<hyperpod.InstanceGroupOptions>, props: Partial<hyperpod.ClusterProps> = {},
) => (stack: Stack) => {
  const pod = new hyperpod.Cluster(stack, 'Pod', {
    orchestrator: hyperpod.Orchestrator.eks(platform(stack)),
    vpc: lookedUp.vpc(stack),
    lifecycleScripts: hyperpod.LifecycleScripts.none(),
    ...props,
  });
  pod.addInstanceGroup('workers', {
    instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 8 }), ...options(stack),
  });
};
const p5 = { instanceTypes: [new ec2.InstanceType('p5.48xlarge')] };

describe('while context is looked up, no rule speaks of', () => {
  test.each<[string, (stack: Stack) => void]>([
    ['the subnets of a cluster of PCS', stack => { slurm(stack); }],
    ['subnets by a name that the VPC that stands in doesn\'t have', stack => { slurm(stack, { vpcSubnets: { subnetGroupName: 'hpc' } }); }],
    ['the number of subnets, with EFA', nodeGroup(() => p5)],
    ['public subnets, with EFA', nodeGroup(() => ({ ...p5, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }))],
    ['the zone of a block', nodeGroup(() => ({
      ...p5, purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, availabilityZone: 'us-east-1d' }),
    }))],
    ['an image of a node group', nodeGroup(stack => ({ image: pcs.NodeImage.fromAmiId(lookedUp.image(stack)) }))],
    ['an image by a parameter', nodeGroup(stack => ({ image: pcs.NodeImage.fromAmiId(lookedUp.parameter(stack)) }))],
    ['a machine image', nodeGroup(() => ({ image: pcs.NodeImage.fromMachineImage(ec2.MachineImage.lookup({ name: 'hpc-*' })) }))],
    ['the role of a node group', nodeGroup(stack => ({ nodeRole: pcs.NodeRole.fromRole(lookedUp.role(stack)) }))],
    ['a reservation', nodeGroup(stack => ({
      purchaseOption: pcs.PurchaseOption.targetedReservation({ capacityReservationId: lookedUp.parameter(stack) }),
    }))],
    ['the name of a node group', nodeGroup(stack => ({ computeNodeGroupName: lookedUp.parameter(stack) }))],
    ['the addresses of a HyperPod group', group(() => ({}))],
    ['HyperPod subnets by a name', group(() => ({ vpcSubnets: { subnetGroupName: 'hpc' } }))],
    ['an image of a HyperPod group', group(stack => ({ imageId: lookedUp.image(stack) }))],
    ['an image of a HyperPod group by a parameter', group(stack => ({ imageId: lookedUp.parameter(stack) }))],
    ['the zones of a plan\'s nodes', group(stack => ({
      capacity: hyperpod.Capacity.trainingPlan(training_plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', lookedUp.parameter(stack, '/plan'))),
    }))],
    ['the folder of scripts', group(stack => ({
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'scripts'), prefix: lookedUp.parameter(stack) }),
    }))],
    ['the name of a plan', stack => { training_plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', lookedUp.parameter(stack)); }],
  ])('%s', (_name, program) => {
    const stack = unsettled();
    expect(spoken(stack, () => program(stack))).toEqual([]);
  });

  test('nothing, so the CLI learns what to look up', () => {
    const stack = unsettled();
    group(given => ({ imageId: lookedUp.image(given) }))(stack);
    const { manifest } = (stack.node.root as App).synth();
    expect(manifest.missing?.map(({ provider }) => provider).sort()).toEqual(['ami', 'vpc-provider']);
  });
});

describe('what aws-cdk-lib puts in place of what is looked up', () => {
  /** Each text of a dummy value in its sources, but for those of services that no property of ours takes. */
  const folder = dirname(require.resolve('aws-cdk-lib/package.json'));
  const sources = ['aws-ec2/lib/vpc.js', 'aws-ec2/lib/security-group.js', 'aws-ec2/lib/machine-image/machine-image.js', 'aws-iam/lib/role.js', 'core/lib/stack.js'];
  const texts = sources.flatMap(file => {
    const source = readFileSync(join(folder, file), 'utf8');
    const starts = [...source.matchAll(/dummyValue:|DUMMY_VPC_PROPS=/g)].map(({ index }) => index);
    return starts.flatMap(start => [...source.slice(start, start + 1300).matchAll(/"((?:ami|vpc|sg|s|p)-\d+|dummy\w+|[\d.]+\/\d+)"/g)].map(([, text]) => text));
  });

  test('is read of its sources', () => {
    expect(new Set(texts)).toEqual(new Set([
      'ami-1234', 'vpc-12345', 'sg-12345678', 's-12345', 's-67890', 'p-12345', 'p-67890', 'dummy1a', 'dummy1b', 'dummy1c', '1.2.3.4/5',
    ]));
    expect(readdirSync(folder)).toContain('aws-ec2');
  });

  test.each([...new Set(texts)])('%s is known', text => {
    expect(isPlaceholder(text)).toBe(true);
  });

  test.each(['ami-12345678', 'vpc-1234567890abcdef0', 'sg-0123456789abcdef0', 's-1', 'dummy', 'dummy1', 'dummies'])('%s is none of it', text => {
    expect(isPlaceholder(text)).toBe(false);
  });
});

/*
 * Every text, number and list of a property, replaced by what isn't known at synthesis. What a property takes is found by trying: the
 * program is run with each leaf of its props replaced in turn.
 */
describe('no rule speaks of what isn\'t known at synthesis', () => {
  type Leaf = string | number;
  const strange: Record<string, (stack: Stack, leaf: Leaf) => unknown> = {
    'a parameter': (stack, leaf) => {
      const parameter = new CfnParameter(stack, `P${stack.node.children.length}`, { type: typeof leaf === 'number' ? 'Number' : 'String' });
      return typeof leaf === 'number' ? parameter.valueAsNumber : parameter.valueAsString;
    },
    'a lazy value': (_stack, leaf) => typeof leaf === 'number' ? Lazy.number({ produce: () => leaf }) : Lazy.string({ produce: () => leaf }),
    'a condition': (_stack, leaf) => {
      const value = Fn.conditionIf('Condition', leaf, Aws.NO_VALUE);
      return typeof leaf === 'number' ? Token.asNumber(value) : Token.asString(value);
    },
    'a parameter of SSM that is yet to be looked up': (stack, leaf) => typeof leaf === 'number' ? leaf : lookedUp.parameter(stack),
  };

  const programs: Record<string, { leaves: Record<string, Leaf>; run: (stack: Stack, at: (name: string) => never) => void }> = {
    'a cluster of PCS': {
      leaves: { clusterName: 'slurm' },
      run: (stack, at) => { slurm(stack, { clusterName: at('clusterName') }); },
    },
    'a node group': {
      leaves: {
        computeNodeGroupName: 'nodes',
        type: 'c7i.xlarge',
        image: 'ami-0123456789abcdef0',
        min: 0,
        max: 4,
        group: 'sg-0123456789abcdef0',
        hops: 2,
        tag: 'x',
        iops: 3000,
        weight: 1,
      },
      run: (stack, at) => {
        slurm(stack).addComputeNodeGroup('Nodes', {
          computeNodeGroupName: at('computeNodeGroupName'),
          instanceTypes: [new ec2.InstanceType(at('type'))],
          image: pcs.NodeImage.fromAmiId(at('image'), { rootDeviceName: '/dev/xvda' }),
          scaling: pcs.Scaling.between({ min: at('min'), max: at('max') }),
          securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Given', at('group'))],
          launch: pcs.NodeLaunch.managed({ metadataHopLimit: at('hops'), instanceTags: { project: at('tag') }, rootVolume: { iops: at('iops') } }),
          slurmSettings: { weight: at('weight') },
        });
      },
    },
    'a group on a block': {
      leaves: { reservation: BLOCK, zone: 'us-east-1a', count: 4, max: 4 },
      run: (stack, at) => {
        slurm(stack).addComputeNodeGroup('Nodes', nodes({
          ...p5,
          scaling: pcs.Scaling.elastic(at('max')),
          purchaseOption: pcs.PurchaseOption.capacityBlock({
            capacityReservationId: at('reservation'), availabilityZone: at('zone'), instanceCount: at('count'),
          }),
        }));
      },
    },
    'a queue': {
      leaves: { queueName: 'main' },
      run: (stack, at) => {
        const cluster = slurm(stack);
        cluster.addQueue('Queue', { queueName: at('queueName'), computeNodeGroups: [cluster.addComputeNodeGroup('Nodes', nodes())] });
      },
    },
    'a HyperPod group': {
      leaves: {
        name: 'workers',
        count: 2,
        threads: 1,
        image: 'ami-0123456789abcdef0',
        release: '1.2.3',
        label: 'x',
        taint: 'y',
        prefix: 'scripts',
        entryPoint: 'run.sh',
        dns: 'fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com',
        mount: 'abcdefgh',
        path: '/fsx',
        schedule: 'cron(0 2 ? * SUN *)',
      },
      run: (stack, at) => group(() => ({
        instanceGroupName: at('name'),
        instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: at('count') }),
        threadsPerCore: at('threads'),
        imageId: at('image'),
        imageReleaseVersion: at('release'),
        labels: { team: at('label') },
        taints: [{ key: 'gpu', value: at('taint'), effect: hyperpod.TaintEffect.NO_SCHEDULE }],
        lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({
          bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'scripts'), prefix: at('prefix'), entryPoint: at('entryPoint'),
        }),
        storage: [hyperpod.InstanceStorage.lustre({ dnsName: at('dns'), mountName: at('mount'), mountPath: at('path') })],
        scheduledUpdate: { schedule: at('schedule') },
      }))(stack),
    },
    'a quota': {
      leaves: { quota: 'research', description: 'text', count: 1, weight: 10, borrow: 50 },
      run: (stack, at) => {
        new hyperpod.ComputeQuota(stack, 'Quota', {
          cluster: hyperpod.Cluster.fromClusterArn(stack, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6'),
          computeQuotaName: at('quota'),
          description: at('description'),
          team: hyperpod.Team.of('research'),
          fairShareWeight: at('weight'),
          resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: at('count') })],
          sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent: at('borrow') }),
        });
      },
    },
    'a watch': {
      leaves: { plan: 'llm' },
      run: (stack, at) => {
        new training_plans.TrainingPlanWatch(stack, 'Watch', { trainingPlan: training_plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', at('plan')) });
      },
    },
  };
  const cases = Object.entries(programs).flatMap(([program, { leaves }]) =>
    Object.keys(leaves).flatMap(leaf => Object.keys(strange).map(kind => [program, leaf, kind] as const)));

  test.each(Object.entries(programs))('%s itself is right', (_name, { leaves, run }) => {
    const stack = unsettled();
    expect(spoken(stack, () => run(stack, name => leaves[name] as never))).toEqual([]);
  });

  test.each(cases)('%s, %s: %s', (program, leaf, kind) => {
    const { leaves, run } = programs[program];
    const stack = unsettled();
    const found = spoken(stack, () => run(stack, name => (name === leaf ? strange[kind](stack, leaves[name]) : leaves[name]) as never));
    expect(found).toEqual([]);
  });
});
