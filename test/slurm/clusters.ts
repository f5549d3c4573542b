import { App, Duration, Size, Stack, aws_ec2 as ec2 } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import * as pcs from '../../src/pcs';
import { factsOf } from '../../src/private/instance-types';
import { build, recipes } from '../generated/recipe';
import { clusterIn, nodes } from '../pcs/fixture';

/** Nodes as slurm.conf has them. */
interface SlurmNodes {
  readonly name: string;
  readonly count: number;
  readonly settings: Record<string, string | number>;
  readonly gres: Record<string, string>[];
}

/** A partition as slurm.conf has it, and what a job of it asks for. */
interface SlurmPartition {
  readonly name: string;
  readonly groups: string[];
  readonly settings: Record<string, string>;
  readonly submit: string[];
}

/** A cluster as slurm.conf has it. */
export interface SlurmCluster {
  readonly name: string;
  /** The version that the template asks for, where it does. */
  readonly version?: string;
  readonly cluster: Record<string, string>;
  readonly slurmdbd: Record<string, string>;
  readonly cgroup: Record<string, string>;
  readonly gresTypes: string[];
  readonly groups: SlurmNodes[];
  readonly queues: SlurmPartition[];
  /** Programs that nodes run. They are put there first. */
  readonly programs: string[];
  /** Settings that can't be tried here, with the reason. */
  readonly left: string[];
  /** What the job must fail with, where that is what is shown. */
  readonly fails?: string;
}

interface Resource { readonly Type: string; readonly Properties: any }

/** The nodes of a group that are started here: enough for a job, few enough for a small machine. */
const NODES = 2;
const PROGRAMS = ['Prolog', 'Epilog', 'TaskProlog', 'TaskEpilog', 'HealthCheckProgram', 'UnkillableStepProgram'];

/** The clusters of a template. */
export function clustersOf(app: string, template: { Resources?: Record<string, Resource> }): SlurmCluster[] {
  const resources = Object.entries(template.Resources ?? {});
  return [
    ...resources.filter(([, resource]) => resource.Type === 'AWS::PCS::Cluster').map(([id, resource]) => pcsCluster(app, id, resource, resources)),
    ...resources.filter(([, resource]) => resource.Type === 'AWS::SageMaker::Cluster' && resource.Properties.Orchestrator?.Slurm)
      .map(([id, resource]) => hyperPodCluster(app, id, resource)),
  ];
}

function pcsCluster(app: string, id: string, { Properties: properties }: Resource, resources: [string, Resource][]): SlurmCluster {
  const left: string[] = [];
  const refersTo = (value: unknown, target: string) => JSON.stringify(value ?? '').includes(`"${target}"`);
  const configuration = properties.SlurmConfiguration ?? {};
  const version = String(properties.Scheduler.Version);
  const cluster = settingsOf(configuration.SlurmCustomSettings, left);
  /* A cluster without accounting tracks nothing, and needs no database. */
  if (configuration.Accounting?.Mode !== 'STANDARD') { cluster.AccountingStorageType = 'accounting_storage/none'; }
  const groups = resources.filter(([, resource]) => resource.Type === 'AWS::PCS::ComputeNodeGroup' && refersTo(resource.Properties.ClusterId, id))
    .map(([groupId, resource]) => nodeGroup(groupId, resource, left));
  const queues = resources.filter(([, resource]) => resource.Type === 'AWS::PCS::Queue' && refersTo(resource.Properties.ClusterId, id))
    .map(([queueId, { Properties: queue }]) => {
      const settings = settingsOf(queue.SlurmConfiguration?.SlurmCustomSettings, left);
      const ofQueue = groups.filter(group =>
        (queue.ComputeNodeGroupConfigurations ?? []).some((one: any) => refersTo(one.ComputeNodeGroupId, group.id)));
      const gpus = ofQueue.every(group => 'Gres' in group.settings && group.gres.length > 0) && ofQueue.length > 0;
      return {
        name: String(queue.Name ?? queueId), groups: ofQueue.map(group => group.name), settings, submit: gpus ? [`--gres=${String(ofQueue[0].settings.Gres).split(':')[0]}:1`] : [],
      };
    });
  const queued = queues.filter(queue => queue.groups.length > 0);
  return {
    name: `${app}/${id}`,
    version,
    cluster,
    slurmdbd: settingsOf(configuration.SlurmdbdCustomSettings, left),
    cgroup: settingsOf(configuration.CgroupCustomSettings, left),
    gresTypes: [...new Set(['gpu', ...groups.flatMap(group => String(group.settings.Gres ?? '').split(',').map(entry => entry.split(':')[0])).filter(Boolean)])],
    groups: groups.filter(group => queued.some(queue => queue.groups.includes(group.name))),
    queues: queued,
    programs: PROGRAMS.flatMap(name => cluster[name]?.startsWith('/') ? [cluster[name]] : []),
    left,
  };
}

/** A setting list of CloudFormation under Slurm's names. */
function settingsOf(list: { ParameterName: string; ParameterValue: unknown }[] | undefined, left: string[]): Record<string, string> {
  return Object.fromEntries((list ?? []).flatMap(({ ParameterName: name, ParameterValue: value }) => {
    if (typeof value === 'string') { return [[name, value]]; }
    left.push(`${name} (known when deployed)`);
    return [];
  }));
}

function nodeGroup(id: string, { Properties: properties }: Resource, left: string[]) {
  const settings = settingsOf(properties.SlurmConfiguration?.SlurmCustomSettings, left);
  const records: Record<string, string>[] = properties.SlurmConfiguration?.GresCustomSettings ?? [];
  const gres = records.filter(record => {
    const detects = record.AutoDetect !== undefined && record.AutoDetect !== 'off';
    if (detects) { left.push('AutoDetect (no GPUs here)'); }
    return !detects;
  });
  if (gres.length === 0 && 'Gres' in settings) {
    left.push('Gres (records are the service\'s own)');
    delete settings.Gres;
  }
  const vcpus = factsOf(String(properties.InstanceConfigs?.[0]?.InstanceType))?.size?.vcpus ?? 8;
  return {
    id,
    name: String(properties.Name ?? id),
    count: Math.max(1, Math.min(NODES, Number(properties.ScalingConfiguration.MaxInstanceCount) || 1)),
    settings: { CPUs: vcpus, RealMemory: Math.max(16_000, 2 * Number(settings.MemSpecLimit ?? 0)), ...settings } as SlurmNodes['settings'],
    gres,
  };
}

/** HyperPod takes partitions by their names alone. */
function hyperPodCluster(app: string, id: string, { Properties: properties }: Resource): SlurmCluster {
  const groups = (properties.InstanceGroups as any[]).filter(group => group.SlurmConfig?.NodeType === 'Compute').map(group => ({
    name: String(group.InstanceGroupName),
    count: NODES,
    settings: { CPUs: factsOf(String(group.InstanceType).replace(/^ml\./, ''))?.size?.vcpus ?? 8, RealMemory: 16_000 },
    gres: [],
    partitions: (group.SlurmConfig.PartitionNames ?? [group.InstanceGroupName]) as string[],
  }));
  const names = [...new Set(groups.flatMap(group => group.partitions))];
  return {
    name: `${app}/${id}`,
    cluster: { AccountingStorageType: 'accounting_storage/none' },
    slurmdbd: {},
    cgroup: {},
    gresTypes: ['gpu'],
    groups,
    programs: [],
    left: [],
    queues: names.map((name, index) => ({
      name,
      groups: groups.filter(group => group.partitions.includes(name)).map(group => group.name),
      submit: [],
      settings: defaultOf(index),
    })),
  };
}

const defaultOf = (index: number): Record<string, string> => index === 0 ? { Default: 'YES' } : {};

/** The clusters that tests make: all typed settings, what the README shows, and random apps. */
export function clustersOfTests(): SlurmCluster[] {
  const made = (name: string, program: (stack: Stack) => void) => {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    program(stack);
    return clustersOf(name, Template.fromStack(stack).toJSON());
  };
  const random = fc.sample(recipes, { numRuns: 60, seed: 17 })
    .filter(({ slurm }) => slurm && slurm.queues.length > 0 && slurm.groups.length > 0)
    .flatMap(({ slurm }, index) => {
      try {
        return made(`random app ${index + 1}`, stack => build(stack, { slurm, plans: [] }));
      } catch (error) {
        if (/^pcs\./.test((error as Error).name)) { return []; } // the library refuses some of them, and so would AWS
        throw error;
      }
    });
  if (random.length < 3) { throw new Error(`only ${random.length} random apps can be built`); }
  return [...made('every typed setting', everyTypedSetting), ...made('shares of GPUs', sharesOfGpus), ...random.slice(0, 3)];
}

function everyTypedSetting(stack: Stack): void {
  const cluster = clusterIn(stack, {
    schedulerVersion: pcs.SlurmVersion.V26_05,
    accounting: pcs.Accounting.standard({ enforcement: [pcs.AccountingEnforcement.ASSOCIATIONS, pcs.AccountingEnforcement.LIMITS] }),
    slurmSettings: {
      accountingStorageTres: ['gres/gpu', 'gres/gpu:h100'],
      defMemPerCpu: Size.mebibytes(100),
      epilog: '/opt/epilog.sh',
      jobRequeue: true,
      preemptMode: ['SUSPEND', 'GANG'],
      prolog: '/opt/prolog.sh',
      prologFlags: ['Alloc'],
      schedulerParameters: ['bf_window=2880', 'defer'],
      selectTypeParameters: ['CR_Core_Memory'],
      unkillableStepTimeout: Duration.minutes(3),
      custom: { MinJobAge: '600', PreemptType: 'preempt/partition_prio' },
    },
    slurmdbdSettings: { privateData: ['jobs', 'usage'], custom: { PurgeJobAfter: '12months' } },
    cgroupSettings: {
      constrainCores: true, constrainDevices: true, constrainRamSpace: true, constrainSwapSpace: false, custom: { AllowedRAMSpace: '98' },
    },
  });
  const gpus = cluster.addComputeNodeGroup('Gpus', nodes({
    computeNodeGroupName: 'gpus',
    instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
    scaling: pcs.Scaling.fixed(2),
    vpcSubnets: { subnets: [cluster.vpc.privateSubnets[0]] },
    slurmSettings: {
      features: ['h100', 'block'],
      weight: 10,
      gres: [{ name: 'gpu', type: 'h100', count: 8 }],
      realMemory: Size.gibibytes(2000),
      memSpecLimit: Size.gibibytes(8),
    },
    gresRecords: [{ name: 'gpu', type: 'h100', count: 8, file: '/dev/nvidia[0-7]' }],
  }));
  cluster.addQueue('Gpu', {
    queueName: 'gpu',
    computeNodeGroups: [gpus],
    isDefault: true,
    slurmSettings: {
      maxTime: Duration.days(2),
      defaultTime: Duration.hours(1),
      overTimeLimit: Duration.minutes(5),
      priorityTier: 10,
      priorityJobFactor: 2,
      preemptMode: 'REQUEUE',
      graceTime: Duration.seconds(30),
      allowAccounts: ['root'],
      allowQos: ['normal'],
      qos: 'normal',
      exclusiveUser: true,
      overSubscribe: 'EXCLUSIVE',
      powerDownOnIdle: false,
      tresBillingWeights: { 'CPU': 1, 'GRES/gpu': 8 },
    },
  });
}

function sharesOfGpus(stack: Stack): void {
  const cluster = clusterIn(stack, { schedulerVersion: pcs.SlurmVersion.V26_05 });
  const shares = cluster.addComputeNodeGroup('Shares', nodes({
    instanceTypes: [new ec2.InstanceType('g5.12xlarge')],
    scaling: pcs.Scaling.elastic(2),
    slurmSettings: { gres: [{ name: 'gpu', count: 4 }, { name: 'shard', count: 16 }], weight: 1 },
    gresRecords: [{ name: 'gpu', file: '/dev/nvidia[0-3]' }, { name: 'shard', count: 16 }],
  }));
  cluster.addQueue('Shared', { computeNodeGroups: [shares] });
}

/** Clusters that show what is warned of: their jobs must not run. */
export function brokenClusters(): SlurmCluster[] {
  return [{
    name: 'a prolog that nodes don\'t have',
    cluster: { Prolog: '/opt/nowhere.sh', PrologFlags: 'Alloc' },
    slurmdbd: {},
    cgroup: {},
    gresTypes: ['gpu'],
    programs: [],
    left: [],
    groups: [{ name: 'nodes', count: 1, settings: { CPUs: 8, RealMemory: 16_000 }, gres: [] }],
    queues: [{ name: 'nodes', groups: ['nodes'], settings: { Default: 'YES' }, submit: [] }],
    fails: '[Pp]rolog',
  }];
}
