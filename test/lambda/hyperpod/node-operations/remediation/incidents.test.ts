import type { StateStore } from '../../../../../lambda/clients/state-table';
import { Incidents } from '../../../../../lambda/hyperpod/node-operations/remediation/incidents';
import type { Incident, Step } from '../../../../../lambda/hyperpod/node-operations/state';

const NOW = Date.parse('2026-06-02T03:00:00Z');
const MINUTE = 60_000;

/* A write may come a minute after its step began. By then, another execution may have taken a place for the same node. */
describe.each([
  ['of this execution', 60 * MINUTE, 60 * MINUTE, false],
  ['of this execution, after a pause', 75 * MINUTE, 75 * MINUTE, false],
  ['of this execution, by a clock that differs', 60 * MINUTE + 4_000, 60 * MINUTE, false],
  ['that another execution has taken since', 61 * MINUTE, 60 * MINUTE, true],
  ['that another execution keeps over a pause', 90 * MINUTE, 60 * MINUTE, true],
])('a place %s', (_what, until, lease, stays) => {
  const incident = { owner: 'execution-1', open: true, instanceId: 'i-1', logicalId: 'workers-1', group: 'workers', leaseUntil: NOW + lease } as Incident;
  let records: Map<string, { json: string; version: number }>;
  const incidents = () => {
    records = new Map([
      ['group/workers', { version: 1, json: JSON.stringify({ active: { 'workers-1': NOW + until }, day: '2026-06-02', today: ['workers-1'], down: { 'workers-1': 'i-1' } }) }],
      ['node/workers-1', { version: 1, json: JSON.stringify({ ...incident, reason: '', eventIds: [], openedAt: 0, lastFaultAt: 0, want: 'Reboot', tries: 0, deferred: [], closedAt: 0, quietUntil: 0, outcome: '' }) }],
    ]);
    const store: StateStore = {
      read: async id => Promise.resolve(records.get(id)),
      write: async (id, version, json) => { records.set(id, { version: version + 1, json }); return Promise.resolve(true); },
    };
    return new Incidents(store, { now: NOW, execution: 'execution-1' } as Step, () => NOW);
  };
  const ledger = () => JSON.parse(records.get('group/workers')!.json) as { active: object; today: string[]; down: object };

  test(stays ? 'is not given back' : 'is given back', async () => {
    await incidents().givePlaceBack(incident, true);
    expect(ledger()).toMatchObject(stays
      ? { active: { 'workers-1': NOW + until }, today: ['workers-1'], down: { 'workers-1': 'i-1' } }
      : { active: {}, today: [], down: {} });
  });

  test(stays ? 'goes on counting for the day' : 'can be uncounted', async () => {
    await incidents().uncount(incident);
    expect(ledger().today).toEqual(stays ? ['workers-1'] : []);
  });

  test('is never held for a shorter time', async () => {
    await incidents().hold('node/workers-1', incident, MINUTE);
    expect(ledger().active).toEqual({ 'workers-1': NOW + Math.max(until, 61 * MINUTE) });
  });
});
