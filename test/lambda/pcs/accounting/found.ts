import type { Association, FoundAccount, FoundForDeletion, FoundQos, Qos } from '../../../../lambda/pcs/accounting/database';
import type { Plan, Step } from '../../../../lambda/pcs/accounting/plan';

/** Whose things are, in these tests. */
export const MARK = '[cdk-hpc-clusters 51af3dc0-da77-11e4-872e-1234567db123/Research]';

/** An association as the database has it. */
export function association(more: Partial<Association> = {}): Association {
  return { account: 'research', user: '', cluster: 'live', parent: 'root', shares: 1, qos: [], defaultQos: '', isDefault: false, limits: {}, ...more };
}

/** A cluster in which nobody has made anything. */
export const NOTHING: FoundAccount = {
  kind: 'Account', cluster: 'live', users: [], qosNames: ['normal'], parent: association({ account: 'root', parent: '', qos: ['normal'] }), otherAccounts: {},
};

/** A cluster that has the account `research` as this resource made it. */
export function found(more: Partial<FoundAccount> = {}): FoundAccount {
  const row = { name: 'research', description: `research ${MARK}`, organization: 'research', coordinators: [], flags: [] };
  return { ...NOTHING, row, association: association(), ...more };
}

/** A QOS as this resource made it. */
export function qos(more: Partial<Qos> = {}): Qos {
  return {
    id: '2', name: 'batch', description: `batch ${MARK}`, priority: 0, flags: [], preempt: [], preemptMode: [], graceTime: 0, usageFactor: 1, limits: {}, ...more,
  };
}

export function foundQos(more: Partial<Qos> = {}): FoundQos {
  return { kind: 'Qos', qos: qos(more), qosNames: ['normal', 'batch'] };
}

/** What is to be deleted, with nothing against it. */
export function deletable(more: Partial<FoundForDeletion> = {}): FoundForDeletion {
  return { description: `research ${MARK}`, dependents: [], otherClusters: [], used: false, defaults: {}, ...more };
}

export function stepsOf(plan: Plan | { readonly retained: string }): readonly Step[] {
  if (!('steps' in plan)) { throw new Error(JSON.stringify(plan)); }
  return plan.steps;
}

export function reasonsOf(plan: Plan | { readonly retained: string }): string[] {
  return stepsOf(plan).map(({ reason }) => reason);
}

/** Requests, as a method and a path with its query. */
export function requestsOf(plan: Plan | { readonly retained: string }): string[] {
  return stepsOf(plan).map(({ request: { method, path, query = {} } }) => [`${method} ${path}`, ...Object.entries(query).map(pair => pair.join('='))].join(' '));
}
