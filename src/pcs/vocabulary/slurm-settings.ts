import type { Duration, Size } from 'aws-cdk-lib';

/** Settings of Slurm for a whole cluster. */
export interface ClusterSlurmSettings {
  /**
   * The resources that accounting tracks besides those that it always does, for example `gres/gpu`.
   *
   * @default - none; those that limits and budgets of `SlurmAccount` and `SlurmQos` name are added
   */
  readonly accountingStorageTres?: string[];

  /**
   * The memory for each CPU of a job that asks for none.
   *
   * @default - Slurm's own, all memory of the node
   */
  readonly defMemPerCpu?: Size;

  /**
   * A program that each node runs when a job on it ends: an absolute path on the nodes, which must have it.
   *
   * @default - none
   */
  readonly epilog?: string;

  /**
   * Whether batch jobs may be queued again, for example when their node fails.
   *
   * @default - Slurm's own, true
   */
  readonly jobRequeue?: boolean;

  /**
   * How jobs give way to others, for example `SUSPEND` and `GANG`. All but `GANG` need `PreemptType` in `custom`.
   *
   * @default - Slurm's own, `OFF`
   */
  readonly preemptMode?: string[];

  /**
   * A program that each node runs before a job: an absolute path on the nodes. Slurm drains nodes that lack it.
   *
   * @default - none
   */
  readonly prolog?: string;

  /**
   * When prologs run and what they do, for example `Alloc` and `Contain`.
   *
   * @default - Slurm's own
   */
  readonly prologFlags?: string[];

  /**
   * Parameters of the scheduler, for example `bf_window=2880`.
   *
   * @default - the service's own
   */
  readonly schedulerParameters?: string[];

  /**
   * What is shared out among jobs, for example `CR_Core_Memory`. Values that begin with `CR_Socket` need Slurm 25.11 or newer.
   *
   * @default - the service's own
   */
  readonly selectTypeParameters?: string[];

  /**
   * How long processes may take to end after they were killed, in whole seconds.
   *
   * @default - Slurm's own, 60 seconds
   */
  readonly unkillableStepTimeout?: Duration;

  /**
   * Settings by their names in `slurm.conf`, for example `{ PrologFlags: 'Alloc' }`.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-custom-settings-cluster.html
   * @default - none
   */
  readonly custom?: { [name: string]: string };
}

/** Settings of the accounting database, as in `slurmdbd.conf`. */
export interface SlurmdbdSettings {
  /**
   * What users can't see of others, for example `jobs` and `usage`.
   *
   * @default - nothing
   */
  readonly privateData?: string[];

  /**
   * Settings by their names in `slurmdbd.conf`, for example `{ PurgeJobAfter: '12months' }`.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurmdbd-custom-settings.html
   * @default - none
   */
  readonly custom?: { [name: string]: string };
}

/** How jobs are held to the resources that they were given, as in `cgroup.conf`. */
export interface CgroupSettings {
  /**
   * Whether jobs are held to their CPU cores.
   *
   * @default - the service's own
   */
  readonly constrainCores?: boolean;

  /**
   * Whether jobs are held to their devices, for example their GPUs.
   *
   * @default - the service's own
   */
  readonly constrainDevices?: boolean;

  /**
   * Whether jobs are held to their memory.
   *
   * @default - the service's own
   */
  readonly constrainRamSpace?: boolean;

  /**
   * Whether jobs are held to their swap space.
   *
   * @default - the service's own
   */
  readonly constrainSwapSpace?: boolean;

  /**
   * Settings by their names in `cgroup.conf`, for example `{ AllowedRAMSpace: '98' }`.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/cgroup-custom-settings.html
   * @default - none
   */
  readonly custom?: { [name: string]: string };
}

/** Generic resources that each node of a group offers to jobs. */
export interface GenericResource {
  /** The name, for example `gpu`. */
  readonly name: string;

  /**
   * The type, for example `h100`.
   *
   * @default - none
   */
  readonly type?: string;

  /**
   * How many each node has.
   *
   * @default 1
   */
  readonly count?: number;
}

/** Settings of Slurm for the nodes of a group. */
export interface NodeSlurmSettings {
  /**
   * Words that jobs can ask for with `--constraint`.
   *
   * @default - none
   */
  readonly features?: string[];

  /**
   * Nodes of the lowest weight get jobs first. Don't steer jobs to or from Capacity Blocks by it; use `features`.
   *
   * @default - Slurm's own, 1
   */
  readonly weight?: number;

  /**
   * Generic resources of each node, for example its GPUs.
   *
   * @default - those that the service sets for the instance types
   */
  readonly gres?: GenericResource[];

  /**
   * The memory that jobs may use.
   *
   * @default - what the service finds for the instance types
   */
  readonly realMemory?: Size;

  /**
   * The memory that is kept from jobs for the system.
   *
   * @default - none
   */
  readonly memSpecLimit?: Size;

  /**
   * The CPUs that are kept from jobs for the system, by number.
   *
   * @default - none
   */
  readonly cpuSpecList?: number[];

  /**
   * The sockets of each node. Needs Slurm 25.11 or newer.
   *
   * @default - what the service finds for the instance types
   */
  readonly sockets?: number;

  /**
   * Further parameters of nodes, as in `Parameters` of `slurm.conf`. Needs Slurm 25.11 or newer.
   *
   * @default - none
   */
  readonly parameters?: string[];

  /**
   * Settings by their names in `slurm.conf`.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-custom-settings-cng.html
   * @default - none
   */
  readonly custom?: { [name: string]: string };
}

/** One line of `gres.conf`, for the nodes of a group. */
export interface GresRecord {
  /**
   * How Slurm finds devices by itself, for example `nvidia`. Needs Slurm 25.11 or newer.
   *
   * @default - it doesn't
   */
  readonly autoDetect?: string;

  /**
   * The name of the resource, for example `gpu`. Required without `autoDetect`.
   *
   * @default - none
   */
  readonly name?: string;

  /**
   * The type, for example `h100`.
   *
   * @default - none
   */
  readonly type?: string;

  /**
   * How many there are.
   *
   * @default - as many as there are files
   */
  readonly count?: number;

  /**
   * The device files, for example `/dev/nvidia[0-7]`.
   *
   * @default - none
   */
  readonly file?: string;

  /**
   * Several device files that make one resource, as MIG instances have.
   *
   * @default - none
   */
  readonly multipleFiles?: string;

  /**
   * The cores close to the device, for example `0-47`.
   *
   * @default - all
   */
  readonly cores?: string;

  /**
   * The number of links between this device and each other one, for example `-1,16,16,16`.
   *
   * @default - none
   */
  readonly links?: string;

  /**
   * Flags as in `gres.conf`.
   *
   * @default - none
   */
  readonly flags?: string[];
}

/** Settings of Slurm for a queue. */
export interface QueueSlurmSettings {
  /**
   * The longest that a job may run, in whole minutes.
   *
   * @default - Slurm's own, no limit
   */
  readonly maxTime?: Duration;

  /**
   * How long a job may run that doesn't say so, in whole minutes.
   *
   * @default - `maxTime`
   */
  readonly defaultTime?: Duration;

  /**
   * How long a job may go on after its time, in whole minutes.
   *
   * @default - that of the cluster
   */
  readonly overTimeLimit?: Duration;

  /**
   * Jobs in queues of a higher tier start before all jobs in queues of a lower one.
   *
   * @default - Slurm's own, 1
   */
  readonly priorityTier?: number;

  /**
   * How much the queue adds to the priority of its jobs.
   *
   * @default - Slurm's own, 1
   */
  readonly priorityJobFactor?: number;

  /**
   * What happens to jobs that give way to others, for example `REQUEUE`.
   *
   * @default - that of the cluster
   */
  readonly preemptMode?: string;

  /**
   * The time that a job gets between notice and end when it gives way, in whole seconds.
   *
   * @default - Slurm's own, none
   */
  readonly graceTime?: Duration;

  /**
   * The accounts that may use the queue. Needs accounting.
   *
   * @default - all
   */
  readonly allowAccounts?: string[];

  /**
   * The accounts that may not use the queue. Needs accounting.
   *
   * @default - none
   */
  readonly denyAccounts?: string[];

  /**
   * The qualities of service that may be used. They must exist in the accounting database.
   *
   * @default - all
   */
  readonly allowQos?: string[];

  /**
   * The qualities of service that may not be used. They must exist in the accounting database.
   *
   * @default - none
   */
  readonly denyQos?: string[];

  /**
   * The quality of service whose limits the queue has. It must exist in the accounting database.
   *
   * @default - none
   */
  readonly qos?: string;

  /**
   * Whether a node is used by one user at a time.
   *
   * @default - Slurm's own, false
   */
  readonly exclusiveUser?: boolean;

  /**
   * Whether jobs may share the resources of a node, for example `EXCLUSIVE` or `FORCE:2`.
   *
   * @default - Slurm's own, `NO`
   */
  readonly overSubscribe?: string;

  /**
   * Whether a node is ended as soon as it has no job.
   *
   * @default - Slurm's own, false
   */
  readonly powerDownOnIdle?: boolean;

  /**
   * What each resource counts in accounting, for example `{ CPU: 1, 'GRES/gpu': 8 }`. Generic resources must be in
   * `accountingStorageTres` of the cluster.
   *
   * @default - Slurm's own
   */
  readonly tresBillingWeights?: { [resource: string]: number };

  /**
   * Settings by their names in `slurm.conf`.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-custom-settings-queue.html
   * @default - none
   */
  readonly custom?: { [name: string]: string };
}
