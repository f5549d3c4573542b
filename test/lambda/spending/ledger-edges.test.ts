import {
  GRACE_MS, Ledger, boughtBy, isUnanswered, isUnderWay, refusedLast, verdict, type Entry, type Intent, type Result,
} from '../../../lambda/spending/ledger';
import { World, sdkError } from '../training-plans/purchase/world';

const NOW = Date.parse('2026-11-22T06:00:00Z');
const AT = '2026-11-22T06:00:00.000Z';
const asker = { owner: 'me', request: 'r1', attempt: 1 };
const OLD = new Date(NOW - GRACE_MS).toISOString();
const INTENT: Intent = { kind: 'INTENT', run: 'x', owner: 'me', request: 'r0', attempt: 1, criteria: '', offering: 'o', fee: '1 USD', at: OLD, deadline: OLD };
const SENT = { kind: 'SENT', run: 'x', at: '' } as const;
const FENCED = { kind: 'FENCED', run: 'x', at: '' } as const;
const BOUGHT: Result = { kind: 'BOUGHT', run: 'x', at: '' };
const REJECTED: Result = { kind: 'REJECTED', run: 'x', at: '' };

test('who wrote an intent is dead after twenty minutes', () => {
  expect(GRACE_MS).toBe(1_200_000);
});

describe('verdict', () => {
  test('names the entry that stands in the way', () => {
    const entries: Entry[] = [{ n: 1, intent: INTENT, result: REJECTED }, { n: 2, intent: INTENT, sent: SENT }];
    expect(verdict(entries, asker, NOW)).toEqual({ kind: 'unknown', entry: entries[1] });
    expect(verdict([...entries, { n: 3, intent: INTENT, result: BOUGHT }], asker, NOW)).toMatchObject({ kind: 'bought', entry: { n: 3 } });
    expect(verdict([{ n: 1, intent: INTENT }, { n: 2, intent: { ...INTENT, at: AT } }], asker, NOW)).toMatchObject({ kind: 'busy', entry: { n: 2 } });
    expect(verdict([{ n: 1, intent: INTENT }, { n: 2, intent: { ...INTENT, request: 'r1' } }], asker, NOW)).toMatchObject({ kind: 'busy', entry: { n: 2 } });
  });

  test('the highest number counts, wherever it stands', () => {
    expect(verdict([{ n: 3, result: REJECTED }, { n: 1, result: REJECTED }], asker, NOW)).toEqual({ kind: 'free', n: 4, fence: [] });
  });

  test('what was sent is not fenced, however often one may try', () => {
    expect(verdict([{ n: 1, intent: INTENT, sent: SENT }, { n: 2, intent: INTENT }], { ...asker, attempt: 2 }, NOW)).toEqual({ kind: 'free', n: 3, fence: [2] });
  });

  test('a request that this very one has sent is unknown to it, not busy', () => {
    expect(verdict([{ n: 1, intent: { ...INTENT, request: 'r1' }, sent: SENT }], asker, NOW)).toMatchObject({ kind: 'unknown' });
  });

  test.each<[string, Partial<Entry>]>([
    ['fenced off with a result that cannot be read', { sent: FENCED, result: 'unreadable' }],
    ['not to be read, with the right to send', { sent: 'unreadable' }],
    ['of nobody', { intent: undefined }],
  ])('what is %s is unknown', (_what, parts) => {
    expect(verdict([{ n: 1, intent: INTENT, ...parts }], asker, NOW)).toMatchObject({ kind: 'unknown' });
  });
});

test('only a purchase of the owner is the purchase of the owner', () => {
  expect(boughtBy([{ n: 1, intent: INTENT, result: REJECTED }, { n: 2, intent: INTENT, result: 'unreadable' }, { n: 3, result: BOUGHT }], 'me')).toBeUndefined();
  expect(boughtBy([{ n: 1, result: BOUGHT }, { n: 2, intent: INTENT, result: BOUGHT }], 'me')?.n).toBe(2);
});

test('the last entry decides, wherever it stands', () => {
  expect(refusedLast([{ n: 1, result: { ...REJECTED, code: 'A' } }, { n: 2, result: { ...REJECTED, code: 'B' } }])?.code).toBe('B');
  expect(refusedLast([{ n: 2, result: { ...REJECTED, code: 'B' } }, { n: 1, result: { ...REJECTED, code: 'A' } }])?.code).toBe('B');
  expect(refusedLast([{ n: 1, result: BOUGHT }])).toBeUndefined();
  expect(refusedLast([{ n: 1, result: 'unreadable' }])).toBeUndefined();
});

test('a result that cannot be read is an answer', () => {
  expect(isUnanswered({ n: 1, sent: SENT, result: 'unreadable' })).toBe(false);
  expect(isUnanswered({ n: 1, sent: FENCED, result: undefined })).toBe(false);
});

describe('records', () => {
  const PATH = '/cdk-hpc-clusters/training-plan/p';
  const WANTED = { owner: 'me', request: 'r1', attempt: 1, criteria: 'c', offering: 'o', fee: '1 USD', deadline: 'd' };
  let world: World;
  let written: object[];
  const ledger = () => new Ledger(world.ledger, world, PATH);
  const said = (part: string) => JSON.parse(world.records.get(`${PATH}/${part}`)!) as Record<string, unknown>;

  beforeEach(() => {
    world = new World();
    written = [];
    jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(written.push(JSON.parse(String(line)) as object)));
  });
  afterEach(() => jest.restoreAllMocks());

  test('say what was going to be sent, that it is being sent, and what came of it', async () => {
    const mine = ledger();
    await mine.intend(1, WANTED);
    await mine.send(1);
    await mine.conclude(1, { kind: 'BOUGHT', arn: 'arn' });
    const run = said('1').run;
    expect(run).toMatch(/^[0-9a-f-]{36}$/);
    expect(said('1')).toEqual({ kind: 'INTENT', ...WANTED, run, at: AT });
    expect(said('1/sent')).toEqual({ kind: 'SENT', run, at: AT });
    expect(said('1/outcome')).toEqual({ kind: 'BOUGHT', arn: 'arn', run, at: AT });
  });

  test('are told apart by the run that wrote them', async () => {
    await ledger().intend(1, WANTED);
    await ledger().intend(2, WANTED);
    expect(said('1').run).not.toBe(said('2').run);
  });

  test.each([[800, 'm'.repeat(800)], [801, `${'m'.repeat(800)}...`]])('keep %i characters of a text', async (length, expected) => {
    await ledger().intend(1, { ...WANTED, criteria: 'm'.repeat(length) });
    await ledger().conclude(1, { kind: 'REJECTED', message: 'm'.repeat(length) });
    expect([said('1').criteria, said('1/outcome').message]).toEqual([expected, expected]);
  });

  test.each([
    ['of a refusal', { result: 'REJECTED' }, true],
    ['of a purchase', { result: 'BOUGHT', sent: 'SENT' }, false],
    ['of what was sent', { sent: 'SENT' }, false],
  ])('cannot be fenced off once they are those %s, unless nothing comes of it', async (_what, { result, sent }: { result?: string; sent?: string }, expected) => {
    world.records.set(`${PATH}/1/sent`, JSON.stringify({ kind: sent ?? 'SENT', run: 'x', at: '' }));
    if (result) { world.records.set(`${PATH}/1/outcome`, JSON.stringify({ kind: result, run: 'x', at: '' })); }
    world.records.set(`${PATH}/2/sent`, JSON.stringify({ kind: 'FENCED', run: 'x', at: '' }));
    expect(await ledger().fence(1)).toBe(expected);
  });

  test('of another path are none, even if the store returns them', async () => {
    const others = new Map([['/other/1', '{"kind":"INTENT"}'], [`${PATH}/1/sent/2`, '{"kind":"SENT"}'], [`${PATH}/x/1`, '{"kind":"INTENT"}'], ['/1', '{"kind":"INTENT"}']]);
    expect(await new Ledger({ ...world.ledger, readAll: async () => others }, world, PATH).read()).toEqual([]);
  });

  test('are of one entry, in whatever order they come', async () => {
    const result = JSON.stringify(REJECTED);
    const some = new Map([[`${PATH}/2/outcome`, result], [`${PATH}/2`, JSON.stringify(INTENT)], [`${PATH}/2/sent`, JSON.stringify(FENCED)], [`${PATH}/1`, JSON.stringify(INTENT)]]);
    expect(await new Ledger({ ...world.ledger, readAll: async () => some }, world, PATH).read())
      .toEqual([{ n: 1, intent: INTENT }, { n: 2, intent: INTENT, sent: FENCED, result: REJECTED }]);
  });

  test('are written again after a pause that grows, and logged', async () => {
    world.before = (step, count) => { if (step === 'put' && count < 3) { throw sdkError('InternalServerError', 500); } };
    expect(await ledger().send(1)).toBe(true);
    expect(world.time - NOW).toBe(3_000);
    await ledger().send(1);
    const record = `${PATH}/1/sent`;
    expect(written).toEqual([
      { step: 'ledger', record, code: 'InternalServerError', attempt: 1 },
      { step: 'ledger', record, code: 'InternalServerError', attempt: 2 },
      { step: 'ledger', record, status: 'written' },
      { step: 'ledger', record, status: 'taken' },
    ]);
  });

  test('that say what was bought are read', async () => {
    await ledger().conclude(1, { kind: 'BOUGHT', arn: 'arn' });
    expect(await ledger().read()).toMatchObject([{ n: 1, result: { kind: 'BOUGHT', arn: 'arn' } }]);
  });

  test('that claim something are read back', async () => {
    await ledger().send(1);
    expect(world.calls).toEqual(['put', 'readAll']);
  });

  test('whose answer is lost are found to be our own', async () => {
    const { put } = world.ledger;
    const losing = jest.fn(put).mockImplementationOnce(async (name, value) => { await put(name, value); throw sdkError('TimeoutError'); });
    expect(await new Ledger({ ...world.ledger, put: losing }, world, PATH).send(1)).toBe(true);
    expect(losing).toHaveBeenCalledTimes(2);
  });

  test('that are there and not to be read yet are not fenced off', async () => {
    expect(await new Ledger({ put: async () => false, readAll: async () => new Map() }, world, PATH).fence(1)).toBe(false);
  });

  test('fail with whatever was thrown', async () => {
    const store = { ...world.ledger, put: async () => Promise.reject(undefined) }; // eslint-disable-line prefer-promise-reject-errors
    await expect(new Ledger(store, world, PATH).send(1)).rejects.toBeUndefined();
  });
});

describe('under way', () => {
  const young = { ...INTENT, at: AT };

  test.each<[string, Partial<Entry>, ReturnType<typeof isUnderWay>]>([
    ['a purchase, whoever wrote it', { result: BOUGHT }, 'bought'],
    ['an intent of a moment ago', { intent: young }, 'soon'],
    ['an intent of a moment ago that was sent', { intent: young, sent: SENT }, 'soon'],
    ['an intent of long ago that was sent', { intent: INTENT, sent: SENT }, 'perhaps'],
    ['an intent of long ago that was sent, as far as can be read', { intent: INTENT, sent: 'unreadable' }, 'perhaps'],
    ['an intent of long ago with a result that cannot be read', { intent: INTENT, result: 'unreadable' }, 'perhaps'],
    ['an intent that is gone, of what was sent', { sent: SENT }, 'perhaps'],
    ['an intent that is gone', {}, 'perhaps'],
    ['an intent of long ago', { intent: INTENT }, undefined],
    ['an intent of a moment ago that was refused', { intent: young, result: REJECTED }, undefined],
    ['an intent of a moment ago that is fenced off', { intent: young, sent: FENCED }, undefined],
  ])('%s', (_what, entry, expected) => {
    expect(isUnderWay({ n: 1, ...entry }, NOW)).toBe(expected);
  });

  test('an intent is of a moment ago for twenty minutes', () => {
    expect(isUnderWay({ n: 1, intent: young }, NOW + GRACE_MS - 1)).toBe('soon');
    expect(isUnderWay({ n: 1, intent: young }, NOW + GRACE_MS)).toBeUndefined();
  });
});
