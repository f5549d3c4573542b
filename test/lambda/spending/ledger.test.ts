import { CLOCK } from '../../../lambda/spending/clock';
import { GRACE_MS, Ledger, boughtBy, isUnanswered, refusedLast, verdict, type Entry, type Intent } from '../../../lambda/spending/ledger';
import { MINUTE, World, sdkError } from '../training-plans/purchase/world';

const NOW = Date.parse('2026-11-22T06:00:00Z');
const asker = { owner: 'me', request: 'r1', attempt: 1 };

function entry(n: number, age: number, others: Partial<Intent> & Pick<Entry, 'sent' | 'result'> = {}): Entry {
  const { sent, result, ...intent } = others;
  const at = new Date(NOW - age).toISOString();
  return { n, intent: { kind: 'INTENT', run: 'x', owner: 'me', request: 'r0', attempt: 1, criteria: '', offering: 'o', fee: '1 USD', at, deadline: at, ...intent }, sent, result };
}

const SENT = { kind: 'SENT', run: 'x', at: '' } as const;
const FENCED = { kind: 'FENCED', run: 'x', at: '' } as const;
const BOUGHT = { kind: 'BOUGHT', run: 'x', at: '' } as const;
const REJECTED = { kind: 'REJECTED', run: 'x', at: '' } as const;

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

describe('records', () => {
  const PATH = '/cdk-hpc-clusters/training-plan/p';
  const INTENT = { owner: 'me', request: 'r1', attempt: 1, criteria: 'c'.repeat(5000), offering: 'o', fee: '1 USD', deadline: '' };
  let world: World;
  const ledger = () => new Ledger(world.ledger, world, PATH);

  beforeEach(() => {
    world = new World();
    jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(() => jest.restoreAllMocks());

  test('are read as they were written, and are short', async () => {
    const mine = ledger();
    expect(await mine.intend(1, INTENT)).toBe(true);
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
    expect(await ledger().intend(1, INTENT)).toBe(true);
    expect(await ledger().intend(1, INTENT)).toBe(false);
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
