import { ASSOCIATION_PATHS, QOS_PATHS, readLimits, type Limits } from './limits';
import { isSameName, type AccountWish, type QosWish } from './properties';
import { ACCOUNT_LIMITS, QOS_LIMITS } from '../../../src/private/contracts/pcs-accounting';
import { SlurmError, asObject, listOf, member, type SlurmAnswer, type SlurmRequest } from '../../clients/slurm-rest';
import { plain, plainList } from '../../shared/plain';

/*
 * The accounting database, as far as one account or one QOS is concerned. Nothing here writes.
 */

/** An account in a cluster, or a user in an account. */
export interface Association {
  readonly account: string;
  /** Empty for the account itself. */
  readonly user: string;
  readonly cluster: string;
  readonly parent: string;
  readonly shares: number;
  /** The list of its own, empty where it has its parent's. */
  readonly qos: readonly string[];
  readonly defaultQos: string;
  readonly isDefault: boolean;
  readonly limits: Limits;
}

/** A row of accounts. */
export interface AccountRow {
  readonly name: string;
  readonly description: string;
  readonly organization: string;
  /** Users who may add users. A request that doesn't name them takes them away. */
  readonly coordinators: readonly string[];
  readonly flags: readonly string[];
}

/** A QOS. */
export interface Qos {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly flags: readonly string[];
  readonly preempt: readonly string[];
  readonly preemptMode: readonly string[];
  readonly graceTime: number;
  readonly usageFactor: number;
  readonly limits: Limits;
}

/** What there is of an account. */
export interface FoundAccount {
  readonly kind: 'Account';
  readonly cluster: string;
  readonly row?: AccountRow;
  readonly association?: Association;
  readonly users: readonly Association[];
  /** The names of all QOS. */
  readonly qosNames: readonly string[];
  /** The parent, with what it has from its own parents; undefined where it doesn't exist. */
  readonly parent?: Association;
  /** Other accounts of users who are to leave this one, by their names in lower case. */
  readonly otherAccounts: Readonly<Record<string, readonly string[]>>;
}

/** What there is of a QOS. */
export interface FoundQos {
  readonly kind: 'Qos';
  readonly qos?: Qos;
  readonly qosNames: readonly string[];
}

/** What there is of what is to be deleted. */
export interface FoundForDeletion {
  /** Undefined where there is none. */
  readonly description?: string;
  /** An account: those below it. A QOS: the accounts and QOS that name it. */
  readonly dependents: readonly string[];
  /** Other clusters that share the database and have it, too. */
  readonly otherClusters: readonly string[];
  /** Whether a job has ever been one of this account. */
  readonly used: boolean;
  /** Users whose default account it is, and who have another one. */
  readonly defaults: Readonly<Record<string, readonly string[]>>;
}

/** Questions to one cluster. */
export interface Database {
  account(wanted: AccountWish): Promise<FoundAccount>;
  qos(wanted: QosWish): Promise<FoundQos>;
  accountForDeletion(name: string): Promise<FoundForDeletion>;
  qosForDeletion(name: string): Promise<FoundForDeletion>;
}

/** Asks one question. */
export type Ask = (request: SlurmRequest) => Promise<SlurmAnswer>;

/** What an association has of its own, without what it has from its parents. */
const OF_ITS_OWN = { 'Exclude limits from parents': 'true' };
/** The hours of usage of an account of some months. One with more has been used, too. */
const MOST_USAGE_BYTES = 4 * 1024 * 1024;
/** For so many users, Slurm is asked one by one; for more, for all of the cluster. */
const FEW_USERS = 20;
/** Slurm adds up usage every hour: for those since, jobs are asked for. */
const RECENT_SECONDS = 3 * 3600;

export function databaseOf(ask: Ask, cluster: string, now: () => Date): Database {
  const associations = async (query: Readonly<Record<string, string>>) => {
    return listOf((await ask({ method: 'GET', path: '/associations/', query })).associations).map(asObject).map(association);
  };
  const accountRow = async (name: string) => {
    const answer = await ask({ method: 'GET', path: `/account/${encodeURIComponent(Buffer.from(name).toString())}`, query: { with_coords: 'true' } });
    const found = listOf(answer.accounts).map(asObject).find(row => isSameName(plain(row.name), name));
    return found && rowOf(found);
  };
  const allQos = async () => listOf((await ask({ method: 'GET', path: '/qos/' })).qos).map(asObject).map(qosOf);
  /** The other accounts of users, by the users' names in lower case. */
  const accountsByUser = async (users: readonly Association[], name: string) => {
    const all: Association[] = [];
    if (users.length > FEW_USERS) {
      all.push(...await associations({ cluster, ...OF_ITS_OWN }));
    } else {
      for (const { user } of users) { all.push(...await associations({ user, cluster, ...OF_ITS_OWN })); }
    }
    const found = new Map(users.map(({ user }) => [user.toLowerCase(), new Set<string>()]));
    for (const { user, account } of all) {
      if (!isSameName(account, name)) { found.get(user.toLowerCase())?.add(account); }
    }
    return Object.fromEntries([...found].map(([user, accounts]) => [user, [...accounts].sort()]));
  };

  return {
    account: async ({ name, parent, users }) => {
      const row = await accountRow(name);
      const own = (await associations({ account: name, cluster, ...OF_ITS_OWN })).filter(each => isSameName(each.account, name));
      const ofUsers = own.filter(each => each.user !== '');
      const isLeaving = (user: string) => users?.some(wanted => isSameName(wanted, user)) === false;
      const leaving = ofUsers.filter(({ user, isDefault }) => isDefault && isLeaving(user));
      return {
        kind: 'Account',
        cluster,
        row,
        association: own.find(each => each.user === ''),
        users: ofUsers,
        qosNames: (await allQos()).map(qos => qos.name),
        parent: (await associations({ account: parent, cluster })).find(each => isSameName(each.account, parent) && each.user === ''),
        otherAccounts: await accountsByUser(leaving, name),
      };
    },
    qos: async ({ name }) => {
      const all = await allQos();
      return { kind: 'Qos', qos: all.find(qos => isSameName(qos.name, name)), qosNames: all.map(qos => qos.name) };
    },
    accountForDeletion: async name => {
      const row = await accountRow(name);
      if (!row) { return { dependents: [], otherClusters: [], used: false, defaults: {} }; }
      const everywhere = (await associations({ account: name, ...OF_ITS_OWN })).filter(each => isSameName(each.account, name));
      const here = everywhere.filter(each => each.cluster === cluster);
      const below = await associations({ parent_account: name, cluster, ...OF_ITS_OWN });
      const children = below.filter(each => each.user === '' && isSameName(each.parent, name));
      const defaults = await accountsByUser(here.filter(({ user, isDefault }) => user !== '' && isDefault), name);
      return {
        description: row.description,
        dependents: [...new Set(children.map(each => each.account))].sort(),
        otherClusters: [...new Set(everywhere.map(each => each.cluster))].filter(each => each !== cluster).sort(),
        used: here.length > 0 && await isUsed(ask, cluster, name, now()),
        defaults: Object.fromEntries(Object.entries(defaults).filter(([, others]) => others.length > 0)),
      };
    },
    qosForDeletion: async name => {
      const all = await allQos();
      const qos = all.find(each => isSameName(each.name, name));
      if (!qos) { return { dependents: [], otherClusters: [], used: false, defaults: {} }; }
      const isNamed = (list: readonly string[]) => list.some(each => isSameName(each, name));
      const having = (await associations({ qos: qos.id, ...OF_ITS_OWN })).filter(each => isNamed([...each.qos, each.defaultQos]));
      const preempting = all.filter(each => isNamed(each.preempt)).map(each => `QOS ${each.name}`);
      return {
        description: qos.description,
        dependents: [...new Set([...having.map(each => `account ${each.account}`), ...preempting])].sort(),
        otherClusters: [],
        used: false,
        defaults: {},
      };
    },
  };
}

/** Whether any job of an account is known: by usage that was added up, or by the jobs of the last hours. */
async function isUsed(ask: Ask, cluster: string, account: string, now: Date): Promise<boolean> {
  const end = Math.floor(now.getTime() / 1000);
  try {
    const usage = await ask({
      method: 'GET',
      path: '/associations/',
      query: { account, cluster, 'Include usage': 'true', 'usage_start': '1', 'usage_end': String(end) },
      maxBytes: MOST_USAGE_BYTES,
    });
    const parts = listOf(usage.associations).flatMap(each => listOf(asObject(each).accounting));
    if (parts.some(part => Number(member(part, 'allocated').seconds) > 0)) { return true; }
    const recent = await ask({
      method: 'GET',
      path: '/jobs/',
      query: { account, cluster, skip_steps: 'true', start_time: String(end - RECENT_SECONDS) },
      maxBytes: MOST_USAGE_BYTES,
    });
    return listOf(recent.jobs).length > 0;
  } catch (error) {
    if (error instanceof SlurmError && error.code === 'SlurmAnswerTooLarge') { return true; }
    throw error;
  }
}

function association(answer: SlurmAnswer): Association {
  return {
    account: plain(answer.account),
    user: plain(answer.user),
    cluster: plain(answer.cluster),
    parent: plain(answer.parent_account),
    shares: Number(plain(answer.shares_raw)),
    qos: plainList(answer.qos),
    defaultQos: plain(member(answer, 'default').qos),
    isDefault: answer.is_default === true,
    limits: readLimits(answer, ASSOCIATION_PATHS, ACCOUNT_LIMITS),
  };
}

function rowOf(answer: SlurmAnswer): AccountRow {
  return {
    name: plain(answer.name),
    description: plain(answer.description),
    organization: plain(answer.organization),
    coordinators: listOf(answer.coordinators).map(asObject).filter(({ direct }) => direct !== false).map(each => plain(each.name)),
    flags: plainList(answer.flags),
  };
}

function qosOf(answer: SlurmAnswer): Qos {
  const preempt = member(answer, 'preempt');
  const number = (key: string) => Number(plain(member(answer, key).number));
  return {
    id: plain(answer.id),
    name: plain(answer.name),
    description: plain(answer.description),
    priority: number('priority'),
    flags: plainList(answer.flags).sort(),
    preempt: plainList(preempt.list),
    preemptMode: plainList(preempt.mode).filter(mode => mode !== 'DISABLED').sort(),
    graceTime: Number(plain(member(answer, 'limits').grace_time)),
    usageFactor: number('usage_factor'),
    limits: readLimits(answer, QOS_PATHS, QOS_LIMITS),
  };
}
