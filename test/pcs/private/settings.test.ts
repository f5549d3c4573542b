import { Duration, Size } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { SETTINGS } from '../../../src/pcs/private/slurm-values';
import { clusterIn, concreteStack, nodes } from '../fixture';

type Setting = { ParameterName: string; ParameterValue: string };

/** What a cluster renders as its Slurm configuration. */
function configuration(props: Partial<pcs.ClusterProps>): Record<string, unknown> {
  const stack = concreteStack();
  clusterIn(stack, props);
  const [cluster] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::Cluster'));
  return (cluster.Properties as { SlurmConfiguration: Record<string, unknown> }).SlurmConfiguration;
}

const asMap = (settings: unknown) => Object.fromEntries(
  (settings as Setting[]).map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]),
);

test('typed settings have their names and forms in slurm.conf', () => {
  expect(asMap(configuration({
    slurmSettings: {
      accountingStorageTres: ['gres/gpu', 'license/matlab'],
      defMemPerCpu: Size.gibibytes(2),
      epilog: '/opt/epilog.sh',
      jobRequeue: false,
      preemptMode: ['SUSPEND', 'GANG'],
      prolog: '/opt/prolog.sh',
      prologFlags: ['Alloc', 'Contain'],
      schedulerParameters: ['bf_window=2880', 'defer'],
      selectTypeParameters: ['CR_Core_Memory'],
      unkillableStepTimeout: Duration.minutes(3),
      custom: { MinJobAge: '600' },
    },
  }).SlurmCustomSettings)).toEqual({
    AccountingStorageTRES: 'gres/gpu,license/matlab',
    DefMemPerCPU: '2048',
    Epilog: '/opt/epilog.sh',
    JobRequeue: '0',
    MinJobAge: '600',
    PreemptMode: 'SUSPEND,GANG',
    Prolog: '/opt/prolog.sh',
    PrologFlags: 'Alloc,Contain',
    SchedulerParameters: 'bf_window=2880,defer',
    SelectTypeParameters: 'CR_Core_Memory',
    UnkillableStepTimeout: '180',
  });
});

test('jobs that go back to their queue are said to with a digit', () => {
  expect(asMap(configuration({ slurmSettings: { jobRequeue: true } }).SlurmCustomSettings)).toEqual({ JobRequeue: '1' });
});

test('settings of the accounting database and of cgroups go to files of their own', () => {
  const { SlurmdbdCustomSettings, CgroupCustomSettings, ...others } = configuration({
    accounting: pcs.Accounting.standard(),
    slurmdbdSettings: { privateData: ['jobs', 'usage'], custom: { PurgeJobAfter: '12months' } },
    cgroupSettings: {
      constrainCores: true, constrainDevices: true, constrainRamSpace: true, constrainSwapSpace: false, custom: { AllowedRAMSpace: '98' },
    },
  });
  expect(asMap(SlurmdbdCustomSettings)).toEqual({ PrivateData: 'jobs,usage', PurgeJobAfter: '12months' });
  expect(asMap(CgroupCustomSettings)).toEqual({
    ConstrainCores: 'yes', ConstrainDevices: 'yes', ConstrainRAMSpace: 'yes', ConstrainSwapSpace: 'no', AllowedRAMSpace: '98',
  });
  expect(others).toEqual({ Accounting: { Mode: 'STANDARD' } });
});

describe('a setting in free form', () => {
  /** What AWS lists: https://docs.aws.amazon.com/pcs/latest/userguide/slurm-custom-settings.html */
  const LISTED = {
    cluster: `AccountingStorageEnforce AccountingStorageTRES AccountingStoreFlags AuthAltParameters CliFilterParameters CliFilterPlugins
      CommunicationParameters DefMemPerCPU EnforcePartLimits Epilog FairShareDampeningFactor FirstJobId HealthCheckInterval
      HealthCheckNodeState HealthCheckProgram JobRequeue LaunchParameters Licenses MetricsType MinJobAge OverTimeLimit PreemptExemptTime
      PreemptMode PreemptParameters PreemptType PriorityCalcPeriod PriorityDecayHalfLife PriorityFavorSmall PriorityFlags PriorityMaxAge
      PriorityUsageResetPeriod PriorityWeightAge PriorityWeightAssoc PriorityWeightFairshare PriorityWeightJobSize
      PriorityWeightPartition PriorityWeightQOS PriorityWeightTRES Prolog PrologFlags RequeueExit RequeueExitHold SchedulerParameters
      SelectTypeParameters SrunPortRange TaskEpilog TaskPluginParam TaskProlog TrackWCKey UnkillableStepProgram UnkillableStepTimeout`,
    slurmdbd: `AllResourcesAbsolute AllowNoDefAcct CommitDelay DefaultQOS MaxQueryTimeRange Parameters PrivateData PurgeEventAfter
      PurgeJobAfter PurgeResvAfter PurgeStepAfter PurgeSuspendAfter PurgeTXNAfter PurgeUsageAfter TrackWCKey`,
    cgroup: `AllowedRAMSpace AllowedSwapSpace ConstrainCores ConstrainDevices ConstrainRAMSpace ConstrainSwapSpace IgnoreSystemd
      MaxRAMPercent MaxSwapPercent MinRAMSpace SignalChildrenProcesses`,
    nodes: 'CpuSpecList Features Gres MemSpecLimit Parameters RealMemory Sockets Weight',
    queue: `AllowAccounts AllowQos Default DefaultTime DenyAccounts DenyQos ExclusiveUser GraceTime MaxTime OverSubscribe OverTimeLimit
      PowerDownOnIdle PreemptMode PriorityJobFactor PriorityTier QOS TRESBillingWeights`,
  };

  test('is one that the service is known to take where AWS lists it, and nowhere else', () => {
    const known = { ...SETTINGS, nodes: SETTINGS.nodeGroup };
    const custom = (kind: keyof typeof LISTED) => {
      const names = LISTED[kind].split(/\s+/);
      expect(Object.keys(known[kind]).sort()).toEqual([...names].sort());
      return { custom: Object.fromEntries(names.map(name => [name, known[kind][name].right[0]])) };
    };
    const stack = concreteStack();
    const cluster = clusterIn(stack, {
      accounting: pcs.Accounting.standard(),
      slurmSettings: custom('cluster'),
      slurmdbdSettings: custom('slurmdbd'),
      cgroupSettings: custom('cgroup'),
    });
    const group = cluster.addComputeNodeGroup('Nodes', nodes({ slurmSettings: custom('nodes') }));
    cluster.addQueue('Queue', { computeNodeGroups: [group], slurmSettings: custom('queue') });
    const said = stack.node.findAll().flatMap(construct => construct.node.metadata).filter(entry => entry.type === 'aws:cdk:warning');
    expect(said.filter(entry => String(entry.data).includes('slurmSettingUnknown'))).toEqual([]);
  });

  const add = (options: Partial<pcs.ComputeNodeGroupOptions>, queue: pcs.QueueOptions = {}) => (props: Partial<pcs.ClusterProps> = {}) => {
    const cluster = clusterIn(concreteStack(), props);
    const group = cluster.addComputeNodeGroup('Nodes', nodes(options));
    return cluster.addQueue('Queue', { computeNodeGroups: [group], ...queue });
  };

  test.each<[string, () => unknown]>([
    ['slurmSettings.custom.Prolog', () => configuration({ slurmSettings: { prolog: '/a', custom: { Prolog: '/b' } } })],
    ['slurmdbdSettings.custom.PrivateData', () => configuration({
      accounting: pcs.Accounting.standard(), slurmdbdSettings: { privateData: ['jobs'], custom: { PrivateData: 'usage' } },
    })],
    ['cgroupSettings.custom.ConstrainCores', () => configuration({ cgroupSettings: { constrainCores: true, custom: { ConstrainCores: 'no' } } })],
    ['slurmSettings.custom.Weight', add({ slurmSettings: { weight: 1, custom: { Weight: '2' } } })],
    ['slurmSettings.custom.QOS', add({}, { slurmSettings: { qos: 'normal', custom: { QOS: 'high' } } })],
  ])('is named where a property sets it as well: %s', (property, synthesize) => {
    expect(synthesize).toThrow(`[pcs.slurmSettingTwice] \`${property}\` `);
  });

  const { V24_11, V25_05, V25_11 } = pcs.SlurmVersion;
  const setting = (name: string, value = '1') => (schedulerVersion: pcs.SlurmVersion) =>
    configuration({ schedulerVersion, slurmSettings: { custom: { [name]: value } } });
  const nodeSetting = (name: string) => (schedulerVersion: pcs.SlurmVersion) =>
    add({ slurmSettings: { custom: { [name]: '1' } } })({ schedulerVersion });

  test.each<[string, (version: pcs.SlurmVersion) => unknown, pcs.SlurmVersion, pcs.SlurmVersion]>([
    ['CliFilterParameters', setting('CliFilterParameters'), V24_11, V25_05],
    ['CliFilterPlugins', setting('CliFilterPlugins'), V24_11, V25_05],
    ['CommunicationParameters', setting('CommunicationParameters', 'enable_http,x'), V25_05, V25_11],
    ['MetricsType', setting('MetricsType'), V25_05, V25_11],
    ['SelectTypeParameters', setting('SelectTypeParameters', 'CR_ONE_TASK_PER_CORE,cr_socket'), V25_05, V25_11],
    ['Parameters', nodeSetting('Parameters'), V25_05, V25_11],
    ['Sockets', nodeSetting('Sockets'), V25_05, V25_11],
  ])('is refused for versions of Slurm that don\'t have it: %s', (name, synthesize, older, first) => {
    expect(() => synthesize(older)).toThrow(
      `\`slurmSettings (${name})\` needs a newer version of Slurm, got: {"schedulerVersion":"${older.value}","needed":"${first.value}"}`);
    expect(() => synthesize(first)).not.toThrow();
  });

  test.each([
    ['CommunicationParameters', 'no_enable_http_please'], ['SelectTypeParameters', 'CR_CORE_DEFAULT_DIST_BLOCK'],
  ])('of another value than the one that came later is taken: %s=%s', (name, value) => {
    expect(() => setting(name, value)(V25_05)).not.toThrow();
  });
});

test('empty settings render nothing, since the service refuses empty lists', () => {
  expect(configuration({
    accounting: pcs.Accounting.standard({ enforcement: [] }), slurmSettings: {}, slurmdbdSettings: { custom: {} }, cgroupSettings: {},
  })).toEqual({ Accounting: { Mode: 'STANDARD' } });
});

test('enforcement of accounting is a setting of Slurm', () => {
  const { Accounting, SlurmCustomSettings } = configuration({
    accounting: pcs.Accounting.standard({
      retention: Duration.days(30),
      enforcement: [pcs.AccountingEnforcement.ASSOCIATIONS, pcs.AccountingEnforcement.LIMITS, pcs.AccountingEnforcement.of('wckeys')],
    }),
  });
  expect(Accounting).toEqual({ Mode: 'STANDARD', DefaultPurgeTimeInDays: 30 });
  expect(asMap(SlurmCustomSettings)).toEqual({ AccountingStorageEnforce: 'associations,limits,wckeys' });
});

test.each<[keyof typeof pcs.AccountingEnforcement, string]>([
  ['ASSOCIATIONS', 'associations'], ['LIMITS', 'limits'], ['QOS', 'qos'], ['SAFE', 'safe'], ['NO_STEPS', 'nosteps'], ['NO_JOBS', 'nojobs'],
])('AccountingEnforcement.%s is %s', (name, value) => {
  expect((pcs.AccountingEnforcement[name] as pcs.AccountingEnforcement).value).toBe(value);
});

test('the REST API and the network type are rendered as they are given', () => {
  const stack = concreteStack();
  clusterIn(stack, { slurmRest: pcs.SlurmRest.STANDARD, networkType: pcs.NetworkType.IPV6 });
  Template.fromStack(stack).hasResourceProperties('AWS::PCS::Cluster', {
    Networking: { NetworkType: 'IPV6' }, SlurmConfiguration: { SlurmRest: { Mode: 'STANDARD' } },
  });
  const plain = concreteStack();
  clusterIn(plain, { slurmRest: pcs.SlurmRest.of('ADVANCED'), networkType: pcs.NetworkType.of('DUAL') });
  Template.fromStack(plain).hasResourceProperties('AWS::PCS::Cluster', {
    Networking: { NetworkType: 'DUAL' }, SlurmConfiguration: { SlurmRest: { Mode: 'ADVANCED' } },
  });
});

test('what synthesis says of a version does not depend on the day', () => {
  const warnings = (day: string) => {
    jest.useFakeTimers({ now: new Date(day), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const stack = concreteStack();
      return clusterIn(stack, { schedulerVersion: pcs.SlurmVersion.V25_05 }).node.metadata.map(entry => entry.data);
    } finally {
      jest.useRealTimers();
    }
  };
  expect(warnings('2026-01-01')).toEqual(warnings('2030-01-01'));
  expect(warnings('2026-01-01')).toEqual([expect.stringContaining('"endOfLife":"2026-11-30"')]);
});

test('an IPv6 cluster lets its members out by both protocols', () => {
  const stack = concreteStack();
  clusterIn(stack, { networkType: pcs.NetworkType.IPV6 });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupEgress: Match.arrayWith([Match.objectLike({ CidrIp: '0.0.0.0/0' }), Match.objectLike({ CidrIpv6: '::/0' })]),
  });
});
