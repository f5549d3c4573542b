import {
  comeBack, untilCounted, leavePlace, ledgerAfterBroken, limits, noteDown, ownRecovery, takePlace, untilWindow, type Ledger,
} from '../../../lambda/node-operations/guards';
import type { ClusterDescription } from '../../../lambda/node-operations/ports';
import type { RepairAction, RemediationPolicy } from '../../../src/private/contracts/node-operations';

const HOUR = 3_600_000;
const MONDAY_NOON = Date.parse('2026-06-01T12:00:00Z');
const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const policy = (more: Partial<RemediationPolicy> = {}) => (
  { MaxAtOnce: 2, MaxPercentAtOnce: 100, MaxPerDay: 3, MaxPercentPerDay: 100, ...more } as RemediationPolicy);

describe('a cluster that recovers nodes by itself', () => {
  const recovery = (NodeRecovery: 'Automatic' | 'None' | undefined, repairAction?: string) => ownRecovery({ NodeRecovery } as ClusterDescription, repairAction);

  test.each([['None', undefined], ['None', 'Replace'], ['Automatic', 'None'], [undefined, 'None']] as const)(
    'with recovery %s and the action %s leaves a node to others', (nodeRecovery, action) => expect(recovery(nodeRecovery, action)).toBeUndefined());

  test.each([
    ['Replace', 'and announced the action Replace'],
    [undefined, 'and the event does not say that it leaves this one alone'],
  ])('and announces the action %s is not disturbed', (action, text) => {
    for (const nodeRecovery of ['Automatic', undefined] as const) {
      expect(recovery(nodeRecovery, action)).toEqual({ reason: 'HyperPodRecovers', message: `the cluster recovers nodes by itself, ${text}` });
    }
  });
});

describe('windows', () => {
  test.each([
    ['none: at any time', [], 0],
    ['open', [{ Days: EVERY_DAY, StartMinute: 11 * 60, Minutes: 120 }], 0],
    ['its first moment', [{ Days: EVERY_DAY, StartMinute: 12 * 60, Minutes: 1 }], 0],
    ['its end, which is no more part of it', [{ Days: EVERY_DAY, StartMinute: 11 * 60, Minutes: 60 }], 23 * HOUR],
    ['later today', [{ Days: [1], StartMinute: 22 * 60, Minutes: 60 }], 10 * HOUR],
    ['today a week from now', [{ Days: [1], StartMinute: 60, Minutes: 60 }], 6 * 24 * HOUR + 13 * HOUR],
    ['opened yesterday, over midnight', [{ Days: [0], StartMinute: 23 * 60, Minutes: 14 * 60 }], 0],
    ['opened a week ago, for a whole week', [{ Days: [1], StartMinute: 12 * 60 + 1, Minutes: 7 * 24 * 60 }], 0],
    ['the sooner of two', [{ Days: [3], StartMinute: 0, Minutes: 60 }, { Days: [2], StartMinute: 0, Minutes: 60 }], 12 * HOUR],
  ])('%s', (_, windows, pause) => expect(untilWindow(windows, MONDAY_NOON)).toBe(pause));
});

test.each([
  [100, { MaxAtOnce: 5, MaxPercentAtOnce: 10, MaxPerDay: 50, MaxPercentPerDay: 25 }, { atOnce: 5, perDay: 25 }],
  [39, { MaxAtOnce: 5, MaxPercentAtOnce: 10, MaxPerDay: 50, MaxPercentPerDay: 25 }, { atOnce: 3, perDay: 9 }],
  [1, { MaxAtOnce: 5, MaxPercentAtOnce: 10, MaxPerDay: 50, MaxPercentPerDay: 25 }, { atOnce: 1, perDay: 1 }],
  [0, {}, { atOnce: 1, perDay: 1 }],
])('limits of a group of %i', (size, more, expected) => expect(limits(policy(more), size)).toEqual(expected));

describe('places', () => {
  const take = (ledger: Ledger | undefined, node: string, now = MONDAY_NOON, action: RepairAction = 'Reboot') => takePlace(
    ledger, { node, instance: `i-${node}`, action, now, until: now + HOUR }, policy(), { target: 100, current: 100 });

  test('are given until they are taken', () => {
    const one = take(undefined, 'a');
    const two = take(one.ledger, 'b');
    expect([one.place, two.place, take(two.ledger, 'c').place]).toEqual(['Taken', 'Taken', 'Full']);
    expect(take(leavePlace(two.ledger, 'a'), 'c').place).toBe('Taken');
  });

  test('are kept by a node that did not come back from its reboot, until it has, or another instance has gone down', () => {
    const { ledger } = take(take(undefined, 'a').ledger, 'b');
    const later = MONDAY_NOON + 2 * HOUR; // nobody looks after either any more
    expect(take(ledger, 'c', later).place).toBe('Full');
    expect(take(ledger, 'a', later).place).toBe('Taken');
    expect(take(comeBack(ledger, new Map([['a', 'i-a']])), 'c', later).place).toBe('Taken');
    expect(take(comeBack(ledger, new Map([['a', 'i-other']])), 'c', later).place).toBe('Full');
    expect(take(leavePlace(ledger, 'a', true), 'c').place).toBe('Full');
  });

  test('belong to a node that has one', () => {
    const { ledger } = take(take(undefined, 'a').ledger, 'b');
    expect(take(ledger, 'a').place).toBe('Taken');
    expect(take(ledger, 'a').ledger.today).toEqual(['a', 'b']);
  });

  test('of nodes that are replaced are free again when their lease has ended: the group is short then', () => {
    const { ledger } = take(take(undefined, 'a', MONDAY_NOON, 'Replace').ledger, 'b', MONDAY_NOON, 'Replace');
    expect(take(ledger, 'c', MONDAY_NOON + HOUR).place).toBe('Taken');
  });

  test('are given after a takeover of the claim, or after a broken ledger, once the group was listed', () => {
    const noon = { node: 'a', instance: 'i-a', action: 'Reboot', until: MONDAY_NOON + HOUR } as const;
    const ask = (ledger: Ledger | undefined, now: number, takenOverAt?: number) => (
      takePlace(ledger, { ...noon, now, takenOverAt }, policy({ MaxAtOnce: 1 }), { target: 8, current: 8 }).place);
    const broken = ledgerAfterBroken(MONDAY_NOON);
    expect([ask(broken, MONDAY_NOON), ask(broken, MONDAY_NOON + 24 * HOUR)]).toEqual(['Broken', 'Unlisted']);
    expect(ask(noteDown(broken, new Map(), MONDAY_NOON + 24 * HOUR), MONDAY_NOON + 24 * HOUR)).toBe('Taken');
    expect(ask(undefined, MONDAY_NOON, MONDAY_NOON - HOUR)).toBe('Unlisted');
    const listed = noteDown(undefined, new Map([['b', 'i-b']]), MONDAY_NOON);
    expect(ask(listed, MONDAY_NOON, MONDAY_NOON - HOUR)).toBe('Full');
    expect(ask(comeBack(listed, new Map([['b', 'i-b']])), MONDAY_NOON, MONDAY_NOON - HOUR)).toBe('Taken');
    expect(ask(listed, MONDAY_NOON + HOUR, MONDAY_NOON)).toBe('Unlisted'); // taken over once more
  });

  test('are counted by the day, until midnight in UTC', () => {
    let ledger: Ledger | undefined;
    for (const node of ['a', 'b', 'c']) { ledger = leavePlace(take(ledger, node).ledger, node); }
    expect(take(ledger, 'd').place).toBe('DayFull');
    expect(take(ledger, 'a').place).toBe('Taken'); // a second action on a node of today
    expect(take(ledger, 'd', MONDAY_NOON + 12 * HOUR).place).toBe('Taken');
  });

  test('are those of one day by its date, and a refusal changes nothing but what has ended', () => {
    const both = take(take(undefined, 'a').ledger, 'b', MONDAY_NOON + 1);
    const place = { a: MONDAY_NOON + HOUR, b: MONDAY_NOON + HOUR + 1 };
    expect(both.ledger).toEqual({ active: place, down: { a: 'i-a', b: 'i-b' }, replacing: [], day: '2026-06-01', today: ['a', 'b'] });
    expect(take(both.ledger, 'c')).toEqual({ place: 'Full', counted: false, ledger: both.ledger });
  });

  test('may be given back where there is no ledger', () => {
    expect(leavePlace(undefined, 'a')).toEqual({ active: {}, down: {}, replacing: [], day: '', today: [] });
  });

  test('giving back what nobody has changes nothing', () => {
    const { ledger } = take(undefined, 'a');
    expect(leavePlace(ledger, 'b')).toEqual(ledger);
  });
});

test('whoever takes a claim over waits for the next day, and for a reboot of before', () => {
  const midnight = MONDAY_NOON + 12 * HOUR;
  expect(untilCounted(MONDAY_NOON, HOUR / 2, MONDAY_NOON)).toBe(12 * HOUR);
  expect(untilCounted(midnight - 1000, HOUR / 2, midnight)).toBe(HOUR / 2 - 1000);
  expect(untilCounted(MONDAY_NOON, HOUR / 2, midnight)).toBe(0);
});
