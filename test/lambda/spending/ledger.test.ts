import { CLOCK } from '../../../lambda/spending/clock';
import {
  GRACE_MS, Ledger, boughtBy, isUnanswered, isUnderWay, refusedLast, verdict, type Entry, type Intent, type Result,
} from '../../../lambda/spending/ledger';
import { MINUTE, World, sdkError } from '../training-plans/purchase/world';

const NOW = Date.parse('2026-11-22T06:00:00Z');
const AT = '2026-11-22T06:00:00.000Z';
const asker = { owner: 'me', request: 'r1', attempt: 1 };

function entry(n: number, age: number, others: Partial<Intent> & Pick<Entry, 'sent' | 'result'> = {}): Entry {
  const { sent, result, ...intent } = others;
  const at = new Date(NOW - age).toISOString();
  return { n, intent: { kind: 'INTENT', run: 'x', owner: 'me', request: 'r0', attempt: 1, criteria: '', offering: 'o', fee: '1 USD', at, deadline: at, ...intent }, sent, result };
}

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
  test.each<[string, Entry[], object]>([
    ['empty', [], { kind: 'free', n: 1, fence: [] }],
    ['refused', [entry(1, 0, { sent: SENT, result: REJECTED })], { kind: 'free', n: 2, fence: [] }],
    ['given up before it was sent', [entry(1, 0, { result: REJECTED })], { kind: 'free', n: 2, fence: [] }],
    ['fenced', [entry(1, 0, { sent: FENCED })], { kind: 'free', n: 2, fence: [] }],
    ['an intent as old as the grace', [entry(1, GRACE_MS)], { kind: 'free', n: 2, fence: [1] }],
    ['several of those', [entry(1, GRACE_MS), entry(3, GRACE_MS)], { kind: 'free', n: 4, fence: [1, 3] }],
    ['an intent younger than the grace', [entry(1, GRACE_MS - 1)], { kind: 'busy' }],
    ['an old intent of this request', [entry(1, GRACE_MS, { request: 'r1' })], { kind: 'busy' }],
    ['bought', [entry(1, GRACE_MS, { sent: SENT, result: BOUGHT })], { kind: 'bought' }],
    ['bought, with a refusal after it', [entry(1, GRACE_MS, { sent: SENT, result: BOUGHT }), entry(2, 0, { result: REJECTED })], { kind: 'bought' }],
    ['sent within the grace', [entry(1, GRACE_MS - 1, { sent: SENT })], { kind: 'busy' }],
    ['sent before', [entry(1, GRACE_MS, { sent: SENT })], { kind: 'unknown' }],
    ['sent before, with a refusal after it', [entry(1, GRACE_MS, { sent: SENT }), entry(2, 0, { attempt: 2, result: REJECTED })], { kind: 'unknown' }],
    ['sent, nobody knows by whom', [{ n: 1, sent: SENT }], { kind: 'unknown' }],
    ['fenced, nobody knows from whom', [{ n: 1, sent: FENCED }], { kind: 'free', n: 2, fence: [] }],
    ['a record that cannot be read', [entry(1, GRACE_MS, { sent: 'unreadable' })], { kind: 'unknown' }],
    ['a result that cannot be read', [entry(1, GRACE_MS, { result: 'unreadable' })], { kind: 'unknown' }],
    ['an intent that cannot be read', [{ n: 1 }], { kind: 'unknown' }],
  ])('%s', (_what, entries, expected) => {
    expect(verdict(entries, asker, NOW)).toMatchObject(expected);
  });

  test.each<[string, Entry, number, object]>([
    ['higher', entry(1, GRACE_MS, { sent: SENT }), 2, { kind: 'free', n: 2 }],
    ['higher, within the grace', entry(1, GRACE_MS - 1, { sent: SENT }), 2, { kind: 'busy' }],
    ['the same', entry(1, GRACE_MS, { sent: SENT, attempt: 2 }), 2, { kind: 'unknown' }],
    ['lower', entry(1, GRACE_MS, { sent: SENT, attempt: 3 }), 2, { kind: 'unknown' }],
    ['higher than that of another owner', entry(1, GRACE_MS, { sent: SENT, owner: 'you' }), 2, { kind: 'unknown' }],
    ['higher than what cannot be read', { n: 1, sent: SENT }, 2, { kind: 'unknown' }],
  ])('an attempt that is %s', (_what, found, attempt, expected) => {
    expect(verdict([found], { ...asker, attempt }, NOW)).toMatchObject(expected);
  });

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

test('who bought', () => {
  const entries = [entry(1, 0, { owner: 'you', sent: SENT, result: BOUGHT }), entry(2, 0, { sent: SENT })];
  expect(boughtBy(entries, 'you')?.n).toBe(1);
  expect(boughtBy(entries, 'me')).toBeUndefined();
});

test('what was refused last', () => {
  expect(refusedLast([entry(1, 0, { result: REJECTED })])).toEqual(REJECTED);
  expect(refusedLast([entry(1, 0, { result: { ...REJECTED, goesOn: true } })])).toBeUndefined();
  expect(refusedLast([entry(2, 0), entry(1, 0, { result: REJECTED })])).toBeUndefined();
  expect(refusedLast([])).toBeUndefined();
});

test('what is unanswered', () => {
  expect([{}, { sent: SENT }, { sent: 'unreadable' as const }, { sent: FENCED }, { sent: SENT, result: REJECTED }].map(each => isUnanswered({ n: 1, ...each })))
    .toEqual([false, true, true, false, false]);
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
  const LONG = { ...WANTED, criteria: 'c'.repeat(5000) };
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

  test('are read as they were written, and are short', async () => {
    const mine = ledger();
    expect(await mine.intend(1, LONG)).toBe(true);
    expect(await mine.send(1)).toBe(true);
    expect(await mine.conclude(1, { kind: 'REJECTED', code: 'C', message: 'm'.repeat(5000) })).toBe(true);
    const [read] = await ledger().read();
    expect(read).toMatchObject({ n: 1, intent: { owner: 'me', at: '2026-11-22T06:00:00.000Z' }, sent: { kind: 'SENT' }, result: { kind: 'REJECTED', code: 'C' } });
    expect([...world.records.values()].every(value => value.length < 4096)).toBe(true);
  });

  test('are in the order of their numbers, without those of extensions and other plans', async () => {
    for (const part of ['10', '9', '9/sent', 'extend/2027-01-01/1', 'x', '9/other']) { world.records.set(`${PATH}/${part}`, '{}'); }
    world.records.set(`${PATH}-2/1`, '{}');
    expect(await ledger().read()).toEqual([{ n: 9, unreadable: true, sent: 'unreadable' }, { n: 10, unreadable: true }]);
  });

  test.each(['', 'x', 'null', '[]', '{"kind":"LATER"}'])('that say %j are unreadable', async value => {
    world.records.set(`${PATH}/1/sent`, value);
    world.records.set(`${PATH}/1/outcome`, value);
    expect(await ledger().read()).toEqual([{ n: 1, sent: 'unreadable', result: 'unreadable' }]);
  });

  test('of two runs are told apart, even if they say the same', async () => {
    expect(await ledger().intend(1, LONG)).toBe(true);
    expect(await ledger().intend(1, LONG)).toBe(false);
  });

  test('the right to send is had once, or fenced off for ever', async () => {
    expect(await ledger().send(1)).toBe(true);
    expect(await ledger().send(1)).toBe(false);
    expect(await ledger().fence(1)).toBe(false);
    expect(await ledger().fence(2)).toBe(true);
    expect(await ledger().fence(2)).toBe(true);
    expect(await ledger().send(2)).toBe(false);
  });

  test('writes are tried three times', async () => {
    world.before = step => { if (step === 'put') { throw sdkError('InternalServerError', 500); } };
    await expect(ledger().send(1)).rejects.toThrow('it says InternalServerError');
    expect(world.calls).toEqual(['put', 'put', 'put']);
    expect(world.time - NOW).toBeLessThan(MINUTE);
  });

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

test('a record whose read-back is denied again and again is found to be this run\'s own when it is written anew', async () => {
  const intent = { owner: 'me', request: 'r1', attempt: 1, criteria: '', offering: 'o', fee: '1 USD', deadline: new Date(NOW + MINUTE).toISOString() };
  const records = new Map<string, string>();
  let [time, denied] = [NOW, 3];
  const ledger = new Ledger({
    put: async (name, value) => {
      const isNew = !records.has(name);
      if (isNew) { records.set(name, value); }
      return Promise.resolve(isNew);
    },
    readAll: async () => (denied-- > 0 ? Promise.reject(sdkError('AccessDeniedException', 400)) : Promise.resolve(records)),
  }, { ...CLOCK, now: () => time, sleep: async ms => { time += ms; return Promise.resolve(); } }, '/plans/x');
  await expect(ledger.intend(1, intent)).rejects.toThrow('AccessDeniedException');
  time += MINUTE;
  expect(await ledger.intend(1, intent)).toBe(true);
  expect(await ledger.intend(1, { ...intent, offering: 'another' })).toBe(false);
  expect([...records.values()].map(value => (JSON.parse(value) as Intent).at)).toEqual([new Date(NOW).toISOString()]);
});

test('what was once read stays known, however stale the reads after it are', async () => {
  const records = new Map([['/plans/x/1', JSON.stringify({ kind: 'INTENT', run: 'other', owner: 'me', at: new Date(NOW).toISOString() })]]);
  const answers = [records, new Map<string, string>(), new Map([['/plans/x/1/sent', JSON.stringify(SENT)]])];
  const ledger = new Ledger(
    { put: async () => Promise.resolve(false), readAll: async () => Promise.resolve(answers.shift()!) }, { ...CLOCK, now: () => NOW }, '/plans/x',
  );
  await ledger.read();
  expect(await ledger.read()).toMatchObject([{ n: 1, intent: { owner: 'me' } }]);
  expect(await ledger.read()).toMatchObject([{ n: 1, intent: { owner: 'me' }, sent: { kind: 'SENT' } }]);
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
  ])('%s', (_what, parts, expected) => {
    expect(isUnderWay({ n: 1, ...parts }, NOW)).toBe(expected);
  });

  test('an intent is of a moment ago for twenty minutes', () => {
    expect(isUnderWay({ n: 1, intent: young }, NOW + GRACE_MS - 1)).toBe('soon');
    expect(isUnderWay({ n: 1, intent: young }, NOW + GRACE_MS)).toBeUndefined();
  });
});
