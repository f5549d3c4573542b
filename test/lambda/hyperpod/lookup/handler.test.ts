import { hyperPodLookups } from '../../../../lambda/hyperpod/lookup/handler';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Pod' };
const { signal } = new AbortController();
const hyperpod = { describeCluster: jest.fn(), listClusterNodes: jest.fn(), describeComputeQuota: jest.fn(), listComputeQuotas: jest.fn() };
const writer = { putParameter: jest.fn(), putObject: jest.fn() };
const look = async (Operation: string, Input: object, Fields = '') => hyperPodLookups(hyperpod, writer)
  .apply({ stack, properties: { Operation, Input, Fields } as Record<string, unknown> }, signal);
const failure = Object.assign(new Error('why'), { name: 'TimeoutError', $metadata: { attempts: 2 } });
const HINT = 'no answer after 2 attempts; a function in a VPC needs a way to the API of SageMaker (TimeoutError: why)';

let lines: { readonly operation: string }[];
const asked = () => lines.map(({ operation }) => operation);
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => jest.restoreAllMocks());

describe('a cluster', () => {
  test('is read by its name', async () => {
    hyperpod.describeCluster.mockResolvedValue({ ClusterStatus: 'InService' });
    expect(await look('DescribeCluster', { ClusterName: 'pod' }, 'ClusterStatus')).toEqual({ ClusterStatus: 'InService' });
    expect(hyperpod.describeCluster).toHaveBeenCalledWith('pod', signal);
    expect(asked()).toEqual(['DescribeCluster']);
  });

  test('that can not be read is named', async () => {
    hyperpod.describeCluster.mockRejectedValue(failure);
    await expect(look('DescribeCluster', { ClusterName: 'pod' })).rejects.toThrow(`HyperPod cluster "pod" in account 111122223333, Region us-east-1: ${HINT}`);
  });

  test('is not asked for what is unknown', async () => {
    await expect(look('DescribeCluster', { ClusterName: 'pod' }, 'Moon')).rejects.toThrow(/^unknown field: Moon/);
    await expect(look('DescribeCluster', {})).rejects.toThrow('the property ClusterName is missing');
    expect(asked()).toEqual([]);
  });
});

describe('nodes', () => {
  const nodes = [
    { InstanceGroupName: 'workers', InstanceId: 'i-2' }, { InstanceGroupName: 'workers', InstanceId: 'i-1' },
    { InstanceGroupName: 'workers-gpu', InstanceId: 'i-3' }, { InstanceGroupName: 'workers', NodeLogicalId: 'workers-9' },
  ];
  beforeEach(() => { hyperpod.listClusterNodes.mockResolvedValue(nodes); });

  test('that have an instance are listed, of all groups', async () => {
    expect(await look('ListClusterNodes', { ClusterName: 'pod' }, 'Count,InstanceId')).toEqual({ Count: '3', InstanceId: 'i-1,i-2,i-3' });
    expect(hyperpod.listClusterNodes.mock.lastCall).toEqual([{ ClusterName: 'pod' }, signal]);
    expect(asked()).toEqual(['ListClusterNodes']);
  });

  test('of one group are those of its whole name', async () => {
    expect(await look('ListClusterNodes', { ClusterName: 'pod', InstanceGroupName: 'workers' }, 'InstanceId')).toEqual({ InstanceId: 'i-1,i-2' });
    expect(hyperpod.listClusterNodes.mock.lastCall![0]).toMatchObject({ InstanceGroupNameContains: 'workers' });
  });

  test('that have none yet are listed where they are asked for', async () => {
    expect(await look('ListClusterNodes', { ClusterName: 'pod', IncludePending: 'true' }, 'Count')).toEqual({ Count: '4' });
    expect(hyperpod.listClusterNodes.mock.lastCall![0]).toMatchObject({ IncludeNodeLogicalIds: true });
    expect(await look('ListClusterNodes', { ClusterName: 'pod', IncludePending: 'false' }, 'Count')).toEqual({ Count: '3' });
  });

  test.each(['yes', 'TRUE', '1', 0])('are not listed where IncludePending is %p', async IncludePending => {
    await expect(look('ListClusterNodes', { ClusterName: 'pod', IncludePending }, 'Count')).rejects.toMatchObject({
      code: 'InvalidProperties', message: `the property IncludePending must be true or false, got: ${IncludePending}`,
    });
    expect(asked()).toEqual([]);
  });

  test.each([
    [{}, 'NodeLogicalId', true],
    [{ OutputParameterName: '/n' }, '', true],
    [{ OutputParameterName: '/n', OutputFields: 'NodeLogicalId' }, 'Count', true],
    [{ OutputParameterName: '/n', OutputFields: 'InstanceId' }, 'Count', undefined],
  ])('%j with the fields %j are asked for logical ids: %s', async (input, fields, expected) => {
    await look('ListClusterNodes', { ClusterName: 'pod', ...input }, fields);
    expect(hyperpod.listClusterNodes.mock.lastCall![0].IncludeNodeLogicalIds).toBe(expected);
  });

  test('of a time are asked for by it', async () => {
    await look('ListClusterNodes', { ClusterName: 'pod', CreationTimeAfter: '2026-01-01', CreationTimeBefore: '2026-02-01' });
    expect(hyperpod.listClusterNodes.mock.lastCall![0]).toMatchObject({ CreationTimeAfter: new Date('2026-01-01'), CreationTimeBefore: new Date('2026-02-01') });
    await expect(look('ListClusterNodes', { ClusterName: 'pod', CreationTimeAfter: 'noon' })).rejects.toMatchObject({
      code: 'InvalidProperties', message: 'the property CreationTimeAfter must be a time in ISO 8601, not noon',
    });
  });

  test('are written, all that are counted', async () => {
    await look('ListClusterNodes', { ClusterName: 'pod', InstanceGroupName: 'workers', OutputParameterName: '/n', OutputFields: 'InstanceId' });
    expect(writer.putParameter).toHaveBeenCalledWith('/n', '[{"InstanceId":"i-1"},{"InstanceId":"i-2"}]', 'Standard', signal);
  });

  test('that do not fit into the answer are not written either', async () => {
    hyperpod.listClusterNodes.mockResolvedValue([{ InstanceId: 'x'.repeat(3_001) }]);
    await expect(look('ListClusterNodes', { ClusterName: 'pod', OutputParameterName: '/n' }, 'InstanceId')).rejects.toThrow('there are 1');
    expect(writer.putParameter).not.toHaveBeenCalled();
  });

  test('too many for a parameter are counted', async () => {
    hyperpod.listClusterNodes.mockResolvedValue([{ InstanceId: 'x'.repeat(5_000) }]);
    await expect(look('ListClusterNodes', { ClusterName: 'pod', OutputParameterName: '/n' })).rejects.toThrow('the list of 1 nodes');
  });

  test('that can not be read are named', async () => {
    hyperpod.listClusterNodes.mockRejectedValue(failure);
    await expect(look('ListClusterNodes', { ClusterName: 'pod' })).rejects.toThrow(`nodes of HyperPod cluster "pod" in account 111122223333, Region us-east-1: ${HINT}`);
    await expect(look('ListClusterNodes', { ClusterName: 'pod' }, 'Moon')).rejects.toThrow(/^unknown field: Moon/);
    await expect(look('ListClusterNodes', {})).rejects.toThrow('the property ClusterName is missing');
  });
});

describe('a compute quota', () => {
  const arn = 'arn:aws:sagemaker:us-east-1:111122223333:compute-quota/abcdefghijkl';
  const byName = { ClusterArn: 'arn:cluster', Name: 'research' };
  const summary = (ComputeQuotaId: string, Name = 'research', Status = 'Created') => ({ ComputeQuotaId, Name, Status });
  beforeEach(() => { hyperpod.describeComputeQuota.mockResolvedValue({ Status: 'Created', Name: 'research' }); });

  test.each([[{ ComputeQuotaId: 'abcdefghijkl' }], [{ ComputeQuotaArn: arn }]])('is read by %j', async input => {
    expect(await look('DescribeComputeQuota', input, 'Name')).toEqual({ Name: 'research' });
    expect(hyperpod.describeComputeQuota).toHaveBeenCalledWith('abcdefghijkl', signal);
    expect(asked()).toEqual(['DescribeComputeQuota']);
  });

  test('is found by its whole name, among those that there are', async () => {
    hyperpod.listComputeQuotas.mockResolvedValue([summary('a', 'research-2'), summary('b', 'research', 'Deleted'), summary('c')]);
    expect(await look('DescribeComputeQuota', byName, 'Name')).toEqual({ Name: 'research' });
    expect(hyperpod.listComputeQuotas).toHaveBeenCalledWith('arn:cluster', 'research', signal);
    expect(hyperpod.describeComputeQuota).toHaveBeenCalledWith('c', signal);
    expect(asked()).toEqual(['ListComputeQuotas', 'DescribeComputeQuota']);
  });

  test.each([
    [[summary('a', 'research-2')], 'ResourceNotFound', 'the cluster has no quota of this name'],
    [[summary('a'), summary('b', 'research', 'DeleteFailed')], 'NotUnique', 'the cluster has several of this name: a, b'],
  ])('among %j is not found', async (listed, code, text) => {
    hyperpod.listComputeQuotas.mockResolvedValue(listed);
    await expect(look('DescribeComputeQuota', byName)).rejects.toMatchObject({
      code, message: `compute quota "research" of arn:cluster in account 111122223333, Region us-east-1: ${text}`,
    });
  });

  test('that was deleted is none', async () => {
    hyperpod.describeComputeQuota.mockResolvedValue({ Status: 'Deleted' });
    await expect(look('DescribeComputeQuota', { ComputeQuotaId: 'a' })).rejects.toMatchObject({
      code: 'ResourceNotFound', message: 'compute quota a in account 111122223333, Region us-east-1: it has been deleted',
    });
  });

  test.each([arn.replace('us-east-1', 'eu-west-1'), arn.replace('111122223333', '444455556666'), 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a', `x${arn}`, 'moon'])(
    'by the ARN %s is not of this place', async ComputeQuotaArn => {
      await expect(look('DescribeComputeQuota', { ComputeQuotaArn })).rejects.toMatchObject({
        code: 'InvalidProperties', message: `${ComputeQuotaArn} is not a compute quota in account 111122223333, Region us-east-1, where the stack is`,
      });
    });

  test('is not asked for what is unknown', async () => {
    await expect(look('DescribeComputeQuota', { ComputeQuotaId: 'a' }, 'Moon')).rejects.toThrow(/^unknown field: Moon/);
    await expect(look('DescribeComputeQuota', { Name: 'a' })).rejects.toThrow('the property ClusterArn is missing');
    await expect(look('DescribeComputeQuota', { ClusterArn: 'a' })).rejects.toThrow('the property Name is missing');
  });
});
