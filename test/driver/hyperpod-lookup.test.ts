import { FAST, lookupRig } from './lookup-rig';
import { NODE_FIELDS, NODES_FIELDS } from '../../src/private/contracts/hyperpod-lookup';
import type { ClusterSeed, PodNode } from '../aws/hyperpod-nodes';

const PLACE = { account: '111122223333', region: 'us-east-1' };
const ID = 'a1b2c3d4e5f6';
const ARN = `arn:aws:sagemaker:us-east-1:111122223333:cluster/${ID}`;
const EKS = 'arn:aws:eks:us-east-1:111122223333:cluster/eks';
const ROLE = 'arn:aws:iam::111122223333:role/pod';
const WHERE = 'in account 111122223333, Region us-east-1';

const POD: ClusterSeed = {
  ClusterName: 'pod',
  ClusterId: ID,
  NodeProvisioningMode: 'Continuous',
  NodeRecovery: 'None',
  Orchestrator: { Eks: { ClusterArn: EKS } },
  VpcConfig: { SecurityGroupIds: ['sg-1', 'sg-2'], Subnets: ['subnet-1'] },
  ClusterRole: ROLE,
  AutoScaling: { Mode: 'Enable', Status: 'InService' },
  TieredStorageConfig: { Mode: 'Disable' },
  InstanceGroups: [
    {
      InstanceGroupName: 'workers',
      InstanceType: 'ml.p5.48xlarge',
      TargetCount: 2,
      MinCount: 1,
      ExecutionRole: ROLE,
      OverrideVpcConfig: { SecurityGroupIds: ['sg-3'], Subnets: ['subnet-2', 'subnet-3'] },
      TrainingPlanArn: 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm',
      TrainingPlanStatus: 'Active',
      CurrentImageReleaseVersion: '1.0.0',
      DesiredImageReleaseVersion: '1.1.0',
      ImageVersionStatus: 'UpdateAvailable',
    },
    { InstanceGroupName: 'flexible', TargetCount: 1, InstanceRequirements: { DesiredInstanceTypes: ['ml.p5.48xlarge', 'ml.p5e.48xlarge'] } },
  ],
  RestrictedInstanceGroups: [{ InstanceGroupName: 'restricted', InstanceType: 'ml.p5.48xlarge', TargetCount: 0 }],
};
const SLURM: ClusterSeed = { ClusterName: 'slurm', InstanceGroups: [{ InstanceGroupName: 'controller', TargetCount: 1 }] };

const { aws, stack } = lookupRig('hyperpod-lookup');
const pods = aws.sagemaker.hyperpod;

type Input = Record<string, string>;

const reading = (Operation: string, Input: Input, ...fields: string[]) => ({ ServiceTimeout: 300, Operation, Input, Fields: fields.join(',') });
const readingNodes = (input: Input, ...fields: string[]) => reading('ListClusterNodes', { ClusterName: ARN, ...input }, ...fields);

async function run(properties: object) {
  const cfn = stack(FAST);
  const { status, reason } = await cfn.create(properties);
  return { status, reason, attributes: cfn.attributes };
}

const read = async (ClusterName: string, ...fields: string[]) => run(reading('DescribeCluster', { ClusterName }, ...fields));
const list = async (input: Input, ...fields: string[]) => run(readingNodes(input, ...fields));

describe('a look-up of a cluster', () => {
  beforeEach(() => { pods.put(POD, PLACE); });

  test.each(['pod', ARN])('reads every field by %s', async name => {
    const fields = {
      AutoScalingMode: 'Enable',
      AutoScalingStatus: 'InService',
      ClusterArn: ARN,
      ClusterId: ID,
      ClusterName: 'pod',
      ClusterRole: ROLE,
      ClusterStatus: 'InService',
      EksClusterArn: EKS,
      FailureMessage: '',
      InstanceGroupNames: 'flexible,restricted,workers',
      NodeProvisioningMode: 'Continuous',
      NodeRecovery: 'None',
      Orchestrator: 'Eks',
      SecurityGroupIds: 'sg-1,sg-2',
      SubnetIds: 'subnet-1',
      TieredStorageMode: 'Disable',
    };
    expect(await read(name, ...Object.keys(fields))).toEqual({ status: 'CREATE_COMPLETE', reason: undefined, attributes: fields });
  });

  test('reads its instance groups by their names', async () => {
    const fields = {
      'Groups/workers/CurrentCount': '2',
      'Groups/workers/CurrentImageReleaseVersion': '1.0.0',
      'Groups/workers/DesiredImageReleaseVersion': '1.1.0',
      'Groups/workers/ExecutionRole': ROLE,
      'Groups/workers/ImageVersionStatus': 'UpdateAvailable',
      'Groups/workers/InstanceType': 'ml.p5.48xlarge',
      'Groups/workers/InstanceTypes': 'ml.p5.48xlarge',
      'Groups/workers/MinCount': '1',
      'Groups/workers/SecurityGroupIds': 'sg-3',
      'Groups/workers/Status': 'InService',
      'Groups/workers/SubnetIds': 'subnet-2,subnet-3',
      'Groups/workers/TargetCount': '2',
      'Groups/workers/TrainingPlanArn': 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm',
      'Groups/workers/TrainingPlanStatus': 'Active',
      'Groups/flexible/InstanceType': '',
      'Groups/flexible/InstanceTypes': 'ml.p5.48xlarge,ml.p5e.48xlarge',
      'Groups/flexible/SecurityGroupIds': 'sg-1,sg-2',
      'Groups/flexible/SubnetIds': 'subnet-1',
      'Groups/restricted/CurrentCount': '0',
    };
    expect((await read('pod', ...Object.keys(fields))).attributes).toEqual(fields);
  });

  test('of Slurm says so, and has neither an EKS cluster nor a VPC to give', async () => {
    pods.put(SLURM, PLACE);
    expect((await read('slurm', 'NodeProvisioningMode', 'Orchestrator', 'AutoScalingMode')).attributes).toEqual({
      NodeProvisioningMode: '', Orchestrator: 'Slurm', AutoScalingMode: '',
    });
    expect((await read('slurm', 'EksClusterArn')).reason).toContain(
      `HyperPod cluster "slurm" ${WHERE}: it has no EKS cluster: its nodes are orchestrated by Slurm`);
    for (const field of ['SubnetIds', 'SecurityGroupIds', 'Groups/controller/SubnetIds']) {
      expect((await read('slurm', field)).reason).toContain('it has no VPC of yours: its nodes are in that of SageMaker');
    }
  });

  test.each<[string, string, string, string]>([
    ['a cluster that is not there', 'moon', 'ClusterArn', `HyperPod cluster "moon" ${WHERE} does not exist (ResourceNotFound: Cluster moon not found)`],
    ['a group that is not there', 'pod', 'Groups/moon/Status', 'it has no instance group "moon"; it has: flexible,restricted,workers'],
    ['a field of another release', 'pod', 'Moon', 'unknown field: Moon; known are AutoScalingMode, '],
    ['a field of a group of another release', 'pod', 'Groups/workers/Moon', 'unknown field: Groups/workers/Moon; known are '],
  ])('fails for %s', async (_what, name, field, reason) => {
    const outcome = await read(name, field);
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(reason);
  });

  test('is repeated when it was throttled, and waits for its permission', async () => {
    aws.faults.next('DescribeCluster', { kind: 'throttle' }, { kind: 'error', status: 400, code: 'AccessDeniedException' }, { kind: 'reset' });
    expect((await read('pod', 'ClusterId')).attributes).toEqual({ ClusterId: ID });
    expect(aws.requests).toHaveLength(4);
  });

  test('all counts of twenty groups fit into one answer', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `group-${index}`);
    pods.put({ ClusterName: 'large', InstanceGroups: names.map(InstanceGroupName => ({ InstanceGroupName, TargetCount: 0 })) }, PLACE);
    const fields = names.flatMap(name => ['CurrentCount', 'TargetCount', 'Status'].map(field => `Groups/${name}/${field}`));
    expect(Object.keys((await read('large', 'ClusterArn', ...fields)).attributes)).toHaveLength(61);
  });
});

describe('a look-up of nodes', () => {
  const seed = (...InstanceGroups: { InstanceGroupName: string; TargetCount: number }[]) => pods.put({ ...POD, InstanceGroups }, PLACE);
  const workers = (TargetCount: number) => ({ InstanceGroupName: 'workers', TargetCount });

  test('reads every field', async () => {
    const [node] = pods.put({ ...POD, InstanceGroups: [{ ...workers(1), InstanceType: 'ml.p6e-gb200.36xlarge' }] }, PLACE).nodes;
    Object.assign(node, {
      UltraServerInfo: { Id: 'us-1', Type: 'ml.u-p6e-gb200x72' },
      LastSoftwareUpdateTime: Date.parse('2026-02-01T00:00:00Z') / 1000,
      InstanceStatus: { Status: 'Failure', Message: 'a fault,\n  twice' },
    } satisfies Partial<PodNode>);
    expect((await list({}, ...NODES_FIELDS)).attributes).toEqual({
      Count: '1',
      CurrentImageReleaseVersion: '1.0.0',
      ImageVersionStatus: 'UpToDate',
      InstanceGroupName: 'workers',
      InstanceId: 'i-00000000000000001',
      InstanceStatus: 'Failure',
      InstanceStatusMessage: 'a fault, twice',
      InstanceType: 'ml.p6e-gb200.36xlarge',
      LastSoftwareUpdateTime: '2026-02-01T00:00:00Z',
      LaunchTime: '2026-01-01T00:00:00Z',
      NodeLogicalId: 'workers-1',
      PrivateDnsHostname: 'ip-10-0-0-1.ec2.internal',
      UltraServerId: 'us-1',
      UltraServerType: 'ml.u-p6e-gb200x72',
    });
  });

  test('reads all pages, and counts what it need not name', async () => {
    seed(workers(250));
    expect((await list({}, 'Count')).attributes).toEqual({ Count: '250' });
    expect(aws.requests.map(({ input }) => [input.ClusterName, input.MaxResults, input.IncludeNodeLogicalIds]))
      .toEqual(Array(3).fill([ARN, 100, undefined]));
    expect(new Set(aws.requests.map(({ input }) => input.NextToken)).size).toBe(3);
  });

  test('a throttled page in the middle is repeated, with its token', async () => {
    seed(workers(250));
    aws.faults.next('ListClusterNodes', { kind: 'delay', milliseconds: 0 }, { kind: 'throttle' }, { kind: 'reset' });
    expect((await list({}, 'Count')).attributes).toEqual({ Count: '250' });
    expect(aws.requests).toHaveLength(5);
  });

  test('orders by group, then by age, then by id', async () => {
    const pod = seed({ InstanceGroupName: 'b', TargetCount: 2 }, { InstanceGroupName: 'a', TargetCount: 1 });
    pods.pass(60);
    pods.launch(pod.nodes[0]); // replaced: younger now
    expect((await list({}, 'InstanceGroupName', 'InstanceId', 'NodeLogicalId')).attributes).toEqual({
      InstanceGroupName: 'a,b,b',
      InstanceId: 'i-00000000000000003,i-00000000000000002,i-00000000000000004',
      NodeLogicalId: 'a-3,b-2,b-1',
    });
  });

  test('reads one group, by its whole name', async () => {
    seed(workers(1), { InstanceGroupName: 'spare-workers', TargetCount: 2 });
    expect((await list({ InstanceGroupName: 'workers' }, 'Count', 'InstanceGroupName')).attributes).toEqual({ Count: '1', InstanceGroupName: 'workers' });
    expect(aws.requests[0].input.InstanceGroupNameContains).toBe('workers');
  });

  test('reads by time', async () => {
    const pod = seed(workers(1));
    for (let index = 0; index < 2; index++) {
      pods.pass(60);
      pods.launch(pods.addNode(pod, { InstanceGroupName: 'workers' }));
    }
    const times = { CreationTimeAfter: '2026-01-01T00:00:00Z', CreationTimeBefore: '2026-01-01T01:02:00+01:00' };
    expect((await list(times, 'LaunchTime')).attributes).toEqual({ LaunchTime: '2026-01-01T00:01:00Z' });
    expect((await list({ CreationTimeAfter: 'yesterday' }, 'Count')).reason).toContain(
      'the property CreationTimeAfter must be a time in ISO 8601, not yesterday');
  });

  test('counts nodes without an instance on request', async () => {
    pods.addNode(seed(workers(1)), { InstanceGroupName: 'workers' });
    const fields = ['Count', 'InstanceId', 'NodeLogicalId'];
    expect((await list({}, ...fields)).attributes).toEqual({ Count: '1', InstanceId: 'i-00000000000000001', NodeLogicalId: 'workers-1' });
    expect((await list({ IncludePending: 'true' }, ...fields)).attributes).toEqual({
      Count: '2', InstanceId: 'i-00000000000000001,', NodeLogicalId: 'workers-1,workers-2',
    });
  });

  test('of a cluster without nodes is empty', async () => {
    seed();
    expect((await list({}, 'Count', 'InstanceId')).attributes).toEqual({ Count: '0', InstanceId: '' });
  });

  test('140 ids fit, and a list that does not says the way out', async () => {
    seed(workers(140));
    expect((await list({}, 'Count', 'InstanceId')).attributes.InstanceId.split(',')).toHaveLength(140);
    const { status, reason } = await list({}, 'InstanceId', 'PrivateDnsHostname');
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toMatch(new RegExp(`^nodes of HyperPod cluster "${ARN}" ${WHERE}: there are 140, which make [56]\\d{3} bytes of InstanceId, `
      + 'PrivateDnsHostname; an answer has room for 3000: use fewer attributes, look up one instance group, or have the list written to a '
      + 'parameter or an object by `output`'));
  });

  test('an update with fewer fields makes a list fit, in place; a delete asks for nothing', async () => {
    seed(workers(140));
    const cfn = stack(FAST);
    await cfn.create(readingNodes({}, 'Count'));
    const id = cfn.physicalId;
    expect(await cfn.update(readingNodes({}, 'InstanceId', 'LaunchTime'))).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    expect((await cfn.update(readingNodes({}, 'InstanceId'))).steps).toHaveLength(1);
    expect([cfn.physicalId, Object.keys(cfn.attributes)]).toEqual([id, ['InstanceId']]);
    aws.requests.length = 0;
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
    expect(aws.requests).toEqual([]);
  });

  test('of a cluster that is not there fails', async () => {
    expect((await list({}, 'Count')).reason).toContain(`nodes of HyperPod cluster "${ARN}" ${WHERE} does not exist`);
  });

  test.each<[string, Input, string[], string]>([
    ['a field of another release', {}, ['Moon'], 'unknown field: Moon; known are Count, '],
    ['an output field of another release', { OutputBucketName: 'lists', OutputObjectKey: 'a', OutputFields: 'Count' }, [], 'unknown field: Count; known are '],
    ['a tier of another release', { OutputParameterName: '/nodes', OutputParameterTier: 'Gold' }, [], 'unknown tier: Gold; known are Standard, '],
    ['an object without a key', { OutputBucketName: 'lists' }, [], 'the property OutputObjectKey is missing'],
  ])('fails for %s before it asks', async (_what, input, fields, reason) => {
    expect((await list(input, ...fields)).reason).toContain(reason);
    expect(aws.requests).toEqual([]);
  });

  describe('that writes to a parameter', () => {
    const parameter = (more: Input = {}) => ({ OutputParameterName: '/pod/nodes', ...more });
    const written = () => JSON.parse(aws.ssm.values.get('/pod/nodes')!) as Record<string, string>[];

    test('overwrites it with the chosen fields, as often as it is run', async () => {
      seed(workers(2));
      const output = parameter({ OutputParameterTier: 'Advanced', OutputFields: 'InstanceId,NodeLogicalId,UltraServerId' });
      for (let index = 0; index < 2; index++) {
        expect((await list(output, 'Count')).attributes).toEqual({ Count: '2' });
        expect(written()).toEqual([
          { InstanceId: 'i-00000000000000001', NodeLogicalId: 'workers-1' }, { InstanceId: 'i-00000000000000002', NodeLogicalId: 'workers-2' },
        ]);
      }
      expect(aws.requests.at(-1)).toMatchObject({ operation: 'PutParameter', input: { Name: '/pod/nodes', Tier: 'Advanced', Type: 'String', Overwrite: true } });
    });

    test('refuses what the tier has no room for, and writes nothing', async () => {
      seed(workers(20));
      expect((await list(parameter(), 'Count')).reason).toMatch(
        /: the list of 20 nodes has [56]\d{3} bytes, and a parameter of the tier Standard takes 4096; choose fewer `fields`, look up one instance group, or/);
      expect(aws.ssm.values.size).toBe(0);
    });

    test.each(['Advanced', 'Intelligent-Tiering'])('sends 8192 bytes to the tier %s', async OutputParameterTier => {
      seed(workers(20));
      await list(parameter({ OutputParameterTier }));
      expect(aws.requests.at(-1)).toMatchObject({ operation: 'PutParameter', input: { Tier: OutputParameterTier } });
    });

    test('names the parameter where it may not', async () => {
      seed(workers(1));
      aws.faults.always('PutParameter', { kind: 'error', status: 400, code: 'AccessDeniedException', message: 'no' });
      expect((await list(parameter())).reason).toContain("the list can't be written to parameter /pod/nodes (AccessDeniedException: no)");
    });
  });

  describe('that writes to an object', () => {
    const object = { OutputBucketName: 'lists', OutputObjectKey: 'pod a/nodes+1.json' };
    beforeEach(() => { aws.s3.buckets.add('lists'); });

    test('writes all nodes with everything that is known of them', async () => {
      seed(workers(250));
      expect((await list(object, 'Count')).attributes).toEqual({ Count: '250' });
      const nodes = JSON.parse(aws.s3.contents.get('lists/pod a/nodes+1.json')!) as Record<string, string>[];
      expect(nodes).toHaveLength(250);
      expect(nodes[0]).toEqual({
        CurrentImageReleaseVersion: '1.0.0',
        ImageVersionStatus: 'UpToDate',
        InstanceGroupName: 'workers',
        InstanceId: 'i-00000000000000001',
        InstanceStatus: 'Running',
        InstanceType: 'ml.p5.48xlarge',
        LaunchTime: '2026-01-01T00:00:00Z',
        NodeLogicalId: 'workers-1',
        PrivateDnsHostname: 'ip-10-0-0-1.ec2.internal',
      });
      expect(Object.keys(nodes[0]).every(field => (NODE_FIELDS as readonly string[]).includes(field))).toBe(true);
      expect(aws.requests.at(-1)).toMatchObject({ operation: 'PutObject', input: { ContentType: 'application/json' } });
    });

    test('is repeated when it was throttled', async () => {
      seed(workers(1));
      aws.faults.next('PutObject', { kind: 'throttle' }, { kind: 'reset' });
      expect((await list(object)).status).toBe('CREATE_COMPLETE');
      expect(aws.requests.map(({ operation }) => operation)).toEqual(['ListClusterNodes', 'PutObject', 'PutObject', 'PutObject']);
    });

    test('names the object where there is no such bucket', async () => {
      seed(workers(1));
      expect((await list({ ...object, OutputBucketName: 'moon' })).reason).toContain(
        "the list can't be written to object pod a/nodes+1.json of bucket moon (NoSuchBucket: The specified bucket does not exist)");
    });

    test('logs neither the list nor where it went', async () => {
      seed(workers(1));
      const cfn = stack(FAST);
      await cfn.create(readingNodes(object));
      expect(cfn.log).toContain('"operation":"PutObject"');
      expect(cfn.log).not.toMatch(/i-0000|nodes\+1/);
    });
  });
});
