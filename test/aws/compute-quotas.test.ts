import {
  ConflictException, CreateComputeQuotaCommand, DeleteComputeQuotaCommand, DescribeComputeQuotaCommand, ListComputeQuotasCommand,
  ResourceNotFound, SageMakerClient, UpdateComputeQuotaCommand,
  type ComputeQuotaResourceConfig, type CreateComputeQuotaRequest, type ListComputeQuotasRequest,
} from '@aws-sdk/client-sagemaker';
import { FakeAws } from './server';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const aws = new FakeAws();
const quotas = aws.sagemaker.quotas;
const CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const OTHER_CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/z9y8x7w6v5u4';

beforeAll(async () => aws.start());
afterAll(async () => aws.stop());
beforeEach(() => aws.reset());

const client = (region = 'us-east-1') => new SageMakerClient({ region, endpoint: aws.url, credentials, maxAttempts: 1 });

async function create(more: Partial<CreateComputeQuotaRequest> = {}): Promise<string> {
  const { ComputeQuotaId } = await client().send(new CreateComputeQuotaCommand({
    Name: 'research', ClusterArn: CLUSTER, ComputeQuotaTarget: { TeamName: 'research' }, ComputeQuotaConfig: {}, ...more,
  }));
  return ComputeQuotaId!;
}

const describeQuota = async (id: string, version?: number) =>
  client().send(new DescribeComputeQuotaCommand({ ComputeQuotaId: id, ComputeQuotaVersion: version }));
const update = async (id: string, version: number, more: object = { Description: 'new' }) =>
  client().send(new UpdateComputeQuotaCommand({ ComputeQuotaId: id, TargetVersion: version, ...more }));
const remove = async (id: string) => client().send(new DeleteComputeQuotaCommand({ ComputeQuotaId: id }));

async function names(request: ListComputeQuotasRequest): Promise<string[]> {
  return (await client().send(new ListComputeQuotasCommand(request))).ComputeQuotaSummaries!.map(quota => quota.Name!);
}

async function statuses(id: string, reads: number): Promise<string[]> {
  const seen: string[] = [];
  for (let index = 0; index < reads; index++) { seen.push((await describeQuota(id)).Status!); }
  return seen;
}

describe('the life of a quota', () => {
  test('is created, updated and deleted, at once by default', async () => {
    const id = await create({ Description: 'old', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await describeQuota(id)).toMatchObject({
      ComputeQuotaArn: `arn:aws:sagemaker:us-east-1:111122223333:compute-quota/${id}`,
      Name: 'research',
      Status: 'Created',
      ActivationState: 'Enabled',
      ComputeQuotaVersion: 1,
      CreationTime: expect.any(Date),
    });
    expect(await update(id, 1)).toMatchObject({ ComputeQuotaVersion: 2 });
    expect(await describeQuota(id)).toMatchObject({ Status: 'Updated', Description: 'new', ComputeQuotaVersion: 2 });
    await remove(id);
    expect(await describeQuota(id)).toMatchObject({ Status: 'Deleted' });
    await expect(remove(id)).rejects.toBeInstanceOf(ResourceNotFound);
    await expect(update(id, 2)).rejects.toBeInstanceOf(ResourceNotFound);
  });

  test('takes as many reads as told to', async () => {
    quotas.readsUntilDone = 2;
    const id = await create();
    expect(await statuses(id, 3)).toEqual(['Creating', 'Creating', 'Created']);
    await update(id, 1);
    expect(await statuses(id, 3)).toEqual(['Updating', 'Updating', 'Updated']);
    await remove(id);
    expect(await statuses(id, 3)).toEqual(['Deleting', 'Deleting', 'Deleted']);
  });

  test('a change that fails says why, and the next one goes well', async () => {
    quotas.failNext('Create', 'no Kueue');
    quotas.failNext('Update', 'no capacity');
    quotas.failNext('Delete', 'busy');
    const id = await create();
    expect(await describeQuota(id)).toMatchObject({ Status: 'CreateFailed', FailureReason: 'no Kueue' });
    await update(id, 1);
    expect(await describeQuota(id)).toMatchObject({ Status: 'UpdateFailed', FailureReason: 'no capacity' });
    await remove(id);
    expect(await describeQuota(id)).toMatchObject({ Status: 'DeleteFailed', FailureReason: 'busy' });
    await remove(id);
    expect(await describeQuota(id)).not.toHaveProperty('FailureReason');
    expect(await statuses(id, 1)).toEqual(['Deleted']);
  });

  test('another version than the newest is not found', async () => {
    const id = await create();
    await expect(describeQuota(id, 1)).resolves.toBeDefined();
    await expect(describeQuota(id, 2)).rejects.toBeInstanceOf(ResourceNotFound);
  });

  test('a quota is of one Region', async () => {
    const id = await create();
    await expect(client('eu-west-1').send(new DescribeComputeQuotaCommand({ ComputeQuotaId: id }))).rejects.toBeInstanceOf(ResourceNotFound);
    expect((await client('eu-west-1').send(new ListComputeQuotasCommand({}))).ComputeQuotaSummaries).toEqual([]);
  });
});

describe('conflicts', () => {
  test('a name is taken in its cluster, also by what failed, until it is deleted', async () => {
    quotas.failNext('Create', 'no Kueue');
    const id = await create();
    await expect(create()).rejects.toBeInstanceOf(ConflictException);
    await expect(create()).rejects.toMatchObject({ message: `Compute quota ${id} has the name research in cluster ${CLUSTER}` });
    await expect(create({ ClusterArn: OTHER_CLUSTER })).resolves.toBeDefined();
    await remove(id);
    await expect(create()).resolves.not.toBe(id);
  });

  test.each([0, 2])('an update of version %d is refused while the quota has version 1', async version => {
    await expect(update(await create(), version)).rejects.toBeInstanceOf(ConflictException);
  });

  test('an update is refused while another change goes on', async () => {
    quotas.readsUntilDone = 1;
    const id = await create();
    await expect(update(id, 1)).rejects.toMatchObject({ name: 'ConflictException', message: `Compute quota ${id} is in status Creating` });
  });
});

describe('what is filled in', () => {
  const whole = { InstanceType: 'ml.p5.48xlarge' as const };
  test.each<[string, ComputeQuotaResourceConfig, object]>([
    ['accelerators', { ...whole, Accelerators: 12 }, { VCpu: 288, MemoryInGiB: 3072 }],
    ['accelerators with vCPUs', { ...whole, Accelerators: 4, VCpu: 7 }, { VCpu: 7, MemoryInGiB: 1024 }],
    ['vCPUs alone', { ...whole, VCpu: 48 }, { Accelerators: 0, MemoryInGiB: 512 }],
    ['memory alone', { ...whole, MemoryInGiB: 1024 }, { Accelerators: 0, VCpu: 96 }],
    ['partitions', { ...whole, AcceleratorPartition: { Type: 'mig-1g.10gb', Count: 28 } }, { VCpu: 96, MemoryInGiB: 1024 }],
    ['partitions with memory', { ...whole, AcceleratorPartition: { Type: 'mig-1g.10gb', Count: 28 }, MemoryInGiB: 1 }, { VCpu: 96, MemoryInGiB: 1 }],
    ['vCPUs and memory', { ...whole, VCpu: 1, MemoryInGiB: 1 }, {}],
    ['instances', { ...whole, Count: 2 }, {}],
    ['accelerators of a type that has none', { InstanceType: 'ml.m5.large', Accelerators: 1 }, {}],
    ['partitions of a type that has none', { InstanceType: 'ml.g5.xlarge', AcceleratorPartition: { Type: 'mig-1g.10gb', Count: 1 } }, {}],
    ['vCPUs of a type that has no accelerators', { InstanceType: 'ml.c6i.large', VCpu: 1 }, { Accelerators: 0, MemoryInGiB: 2 }],
  ])('%s', async (_what, entry, more) => {
    const id = await create({ ComputeQuotaConfig: { ComputeQuotaResources: [entry] } });
    expect((await describeQuota(id)).ComputeQuotaConfig!.ComputeQuotaResources).toEqual([{ ...entry, ...more }]);
  });

  test('an update fills in too', async () => {
    const id = await create();
    await update(id, 1, { ComputeQuotaConfig: { ComputeQuotaResources: [{ ...whole, Accelerators: 8 }] } });
    const { ComputeQuotaConfig: config } = await describeQuota(id);
    expect(config!.ComputeQuotaResources).toEqual([{ ...whole, Accelerators: 8, VCpu: 192, MemoryInGiB: 2048 }]);
  });
});

describe('the list', () => {
  beforeEach(async () => {
    for (const Name of ['b-research', 'a-research', 'ops']) { await create({ Name, Description: 'd' }); }
    await create({ Name: 'c-research', ClusterArn: OTHER_CLUSTER });
  });

  test.each<[string, ListComputeQuotasRequest, string[]]>([
    ['the newest first', {}, ['c-research', 'ops', 'a-research', 'b-research']],
    ['the oldest first', { SortOrder: 'Ascending' }, ['b-research', 'a-research', 'ops', 'c-research']],
    ['by name', { SortBy: 'Name', SortOrder: 'Ascending' }, ['a-research', 'b-research', 'c-research', 'ops']],
    ['by a part of the name', { NameContains: 'research', SortBy: 'Name' }, ['c-research', 'b-research', 'a-research']],
    ['by cluster', { ClusterArn: OTHER_CLUSTER }, ['c-research']],
    ['by status', { Status: 'CreateFailed' }, []],
    ['by time', { CreatedAfter: new Date('2026-01-01T00:00:00Z'), CreatedBefore: new Date('2026-01-01T00:00:03Z') }, ['ops', 'a-research']],
  ])('%s', async (_how, request, expected) => {
    expect(await names(request)).toEqual(expected);
  });

  test('comes in pages', async () => {
    const first = await client().send(new ListComputeQuotasCommand({ MaxResults: 3 }));
    expect(first.ComputeQuotaSummaries).toHaveLength(3);
    const rest = await client().send(new ListComputeQuotasCommand({ MaxResults: 3, NextToken: first.NextToken }));
    expect(rest.ComputeQuotaSummaries!.map(quota => quota.Name)).toEqual(['b-research']);
    expect(rest.NextToken).toBeUndefined();
  });

  test.each([['another question', 'ops'], ['nothing', undefined]])('a token of %s is refused', async (_what, NameContains) => {
    const { NextToken } = await client().send(new ListComputeQuotasCommand({ MaxResults: 1 }));
    const token = NameContains === undefined ? 'nonsense' : NextToken;
    await expect(names({ NameContains, NextToken: token })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  test('has no descriptions', async () => {
    const { ComputeQuotaSummaries } = await client().send(new ListComputeQuotasCommand({}));
    expect(ComputeQuotaSummaries!.every(summary => !('Description' in summary))).toBe(true);
  });
});

describe('refuses', () => {
  const p5 = { InstanceType: 'ml.p5.48xlarge' as const };
  const resources = (...ComputeQuotaResources: ComputeQuotaResourceConfig[]): Partial<CreateComputeQuotaRequest> =>
    ({ ComputeQuotaConfig: { ComputeQuotaResources } });
  test.each<[string, Partial<CreateComputeQuotaRequest>, string]>([
    ['no name', { Name: undefined }, "Value null at 'name' failed to satisfy constraint: Member must not be null"],
    ['a name with an underscore', { Name: 'a_b' }, "Value 'a_b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern"],
    ['the ARN of something else', { ClusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/pod' }, "at 'clusterArn'"],
    ['16 entries', resources(...Array(16).fill(p5)),
      "at 'computeQuotaConfig.computeQuotaResources' failed to satisfy constraint: Member must have length less than or equal to 15"],
    ['a negative count', resources({ ...p5, Count: -1 }), "Value '-1' at 'computeQuotaConfig.computeQuotaResources.1.member.count'"],
    ['an unknown state', { ActivationState: 'On' as 'Enabled' }, 'Member must satisfy enum value set: [Enabled, Disabled]'],
    ['a long description', { Description: 'x'.repeat(1025) }, 'Member must have length between 0 and 1024'],
    ['a weight of 101', { ComputeQuotaTarget: { TeamName: 'a', FairShareWeight: 101 } }, 'Member must have value between 0 and 100'],
    ['two things at once', { Name: '-', ActivationState: 'On' as 'Enabled' }, '2 validation errors detected: '],
    ['a profile that the type lacks', resources({ ...p5, AcceleratorPartition: { Type: 'mig-7g.141gb', Count: 1 } }),
      'mig-7g.141gb is not supported for instance type ml.p5.48xlarge'],
  ])('%s', async (_what, more, message) => {
    await expect(create(more)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  });

  test.each<[string, object]>([
    ['half an instance', { ComputeQuotaConfig: { ComputeQuotaResources: [{ ...p5, Count: 0.5 }] } }],
    ['a text for a structure', { ComputeQuotaTarget: 'research' }],
    ['a number for a name', { Name: 1 }],
    ['a list that is none', { ComputeQuotaConfig: { ComputeQuotaResources: {} } }],
  ])('%s, which is not even of its type', (_what, more) => {
    const input = { Name: 'a', ClusterArn: CLUSTER, ComputeQuotaTarget: { TeamName: 'a' }, ComputeQuotaConfig: {}, ...more };
    expect(() => quotas.create(input, { account: '111122223333', region: 'us-east-1' }))
      .toThrow(expect.objectContaining({ code: 'SerializationException' }));
  });

  test('another team', async () => {
    const id = await create();
    await expect(update(id, 1, { ComputeQuotaTarget: { TeamName: 'ops' } })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update(id, 1, { ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 7 } })).resolves.toBeDefined();
  });
});
