import { readingQuota } from './lookup-properties';
import { FAST, lookupRig } from './lookup-rig';
import type { QuotaRequest } from '../aws/compute-quotas';

const CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const OTHER_CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/z9y8x7w6v5u4';
const PLACE = { account: '111122223333', region: 'us-east-1' };
const ID = 'q1w2e3r4t5y6';
const ARN = `arn:aws:sagemaker:us-east-1:111122223333:compute-quota/${ID}`;
const WHERE = 'in account 111122223333, Region us-east-1';

const RESEARCH: QuotaRequest = {
  Name: 'research',
  ClusterArn: CLUSTER,
  Description: 'large models',
  ActivationState: 'Enabled',
  ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 40 },
  ComputeQuotaConfig: {
    ComputeQuotaResources: [
      { InstanceType: 'ml.p5en.48xlarge', Count: 2 },
      { InstanceType: 'ml.p5.48xlarge', Accelerators: 4 },
      { InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 8 } },
      { InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-1g.10gb', Count: 7 }, VCpu: 20.5 },
      { InstanceType: 'ml.m5.4xlarge', VCpu: 8 },
    ],
    ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 100 },
    PreemptTeamTasks: 'Never',
  },
};

const { aws, stack } = lookupRig('hyperpod-lookup');
const quotas = aws.sagemaker.quotas;

function create(request: QuotaRequest = RESEARCH): string {
  return (quotas.create(request, PLACE) as { ComputeQuotaId: string }).ComputeQuotaId;
}

async function read(input: Record<string, string>, ...fields: string[]) {
  const cfn = stack(FAST);
  const { status, reason } = await cfn.create(readingQuota(input, ...fields));
  return { status, reason, attributes: cfn.attributes };
}

const byName = { ClusterArn: CLUSTER, Name: 'research' };

describe('a look-up of a compute quota', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['id', { ComputeQuotaId: ID }, ['DescribeComputeQuota']],
    ['ARN', { ComputeQuotaArn: ARN }, ['DescribeComputeQuota']],
    ['cluster and name', byName, ['ListComputeQuotas', 'DescribeComputeQuota']],
  ])('reads by %s', async (_how, input, operations) => {
    quotas.put({ ...RESEARCH, ComputeQuotaId: ID, ComputeQuotaVersion: 3, Status: 'Updated' }, PLACE);
    const fields = [
      'ActivationState', 'BorrowLimit', 'ClusterArn', 'ComputeQuotaArn', 'ComputeQuotaId', 'ComputeQuotaVersion', 'Description',
      'FailureReason', 'FairShareWeight', 'Name', 'PreemptTeamTasks', 'Status', 'Strategy', 'TeamName',
    ];
    expect(await read(input, ...fields)).toEqual({
      status: 'CREATE_COMPLETE',
      reason: undefined,
      attributes: {
        ActivationState: 'Enabled',
        BorrowLimit: '100',
        ClusterArn: CLUSTER,
        ComputeQuotaArn: ARN,
        ComputeQuotaId: ID,
        ComputeQuotaVersion: '3',
        Description: 'large models',
        FailureReason: '',
        FairShareWeight: '40',
        Name: 'research',
        PreemptTeamTasks: 'Never',
        Status: 'Updated',
        Strategy: 'LendAndBorrow',
        TeamName: 'research',
      },
    });
    expect(aws.requests.map(({ operation }) => operation)).toEqual(operations);
  });

  test('reads what the service filled in, entry by entry', async () => {
    const fields = {
      'Accelerators/ml.p5.48xlarge/Count': '4',
      'Accelerators/ml.p5.48xlarge/MemoryInGiB': '1024',
      'Accelerators/ml.p5.48xlarge/VCpu': '96',
      'Compute/ml.m5.4xlarge/Count': '0',
      'Compute/ml.m5.4xlarge/MemoryInGiB': '32',
      'Compute/ml.m5.4xlarge/VCpu': '8',
      'Instances/ml.p5en.48xlarge/Count': '2',
      'Instances/ml.p5en.48xlarge/VCpu': '',
      'Partitions/ml.p5.48xlarge/mig-1g.10gb/MemoryInGiB': '256',
      'Partitions/ml.p5.48xlarge/mig-1g.10gb/VCpu': '20.5',
      'Partitions/ml.p5.48xlarge/mig-3g.40gb/Count': '8',
      'Partitions/ml.p5.48xlarge/mig-3g.40gb/MemoryInGiB': String(2048 * 24 / 56),
    };
    expect((await read({ ComputeQuotaId: create() }, ...Object.keys(fields))).attributes).toEqual(fields);
  });

  test('finds a name among others that contain it, on the last of several pages', async () => {
    create();
    for (let index = 0; index < 250; index++) { quotas.put({ ...RESEARCH, Name: `research-${index}` }, PLACE); }
    expect((await read(byName, 'Name', 'ComputeQuotaId')).attributes).toEqual({ Name: 'research', ComputeQuotaId: 'q00000000001' });
    expect(aws.requests.map(({ operation, input }) => [operation, input.NameContains, input.ClusterArn, input.MaxResults])).toEqual([
      ...Array(3).fill(['ListComputeQuotas', 'research', CLUSTER, 100]),
      ['DescribeComputeQuota', undefined, undefined, undefined],
    ]);
  });

  test('tells quotas of two clusters with one name apart', async () => {
    const [here, there] = [create(), create({ ...RESEARCH, ClusterArn: OTHER_CLUSTER })];
    expect((await read(byName, 'ComputeQuotaId')).attributes).toEqual({ ComputeQuotaId: here });
    expect((await read({ ...byName, ClusterArn: OTHER_CLUSTER }, 'ComputeQuotaId')).attributes).toEqual({ ComputeQuotaId: there });
  });

  test.each<[string, Record<string, string>, string]>([
    ['id', { ComputeQuotaId: 'q99999999999' },
      `compute quota q99999999999 ${WHERE} does not exist (ResourceNotFound: Compute quota q99999999999 not found)`],
    ['name', { ...byName, Name: 'resea' }, `compute quota "resea" of ${CLUSTER} ${WHERE}: the cluster has no quota of this name`],
    ['name in another cluster', { ...byName, ClusterArn: OTHER_CLUSTER },
      `compute quota "research" of ${OTHER_CLUSTER} ${WHERE}: the cluster has no quota of this name`],
  ])('says who, where and what when there is no such quota, by %s', async (_how, input, reason) => {
    create();
    const outcome = await read(input, 'Status');
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(reason);
  });

  test('a quota of another account or Region is refused, not looked for here', async () => {
    for (const arn of [ARN.replace('us-east-1', 'eu-west-1'), ARN.replace('1111', '4444'), 'arn:aws:s3:::bucket']) {
      expect((await read({ ComputeQuotaArn: arn }, 'Status')).reason).toContain(`${arn} is not a compute quota ${WHERE}, where the stack is`);
    }
    expect(aws.requests).toEqual([]);
  });

  test('a deleted quota does not exist, by id or by name', async () => {
    const { ComputeQuotaId } = quotas.put({ ...RESEARCH, Status: 'Deleted' }, PLACE);
    expect((await read({ ComputeQuotaId }, 'Status')).reason).toContain(`compute quota ${ComputeQuotaId} ${WHERE}: it has been deleted`);
    expect((await read(byName, 'Status')).reason).toContain('the cluster has no quota of this name');
  });

  test('a deleted quota does not hide its successor of the same name', async () => {
    quotas.put({ ...RESEARCH, Status: 'Deleted' }, PLACE);
    const successor = create();
    expect((await read(byName, 'ComputeQuotaId')).attributes).toEqual({ ComputeQuotaId: successor });
  });

  test.each(['Creating', 'CreateFailed', 'Deleting', 'DeleteFailed'] as const)('a quota in status %s is read, with its reason', async Status => {
    quotas.put({ ...RESEARCH, Status, FailureReason: 'because' }, PLACE);
    expect((await read(byName, 'FailureReason', 'Status')).attributes).toEqual({ FailureReason: 'because', Status });
  });

  test('two quotas of one name are not chosen between', async () => {
    quotas.put(RESEARCH, PLACE);
    quotas.put(RESEARCH, PLACE);
    expect((await read(byName, 'Status')).reason).toContain('the cluster has several of this name: q00000000002, q00000000001');
  });

  test.each<[string, string, string]>([
    ['an entry that the quota lacks', 'Accelerators/ml.p5en.48xlarge/Count',
      'it has 0 entries of Accelerators ml.p5en.48xlarge, not one; its entries are: Instances ml.p5en.48xlarge, Accelerators ml.p5.48xlarge, '],
    ['a profile that the quota lacks', 'Partitions/ml.p5.48xlarge/mig-7g.80gb/VCpu', 'it has 0 entries of Partitions ml.p5.48xlarge mig-7g.80gb'],
    ['a field of another release', 'Moon', 'unknown field: Moon; known are ActivationState, '],
  ])('fails for %s', async (_what, field, reason) => {
    const outcome = await read({ ComputeQuotaId: create() }, field);
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toContain(reason);
  });

  test('needs no field', async () => {
    create();
    expect(await read(byName)).toEqual({ status: 'CREATE_COMPLETE', reason: undefined, attributes: {} });
  });

  test('too much data fails with a reason', async () => {
    quotas.put({ ...RESEARCH, ComputeQuotaId: ID, Description: '研'.repeat(1024), FailureReason: '究'.repeat(1024) }, PLACE);
    expect((await read({ ComputeQuotaId: ID }, 'Description', 'FailureReason')).reason).toMatch(
      /^the answer has 6\d+ bytes, CloudFormation takes 4096; ask for fewer fields/);
    expect((await read({ ComputeQuotaId: ID }, 'Description')).status).toBe('CREATE_COMPLETE');
  });

  test('all fields of a quota with 15 entries fit into one answer', async () => {
    const sizes = ['xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge'];
    const types = ['g5', 'g6', 'g6e'].flatMap(family => sizes.map(size => `${family}.${size}`));
    const entries = types.map((type, index) => ({ InstanceType: `ml.${type}`, Accelerators: index + 1, VCpu: 12345.5, MemoryInGiB: 2048.25 }));
    const ComputeQuotaId = create({ ...RESEARCH, ComputeQuotaConfig: { ComputeQuotaResources: entries } });
    const fields = entries.flatMap(({ InstanceType }) => ['Count', 'MemoryInGiB', 'VCpu'].map(field => `Accelerators/${InstanceType}/${field}`));
    const { attributes } = await read({ ComputeQuotaId }, 'ComputeQuotaArn', 'ClusterArn', 'Status', 'TeamName', ...fields);
    expect(Object.keys(attributes)).toHaveLength(49);
  });
});

describe('under faults', () => {
  test.each(['ListComputeQuotas', 'DescribeComputeQuota'])('a throttled %s is repeated', async operation => {
    create();
    aws.faults.next(operation, { kind: 'throttle' }, { kind: 'throttle' });
    expect((await read(byName, 'Status')).attributes).toEqual({ Status: 'Created' });
    expect(aws.requests).toHaveLength(4);
  });

  test.each(['ListComputeQuotas', 'DescribeComputeQuota'])('a permission for %s that is on its way is waited for', async operation => {
    create();
    aws.faults.next(operation, { kind: 'error', status: 400, code: 'AccessDeniedException' });
    expect((await read(byName, 'Status')).status).toBe('CREATE_COMPLETE');
  });

  test.each(['ListComputeQuotas', 'DescribeComputeQuota'])('a permission for %s that never comes fails with the words of the service', async operation => {
    create();
    const message = `User: arn:aws:sts::111122223333:assumed-role/R/F is not authorized to perform: sagemaker:${operation}`;
    aws.faults.always(operation, { kind: 'error', status: 400, code: 'AccessDeniedException', message });
    expect((await read(byName, 'Status')).reason).toContain(`the look-up function may not read it (AccessDeniedException: ${message})`);
  });

  test('a page that stays throttled fails the deployment in time', async () => {
    create();
    aws.faults.always('ListComputeQuotas', { kind: 'throttle' });
    const { reason } = await read(byName, 'Status');
    expect(reason).toContain(`compute quota "research" of ${CLUSTER} ${WHERE}: still throttled after `);
    expect(Number(/(\d+) attempts; deploy again/.exec(reason!)![1])).toBeGreaterThanOrEqual(10);
  });
});

test('is updated to another quota in place, and deleting it deletes nothing', async () => {
  const [first, second] = [create(), create({ ...RESEARCH, Name: 'other' })];
  const cfn = stack();
  await cfn.create(readingQuota({ ComputeQuotaId: first }, 'Name'));
  const id = cfn.physicalId;
  const updated = await cfn.update(readingQuota({ ComputeQuotaId: second }, 'Name'));
  expect(updated.steps).toHaveLength(1);
  expect([cfn.physicalId, cfn.attributes]).toEqual([id, { Name: 'other' }]);
  aws.requests.length = 0;
  expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
  expect(aws.requests).toEqual([]);
});
