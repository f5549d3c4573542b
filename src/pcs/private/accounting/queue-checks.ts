import { Stack } from 'aws-cdk-lib';
import type { AccountEntry, ClusterAccounting, QosEntry } from './cluster-accounting';
import { SLURMS_OWN } from '../../../private/contracts/pcs-accounting';
import { isConcrete, warn } from '../../../private/problems';
import type { ClusterContext, QueueEntry } from '../context';
import { RULES } from '../rules';

type Kind = 'account' | 'qos';

/** The settings of queues that name accounts or qualities of service. */
const SETTINGS: Readonly<Record<Kind, readonly string[]>> = { account: ['AllowAccounts', 'DenyAccounts'], qos: ['AllowQos', 'DenyQos', 'QOS'] };

/** What is there without being made, and what is no name. */
const KNOWN: Readonly<Record<Kind, readonly string[]>> = { account: [SLURMS_OWN.Account, 'all'], qos: [SLURMS_OWN.Qos, 'all'] };

/** The accounts, or qualities of service, that a queue names, as far as they are known at synthesis. */
function namesOf({ settings }: QueueEntry, kind: Kind): string[] {
  return SETTINGS[kind].flatMap(setting => {
    const value = settings[setting];
    return isConcrete(value) ? value.toLowerCase().split(',') : [];
  });
}

/** Makes queues wait for what they name in the database. In another stack, it comes after them, since it refers to the cluster. */
export function orderQueues(queues: readonly QueueEntry[], entries: readonly (AccountEntry | QosEntry)[]): void {
  for (const queue of queues) {
    for (const { kind, name, construct } of entries) {
      if (Stack.of(construct) === Stack.of(queue.construct) && isConcrete(name) && namesOf(queue, kind).includes(name)) {
        queue.construct.node.addDependency(construct);
      }
    }
  }
}

/** Advice on queues that name what isn't in the database, or not in time, when the app is complete. */
export function adviseQueues({ queues }: ClusterContext, accounting: ClusterAccounting): void {
  for (const kind of ['account', 'qos'] as const) {
    const entries: (AccountEntry | QosEntry)[] = kind === 'account' ? accounting.accounts : accounting.qos;
    if (entries.length === 0 || !entries.every(({ name }) => isConcrete(name))) { continue; }
    for (const queue of queues) {
      const names = [...new Set(namesOf(queue, kind))].filter(name => !KNOWN[kind].includes(name));
      const unknown = names.filter(name => !entries.some(entry => entry.name === name));
      const elsewhere = entries.filter(({ construct }) => Stack.of(construct) !== Stack.of(queue.construct)).map(({ name }) => name);
      const later = names.filter(name => elsewhere.includes(name));
      if (unknown.length > 0) { warn(queue.construct, RULES.queueNamesUnknown, { property: 'slurmSettings', got: unknown }); }
      if (later.length > 0) { warn(queue.construct, RULES.queueBeforeNames, { property: 'slurmSettings', got: later }); }
    }
  }
}
