import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation } from './cloudformation';
import type { Target } from './events';
import type { InvokerOptions } from './invoker';
import { ResponseReceiver } from './receiver';
import { LAMBDA_CREDENTIALS } from './secrets';
import type { Fault } from '../aws/faults';
import type { FakeCluster } from '../aws/pcs';
import { FakeAws } from '../aws/server';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'pcs-lookup', 'index.js');
/** Pauses between retries and the budget of two minutes pass at once. */
const FAST = { virtualTime: true };
const PLACE = 'in account 111122223333, Region us-east-1';

const SECRETS = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!';
const CLUSTER: FakeCluster = {
  name: 'slurm',
  id: 'pcs_abc123',
  status: 'ACTIVE',
  size: 'SMALL',
  scheduler: { type: 'SLURM', version: '25.11' },
  slurmConfiguration: {
    authKey: { secretArn: `${SECRETS}slurm-secret-pcs_abc123-a1b2c3`, secretVersion: 'v1' },
    jwtAuth: { jwtKey: { secretArn: `${SECRETS}jwt-secret-pcs_abc123-d4e5f6`, secretVersion: 'v2' } },
    slurmCustomSettings: [{ parameterName: 'Prolog', parameterValue: '/x' }],
  },
  networking: { subnetIds: ['subnet-00000000000000001'], securityGroupIds: ['sg-00000000000000001', 'sg-00000000000000002'], networkType: 'IPV4' },
  endpoints: [
    { type: 'SLURMCTLD', privateIpAddress: '10.0.0.5', port: '6817' },
    { type: 'SLURMDBD', privateIpAddress: '10.0.0.5', port: '6819' },
    { type: 'SLURMRESTD', privateIpAddress: '10.0.0.6', port: '6820' },
  ],
  computeNodeGroups: [{
    name: 'login',
    id: 'pcs_def456',
    status: 'ACTIVE',
    amiId: 'ami-1',
    subnetIds: ['subnet-00000000000000001', 'subnet-00000000000000002'],
    purchaseOption: 'ONDEMAND',
    customLaunchTemplate: { id: 'lt-1', version: '3' },
    iamInstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/aws-pcs/x',
    scalingConfiguration: { minInstanceCount: 1, maxInstanceCount: 2 },
    instanceConfigs: [{ instanceType: 'c7i.xlarge' }],
    errorInfo: [{ code: 'InsufficientCapacity', message: 'no room' }, { code: 'Other', message: 'else' }],
  }],
};

const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
const receiver = new ResponseReceiver();

beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await Promise.all([aws.start(), receiver.start()]);
});
afterAll(async () => Promise.all([aws.stop(), receiver.stop()]));
beforeEach(() => {
  aws.reset();
  receiver.reset();
  aws.pcs.pageSize = 100;
  aws.pcs.clusters.push(CLUSTER);
});
afterEach(() => expect(receiver.refused).toEqual([]));

let incarnation = 0;

function stack(lambda: Partial<InvokerOptions> = {}, target: Target = {}): CloudFormation {
  const options = { bundle: BUNDLE, sagemakerUrl: aws.url, receiverPort: receiver.port, region: target.region, ...lambda };
  return new CloudFormation(receiver, options, { incarnation: ++incarnation, resourceType: 'Custom::HpcPcsLookup', ...target });
}

const cluster = (ClusterIdentifier: string, ...fields: string[]) => ({ Operation: 'GetCluster', Input: { ClusterIdentifier }, Fields: fields.join(',') });
const group = (ComputeNodeGroupIdentifier: string, ...fields: string[]) => ({
  Operation: 'GetComputeNodeGroup', Input: { ClusterIdentifier: 'pcs_abc123', ComputeNodeGroupIdentifier }, Fields: fields.join(','),
});
const instances = (fields: string[], more: Record<string, string> = {}) => ({
  Operation: 'DescribeInstances', Input: { ComputeNodeGroupId: 'pcs_def456', ...more }, Fields: fields.join(','),
});

function replace(more: Partial<FakeCluster>): void {
  aws.pcs.clusters.length = 0;
  aws.pcs.clusters.push({ ...CLUSTER, ...more });
}

function run(count: number, groupId = 'pcs_def456'): void {
  for (let index = 0; index < count; index++) {
    const hex = index.toString(16).padStart(17, '0');
    aws.ec2.instances.push({
      instanceId: `i-${hex}`,
      launchTime: new Date(Date.UTC(2026, 10, 1) + index * 1000).toISOString(),
      privateIpAddress: `10.0.${Math.floor(index / 256)}.${index % 256}`,
      tags: { 'aws:pcs:compute-node-group-id': groupId },
    });
  }
}

describe('a look-up of a cluster', () => {
  test('is created, updated and deleted', async () => {
    const cfn = stack();
    expect((await cfn.create(cluster('slurm', 'Id', 'SlurmctldAddress', 'SlurmctldPort'))).status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes).toEqual({ Id: 'pcs_abc123', SlurmctldAddress: '10.0.0.5', SlurmctldPort: '6817' });
    const updated = await cfn.update(cluster('pcs_abc123', 'Status'));
    expect(updated.steps).toHaveLength(1); // no replacement
    expect(cfn.attributes).toEqual({ Status: 'ACTIVE' });
    aws.requests.length = 0;
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
    expect(aws.requests).toEqual([]); // a look-up has nothing to delete
  });

  test('reads every field', async () => {
    const cfn = stack();
    await cfn.create(cluster(
      'slurm', 'Arn', 'AuthKeySecretArn', 'AuthKeySecretVersion', 'ErrorCodes', 'ErrorMessages', 'JwtKeySecretArn', 'JwtKeySecretVersion', 'Name',
      'NetworkType', 'SchedulerVersion', 'SecurityGroupIds', 'Size', 'SlurmctldIpv6Address', 'SlurmdbdAddress', 'SlurmdbdPort', 'SlurmrestdAddress',
      'SlurmrestdPort', 'Status', 'SubnetId',
    ));
    expect(cfn.attributes).toEqual({
      Arn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123',
      AuthKeySecretArn: `${SECRETS}slurm-secret-pcs_abc123-a1b2c3`,
      AuthKeySecretVersion: 'v1',
      ErrorCodes: '',
      ErrorMessages: '',
      JwtKeySecretArn: `${SECRETS}jwt-secret-pcs_abc123-d4e5f6`,
      JwtKeySecretVersion: 'v2',
      Name: 'slurm',
      NetworkType: 'IPV4',
      SchedulerVersion: '25.11',
      SecurityGroupIds: 'sg-00000000000000001,sg-00000000000000002',
      Size: 'SMALL',
      SlurmctldIpv6Address: '',
      SlurmdbdAddress: '10.0.0.5',
      SlurmdbdPort: '6819',
      SlurmrestdAddress: '10.0.0.6',
      SlurmrestdPort: '6820',
      Status: 'ACTIVE',
      SubnetId: 'subnet-00000000000000001',
    });
  });

  test('has the IPv6 address where there is no other', async () => {
    replace({
      networking: { subnetIds: ['subnet-00000000000000001'], networkType: 'IPV6' },
      endpoints: ['SLURMCTLD', 'SLURMDBD', 'SLURMRESTD'].map((type, index) => ({
        type, privateIpAddress: '', ipv6Address: `2001:db8::${index + 5}`, port: String([6817, 6819, 6820][index]),
      })),
    });
    const cfn = stack();
    await cfn.create(cluster('slurm', 'NetworkType', 'SlurmctldAddress', 'SlurmctldIpv6Address', 'SlurmdbdAddress', 'SlurmdbdIpv6Address', 'SlurmrestdIpv6Address'));
    expect(cfn.attributes).toEqual({
      NetworkType: 'IPV6',
      SlurmctldAddress: '2001:db8::5',
      SlurmctldIpv6Address: '2001:db8::5',
      SlurmdbdAddress: '2001:db8::6',
      SlurmdbdIpv6Address: '2001:db8::6',
      SlurmrestdIpv6Address: '2001:db8::7',
    });
  });

  test('of a suspended cluster tells the status and why', async () => {
    replace({ status: 'SUSPENDED', endpoints: undefined, errorInfo: [{ code: 'SchedulerEndOfLife', message: 'Slurm 24.05 is past its end of life' }] });
    const cfn = stack();
    expect((await cfn.create(cluster('slurm', 'ErrorCodes', 'ErrorMessages', 'Status'))).status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes).toEqual({
      ErrorCodes: 'SchedulerEndOfLife', ErrorMessages: 'Slurm 24.05 is past its end of life', Status: 'SUSPENDED',
    });
  });

  test('of a suspended cluster fails for an address, and says why', async () => {
    replace({ status: 'SUSPENDED', endpoints: [], errorInfo: [{ code: 'SchedulerEndOfLife', message: 'Slurm 24.05 is past its end of life' }] });
    const outcome = await stack().create(cluster('slurm', 'SlurmctldAddress'));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toMatch(new RegExp(
      `^cluster "slurm" ${PLACE}: it has no SLURMCTLD endpoint; the cluster must be active, and it is SUSPENDED `
      + '\\(SchedulerEndOfLife: Slurm 24.05 is past its end of life\\)',
    ));
  });

  test.each([
    ['SlurmdbdAddress', 'it has no SLURMDBD endpoint; the cluster must be active and have accounting, and it is ACTIVE'],
    ['SlurmrestdPort', 'it has no SLURMRESTD endpoint; the cluster must be active and have the REST API, and it is ACTIVE'],
    ['JwtKeySecretArn', 'it has no JWT key; it is ACTIVE'],
  ])('fails for %s where the cluster has none', async (field, reason) => {
    replace({ endpoints: CLUSTER.endpoints!.slice(0, 1), slurmConfiguration: {} });
    expect((await stack().create(cluster('slurm', field))).reason).toContain(reason);
  });

  test('says who, where and what when there is no such cluster, and its Delete succeeds', async () => {
    const outcome = await stack().create(cluster('no-such', 'Id'));
    expect(outcome.reason).toMatch(new RegExp(`^cluster "no-such" ${PLACE} does not exist \\(ResourceNotFoundException: cluster no-such not found\\)`));
    expect(outcome.steps[1].answer!.Status).toBe('SUCCESS');
  });

  test.each([['aws-cn', 'cn-north-1'], ['aws-us-gov', 'us-gov-west-1']])('works in %s, %s', async (partition, region) => {
    const cfn = stack({}, { partition, region });
    await cfn.create(cluster('slurm', 'Arn'));
    expect(cfn.attributes.Arn).toBe(`arn:${partition}:pcs:${region}:111122223333:cluster/pcs_abc123`);
    expect(aws.requests[0].region).toBe(region);
  });

  test.each<[string, object, string]>([
    ['an operation of another release', { Operation: 'GetMoon', Input: {} }, 'unknown operation: GetMoon; known are GetCluster, GetComputeNodeGroup, DescribeInstances'],
    ['an inherited name as operation', { Operation: 'toString', Input: {} }, 'unknown operation: toString'],
    ['no identifier', { Operation: 'GetCluster', Input: {} }, 'the property ClusterIdentifier is missing'],
    ['a field of another release', cluster('slurm', 'Moon'), 'unknown field: Moon; known are Arn, '],
    ['an inherited name as field', cluster('slurm', 'toString'), 'unknown field: toString'],
    ['an identifier that the service refuses', cluster('-no-', 'Id'), 'ValidationException: 1 validation error detected'],
  ])('fails with a reason for %s', async (_what, properties, reason) => {
    expect((await stack().create(properties)).reason).toContain(reason);
  });
});

describe('a look-up of a node group', () => {
  test('reads every field', async () => {
    const cfn = stack();
    await cfn.create(group(
      'login', 'AmiId', 'Arn', 'ClusterId', 'ErrorCodes', 'ErrorMessages', 'Id', 'InstanceProfileArn', 'InstanceTypes', 'LaunchTemplateId',
      'LaunchTemplateVersion', 'MaxInstanceCount', 'MinInstanceCount', 'Name', 'PurchaseOption', 'Status', 'SubnetIds',
    ));
    expect(cfn.attributes).toEqual({
      AmiId: 'ami-1',
      Arn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123/computenodegroup/pcs_def456',
      ClusterId: 'pcs_abc123',
      ErrorCodes: 'InsufficientCapacity\nOther',
      ErrorMessages: 'no room\nelse',
      Id: 'pcs_def456',
      InstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/aws-pcs/x',
      InstanceTypes: 'c7i.xlarge',
      LaunchTemplateId: 'lt-1',
      LaunchTemplateVersion: '3',
      MaxInstanceCount: '2',
      MinInstanceCount: '1',
      Name: 'login',
      PurchaseOption: 'ONDEMAND',
      Status: 'ACTIVE',
      SubnetIds: 'subnet-00000000000000001,subnet-00000000000000002',
    });
  });

  test('names those that there are when there is no such group', async () => {
    aws.pcs.pageSize = 1;
    replace({ computeNodeGroups: ['login', 'gpu', 'cpu'].map(name => ({ name, id: `pcs_${name}`, status: 'ACTIVE' })) });
    const outcome = await stack().create(group('logins', 'Id'));
    expect(outcome.reason).toMatch(new RegExp(
      `^node group "logins" of cluster "pcs_abc123" ${PLACE}, which has cpu, gpu, login, does not exist \\(ResourceNotFoundException: `,
    ));
  });

  test('says no more where it may not list', async () => {
    aws.faults.always('ListComputeNodeGroups', { kind: 'error', status: 400, code: 'AccessDeniedException' });
    const outcome = await stack().create(group('logins', 'Id'));
    expect(outcome.reason).toMatch(new RegExp(`^node group "logins" of cluster "pcs_abc123" ${PLACE} does not exist \\(ResourceNotFoundException: `));
  });
});

describe('a look-up of instances', () => {
  test('has those of the group that run, the oldest first', async () => {
    run(1, 'pcs_other');
    aws.ec2.instances.push(
      { instanceId: 'i-new', launchTime: '2026-11-02T00:00:00.000Z', privateIpAddress: '10.0.0.2', tags: { 'aws:pcs:compute-node-group-id': 'pcs_def456' } },
      { instanceId: 'i-old', launchTime: '2026-11-01T00:00:00.000Z', privateIpAddress: '10.0.0.1', ipv6Address: '2001:db8::1', state: 'pending', tags: { 'aws:pcs:compute-node-group-id': 'pcs_def456' } },
      { instanceId: 'i-gone', state: 'terminated', tags: { 'aws:pcs:compute-node-group-id': 'pcs_def456' } },
    );
    const cfn = stack();
    await cfn.create(instances(['Count', 'InstanceIds', 'Ipv6Addresses', 'PrivateIpAddresses']));
    expect(cfn.attributes).toEqual({
      Count: '2', InstanceIds: 'i-old,i-new', Ipv6Addresses: '2001:db8::1,', PrivateIpAddresses: '10.0.0.1,10.0.0.2',
    });
  });

  test('may be empty', async () => {
    const cfn = stack();
    await cfn.create(instances(['Count', 'InstanceIds']));
    expect(cfn.attributes).toEqual({ Count: '0', InstanceIds: '' });
  });

  test('goes through all pages, and refuses more than an answer holds', async () => {
    aws.ec2.pageSize = 100;
    run(300);
    const outcome = await stack().create(instances(['InstanceIds']));
    expect(outcome.reason).toMatch(new RegExp(
      `^instances of node group "pcs_def456" ${PLACE}: there are 300, of which about 150 fit into an answer; set \`maxInstances\`, or use fewer attributes`,
    ));
    expect(aws.requests.map(({ operation }) => operation)).toEqual(Array(3).fill('DescribeInstances'));
  });

  test('names as many of them as it is told to, and counts all', async () => {
    run(2000);
    const cfn = stack();
    expect((await cfn.create(instances(['Count', 'InstanceIds'], { AtMost: '140' }))).status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes.Count).toBe('2000');
    expect(cfn.attributes.InstanceIds.split(',')).toHaveLength(140);
    expect(cfn.attributes.InstanceIds).toMatch(/^i-00000000000000000,/);
  });

  test('waits for as many as it is told to', async () => {
    aws.onRequest = () => {
      if (aws.requests.length === 3) { run(1); }
    };
    try {
      const cfn = stack(FAST);
      await cfn.create(instances(['InstanceIds'], { AtLeast: '1' }));
      expect(cfn.attributes).toEqual({ InstanceIds: 'i-00000000000000000' });
    } finally {
      aws.onRequest = undefined;
    }
  });

  test('fails where they don\'t come in time', async () => {
    run(1);
    const cfn = stack(FAST);
    const { answer, invocations } = await cfn.request(cfn.events.create(instances(['InstanceIds'], { AtLeast: '2' })));
    expect(invocations).toHaveLength(1);
    expect(answer!.Reason).toMatch(new RegExp(`^instances of node group "pcs_def456" ${PLACE}: there are 1, and 2 were waited for`));
  });
});

describe('under faults', () => {
  test.each<[string, object, string]>([
    ['GetCluster', cluster('slurm', 'Status'), 'cluster "slurm"'],
    ['GetComputeNodeGroup', group('login', 'Status'), 'node group "login" of cluster "pcs_abc123"'],
    ['DescribeInstances', instances(['Count']), 'instances of node group "pcs_def456"'],
  ])('%s is repeated when throttled, and in the end tells so', async (operation, properties, what) => {
    aws.faults.next(operation, { kind: 'throttle' }, { kind: 'throttle' });
    expect((await stack(FAST).create(properties)).status).toBe('CREATE_COMPLETE');
    aws.faults.always(operation, { kind: 'throttle' });
    const outcome = await stack(FAST).create(properties);
    expect(outcome.reason).toMatch(new RegExp(`^${what} ${PLACE}: still throttled after \\d+ attempts; deploy again \\(\\w+: Rate exceeded\\)`));
  });

  test.each<[string, object, string]>([
    ['GetCluster', cluster('slurm', 'Status'), 'AccessDeniedException'],
    ['DescribeInstances', instances(['Count']), 'UnauthorizedOperation'],
  ])('%s is repeated while a permission spreads, and in the end tells that it is missing', async (operation, properties, code) => {
    const fault: Fault = { kind: 'error', status: 403, code, message: 'not authorized' };
    aws.faults.next(operation, fault, fault);
    expect((await stack(FAST).create(properties)).status).toBe('CREATE_COMPLETE');
    aws.faults.always(operation, fault);
    expect((await stack(FAST).create(properties)).reason).toContain(`the look-up function may not read it (${code}: not authorized)`);
  });

  test('a service that can not be reached fails the deployment with a hint', async () => {
    const unreachable = { ...FAST, sagemakerUrl: 'http://127.0.0.1:1' };
    expect((await stack(unreachable).create(cluster('slurm', 'Id'))).reason)
      .toMatch(/no answer after 10 attempts; a function in a VPC needs a way to the API of AWS PCS \(ECONNREFUSED: /);
    expect((await stack(unreachable).create(instances(['Count']))).reason).toContain('needs a way to the API of Amazon EC2');
  });

  test('a service that is silent fails the deployment in time', async () => {
    aws.faults.always('GetCluster', { kind: 'silence' });
    const cfn = stack(FAST);
    const { answer, invocations } = await cfn.request(cfn.events.create(cluster('slurm', 'Id')));
    expect(invocations.map(({ succeeded }) => succeeded)).toEqual([true]); // the handler answered before Lambda would have ended it
    expect(answer!.Reason).toMatch(/no answer (within|after) .*; a function in a VPC/);
  });

  test('logs have no secret', async () => {
    aws.faults.next('GetCluster', { kind: 'error', status: 400, code: 'InvalidSignatureException' });
    const cfn = stack();
    const event = cfn.events.create({ ...cluster('slurm', 'AuthKeySecretArn'), Password: 'hunter2-of-somebody' });
    await cfn.request(event);
    const said = cfn.log + JSON.stringify(receiver.answers);
    for (const secret of [...Object.values(LAMBDA_CREDENTIALS), 'hunter2', 'X-Amz-Signature', new URL(event.ResponseURL).pathname]) {
      expect(said).not.toContain(secret);
    }
  });
});
