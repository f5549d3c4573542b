import timers from 'node:timers/promises';
import type { ComputeQuotaService } from '../../../../lambda/clients/compute-quotas';
import { ComputeQuotaHandler, type Requested } from '../../../../lambda/hyperpod/quota/handler';
import type { ProviderEvent } from '../../../../lambda/shared/provider';
import { ComputeQuotas, type Quota, type QuotaStatus } from '../../../aws/compute-quotas';
import { EventMaker, type CustomResourceEvent } from '../../../driver/events';

const CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const PLACE = { account: '111122223333', region: 'us-east-1' };
const PROPERTIES = { Name: 'research', ClusterArn: CLUSTER, ComputeQuotaTarget: { TeamName: 'research' }, ComputeQuotaConfig: {} };

/** An error of the SDK. */
const failure = (name: string, message = `it says ${name}`) => Object.assign(new Error(message), { name, $fault: 'client' });
const CONFLICT = failure('ConflictException', 'there is one');

const events = new EventMaker({ logicalId: 'Quota' });
const OWNER = { Key: 'cdk-hpc-clusters:owner', Value: `${events.stackId.split('/')[2]}/Quota` };
const { signal } = new AbortController();

type Operation = keyof ComputeQuotaService;

let quotas: ComputeQuotas;
let calls: { readonly operation: Operation; readonly input: unknown }[];
let lines: Record<string, unknown>[];
let pauses: number[];
/** Called before each call: it may throw, or change the world. */
let before: (operation: Operation, count: number) => void;

function ask(operation: Operation, input: object, given: AbortSignal): any {
  expect(given).toBe(signal);
  calls.push({ operation, input });
  before(operation, count(operation));
  const name = operation === 'tags' ? 'listTags' : operation;
  return JSON.parse(JSON.stringify(quotas[name]({ ...input }, PLACE)));
}

const service: ComputeQuotaService = {
  create: async (request, given) => ask('create', request, given).ComputeQuotaArn,
  describe: async (id, given) => {
    const { LastModifiedTime: changed, ...quota } = ask('describe', { ComputeQuotaId: id }, given);
    return { ...quota, LastModifiedTime: changed && new Date(changed * 1000) };
  },
  update: async (request, given) => ask('update', request, given).ComputeQuotaVersion,
  delete: async (id, given) => { ask('delete', { ComputeQuotaId: id }, given); },
  list: async (ClusterArn, NameContains, given) => ask('list', { ClusterArn, NameContains }, given).ComputeQuotaSummaries,
  tags: async (ResourceArn, given) => ask('tags', { ResourceArn }, given).Tags,
  addTags: async (ResourceArn, Tags, given) => { ask('addTags', { ResourceArn, Tags }, given); },
  deleteTags: async (ResourceArn, TagKeys, given) => { ask('deleteTags', { ResourceArn, TagKeys }, given); },
};
const handler = new ComputeQuotaHandler(service);

beforeEach(() => {
  quotas = new ComputeQuotas();
  [calls, lines, pauses, before] = [[], [], [], () => undefined];
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  jest.spyOn(timers, 'setTimeout').mockImplementation(async (pause, _value, options) => {
    expect(options!.signal).toBe(signal);
    pauses.push(pause!);
    if (pauses.length > 100) { throw new Error('this would never end'); }
    return undefined as never;
  });
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
});
afterEach(() => jest.restoreAllMocks());

const count = (operation: Operation) => calls.filter(call => call.operation === operation).length;
const did = () => calls.map(({ operation }) => operation);
const asked = () => lines.filter(({ step }) => step === 'read').map(({ operation }) => operation);
const inputOf = (operation: Operation) => calls.find(call => call.operation === operation)!.input;
/** Lets the first calls of an operation fail. */
const failing = (operation: Operation, ...errors: Error[]) => {
  before = (each, n) => { if (each === operation && n <= errors.length) { throw errors[n - 1]; } };
};
const put = (Status: QuotaStatus, more: Partial<Quota> = {}) => (
  quotas.put({ ...PROPERTIES, Status, ComputeQuotaId: 'q00000000001', Tags: [OWNER], ...more }, PLACE));
const now = () => quotas.all().filter(({ Status }) => Status !== 'Deleted');

const create = (changes: object = {}) => events.create({ ...PROPERTIES, ...changes });
const update = (id: string, changes: object = {}, old: object = {}) => (
  events.update(id, { ...PROPERTIES, ...changes }, { ...PROPERTIES, ...old }));
const onEvent = async (event: CustomResourceEvent) => handler.onEvent(event as ProviderEvent, signal);
const isComplete = async (event: CustomResourceEvent, requested: Requested) => (
  handler.isComplete({ ...event as ProviderEvent, ...requested }, signal));

describe('a Create', () => {
  test('makes a quota that is marked as that of stack and resource', async () => {
    const { PhysicalResourceId } = await onEvent(create({ Tags: [{ Key: 'team', Value: 'a' }] }));
    expect(now()).toMatchObject([{ ComputeQuotaArn: PhysicalResourceId, Name: 'research' }]);
    expect(calls).toEqual([{ operation: 'create', input: { ...PROPERTIES, Tags: [{ Key: 'team', Value: 'a' }, OWNER] } }]);
    expect(asked()).toEqual(['CreateComputeQuota']);
  });

  test('cuts the mark to what the value of a tag may have', async () => {
    const long = new EventMaker({ logicalId: 'Q'.repeat(255) });
    await onEvent(long.create(PROPERTIES));
    const [{ Value: owner }] = (inputOf('create') as { Tags: { Value: string }[] }).Tags;
    expect(owner).toBe(`${long.stackId.split('/')[2]}/${'Q'.repeat(255)}`.slice(0, 256));
    expect(owner).toHaveLength(256);
  });

  test.each(['ConflictException', 'Conflict'])('finds what it has made where that answer was lost: %s', async name => {
    const mine = put('Created', { ComputeQuotaVersion: 3 });
    failing('create', failure(name));
    expect(await onEvent(create({ Description: 'new' }))).toEqual({
      PhysicalResourceId: mine.ComputeQuotaArn, ExpectedVersion: '4', ChangedBefore: '2026-01-01T00:00:00.000Z',
    });
    expect(did()).toEqual(['create', 'list', 'tags', 'describe', 'update']);
    expect(asked()).toEqual(['CreateComputeQuota', 'ListComputeQuotas', 'ListTags', 'DescribeComputeQuota', 'UpdateComputeQuota']);
    expect([inputOf('list'), inputOf('tags')]).toEqual([{ ClusterArn: CLUSTER, NameContains: 'research' }, { ResourceArn: mine.ComputeQuotaArn }]);
    expect(now()).toMatchObject([{ Description: 'new' }]);
  });

  test('waits for what it has made to be there', async () => {
    quotas.readsUntilDone = 2;
    const event = create();
    await onEvent(event);
    before = (operation, n) => { if (operation === 'create' && n === 2) { throw CONFLICT; } };
    expect(await onEvent(event)).toMatchObject({ ExpectedVersion: '2' });
    expect(pauses).toEqual([5_000, 5_000]);
  });

  test.each(['CreateFailed', 'CreateRollbackFailed'] as const)('removes what it left over in status %s, and makes another one', async status => {
    const left = put(status as QuotaStatus);
    const { PhysicalResourceId } = await onEvent(create());
    expect(PhysicalResourceId).not.toBe(left.ComputeQuotaArn);
    expect(now()).toMatchObject([{ ComputeQuotaArn: PhysicalResourceId, Status: 'Created' }]);
    expect(did().filter(operation => operation !== 'describe')).toEqual(['create', 'list', 'tags', 'delete', 'create']);
    expect(lines).toContainEqual({ step: 'left over', operation: 'DeleteComputeQuota', status: 'CreateFailed' });
  });

  test('waits until the name of what it left over is free', async () => {
    put('CreateFailed');
    quotas.readsUntilDone = 3;
    await onEvent(create());
    expect(count('create')).toBe(2);
    expect(pauses.length).toBeGreaterThanOrEqual(2);
  });

  test('fails where what it left over stays', async () => {
    put('CreateFailed');
    quotas.failNext('Delete', 'Kueue does not answer');
    await expect(onEvent(create())).rejects.toMatchObject({
      code: 'DeleteFailed', message: 'compute quota q00000000001, left over by a creation that failed, can\'t be deleted: Kueue does not answer',
    });
  });

  test('goes on where what has the name goes meanwhile', async () => {
    put('Created');
    before = (operation, n) => {
      if (operation === 'describe') { quotas.clear(); }
      if (operation === 'create' && n === 1) { throw CONFLICT; }
    };
    await onEvent(create());
    expect(did()).toEqual(['create', 'list', 'tags', 'describe', 'create']);
  });

  test.each<[string, Quota['Tags']]>([
    ['another resource', [{ Key: OWNER.Key, Value: 'another/Quota' }]],
    ['nobody', []],
    ['somebody who has our name for another tag', [{ Key: 'owner', Value: OWNER.Value }]],
  ])('leaves a quota of %s alone', async (_who, Tags) => {
    const other = put('CreateFailed', { Tags });
    await expect(onEvent(create())).rejects.toMatchObject({
      code: 'ConflictException',
      message: expect.stringMatching(new RegExp(`^the name "research" is taken by ${other.ComputeQuotaArn} in status CreateFailed, which another made; `
        + 'delete it, or choose another name \\(Compute quota q00000000001 has the name .*\\)$')),
    });
    expect(did()).toEqual(['create', 'list', 'tags']);
  });

  test('tells of a conflict about something else, whatever quotas of similar names there are, or were', async () => {
    put('Created', { ComputeQuotaId: 'q00000000002', Name: 'research-2' });
    put('Deleted');
    failing('create', CONFLICT);
    await expect(onEvent(create())).rejects.toMatchObject({
      code: 'ConflictException',
      message: 'no quota "research" is there, and yet it can\'t be made; another one may have the team "research" (there is one)',
    });
    expect(did()).toEqual(['create', 'list']);
  });

  test('tells of any other refusal as it is', async () => {
    const refused = failure('ValidationException');
    failing('create', refused);
    await expect(onEvent(create())).rejects.toBe(refused);
    expect(did()).toEqual(['create']);
  });
});

describe('an Update', () => {
  test('names the version that is there, and returns the one that it makes', async () => {
    const { ComputeQuotaArn: arn } = put('Created', { ComputeQuotaVersion: 7 });
    expect(await onEvent(update(arn, { Description: 'new' }))).toEqual({
      PhysicalResourceId: arn, ExpectedVersion: '8', ChangedBefore: '2026-01-01T00:00:00.000Z',
    });
    expect(did()).toEqual(['describe', 'update']);
    expect(inputOf('update')).toMatchObject({ ComputeQuotaId: 'q00000000001', TargetVersion: 7, Description: 'new' });
    expect(asked()).toEqual(['DescribeComputeQuota', 'UpdateComputeQuota']);
  });

  test('does without the time of the last change', async () => {
    const { ComputeQuotaArn: arn } = put('Created', { LastModifiedTime: undefined });
    expect((await onEvent(update(arn))).ChangedBefore).toBeUndefined();
  });

  test.each(['Creating', 'Updating'] as const)('waits for the end of what goes on: %s', async Status => {
    const { ComputeQuotaArn: arn } = put(Status);
    before = (operation, n) => { if (operation === 'describe' && n === 3) { quotas.change(arn, { Status: 'Updated', ComputeQuotaVersion: 2 }); } };
    jest.mocked(Math.random).mockReturnValueOnce(0).mockReturnValueOnce(1);
    expect((await onEvent(update(arn))).ExpectedVersion).toBe('3');
    expect(did()).toEqual(['describe', 'describe', 'describe', 'update']);
    expect(pauses).toEqual([2_500, 7_500]);
  });

  test('begins again where somebody else was faster', async () => {
    const { ComputeQuotaArn: arn } = put('Created');
    before = (operation, n) => { if (operation === 'update' && n === 1) { quotas.change(arn, { ComputeQuotaVersion: 5 }); } };
    expect((await onEvent(update(arn, { Description: 'new' }))).ExpectedVersion).toBe('6');
    expect(did()).toEqual(['describe', 'update', 'describe', 'update']);
    expect(pauses).toEqual([5_000]);
  });

  test('tells of any other refusal as it is', async () => {
    const { ComputeQuotaArn: arn } = put('Created');
    const refused = failure('ValidationException');
    failing('update', refused);
    await expect(onEvent(update(arn))).rejects.toBe(refused);
    expect(pauses).toEqual([]);
  });

  test('makes a quota where somebody has deleted the old one, before or meanwhile', async () => {
    const { ComputeQuotaArn: arn } = put('Deleted');
    expect((await onEvent(update(arn))).PhysicalResourceId).not.toBe(arn);
    expect(did()).toEqual(['describe', 'create']);
    quotas.clear();
    calls = [];
    put('Created');
    before = operation => {
      if (operation !== 'update') { return; }
      quotas.clear();
      throw CONFLICT;
    };
    await onEvent(update(arn));
    expect(did()).toEqual(['describe', 'update', 'describe', 'create']);
    expect(now()).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['name', { Name: 'other' }], ['cluster', { ClusterArn: CLUSTER.replace('a1b2', 'z9z9') }], ['team', { ComputeQuotaTarget: { TeamName: 'other' } }],
  ])('to another %s makes another quota', async (_what, changes) => {
    const { ComputeQuotaArn: arn } = put('Created');
    before = operation => { if (operation === 'create') { quotas.clear(); } }; // whatever is in its way
    await onEvent(update(arn, changes));
    expect(did()).toEqual(['describe', 'create']);
    expect(inputOf('create')).toMatchObject(changes);
  });

  test('of a quota that tells no team makes another one, too', async () => {
    const { ComputeQuotaArn: arn } = put('Created', { ComputeQuotaTarget: undefined });
    before = operation => { if (operation === 'create') { quotas.clear(); } };
    await onEvent(update(arn));
    expect(did()).toEqual(['describe', 'create']);
  });

  test.each([
    'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED', 'arn:aws:sagemaker:us-east-1:111122223333:compute-quota/q00000000001/x', 'compute-quota/q00000000001',
    'x:compute-quota/Q00000000001', 'x:compute-quota/q0000000001', 'x:compute-quota/1q00000000001',
  ])('of %s, which is no quota, makes one', async id => {
    await onEvent(update(id));
    expect(did()).toEqual(['create']);
  });

  test('changes the tags that differ, and takes those away that only the old properties have', async () => {
    const { ComputeQuotaArn: arn } = put('Created');
    const old = [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }, { Key: 'c', Value: '3' }];
    await onEvent(update(arn, { Tags: [{ Key: 'b', Value: '2' }, { Key: 'c', Value: '4' }, { Key: 'd', Value: '2' }] }, { Tags: old }));
    expect(did()).toEqual(['describe', 'update', 'addTags', 'deleteTags']);
    expect(inputOf('addTags')).toEqual({ ResourceArn: arn, Tags: [{ Key: 'c', Value: '4' }, { Key: 'd', Value: '2' }] });
    expect(inputOf('deleteTags')).toEqual({ ResourceArn: arn, TagKeys: ['a'] });
    expect(asked().slice(2)).toEqual(['AddTags', 'DeleteTags']);
  });

  test('does not touch tags that stay', async () => {
    const { ComputeQuotaArn: arn } = put('Created');
    const Tags = [{ Key: 'a', Value: '1' }];
    await onEvent(update(arn, { Tags }, { Tags }));
    expect(did()).toEqual(['describe', 'update']);
  });

  test('of a quota that can not be read fails', async () => {
    const refused = failure('ValidationException');
    failing('describe', refused);
    await expect(onEvent(update(put('Created').ComputeQuotaArn))).rejects.toBe(refused);
  });
});

describe('a Delete', () => {
  const remove = (id: string) => events.delete(id, {});

  test('deletes the quota', async () => {
    const { ComputeQuotaArn: arn } = put('Created');
    expect(await onEvent(remove(arn))).toEqual({ PhysicalResourceId: arn });
    expect(did()).toEqual(['describe', 'delete']);
    expect(asked()).toEqual(['DescribeComputeQuota', 'DeleteComputeQuota']);
    expect(now()).toEqual([]);
  });

  test('of what was never made asks nothing', async () => {
    expect(await onEvent(remove('AWSCDK::CustomResourceProviderFramework::CREATE_FAILED'))).toEqual({
      PhysicalResourceId: 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED',
    });
    expect(calls).toEqual([]);
  });

  describe('after a Create whose answer was lost', () => {
    const MARKER = 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED';

    test.each(['Created', 'CreateFailed', 'Updated'] as const)('deletes the quota that it made, which is %s', async status => {
      put(status);
      expect(await onEvent(events.delete(MARKER, PROPERTIES))).toEqual({ PhysicalResourceId: MARKER });
      expect(now()).toEqual([]);
    });

    test.each([
      ['another resource', [{ Key: OWNER.Key, Value: 'another/Quota' }]], ['nobody', []], ['another tag', [{ Key: 'owner', Value: OWNER.Value }]],
    ])('leaves a quota of %s alone', async (_who, Tags) => {
      put('Created', { Tags });
      await onEvent(events.delete(MARKER, PROPERTIES));
      expect(did()).not.toContain('delete');
    });

    test('leaves a quota of another name alone, whose name contains this one', async () => {
      put('Created', { Name: `${PROPERTIES.Name}-2` });
      await onEvent(events.delete(MARKER, PROPERTIES));
      expect(did()).not.toContain('delete');
    });

    test.each([{ Name: { a: 1 } }, { ClusterArn: undefined }, { Name: '' }])('asks nothing where the properties were never right: %j', async changes => {
      expect(await onEvent(events.delete(MARKER, { ...PROPERTIES, ...changes }))).toEqual({ PhysicalResourceId: MARKER });
      expect(calls).toEqual([]);
    });
  });

  test('of what has gone deletes nothing', async () => {
    const { ComputeQuotaArn: arn } = put('Deleted');
    await onEvent(remove(arn));
    expect(did()).toEqual(['describe']);
  });

  test('waits for one that is under way, and is content with it', async () => {
    const { ComputeQuotaArn: arn } = put('Deleting');
    before = (operation, n) => { if (operation === 'describe' && n === 2) { quotas.change(arn, { Status: 'Deleted' }); } };
    await onEvent(remove(arn));
    expect(did()).toEqual(['describe', 'describe']);
    expect(pauses).toEqual([5_000]);
  });

  test('of what goes at that moment is a success', async () => {
    failing('delete', failure('ResourceNotFound'));
    await onEvent(remove(put('Created').ComputeQuotaArn));
    expect(did()).toEqual(['describe', 'delete']);
  });

  test('is tried again where somebody changes the quota at that moment', async () => {
    failing('delete', CONFLICT);
    await onEvent(remove(put('Created').ComputeQuotaArn));
    expect(did()).toEqual(['describe', 'delete', 'describe', 'delete']);
    expect(pauses).toEqual([5_000]);
  });

  test('that is refused fails', async () => {
    const refused = failure('ValidationException');
    failing('delete', refused);
    await expect(onEvent(remove(put('Created').ComputeQuotaArn))).rejects.toBe(refused);
    expect(pauses).toEqual([]);
  });
});

describe('completion', () => {
  const DATA = { ComputeQuotaArn: `${CLUSTER.split('cluster')[0]}compute-quota/q00000000001`, ComputeQuotaId: 'q00000000001', ComputeQuotaVersion: '1', Status: 'Created' };
  const looked = async (type: 'create' | 'update' | 'delete', requested: Partial<Requested> = {}) => {
    const id = { PhysicalResourceId: DATA.ComputeQuotaArn, ...requested };
    return isComplete(type === 'create' ? create() : type === 'update' ? update(id.PhysicalResourceId) : events.delete(id.PhysicalResourceId, {}), id);
  };

  test('of a quota that is ready tells its attributes', async () => {
    put('Created');
    expect(await looked('create')).toEqual({ IsComplete: true, Data: DATA });
    expect(did()).toEqual(['describe']);
  });

  test.each(['create', 'update'] as const)('of an %s fails where the service has ignored another team', async type => {
    put('Updated', { ComputeQuotaTarget: { TeamName: 'others' } });
    await expect(looked(type)).rejects.toMatchObject({ code: 'NotAsWanted', message: expect.stringContaining(' is of team "others" and not "') });
  });

  test('does not tell a version that the service leaves out', async () => {
    put('Created', { ComputeQuotaVersion: undefined as never });
    expect(await looked('create')).toMatchObject({ Data: { ComputeQuotaVersion: '' } });
  });

  test.each([
    ['1', true], ['2', true], ['3', false], [undefined, true],
  ])('of an update to version %s, where there is 2: %s', async (ExpectedVersion, done) => {
    put('Updated', { ComputeQuotaVersion: 2 });
    expect((await looked('update', { ExpectedVersion })).IsComplete).toBe(done);
  });

  test.each<[QuotaStatus, 'create' | 'update' | 'delete']>([
    ['Creating', 'create'], ['Updating', 'update'], ['Deleting', 'delete'], ['Created', 'delete'], ['Updated', 'delete'],
  ])('of a quota that is %s is waited for by a %s', async (status, type) => {
    put(status);
    expect(await looked(type)).toEqual({ IsComplete: false });
  });

  test('of what is not to be seen is that of a Delete alone', async () => {
    expect(await looked('create')).toEqual({ IsComplete: false });
    expect(await looked('delete')).toEqual({ IsComplete: true });
    put('Deleted');
    expect(await looked('delete')).toEqual({ IsComplete: true });
    calls = [];
    expect(await looked('delete', { PhysicalResourceId: 'none' })).toEqual({ IsComplete: true });
    expect(await looked('create', { PhysicalResourceId: 'none' })).toEqual({ IsComplete: false });
    expect(calls).toEqual([]);
  });

  test.each<['create' | 'update' | 'delete', QuotaStatus]>([['create', 'CreateFailed'], ['update', 'UpdateFailed'], ['delete', 'DeleteFailed']])(
    'of a %s that fails says why', async (type, status) => {
      put(status, { FailureReason: 'Kueue does not answer' });
      await expect(looked(type)).rejects.toMatchObject({
        code: status, message: `compute quota "research" (q00000000001) is in status ${status}: Kueue does not answer`,
      });
      quotas.change(DATA.ComputeQuotaArn, { FailureReason: undefined });
      await expect(looked(type)).rejects.toThrow(`is in status ${status}: no reason given`);
    });

  test('of a Delete does not fail for an update that failed before', async () => {
    put('UpdateFailed');
    expect(await looked('delete')).toEqual({ IsComplete: false });
  });

  test.each<[string, Partial<Requested>, boolean]>([
    ['of its version', { ExpectedVersion: '2' }, true],
    ['of an older version', { ExpectedVersion: '3' }, false],
    ['of an older version, of before it', { ExpectedVersion: '3', ChangedBefore: '2026-01-01T00:00:00.000Z' }, false],
    ['of an older version, since it', { ExpectedVersion: '3', ChangedBefore: '2025-12-31T23:59:59.999Z' }, true],
  ])('of an update fails for a failure %s: %j', async (_what, requested, fails) => {
    put('UpdateFailed', { ComputeQuotaVersion: 2 });
    const result = await looked('update', requested).catch((error: Error) => error);
    expect(result).toEqual(fails ? expect.any(Error) : { IsComplete: false });
  });
});
