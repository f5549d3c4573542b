import { AccountingHandler, physicalIdOf } from '../../../../lambda/pcs/accounting/handler';
import { HandlerError } from '../../../../lambda/shared/errors';
import type { ProviderEvent } from '../../../../lambda/shared/provider';
import { FakeAws } from '../../../aws/server';

/* Pauses take no time. */
jest.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const KEY = Buffer.from('the key of the cluster');
const START = Date.parse('2026-11-30T00:00:00Z');
const aws = new FakeAws();
const signal = new AbortController().signal;
let minutes = 0;

beforeAll(async () => aws.start());
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.slurm.key = KEY;
  minutes = 0;
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

const endpoint = (port = String(aws.port)) => ({ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port });

function handler(cluster: object = {}, secret: string | undefined = KEY.toString('base64')): AccountingHandler {
  const known = { id: 'pcs_1', status: 'ACTIVE', endpoints: [endpoint()], slurmConfiguration: { jwtAuth: { jwtKey: { secretArn: 'arn', secretVersion: 'v' } } }, ...cluster };
  const clients = { getCluster: async () => known, secrets: { read: async () => secret } };
  return new AccountingHandler(clients, () => new Date(START + minutes * 60_000));
}

const event = (RequestType: ProviderEvent['RequestType'] = 'Create', Account: object = {}, more: object = {}): ProviderEvent => ({
  RequestType,
  RequestId: 'r',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Teams/51af3dc0-da77-11e4-872e-1234567db123',
  LogicalResourceId: 'Research',
  PhysicalResourceId: 'pcs_1/account/research',
  ResourceProperties: { Kind: 'Account', ClusterId: 'pcs_1', Account: { Name: 'research', ...Account }, ...more },
});

test('what onEvent began, isComplete ends, and counts all changes once', async () => {
  const { onEvent, isComplete } = AccountingHandler.prototype;
  const accounting = handler();
  const begun = await onEvent.call(accounting, event(), signal);
  expect(begun).toEqual({
    PhysicalResourceId: 'pcs_1/account/research', StartedAt: '2026-11-30T00:00:00.000Z', Changed: ['make the account research below root'], ChangedCount: '1',
  });
  expect(await isComplete.call(accounting, { ...event(), ...begun }, signal)).toEqual({
    IsComplete: true, Data: { Name: 'research', ChangeCount: '1', Changes: 'make the account research below root' },
  });
});

describe('slurmrestd that doesn\'t answer', () => {
  const silent = () => handler({ endpoints: [endpoint('1')] });

  test('is waited for, and given up after ten minutes, in words', async () => {
    const begun = await silent().onEvent(event(), signal);
    minutes = 9;
    expect(await silent().isComplete({ ...event(), ...begun }, signal)).toEqual({ IsComplete: false });
    minutes = 11;
    await expect(silent().isComplete({ ...event(), ...begun }, signal)).rejects.toThrow(/no answer from slurmrestd at http:\/\/127\.0\.0\.1:1 .*needs a way to it.*for 11 min/);
  });

  test('may have moved meanwhile', async () => {
    const begun = await silent().onEvent(event(), signal);
    expect(await handler().isComplete({ ...event(), ...begun }, signal)).toMatchObject({ IsComplete: true });
  });
});

test('a key that Slurm doesn\'t know is told from a silent server', async () => {
  const wrong = () => handler({}, Buffer.from('another').toString('base64'));
  const begun = await wrong().onEvent(event(), signal);
  minutes = 11;
  await expect(wrong().isComplete({ ...event(), ...begun }, signal)).rejects.toThrow(/takes no token of this user or of this key/);
});

test.each<[string, string | undefined, object, RegExp]>([
  ['an empty key', '', {}, /empty, or isn't a text in Base64/],
  ['no key', undefined, { slurmConfiguration: {} }, /no key for tokens/],
  ['no slurmrestd', undefined, { endpoints: [{ type: 'SLURMCTLD', privateIpAddress: '10.0.0.1', port: '6817' }] }, /no slurmrestd/],
  ['a cluster that is suspended', undefined, { status: 'SUSPENDED' }, /is in status SUSPENDED/],
])('%s is told in words', async (_what, secret, cluster, words) => {
  await expect(handler(cluster, secret ?? KEY.toString('base64')).onEvent(event(), signal)).rejects.toThrow(words);
});

test('a cluster with IPv6 alone is reached by that', async () => {
  const cluster = { endpoints: [{ type: 'SLURMRESTD', privateIpAddress: '', ipv6Address: '::1', port: '1' }] };
  const begun = await handler(cluster).onEvent(event(), signal);
  minutes = 11;
  await expect(handler(cluster).isComplete({ ...event(), ...begun }, signal)).rejects.toThrow(/http:\/\/\[::1\]:1/);
});

test('a cluster that updates is waited for as long as there is time', async () => {
  const updating = () => handler({ status: 'UPDATING' });
  const begun = await updating().onEvent(event(), signal);
  minutes = 39;
  expect(await updating().isComplete({ ...event(), ...begun }, signal)).toEqual({ IsComplete: false });
  minutes = 41;
  await expect(updating().isComplete({ ...event(), ...begun }, signal)).rejects.toThrow(/in status UPDATING.*for 41 min/);
});

test.each(['REFUSE', 'WAIT'])('jobs that wait or run: %s', async ActiveJobs => {
  await handler().onEvent(event('Create', { Users: ['alice'] }), signal);
  aws.slurm.jobs.push({ account: 'research', user: 'alice', qos: 'normal' });
  const without = event('Update', { Users: [] }, { ActiveJobs });
  if (ActiveJobs === 'REFUSE') {
    await expect(handler().onEvent(without, signal)).rejects.toThrow(/the account "research" has jobs that wait or run/);
  } else {
    const begun = await handler().onEvent(without, signal);
    expect(await handler().isComplete({ ...without, ...begun }, signal)).toEqual({ IsComplete: false });
    aws.slurm.jobs.length = 0;
    expect(await handler().isComplete({ ...without, ...begun }, signal)).toMatchObject({ IsComplete: true, Data: { Changes: 'account research: take alice out' } });
  }
});

test('what Slurm ignores is found out, and not asked for without an end', async () => {
  await expect(handler().onEvent(event('Create', { Limits: { GrpTRES: 'gres/tpu=1' } }), signal)).rejects.toThrow(/it is not as wanted yet: .*GrpTRES none -> gres\/tpu=1/);
  expect(aws.requests.filter(({ operation }) => operation === 'POST slurmdb/associations')).toHaveLength(3);
});

test('a default account that changed meanwhile is looked for again', async () => {
  await handler().onEvent(event('Create', { Users: ['alice'] }), signal);
  aws.faults.next('DELETE slurmdb/account', { kind: 'error', status: 422, code: '7009' });
  await handler().onEvent(event('Delete', { Users: ['alice'] }, { OnDelete: 'DELETE' }), signal);
  expect(aws.slurm.accounts.map(({ name }) => name as string)).toEqual(['root']);
});

describe('a QOS that preempts the first one, and goes back', () => {
  const batch = (RequestType: string, Preempt?: string[], more: object = {}): ProviderEvent => (
    { ...event(RequestType), ResourceProperties: { Kind: 'Qos', ClusterId: 'pcs_1', Qos: { Name: 'batch', Preempt, Priority: '1' }, ...more } }
  );
  const command = expect.stringMatching(/^QOS batch: preempts normal as before.*sacctmgr modify qos batch set preempt=`$/);

  test('ends in success, and its changes have the command once', async () => {
    await handler().onEvent(batch('Create'), signal);
    await handler().onEvent(batch('Update', ['normal']), signal);
    const begun = await handler().onEvent(batch('Update'), signal);
    expect(begun).toMatchObject({ Changed: [command], ChangedCount: '1' });
    expect(await handler().isComplete({ ...batch('Update'), ...begun }, signal)).toEqual({
      IsComplete: true, Data: { Name: 'batch', ChangeCount: '1', Changes: command },
    });
    const preview = batch('Update', undefined, { Mode: 'PREVIEW' });
    expect(await handler().isComplete({ ...preview, ...await handler().onEvent(preview, signal) }, signal)).toMatchObject({ Data: { ChangeCount: '1', Changes: command } });
  });
});

describe('a deletion', () => {
  const names = () => aws.slurm.accounts.map(({ name }) => name as string);
  const denied = () => new AccountingHandler({
    getCluster: async () => { throw new HandlerError('AccessDeniedException', 'no'); }, secrets: { read: async () => undefined },
  }, () => new Date(START + minutes * 60_000));
  const deleted = async (accounting: () => AccountingHandler, more: object = {}) => {
    const gone = event('Delete', {}, more);
    const begun = await accounting().onEvent(gone, signal);
    minutes = 41;
    return accounting().isComplete({ ...gone, ...begun }, signal);
  };

  test('of what was adopted is none: the rollback of an adoption leaves what was there', async () => {
    await handler().onEvent(event(), signal);
    expect(await deleted(handler, { Adopt: 'true', OnDelete: 'DELETE' })).toEqual({ IsComplete: true });
    expect(names()).toEqual(['root', 'research']);
    await deleted(handler, { Adopt: 'false', OnDelete: 'DELETE' });
    expect(names()).toEqual(['root']);
  });

  test.each<[string, object]>([
    ['a preview', { Mode: 'PREVIEW', OnDelete: 'DELETE' }], ['what is retained', { OnDelete: 'RETAIN' }], ['what was adopted', { Adopt: 'true' }],
  ])('of %s asks nobody', async (_what, more) => {
    const getCluster = jest.fn();
    expect(await deleted(() => new AccountingHandler({ getCluster, secrets: { read: jest.fn() } }), more)).toEqual({ IsComplete: true });
    expect(getCluster).not.toHaveBeenCalled();
    expect(aws.requests).toEqual([]);
  });

  /* What could not be made must be deletable: otherwise a rollback ends in ROLLBACK_FAILED. */
  describe.each<[string, () => AccountingHandler]>([
    ['slurmrestd on a closed port', () => handler({ endpoints: [endpoint('1')] })],
    ['no REST API', () => handler({ endpoints: [] })],
    ['no key', () => handler({ slurmConfiguration: {} })],
    ['an empty key', () => handler({}, '')],
    ['a key that Slurm doesn\'t know', () => handler({}, Buffer.from('another').toString('base64'))],
    ['a cluster that is suspended', () => handler({ status: 'SUSPENDED' })],
    ['a cluster that updates without an end', () => handler({ status: 'UPDATING' })],
    ['a cluster that it may not read', denied],
  ])('with %s', (_what, accounting) => {
    test('follows a creation that failed, and ends in success', async () => {
      const made = accounting().onEvent(event(), signal).then(begun => {
        minutes = 41;
        return accounting().isComplete({ ...event(), ...begun }, signal);
      });
      await expect(made).rejects.toThrow();
      minutes = 0;
      expect(await deleted(accounting)).toEqual({ IsComplete: true });
      expect(process.stdout.write).toHaveBeenCalledWith(expect.stringContaining('"step":"retained"'));
    });

    test('fails where it is an order', async () => {
      await expect(deleted(accounting, { OnDelete: 'DELETE' })).rejects.toThrow();
    });
  });

  test('of what has jobs that wait keeps it, unless it is an order', async () => {
    await handler().onEvent(event('Create', { Users: ['alice'] }), signal);
    aws.faults.next('DELETE slurmdb/account', { kind: 'error', status: 422, code: '7001' });
    await handler().onEvent(event('Delete'), signal);
    expect(names()).toEqual(['root', 'research']);
    aws.faults.next('DELETE slurmdb/account', { kind: 'error', status: 422, code: '7001' });
    await expect(handler().onEvent(event('Delete', {}, { OnDelete: 'DELETE' }), signal)).rejects.toThrow(/has jobs that wait or run/);
  });

  test('that has no time left fails: it is sent again', async () => {
    const ended = AbortSignal.abort(new HandlerError('Timeout', 'no answer'));
    await expect(denied().onEvent(event('Delete'), ended)).rejects.toThrow();
  });
});

test('ids are made of cluster, kind and name, whatever else is wrong', () => {
  expect(physicalIdOf(event('Create', { Name: 'Research' }))).toBe('pcs_1/account/research');
  expect(physicalIdOf(event('Create', { Name: { a: 1 } }))).toBe('pcs_1/account/unknown');
  expect(physicalIdOf({ ...event('Create'), ResourceProperties: {} })).toBe('unknown/unknown/unknown');
});
