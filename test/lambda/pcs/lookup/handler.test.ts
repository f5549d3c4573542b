import timers from 'node:timers/promises';
import type { Instance } from '../../../../lambda/clients/ec2';
import { pcsLookups } from '../../../../lambda/pcs/lookup/handler';
import { HandlerError } from '../../../../lambda/shared/errors';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Hpc' };
const { signal } = new AbortController();
const aws = { getCluster: jest.fn(), getComputeNodeGroup: jest.fn(), listComputeNodeGroups: jest.fn(), describeInstances: jest.fn() };
const handler = pcsLookups(aws);
const apply = async (properties: Record<string, unknown>, within = signal) => handler.apply({ stack, properties }, within);
const failure = (name: string) => Object.assign(new Error('why'), { name, $metadata: { attempts: 2 } });

let lines: { readonly operation: string }[];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => jest.restoreAllMocks());

test('has a physical id of stack and resource', () => {
  expect(handler.physicalId(stack, 'Lookup', {})).toBe('Hpc/Lookup');
});

test.each(['Moon', 'toString'])('the operation %s is unknown', async Operation => {
  await expect(apply({ Operation, Input: {} })).rejects.toMatchObject({
    code: 'InvalidProperties', message: `unknown operation: ${Operation}; known are GetCluster, GetComputeNodeGroup, DescribeInstances`,
  });
});

describe('a cluster', () => {
  const lookup = (Fields: string) => ({ Operation: 'GetCluster', Input: { ClusterIdentifier: 'hpc' }, Fields });

  test('is read by its name or id', async () => {
    aws.getCluster.mockResolvedValue({ id: 'pcs_a' });
    expect(await apply(lookup('Id'))).toEqual({ Id: 'pcs_a' });
    expect(aws.getCluster).toHaveBeenCalledWith('hpc', signal);
    expect(lines.map(({ operation }) => operation)).toEqual(['GetCluster']);
  });

  test('that can not be read is named, with its place', async () => {
    aws.getCluster.mockRejectedValue(failure('TimeoutError'));
    await expect(apply(lookup('Id'))).rejects.toThrow(
      'cluster "hpc" in account 111122223333, Region us-east-1: no answer after 2 attempts; a function in a VPC needs a way to the API of AWS PCS');
  });

  test('is not asked for what is unknown', async () => {
    await expect(apply(lookup('Moon'))).rejects.toThrow(/^unknown field: Moon/);
    await expect(apply({ ...lookup('Id'), Input: {} })).rejects.toThrow('the property ClusterIdentifier is missing');
    expect(aws.getCluster).not.toHaveBeenCalled();
  });
});

describe('a node group', () => {
  const lookup = (Fields: string) => ({ Operation: 'GetComputeNodeGroup', Input: { ClusterIdentifier: 'hpc', ComputeNodeGroupIdentifier: 'workers' }, Fields });

  test('is read by its name or id', async () => {
    aws.getComputeNodeGroup.mockResolvedValue({ id: 'pcs_g' });
    expect(await apply(lookup('Id'))).toEqual({ Id: 'pcs_g' });
    expect(aws.getComputeNodeGroup).toHaveBeenCalledWith('hpc', 'workers', signal);
    expect(lines.map(({ operation }) => operation)).toEqual(['GetComputeNodeGroup']);
  });

  test.each([
    [['b', 'a'], ', which has a, b, does not exist (ResourceNotFoundException: why)'],
    [[], ', which has no node groups, does not exist (ResourceNotFoundException: why)'],
  ])('that does not exist is told beside %j', async (names, text) => {
    aws.getComputeNodeGroup.mockRejectedValue(failure('ResourceNotFoundException'));
    aws.listComputeNodeGroups.mockResolvedValue([...names]);
    await expect(apply(lookup('Id'))).rejects.toThrow(`node group "workers" of cluster "hpc" in account 111122223333, Region us-east-1${text}`);
    expect(aws.listComputeNodeGroups).toHaveBeenCalledWith('hpc', signal);
  });

  test('that does not exist is told alone where the others can not be read', async () => {
    aws.getComputeNodeGroup.mockRejectedValue(failure('ResourceNotFoundException'));
    aws.listComputeNodeGroups.mockRejectedValue(failure('AccessDenied'));
    await expect(apply(lookup('Id'))).rejects.toThrow('Region us-east-1 does not exist');
  });

  test('that fails otherwise is told alone, in the words of the service', async () => {
    aws.getComputeNodeGroup.mockRejectedValue(failure('TimeoutError'));
    await expect(apply(lookup('Id'))).rejects.toThrow(/Region us-east-1: no answer after 2 attempts; .* API of AWS PCS/);
    expect(aws.listComputeNodeGroups).not.toHaveBeenCalled();
  });

  test('is not asked for what is unknown', async () => {
    await expect(apply(lookup('Moon'))).rejects.toThrow(/^unknown field: Moon/);
    await expect(apply({ ...lookup('Id'), Input: { ClusterIdentifier: 'hpc' } })).rejects.toThrow('the property ComputeNodeGroupIdentifier is missing');
    await expect(apply({ ...lookup('Id'), Input: { ComputeNodeGroupIdentifier: 'a' } })).rejects.toThrow('the property ClusterIdentifier is missing');
  });
});

describe('instances', () => {
  const lookup = (Input: object = {}, Fields = 'Count,InstanceIds') => ({ Operation: 'DescribeInstances', Input: { ComputeNodeGroupId: 'pcs_g', ...Input }, Fields });
  const instance = (id: number, minute?: number): Instance => (
    { InstanceId: `i-${id}`, ...minute !== undefined && { LaunchTime: new Date(minute * 60_000) } }) as Instance;
  const many = (count: number) => Array.from({ length: count }, (_, index) => instance(1_000_000_000 + index, index));
  let pauses: unknown[];

  beforeEach(() => {
    pauses = [];
    jest.spyOn(timers, 'setTimeout').mockImplementation(async (pause, _value, options) => {
      options!.signal!.throwIfAborted();
      pauses.push(pause);
      return undefined as never;
    });
  });

  test('come in the order of their age, then of their ids', async () => {
    aws.describeInstances.mockImplementation(async () => [instance(2, 5), instance(1, 5), instance(4, 1), instance(5), instance(3, 5)]);
    expect(await apply(lookup())).toEqual({ Count: '5', InstanceIds: 'i-5,i-4,i-1,i-2,i-3' });
    expect(await apply(lookup({ AtMost: '2' }))).toEqual({ Count: '5', InstanceIds: 'i-5,i-4' });
    expect(aws.describeInstances).toHaveBeenCalledWith('pcs_g', signal);
    expect(lines[0].operation).toBe('DescribeInstances');
    expect(pauses).toEqual([]);
  });

  test('may be none, where none is waited for', async () => {
    aws.describeInstances.mockResolvedValue([]);
    expect(await apply(lookup())).toEqual({ Count: '0', InstanceIds: '' });
  });

  test('are waited for', async () => {
    aws.describeInstances.mockResolvedValueOnce([]).mockResolvedValueOnce(many(1)).mockResolvedValueOnce(many(2));
    expect(await apply(lookup({ AtLeast: '2' }, 'Count'))).toEqual({ Count: '2' });
    expect(pauses).toEqual([5_000, 5_000]);
  });

  test('that do not come in time are counted', async () => {
    const controller = new AbortController();
    aws.describeInstances.mockImplementation(async () => {
      controller.abort(new HandlerError('Timeout', 'no answer within 105 s'));
      return many(1);
    });
    await expect(apply(lookup({ AtLeast: '2' }), controller.signal)).rejects.toMatchObject({
      code: 'TooFewInstances', message: 'instances of node group "pcs_g" in account 111122223333, Region us-east-1: there are 1, and 2 were waited for',
    });
  });

  test.each([{}, { AtLeast: '0' }])('that could not be read in time, with %j, are a matter of the network', async input => {
    aws.describeInstances.mockRejectedValue(failure('AbortError'));
    const late = AbortSignal.abort(new HandlerError('Timeout', 'no answer within 105 s'));
    await expect(apply(lookup(input), late)).rejects.toMatchObject({
      code: 'Timeout',
      message: 'instances of node group "pcs_g" in account 111122223333, Region us-east-1: no answer within 105 s; '
        + 'a function in a VPC needs a way to the API of Amazon EC2',
    });
  });

  test('that can not be read are told of at once, also where some are waited for', async () => {
    aws.describeInstances.mockRejectedValue(failure('UnknownParameter'));
    await expect(apply(lookup({ AtLeast: '2' }))).rejects.toThrow('Region us-east-1: UnknownParameter: why');
  });

  test('are told of if they fit', async () => {
    const ids = (count: number) => count * 'i-1000000000'.length + count - 1;
    aws.describeInstances.mockResolvedValue(many(230));
    expect(ids(230)).toBeLessThanOrEqual(3_000);
    expect((await apply(lookup({}, 'InstanceIds'))).InstanceIds).toHaveLength(ids(230));
    aws.describeInstances.mockResolvedValue(many(240));
    await expect(apply(lookup())).rejects.toMatchObject({
      code: 'TooManyInstances',
      message: expect.stringContaining(': there are 240, of which about 230 fit into an answer; set `maxInstances`, or use fewer attributes'),
    });
    await expect(apply(lookup({ AtMost: '235' }))).rejects.toThrow('about 230 fit');
    expect(await apply(lookup({ AtMost: '230' }))).toMatchObject({ Count: '240' });
  });

  test.each(['AtLeast', 'AtMost'].flatMap(key => ['two', '-1', '1e3', '2.5', true].map(given => [key, given] as const)))(
    'are not counted where %s is no whole number: %p', async (key, given) => {
      await expect(apply(lookup({ [key]: given }))).rejects.toMatchObject({
        code: 'InvalidProperties', message: `the property ${key} must be a whole number from 0, got: ${given}`,
      });
      expect(aws.describeInstances).not.toHaveBeenCalled();
    });

  test('have room for three thousand bytes, not one more', async () => {
    const sized = (bytes: number) => [{ InstanceId: 'x'.repeat(bytes) } as Instance];
    aws.describeInstances.mockResolvedValue(sized(3_000));
    expect(await apply(lookup({}, 'InstanceIds'))).toHaveProperty('InstanceIds.length', 3_000);
    aws.describeInstances.mockResolvedValue(sized(3_001));
    await expect(apply(lookup({}, 'InstanceIds'))).rejects.toThrow('about 0 fit');
  });

  test('are not asked for what is unknown', async () => {
    await expect(apply(lookup({}, 'Moon'))).rejects.toThrow(/^unknown field: Moon/);
    await expect(apply({ ...lookup(), Input: {} })).rejects.toThrow('the property ComputeNodeGroupId is missing');
    expect(aws.describeInstances).not.toHaveBeenCalled();
  });
});
