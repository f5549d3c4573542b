import {
  Aws, CfnCondition, CfnParameter, Duration, Fn, Lazy, Resource, Size, Stack, Tags, Token,
  aws_ec2 as ec2, aws_iam as iam, aws_s3 as s3, aws_ssm as ssm, type App,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { testRules } from './harness';
import { ACCOUNTING_CASES } from './pcs-accounting';
import { NEIGHBOUR_CASES } from './pcs-neighbours';
import { PEOPLE_CASES } from './pcs-people';
import { STORAGE_CASES } from './pcs-storage';
import * as blocks from '../../src/capacity-blocks';
import * as pcs from '../../src/pcs';
import { RULES } from '../../src/pcs/private/rules';
import { BLOCK, clusterIn, nodes, onePrivateSubnet, types, vpcIn } from '../pcs/fixture';

const HELLO = `${__dirname}/../pcs/scripts/hello.sh`;

/** A program that adds one node group to a cluster. */
const group = (options: Partial<pcs.ComputeNodeGroupOptions> = {}, cluster: Partial<pcs.ClusterProps> = {}) => (stack: Stack) => {
  clusterIn(stack, cluster).addComputeNodeGroup('Nodes', nodes(options));
};

/** A program that adds one node group to a cluster of which its ARN is known. */
const groupOfUnknown = (options: Partial<pcs.ComputeNodeGroupOptions>) => (stack: Stack) => {
  new pcs.ComputeNodeGroup(stack, 'Nodes', {
    cluster: importedCluster(stack), vpc: vpcIn(stack), securityGroups: [importedGroup(stack)], ...nodes(options),
  });
};

/** A program that makes a cluster. */
const cluster = (props: Partial<pcs.ClusterProps> = {}) => (stack: Stack) => { clusterIn(stack, props); };

/** A program that adds one queue to a cluster. */
const queue = (options: pcs.QueueOptions, props: Partial<pcs.ClusterProps> = {}) => (stack: Stack) => {
  const slurm = clusterIn(stack, props);
  slurm.addQueue('Queue', { computeNodeGroups: [slurm.addComputeNodeGroup('Nodes', nodes())], ...options });
};

/** A program that adds a node group with the image of AWS. */
const stockNodes = (options: Partial<pcs.ComputeNodeGroupOptions>, props: Partial<pcs.ClusterProps>) => group(
  { image: pcs.NodeImage.pcsReadyDlami(), ...options }, props,
);

/** A program that adds a P5 node group in one private subnet. */
const p5 = (options: Partial<pcs.ComputeNodeGroupOptions> = {}, zones?: string[]) => (stack: Stack) => {
  const vpc = vpcIn(stack, zones);
  clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({
    instanceTypes: types('p5.48xlarge'), vpcSubnets: onePrivateSubnet(vpc), ...options,
  }));
};

/** A program whose nodes are in so many private subnets of 251 addresses. */
const inSubnets = (max: number, instanceType: string, maxAzs: number) => (stack: Stack) => {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    maxAzs, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
  });
  clusterIn(stack, { vpc, size: pcs.ClusterSize.LARGE }).addComputeNodeGroup('Nodes', nodes({
    instanceTypes: types(instanceType), scaling: pcs.Scaling.elastic(max),
  }));
};

const block = (options: Partial<pcs.CapacityBlockPurchaseOptions> = {}) => pcs.PurchaseOption.capacityBlock({
  capacityReservationId: BLOCK, ...options,
});

/** A program whose nodes are in a block of the app, of which so much is known. */
const inBlock = (known: Partial<blocks.CapacityBlockAttributes>, options: Partial<pcs.ComputeNodeGroupOptions> = {}) => (stack: Stack) => {
  const imported = blocks.CapacityBlock.fromCapacityBlockAttributes(stack, 'Block', { capacityReservationId: BLOCK, ...known });
  p5({ purchaseOption: pcs.PurchaseOption.inCapacityBlock(imported), ...options })(stack);
};
/** The same of a block that is found by its criteria. */
const inFound = (criteria: blocks.CapacityBlockCriteria, options: Partial<pcs.ComputeNodeGroupOptions> = {}) => (stack: Stack) => {
  const found = new blocks.CapacityBlockLookup(stack, 'Block', { block: blocks.CapacityBlockSelector.byCriteria(criteria) });
  p5({ purchaseOption: pcs.PurchaseOption.inCapacityBlock(found), ...options })(stack);
};
/** A program with two groups of so many nodes in a block, the second by another construct of it. */
const sharedByConstructs = (
  instanceCount: number, max: number, selector = blocks.CapacityBlockSelector.byReservationId(BLOCK),
) => (stack: Stack) => {
  const vpc = vpcIn(stack);
  const slurm = clusterIn(stack, { vpc });
  const known = blocks.CapacityBlock.fromCapacityBlockAttributes(stack, 'Known', { capacityReservationId: BLOCK, instanceCount });
  const found = new blocks.CapacityBlockLookup(stack, 'Found', { block: selector });
  [known, found].forEach((each, index) => slurm.addComputeNodeGroup(`Nodes${index}`, nodes({
    instanceTypes: types('p5.48xlarge'),
    vpcSubnets: onePrivateSubnet(vpc),
    scaling: pcs.Scaling.fixed(max),
    purchaseOption: pcs.PurchaseOption.inCapacityBlock(each),
  })));
};

/** A program whose node groups are in Capacity Blocks, by default in the same one. */
const sharedBlock = (groups: (Partial<pcs.CapacityBlockPurchaseOptions> & { max: number })[]) => (stack: Stack) => {
  const vpc = vpcIn(stack);
  const slurm = clusterIn(stack, { vpc });
  groups.forEach(({ max, ...options }, index) => slurm.addComputeNodeGroup(`Nodes${index}`, nodes({
    instanceTypes: types('p5.48xlarge'), vpcSubnets: onePrivateSubnet(vpc), purchaseOption: block(options), scaling: pcs.Scaling.elastic(max),
  })));
};

/** A program with a dashboard of a cluster. */
const dashboard = (props: Partial<pcs.CapacityDashboardProps>) => (stack: Stack) => {
  new pcs.CapacityDashboard(stack, 'Capacity', { cluster: clusterIn(stack), ...props });
};

const efa = (choice: pcs.Efa) => pcs.NodeLaunch.managed({ efa: choice });

const script = (props: Partial<pcs.NodeLifecycleScript> = {}): pcs.NodeLifecycleScript => ({
  name: 'hello', source: pcs.ScriptSource.fromAsset(HELLO), ...props,
});

/** A program whose script is an object of the bucket `scripts`. */
const object = (options: Partial<pcs.BucketScriptOptions>) => (stack: Stack) => {
  const bucket = s3.Bucket.fromBucketName(stack, 'Scripts', 'scripts');
  scripts(script({ source: pcs.ScriptSource.fromBucket({ bucket, objectKey: 'a.sh', ...options }) }))(stack);
};

const scripts = (...list: pcs.NodeLifecycleScript[]) => group({ lifecycleActions: { nodeReady: list } });

/** A program whose node group uses a launch template with this data. */
const template = (
  launchTemplateData: ec2.CfnLaunchTemplate.LaunchTemplateDataProperty, options: Partial<pcs.ComputeNodeGroupOptions> = {},
) => (stack: Stack) => {
  const launchTemplate = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData });
  group({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate), ...options })(stack);
};

const importedTemplate = (attrs: ec2.LaunchTemplateAttributes, options: pcs.LaunchTemplateOptions = {}) => (stack: Stack) => {
  const launchTemplate = ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Template', attrs);
  group({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate, options) })(stack);
};

/** A launch template that is known as a reference and nothing else. */
class TemplateReference extends Resource implements ec2.ILaunchTemplateRef {
  public readonly launchTemplateRef = { launchTemplateId: 'lt-0123456789abcdef0' };
}

/** A template that depends on a condition. */
const conditional = (
  make: (either: (data: object) => any) => ec2.CfnLaunchTemplate.LaunchTemplateDataProperty,
  options: Partial<pcs.ComputeNodeGroupOptions> = {},
) => (stack: Stack) => {
  const condition = new CfnCondition(stack, 'Condition');
  template(make(data => Fn.conditionIf(condition.logicalId, data, Aws.NO_VALUE)), options)(stack);
};

/** A template that gets data from patches. */
const patched = (data: Record<string, unknown>, options: Partial<pcs.ComputeNodeGroupOptions> = {}, version?: string) => (stack: Stack) => {
  const launchTemplate = new ec2.LaunchTemplate(stack, 'Template');
  for (const [name, value] of Object.entries(data)) {
    (launchTemplate.node.defaultChild as ec2.CfnLaunchTemplate).addPropertyOverride(`LaunchTemplateData.${name}`, value);
  }
  group({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate, { version }), ...options })(stack);
};

/** An image whose root device is known. */
const ROOTED = pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { rootDeviceName: '/dev/xvda' });
const managed = (options: pcs.ManagedNodeLaunchOptions) => pcs.NodeLaunch.managed(options);
const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x']));
const tagged = (make: (stack: Stack) => IConstruct, tags: Record<string, string>) => (stack: Stack) => {
  const resource = make(stack);
  const includeResourceTypes = ['AWS::PCS::Cluster', 'AWS::PCS::ComputeNodeGroup', 'AWS::PCS::Queue'];
  Object.entries(tags).forEach(([key, value]) => Tags.of(resource).add(key, value, { includeResourceTypes }));
};

const custom = (text: string) => ec2.UserData.custom(text);
const script16k = (bytes: number, character = 'x') => custom(`#!/bin/bash\n${character.repeat(bytes - 12)}`);
const oneOf = (a: string, b: string) => Token.asString({ 'Fn::If': ['Condition', a, b] });
const onlyVpc = (stack: Stack) => stack.node.tryFindChild('Vpc') as ec2.IVpc | undefined ?? vpcIn(stack);

/** A program whose private subnets are a list that is known at deployment. */
const listed = (options: Partial<pcs.ComputeNodeGroupOptions>) => (stack: Stack) => {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Listed', {
    vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: Fn.split(',', Fn.importValue('Subnets')),
  });
  clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes(options));
};

const encoded = (text: string) => ({ userData: Buffer.from(text).toString('base64') });

const BLOCK_TEMPLATE: ec2.CfnLaunchTemplate.LaunchTemplateDataProperty = {
  instanceType: 'p5.48xlarge',
  instanceMarketOptions: { marketType: 'capacity-block' },
  capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: BLOCK } },
};
const EFA_CARDS = [0, 1].map(index => ({
  networkCardIndex: index, deviceIndex: index, interfaceType: 'efa', groups: ['sg-0123456789abcdef0'],
}));
const EFA_TEMPLATE = { networkInterfaces: EFA_CARDS };
/** A plain interface and one that is for EFA alone. */
const PRIMARY_AND_EFA_ONLY: ec2.CfnLaunchTemplate.LaunchTemplateDataProperty = {
  networkInterfaces: [{ deviceIndex: 0 }, { networkCardIndex: 1, deviceIndex: 1, interfaceType: 'efa-only' }].map(
    card => ({ ...card, groups: ['sg-0123456789abcdef0'] })),
};
const ONE_SUBNET: ec2.SubnetSelection = { availabilityZones: ['us-east-1a'], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
const RESERVATION_GROUP = 'arn:aws:resource-groups:us-east-1:111122223333:group/x';
const TARGETED = pcs.PurchaseOption.targetedReservation({ capacityReservationId: BLOCK });
const IN_GROUP = pcs.PurchaseOption.reservationGroup({ resourceGroupArn: RESERVATION_GROUP });

const BLOCK_GROUP = { instanceTypes: types('p5.48xlarge'), purchaseOption: block() };

const token = (value: unknown) => Token.asString(Lazy.any({ produce: () => value }));
const numberToken = () => Lazy.number({ produce: () => 5 });

const names = {
  refused: ['ab', '1abc', 'a_b', 'pcs_abc', 'a b c', '-abc'],
};

const srun = (fromPort: number, toPort: number) => pcs.SlurmTraffic.restrictive({ srunPorts: { fromPort, toPort } });

/** A program that makes a cluster in a VPC of the app. */
const inNewVpc = (props: ec2.VpcProps) => (stack: Stack) => { clusterIn(stack, { vpc: new ec2.Vpc(stack, 'Vpc', props) }); };

/** A program that delivers a log. */
const delivery = (
  destination: pcs.LogDestination, logType = pcs.ClusterLogType.SCHEDULER, props: Partial<pcs.ClusterProps> = {},
  options: Partial<pcs.LogDeliveryOptions> = {},
) => (stack: Stack) => { clusterIn(stack, props).addLogDelivery('Delivery', { logType, destination, ...options }); };

const IMPORTED = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';

const lookUp = (clusterIdentifier: string) => (stack: Stack) => { new pcs.ClusterLookup(stack, 'Found', { clusterIdentifier }); };

const lookUpGroup = (computeNodeGroupIdentifier: string) => (stack: Stack) => {
  new pcs.ComputeNodeGroupLookup(stack, 'Found', { cluster: pcs.Cluster.fromClusterArn(stack, 'C', IMPORTED), computeNodeGroupIdentifier });
};

const lookUpInstances = (props: Partial<pcs.ComputeNodeGroupInstancesLookupProps>) => (stack: Stack) => {
  const computeNodeGroup = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Group', `${IMPORTED}/computenodegroup/pcs_def456`);
  new pcs.ComputeNodeGroupInstancesLookup(stack, 'Found', { computeNodeGroup, ...props });
};

/** A program whose nodes run scripts as they boot, and mount file systems of the cluster and of their own. */
const DIRECTORY = pcs.DirectoryUsers.ldap({ ldapUri: 'ldaps://directory.example.com', searchBase: 'dc=example,dc=com' });
const beside = (
  count: number, shared: number, own: number, users?: pcs.DirectoryUsers, ofGroup?: pcs.DirectoryUsers,
) => (stack: Stack) => {
  const mounts = (length: number, name: string) => Array.from({ length }, (_, i) => pcs.NodeStorage.openZfs({
    dnsName: 'files.example.com', mountPath: `/${name}${i}`,
  }));
  clusterIn(stack, { storage: mounts(shared, 'shared'), users }).addComputeNodeGroup('Nodes', nodes({
    storage: mounts(own, 'own'), users: ofGroup, lifecycleActions: { nodeBootstrapped: Array.from({ length: count }, (_, i) => script({ name: `s${i}` })) },
  }));
};

testRules(RULES, {
  ...ACCOUNTING_CASES,
  ...NEIGHBOUR_CASES,
  ...PEOPLE_CASES,
  ...STORAGE_CASES,
  clusterName: {
    refused: {
      ...Object.fromEntries(names.refused.map(name => [name, cluster({ clusterName: name })])),
      '41 characters': cluster({ clusterName: 'a'.repeat(41) }),
    },
    accepted: {
      '3 characters': cluster({ clusterName: 'abc' }),
      '40 characters': cluster({ clusterName: 'a'.repeat(40) }),
      'none': cluster(),
      'a token': stack => {
        new pcs.Cluster(stack, 'C', {
          vpc: vpcIn(stack), size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, clusterName: token('x'),
        });
      },
    },
  },
  childIdTaken: {
    refused: {
      ...Object.fromEntries([
        'ControllerSecurityGroup', 'Default', 'EfaSecurityGroup', 'NodeInstanceProfile', 'NodePolicy', 'NodeRole', 'NodeSecurityGroup',
        'Resource', 'SecurityGroup',
      ].map(id => [`${id} for a node group`, (stack: Stack) => { clusterIn(stack).addComputeNodeGroup(id, nodes()); }])),
      'a queue': stack => { clusterIn(stack).addQueue('NodeRole', {}); },
      'a log delivery': stack => {
        clusterIn(stack).addLogDelivery('NodePolicy', { logType: pcs.ClusterLogType.SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs() });
      },
    },
    accepted: {
      'such a name': stack => { clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ computeNodeGroupName: 'NodeRole' })); },
      'another id': stack => { clusterIn(stack).addComputeNodeGroup('nodeRole', nodes()); },
    },
  },
  clusterElsewhere: {
    concrete: true,
    refused: {
      ...Object.fromEntries(Object.entries({
        'a node group': (stack, elsewhere) => {
          new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster: elsewhere, ...nodes({ vpcSubnets: { subnets: vpcIn(stack).privateSubnets } }) });
        },
        'a queue': (stack, elsewhere) => { new pcs.Queue(stack, 'Queue', { cluster: elsewhere }); },
        'a log delivery': (stack, elsewhere) => {
          new pcs.LogDelivery(stack, 'Log', {
            cluster: elsewhere, logType: pcs.ClusterLogType.SCHEDULER, destination: pcs.LogDestination.cloudWatchLogs(),
          });
        },
        'a look-up of a node group': (stack, elsewhere) => {
          new pcs.ComputeNodeGroupLookup(stack, 'Found', { cluster: elsewhere, computeNodeGroupIdentifier: 'login' });
        },
      } satisfies Record<string, (stack: Stack, elsewhere: pcs.ICluster) => void>).flatMap(([what, make]) => [
        ['another Region', IMPORTED.replace('us-east-1', 'eu-west-1')], ['another account', IMPORTED.replace('111122223333', '444455556666')],
      ].map(([where, arn]) => [`${what} of a cluster in ${where}`, (stack: Stack) => make(stack, pcs.Cluster.fromClusterArn(stack, 'C', arn))]))),
      'instances of a node group in another Region': stack => {
        const arn = `${IMPORTED}/computenodegroup/pcs_def456`.replace('us-east-1', 'eu-west-1');
        const computeNodeGroup = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(stack, 'Group', arn);
        new pcs.ComputeNodeGroupInstancesLookup(stack, 'Found', { computeNodeGroup });
      },
    },
    accepted: {
      'a cluster there': lookUpGroup('login'),
      'a stack whose place is known at deployment': stack => { lookUpGroup('login')(agnosticNeighbour(stack)); },
    },
  },
  clusterIdentifier: {
    refused: {
      'an ARN': lookUp('arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123'),
      'a name with an underscore': lookUp('my_cluster'),
      'an id without a number': lookUp('pcs_'),
      'an id with more behind it': lookUp('pcs_abc123/computenodegroup'),
    },
    accepted: { 'a name': lookUp('slurm-1'), 'an id': lookUp('pcs_abc123'), 'a token': lookUp(token('x')) },
  },
  nodeGroupIdentifier: {
    refused: { 'an ARN': lookUpGroup('arn:aws:pcs:us-east-1:111122223333:cluster/pcs_a/computenodegroup/pcs_b'), 'two letters': lookUpGroup('ab') },
    accepted: { 'a name': lookUpGroup('login'), 'an id': lookUpGroup('pcs_abc123'), 'a token': lookUpGroup(token('x')) },
  },
  instanceCounts: {
    refused: {
      'nothing to wait for': lookUpInstances({ minInstances: 0 }),
      'nothing to name': lookUpInstances({ maxInstances: 0 }),
      'half an instance': lookUpInstances({ maxInstances: 1.5 }),
      'more to wait for than to name': lookUpInstances({ minInstances: 3, maxInstances: 2 }),
    },
    accepted: {
      'the same': lookUpInstances({ minInstances: 2, maxInstances: 2 }),
      'none': lookUpInstances({}),
      'tokens': lookUpInstances({ minInstances: numberToken(), maxInstances: 2 }),
    },
  },
  clusterSubnetMissing: {
    refused: { 'an empty selection': cluster({ vpcSubnets: { subnets: [] } }) },
    accepted: { 'the default selection': cluster(), 'public subnets': cluster({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }) },
  },
  clusterNodesAboveSize: {
    refused: {
      'one group over the limit': group({ scaling: pcs.Scaling.elastic(33) }),
      'two groups that are over it together': stack => {
        const slurm = clusterIn(stack);
        slurm.addComputeNodeGroup('A', nodes({ scaling: pcs.Scaling.elastic(16) }));
        slurm.addComputeNodeGroup('B', nodes({ scaling: pcs.Scaling.fixed(17) }));
      },
      'a large cluster': group({ scaling: pcs.Scaling.elastic(2049) }, { size: pcs.ClusterSize.LARGE }),
    },
    accepted: {
      'the limit itself': group({ scaling: pcs.Scaling.elastic(32) }),
      'the limit of a medium cluster': group({ scaling: pcs.Scaling.elastic(512) }, { size: pcs.ClusterSize.MEDIUM }),
      'a size that isn\'t known': group({ scaling: pcs.Scaling.elastic(9999) }, { size: pcs.ClusterSize.of('HUGE') }),
      'a count that isn\'t known': stack => {
        const slurm = clusterIn(stack);
        slurm.addComputeNodeGroup('A', nodes({ scaling: pcs.Scaling.elastic(32) }));
        slurm.addComputeNodeGroup('B', nodes({ scaling: pcs.Scaling.elastic(numberToken()) }));
      },
    },
  },
  clusterManyNodeGroups: {
    refused: { 'eleven groups': stack => { addGroups(clusterIn(stack), 11); } },
    accepted: { 'ten groups': stack => { addGroups(clusterIn(stack), 10); } },
  },
  clusterManyQueues: {
    refused: { 'eleven queues': stack => { addQueues(clusterIn(stack), 11); } },
    accepted: { 'ten queues': stack => { addQueues(clusterIn(stack), 10); } },
  },
  slurmVersionEndOfLife: {
    refused: {
      'a version past its end of life': cluster({ schedulerVersion: pcs.SlurmVersion.V24_11 }),
      'a version whose end of life is announced': cluster({ schedulerVersion: pcs.SlurmVersion.V25_05 }),
    },
    accepted: {
      'a version without an end of life so far': cluster({ schedulerVersion: pcs.SlurmVersion.V25_11 }),
      'a version that isn\'t known': cluster({ schedulerVersion: pcs.SlurmVersion.of('24.11') }),
    },
  },
  slurmRestNeedsNewerSlurm: {
    refused: { 'an older version': cluster({ slurmRest: pcs.SlurmRest.STANDARD, schedulerVersion: pcs.SlurmVersion.V24_11 }) },
    accepted: {
      'the first version that has it': cluster({ slurmRest: pcs.SlurmRest.STANDARD, schedulerVersion: pcs.SlurmVersion.V25_05 }),
      'an API that is off': cluster({ slurmRest: pcs.SlurmRest.NONE, schedulerVersion: pcs.SlurmVersion.V24_11 }),
      'a version that isn\'t known': cluster({ slurmRest: pcs.SlurmRest.STANDARD, schedulerVersion: pcs.SlurmVersion.of('1') }),
    },
  },
  slurmdbdWithoutAccounting: {
    refused: {
      'no accounting': cluster({ slurmdbdSettings: { privateData: ['jobs'] } }),
      'accounting that is off': cluster({ accounting: pcs.Accounting.none(), slurmdbdSettings: { custom: { CommitDelay: '1' } } }),
    },
    accepted: {
      'accounting': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { privateData: ['jobs'] } }),
      'no settings': cluster({ slurmdbdSettings: {} }),
    },
  },
  vpcUnfit: {
    refused: {
      'dedicated tenancy': inNewVpc({ defaultInstanceTenancy: ec2.DefaultInstanceTenancy.DEDICATED }),
      'no DNS support': inNewVpc({ enableDnsSupport: false, enableDnsHostnames: false }),
      'no DNS host names': inNewVpc({ enableDnsHostnames: false }),
    },
    accepted: { 'a VPC as CDK makes it': inNewVpc({}), 'an imported VPC': cluster() },
  },
  trafficWithSecurityGroups: {
    refused: {
      both: stack => {
        const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')];
        cluster({ securityGroups, traffic: pcs.SlurmTraffic.permissive() })(stack);
      },
    },
    accepted: {
      'traffic alone': cluster({ traffic: pcs.SlurmTraffic.restrictive() }),
      'security groups alone': stack => {
        cluster({ securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')] })(stack);
      },
    },
  },
  srunPorts: {
    refused: {
      'a range that ends before it begins': cluster({ traffic: srun(60002, 60001) }),
      'a port below 1024': cluster({ traffic: srun(1023, 2000) }),
      'a port above 65535': cluster({ traffic: srun(60001, 65536) }),
      'a fraction': cluster({ traffic: srun(60001.5, 63000) }),
    },
    told: { 'a range that ends before it begins': ['traffic.srunPorts', '{"fromPort":60002,"toPort":60001}'] },
    accepted: {
      'the widest range': cluster({ traffic: srun(1024, 65535) }),
      'one port': cluster({ traffic: srun(60001, 60001) }),
      'a token': cluster({ traffic: srun(numberToken(), 65535) }),
      'traffic that isn\'t restricted': cluster({ traffic: pcs.SlurmTraffic.permissive() }),
    },
  },
  logFormat: {
    refused: {
      'Parquet in a log group': delivery(pcs.LogDestination.cloudWatchLogs({ outputFormat: pcs.LogOutputFormat.PARQUET })),
      'raw in a bucket': stack => {
        const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'a-bucket');
        delivery(pcs.LogDestination.s3(bucket, { outputFormat: pcs.LogOutputFormat.RAW }))(stack);
      },
    },
    told: { 'raw in a bucket': ['destination.outputFormat', '{"destination":"S3","outputFormat":"raw"}'] },
    accepted: {
      'JSON in a log group': delivery(pcs.LogDestination.cloudWatchLogs({ outputFormat: pcs.LogOutputFormat.JSON })),
      'no format': delivery(pcs.LogDestination.cloudWatchLogs()),
      'a format that isn\'t known': delivery(pcs.LogDestination.cloudWatchLogs({ outputFormat: pcs.LogOutputFormat.of('parquet') })),
      'Parquet in a bucket': stack => {
        const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'a-bucket');
        delivery(pcs.LogDestination.s3(bucket, { outputFormat: pcs.LogOutputFormat.PARQUET }))(stack);
      },
    },
  },
  logTypeUnknown: {
    refused: { 'a token': delivery(pcs.LogDestination.cloudWatchLogs(), pcs.ClusterLogType.of(Fn.importValue('log-type'))) },
    told: { 'a token': ['logType', '"<known at deployment>"'] },
    accepted: { 'a text that is none of the constants': delivery(pcs.LogDestination.cloudWatchLogs(), pcs.ClusterLogType.of('PCS_NEW_LOGS')) },
  },
  logRecordFields: {
    refused: {
      '129 fields': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { recordFields: Array(129).fill('field') }),
      'a field without a name': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { recordFields: ['message', ''] }),
      'a field of 51 characters': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { recordFields: ['x'.repeat(51)] }),
    },
    told: { '129 fields': ['recordFields', '129'], 'a field without a name': ['recordFields[1]', '""'] },
    accepted: {
      '128 fields': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { recordFields: Array(128).fill('x'.repeat(50)) }),
      'a list that is known at deployment': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { recordFields: Token.asList({ Ref: 'Fields' }) }),
    },
  },
  logFieldDelimiter: {
    refused: {
      'nothing': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { fieldDelimiter: '' }),
      'six characters': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { fieldDelimiter: '------' }),
    },
    accepted: { 'five characters outside of ASCII': delivery(pcs.LogDestination.cloudWatchLogs(), undefined, {}, { fieldDelimiter: '𝄞𝄞𝄞𝄞𝄞' }) },
  },
  logSuffixPath: {
    refused: { '257 characters': stack => delivery(pcs.LogDestination.s3(new s3.Bucket(stack, 'Logs'), { suffixPath: 'x'.repeat(257) }))(stack) },
    accepted: { '256 characters': stack => delivery(pcs.LogDestination.s3(new s3.Bucket(stack, 'Logs'), { suffixPath: 'x'.repeat(256) }))(stack) },
  },
  logNeedsNewerSlurm: {
    refused: {
      'the audit log of an older version': delivery(
        pcs.LogDestination.cloudWatchLogs(), pcs.ClusterLogType.SCHEDULER_AUDIT, { schedulerVersion: pcs.SlurmVersion.V25_05 },
      ),
    },
    accepted: {
      'the audit log of the version that brought it': delivery(pcs.LogDestination.cloudWatchLogs(), pcs.ClusterLogType.SCHEDULER_AUDIT),
      'another log of an older version': delivery(
        pcs.LogDestination.cloudWatchLogs(), pcs.ClusterLogType.SCHEDULER, { schedulerVersion: pcs.SlurmVersion.V24_11 },
      ),
      'a cluster whose version isn\'t known': stack => {
        new pcs.LogDelivery(stack, 'Delivery', {
          cluster: pcs.Cluster.fromClusterArn(stack, 'Cluster', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123'),
          logType: pcs.ClusterLogType.SCHEDULER_AUDIT,
          destination: pcs.LogDestination.cloudWatchLogs(),
        });
      },
    },
  },
  accountingRetention: {
    refused: {
      'no time': cluster({ accounting: pcs.Accounting.standard({ retention: Duration.days(0) }) }),
      'half a day': cluster({ accounting: pcs.Accounting.standard({ retention: Duration.hours(12) }) }),
      '10001 days': cluster({ accounting: pcs.Accounting.standard({ retention: Duration.days(10001) }) }),
    },
    accepted: {
      'a day': cluster({ accounting: pcs.Accounting.standard({ retention: Duration.days(1) }) }),
      '10000 days': cluster({ accounting: pcs.Accounting.standard({ retention: Duration.days(10000) }) }),
      'for ever': cluster({ accounting: pcs.Accounting.standard() }),
      'a token': cluster({ accounting: pcs.Accounting.standard({ retention: Duration.days(numberToken()) }) }),
    },
  },
  idleTime: {
    refused: {
      'no time of a cluster': cluster({ scaleDownIdleTime: Duration.seconds(0) }),
      'half a second': cluster({ scaleDownIdleTime: Duration.millis(500) }),
      'no time of a group': group({ scaleDownIdleTime: Duration.seconds(0) }),
      'half a second of a group': group({ scaleDownIdleTime: Duration.millis(500) }),
      'more than ten million seconds': group({ scaleDownIdleTime: Duration.seconds(10_000_001) }),
    },
    told: { 'half a second of a group': ['scaleDownIdleTime', '0.5'] },
    accepted: {
      'a second': cluster({ scaleDownIdleTime: Duration.seconds(1) }),
      'a second of a group': group({ scaleDownIdleTime: Duration.seconds(1) }),
      'more than ten million seconds of a cluster': cluster({ scaleDownIdleTime: Duration.seconds(10_000_001) }),
      'ten million seconds': group({ scaleDownIdleTime: Duration.seconds(10_000_000) }),
      'a token': group({ scaleDownIdleTime: Duration.seconds(numberToken()) }),
    },
  },
  idleTimeNeedsNewerSlurm: {
    refused: { 25.05: group({ scaleDownIdleTime: Duration.minutes(5) }, { schedulerVersion: pcs.SlurmVersion.V25_05 }) },
    accepted: {
      '25.11': group({ scaleDownIdleTime: Duration.minutes(5) }),
      '26.05': group({ scaleDownIdleTime: Duration.minutes(5) }, { schedulerVersion: pcs.SlurmVersion.V26_05 }),
      'a version that isn\'t known': group({ scaleDownIdleTime: Duration.minutes(5) }, { schedulerVersion: pcs.SlurmVersion.of('24.99') }),
      'an older version without it': group({}, { schedulerVersion: pcs.SlurmVersion.V25_05 }),
      'a cluster of which nothing is known': groupOfUnknown({ scaleDownIdleTime: Duration.minutes(5) }),
    },
  },
  nodeGroupName: {
    refused: {
      ...Object.fromEntries(names.refused.map(name => [name, group({ computeNodeGroupName: name })])),
      '26 characters': group({ computeNodeGroupName: 'a'.repeat(26) }),
    },
    accepted: {
      '3 characters': group({ computeNodeGroupName: 'a-1' }),
      '25 characters': group({ computeNodeGroupName: 'a'.repeat(25) }),
      'a token': group({ computeNodeGroupName: token('x') }),
    },
  },
  nodeGroupNameTwice: {
    refused: {
      'one name for two groups': stack => {
        const slurm = clusterIn(stack);
        for (const id of ['A', 'B']) { slurm.addComputeNodeGroup(id, nodes({ computeNodeGroupName: 'gpu' })); }
      },
    },
    accepted: {
      'two names': stack => {
        const slurm = clusterIn(stack);
        for (const name of ['cpu', 'gpu']) { slurm.addComputeNodeGroup(name, nodes({ computeNodeGroupName: name })); }
      },
      'one name in two clusters': stack => {
        const vpc = vpcIn(stack);
        for (const clusterName of ['one', 'two']) {
          clusterIn(stack, { clusterName, vpc }).addComputeNodeGroup('A', nodes({ computeNodeGroupName: 'gpu' }));
        }
      },
      'no names': stack => { addGroups(clusterIn(stack), 2); },
      'one name that isn\'t known': stack => {
        const slurm = clusterIn(stack);
        const computeNodeGroupName = token('gpu');
        for (const id of ['A', 'B']) { slurm.addComputeNodeGroup(id, nodes({ computeNodeGroupName })); }
      },
    },
  },
  instanceTypesMissing: {
    refused: { 'no type': group({ instanceTypes: [] }) },
    accepted: { 'one type': group() },
  },
  instanceTypesDiffer: {
    refused: {
      'two architectures': group({ instanceTypes: types('c7i.xlarge', 'c7g.xlarge') }),
      'two numbers of GPUs': group({ instanceTypes: types('g6.12xlarge', 'g6e.xlarge') }),
      'two numbers of vCPUs': group({ instanceTypes: types('hpc7a.48xlarge', 'hpc7a.96xlarge') }),
      'two sizes of a general family': group({ instanceTypes: types('c7i.xlarge', 'c7i.2xlarge') }),
      'two architectures of types with a suffix': group({ instanceTypes: types('p6-b300.36xlarge', 'p6e-gb300.36xlarge') }),
    },
    accepted: {
      'equal ones': group({ instanceTypes: types('g5.xlarge', 'g6.xlarge', 'g6e.xlarge') }),
      'ones of different memory': group({ instanceTypes: types('c7i.xlarge', 'm7i.xlarge', 'r7i.xlarge') }),
      'one that isn\'t known': group({ instanceTypes: types('p5.48xlarge', 'zz9-top.banana') }),
      'a token': group({ instanceTypes: types('p5.48xlarge', token('c7g.xlarge')) }),
    },
  },
  instanceTypesSeemToDiffer: {
    refused: {
      'two sizes of a new family': group({ instanceTypes: types('c99i.xlarge', 'c99i.2xlarge') }),
      'a size of a new family and one that is known': group({ instanceTypes: types('c7i.xlarge', 'c99i.2xlarge') }),
    },
    accepted: {
      'one size of two families': group({ instanceTypes: types('c99i.2xlarge', 'm6i.2xlarge') }),
      'sizes whose vCPUs can\'t be told': group({ instanceTypes: types('c7i.xlarge', 'c99i.metal-24xl') }),
      'catalogued types of equal vCPUs': group({ instanceTypes: types('hpc7a.96xlarge', 'hpc8a.96xlarge') }),
      'a catalogued type and one whose vCPUs are equal by its name': group({ instanceTypes: types('hpc7a.96xlarge', 'c99a.48xlarge') }),
      'sizes of a kind that isn\'t known': group({ instanceTypes: types('c7i.xlarge', 'c99i.2xlarge-new') }),
      'a token with a size behind it': group({ instanceTypes: types('c7i.xlarge', `${token('m7i')}.2xlarge`) }),
    },
  },
  instanceTypeOfSageMaker: {
    refused: {
      'a type of SageMaker': group({ instanceTypes: types('ml.p5.48xlarge') }),
      'one among others': group({ instanceTypes: types('c7i.xlarge', 'ml.c7i.xlarge') }),
      'with an image whose architecture depends on it': group({ instanceTypes: types('ml.c7g.xlarge'), image: pcs.NodeImage.pcsReadyDlami() }),
    },
    told: {
      'a type of SageMaker': ['instanceTypes', '["ml.p5.48xlarge"]'],
      'one among others': ['instanceTypes', '["ml.c7i.xlarge"]'],
      'with an image whose architecture depends on it': ['instanceTypes', '["ml.c7g.xlarge"]'],
    },
    accepted: {
      'a type of EC2': group({ instanceTypes: types('p5.48xlarge') }),
      'a name that has "ml" in it': group({ instanceTypes: types('mlx.large') }),
      'a token': group({ instanceTypes: types(token('ml.p5.48xlarge')) }),
    },
  },
  scalingCount: {
    refused: {
      'a negative count': group({ scaling: pcs.Scaling.elastic(-1) }),
      'half a node': group({ scaling: pcs.Scaling.fixed(1.5) }),
    },
    accepted: { 'none': group({ scaling: pcs.Scaling.fixed(0) }), 'a token': group({ scaling: pcs.Scaling.fixed(numberToken()) }) },
  },
  scalingMinAboveMax: {
    refused: { '2 above 1': group({ scaling: pcs.Scaling.between({ min: 2, max: 1 }) }) },
    accepted: {
      '2 and 2': group({ scaling: pcs.Scaling.between({ min: 2, max: 2 }) }),
      'a token above 1': group({ scaling: pcs.Scaling.between({ min: numberToken(), max: 1 }) }),
    },
  },
  scalingMixed: {
    refused: { '1 to 2': group({ scaling: pcs.Scaling.between({ min: 1, max: 2 }) }) },
    told: { '1 to 2': ['scaling', '{"min":1,"max":2}'] },
    accepted: {
      '0 to 2': group({ scaling: pcs.Scaling.between({ min: 0, max: 2 }) }),
      '2 to 2': group({ scaling: pcs.Scaling.fixed(2) }),
      '1 to a token': group({ scaling: pcs.Scaling.between({ min: 1, max: numberToken() }) }),
    },
  },
  vpcMissing: {
    refused: {
      'a cluster by its ARN': stack => {
        new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster: importedCluster(stack), securityGroups: [importedGroup(stack)], ...nodes() });
      },
    },
    accepted: {
      'a VPC beside the cluster': stack => {
        new pcs.ComputeNodeGroup(stack, 'Nodes', {
          cluster: importedCluster(stack), vpc: vpcIn(stack), securityGroups: [importedGroup(stack)], ...nodes(),
        });
      },
      'a cluster with its VPC': stack => {
        new pcs.ComputeNodeGroup(stack, 'Nodes', {
          cluster: importedCluster(stack, { vpc: vpcIn(stack) }), securityGroups: [importedGroup(stack)], ...nodes(),
        });
      },
    },
  },
  securityGroupsEmpty: {
    refused: { 'an empty list': cluster({ securityGroups: [] }) },
    accepted: {
      'none': cluster(),
      'a group': stack => cluster({ securityGroups: [importedGroup(stack)] })(stack),
    },
  },
  securityGroupsMissing: {
    refused: {
      'a cluster by its ARN': stack => {
        new pcs.ComputeNodeGroup(stack, 'Nodes', { cluster: importedCluster(stack), vpc: vpcIn(stack), ...nodes() });
      },
    },
    accepted: {
      'a cluster with its groups': stack => {
        new pcs.ComputeNodeGroup(stack, 'Nodes', {
          cluster: importedCluster(stack, { securityGroups: [importedGroup(stack)] }), vpc: vpcIn(stack), ...nodes(),
        });
      },
    },
  },
  nodeSubnetMissing: {
    refused: { 'an empty selection': group({ vpcSubnets: { subnets: [] } }) },
    accepted: {
      'the default selection': group(),
      'a selection from a VPC that is looked up later': stack => {
        const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'hpc' });
        group({ vpcSubnets: { availabilityZones: ['us-east-1a'] } }, { vpc })(stack);
      },
    },
    concrete: true,
  },
  reservationIsArn: {
    refused: {
      'a group of blocks': p5({ purchaseOption: block({ capacityReservationId: 'arn:aws:resource-groups:us-east-1:111122223333:group/x' }) }),
      'a targeted reservation': group({ purchaseOption: pcs.PurchaseOption.targetedReservation({ capacityReservationId: 'arn:aws:ec2:x' }) }),
      'an interruptible one': group({ purchaseOption: pcs.PurchaseOption.interruptibleReservation({ capacityReservationId: 'arn:aws:ec2:x' }) }),
    },
    accepted: {
      'an id': p5({ purchaseOption: block() }),
      'a token': p5({ purchaseOption: block({ capacityReservationId: token(BLOCK) }) }),
      'an option that isn\'t known': group({ purchaseOption: pcs.PurchaseOption.of('NEW', { capacityReservationId: 'arn:aws:ec2:x' }) }),
    },
  },
  reservationId: {
    refused: {
      'a name': p5({ purchaseOption: block({ capacityReservationId: 'my-reservation' }) }),
      'an offering': p5({ purchaseOption: block({ capacityReservationId: 'cb-0123456789abcdef0' }) }),
      'a targeted reservation with other digits': group({ purchaseOption: pcs.PurchaseOption.targetedReservation({ capacityReservationId: 'cr-xyz' }) }),
      'an interruptible one without digits': group({ purchaseOption: pcs.PurchaseOption.interruptibleReservation({ capacityReservationId: 'cr-' }) }),
    },
    told: { 'a name': ['purchaseOption.capacityReservationId', '"my-reservation"'] },
    accepted: {
      'an id': p5({ purchaseOption: block() }),
      'a dynamic reference': p5({ purchaseOption: block({ capacityReservationId: '{{resolve:ssm:/block}}' }) }),
      'a token': p5({ purchaseOption: block({ capacityReservationId: token('my-reservation') }) }),
      'a parameter that is yet to be looked up': p5({ purchaseOption: block({ capacityReservationId: 'dummy-value-for-/block' }) }),
      'an option that isn\'t known': group({ purchaseOption: pcs.PurchaseOption.of('NEW', { capacityReservationId: 'my-reservation' }) }),
    },
  },
  reservationGroupIsId: {
    refused: { 'an id': group({ purchaseOption: pcs.PurchaseOption.reservationGroup({ resourceGroupArn: BLOCK }) }) },
    accepted: {
      'an ARN': group({ purchaseOption: pcs.PurchaseOption.reservationGroup({ resourceGroupArn: 'arn:aws:resource-groups:us-east-1:111122223333:group/x' }) }),
      'a token': group({ purchaseOption: pcs.PurchaseOption.reservationGroup({ resourceGroupArn: token('x') }) }),
      'an ARN that is looked up later': stack => {
        const resourceGroupArn = ssm.StringParameter.valueFromLookup(stack, '/my/group');
        group({ purchaseOption: pcs.PurchaseOption.reservationGroup({ resourceGroupArn }) })(stack);
      },
    },
    concrete: true,
  },
  blockInstanceTypes: {
    refused: {
      'two types': p5({ instanceTypes: types('p5.48xlarge', 'p5e.48xlarge'), purchaseOption: block() }),
      'another type than that of an imported block': inBlock({ instanceType: new ec2.InstanceType('p5en.48xlarge') }),
      'another type than that by which a block is found': inFound({ instanceType: new ec2.InstanceType('p5en.48xlarge') }),
    },
    told: {
      'another type than that of an imported block': ['instanceTypes', '{"block":"p5en.48xlarge","instanceTypes":["p5.48xlarge"]}'],
    },
    accepted: {
      'the type of the block': inBlock({ instanceType: new ec2.InstanceType('p5.48xlarge') }),
      'a block whose type isn\'t known': inBlock({}),
      'a block whose type is a token': inBlock({ instanceType: new ec2.InstanceType(token('p5en.48xlarge')) }),
      'a type that is a token': inBlock({ instanceType: new ec2.InstanceType('p5.48xlarge') }, { instanceTypes: types(token('p5.48xlarge')) }),
      'one type': p5({ purchaseOption: block() }),
      'two types on demand': p5({ instanceTypes: types('p5.48xlarge', 'p5e.48xlarge') }),
    },
  },
  blockElsewhere: {
    refused: {
      'a block of another Region': stack => {
        const away = blocks.CapacityBlock.fromCapacityReservationArn(stack, 'Block', `arn:aws:ec2:us-west-2:111122223333:capacity-reservation/${BLOCK}`);
        p5({ purchaseOption: pcs.PurchaseOption.inCapacityBlock(away) })(stack);
      },
    },
    told: { 'a block of another Region': ['purchaseOption', '"us-west-2"'] },
    accepted: {
      'a block of another account, which shares it': stack => {
        const shared = blocks.CapacityBlock.fromCapacityReservationArn(stack, 'Block', `arn:aws:ec2:us-east-1:444455556666:capacity-reservation/${BLOCK}`);
        p5({ purchaseOption: pcs.PurchaseOption.inCapacityBlock(shared) })(stack);
      },
      'a block by an ARN that is a token': stack => {
        const imported = blocks.CapacityBlock.fromCapacityReservationArn(stack, 'Block', Fn.importValue('block'));
        p5({ purchaseOption: pcs.PurchaseOption.inCapacityBlock(imported) })(stack);
      },
      'a block of the stack': inBlock({}),
    },
    concrete: true,
  },
  blockTypeUnknown: {
    refused: {
      'a CPU type': group({ instanceTypes: types('c7i.48xlarge'), purchaseOption: block() }),
      'a GPU type that is sold on demand alone': group({ instanceTypes: types('g6e.48xlarge'), purchaseOption: block() }),
      'a type that isn\'t known': group({ instanceTypes: types('p9.48xlarge'), purchaseOption: block() }),
    },
    told: { 'a CPU type': ['instanceTypes', '["c7i.48xlarge"]'] },
    accepted: {
      'a type that is sold': p5({ purchaseOption: block() }),
      'a small one': p5({ instanceTypes: types('trn2.3xlarge'), purchaseOption: block() }),
      'one of an UltraServer': p5({ instanceTypes: types('p6e-gb200.36xlarge'), purchaseOption: block() }),
      'a CPU type on demand': group({ instanceTypes: types('c7i.48xlarge') }),
      'a CPU type in another reservation': group({ instanceTypes: types('c7i.48xlarge'), purchaseOption: TARGETED }),
      'a token': group({ instanceTypes: types(token('c7i.48xlarge')), purchaseOption: block() }),
    },
  },
  blockTooSmall: {
    refused: {
      '5 of 4': p5({ purchaseOption: block({ instanceCount: 4 }), scaling: pcs.Scaling.fixed(5) }),
      '5 of 4 of an imported block': inBlock({ instanceCount: 4 }, { scaling: pcs.Scaling.fixed(5) }),
    },
    told: { '5 of 4': ['purchaseOption', '{"instanceCount":4,"max":5}'] },
    accepted: {
      '4 of 4': p5({ purchaseOption: block({ instanceCount: 4 }), scaling: pcs.Scaling.fixed(4) }),
      'a token of 4': p5({ purchaseOption: block({ instanceCount: 4 }), scaling: pcs.Scaling.fixed(numberToken()) }),
      '5 of a token': p5({ purchaseOption: block({ instanceCount: numberToken() }), scaling: pcs.Scaling.fixed(5) }),
      'a share of the block': p5({ purchaseOption: block({ instanceCount: 4 }), scaling: pcs.Scaling.fixed(2) }),
    },
  },
  blockShared: {
    refused: {
      'two groups of 3 in a block of 4': sharedBlock([{ max: 3, instanceCount: 4 }, { max: 3, instanceCount: 4 }]),
      'groups of which one tells the size': sharedBlock([{ max: 3 }, { max: 3 }, { max: 0, instanceCount: 4 }]),
      'a group in an import and one in a look-up of it': sharedByConstructs(4, 3),
      'groups of two clusters': stack => {
        const vpc = vpcIn(stack);
        for (const clusterName of ['one', 'two']) {
          clusterIn(stack, { vpc, clusterName }).addComputeNodeGroup('Nodes', nodes({
            instanceTypes: types('p5.48xlarge'), vpcSubnets: onePrivateSubnet(vpc), purchaseOption: block({ instanceCount: 4 }),
          }));
        }
      },
    },
    told: {
      'two groups of 3 in a block of 4': ['purchaseOption.capacityReservationId', '{"instanceCount":4,"maxInstances":6}'],
      'groups of which one tells the size': ['purchaseOption.capacityReservationId', '{"instanceCount":4,"maxInstances":6}'],
    },
    accepted: {
      'two groups of 2 in a block of 4': sharedBlock([{ max: 2, instanceCount: 4 }, { max: 2, instanceCount: 4 }]),
      'an import and a look-up that have room for both': sharedByConstructs(4, 2),
      'an import and a look-up that may be of two blocks': sharedByConstructs(4, 3, blocks.CapacityBlockSelector.byPurchaseName('llm')),
      'groups in two blocks': sharedBlock([{ max: 3, instanceCount: 4 }, { max: 3, instanceCount: 4, capacityReservationId: 'cr-1' }]),
      'a block whose size isn\'t known': sharedBlock([{ max: 3 }, { max: 3 }]),
      'a size and maxima that aren\'t known': sharedBlock([{ max: numberToken(), instanceCount: 4 }, { max: 3, instanceCount: numberToken() }]),
      'groups in another reservation': stack => {
        const slurm = clusterIn(stack);
        for (const id of ['A', 'B']) { slurm.addComputeNodeGroup(id, nodes({ purchaseOption: TARGETED })); }
      },
    },
  },
  blockZoneId: {
    refused: {
      'the id of a zone': p5({ purchaseOption: block({ availabilityZone: 'use1-az4' }) }),
      'the id of a local zone': p5({ purchaseOption: block({ availabilityZone: 'usw2-lax1-az1' }) }),
    },
    told: { 'the id of a zone': ['purchaseOption.availabilityZone', '"use1-az4"'] },
    accepted: {
      'a name': p5({ purchaseOption: block({ availabilityZone: 'us-east-1a' }) }),
      'a token': p5({ purchaseOption: block({ availabilityZone: token('use1-az4') }) }),
    },
  },
  blockZone: {
    refused: {
      'a zone without a subnet': p5({ purchaseOption: block({ availabilityZone: 'us-east-1c' }) }),
      'a zone of an imported block without a subnet': inBlock({ availabilityZone: 'us-east-1c' }),
      'a zone by which a block is found without a subnet': inFound({ availabilityZones: ['us-east-1c'] }),
    },
    told: { 'a zone without a subnet': ['vpcSubnets', '{"block":"us-east-1c","subnets":["us-east-1a"]}'] },
    accepted: {
      'a zone with a subnet': p5({ purchaseOption: block({ availabilityZone: 'us-east-1a' }) }),
      'one of two zones by which a block is found': inFound({ availabilityZones: ['us-east-1a', 'us-east-1c'] }),
      'zones that aren\'t known': p5({ purchaseOption: block({ availabilityZone: 'us-east-1c' }) }, [token('a'), token('b')]),
      'zones that are looked up later': p5({ purchaseOption: block({ availabilityZone: 'us-east-1c' }) }, ['dummy1a', 'dummy1b']),
      'zones of which one is looked up later': p5(
        { purchaseOption: block({ availabilityZone: 'us-east-1c' }), vpcSubnets: undefined }, ['dummy1a', 'us-east-1b']),
      'a subnet that was imported without its zone': stack => {
        const vpcSubnets = { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0')] };
        p5({ purchaseOption: block({ availabilityZone: 'us-east-1c' }), vpcSubnets })(stack);
      },
    },
  },
  blockZoneUnknown: {
    refused: {
      'zones that aren\'t known': p5({ vpcSubnets: undefined, purchaseOption: block({ availabilityZone: 'us-east-1a' }) }, [token('a'), token('b')]),
    },
    accepted: {
      'subnets that are named': p5({ purchaseOption: block({ availabilityZone: 'us-east-1a' }) }, [token('a'), token('b')]),
      'zones that are known': p5({ vpcSubnets: undefined, purchaseOption: block({ availabilityZone: 'us-east-1a' }) }),
      'no zone': p5({ vpcSubnets: undefined, purchaseOption: block(), launch: efa(pcs.Efa.none()) }, [token('a'), token('b')]),
    },
  },
  placementWithBlock: {
    refused: {
      'a placement group': stack => { p5({ purchaseOption: block(), launch: placed(stack) })(stack); },
      'one in a given template': template({ ...BLOCK_TEMPLATE, placement: { groupName: 'x' } }, BLOCK_GROUP),
      'one of two': stack => {
        const condition = new CfnCondition(stack, 'Condition');
        template({ ...BLOCK_TEMPLATE, placement: Fn.conditionIf(condition.logicalId, { GroupName: 'x' }, { GroupName: 'y' }) }, BLOCK_GROUP)(stack);
      },
    },
    accepted: {
      'none': p5({ purchaseOption: block() }),
      'a placement group on demand': stack => { p5({ launch: placed(stack) })(stack); },
      'one in a given template on demand': template({ placement: { groupName: 'x' } }),
      'one that depends on a condition': conditional(either => ({ ...BLOCK_TEMPLATE, placement: either({ GroupName: 'x' }) }), BLOCK_GROUP),
      'none, by a reference': template({ ...BLOCK_TEMPLATE, placement: token({ Ref: 'AWS::NoValue' }) as never }, BLOCK_GROUP),
      'none in a given template': template(BLOCK_TEMPLATE, BLOCK_GROUP),
    },
  },
  subnetAddresses: {
    refused: {
      'nine nodes of 32 cards in a subnet of 251 addresses': inSubnets(9, 'p5.48xlarge', 1),
      'one node more than there are addresses': inSubnets(252, 'c7i.large', 1),
      'more than two subnets have together': inSubnets(503, 'c7i.large', 2),
    },
    told: {
      'nine nodes of 32 cards in a subnet of 251 addresses': ['vpcSubnets', '{"needed":288,"addresses":251}'],
      'more than two subnets have together': ['vpcSubnets', '{"needed":503,"addresses":502}'],
    },
    accepted: {
      'seven nodes of 32 cards': inSubnets(7, 'p5.48xlarge', 1),
      'as many nodes as there are addresses': inSubnets(251, 'c7i.large', 1),
      'as many as two subnets have together': inSubnets(502, 'c7i.large', 2),
      'subnets whose size isn\'t known': group({ scaling: pcs.Scaling.elastic(2000) }, { size: pcs.ClusterSize.LARGE }),
      'a number that isn\'t known': inSubnets(numberToken(), 'c7i.large', 1),
    },
  },
  efaUnknown: {
    refused: {
      'a type that isn\'t known': p5({ instanceTypes: types('p9.48xlarge') }),
      'a type of which only the network is known': p5({ instanceTypes: types('dl1.24xlarge') }),
      'a type whose layout can\'t be rendered': p5({ instanceTypes: types('p6e-gb200.36xlarge') }),
      'an unknown type beside a known one': p5({ instanceTypes: types('p5.48xlarge', 'p9.48xlarge') }),
    },
    told: { 'an unknown type beside a known one': ['launch.efa', '["p9.48xlarge"]'] },
    accepted: {
      'a known type': p5(),
      'a type without EFA': group(),
      'a type that isn\'t known, without EFA': p5({ instanceTypes: types('p9.48xlarge'), launch: efa(pcs.Efa.none()) }),
      'a type that isn\'t known, with a layout': p5({ instanceTypes: types('p9.48xlarge'), launch: efa(pcs.Efa.cards({ count: 8 })) }),
      'a token': p5({ instanceTypes: types(token('p9.48xlarge')) }),
    },
  },
  efaTypesDiffer: {
    refused: {
      'different numbers of cards': p5({ instanceTypes: types('p5.48xlarge', 'p5en.48xlarge') }),
      'a type with EFA and one without': p5({ instanceTypes: types('hpc7g.4xlarge', 'c7g.4xlarge') }),
      'a first card with EFA and one without': p5({ instanceTypes: types('p6-b200.48xlarge', 'p6-b300.48xlarge') }),
    },
    told: { 'different numbers of cards': ['instanceTypes', '{"p5.48xlarge":32,"p5en.48xlarge":16}'] },
    accepted: {
      'equal ones': p5({ instanceTypes: types('p5.48xlarge', 'p5e.48xlarge') }),
      'equal ones of several families': p5({ instanceTypes: types('c6i.32xlarge', 'm6i.32xlarge', 'r6i.32xlarge') }),
      'types without EFA': group({ instanceTypes: types('c7i.xlarge', 'm7i.xlarge') }),
      'as many cards as all have': p5({
        instanceTypes: types('p5.48xlarge', 'p5en.48xlarge'), launch: efa(pcs.Efa.cards({ count: 16 })),
      }),
      'none': p5({ instanceTypes: types('p5.48xlarge', 'p5en.48xlarge'), launch: efa(pcs.Efa.none()) }),
      'a token': p5({ instanceTypes: types('p5.48xlarge', token('p5en.48xlarge')) }),
    },
  },
  efaNotUsed: {
    refused: {
      'two subnets': p5({ vpcSubnets: undefined }),
      'the public subnet of a zone': p5({
        vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, purchaseOption: block({ availabilityZone: 'us-east-1a' }),
      }),
      'a public subnet beside a private one of the zone': stack => {
        const vpc = vpcIn(stack);
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({
          instanceTypes: types('p5.48xlarge'),
          vpcSubnets: { subnets: [vpc.publicSubnets[0], vpc.privateSubnets[0]] },
          purchaseOption: block({ availabilityZone: 'us-east-1a' }),
        }));
      },
      'a public subnet': stack => {
        const vpc = vpcIn(stack);
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({
          instanceTypes: types('p5.48xlarge'), vpcSubnets: { subnets: [vpc.publicSubnets[0]] },
        }));
      },
    },
    told: {
      'two subnets': ['launch.efa', '{"subnets":2,"public":false}'],
      'a public subnet': ['launch.efa', '{"subnets":1,"public":true}'],
      'a public subnet beside a private one of the zone': ['launch.efa', '{"subnets":2,"public":true}'],
    },
    accepted: {
      'one private subnet': p5(),
      'the private one of two zones': p5({ vpcSubnets: undefined, purchaseOption: block({ availabilityZone: 'us-east-1b' }) }),
      'the private one of a selection that has public ones in other zones': stack => {
        const vpc = vpcIn(stack);
        const vpcSubnets = { subnets: [vpc.publicSubnets[0], vpc.privateSubnets[1]] };
        clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({
          instanceTypes: types('p5.48xlarge'), vpcSubnets, purchaseOption: block({ availabilityZone: 'us-east-1b' }),
        }));
      },
      'no EFA wanted': p5({ vpcSubnets: undefined, launch: efa(pcs.Efa.none()) }),
      'a type that isn\'t known': p5({ vpcSubnets: undefined, instanceTypes: types('c7i.xlarge') }),
    },
  },
  efaSubnetList: {
    refused: {
      'with all cards': listed({ instanceTypes: types('p5.48xlarge') }),
      'with some of them': listed({ instanceTypes: types('p5.48xlarge'), launch: efa(pcs.Efa.cards({ count: 2 })) }),
    },
    accepted: {
      'without EFA': listed({ instanceTypes: types('c7i.xlarge') }),
      'one subnet that is known at deployment': stack => {
        const vpcSubnets = { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', Fn.select(0, Fn.split(',', Fn.importValue('Subnets'))))] };
        p5({ vpcSubnets })(stack);
      },
      'one subnet': p5(),
    },
  },
  efaSubnets: {
    refused: {
      'two subnets': p5({ vpcSubnets: undefined, launch: efa(pcs.Efa.cards({ count: 2 })) }),
      'two subnets and a given template': template(EFA_TEMPLATE),
      'two subnets and a given template with a plain interface as well': template(PRIMARY_AND_EFA_ONLY),
    },
    told: {
      'two subnets': ['vpcSubnets', '2'],
      'two subnets and a given template': ['vpcSubnets', '2'],
    },
    accepted: {
      'one subnet and a given template': template(EFA_TEMPLATE, { vpcSubnets: ONE_SUBNET }),
      'a given template without EFA': template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-0123456789abcdef0'] }] }),
      'one subnet': p5({ launch: efa(pcs.Efa.cards({ count: 2 })) }),
      'no EFA': p5({ vpcSubnets: undefined, launch: efa(pcs.Efa.none()) }),
    },
  },
  efaPublicSubnet: {
    refused: {
      'two cards': group({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, launch: efa(pcs.Efa.cards({ count: 2 })) }),
      'two cards in a given template': template(EFA_TEMPLATE, { vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }),
    },
    accepted: {
      'two cards in a given template and private subnets': template(EFA_TEMPLATE),
      'one card in a given template': template(
        { networkInterfaces: [EFA_CARDS[0]] }, { vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }),
      'one card': group({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, launch: efa(pcs.Efa.cards({ count: 1 })) }),
      'a private subnet': p5({ launch: efa(pcs.Efa.cards({ count: 2 })) }),
    },
  },
  efaCardIndex: {
    refused: {
      'a half': group({ launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, deviceIndex: 0, efa: true }, { networkCardIndex: 1.5, deviceIndex: 1, efa: true }])) }),
      'minus one': group({ launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, deviceIndex: 0, efa: true }, { networkCardIndex: 1, deviceIndex: -1, efa: true }])) }),
    },
    told: { 'minus one': ['launch.efa[1].deviceIndex', '-1'] },
    accepted: { 'whole numbers': group({ launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, deviceIndex: 0, efa: true }])) }) },
  },
  efaCardCount: {
    refused: {
      'none': p5({ launch: efa(pcs.Efa.cards({ count: 0 })) }),
      'half a card': p5({ launch: efa(pcs.Efa.cards({ count: 1.5 })) }),
      'a number that isn\'t known': p5({ launch: efa(pcs.Efa.cards({ count: numberToken() })) }),
    },
    accepted: { 'one': p5({ launch: efa(pcs.Efa.cards({ count: 1 })) }), 'no EFA': p5({ launch: efa(pcs.Efa.none()) }) },
  },
  efaMoreThanType: {
    refused: {
      'a card of a type that has none': p5({ instanceTypes: types('c7i.large'), launch: efa(pcs.Efa.cards({ count: 1 })) }),
      '17 cards of a p6-b300.48xlarge, whose first one is no EFA card': p5({
        instanceTypes: types('p6-b300.48xlarge'), launch: efa(pcs.Efa.cards({ count: 17 })),
      }),
      'a template with a card of a type that has none': template(EFA_TEMPLATE, { instanceTypes: types('c7i.large') }),
      '33 cards of a p5.48xlarge': p5({ launch: efa(pcs.Efa.cards({ count: 33 })) }),
      'more than the second type has': p5({
        instanceTypes: types('p5.48xlarge', 'p5en.48xlarge'), launch: efa(pcs.Efa.cards({ count: 32 })),
      }),
    },
    told: {
      'a template with a card of a type that has none': ['launchTemplate.NetworkInterfaces', '{"c7i.large":0,"asked":2}'],
      '33 cards of a p5.48xlarge': ['launch.efa', '{"p5.48xlarge":32,"asked":33}'],
      'more than the second type has': ['launch.efa', '{"p5en.48xlarge":16,"asked":32}'],
    },
    accepted: {
      'all cards': p5({ launch: efa(pcs.Efa.cards({ count: 32 })) }),
      'fewer cards': p5({ launch: efa(pcs.Efa.cards({ count: 4 })) }),
      'plain interfaces besides': p5({
        instanceTypes: types('hpc6a.48xlarge'),
        launch: efa(pcs.Efa.layout([{ networkCardIndex: 0 }, { networkCardIndex: 0, deviceIndex: 1, efa: false }])),
      }),
      'a type that isn\'t known': p5({ instanceTypes: types('p4d.24xlarge'), launch: efa(pcs.Efa.cards({ count: 4 })) }),
    },
  },
  efaCardMisplaced: {
    refused: {
      'EFA on a card that has none': p5({ instanceTypes: types('p6-b300.48xlarge'), launch: efa(pcs.Efa.layout([{ networkCardIndex: 0 }])) }),
      'a card that the type doesn\'t have': p5({
        instanceTypes: types('hpc7g.16xlarge'), launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, efa: false }, { networkCardIndex: 1 }])),
      }),
      'a device that the card doesn\'t have': p5({
        launch: efa(pcs.Efa.layout([{ networkCardIndex: 0 }, { networkCardIndex: 1, deviceIndex: 2 }])),
      }),
      'a plain interface too many': p5({
        instanceTypes: types('c7i.large'), launch: efa(pcs.Efa.layout([0, 1, 2, 3].map(deviceIndex => ({ networkCardIndex: 0, deviceIndex, efa: false })))),
      }),
      'the first cards of two types, of which one has no EFA on the first': p5({
        instanceTypes: types('p6-b200.48xlarge', 'p6-b300.48xlarge'), launch: efa(pcs.Efa.cards({ count: 8 })),
      }),
      'a template with EFA on a card that has none': template(
        { networkInterfaces: EFA_CARDS.map(card => ({ ...card, deviceIndex: 0 })) }, { instanceTypes: types('p6-b300.48xlarge') },
      ),
      'a patched template with a card that the type doesn\'t have': patched(
        { NetworkInterfaces: [{ DeviceIndex: '0', Groups: ['sg-1'] }, { NetworkCardIndex: '1', DeviceIndex: '1', InterfaceType: 'efa', Groups: ['sg-1'] }] },
        { instanceTypes: types('hpc7g.16xlarge') },
      ),
    },
    told: {
      'EFA on a card that has none': ['launch.efa', '{"p6-b300.48xlarge":["card 0, device 0, EFA"]}'],
      'a device that the card doesn\'t have': ['launch.efa', '{"p5.48xlarge":["card 1, device 2, EFA"]}'],
      'a template with EFA on a card that has none': [
        'launchTemplate.NetworkInterfaces', '{"p6-b300.48xlarge":["card 0, device 0, EFA"]}',
      ],
    },
    accepted: {
      'every EFA card': p5({ instanceTypes: types('p6-b300.48xlarge') }),
      'as many EFA cards as there are': p5({ instanceTypes: types('p6-b300.48xlarge'), launch: efa(pcs.Efa.cards({ count: 16 })) }),
      'a plain interface in front of EFA cards': p5({
        instanceTypes: types('p6-b300.48xlarge'),
        launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, efa: false }, { networkCardIndex: 1, deviceIndex: 0 }])),
      }),
      'the second device of a card': p5({
        instanceTypes: types('p6-b300.48xlarge'),
        launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, efa: false }, { networkCardIndex: 1, deviceIndex: 1 }])),
      }),
      'a type that isn\'t known': p5({ instanceTypes: types('p9.48xlarge'), launch: efa(pcs.Efa.layout([{ networkCardIndex: 0 }])) }),
      'a card that isn\'t known': p5({
        instanceTypes: types('p6-b300.48xlarge'),
        launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, efa: false }, { networkCardIndex: numberToken(), deviceIndex: 0 }])),
      }),
      'a template that fits': template(EFA_TEMPLATE, { instanceTypes: types('hpc7a.96xlarge') }),
      'a template whose interface depends on a condition': conditional(
        either => ({ networkInterfaces: [either(EFA_CARDS[0])] }), { instanceTypes: types('p6-b300.48xlarge') },
      ),
      'a template whose card depends on a condition': conditional(
        either => ({ networkInterfaces: [{ ...EFA_CARDS[0], interfaceType: either({}) }] }), { instanceTypes: types('p6-b300.48xlarge') },
      ),
    },
  },
  efaCards: {
    refused: {
      'a card that is used twice': p5({ launch: efa(pcs.Efa.layout([{ networkCardIndex: 0 }, { networkCardIndex: 0 }])) }),
      'no first card': p5({ launch: efa(pcs.Efa.layout([{ networkCardIndex: 1 }])) }),
    },
    told: { 'a card that is used twice': ['launch.efa', '["0/0"]'], 'no first card': ['launch.efa', '["1/1"]'] },
    accepted: {
      'two devices of one card': p5({ launch: efa(pcs.Efa.layout([{ networkCardIndex: 0, efa: false }, { networkCardIndex: 0, deviceIndex: 1 }])) }),
      'one card': p5({ launch: efa(pcs.Efa.cards({ count: 1 })) }),
      'cards that aren\'t known': p5({
        launch: efa(pcs.Efa.layout([{ networkCardIndex: numberToken(), deviceIndex: 0 }, { networkCardIndex: 1 }])),
      }),
    },
  },
  imageFromTemplate: {
    refused: { 'a template that we make': group({ image: pcs.NodeImage.fromLaunchTemplate() }) },
    accepted: { 'a template that is given': template({ imageId: 'ami-0123456789abcdef0' }, { image: pcs.NodeImage.fromLaunchTemplate() }) },
  },
  imageArchitecture: {
    refused: {
      'x86 on Graviton': group({
        instanceTypes: types('c7g.xlarge'), image: pcs.NodeImage.pcsReadyDlami({ architecture: ec2.InstanceArchitecture.X86_64 }),
      }),
      'Arm on Intel': group({ image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { architecture: ec2.InstanceArchitecture.ARM_64 }) }),
    },
    told: { 'Arm on Intel': ['image', '{"image":"arm64","instanceTypes":"x86_64"}'] },
    accepted: {
      'Arm on Graviton': group({
        instanceTypes: types('c7g.xlarge'),
        image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { architecture: ec2.InstanceArchitecture.ARM_64 }),
      }),
      'an image that says nothing': group({ instanceTypes: types('c7g.xlarge') }),
      'a type that says nothing': group({
        instanceTypes: types(token('x')), image: pcs.NodeImage.pcsReadyDlami({ architecture: ec2.InstanceArchitecture.ARM_64 }),
      }),
    },
  },
  imageArchitectureUnknown: {
    refused: {
      'a type that isn\'t known': group({ instanceTypes: types(token('x')), image: pcs.NodeImage.pcsReadyDlami() }),
      'a type whose name doesn\'t tell': group({ instanceTypes: types('p9e-vr200.36xlarge'), image: pcs.NodeImage.pcsReadyDlami() }),
    },
    accepted: {
      'an architecture beside it': group({
        instanceTypes: types(token('x')), image: pcs.NodeImage.pcsReadyDlami({ architecture: ec2.InstanceArchitecture.ARM_64 }),
      }),
      'a type that is known': group({ image: pcs.NodeImage.pcsReadyDlami() }),
      'a type whose name tells': group({ instanceTypes: types('p9e-gb400.36xlarge'), image: pcs.NodeImage.pcsReadyDlami() }),
    },
  },
  imageOperatingSystem: {
    refused: { Windows: group({ image: pcs.NodeImage.fromMachineImage(ec2.MachineImage.genericWindows({ 'us-east-1': 'ami-0123456789abcdef0' })) }) },
    told: { Windows: ['image', '"Windows"'] },
    accepted: { Linux: group({ image: pcs.NodeImage.fromMachineImage(ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-0123456789abcdef0' })) }) },
    concrete: true,
  },
  imageId: {
    refused: {
      'a name': group({ image: pcs.NodeImage.fromAmiId('my-image') }),
      'a name that ends like an id': group({ image: pcs.NodeImage.fromAmiId('my-ami-0123456789abcdef0') }),
      'an id with a space behind it': group({ image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0 ') }),
      'a lookup that EC2 would do at launch': group({
        image: pcs.NodeImage.fromMachineImage(ec2.MachineImage.resolveSsmParameterAtLaunch('/my/image')),
      }),
    },
    concrete: true,
    accepted: {
      'an id': group({ image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0') }),
      'a token': group({ image: pcs.NodeImage.fromAmiId(token('my-image')) }),
      'a dynamic reference': group({ image: pcs.NodeImage.fromAmiId('{{resolve:ssm:/my/image}}') }),
      'an id that is looked up later': stack => {
        group({ image: pcs.NodeImage.fromAmiId(ssm.StringParameter.valueFromLookup(stack, '/my/image')) })(stack);
      },
      'an image that is looked up later': group({
        image: pcs.NodeImage.fromMachineImage(ec2.MachineImage.fromSsmParameter('/my/image', { cachedInContext: true })),
      }),
    },
  },
  rootVolume: {
    refused: {
      'no size': group({ launch: managed({ rootVolume: { size: Size.gibibytes(0) } }) }),
      'a GiB and a half': group({ launch: managed({ rootVolume: { size: Size.mebibytes(1536) } }) }),
      'half an operation': group({ launch: managed({ rootVolume: { iops: 3000.5 } }) }),
      'a negative throughput': group({ launch: managed({ rootVolume: { throughput: -125 } }) }),
    },
    told: { 'a GiB and a half': ['launch.rootVolume.size', '1.5'], 'half an operation': ['launch.rootVolume.iops', '3000.5'] },
    accepted: {
      'whole numbers': group({ image: ROOTED, launch: managed({ rootVolume: { size: Size.gibibytes(200), iops: 3000, throughput: 125 } }) }),
      'numbers that are known at deployment': group({ image: ROOTED, launch: managed({ rootVolume: { iops: numberToken() } }) }),
    },
  },
  metadataHopLimit: {
    refused: {
      '0': group({ launch: managed({ metadataHopLimit: 0 }) }),
      '65': group({ launch: managed({ metadataHopLimit: 65 }) }),
      'a hop and a half': group({ launch: managed({ metadataHopLimit: 1.5 }) }),
    },
    accepted: { 1: group({ launch: managed({ metadataHopLimit: 1 }) }), 64: group({ launch: managed({ metadataHopLimit: 64 }) }) },
  },
  rootDeviceUnknown: {
    refused: { 'an image that says nothing': group({ launch: pcs.NodeLaunch.managed({ rootVolume: { size: Size.gibibytes(100) } }) }) },
    accepted: {
      'an image that names it': group({
        image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { rootDeviceName: '/dev/xvda' }),
        launch: pcs.NodeLaunch.managed({ rootVolume: { size: Size.gibibytes(100) } }),
      }),
      'no volume': group(),
    },
  },
  nodeRoleName: {
    refused: {
      'another path': cluster({ nodeRole: pcs.NodeRole.managed({ path: '/hpc/' }) }),
      'another path and name of a group': group({ nodeRole: pcs.NodeRole.managed({ path: '/', roleName: 'Nodes' }) }),
    },
    told: { 'another path and name of a group': ['nodeRole', '{"path":"/","roleName":"Nodes"}'] },
    accepted: {
      'another path and the prefix': cluster({ nodeRole: pcs.NodeRole.managed({ path: '/hpc/', roleName: 'AWSPCS-nodes' }) }),
      'the path and another name': cluster({ nodeRole: pcs.NodeRole.managed({ roleName: 'Nodes' }) }),
      'a longer path': cluster({ nodeRole: pcs.NodeRole.managed({ path: '/hpc/aws-pcs/' }) }),
      'a token': cluster({ nodeRole: pcs.NodeRole.managed({ path: '/hpc/', roleName: token('x') }) }),
    },
  },
  permissionsAfterNodes: {
    refused: {
      'a permission on the nodes themselves': stack => {
        const made = clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ scaling: pcs.Scaling.fixed(1) }));
        made.grants.read(made);
      },
    },
    told: { 'a permission on the nodes themselves': ['nodeRole', '"Stack/Cluster/NodeRole/DefaultPolicy/Resource"'] },
    accepted: {
      'nodes that start later': stack => {
        const made = clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ scaling: pcs.Scaling.elastic(1) }));
        made.grants.read(made);
      },
      'a permission on the cluster': stack => {
        const slurm = clusterIn(stack);
        slurm.grants.read(slurm.addComputeNodeGroup('Nodes', nodes({ scaling: pcs.Scaling.fixed(1) })));
      },
      'a permission on a bucket': stack => {
        new s3.Bucket(stack, 'Data').grantRead(clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ scaling: pcs.Scaling.fixed(1) })));
      },
    },
  },
  nodeRoleNameTwice: {
    refused: {
      'two objects of one name': stack => {
        const slurm = clusterIn(stack);
        for (const id of ['A', 'B']) { slurm.addComputeNodeGroup(id, nodes({ nodeRole: pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' }) })); }
      },
      'one object for groups of two clusters': stack => {
        const nodeRole = pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' });
        for (const clusterName of ['one', 'two']) { clusterIn(stack, { clusterName, vpc: onlyVpc(stack) }).addComputeNodeGroup('Nodes', nodes({ nodeRole })); }
      },
      'two profiles of one name': stack => {
        const slurm = clusterIn(stack);
        for (const id of ['A', 'B']) {
          const role = iam.Role.fromRoleArn(stack, id, `arn:aws:iam::111122223333:role/aws-pcs/${id}`);
          slurm.addComputeNodeGroup(`Nodes${id}`, nodes({ nodeRole: pcs.NodeRole.fromRole(role, { instanceProfileName: 'nodes' }) }));
        }
      },
      'that of the cluster, for a group': stack => {
        const nodeRole = () => pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' });
        clusterIn(stack, { nodeRole: nodeRole() }).addComputeNodeGroup('Nodes', nodes({ nodeRole: nodeRole() }));
      },
    },
    told: { 'two objects of one name': ['nodeRole.roleName', '"AWSPCS-nodes"'] },
    accepted: {
      'one object for two groups': stack => {
        const slurm = clusterIn(stack);
        const nodeRole = pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes', instanceProfileName: 'nodes' });
        for (const id of ['A', 'B']) { slurm.addComputeNodeGroup(id, nodes({ nodeRole })); }
      },
      'one object for the cluster and a group': stack => {
        const nodeRole = pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' });
        const slurm = clusterIn(stack, { nodeRole });
        slurm.addComputeNodeGroup('A', nodes({ nodeRole }));
        slurm.addComputeNodeGroup('B', nodes());
      },
      'two stacks': stack => {
        const other = new Stack(stack.node.root, 'Other');
        for (const place of [stack, other]) {
          clusterIn(place).addComputeNodeGroup('Nodes', nodes({ nodeRole: pcs.NodeRole.managed({ roleName: 'AWSPCS-nodes' }) }));
        }
      },
      'a token': stack => {
        const slurm = clusterIn(stack);
        for (const id of ['A', 'B']) { slurm.addComputeNodeGroup(id, nodes({ nodeRole: pcs.NodeRole.managed({ roleName: token('AWSPCS-nodes') }) })); }
      },
    },
  },
  roleName: {
    refused: {
      '65 characters': cluster({ nodeRole: pcs.NodeRole.managed({ roleName: `AWSPCS${'x'.repeat(59)}` }) }),
      'a slash': group({ nodeRole: pcs.NodeRole.managed({ roleName: 'AWSPCS/nodes' }) }),
    },
    told: { 'a slash': ['nodeRole.roleName', '"AWSPCS/nodes"'] },
    accepted: {
      '64 characters': cluster({ nodeRole: pcs.NodeRole.managed({ roleName: `AWSPCS${'x'.repeat(58)}` }) }),
      'a token': cluster({ nodeRole: pcs.NodeRole.managed({ roleName: token('x') }) }),
    },
  },
  instanceProfileName: {
    refused: {
      '129 characters': cluster({ nodeRole: pcs.NodeRole.managed({ instanceProfileName: 'x'.repeat(129) }) }),
      'a blank': cluster({ nodeRole: pcs.NodeRole.managed({ instanceProfileName: 'my nodes' }) }),
    },
    accepted: {
      '128 characters': cluster({ nodeRole: pcs.NodeRole.managed({ instanceProfileName: 'x'.repeat(128) }) }),
      'none': cluster({ nodeRole: pcs.NodeRole.managed() }),
    },
  },
  rolePath: {
    refused: {
      'no slash at the end': cluster({ nodeRole: pcs.NodeRole.managed({ path: '/aws-pcs' }) }),
      '513 characters': cluster({ nodeRole: pcs.NodeRole.managed({ path: `/aws-pcs/${'x'.repeat(503)}/` }) }),
    },
    told: { 'no slash at the end': ['nodeRole.path', '"/aws-pcs"'] },
    accepted: { '512 characters': cluster({ nodeRole: pcs.NodeRole.managed({ path: `/aws-pcs/${'x'.repeat(502)}/` }) }) },
  },
  nodeRoleUnfit: {
    refused: {
      'a role of the app': stack => { cluster({ nodeRole: pcs.NodeRole.fromRole(roleOf(stack, {})) })(stack); },
      'an imported role': stack => {
        cluster({ nodeRole: pcs.NodeRole.fromRole(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/Nodes')) })(stack);
      },
    },
    accepted: {
      'the path': stack => { cluster({ nodeRole: pcs.NodeRole.fromRole(roleOf(stack, { path: '/aws-pcs/' })) })(stack); },
      'the prefix': stack => { cluster({ nodeRole: pcs.NodeRole.fromRole(roleOf(stack, { roleName: 'AWSPCS-x' })) })(stack); },
      'an imported role with the path': stack => {
        cluster({ nodeRole: pcs.NodeRole.fromRole(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/aws-pcs/Nodes')) })(stack);
      },
      'an imported role with the prefix': stack => {
        cluster({ nodeRole: pcs.NodeRole.fromRole(iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/x/AWSPCSNodes')) })(stack);
      },
      'a name that is known at deployment': stack => {
        cluster({ nodeRole: pcs.NodeRole.fromRole(roleOf(stack, { roleName: new CfnParameter(stack, 'Name').valueAsString })) })(stack);
      },
      'a role that was imported by its name, whose path isn\'t known': stack => {
        cluster({ nodeRole: pcs.NodeRole.fromRole(iam.Role.fromRoleName(stack, 'Role', 'Nodes')) })(stack);
      },
      'an imported role by token': stack => {
        cluster({ nodeRole: pcs.NodeRole.fromRole(iam.Role.fromRoleArn(stack, 'Role', token('x'))) })(stack);
      },
    },
  },
  queueName: {
    refused: {
      ...Object.fromEntries(names.refused.map(name => [name, queue({ queueName: name })])),
      '26 characters': queue({ queueName: 'a'.repeat(26) }),
    },
    accepted: { '25 characters': queue({ queueName: 'a'.repeat(25) }), 'a token': queue({ queueName: token('x') }) },
  },
  queueNameTwice: {
    refused: {
      'one name for two queues': stack => {
        const slurm = clusterIn(stack);
        const computeNodeGroups = [slurm.addComputeNodeGroup('Nodes', nodes())];
        for (const id of ['A', 'B']) { slurm.addQueue(id, { computeNodeGroups, queueName: 'gpu' }); }
      },
    },
    accepted: {
      'two names': stack => {
        const slurm = clusterIn(stack);
        const computeNodeGroups = [slurm.addComputeNodeGroup('Nodes', nodes())];
        for (const queueName of ['cpu', 'gpu']) { slurm.addQueue(queueName, { computeNodeGroups, queueName }); }
      },
      'the name of a node group': stack => {
        const slurm = clusterIn(stack);
        const computeNodeGroups = [slurm.addComputeNodeGroup('Nodes', nodes({ computeNodeGroupName: 'gpu' }))];
        slurm.addQueue('Queue', { computeNodeGroups, queueName: 'gpu' });
      },
      'no names': stack => { addQueues(clusterIn(stack), 2); },
    },
  },
  queueOfOtherCluster: {
    refused: {
      'a group of another cluster': stack => {
        const vpc = vpcIn(stack);
        const other = clusterIn(stack, { clusterName: 'other', vpc }).addComputeNodeGroup('Nodes', nodes());
        clusterIn(stack, { vpc }).addQueue('Queue', { computeNodeGroups: [other] });
      },
      'one that is added later': stack => {
        const vpc = vpcIn(stack);
        const other = clusterIn(stack, { clusterName: 'other', vpc }).addComputeNodeGroup('Nodes', nodes());
        clusterIn(stack, { vpc }).addQueue('Queue', {}).addComputeNodeGroup(other);
      },
    },
    accepted: {
      'a group of the cluster': queue({}),
      'an imported group': stack => {
        clusterIn(stack).addQueue('Queue', {
          computeNodeGroups: [pcs.ComputeNodeGroup.fromComputeNodeGroupArn(
            stack, 'Nodes', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_a/computenodegroup/pcs_b')],
        });
      },
      'a group that was made with a reference to the cluster': stack => {
        const slurm = clusterIn(stack);
        const l1 = slurm.node.defaultChild as never;
        const workers = new pcs.ComputeNodeGroup(stack, 'Nodes', {
          cluster: l1, vpc: slurm.vpc, securityGroups: slurm.connections.securityGroups, ...nodes(),
        });
        slurm.addQueue('Queue', { computeNodeGroups: [workers] });
      },
    },
  },
  queueSecondDefault: {
    refused: {
      'two default queues': stack => {
        const slurm = clusterIn(stack);
        const computeNodeGroups = [slurm.addComputeNodeGroup('Nodes', nodes())];
        slurm.addQueue('A', { computeNodeGroups, isDefault: true });
        slurm.addQueue('B', { computeNodeGroups, isDefault: true });
      },
    },
    accepted: {
      'one of two': stack => {
        const slurm = clusterIn(stack);
        const computeNodeGroups = [slurm.addComputeNodeGroup('Nodes', nodes())];
        slurm.addQueue('A', { computeNodeGroups, isDefault: true });
        slurm.addQueue('B', { computeNodeGroups, isDefault: false });
      },
    },
  },
  queueEmpty: {
    refused: { 'no group': queue({ computeNodeGroups: [] }) },
    accepted: {
      'a group': queue({}),
      'a group that is added later': stack => {
        const slurm = clusterIn(stack);
        slurm.addQueue('Queue', {}).addComputeNodeGroup(slurm.addComputeNodeGroup('Nodes', nodes()));
      },
    },
  },
  slurmSettingTwice: {
    refused: {
      'a weight': group({ slurmSettings: { weight: 2, custom: { Weight: '3' } } }),
      'the default queue': queue({ isDefault: true, slurmSettings: { custom: { Default: 'NO' } } }),
      'enforcement of accounting': cluster({
        accounting: pcs.Accounting.standard({ enforcement: [pcs.AccountingEnforcement.LIMITS] }),
        slurmSettings: { custom: { AccountingStorageEnforce: 'qos' } },
      }),
      'the ports of srun': cluster({
        traffic: pcs.SlurmTraffic.restrictive(), slurmSettings: { custom: { SrunPortRange: '50000-51000' } },
      }),
      'a cgroup': cluster({ cgroupSettings: { constrainCores: true, custom: { ConstrainCores: 'no' } } }),
    },
    accepted: {
      'two settings': group({ slurmSettings: { weight: 2, custom: { Features: 'a' } } }),
      'what every object has': group({ slurmSettings: { custom: { toString: 'a' } as Record<string, string> } }),
      'the free form alone': queue({ slurmSettings: { custom: { Default: 'NO' } } }),
    },
  },
  slurmSettingUnknown: {
    refused: {
      'a setting of clusters on nodes': group({ slurmSettings: { custom: { Prolog: '/x' } } }),
      'a misspelt one': cluster({ slurmSettings: { custom: { Prologue: '/x' } } }),
      'a setting of slurm.conf for the database': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { Prolog: '/x' } } }),
      'what every object has': cluster({ slurmSettings: { custom: { constructor: '1' } as Record<string, string> } }),
      'a misspelt one of cgroups': cluster({ cgroupSettings: { custom: { ConstrainCore: 'yes' } } }),
      'a setting of nodes on queues': queue({ slurmSettings: { custom: { Weight: '1' } } }),
    },
    accepted: {
      'a setting of clusters': cluster({ slurmSettings: { custom: { Prolog: '/x' } } }),
      'a setting of nodes': group({ slurmSettings: { custom: { RealMemory: '1000' } } }),
      'a setting of queues': queue({ slurmSettings: { custom: { MaxTime: 'UNLIMITED' } } }),
      'a setting of the database': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { PurgeJobAfter: '12months' } } }),
      'a setting of cgroups': cluster({ cgroupSettings: { custom: { AllowedRAMSpace: '98' } } }),
      'ports of srun where traffic isn\'t restricted': cluster({ slurmSettings: { custom: { SrunPortRange: '50000-51000' } } }),
    },
  },
  slurmSettingNeedsNewerSlurm: {
    refused: {
      'sockets': group({ slurmSettings: { sockets: 2 } }, { schedulerVersion: pcs.SlurmVersion.V25_05 }),
      'parameters in free form': group({ slurmSettings: { custom: { Parameters: 'a' } } }, { schedulerVersion: pcs.SlurmVersion.V24_11 }),
      'metrics of a cluster': cluster({ slurmSettings: { custom: { MetricsType: 'x' } }, schedulerVersion: pcs.SlurmVersion.V25_05 }),
      'a filter of the command line': cluster({
        slurmSettings: { custom: { CliFilterPlugins: 'lua' } }, schedulerVersion: pcs.SlurmVersion.V24_11,
      }),
      'sockets as what is shared out': cluster({
        slurmSettings: { selectTypeParameters: ['CR_Socket_Memory'] }, schedulerVersion: pcs.SlurmVersion.V25_05,
      }),
      'HTTP among the daemons': cluster({
        slurmSettings: { custom: { CommunicationParameters: 'a,enable_http' } }, schedulerVersion: pcs.SlurmVersion.V25_05,
      }),
    },
    accepted: {
      'a filter of the command line': cluster({
        slurmSettings: { custom: { CliFilterPlugins: 'lua' } }, schedulerVersion: pcs.SlurmVersion.V25_05,
      }),
      'other values of the same settings': cluster({
        slurmSettings: { selectTypeParameters: ['CR_Core'], custom: { CommunicationParameters: 'a' } },
        schedulerVersion: pcs.SlurmVersion.V24_11,
      }),
      'a newer version': group({ slurmSettings: { sockets: 2 } }),
      'a version that isn\'t known': group({ slurmSettings: { sockets: 2 } }, { schedulerVersion: pcs.SlurmVersion.of('1') }),
      'a cluster of which nothing is known': groupOfUnknown({ slurmSettings: { sockets: 2 } }),
      'an older setting': group({ slurmSettings: { weight: 2 } }, { schedulerVersion: pcs.SlurmVersion.V24_11 }),
    },
  },
  slurmValueNumber: {
    refused: {
      'text': cluster({ slurmSettings: { custom: { MinJobAge: 'abc' } } }),
      'a fraction': group({ slurmSettings: { weight: 1.5 } }),
      'a negative number': group({ slurmSettings: { weight: -1 } }),
      'more than 16 bits': queue({ slurmSettings: { priorityTier: 65536 } }),
      'a unit': queue({ slurmSettings: { custom: { GraceTime: '10m' } } }),
      'a digit that octal numbers don\'t have': cluster({ slurmSettings: { custom: { FirstJobId: '08' } } }),
      'text for the database': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { CommitDelay: 'soon' } } }),
      'a percentage for cgroups': cluster({ cgroupSettings: { custom: { AllowedRAMSpace: '98%' } } }),
      'text in a version that isn\'t known': cluster({ schedulerVersion: pcs.SlurmVersion.of('1'), slurmSettings: { custom: { MinJobAge: 'abc' } } }),
      'a weight in a cluster of which nothing is known': groupOfUnknown({ slurmSettings: { weight: -1 } }),
    },
    told: {
      'text': ['slurmSettings.custom.MinJobAge', '"abc"'],
      'a negative number': ['slurmSettings (Weight)', '"-1"'],
      'a percentage for cgroups': ['cgroupSettings.custom.AllowedRAMSpace', '"98%"'],
    },
    accepted: {
      'numbers': group({ slurmSettings: { weight: 0, custom: { RealMemory: '0x1000', MemSpecLimit: '2K' } } }),
      'no limit': queue({ slurmSettings: { custom: { GraceTime: 'UNLIMITED' } } }),
      'a fraction for cgroups': cluster({ cgroupSettings: { custom: { MaxRAMPercent: '98.5' } } }),
      'tokens': group({ slurmSettings: { weight: numberToken(), cpuSpecList: [numberToken()], custom: { RealMemory: token('abc') } } }),
    },
  },
  slurmValueBoolean: {
    refused: {
      'a word': cluster({ slurmSettings: { custom: { TrackWCKey: 'maybe' } } }),
      'on': cluster({ cgroupSettings: { custom: { ConstrainCores: 'on' } } }),
      'a number': queue({ slurmSettings: { custom: { PowerDownOnIdle: '2' } } }),
    },
    accepted: {
      'words of all kinds': cluster({ cgroupSettings: { custom: { ConstrainCores: 'YES', ConstrainDevices: 'true', IgnoreSystemd: '0' } } }),
      'a token': cluster({ slurmSettings: { custom: { TrackWCKey: token('maybe') } } }),
    },
  },
  slurmValueTime: {
    refused: {
      'a word': queue({ slurmSettings: { custom: { MaxTime: 'ten' } } }),
      'a unit': queue({ slurmSettings: { custom: { DefaultTime: '1h' } } }),
      'too many parts': cluster({ slurmSettings: { custom: { PriorityMaxAge: '1:2:3:4' } } }),
    },
    accepted: {
      'all forms': queue({ slurmSettings: { custom: { MaxTime: '2-12:30:00', DefaultTime: '90:30' } } }),
      'no limit': cluster({ slurmSettings: { custom: { PriorityMaxAge: 'unlimited', PriorityCalcPeriod: '5' } } }),
      'durations': queue({ slurmSettings: { maxTime: Duration.days(2), defaultTime: Duration.minutes(numberToken()) } }),
    },
  },
  slurmValuePeriod: {
    refused: {
      'weeks': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { PurgeJobAfter: '12weeks' } } }),
      'no number': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { PurgeUsageAfter: 'months' } } }),
    },
    accepted: {
      'units, and the beginning of one': cluster({
        accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { PurgeJobAfter: '12months', PurgeStepAfter: '720hours', PurgeTXNAfter: '30d', PurgeEventAfter: '1' } },
      }),
    },
  },
  slurmValueWord: {
    refused: {
      'a flag with a slip': cluster({ slurmSettings: { prologFlags: ['Alloc', 'Contan'] } }),
      'a resource that isn\'t shared out': cluster({ slurmSettings: { selectTypeParameters: ['CR_Gpu'] } }),
      'a queue with a slip': queue({ slurmSettings: { overSubscribe: 'EXLUSIVE' } }),
      'a plugin that isn\'t there': cluster({ slurmSettings: { custom: { PreemptType: 'preempt/priority' } } }),
      'another period': cluster({ slurmSettings: { custom: { PriorityUsageResetPeriod: 'HOURLY' } } }),
    },
    told: { 'a flag with a slip': ['slurmSettings (PrologFlags)', '"Alloc,Contan"'] },
    accepted: {
      'flags in any case': cluster({ slurmSettings: { prologFlags: ['alloc', 'DEFERBATCH'], custom: { TaskPluginParam: 'autobind=cores,Verbose' } } }),
      'shares': queue({ slurmSettings: { overSubscribe: 'FORCE:2' } }),
      'lists that Slurm doesn\'t check': cluster({ slurmSettings: { schedulerParameters: ['bf_windw=2880'], custom: { LaunchParameters: 'new_one' } } }),
      'a version that isn\'t known': cluster({ schedulerVersion: pcs.SlurmVersion.of('1'), slurmSettings: { prologFlags: ['New'] } }),
      'tokens': cluster({ slurmSettings: { prologFlags: [token('Contan')] } }),
    },
  },
  slurmValueResource: {
    refused: {
      'a GPU by itself': cluster({ accounting: pcs.Accounting.standard(), slurmSettings: { accountingStorageTres: ['gpu'] } }),
      'a weight of nothing': queue({ slurmSettings: { custom: { TRESBillingWeights: 'CPU' } } }),
      'a weight of something unknown': cluster({ slurmSettings: { custom: { PriorityWeightTRES: 'Cores=1' } } }),
      'a license without a number': cluster({ slurmSettings: { custom: { Licenses: 'fluent:many' } } }),
    },
    accepted: {
      'resources': cluster({ accounting: pcs.Accounting.standard(), slurmSettings: { accountingStorageTres: ['gres/gpu:h100', 'license/fluent', 'FS/lustre'] } }),
      'weights': queue({ slurmSettings: { tresBillingWeights: { CPU: 1, Mem: 0.25 } } }),
      'a weight that is a token': queue({ slurmSettings: { tresBillingWeights: { CPU: numberToken() } } }),
      'licenses': cluster({ slurmSettings: { custom: { Licenses: 'fluent:30,ansys' } } }),
    },
  },
  slurmValueVersion: {
    refused: {
      'a word that came later': cluster({ slurmSettings: { preemptMode: ['CANCEL', 'PRIORITY'], custom: { PreemptType: 'preempt/qos' } } }),
      'a word that the version lacks': cluster({ schedulerVersion: pcs.SlurmVersion.V24_11, slurmSettings: { custom: { TaskPluginParam: 'SlurmdSpecOverride' } } }),
      'a plugin of a setting that came later': cluster({ slurmSettings: { custom: { MetricsType: 'metrics/nosuch' } } }),
      'a word of a cluster of which nothing is known': stack => {
        new pcs.Queue(stack, 'Queue', { cluster: importedCluster(stack), slurmSettings: { overSubscribe: 'EXLUSIVE' } });
      },
    },
    accepted: {
      'a version that takes it': cluster({
        schedulerVersion: pcs.SlurmVersion.V26_05, slurmSettings: { preemptMode: ['CANCEL', 'PRIORITY'], custom: { PreemptType: 'preempt/qos' } },
      }),
      'a version that isn\'t known': cluster({ schedulerVersion: pcs.SlurmVersion.of('1'), slurmSettings: { custom: { MetricsType: 'metrics/other' } } }),
    },
  },
  slurmValueIgnored: {
    refused: {
      'a state that nodes don\'t have': cluster({ slurmSettings: { custom: { HealthCheckNodeState: 'NoSuchWord' } } }),
      'less than Slurm sets': cluster({ slurmSettings: { unkillableStepTimeout: Duration.seconds(10) } }),
      'a range of ports from above': cluster({ slurmSettings: { custom: { SrunPortRange: '63000-60001' } } }),
      'a program without its folder': cluster({ slurmSettings: { epilog: 'epilog.sh' } }),
      'exit codes that don\'t exist': cluster({ slurmSettings: { custom: { RequeueExit: '300' } } }),
      'a time that the database can\'t read': cluster({ accounting: pcs.Accounting.standard(), slurmdbdSettings: { custom: { MaxQueryTimeRange: '1h' } } }),
      'an overtime with a unit': queue({ slurmSettings: { custom: { OverTimeLimit: '10m' } } }),
    },
    told: { 'less than Slurm sets': ['slurmSettings (UnkillableStepTimeout)', '"10"'] },
    accepted: {
      'states': cluster({ slurmSettings: { custom: { HealthCheckNodeState: 'IDLE,CYCLE' } } }),
      'enough': cluster({ slurmSettings: { unkillableStepTimeout: Duration.minutes(3) } }),
      'a program with its folder': cluster({ slurmSettings: { epilog: '/opt/epilog.sh' } }),
    },
  },
  slurmValueSpace: {
    refused: {
      'a list with spaces': cluster({ slurmSettings: { custom: { TaskPluginParam: 'cores, verbose' } } }),
      'nothing': cluster({ slurmSettings: { custom: { MinJobAge: '' } } }),
      'a comment': group({ slurmSettings: { features: ['h100#1'] } }),
    },
    accepted: {
      'one word': cluster({ slurmSettings: { custom: { TaskPluginParam: 'cores,verbose' } } }),
      'a setting that isn\'t known': cluster({ slurmSettings: { custom: { NoSuchSetting: 'a b' } } }),
    },
  },
  slurmValueLength: {
    refused: { '2049 characters': group({ slurmSettings: { features: ['a'.repeat(2049)] } }) },
    told: { '2049 characters': ['slurmSettings (Features)', '2049'] },
    accepted: { '2048 characters': group({ slurmSettings: { features: ['a'.repeat(2048)] } }) },
  },
  slurmSettingsTogether: {
    refused: {
      'SUSPEND without GANG': cluster({ slurmSettings: { preemptMode: ['SUSPEND'], custom: { PreemptType: 'preempt/qos' } } }),
      'a mode without a type': cluster({ slurmSettings: { preemptMode: ['CANCEL'] } }),
      'a type without a mode, in free form': cluster({ slurmSettings: { custom: { PreemptType: 'preempt/partition_prio' } } }),
      'two modes': cluster({ slurmSettings: { preemptMode: ['CANCEL', 'REQUEUE'], custom: { PreemptType: 'preempt/qos' } } }),
      'resources to share out, twice': cluster({ slurmSettings: { selectTypeParameters: ['CR_Core', 'CR_Memory'] } }),
      'no decay and no reset': cluster({ slurmSettings: { custom: { PriorityDecayHalfLife: '0' } } }),
      'GANG on a queue': queue({ slurmSettings: { preemptMode: 'GANG' } }),
      'accounts that may and may not': queue({ slurmSettings: { allowAccounts: ['a'], denyAccounts: ['b'] } }),
      'a weight of GPUs that aren\'t tracked': queue({ slurmSettings: { tresBillingWeights: { 'GRES/gpu': 8 } } }, { accounting: pcs.Accounting.standard() }),
      'tracked GPUs without accounting': cluster({ slurmSettings: { accountingStorageTres: ['gres/gpu'] } }),
    },
    told: {
      'SUSPEND without GANG': ['slurmSettings (PreemptMode)', '{"PreemptMode":"SUSPEND"}'],
      'a weight of GPUs that aren\'t tracked': ['slurmSettings (TRESBillingWeights)', '{"TRESBillingWeights":"GRES/gpu=8"}'],
    },
    accepted: {
      'SUSPEND with GANG': cluster({ slurmSettings: { preemptMode: ['SUSPEND', 'GANG'], custom: { PreemptType: 'preempt/qos' } } }),
      'GANG alone': cluster({ slurmSettings: { preemptMode: ['GANG'] } }),
      'a type that is a token': cluster({ slurmSettings: { preemptMode: ['CANCEL'], custom: { PreemptType: token('preempt/qos') } } }),
      'no decay and a reset': cluster({ slurmSettings: { custom: { PriorityDecayHalfLife: '0', PriorityUsageResetPeriod: 'MONTHLY' } } }),
      'one list of accounts': queue({ slurmSettings: { allowAccounts: ['a'] } }),
      'a weight of GPUs that are tracked': queue({ slurmSettings: { tresBillingWeights: { 'GRES/gpu': 8 } } }, {
        accounting: pcs.Accounting.standard(), slurmSettings: { accountingStorageTres: ['gres/gpu'] },
      }),
      'a queue of a cluster of which nothing is known': stack => {
        new pcs.Queue(stack, 'Queue', { cluster: importedCluster(stack), slurmSettings: { tresBillingWeights: { 'GRES/gpu': 8 } } });
      },
    },
  },
  slurmProgramMissing: {
    refused: {
      'a prolog': stockNodes({}, { slurmSettings: { prolog: '/opt/prolog.sh' } }),
      'an epilog in free form': stockNodes({}, { slurmSettings: { custom: { Epilog: '/opt/epilog.sh' } } }),
      'a program that ends what doesn\'t end': stockNodes({ lifecycleActions: { nodeReady: [] } }, { slurmSettings: { custom: { UnkillableStepProgram: '/opt/tell.sh' } } }),
    },
    told: { 'a prolog': ['cluster.slurmSettings', '{"Prolog":"/opt/prolog.sh"}'] },
    accepted: {
      'a script': stockNodes({ lifecycleActions: { nodeBootstrapped: [script()] } }, { slurmSettings: { prolog: '/opt/prolog.sh' } }),
      'user data': stockNodes({ launch: pcs.NodeLaunch.managed({ userData: ec2.UserData.forLinux() }) }, { slurmSettings: { prolog: '/opt/prolog.sh' } }),
      'an image of one\'s own': stockNodes({ image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0') }, { slurmSettings: { prolog: '/opt/prolog.sh' } }),
      'a launch template of one\'s own': stack => {
        const launchTemplate = new ec2.CfnLaunchTemplate(stack, 'Template', { launchTemplateData: {} });
        stockNodes({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate) }, { slurmSettings: { prolog: '/opt/prolog.sh' } })(stack);
      },
      'no program': stockNodes({}, { slurmSettings: { prologFlags: ['Alloc'] } }),
    },
  },
  gresRecordUnnamed: {
    refused: { 'a file alone': group({ gresRecords: [{ file: '/dev/x' }] }), 'no detection': group({ gresRecords: [{ autoDetect: 'off' }] }) },
    accepted: { 'a name': group({ gresRecords: [{ name: 'x' }] }), 'detection': group({ gresRecords: [{ autoDetect: 'nvidia' }] }) },
  },
  gresGpuWithoutFile: {
    refused: { 'a name alone': group({ gresRecords: [{ name: 'gpu', count: 8 }] }) },
    accepted: {
      'a file': group({ gresRecords: [{ name: 'gpu', file: '/dev/nvidia[0-7]' }] }),
      'several files': group({ gresRecords: [{ name: 'gpu', multipleFiles: '/dev/a,/dev/b' }] }),
      'detection': group({ gresRecords: [{ name: 'gpu', autoDetect: 'nvidia' }] }),
      'another resource': group({ gresRecords: [{ name: 'shard', count: 8 }] }),
    },
  },
  gresSecondGpu: {
    refused: { two: group({ gresRecords: [{ name: 'gpu', file: '/dev/a' }, { name: 'gpu', file: '/dev/b' }] }) },
    accepted: { one: group({ gresRecords: [{ name: 'gpu', file: '/dev/a' }, { name: 'mps', count: 100 }] }) },
  },
  gresUnbacked: {
    refused: {
      'another name': group({ slurmSettings: { gres: [{ name: 'gpu' }] }, gresRecords: [{ name: 'mps', count: 1 }] }),
      'another type': group({ slurmSettings: { gres: [{ name: 'gpu', type: 'a' }] }, gresRecords: [{ name: 'gpu', type: 'b', file: '/x' }] }),
      'more than there are': group({ slurmSettings: { gres: [{ name: 'gpu', count: 9 }] }, gresRecords: [{ name: 'gpu', count: 8, file: '/x' }] }),
    },
    accepted: {
      'the same': group({
        slurmSettings: { gres: [{ name: 'gpu', type: 'a', count: 8 }] }, gresRecords: [{ name: 'gpu', type: 'a', count: 8, file: '/x' }],
      }),
      'a count that follows from the files': group({ slurmSettings: { gres: [{ name: 'gpu', count: 9 }] }, gresRecords: [{ name: 'gpu', file: '/x' }] }),
      'a type that isn\'t known': group({
        slurmSettings: { gres: [{ name: 'gpu', type: token('a') }, { name: 'fpga', type: 'b' }] },
        gresRecords: [{ name: 'gpu', type: 'a', file: '/x' }, { name: 'fpga', type: token('b') }],
      }),
      'detection': group({ slurmSettings: { gres: [{ name: 'gpu', count: 8 }] }, gresRecords: [{ autoDetect: 'nvidia' }] }),
      'detection beside another record': group({
        slurmSettings: { gres: [{ name: 'gpu', count: 8 }] }, gresRecords: [{ autoDetect: 'nvidia' }, { name: 'mps', count: 100 }],
      }),
      'no records': group({ slurmSettings: { gres: [{ name: 'gpu', count: 8 }] } }),
      'an empty list of records': group({ slurmSettings: { gres: [{ name: 'gpu', count: 8 }] }, gresRecords: [] }),
      'more shares than the record has, which the service doesn\'t compare': group({
        slurmSettings: { gres: [{ name: 'mps', count: 200 }, { name: 'shard', count: 16 }] },
        gresRecords: [{ name: 'mps', count: 100 }, { name: 'shard', count: 8 }],
      }),
    },
  },
  gresAutoDetectNeedsNewerSlurm: {
    refused: { 25.05: group({ gresRecords: [{ autoDetect: 'nvidia' }] }, { schedulerVersion: pcs.SlurmVersion.V25_05 }) },
    accepted: {
      '25.11': group({ gresRecords: [{ autoDetect: 'nvidia' }] }),
      'a record without it': group({ gresRecords: [{ name: 'gpu', file: '/dev/a' }] }, { schedulerVersion: pcs.SlurmVersion.V25_05 }),
      'a cluster of which nothing is known': groupOfUnknown({ gresRecords: [{ autoDetect: 'nvidia' }] }),
    },
  },
  templateWithoutId: {
    refused: { 'a name': importedTemplate({ launchTemplateName: 'x', versionNumber: '3' }) },
    accepted: { 'an id': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '3' }) },
  },
  templateVersion: {
    refused: {
      'no version': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0' }),
      'the default version': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '$Default' }),
      'a reference alone': stack => { group({ launch: pcs.NodeLaunch.fromLaunchTemplate(new TemplateReference(stack, 'Template')) })(stack); },
    },
    told: { 'the default version': ['launch.version', '"$Default"'], 'a reference alone': ['launch.version', 'nothing'] },
    accepted: {
      'a number': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '3' }),
      'a number beside it': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0' }, { version: '3' }),
      'a number beside a reference': stack => {
        group({ launch: pcs.NodeLaunch.fromLaunchTemplate(new TemplateReference(stack, 'Template'), { version: '3' }) })(stack);
      },
      'a token': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0' }, { version: token('$Default') }),
      'a template of the app': template({}),
    },
  },
  templateLatest: {
    refused: { 'the latest version': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0' }, { version: '$Latest' }) },
    accepted: { 'a number': importedTemplate({ launchTemplateId: 'lt-0123456789abcdef0' }, { version: '3' }) },
  },
  templateMarket: {
    refused: {
      'no market type': template({ ...BLOCK_TEMPLATE, instanceMarketOptions: undefined }, BLOCK_GROUP),
      'another market type': template({ ...BLOCK_TEMPLATE, instanceMarketOptions: { marketType: 'spot' } }, BLOCK_GROUP),
      'that of a block on an interruptible reservation': template(
        BLOCK_TEMPLATE, { purchaseOption: pcs.PurchaseOption.interruptibleReservation({ capacityReservationId: BLOCK }) }),
    },
    told: {
      'no market type': ['launchTemplate.InstanceMarketOptions.MarketType', 'nothing'],
      'another market type': ['launchTemplate.InstanceMarketOptions.MarketType', '"spot"'],
    },
    accepted: {
      'the market type': template(BLOCK_TEMPLATE, BLOCK_GROUP),
      'one that depends on a condition': conditional(either => ({
        ...BLOCK_TEMPLATE,
        instanceMarketOptions: either({ MarketType: 'capacity-block' }),
        capacityReservationSpecification: either({ CapacityReservationTarget: { CapacityReservationId: BLOCK } }),
      }), BLOCK_GROUP),
      'none on demand': template({}),
      'an option that isn\'t known': template({}, { purchaseOption: pcs.PurchaseOption.of('NEW', { marketType: 'new' }) }),
      'one that is patched in': patched({
        InstanceType: 'p5.48xlarge',
        InstanceMarketOptions: { MarketType: 'capacity-block' },
        CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: BLOCK } },
      }, BLOCK_GROUP),
    },
  },
  templateMarketUnexpected: {
    refused: {
      'a block on demand': template({ instanceMarketOptions: { marketType: 'capacity-block' } }),
      'an interruptible reservation on spot': template(
        { instanceMarketOptions: { marketType: 'interruptible-capacity-reservation' } }, { purchaseOption: pcs.PurchaseOption.spot() }),
    },
    accepted: {
      'none on demand': template({}),
      'an option that isn\'t known': template(
        { instanceMarketOptions: { marketType: 'capacity-block' } }, { purchaseOption: pcs.PurchaseOption.of('NEW') }),
      'spot on spot': template({ instanceMarketOptions: { marketType: 'spot' } }, { purchaseOption: pcs.PurchaseOption.spot() }),
      'a block': template(BLOCK_TEMPLATE, BLOCK_GROUP),
    },
  },
  templateImage: {
    refused: { none: template({}, { image: pcs.NodeImage.fromLaunchTemplate() }) },
    accepted: {
      'an image': template({ imageId: 'ami-0123456789abcdef0' }, { image: pcs.NodeImage.fromLaunchTemplate() }),
      'an image of the node group': template({}),
    },
  },
  templateNoSecurityGroups: {
    refused: { none: template({}) },
    accepted: {
      'groups': template({ securityGroupIds: ['sg-1'] }),
      'interfaces': template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'] }] }),
      'interfaces that depend on a condition': conditional(either => ({ networkInterfaces: either([{ DeviceIndex: 0, Groups: ['sg-1'] }]) })),
    },
  },
  templateOwnSecurityGroup: {
    refused: { 'a given template': template({}, { ownSecurityGroup: true }) },
    accepted: { 'a template that we make': group({ ownSecurityGroup: true }) },
  },
  templateEfaOnly: {
    refused: {
      'efa-only': template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'], interfaceType: 'efa-only' }] }),
      'efa-only beside another interface': template(PRIMARY_AND_EFA_ONLY),
    },
    accepted: { efa: template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'], interfaceType: 'efa' }] }) },
  },
  templateReservation: {
    refused: {
      'no reservation': template({ ...BLOCK_TEMPLATE, capacityReservationSpecification: undefined }, BLOCK_GROUP),
      'no reservation for an id that isn\'t known': template(
        { ...BLOCK_TEMPLATE, capacityReservationSpecification: undefined },
        { ...BLOCK_GROUP, purchaseOption: block({ capacityReservationId: token(BLOCK) }) }),
      'another reservation': template({
        ...BLOCK_TEMPLATE,
        capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: 'cr-99999999999999999' } },
      }, BLOCK_GROUP),
      'a targeted reservation that nodes would run outside of': template({}, { purchaseOption: TARGETED }),
      'a group of reservations that nodes would run outside of': template({}, { purchaseOption: IN_GROUP }),
      'a reservation instead of the group': template(
        { capacityReservationSpecification: BLOCK_TEMPLATE.capacityReservationSpecification }, { purchaseOption: IN_GROUP }),
    },
    told: {
      'no reservation': ['launchTemplate.CapacityReservationSpecification', 'nothing'],
      'another reservation': ['launchTemplate.CapacityReservationSpecification', '"cr-99999999999999999"'],
    },
    accepted: {
      'the reservation': template(BLOCK_TEMPLATE, BLOCK_GROUP),
      'a targeted reservation': template(
        { capacityReservationSpecification: BLOCK_TEMPLATE.capacityReservationSpecification }, { purchaseOption: TARGETED }),
      'a group of reservations': template({
        capacityReservationSpecification: { capacityReservationTarget: { capacityReservationResourceGroupArn: RESERVATION_GROUP } },
      }, { purchaseOption: IN_GROUP }),
      'none on demand': template({}),
      'none for an option that isn\'t known': template({}, { purchaseOption: pcs.PurchaseOption.of('NEW', { capacityReservationId: BLOCK }) }),
      'a token': template({
        ...BLOCK_TEMPLATE,
        capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: token({ Ref: 'X' }) } },
      }, BLOCK_GROUP),
    },
  },
  templateInstanceType: {
    refused: {
      'no type': template({ ...BLOCK_TEMPLATE, instanceType: undefined }, BLOCK_GROUP),
      'another type': template({ ...BLOCK_TEMPLATE, instanceType: 'p5e.48xlarge' }, BLOCK_GROUP),
    },
    told: {
      'no type': ['launchTemplate.InstanceType', 'nothing'],
      'another type': ['launchTemplate.InstanceType', '"p5e.48xlarge"'],
    },
    accepted: { 'the type': template(BLOCK_TEMPLATE, BLOCK_GROUP), 'no type on demand': template({}) },
  },
  templateSecurityGroups: {
    refused: { both: template({ securityGroupIds: ['sg-1'], networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'] }] }) },
    accepted: {
      'groups alone': template({ securityGroupIds: ['sg-1'] }),
      'interfaces alone': template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'] }] }),
    },
  },
  templateSecurityGroupNames: {
    refused: { names: template({ securityGroups: ['default'] }) },
    accepted: { ids: template({ securityGroupIds: ['sg-1'] }) },
  },
  templateInterfaceGroups: {
    refused: {
      'one without': template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'] }, { deviceIndex: 1 }] }),
      'one without that is patched in': patched({ NetworkInterfaces: [{ DeviceIndex: 0 }] }),
    },
    accepted: {
      'one that depends on a condition': conditional(either => ({ networkInterfaces: [either({ DeviceIndex: 0, Groups: ['sg-1'] })] })),
      'one that isn\'t there': template({
        networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'] }, Token.asAny({ Ref: 'AWS::NoValue' }) as never],
      }),
      'all with': template({ networkInterfaces: [{ deviceIndex: 0, groups: ['sg-1'] }] }),
      'a list that isn\'t known': template({ networkInterfaces: [{ deviceIndex: 0, groups: Token.asList({ Ref: 'Groups' }) }] }),
    },
  },
  templateUserData: {
    refused: {
      'a script': template(encoded('#!/bin/bash\n')),
      'a script that speaks of parts': template(encoded('#!/bin/bash\necho Content-Type: multipart/mixed\n')),
      'a script of the EC2 module': stack => {
        const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', { userData: ec2.UserData.forLinux() });
        group({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate) })(stack);
      },
      'a script with values of the deployment': template({ userData: Fn.base64(Fn.sub('#!/bin/bash\necho ${AWS::Region}')) }),
      'a script that is joined': template({ userData: Fn.base64(Fn.join('', ['#!/bin/bash\necho ', Aws.REGION])) }),
      'a script in the latest version': patched({ UserData: encoded('#!/bin/bash\n').userData }, {}, '$Latest'),
    },
    accepted: {
      'parts': stack => {
        const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', { userData: multipart() });
        group({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate) })(stack);
      },
      'parts in plain text': template(encoded('Content-Type: multipart/mixed; boundary="x"\n')),
      'parts that begin with their version': template(encoded('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n')),
      'parts without a space, after an empty line': template(encoded('\ncontent-type:multipart/mixed; boundary="x"\n')),
      'a token': template({ userData: token({ Ref: 'X' }) }),
      'parts with values of the deployment': template({
        userData: Fn.base64(Fn.sub('MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n${AWS::Region}')),
      }),
      'an older version that can\'t be seen': stack => {
        const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', { userData: ec2.UserData.forLinux() });
        group({ launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate, { version: '1' }) })(stack);
      },
      'nothing': template({}),
    },
  },
  userDataWindows: {
    refused: {
      'user data of the EC2 module': group({ launch: managed({ userData: ec2.UserData.forWindows() }) }),
      'a script after an empty line': group({ launch: managed({ userData: ec2.UserData.custom('\n<script>\necho hi\n</script>') }) }),
      'that of a given template': template(encoded('<powershell>\nhostname\n</powershell>')),
      'with values of the deployment': group({ launch: managed({ userData: custom(Fn.sub('<powershell>${AWS::Region}</powershell>')) }) }),
    },
    told: { 'user data of the EC2 module': ['launch.userData', '"<powershell></powershell>"'] },
    accepted: {
      'user data of Linux': group({ launch: managed({ userData: ec2.UserData.forLinux() }) }),
      'a script that speaks of it': group({ launch: managed({ userData: custom('#!/bin/bash\necho "<powershell>"') }) }),
      'what is known at deployment': group({ launch: managed({ userData: custom(Fn.importValue('UserData')) }) }),
    },
  },
  userDataSize: {
    refused: {
      'more than 16 KB with what the parts take': group({ launch: managed({ userData: script16k(16_384) }) }),
      'text that has to be encoded': group({ launch: managed({ userData: script16k(12_500, '\u00fc') }) }),
      'text of 13 KB in parts of the user that are encoded': group({ launch: managed({ userData: multipart(script16k(13_000)) }) }),
      'a template of the user': template({ userData: Fn.base64(`MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n${'x'.repeat(16_384)}`) }),
      'both sides of a condition': template(({ userData: Fn.base64(oneOf('x'.repeat(17_000), 'y'.repeat(18_000))) })),
    },
    accepted: {
      '13 KB of ASCII': group({ launch: managed({ userData: script16k(13_000) }) }),
      'almost 16 KB of ASCII': group({ launch: managed({ userData: script16k(16_000) }) }),
      'text whose length is known at deployment': group({ launch: managed({ userData: custom(Fn.join('', ['#!/bin/bash\n', Fn.importValue('X')])) }) }),
    },
  },
  userDataUnknown: {
    refused: {
      'an import': group({ launch: managed({ userData: custom(Fn.importValue('UserData')) }) }),
      'a variable in front': group({ launch: managed({ userData: custom(Fn.sub('${Header}\n#!/bin/bash', { Header: Fn.ref('AWS::Region') })) }) }),
      'a reference in front': group({ launch: managed({ userData: custom('{{resolve:ssm:/user-data}}') }) }),
      'a beginning that may become parts': group({ launch: managed({ userData: custom(Fn.join('', ['MIME-', Fn.importValue('X')])) }) }),
    },
    accepted: {
      'a script with values of the deployment': group({ launch: managed({ userData: custom(Fn.sub('#!/bin/bash\necho ${AWS::Region}')) }) }),
      'a variable that is known': group({ launch: managed({ userData: custom(Fn.sub('${Shebang}\necho', { Shebang: '#!/bin/bash' })) }) }),
      'parts with values of the deployment': group({
        launch: managed({
          userData: custom(Fn.sub('\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n\n${AWS::Region}\n--x--')),
        }),
      }),
      'the user data of a given template': template({ userData: Fn.base64(Fn.importValue('UserData')) }),
    },
  },
  userDataForm: {
    refused: {
      'commands alone': group({ launch: managed({ userData: custom('dnf install -y htop') }) }),
      'nothing': group({ launch: managed({ userData: custom('') }) }),
    },
    told: { 'commands alone': ['launch.userData', '"dnf install -y htop"'] },
    accepted: {
      'a script': group({ launch: managed({ userData: custom('  #!/usr/bin/env python3\n') }) }),
      'a configuration': group({ launch: managed({ userData: custom('#cloud-config\npackages: [htop]') }) }),
      'a template of cloud-init': group({ launch: managed({ userData: custom('## template: jinja\n#cloud-config\n') }) }),
    },
  },
  userDataHeader: {
    refused: {
      'indented lines': group({ launch: managed({ userData: custom('\n    MIME-Version: 1.0\n    Content-Type: multipart/mixed; boundary="x"\n\n    --x\n') }) }),
      'no version': group({ launch: managed({ userData: custom('Content-Type: multipart/mixed; boundary="x"\n\n--x\n') }) }),
      'no boundary': group({ launch: managed({ userData: custom('MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--x\n') }) }),
      'an empty line in front of that of a given template': template({
        userData: Fn.base64('\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n'),
      }),
    },
    accepted: {
      'parts of the EC2 module': group({ launch: managed({ userData: multipart() }) }),
      'a boundary on a line of its own': group({
        launch: managed({
          userData: custom('MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary="x"\n\n--x\n'),
        }),
      }),
      'an empty line in front, which is left out': group({
        launch: managed({
          userData: custom('\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n'),
        }),
      }),
      'a header whose end is known at deployment': group({ launch: managed({ userData: custom(Fn.join('', ['MIME-Version: 1.0\n', Fn.importValue('X')])) }) }),
    },
  },
  templateIgnored: {
    refused: {
      'an instance profile': template({ iamInstanceProfile: { name: 'x' } }),
      'an instance type on demand': template({ instanceType: 'c7i.xlarge' }),
      'threads': template({ cpuOptions: { threadsPerCore: 2 } }),
      'much': patched({
        InstanceRequirements: { VCpuCount: { Min: 1 } },
        DisableApiTermination: true,
        DisableApiStop: true,
        HibernationOptions: { Configured: true },
        ElasticGpuSpecifications: [],
        ElasticInferenceAccelerators: [],
      }),
    },
    told: {
      'an instance profile': ['launch.launchTemplate', '["IamInstanceProfile"]'],
      'an instance type on demand': ['launch.launchTemplate', '["InstanceType"]'],
      'threads': ['launch.launchTemplate', '["CpuOptions.ThreadsPerCore"]'],
      'much': [
        'launch.launchTemplate',
        '["InstanceRequirements","DisableApiTermination","DisableApiStop","HibernationOptions","ElasticGpuSpecifications",'
          + '"ElasticInferenceAccelerators"]',
      ],
    },
    accepted: {
      'an instance type of a block': template(BLOCK_TEMPLATE, BLOCK_GROUP),
      'an instance type of an option that isn\'t known': template(
        { instanceType: 'c7i.xlarge' }, { purchaseOption: pcs.PurchaseOption.of('NEW', { namesInstanceType: true }) }),
      'a key': template({ keyName: 'x' }),
      'options of the processor that a patch takes away': patched({ CpuOptions: null }),
      'other options of the processor': template({ cpuOptions: { amdSevSnp: 'enabled' } }),
    },
  },
  lifecycleScriptCount: {
    refused: {
      '21 scripts': scripts(...Array.from({ length: 21 }, (_, i) => script({ name: `s${i}` }))),
      '19 scripts and two mounts': beside(19, 1, 1),
      '21 mounts of a cluster': beside(0, 21, 0),
      '20 mounts and users of a cluster': beside(0, 20, 0, DIRECTORY),
      '20 scripts and users of the cluster': beside(20, 0, 0, DIRECTORY),
      '20 scripts and users of the group': beside(20, 0, 0, undefined, DIRECTORY),
      '18 scripts, two mounts and users': beside(18, 1, 1, DIRECTORY),
    },
    told: {
      '19 scripts and two mounts': ['storage', '{"mounts":2,"scripts":19}'],
      '20 scripts and users of the cluster': ['users', '{"mounts":0,"users":1,"scripts":20}'],
      '18 scripts, two mounts and users': ['storage', '{"mounts":2,"users":1,"scripts":18}'],
    },
    accepted: {
      '20 scripts': scripts(...Array.from({ length: 20 }, (_, i) => script({ name: `s${i}` }))),
      '18 scripts and two mounts': beside(18, 1, 1),
      '17 scripts, two mounts and users of the group in place of those of the cluster': beside(17, 1, 1, DIRECTORY, DIRECTORY),
    },
  },
  lifecycleScriptName: {
    refused: {
      'no name': scripts(script({ name: '' })),
      'a leading hyphen': scripts(script({ name: '-a' })),
      'a dot': scripts(script({ name: 'a.sh' })),
      '65 characters': scripts(script({ name: 'a'.repeat(65) })),
    },
    told: { 'a dot': ['lifecycleActions.nodeReady[0].name', '"a.sh"'] },
    accepted: { '64 characters': scripts(script({ name: 'a'.repeat(64) })), 'a space': scripts(script({ name: 'Mount the disk_1' })) },
  },
  lifecycleScriptNameTwice: {
    refused: { 'one stage': scripts(script(), script()) },
    told: { 'one stage': ['lifecycleActions.nodeReady[1].name', '"hello"'] },
    accepted: { 'two stages': group({ lifecycleActions: { nodeBootstrapped: [script()], nodeReady: [script()] } }) },
  },
  lifecycleScriptArguments: {
    refused: {
      '21 arguments': scripts(script({ arguments: Array.from({ length: 21 }, () => 'a') })),
      '257 characters': scripts(script({ arguments: ['a'.repeat(257)] })),
    },
    accepted: {
      '20 arguments': scripts(script({ arguments: Array.from({ length: 20 }, () => 'a') })),
      '256 characters': scripts(script({ arguments: ['a'.repeat(256)] })),
      'a token': scripts(script({ arguments: [token('a'.repeat(257))] })),
    },
  },
  lifecycleScriptFile: {
    refused: {
      'a folder': scripts(script({ source: pcs.ScriptSource.fromAsset(__dirname) })),
      'nothing': scripts(script({ source: pcs.ScriptSource.fromAsset('/does/not/exist') })),
      'a large file': scripts(script({ source: pcs.ScriptSource.fromAsset(process.execPath) })),
    },
    accepted: { 'a file': scripts(script()) },
  },
  lifecycleScriptUrl: {
    refused: {
      'plain HTTP': scripts(script({ source: pcs.ScriptSource.fromUrl('http://example.com/a.sh') })),
      'a host without a dot': scripts(script({ source: pcs.ScriptSource.fromUrl('https://localhost/a.sh') })),
      'an address of IPv4': scripts(script({ source: pcs.ScriptSource.fromUrl('https://10.0.0.17/a.sh') })),
      'a blank': scripts(script({ source: pcs.ScriptSource.fromUrl('https://example.com/my script.sh') })),
      '1025 characters': scripts(script({ source: pcs.ScriptSource.fromUrl(`https://example.com/${'a'.repeat(1005)}`) })),
    },
    accepted: {
      'a port and a query': scripts(script({ source: pcs.ScriptSource.fromUrl('https://files.example.com:8443/a.sh?v=1#top') })),
      '1024 characters': scripts(script({ source: pcs.ScriptSource.fromUrl(`https://example.com/${'a'.repeat(1004)}`) })),
      'HTTPS': scripts(script({ source: pcs.ScriptSource.fromUrl('https://example.com/a.sh') })),
      'a token': scripts(script({ source: pcs.ScriptSource.fromUrl(token('http://x')) })),
    },
  },
  lifecycleScriptObject: {
    refused: {
      'no key': object({ objectKey: '' }),
      'a line break': object({ objectKey: 'a\nb' }),
      '1025 characters': object({ objectKey: 'a'.repeat(1025 - 's3://scripts/'.length) }),
      'a file of AWS with a name of 1000 characters': scripts(script({ source: pcs.ScriptSource.fromPcsRepository('a'.repeat(1000)) })),
    },
    accepted: {
      'a key': object({ objectKey: 'a b/c.sh' }),
      '1024 characters': object({ objectKey: 'a'.repeat(1024 - 's3://scripts/'.length) }),
      'a file of AWS': scripts(script({ source: pcs.ScriptSource.fromPcsRepository('mount-fsx-lustre-v1-latest.sh') })),
      'a token': object({ objectKey: token('x') }),
    },
  },
  lifecycleScriptVersion: {
    refused: { '1025 characters': object({ objectKey: 'a.sh', objectVersion: 'v'.repeat(1025) }) },
    accepted: { '1024 characters': object({ objectKey: 'a.sh', objectVersion: 'v'.repeat(1024) }) },
  },
  lifecycleScriptChecksum: {
    refused: {
      '63 digits': scripts(script({ source: pcs.ScriptSource.fromUrl('https://example.com/a.sh', { checksum: 'a'.repeat(63) }) })),
      '65 digits': scripts(script({ source: pcs.ScriptSource.fromUrl('https://example.com/a.sh', { checksum: 'a'.repeat(65) }) })),
      'other letters': scripts(script({ source: pcs.ScriptSource.fromUrl('https://example.com/a.sh', { checksum: 'g'.repeat(64) }) })),
    },
    accepted: { '64 digits': scripts(script({ source: pcs.ScriptSource.fromUrl('https://example.com/a.sh', { checksum: 'aF'.repeat(32) }) })) },
  },
  lifecycleScriptRegion: {
    refused: { 'another Region': stack => { scripts(script({ source: bucketObject(stack, 'eu-west-1') }))(stack); } },
    accepted: {
      'the Region': stack => { scripts(script({ source: bucketObject(stack, 'us-east-1') }))(stack); },
      'a bucket of which nothing is said': stack => { scripts(script({ source: bucketObject(stack) }))(stack); },
      'a bucket whose Region is known at deployment': stack => {
        scripts(script({ source: bucketObject(agnosticNeighbour(stack)) }))(stack);
      },
      'a stack whose Region is known at deployment': stack => {
        scripts(script({ source: bucketObject(stack, 'eu-west-1') }))(agnosticNeighbour(stack));
      },
    },
    concrete: true,
  },
  dashboardAlarmTime: {
    refused: {
      'seven minutes': dashboard({ missingFor: Duration.minutes(7) }),
      'nothing': dashboard({ idleFor: Duration.minutes(0) }),
      'more than a day': dashboard({ idleFor: Duration.minutes(1445) }),
    },
    accepted: { '5 minutes and a day': dashboard({ missingFor: Duration.minutes(5), idleFor: Duration.days(1) }) },
  },
  dashboardPercent: {
    refused: { '101': dashboard({ idlePercent: 101 }), 'minus one': dashboard({ idlePercent: -1 }) },
    accepted: { 0: dashboard({ idlePercent: 0 }), 100: dashboard({ idlePercent: 100 }) },
  },
  tagText: {
    refused: {
      'a key of 129 characters': tagged(stack => clusterIn(stack), { ['x'.repeat(129)]: 'a' }),
      'a value of 257 characters': tagged(stack => clusterIn(stack), { team: 'x'.repeat(257) }),
      'a key of AWS': tagged(stack => clusterIn(stack), { 'aws:team': 'a' }),
      'a node group': tagged(stack => clusterIn(stack).addComputeNodeGroup('Nodes', nodes()), { 'aws:team': 'a' }),
      'a queue': tagged(stack => clusterIn(stack).addQueue('Queue'), { 'aws:team': 'a' }),
    },
    told: { 'a key of AWS': ['tags', '{"aws:team":"a"}'] },
    accepted: {
      'a tag': tagged(stack => clusterIn(stack), { team: 'research' }),
      'characters that take two units': tagged(stack => clusterIn(stack), { ['𝄞'.repeat(128)]: '𝄞'.repeat(256) }),
      'a value that is known at deployment': tagged(stack => clusterIn(stack), { team: token('x') }),
    },
  },
  tagCount: {
    refused: { 201: tagged(stack => clusterIn(stack), manyTags(201)) },
    accepted: { 200: tagged(stack => clusterIn(stack), manyTags(200)) },
  },
  instanceTagText: {
    refused: {
      'a key of AWS': group({ launch: managed({ instanceTags: { 'aws:team': 'a' } }) }),
      'a key of 129 characters': group({ launch: managed({ instanceTags: { ['x'.repeat(129)]: 'a' } }) }),
      'a value of 257 characters': group({ launch: managed({ instanceTags: { team: 'x'.repeat(257) } }) }),
    },
    told: { 'a key of AWS': ['launch.instanceTags', '{"aws:team":"a"}'] },
    accepted: { 'a tag': group({ launch: managed({ instanceTags: { team: 'research' } }) }), 'a value that is known at deployment': group({ launch: managed({ instanceTags: { team: token('x') } }) }) },
  },
  instanceTagCount: {
    refused: { 51: group({ launch: managed({ instanceTags: manyTags(51) }) }) },
    accepted: { 50: group({ launch: managed({ instanceTags: manyTags(50) }) }) },
  },
});

function addGroups(slurm: pcs.Cluster, count: number): void {
  for (let i = 0; i < count; i++) { slurm.addComputeNodeGroup(`Nodes${i}`, nodes({ scaling: pcs.Scaling.elastic(1) })); }
}

function addQueues(slurm: pcs.Cluster, count: number): void {
  const computeNodeGroups = [slurm.addComputeNodeGroup('Nodes', nodes())];
  for (let i = 0; i < count; i++) { slurm.addQueue(`Queue${i}`, { computeNodeGroups }); }
}

function importedCluster(stack: Stack, attrs: Partial<pcs.ClusterAttributes> = {}): pcs.ICluster {
  return pcs.Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterArn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc', ...attrs,
  });
}

function importedGroup(stack: Stack): ec2.ISecurityGroup {
  return ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');
}

function roleOf(stack: Stack, props: Partial<iam.RoleProps>): iam.Role {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), ...props });
}

function placed(stack: Stack): pcs.NodeLaunch {
  return pcs.NodeLaunch.managed({ placement: pcs.NodePlacement.group(new ec2.PlacementGroup(stack, 'Placement')) });
}

function multipart(part = ec2.UserData.forLinux()): ec2.MultipartUserData {
  const parts = new ec2.MultipartUserData();
  parts.addUserDataPart(part);
  return parts;
}

function bucketObject(stack: Stack, region?: string): pcs.ScriptSource {
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', { bucketName: 'scripts', region });
  return pcs.ScriptSource.fromBucket({ bucket, objectKey: 'a.sh' });
}

/** Another stack of the app, which fits any account and Region. */
function agnosticNeighbour(stack: Stack): Stack {
  return new Stack(stack.node.scope as App, 'Agnostic');
}
