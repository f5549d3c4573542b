import type { ClusterDescription } from '../../../../lambda/clients/hyperpod-nodes';
import {
  comeBack, untilCounted, leavePlace, ledgerAfterBroken, limits, openBetween, ownRecovery, takePlace, untilWindow, type Ledger,
} from '../../../../lambda/hyperpod/node-operations/guards';
import type { RepairAction, RemediationPolicy, Window } from '../../../../src/private/contracts/node-operations';

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

  const night = { Days: EVERY_DAY, StartMinute: 22 * 60, Minutes: 4 * 60 };
  test.each<[string, readonly Window[], number, number]>([
    ['all of the time where there are none', [], 5 * HOUR, 5 * HOUR],
    ['not before they open', [night], 10 * HOUR, 0],
    ['from when they open', [night], 11 * HOUR, HOUR],
    ['as long as they are', [night], 22 * HOUR, 4 * HOUR],
    ['each of them', [night], 59 * HOUR, 9 * HOUR],
    ['one a week', [{ Days: [6], StartMinute: 0, Minutes: 600 }], 7 * 24 * HOUR, 10 * HOUR],
    ['one that was open at the beginning', [{ Days: [1], StartMinute: 11 * 60, Minutes: 120 }], 7 * 24 * HOUR, 2 * HOUR],
    ['one that opened days ago', [{ Days: [0], StartMinute: 0, Minutes: 3 * 24 * 60 }], 7 * 24 * HOUR, 72 * HOUR],
    ['once where they overlap', [night, { Days: EVERY_DAY, StartMinute: 23 * 60, Minutes: 2 * 60 }, { ...night, Minutes: 300 }], 22 * HOUR, 5 * HOUR],
    ['not where there is none', [{ Days: [1], StartMinute: NaN, Minutes: 60 }, { Days: [1], StartMinute: 60, Minutes: NaN }], 24 * HOUR, 0],
  ])('are open %s', (_, windows, span, open) => expect(openBetween(windows, MONDAY_NOON, MONDAY_NOON + span)).toBe(open));
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

  test('belong to nodes that are replaced until they are seen to be gone: the group is short then', () => {
    const { ledger } = take(take(undefined, 'a', MONDAY_NOON, 'Replace').ledger, 'b', MONDAY_NOON, 'Replace');
    expect(take(ledger, 'c', MONDAY_NOON + HOUR).place).toBe('Full');
    expect(take(comeBack(ledger, new Map([['a', 'i-a']])), 'c', MONDAY_NOON + HOUR).place).toBe('Taken');
  });

  test('are given after a takeover of the claim, or after a broken ledger, once the group was listed', () => {
    const applicant = { node: 'a', instance: 'i-a', action: 'Reboot', until: MONDAY_NOON + HOUR } as const;
    const nodes = [{ node: 'a', instance: 'i-a', runs: false }, { node: 'b', instance: 'i-b', runs: false }, { node: 'c', instance: 'i-c', runs: true }];
    const ask = (ledger: Ledger | undefined, now: number, takenOverAt?: number, list?: typeof nodes) => (
      takePlace(ledger, { ...applicant, now, takenOverAt }, policy({ MaxAtOnce: 1 }), { target: 3, current: 3, nodes: list }));
    const broken = ledgerAfterBroken(MONDAY_NOON);
    expect(ask(broken, MONDAY_NOON).place).toBe('Broken');
    expect(ask(broken, MONDAY_NOON + 24 * HOUR).place).toBe('Unlisted');
    expect(ask(broken, MONDAY_NOON + 24 * HOUR, undefined, nodes).place).toBe('Full');
    expect(ask(undefined, MONDAY_NOON, MONDAY_NOON - HOUR).place).toBe('Unlisted');
    const { place, ledger } = ask(undefined, MONDAY_NOON, MONDAY_NOON - HOUR, nodes);
    expect([place, ledger.down]).toEqual(['Full', { a: 'i-a', b: 'i-b' }]);
    const back = comeBack(ledger, new Map([['b', 'i-b']]));
    expect(ask(back, MONDAY_NOON + HOUR, MONDAY_NOON - HOUR).place).toBe('Taken'); // without another list
    expect(ask(back, MONDAY_NOON + HOUR, MONDAY_NOON).place).toBe('Unlisted'); // taken over once more
  });

  describe('while a node is replaced', () => {
    const replaced = take(undefined, 'a', MONDAY_NOON, 'Replace').ledger;
    const ask = (current: number, ...instances: string[]) => takePlace(
      replaced, { node: 'b', instance: 'i-b', action: 'Replace', now: MONDAY_NOON, until: MONDAY_NOON + HOUR }, policy(),
      { target: 3, current, nodes: instances.length > 0 ? instances.map(each => ({ node: each, instance: each, runs: true })) : undefined },
    ).place;

    test.each([
      ['a whole group', 3, [], 'Taken'],
      ['a group that lacks more', 1, [], 'Short'],
      ['a group that lacks one, whichever it is', 2, [], 'Unlisted'],
      ['a group that lacks the node which is replaced', 2, ['i-b', 'i-c'], 'Taken'],
      ['a group that lacks another one, while the node which is replaced is still there', 2, ['i-a', 'i-b'], 'Short'],
      ['a group whose new instance has come since', 2, ['i-new', 'i-b', 'i-c'], 'Taken'],
    ] as const)('%s: of 3 %i, of which %j are listed: %s', (_, current, instances, place) => expect(ask(current, ...instances)).toBe(place));
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
    expect(both.ledger).toEqual({ active: place, down: { a: 'i-a', b: 'i-b' }, replacing: {}, day: '2026-06-01', today: ['a', 'b'] });
    expect(take(both.ledger, 'c')).toEqual({ place: 'Full', counted: false, ledger: both.ledger });
  });

  test('may be given back where there is no ledger', () => {
    expect(leavePlace(undefined, 'a')).toEqual({ active: {}, down: {}, replacing: {}, day: '', today: [] });
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
