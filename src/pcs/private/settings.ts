import { Fn, Token, Tokenization, type Duration, type Size } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { checkCombinations, checkValue } from './slurm-checks';
import { SETTINGS, givenIn, type SettingKind } from './slurm-values';
import { isConcrete, warn, type Problems } from '../../private/problems';
import type {
  CgroupSettings, ClusterSlurmSettings, GenericResource, GresRecord, NodeSlurmSettings, QueueSlurmSettings, SlurmdbdSettings,
} from '../vocabulary/slurm-settings';
import { SlurmVersion } from '../vocabulary/slurm-version';

/** A Slurm setting in the form of CloudFormation. */
export interface SlurmSetting {
  readonly parameterName: string;
  readonly parameterValue: string;
}

/** The property that each kind of settings is given by. */
const PROPERTIES: Record<SettingKind, string> = {
  cluster: 'slurmSettings',
  nodeGroup: 'slurmSettings',
  queue: 'slurmSettings',
  slurmdbd: 'slurmdbdSettings',
  cgroup: 'cgroupSettings',
};

/** Typed settings under their names in Slurm's files, with undefined for those that aren't set. */
export type Named = Record<string, string | undefined>;

/** Settings of one kind, as they were given. */
export interface Settings {
  readonly kind: SettingKind;
  /** Those that typed properties make. */
  readonly typed: Named;
  /** Those that are given by their names. */
  readonly custom: Record<string, string>;
}

/** A setting, or certain values of it, that came with a later version than the oldest one that clusters have. */
interface Gate {
  readonly since: SlurmVersion;
  /** The values that it is about. All of them where it is left out. */
  readonly values?: RegExp;
}

const GATES: Record<SettingKind, Readonly<Record<string, Gate>>> = {
  cluster: {
    CliFilterParameters: { since: SlurmVersion.V25_05 },
    CliFilterPlugins: { since: SlurmVersion.V25_05 },
    CommunicationParameters: { since: SlurmVersion.V25_11, values: /\benable_http\b/ },
    MetricsType: { since: SlurmVersion.V25_11 },
    SelectTypeParameters: { since: SlurmVersion.V25_11, values: /\bCR_Socket/i },
  },
  nodeGroup: { Parameters: { since: SlurmVersion.V25_11 }, Sockets: { since: SlurmVersion.V25_11 } },
  queue: {},
  slurmdbd: {},
  cgroup: {},
};

/** Whether a version doesn't have a setting, or this value of it, yet. */
export function isGated(kind: SettingKind, name: string, value: string, version: string): boolean {
  const gate = Object.hasOwn(GATES[kind], name) ? GATES[kind][name] : undefined;
  return gate !== undefined && version < gate.since.value && (gate.values === undefined || gate.values.test(value));
}

/**
 * The settings of a cluster.
 *
 * @param implied What other properties of the cluster ask for.
 */
export function clusterSettings(settings: ClusterSlurmSettings = {}, implied: Named = {}): Settings {
  const typed = {
    AccountingStorageTRES: list(settings.accountingStorageTres),
    DefMemPerCPU: mebibytes(settings.defMemPerCpu),
    Epilog: settings.epilog,
    JobRequeue: settings.jobRequeue === undefined ? undefined : settings.jobRequeue ? '1' : '0',
    PreemptMode: list(settings.preemptMode),
    Prolog: settings.prolog,
    PrologFlags: list(settings.prologFlags),
    SchedulerParameters: list(settings.schedulerParameters),
    SelectTypeParameters: list(settings.selectTypeParameters),
    UnkillableStepTimeout: text(settings.unkillableStepTimeout?.toSeconds()),
    ...implied,
  };
  return { kind: 'cluster', typed, custom: settings.custom ?? {} };
}

/** The settings of the accounting database. */
export function slurmdbdSettings(settings: SlurmdbdSettings = {}): Settings {
  return { kind: 'slurmdbd', typed: { PrivateData: list(settings.privateData) }, custom: settings.custom ?? {} };
}

/** The settings of control groups. */
export function cgroupSettings(settings: CgroupSettings = {}): Settings {
  const typed = {
    ConstrainCores: yesNo(settings.constrainCores)?.toLowerCase(),
    ConstrainDevices: yesNo(settings.constrainDevices)?.toLowerCase(),
    ConstrainRAMSpace: yesNo(settings.constrainRamSpace)?.toLowerCase(),
    ConstrainSwapSpace: yesNo(settings.constrainSwapSpace)?.toLowerCase(),
  };
  return { kind: 'cgroup', typed, custom: settings.custom ?? {} };
}

/** The settings of a node group. */
export function nodeGroupSettings(settings: NodeSlurmSettings = {}): Settings {
  const typed = {
    CpuSpecList: list(settings.cpuSpecList?.map(cpu => Tokenization.stringifyNumber(cpu))),
    Features: list(settings.features),
    Gres: list(settings.gres?.map(gresEntry)),
    MemSpecLimit: mebibytes(settings.memSpecLimit),
    Parameters: list(settings.parameters),
    RealMemory: mebibytes(settings.realMemory),
    Sockets: text(settings.sockets),
    Weight: text(settings.weight),
  };
  return { kind: 'nodeGroup', typed, custom: settings.custom ?? {} };
}

/** The settings of a queue. */
export function queueSettings(isDefault: boolean | undefined, settings: QueueSlurmSettings = {}): Settings {
  const typed = {
    AllowAccounts: list(settings.allowAccounts),
    AllowQos: list(settings.allowQos),
    Default: yesNo(isDefault),
    DefaultTime: minutes(settings.defaultTime),
    DenyAccounts: list(settings.denyAccounts),
    DenyQos: list(settings.denyQos),
    ExclusiveUser: yesNo(settings.exclusiveUser),
    GraceTime: text(settings.graceTime?.toSeconds()),
    MaxTime: minutes(settings.maxTime),
    OverSubscribe: settings.overSubscribe,
    OverTimeLimit: minutes(settings.overTimeLimit),
    PowerDownOnIdle: yesNo(settings.powerDownOnIdle),
    PreemptMode: settings.preemptMode,
    PriorityJobFactor: text(settings.priorityJobFactor),
    PriorityTier: text(settings.priorityTier),
    QOS: settings.qos,
    TRESBillingWeights: list(givenIn(settings.tresBillingWeights).map(([name, weight]) => `${name}=${Tokenization.stringifyNumber(weight)}`)),
  };
  return { kind: 'queue', typed, custom: settings.custom ?? {} };
}

/** All settings of one kind under their names. */
export function allSettings({ typed, custom }: Settings): Named {
  return { ...typed, ...custom };
}

/** The settings as CloudFormation takes them. The service refuses an empty list, so there is none. */
export function renderSettings(settings: Settings): SlurmSetting[] | undefined {
  const rendered = Object.entries(allSettings(settings)).flatMap(([parameterName, parameterValue]) =>
    parameterValue === undefined ? [] : [{ parameterName, parameterValue }]);
  return rendered.length === 0 ? undefined : rendered;
}

/**
 * Checks settings: names that the service may not take, settings that are given twice, values that Slurm doesn't take, and the version.
 *
 * @param ofCluster The settings of the cluster, where they are known; for the cluster itself, what the service sets.
 */
export function checkSettings(scope: IConstruct, problems: Problems, settings: Settings, version?: SlurmVersion, ofCluster?: Named): void {
  const { kind, typed, custom } = settings;
  for (const name of Object.keys(custom)) {
    const property = `${PROPERTIES[kind]}.custom.${name}`;
    if (Object.hasOwn(typed, name) && typed[name] !== undefined) {
      problems.add(RULES.slurmSettingTwice, { property });
    }
    if (isConcrete(name) && !Object.hasOwn(SETTINGS[kind], name)) {
      warn(scope, RULES.slurmSettingUnknown, { property });
    }
  }
  const given = allSettings(settings);
  if (Object.values(given).every(value => value === undefined)) { return; } // most clusters and groups: the facts about Slurm aren't loaded
  for (const [name, value] of Object.entries(given)) {
    const property = Object.hasOwn(custom, name) ? `${PROPERTIES[kind]}.custom.${name}` : `${PROPERTIES[kind]} (${name})`;
    checkValue(scope, problems, { kind, name, property, value, version });
  }
  checkCombinations(scope, kind, PROPERTIES[kind], { ...kind === 'cluster' && ofCluster, ...given }, version, ofCluster);
  for (const [name, { since, values }] of Object.entries(GATES[kind])) {
    const value = given[name];
    const gated = value !== undefined && (values === undefined || (isConcrete(value) && values.test(value)));
    if (gated && version?._isOlderThan(since)) {
      problems.add(RULES.slurmSettingNeedsNewerSlurm, {
        property: `${PROPERTIES[kind]} (${name})`, got: { schedulerVersion: version.value, needed: since.value },
      });
    }
  }
}

/** The lines of gres.conf as CloudFormation takes them. */
export function renderGresRecords(records: readonly GresRecord[] | undefined): Named[] | undefined {
  if (records === undefined || records.length === 0) { return undefined; }
  return records.map(record => ({
    AutoDetect: record.autoDetect,
    Name: record.name,
    Type: record.type,
    Count: text(record.count),
    File: record.file,
    MultipleFiles: record.multipleFiles,
    Cores: record.cores,
    Links: record.links,
    Flags: list(record.flags),
  }));
}

/** Checks the lines of gres.conf by themselves and against the resources that nodes are said to have. */
export function checkGres(
  problems: Problems,
  scope: IConstruct,
  records: readonly GresRecord[] | undefined,
  gres: readonly GenericResource[] = [],
  version?: SlurmVersion,
): void {
  if (records === undefined || records.length === 0) { return; }
  const detects = records.some(detectsDevices);
  records.forEach((record, index) => {
    const property = `gresRecords[${index}]`;
    if (record.name === undefined && !detectsDevices(record)) {
      problems.add(RULES.gresRecordUnnamed, { property });
    }
    if (record.name === 'gpu' && record.file === undefined && record.multipleFiles === undefined && !detects) {
      problems.add(RULES.gresGpuWithoutFile, { property });
    }
    if (record.autoDetect !== undefined && version?._isOlderThan(SlurmVersion.V25_11)) {
      problems.add(RULES.gresAutoDetectNeedsNewerSlurm, { property: `${property}.autoDetect`, got: version.value });
    }
  });
  if (records.filter(record => record.name === 'gpu').length > 1) {
    warn(scope, RULES.gresSecondGpu, { property: 'gresRecords' });
  }
  if (detects) { return; }
  gres.forEach((resource, index) => {
    if (!records.some(record => backs(record, resource))) {
      problems.add(RULES.gresUnbacked, { property: `slurmSettings.gres[${index}]`, got: gresEntry(resource) });
    }
  });
}

/** Resources that are shares of a GPU, whose counts the service doesn't compare. */
const SHARES: ReadonlySet<string> = new Set(['mps', 'shard']);

/** Whether a line of gres.conf provides a resource, as far as both are known. */
function backs(record: GresRecord, resource: GenericResource): boolean {
  const agree = (a: unknown, b: unknown) => a === b || Token.isUnresolved(a) || Token.isUnresolved(b);
  const enough = SHARES.has(resource.name)
    || !isConcrete(record.count) || !isConcrete(resource.count) || resource.count <= record.count;
  return agree(record.name, resource.name) && agree(record.type, resource.type) && enough;
}

function detectsDevices(record: GresRecord): boolean {
  return record.autoDetect !== undefined && record.autoDetect !== 'off';
}

function gresEntry(resource: GenericResource): string {
  return [resource.name, resource.type, text(resource.count ?? 1)].filter(part => part !== undefined).join(':');
}

function list(items: readonly string[] | undefined): string | undefined {
  if (items === undefined || items.length === 0) { return undefined; }
  return Token.isUnresolved(items) ? Fn.join(',', [...items]) : items.join(',');
}

function yesNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'YES' : 'NO';
}

/** A number as text, which stays a token where it is one. */
function text(number: number | undefined): string | undefined {
  return number === undefined ? undefined : Tokenization.stringifyNumber(number);
}

function minutes(duration: Duration | undefined): string | undefined {
  return text(duration?.toMinutes());
}

function mebibytes(size: Size | undefined): string | undefined {
  return text(size?.toMebibytes());
}
