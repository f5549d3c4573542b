import { parseLimits, type Limits } from './limits';
import {
  ACCOUNT_LIMITS, QOS_LIMITS, SLURMS_OWN, type AccountingDeletion, type AccountingKind, type AccountingMode, type ActiveJobs,
} from '../../../src/private/contracts/pcs-accounting';
import type { SlurmIdentity } from '../../clients/slurm-token';
import { flag, optionalInteger, optionalText, record, text, type Properties } from '../../shared/coerce';
import { HandlerError } from '../../shared/errors';

/** What a resource is, and how it is made. */
export interface Wanted {
  readonly clusterId: string;
  readonly slurmClusterName?: string;
  readonly endpoint?: string;
  readonly secret?: { readonly arn: string; readonly version?: string };
  readonly identity: SlurmIdentity;
  readonly mode: AccountingMode;
  readonly onDelete: AccountingDeletion;
  readonly activeJobs: ActiveJobs;
  readonly adopt: boolean;
  readonly thing: WantedThing;
}

/** An account or a QOS. */
export type WantedThing = ({ readonly kind: 'Account' } & AccountWish) | ({ readonly kind: 'Qos' } & QosWish);

/** An account, as it is wanted. */
export interface AccountWish {
  readonly name: string;
  readonly parent: string;
  readonly description?: string;
  readonly organization: string;
  readonly shares: number;
  readonly qos?: readonly string[];
  readonly defaultQos?: string;
  readonly limits: Limits;
  readonly users?: readonly string[];
  readonly defaultFor: readonly string[];
  readonly eachUser?: { readonly shares: number; readonly limits: Limits };
}

/** A QOS, as it is wanted. */
export interface QosWish {
  readonly name: string;
  readonly description?: string;
  readonly priority: number;
  /** In the words of the REST API. */
  readonly flags: readonly string[];
  readonly preempt: readonly string[];
  readonly preemptMode: readonly string[];
  readonly graceTime: number;
  readonly usageFactor: number;
  readonly limits: Limits;
}

/** What Slurm writes for a share that is the parent's. */
export const PARENTS_SHARE = 2_147_483_647;

/** Flags of QOS as sacctmgr writes them, and as the REST API does. */
export const QOS_FLAGS: Readonly<Record<string, string>> = {
  DenyOnLimit: 'DENY_LIMIT',
  EnforceUsageThreshold: 'ENFORCE_USAGE_THRESHOLD',
  NoDecay: 'NO_DECAY',
  NoReserve: 'NO_RESERVE',
  OverPartQOS: 'OVERRIDE_PARTITION_QOS',
  PartitionMaxNodes: 'PARTITION_MAXIMUM_NODE',
  PartitionMinNodes: 'PARTITION_MINIMUM_NODE',
  PartitionTimeLimit: 'PARTITION_TIME_LIMIT',
  Relative: 'RELATIVE',
  RequiresReservation: 'REQUIRED_RESERVATION',
  UsageFactorSafe: 'USAGE_FACTOR_SAFE',
};

const PREEMPT_MODES = ['cancel', 'gang', 'requeue', 'suspend'];
const ROOT: SlurmIdentity = { userName: 'root', uid: 0, gid: 0, gids: [] };
const ENDPOINT = /^http:\/\/(?:[\w.-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/;
/** Names end up in paths, in lists with commas, and in Slurm's own queries. */
const NAME = /^[^\s,/\\"'`=%\p{Cc}\p{Surrogate}]{1,200}$/u;
const DESCRIPTION = /^[^\p{Cc}]*$/u;

/** Reads the properties of a resource. */
export function wantedOf(properties: Properties): Wanted {
  const kind = oneOf<AccountingKind>(properties, 'Kind', ['Account', 'Qos']) ?? missing('Kind');
  const secret = optionalText(properties, 'JwtKeySecretArn');
  const endpoint = optionalText(properties, 'Endpoint');
  if (endpoint !== undefined && !ENDPOINT.test(endpoint)) { throw invalid('the property Endpoint must be written as http://10.0.1.2:6820'); }
  return {
    clusterId: text(properties, 'ClusterId'),
    slurmClusterName: optionalText(properties, 'SlurmClusterName'),
    endpoint,
    secret: secret === undefined ? undefined : { arn: secret, version: optionalText(properties, 'JwtKeySecretVersion') },
    identity: properties.Identity === undefined ? ROOT : identityOf(record(properties, 'Identity')),
    mode: oneOf<AccountingMode>(properties, 'Mode', ['APPLY', 'PREVIEW']) ?? 'APPLY',
    onDelete: oneOf<AccountingDeletion>(properties, 'OnDelete', ['RETAIN_USED', 'RETAIN', 'DELETE']) ?? 'RETAIN_USED',
    activeJobs: oneOf<ActiveJobs>(properties, 'ActiveJobs', ['REFUSE', 'WAIT']) ?? 'REFUSE',
    adopt: flag(properties, 'Adopt'),
    thing: kind === 'Account' ? { kind, ...accountOf(record(properties, 'Account')) } : { kind, ...qosOf(record(properties, 'Qos')) },
  };
}

/** What a resource is called, where its properties say so. A deletion asks this of properties that may be wrong. */
export function nameOf(properties: Properties): string | undefined {
  const kind = optionalText(properties, 'Kind');
  const thing = kind === 'Account' || kind === 'Qos' ? properties[kind] : undefined;
  return typeof thing === 'object' && thing !== null ? optionalText(thing as Properties, 'Name') : undefined;
}

function accountOf(account: Properties): AccountWish {
  const name = nameIn(account, 'Name') ?? missing('Account.Name');
  if (isSameName(name, SLURMS_OWN.Account)) { throw invalid(`the account "${SLURMS_OWN.Account}" is Slurm's own: give the account another name`); }
  const users = names(account, 'Users');
  const defaultFor = names(account, 'DefaultFor') ?? [];
  const strangers = defaultFor.filter(user => users !== undefined && !users.some(other => isSameName(other, user)));
  if (strangers.length > 0) { throw invalid(`the property DefaultFor names users that Users doesn't: ${strangers.join(', ')}`); }
  const eachUser = account.EachUser === undefined ? undefined : record(account, 'EachUser');
  return {
    name,
    parent: nameIn(account, 'Parent') ?? SLURMS_OWN.Account,
    description: description(account, 'Description'),
    organization: description(account, 'Organization') ?? name,
    shares: shares(account),
    qos: names(account, 'Qos'),
    defaultQos: nameIn(account, 'DefaultQos'),
    limits: limitsIn(account, ACCOUNT_LIMITS),
    users,
    defaultFor,
    eachUser: eachUser && { shares: shares(eachUser), limits: limitsIn(eachUser, ACCOUNT_LIMITS) },
  };
}

function qosOf(qos: Properties): QosWish {
  const flags = list(qos, 'Flags') ?? [];
  const unknown = flags.filter(each => !Object.hasOwn(QOS_FLAGS, each));
  if (unknown.length > 0) { throw invalid(`unknown flag of a QOS: ${unknown.join(', ')}; known are ${Object.keys(QOS_FLAGS).join(', ')}`); }
  const modes = (list(qos, 'PreemptMode') ?? []).map(mode => mode.toLowerCase());
  const strange = modes.filter(mode => !PREEMPT_MODES.includes(mode));
  if (strange.length > 0) { throw invalid(`unknown PreemptMode of a QOS: ${strange.join(', ')}; known are ${PREEMPT_MODES.join(', ')}`); }
  const factor = optionalText(qos, 'UsageFactor') ?? '1';
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(factor)) { throw invalid('the property UsageFactor must be a number from 0'); }
  return {
    name: nameIn(qos, 'Name') ?? missing('Qos.Name'),
    description: description(qos, 'Description'),
    priority: optionalInteger(qos, 'Priority') ?? 0,
    flags: flags.map(each => QOS_FLAGS[each]).sort(),
    preempt: names(qos, 'Preempt') ?? [],
    preemptMode: modes.map(mode => mode.toUpperCase()).sort(),
    graceTime: optionalInteger(qos, 'GraceTime') ?? 0,
    usageFactor: Number(factor),
    limits: limitsIn(qos, QOS_LIMITS),
  };
}

function identityOf(identity: Properties): SlurmIdentity {
  const id = (key: string) => optionalInteger(identity, key) ?? missing(`Identity.${key}`);
  const groups = list(identity, 'Gids') ?? [];
  const gids = groups.map((_, index) => optionalInteger(groups as unknown as Properties, String(index))!);
  return { userName: nameIn(identity, 'UserName') ?? missing('Identity.UserName'), uid: id('Uid'), gid: id('Gid'), gids };
}

function shares(of: Properties): number {
  const given = optionalText(of, 'FairShare') ?? '1';
  if (given === 'parent') { return PARENTS_SHARE; }
  if (!/^\d{1,9}$/.test(given)) { throw invalid('the property FairShare must be a whole number from 0, or parent'); }
  return Number(given);
}

function limitsIn(of: Properties, forms: Parameters<typeof parseLimits>[1]): Limits {
  return of.Limits === undefined ? {} : parseLimits(record(of, 'Limits'), forms, 'Limits');
}

function description(of: Properties, key: string): string | undefined {
  const given = optionalText(of, key);
  if (given !== undefined && !DESCRIPTION.test(given)) { throw invalid(`the property ${key} must be a line of text`); }
  return given;
}

function nameIn(of: Properties, key: string): string | undefined {
  const given = optionalText(of, key);
  return given === undefined ? undefined : checkedName(given, key);
}

function names(of: Properties, key: string): string[] | undefined {
  const given = list(of, key)?.map(name => checkedName(name, key));
  return given?.filter((name, index) => given.findIndex(other => isSameName(other, name)) === index);
}

function list(of: Properties, key: string): string[] | undefined {
  const given = of[key];
  if (given === undefined || given === null) { return undefined; }
  if (!Array.isArray(given)) { throw invalid(`the property ${key} must be a list`); }
  return given.map((_, index) => text(given as unknown as Properties, String(index)));
}

function checkedName(name: string, key: string): string {
  if (!NAME.test(name)) { throw invalid(`the property ${key} has a name that Slurm can't keep, got: ${name.slice(0, 100)}; leave out spaces, commas, quotes, slashes and signs`); }
  return name;
}

function oneOf<T extends string>(properties: Properties, key: string, values: readonly T[]): T | undefined {
  const given = optionalText(properties, key);
  if (given !== undefined && !(values as readonly string[]).includes(given)) { throw invalid(`the property ${key} must be one of ${values.join(', ')}, got: ${given.slice(0, 100)}`); }
  return given as T | undefined;
}

function missing(what: string): never {
  throw invalid(`the property ${what} is missing`);
}

function invalid(message: string): HandlerError {
  return new HandlerError('InvalidProperties', message);
}

/** Slurm's database doesn't tell names apart that differ in case alone. */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
