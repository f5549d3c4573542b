import type { AccountRow, Association, FoundAccount, FoundForDeletion, FoundQos, Qos } from './database';
import { ASSOCIATION_PATHS, QOS_PATHS, limitChanges, setTo, writeLimits } from './limits';
import { PARENTS_SHARE, QOS_FLAGS, isSameName, type AccountWish, type QosWish } from './properties';
import { ACCOUNT_LIMITS, QOS_LIMITS, SLURMS_OWN, type AccountingDeletion, type AccountingKind } from '../../../src/private/contracts/pcs-accounting';
import type { SlurmRequest } from '../../clients/slurm-rest';

/*
 * What is found against what is wanted: requests, each with its reason. Nothing here asks or waits. Each request may be sent again: what it
 * makes is there then, and what it takes away is gone. Answers of Slurm aren't believed: it ignores parents and resources that it doesn't
 * know, and says that it has done what it was asked for. So the plan is made again after its requests, and only one without any is the end.
 */

/** A change, and why. */
export interface Step {
  readonly reason: string;
  readonly request: SlurmRequest;
  /**
   * Whether what it makes must be seen before a request of another kind: Slurm makes what a later request names and doesn't find, in
   * another way.
   */
  readonly readAfter?: true;
}

/** The changes, with what stays otherwise than it is wanted, or why there can't be any. */
export type Plan = { readonly steps: readonly Step[]; readonly notices?: readonly string[] } | { readonly refused: string };

/** The same where something is deleted, or why it is left as it is. */
export type DeletionPlan = Plan | { readonly retained: string };

/** Whose something is. */
export interface Ownership {
  /** The mark of this resource, at the end of a description. */
  readonly mark: string;
  /** Whether it takes what another one made. */
  readonly adopt: boolean;
}

const ANY_MARK = /\[cdk-hpc-clusters \S+\]\s*$/i;

/** Whether a description has a mark at its end. */
export function isMarked(description: string, mark: string): boolean {
  return description.trimEnd().toLowerCase().endsWith(mark.toLowerCase());
}

/** Users, or associations, in one request. */
const AT_ONCE = 100;

/** What makes an account what is wanted. */
export function accountPlan(found: FoundAccount, wanted: AccountWish, ownership: Ownership): Plan {
  const { row, association } = found;
  const { name } = wanted;
  const refused = row && notOurs('account', row.name, row.description, ownership)
    || (isSameName(name, wanted.parent) ? `the account "${name}" can't be its own parent` : undefined)
    || (found.parent ? undefined : `the parent "${wanted.parent}" of the account "${name}" doesn't exist in the cluster "${found.cluster}": make it `
      + 'first, or name another')
    || unknownQos(`the account "${name}"`, [...wanted.qos ?? [], ...wanted.defaultQos === undefined ? [] : [wanted.defaultQos]], found.qosNames);
  if (refused !== undefined) { return { refused }; }
  const description = marked(wanted.description ?? name, ownership.mark);
  const steps: Step[] = [];
  if (!association) { steps.push(newAccount(found, wanted, description)); }
  /* What was made a moment ago is as a request without limits makes it: further steps go on from there. */
  const made: Association = association ?? {
    ...newAssociation(name, found.cluster), parent: wanted.parent, shares: wanted.shares, qos: wanted.qos ?? [], defaultQos: wanted.defaultQos ?? '',
  };
  const { organization } = wanted;
  const was: AccountRow | undefined = row ?? (association ? undefined : { name, description, organization, coordinators: [], flags: [] });
  steps.push(...rowSteps(was, wanted, description), ...associationSteps(made, found, wanted), ...userSteps(found, wanted));
  return { steps };
}

/** An association as Slurm makes it. */
function newAssociation(account: string, cluster: string, user = ''): Association {
  return { account, user, cluster, parent: '', shares: 1, qos: [], defaultQos: '', isDefault: false, limits: {} };
}

function newAccount({ cluster }: FoundAccount, wanted: AccountWish, description: string): Step {
  const association = {
    parent: wanted.parent,
    fairshare: wanted.shares,
    ...wanted.qos && wanted.qos.length > 0 && { qoslevel: wanted.qos },
    ...wanted.defaultQos !== undefined && { defaultqos: wanted.defaultQos },
  };
  return {
    reason: `make the account ${wanted.name} below ${wanted.parent}`,
    readAfter: true,
    request: {
      method: 'POST',
      path: '/accounts_association/',
      body: {
        association_condition: { accounts: [wanted.name], clusters: [cluster], association },
        account: { description, organization: wanted.organization },
      },
    },
  };
}

/** The row of the account, which clusters share. Its coordinators are named, since Slurm takes away those that aren't. */
function rowSteps(row: AccountRow | undefined, { name, organization }: AccountWish, description: string): Step[] {
  if (row?.description === description && row.organization === organization) { return []; }
  return [{
    /* Descriptions are nobody else's to read in a log. */
    reason: `account ${name}: ${[row?.description === description ? '' : 'description', row?.organization === organization ? '' : 'organization'].filter(Boolean).join(', ')}`,
    request: {
      method: 'POST',
      path: '/accounts/',
      body: {
        accounts: [{
          name: row?.name ?? name,
          description,
          organization,
          flags: row?.flags ?? [],
          coordinators: (row?.coordinators ?? []).map(coordinator => ({ name: coordinator, direct: true })),
        }],
      },
    },
  }];
}

function associationSteps(association: Association, { cluster, parent }: FoundAccount, wanted: AccountWish): Step[] {
  /* An empty list of QOS is no change to Slurm: an account whose list is no longer wanted gets that of its parent. */
  const qos = wanted.qos ?? (association.qos.length === 0 ? [] : parent!.qos);
  const defaultQos = wanted.defaultQos ?? '';
  const changes = [
    ...isSameName(association.parent, wanted.parent) ? [] : [`parent ${association.parent || 'none'} -> ${wanted.parent}`],
    ...shareChanges(wanted.shares, association.shares),
    ...isSameSet(association.qos, qos) ? [] : [`QOS ${shown(association.qos)} -> ${shown(qos)}`],
    ...isSameName(association.defaultQos, defaultQos) ? [] : [`default QOS ${association.defaultQos || 'none'} -> ${defaultQos || 'none'}`],
    ...limitChanges(wanted.limits, association.limits),
  ];
  if (changes.length === 0) { return []; }
  return [{
    reason: `account ${association.account}: ${changes.join('; ')}`,
    request: associationsRequest([{
      account: association.account,
      cluster,
      user: '',
      parent_account: wanted.parent,
      shares_raw: wanted.shares,
      qos,
      default: { qos: defaultQos },
      ...writeLimits(wanted.limits, association.limits, ASSOCIATION_PATHS, ACCOUNT_LIMITS),
    }]),
  }];
}

function userSteps(found: FoundAccount, { name, users, defaultFor, eachUser }: AccountWish): Step[] {
  if (users === undefined) { return []; }
  const { cluster } = found;
  const missing = users.filter(user => !found.users.some(other => isSameName(other.user, user)));
  const leaving = found.users.filter(({ user }) => !users.some(wanted => isSameName(wanted, user)));
  const staying = users.flatMap(user => {
    const there = found.users.find(other => isSameName(other.user, user));
    return there ?? newAssociation(name, cluster, user);
  });
  return [
    ...chunks(missing).map((some): Step => ({
      reason: `account ${name}: add ${some.join(', ')}`,
      readAfter: true,
      request: {
        method: 'POST',
        path: '/users_association/',
        body: { association_condition: { accounts: [name], clusters: [cluster], users: some, association: {} }, user: {} },
      },
    })),
    ...eachUser ? chunks(staying.flatMap(user => {
      const changes = [...shareChanges(eachUser.shares, user.shares), ...limitChanges(eachUser.limits, user.limits)];
      return changes.length === 0 ? [] : [{ user, changes }];
    })).map((some): Step => ({
      reason: `account ${name}: ${some.map(({ user, changes }) => `user ${user.user}: ${changes.join('; ')}`).join(', ')}`,
      request: associationsRequest(some.map(({ user }) => ({
        account: name,
        cluster,
        user: user.user,
        shares_raw: eachUser.shares,
        qos: [],
        ...writeLimits(eachUser.limits, user.limits, ASSOCIATION_PATHS, ACCOUNT_LIMITS),
      }))),
    })) : [],
    ...staying.filter(({ user, isDefault }) => !isDefault && defaultFor.some(wanted => isSameName(wanted, user)))
      .map(({ user }) => newDefault(user, name)),
    ...leaving.flatMap(({ user, account, isDefault }): Step[] => {
      const [other] = found.otherAccounts[user.toLowerCase()] ?? [];
      return [
        ...isDefault && other !== undefined ? [newDefault(user, other)] : [],
        {
          reason: `account ${name}: take ${user} out`,
          request: { method: 'DELETE', path: '/association/', query: { account, cluster, user } },
        },
      ];
    }),
  ];
}

function newDefault(user: string, account: string): Step {
  return {
    reason: `user ${user}: default account -> ${account}`,
    request: { method: 'POST', path: '/users/', body: { users: [{ name: user, default: { account } }] } },
  };
}

/** Associations that are there. One that isn't would be made without a parent. */
function associationsRequest(associations: object[]): SlurmRequest {
  return { method: 'POST', path: '/associations/', body: { associations } };
}

/** What makes a QOS what is wanted. */
export function qosPlan({ qos, qosNames }: FoundQos, asked: QosWish, ownership: Ownership): Plan {
  /* An empty list is no change to Slurm. A refusal would keep the rollback of a deployment from its end. */
  const kept = qos && asked.preempt.length === 0 ? qos.preempt : [];
  const wanted: QosWish = kept.length > 0 ? { ...asked, preempt: kept } : asked;
  const notices = kept.length === 0 ? [] : [`QOS ${wanted.name}: preempts ${shown(kept)} as before, since Slurm's REST API can't take the last one away: `
    + `on a login node, run \`sacctmgr modify qos ${wanted.name} set preempt=\``];
  const refused = qos && notOurs('QOS', qos.name, qos.description, ownership)
    || unknownQos(`the QOS "${wanted.name}"`, wanted.preempt, qosNames);
  if (refused !== undefined) { return { refused }; }
  const description = marked(wanted.description ?? wanted.name, ownership.mark);
  /* Flags that Slurm sets itself, or that this library doesn't know, stay. */
  const flags = [...wanted.flags, ...(qos?.flags ?? []).filter(flag => !KNOWN_FLAGS.has(flag))].sort();
  const changes = qos ? qosChanges(qos, wanted, description, flags) : [];
  if (qos && changes.length === 0) { return { steps: [], notices }; }
  const name = qos?.name ?? wanted.name;
  const { limits, ...rest } = writeLimits(wanted.limits, qos?.limits ?? {}, QOS_PATHS, QOS_LIMITS) as { readonly limits: object };
  return {
    steps: [{
      reason: qos ? `QOS ${name}: ${changes.join('; ')}` : `make the QOS ${name}${limitChanges(wanted.limits, {}).map(change => `; ${change}`).join('')}`,
      request: {
        method: 'POST',
        path: '/qos/',
        body: {
          qos: [{
            name,
            description,
            priority: setTo(wanted.priority),
            flags,
            preempt: { ...wanted.preempt.length > 0 && { list: wanted.preempt }, mode: wanted.preemptMode },
            usage_factor: setTo(wanted.usageFactor),
            limits: { ...limits, grace_time: wanted.graceTime },
            ...rest,
          }],
        },
      },
    }],
    notices,
  };
}

const KNOWN_FLAGS = new Set(Object.values(QOS_FLAGS));

function qosChanges(qos: Qos, wanted: QosWish, description: string, flags: readonly string[]): string[] {
  const numbers = [['priority', qos.priority, wanted.priority], ['grace time', qos.graceTime, wanted.graceTime], ['usage factor', qos.usageFactor, wanted.usageFactor]] as const;
  return [
    ...qos.description === description ? [] : ['description'],
    ...numbers.filter(([, before, after]) => before !== after).map(([what, before, after]) => `${what} ${before} -> ${after}`),
    ...isSameSet(qos.flags, flags) ? [] : [`flags ${shown(qos.flags)} -> ${shown(flags)}`],
    ...isSameSet(qos.preempt, wanted.preempt) ? [] : [`preempts ${shown(qos.preempt)} -> ${shown(wanted.preempt)}`],
    ...isSameSet(qos.preemptMode, wanted.preemptMode) ? [] : [`preempt mode ${shown(qos.preemptMode)} -> ${shown(wanted.preemptMode)}`],
    ...limitChanges(wanted.limits, qos.limits),
  ];
}

/** What deletes an account or a QOS, or why it stays. What isn't there, or is another's, is left as it is without a word of complaint. */
export function deletionPlan(
  kind: AccountingKind, name: string, found: FoundForDeletion, mark: string, onDelete: AccountingDeletion,
): DeletionPlan {
  const called = `${kind === 'Account' ? 'account' : 'QOS'} ${name}`;
  if (found.description === undefined) { return { steps: [] }; }
  if (!isMarked(found.description, mark)) { return { retained: `${called} is another's, and stays` }; }
  if (onDelete === 'RETAIN' || isSameName(name, SLURMS_OWN[kind])) { return { retained: `${called} is retained` }; }
  const { dependents, otherClusters, used } = found;
  if (onDelete === 'RETAIN_USED' && used) { return { retained: `${called} is retained: jobs have used it` }; }
  if (dependents.length > 0) {
    const named = `${dependents.slice(0, 20).join(', ')}${dependents.length > 20 ? ' and others' : ''}`;
    const why = kind === 'Account' ? `the accounts ${named} are below it` : `${named} ${dependents.length === 1 ? 'has' : 'have'} it`;
    return onDelete === 'RETAIN_USED' ? { retained: `${called} is retained: ${why}` } : { refused: `the ${called} can't be deleted: ${why}` };
  }
  if (otherClusters.length > 0) {
    return { refused: `the ${called} can't be deleted: other clusters have it in the same database: ${otherClusters.join(', ')}` };
  }
  return {
    steps: [
      ...Object.entries(found.defaults).map(([user, [other]]) => newDefault(user, other)),
      { reason: `delete the ${called}`, request: { method: 'DELETE', path: `/${kind === 'Account' ? 'account' : 'qos'}/${encodeURIComponent(name)}` } },
    ],
  };
}

function notOurs(what: string, name: string, description: string, { mark, adopt }: Ownership): string | undefined {
  if (adopt || isMarked(description, mark)) { return undefined; }
  const whose = ANY_MARK.test(description) ? 'another resource of CloudFormation made it' : 'it wasn\'t made by this resource';
  return `the ${what} "${name}" is there already, and ${whose}: choose another name, or let this resource adopt it`;
}

function marked(description: string, mark: string): string {
  return `${description.replace(ANY_MARK, '').trim()} ${mark}`.trim();
}

function unknownQos(whose: string, names: readonly string[], known: readonly string[]): string | undefined {
  const unknown = [...new Set(names.filter(name => !known.some(other => isSameName(other, name))))];
  return unknown.length === 0 ? undefined : `${whose} names QOS that don't exist: ${unknown.join(', ')}; make them first`;
}

function shareChanges(wanted: number, found: number): string[] {
  const word = (shares: number) => (shares === PARENTS_SHARE ? 'parent' : String(shares));
  return wanted === found ? [] : [`fair share ${word(found)} -> ${word(wanted)}`];
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(each => b.some(other => isSameName(each, other)));
}

function shown(names: readonly string[]): string {
  return names.length === 0 ? 'none' : [...names].sort().join(',');
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) => all.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
}
