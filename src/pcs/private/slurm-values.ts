/** The kinds of settings of Slurm, by what they are for. */
export type SettingKind = 'cluster' | 'nodeGroup' | 'queue' | 'slurmdbd' | 'cgroup';

/** The ways in which a value can be wrong. */
export type Flaw =
  | 'notANumber' | 'negative' | 'belowMinimum' | 'aboveMaximum' | 'notABoolean' | 'notATime' | 'oddTime' | 'notAPeriod' | 'unknownWord'
  | 'notARange' | 'backwards' | 'notACode' | 'unknownResource' | 'notAWeight' | 'notALicense' | 'notAList' | 'relativePath'
  | 'unknownPlugin';

/** A form that values have: how to tell a flaw, and the samples that a real Slurm is tried with. */
export interface Form {
  /** What the form takes, worded to follow "give". */
  readonly expects: string;
  /** Values that Slurm takes. */
  readonly right: readonly string[];
  /** Values that have a flaw. Slurm must treat all samples of a flaw alike. */
  readonly wrong: Partial<Record<Flaw, readonly string[]>>;
  /** The flaw of a value, if it has one. */
  flawOf(value: string): Flaw | undefined;
}

const ENDLESS = /^(unlimited|infinite)$/i;

/** Whole numbers, as Slurm reads them: decimal, hexadecimal, and with K where 32 bits or more are kept. */
function whole(bits: 16 | 32 | 64, { min = 0, below = 'negative' as Flaw } = {}): Form {
  const max = 2n ** BigInt(bits) - 1n;
  const suffix = bits === 16 ? '' : '[kK]?';
  const number = new RegExp(`^[+-]?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)${suffix}$`);
  const first = String(Math.max(min, 1));
  return {
    expects: `a whole number from ${min} to ${max}`,
    right: [first, bits === 16 ? '65535' : '100000', ...bits === 16 ? [] : ['2K']],
    wrong: {
      notANumber: ['abc', '1.5', '10m', '08', ...bits === 16 ? ['2K'] : []],
      negative: ['-1'],
      aboveMaximum: bits === 64 ? ['99999999999999999999'] : [String(max + 1n)],
      ...min > 0 && { [below]: [String(min - 1)] },
    },
    flawOf: value => {
      if (ENDLESS.test(value)) { return undefined; }
      if (!number.test(value)) { return 'notANumber'; }
      if (value.startsWith('-')) { return 'negative'; }
      const digits = value.replace(/^\+/, '').replace(/[kK]$/, '');
      const count = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits) * (/[kK]$/.test(value) ? 1024n : 1n);
      return count > max ? 'aboveMaximum' : count < BigInt(min) ? below : undefined;
    },
  };
}

const FRACTION: Form = {
  expects: 'a number, for example 98.5',
  right: ['98', '98.5'],
  wrong: { notANumber: ['abc', '98%'] },
  flawOf: value => ENDLESS.test(value) || /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(inf(inity)?|nan|0x[0-9a-f.p+-]+)$/i.test(value)
    ? undefined : 'notANumber',
};

const BOOLEAN: Form = {
  expects: 'YES or NO',
  right: ['YES', 'no', 'true', '0'],
  wrong: { notABoolean: ['maybe', 'on', '2'] },
  flawOf: value => /^(yes|up|true|1|no|down|false|0)$/i.test(value) ? undefined : 'notABoolean',
};

/** Times, as Slurm reads them. */
function time({ min = 0 } = {}): Form {
  return {
    expects: 'minutes, minutes:seconds, hours:minutes:seconds, or days-hours:minutes:seconds',
    right: ['10', '10:30', '1:00:00', '2-0', '1-12:30', '2-00:00:00', ...min > 0 ? [] : ['UNLIMITED']],
    wrong: { notATime: ['ten', '1h', '10m'], oddTime: ['1:2:3:4', '1-2-3'], ...min > 0 && { belowMinimum: ['0'] } },
    flawOf: value => {
      if (min > 0 && (ENDLESS.test(value) || /^(-1|0+)$/.test(value))) { return 'belowMinimum'; }
      if (ENDLESS.test(value) || value === '-1') { return undefined; }
      if (!/^[\d:-]*\d[\d:-]*$/.test(value)) { return 'notATime'; }
      return /^\d+(-|-\d+(:\d+){0,2}|(:\d+){0,2})$/.test(value) ? undefined : 'oddTime';
    },
  };
}

const PERIOD: Form = {
  expects: 'a number with hours, days or months, for example 12months',
  right: ['12months', '30days', '720hours', '12', '6mo'],
  wrong: { notAPeriod: ['abc', '12weeks', '1y', '-1days'] },
  flawOf: value => {
    const [, unit] = /^\d+(.*)$/.exec(value) ?? [];
    return unit !== undefined && ['months', 'hours', 'days'].some(word => word.startsWith(unit.toLowerCase())) ? undefined : 'notAPeriod';
  },
};

/** Words from a list, without regard to case. Versions of Slurm may know some of them only. */
export interface Words extends Form {
  readonly words: readonly string[];
}

interface WordOptions {
  /** Whether there may be several, with commas between them. */
  readonly several?: boolean;
  /** Other forms of a word. */
  readonly also?: RegExp;
  /** Further values to try. */
  readonly tried?: readonly string[];
  /** What a word is tried with, where it means nothing alone. */
  readonly only?: Readonly<Record<string, string>>;
}

/** One word, or several with commas between them. */
function words(list: readonly string[], options: WordOptions = {}): Words {
  const { several = false, also, tried = [], only = {} } = options;
  const known = new Set(list.map(word => word.toLowerCase()));
  const partsOf = (value: string) => several ? value.split(',').filter(part => part !== '') : [value];
  return {
    words: list,
    expects: `${several ? 'words' : 'one'} of ${list.join(', ')}`,
    right: [...list.map(word => only[word] ?? word), ...tried],
    wrong: { unknownWord: ['NoSuchWord', ...several ? [`${list[0]},NoSuchWord`] : []] },
    flawOf: value => partsOf(value).every(part => known.has(part.toLowerCase()) || also?.test(part)) ? undefined : 'unknownWord',
  };
}

/** Text of which Slurm judges nothing when it starts. */
const text = (...right: string[]): Form => ({ expects: 'text', right, wrong: {}, flawOf: () => undefined });

const PROGRAM: Form = {
  expects: 'an absolute path',
  right: ['/opt/program.sh'],
  wrong: { relativePath: ['program.sh'] },
  flawOf: value => value.startsWith('/') ? undefined : 'relativePath',
};

const PORT_RANGE: Form = {
  expects: 'a range of ports such as 60001-63000',
  right: ['60001-63000'],
  wrong: { notARange: ['60001', 'a-b', '60000-70000'], backwards: ['63000-60001'] },
  flawOf: value => {
    const [, from, to] = /^(\d+)-(\d+)$/.exec(value) ?? [];
    if (from === undefined || Number(from) > 65535 || Number(to) > 65535) { return 'notARange'; }
    return Number(to) <= Number(from) ? 'backwards' : undefined;
  },
};

const EXIT_CODES: Form = {
  expects: 'exit codes from 0 to 255 and ranges of them, for example 1-9,20',
  right: ['1', '1-9,20'],
  wrong: { notACode: ['abc', '300', '1-300'] },
  flawOf: value => value.split(',').every(part => /^\d+(-\d+)?$/.test(part) && part.split('-').every(code => Number(code) <= 255))
    ? undefined : 'notACode',
};

const LICENSES: Form = {
  expects: 'names with counts, for example fluent:30,ansys:100',
  right: ['fluent:30,ansys:100', 'matlab'],
  wrong: { notALicense: ['fluent:many'] },
  flawOf: value => value.split(',').some(part => /^[^:=@]*[:=][a-z]+$/i.test(part)) ? 'notALicense' : undefined,
};

/** Resources that Slurm tracks by themselves, and kinds of them that have names. */
export const RESOURCE = /^(cpu|mem|node|energy|billing|vmem|pages|(fs|gres|license|bb|ic)\/[^,=\s]+)$/i;

const RESOURCES: Form = {
  expects: 'resources such as cpu, mem, gres/gpu or license/fluent',
  right: ['gres/gpu', 'gres/gpu:h100', 'cpu,mem,node', 'license/fluent'],
  wrong: { unknownResource: ['nosuch', 'gpu'] },
  flawOf: value => value.split(',').every(part => RESOURCE.test(part)) ? undefined : 'unknownResource',
};

const WEIGHTS: Form = {
  expects: 'resources with weights, for example CPU=1.0,Mem=0.25G,GRES/gpu=2.0',
  right: ['CPU=1.0', 'CPU=1.0,Mem=0.25G', 'Node=3'],
  wrong: { notAWeight: ['CPU=abc', 'CPU'], unknownResource: ['nosuch=1', 'gpu=1'] },
  flawOf: value => {
    const parts = value.split(',').map(part => part.split('='));
    if (!parts.every(([name]) => RESOURCE.test(name))) { return 'unknownResource'; }
    return parts.every(([, weight = '']) => /^[+-]?[\d.]+(e[+-]?\d+)?[kmgtp]?$/i.test(weight)) ? undefined : 'notAWeight';
  },
};

const CPU_LIST: Form = {
  expects: 'numbers of CPUs and ranges of them, for example 0-1,48',
  right: ['0', '0-1,48'],
  wrong: { notAList: ['abc', '1-'] },
  flawOf: value => value.split(',').every(part => /^\d+(-\d+)?$/.test(part)) ? undefined : 'notAList',
};

/** A plugin, with its kind in front. */
const plugin = (kind: string, ...names: string[]): Form => ({
  expects: names.map(name => `${kind}/${name}`).join(' or '),
  right: names.map(name => `${kind}/${name}`),
  wrong: { unknownPlugin: [`${kind}/nosuch`] },
  flawOf: value => value.split(',').every(part => names.some(name => part === `${kind}/${name}`)) ? undefined : 'unknownPlugin',
});

const TIMES = time();
const W16 = whole(16);
const W32 = whole(32);
const W64 = whole(64);
const PREEMPT_MODES = words(['OFF', 'CANCEL', 'GANG', 'REQUEUE', 'SUSPEND', 'WITHIN', 'PRIORITY', 'ON', 'CLUSTER'], {
  several: true, only: { SUSPEND: 'SUSPEND,GANG', ON: 'ON,GANG', WITHIN: 'CANCEL,WITHIN', PRIORITY: 'CANCEL,PRIORITY' },
});
/** What doesn't say by itself what is shared out. */
const SELECT_FLAGS = Object.fromEntries([
  'CR_ONE_TASK_PER_CORE', 'CR_CORE_DEFAULT_DIST_BLOCK', 'CR_LLN', 'CR_Pack_Nodes', 'CR_NO_DIST_TOPO_BLOCK', 'LL_SHARED_GRES', 'MULTIPLE_SHARING_GRES_PJ',
  'ENFORCE_BINDING_GRES', 'ONE_TASK_PER_SHARING_GRES',
].map(flag => [flag, `CR_Core,${flag}`]));

/**
 * The settings that the service takes for each kind of resource, and the form of their values.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-custom-settings.html
 */
export const SETTINGS: Record<SettingKind, Readonly<Record<string, Form>>> = {
  cluster: {
    AccountingStorageEnforce: words(
      ['associations', 'limits', 'nojobs', 'nosteps', 'qos', 'safe', 'wckeys', 'all', '1', '2'], { several: true, tried: ['associations,limits,qos,safe'] },
    ),
    AccountingStorageTRES: RESOURCES,
    AccountingStoreFlags: text('job_comment', 'job_env,job_script'),
    AuthAltParameters: text('disable_token_creation'),
    CliFilterParameters: text('cli_filter_lua_path=/opt/cli_filter.lua'),
    CliFilterPlugins: text('cli_filter/lua', 'cli_filter/user_defaults'),
    CommunicationParameters: text('keepaliveinterval=30', 'NoCtldInAddrAny,block_null_hash'),
    DefMemPerCPU: W64,
    EnforcePartLimits: words(['ALL', 'ANY', 'NO', 'YES', 'UP', 'DOWN', 'TRUE', 'FALSE', '1', '0']),
    Epilog: PROGRAM,
    FairShareDampeningFactor: W16,
    FirstJobId: W32,
    HealthCheckInterval: W16,
    HealthCheckNodeState: words(
      ['ALLOC', 'ANY', 'CYCLE', 'IDLE', 'MIXED', 'NONDRAINED_IDLE', 'START_ONLY', 'REBOOT_ONLY'], { several: true, tried: ['IDLE,CYCLE'] },
    ),
    HealthCheckProgram: PROGRAM,
    JobRequeue: W16,
    LaunchParameters: text('use_interactive_step', 'mem_sort,slurmstepd_memlock'),
    Licenses: LICENSES,
    MetricsType: plugin('metrics', 'openmetrics'),
    MinJobAge: whole(32, { min: 2, below: 'belowMinimum' }),
    OverTimeLimit: W16,
    PreemptExemptTime: time(),
    PreemptMode: PREEMPT_MODES,
    PreemptParameters: text('youngest_first', 'reclaim_licenses,suspend_grace_time=10'),
    PreemptType: plugin('preempt', 'none', 'qos', 'partition_prio'),
    PriorityCalcPeriod: time({ min: 1 }),
    PriorityDecayHalfLife: TIMES,
    PriorityFavorSmall: BOOLEAN,
    PriorityFlags: text('ACCRUE_ALWAYS', 'DEPTH_OBLIVIOUS,MAX_TRES'),
    PriorityMaxAge: TIMES,
    PriorityUsageResetPeriod: words(['NONE', 'NOW', 'DAILY', 'WEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY']),
    PriorityWeightAge: W32,
    PriorityWeightAssoc: W32,
    PriorityWeightFairshare: W32,
    PriorityWeightJobSize: W32,
    PriorityWeightPartition: W32,
    PriorityWeightQOS: W32,
    PriorityWeightTRES: WEIGHTS,
    Prolog: PROGRAM,
    PrologFlags: words(
      ['Alloc', 'Contain', 'DeferBatch', 'NoHold', 'ForceRequeueOnFail', 'RunInJob', 'Serial', 'X11'], { several: true, tried: ['Alloc,Contain'] },
    ),
    RequeueExit: EXIT_CODES,
    RequeueExitHold: EXIT_CODES,
    SchedulerParameters: text('bf_window=2880', 'bf_continue,bf_max_job_test=1000,defer'),
    SelectTypeParameters: words([
      'CR_CPU', 'CR_CPU_Memory', 'CR_Core', 'CR_Core_Memory', 'CR_Socket', 'CR_Socket_Memory', ...Object.keys(SELECT_FLAGS),
    ], { several: true, also: /^CR_Memory$/i, only: SELECT_FLAGS }),
    SrunPortRange: PORT_RANGE,
    TaskEpilog: PROGRAM,
    TaskPluginParam: words(
      ['none', 'sockets', 'cores', 'threads', 'verbose', 'autobind=none', 'autobind=threads', 'autobind=cores', 'autobind=sockets',
        'SlurmdOffSpec', 'OOMKillStep', 'SlurmdSpecOverride'], { several: true },
    ),
    TaskProlog: PROGRAM,
    TrackWCKey: BOOLEAN,
    UnkillableStepProgram: PROGRAM,
    UnkillableStepTimeout: whole(16, { min: 50, below: 'belowMinimum' }),
  },
  nodeGroup: {
    CpuSpecList: CPU_LIST,
    Features: text('h100', 'h100,block'),
    Gres: text('gpu:h100:8', 'gpu:8', 'gpu'),
    MemSpecLimit: W64,
    Parameters: text('l3cache_as_socket'),
    RealMemory: whole(64, { min: 1, below: 'belowMinimum' }),
    Sockets: whole(16, { min: 1, below: 'belowMinimum' }),
    Weight: W32,
  },
  queue: {
    AllowAccounts: text('root'),
    AllowQos: text('normal'),
    Default: BOOLEAN,
    DefaultTime: TIMES,
    DenyAccounts: text('root'),
    DenyQos: text('normal'),
    ExclusiveUser: BOOLEAN,
    GraceTime: W32,
    MaxTime: TIMES,
    OverSubscribe: words(['EXCLUSIVE', 'FORCE', 'YES', 'NO'], { also: /^(FORCE|YES):/i, tried: ['FORCE:2', 'YES:4'] }),
    OverTimeLimit: W16,
    PowerDownOnIdle: BOOLEAN,
    PreemptMode: PREEMPT_MODES,
    PriorityJobFactor: W16,
    PriorityTier: W16,
    QOS: text('normal'),
    TRESBillingWeights: WEIGHTS,
  },
  slurmdbd: {
    AllowNoDefAcct: BOOLEAN,
    AllResourcesAbsolute: BOOLEAN,
    CommitDelay: W16,
    DefaultQOS: text('normal'),
    MaxQueryTimeRange: time(),
    Parameters: text('PreserveCaseUser'),
    PrivateData: text('jobs,usage', 'accounts'),
    PurgeEventAfter: PERIOD,
    PurgeJobAfter: PERIOD,
    PurgeResvAfter: PERIOD,
    PurgeStepAfter: PERIOD,
    PurgeSuspendAfter: PERIOD,
    PurgeTXNAfter: PERIOD,
    PurgeUsageAfter: PERIOD,
    TrackWCKey: BOOLEAN,
  },
  cgroup: {
    AllowedRAMSpace: FRACTION,
    AllowedSwapSpace: FRACTION,
    ConstrainCores: BOOLEAN,
    ConstrainDevices: BOOLEAN,
    ConstrainRAMSpace: BOOLEAN,
    ConstrainSwapSpace: BOOLEAN,
    IgnoreSystemd: BOOLEAN,
    MaxRAMPercent: FRACTION,
    MaxSwapPercent: FRACTION,
    MinRAMSpace: W64,
    SignalChildrenProcesses: BOOLEAN,
  },
};

/** Settings that Slurm refuses, or ignores in part, when they stand together or alone. */
export interface Combination {
  readonly kind: SettingKind;
  /** The settings that must have values of these forms. The first one is at fault. */
  readonly given: Readonly<Record<string, RegExp>>;
  /** The settings that must not have values of these forms. One that isn't set has none. */
  readonly without?: Readonly<Record<string, RegExp>>;
  /** Settings of the cluster that must, or must not, have values of these forms, too. For queues and node groups. */
  readonly onCluster?: { readonly given?: Readonly<Record<string, RegExp>>; readonly without?: Readonly<Record<string, RegExp>> };
  /** What to do, in the imperative. */
  readonly fix: string;
  /** Settings that Slurm refuses or complains of, and such that it takes. */
  readonly wrong: Readonly<Record<string, string>>;
  readonly right: Readonly<Record<string, string>>;
  /** The settings of the cluster in both cases. */
  readonly wrongOnCluster?: Readonly<Record<string, string>>;
  readonly rightOnCluster?: Readonly<Record<string, string>>;
}

const PREEMPTS = /(^|,)(cancel|requeue|suspend|on)(,|$)/i;
const CHOOSES = /^preempt\/(qos|partition_prio)$/;

/** What Slurm doesn't take together. Ids are stable. */
export const COMBINATIONS: Readonly<Record<string, Combination>> = {
  suspendWithoutGang: {
    kind: 'cluster',
    given: { PreemptMode: /^(suspend|on)$/i },
    fix: 'add GANG to it',
    wrong: { PreemptMode: 'SUSPEND', PreemptType: 'preempt/partition_prio' },
    right: { PreemptMode: 'SUSPEND,GANG', PreemptType: 'preempt/partition_prio' },
  },
  preemptModeWithoutType: {
    kind: 'cluster',
    given: { PreemptMode: PREEMPTS },
    without: { PreemptType: CHOOSES },
    fix: 'set PreemptType to preempt/qos or preempt/partition_prio in `custom`',
    wrong: { PreemptMode: 'CANCEL' },
    right: { PreemptMode: 'CANCEL', PreemptType: 'preempt/qos' },
  },
  preemptTypeWithoutMode: {
    kind: 'cluster',
    given: { PreemptType: CHOOSES },
    without: { PreemptMode: PREEMPTS },
    fix: 'set `preemptMode` to CANCEL, REQUEUE, or SUSPEND with GANG',
    wrong: { PreemptType: 'preempt/qos' },
    right: { PreemptType: 'preempt/qos', PreemptMode: 'REQUEUE' },
  },
  preemptModeTwice: {
    kind: 'cluster',
    given: { PreemptMode: /(^|,)(off|cluster|cancel|requeue|suspend|on),(.*,)?(off|cluster|cancel|requeue|suspend|on)(,|$)/i },
    fix: 'keep one of OFF, CANCEL, REQUEUE and SUSPEND',
    wrong: { PreemptMode: 'CANCEL,REQUEUE', PreemptType: 'preempt/qos' },
    right: { PreemptMode: 'REQUEUE,GANG', PreemptType: 'preempt/qos' },
  },
  gangWithin: {
    kind: 'cluster',
    given: { PreemptMode: /(^|,)gang,(.*,)?(within|priority)(,|$)|(^|,)(within|priority),(.*,)?gang(,|$)/i },
    fix: 'leave one of them out',
    wrong: { PreemptMode: 'CANCEL,GANG,WITHIN', PreemptType: 'preempt/qos' },
    right: { PreemptMode: 'CANCEL,WITHIN', PreemptType: 'preempt/qos' },
  },
  noHoldWithContain: {
    kind: 'cluster',
    given: { PrologFlags: /(^|,)nohold,(.*,)?(contain|x11|runinjob)(,|$)|(^|,)(contain|x11|runinjob),(.*,)?nohold(,|$)/i },
    fix: 'leave NoHold out',
    wrong: { PrologFlags: 'NoHold,Contain' },
    right: { PrologFlags: 'NoHold,Alloc' },
  },
  serialInJob: {
    kind: 'cluster',
    given: { PrologFlags: /(^|,)serial,(.*,)?runinjob(,|$)|(^|,)runinjob,(.*,)?serial(,|$)/i },
    fix: 'leave one of them out',
    wrong: { PrologFlags: 'Serial,RunInJob' },
    right: { PrologFlags: 'Serial,Alloc' },
  },
  selectFlagsAlone: {
    kind: 'cluster',
    given: { SelectTypeParameters: /^(?!.*cr_(cpu|core|socket)(_memory)?(,|$))/i },
    fix: 'add one of CR_CPU, CR_Core and CR_Socket, or one that ends in _Memory',
    wrong: { SelectTypeParameters: 'CR_LLN' },
    right: { SelectTypeParameters: 'CR_Core_Memory,CR_LLN' },
  },
  weightOfUntracked: {
    kind: 'cluster',
    given: { PriorityWeightTRES: /gres\//i },
    without: { AccountingStorageTRES: /gres\//i },
    fix: 'name the resource in `accountingStorageTres`, too',
    wrong: { PriorityWeightTRES: 'GRES/gpu=2.0' },
    right: { PriorityWeightTRES: 'GRES/gpu=2.0', AccountingStorageTRES: 'gres/gpu' },
  },
  resourcesWithoutAccounting: {
    kind: 'cluster',
    given: { AccountingStorageTRES: /(gres|license|bb|fs|ic)\//i, AccountingStorageType: /\/none$/ },
    fix: 'set `accounting`, too',
    wrong: { AccountingStorageTRES: 'gres/gpu', AccountingStorageType: 'accounting_storage/none' },
    right: { AccountingStorageTRES: 'gres/gpu' },
  },
  enforcementWithoutAccounting: {
    kind: 'cluster',
    given: { AccountingStorageEnforce: /./, AccountingStorageType: /\/none$/ },
    fix: 'set `accounting`, too',
    wrong: { AccountingStorageEnforce: 'associations', AccountingStorageType: 'accounting_storage/none' },
    right: { AccountingStorageEnforce: 'associations' },
  },
  selectTypeTwice: {
    kind: 'cluster',
    given: { SelectTypeParameters: /(^|,)cr_(cpu|core|socket|memory)(_memory)?,(.*,)?cr_(cpu|core|socket|memory)(_memory)?(,|$)/i },
    fix: 'keep one, for example CR_Core_Memory for cores and memory',
    wrong: { SelectTypeParameters: 'CR_Core,CR_Memory' },
    right: { SelectTypeParameters: 'CR_Core_Memory,CR_LLN' },
  },
  oneTaskPerCoreOfCpus: {
    kind: 'cluster',
    given: { SelectTypeParameters: /(^|,)cr_cpu(_memory)?,(.*,)?cr_one_task_per_core(,|$)|(^|,)cr_one_task_per_core,(.*,)?cr_cpu(_memory)?(,|$)/i },
    fix: 'use CR_Core or CR_Core_Memory',
    wrong: { SelectTypeParameters: 'CR_CPU,CR_ONE_TASK_PER_CORE' },
    right: { SelectTypeParameters: 'CR_Core,CR_ONE_TASK_PER_CORE' },
  },
  bindingTwice: {
    kind: 'cluster',
    given: { TaskPluginParam: /(^|,)(none|sockets|cores|threads),(.*,)?(none|sockets|cores|threads)(,|$)/i },
    fix: 'keep one of none, sockets, cores and threads',
    wrong: { TaskPluginParam: 'cores,threads' },
    right: { TaskPluginParam: 'cores,verbose' },
  },
  decayWithoutReset: {
    kind: 'cluster',
    given: { PriorityDecayHalfLife: /^[0:-]+$/ },
    without: { PriorityUsageResetPeriod: /./ },
    fix: 'set PriorityUsageResetPeriod as well, for example to MONTHLY',
    wrong: { PriorityDecayHalfLife: '0' },
    right: { PriorityDecayHalfLife: '0', PriorityUsageResetPeriod: 'MONTHLY' },
  },
  healthChecksOnce: {
    kind: 'cluster',
    given: { HealthCheckNodeState: /(^|,)(start_only|reboot_only),.|.,(start_only|reboot_only)(,|$)/i },
    fix: 'leave the other states out',
    wrong: { HealthCheckNodeState: 'START_ONLY,IDLE' },
    right: { HealthCheckNodeState: 'CYCLE,IDLE' },
  },
  gangOfQueue: {
    kind: 'queue',
    given: { PreemptMode: /(^|,)gang(,|$)/i },
    fix: 'set GANG on the cluster',
    wrong: { PreemptMode: 'GANG' },
    right: { PreemptMode: 'REQUEUE' },
  },
  billingOfUntracked: {
    kind: 'queue',
    given: { TRESBillingWeights: /gres\//i },
    onCluster: { without: { AccountingStorageTRES: /gres\//i } },
    fix: 'name the resource in `accountingStorageTres` of the cluster, too',
    wrong: { TRESBillingWeights: 'GRES/gpu=2.0' },
    right: { TRESBillingWeights: 'GRES/gpu=2.0' },
    rightOnCluster: { AccountingStorageTRES: 'gres/gpu' },
  },
  allowQosWithoutAccounting: {
    kind: 'queue',
    given: { AllowQos: /^(?!all$)./i },
    onCluster: { given: { AccountingStorageType: /\/none$/ } },
    fix: 'set `accounting` of the cluster, too',
    wrong: { AllowQos: 'normal' },
    wrongOnCluster: { AccountingStorageType: 'accounting_storage/none' },
    right: { AllowQos: 'normal' },
  },
  qosWithoutAccounting: {
    kind: 'queue',
    given: { QOS: /./ },
    onCluster: { given: { AccountingStorageType: /\/none$/ } },
    fix: 'set `accounting` of the cluster, too',
    wrong: { QOS: 'normal' },
    wrongOnCluster: { AccountingStorageType: 'accounting_storage/none' },
    right: { QOS: 'normal' },
  },
  accountsTwice: {
    kind: 'queue',
    given: { DenyAccounts: /./, AllowAccounts: /^(?!all$)./i },
    fix: 'keep one of the two',
    wrong: { DenyAccounts: 'root', AllowAccounts: 'root' },
    right: { AllowAccounts: 'root' },
  },
  qosTwice: {
    kind: 'queue',
    given: { DenyQos: /./, AllowQos: /^(?!all$)./i },
    fix: 'keep one of the two',
    wrong: { DenyQos: 'normal', AllowQos: 'normal' },
    right: { AllowQos: 'normal' },
  },
  sharesBelowOne: {
    kind: 'queue',
    given: { OverSubscribe: /^(YES:[01]|FORCE:0)$|:$|:\D/i },
    fix: 'give FORCE at least 1 and YES at least 2',
    wrong: { OverSubscribe: 'YES:1' },
    right: { OverSubscribe: 'YES:2' },
  },
};

/** What is in a map. As the CDK has it, a key without a value isn't there. */
export function givenIn<T>(map: Readonly<Record<string, T | undefined>> = {}): [string, T][] {
  return Object.entries(map).filter((entry): entry is [string, T] => entry[1] !== undefined);
}
