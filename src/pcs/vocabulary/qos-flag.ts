import { checked } from '../../private/inputs/checked';

/**
 * A flag of a quality of service.
 *
 * @see https://slurm.schedmd.com/sacctmgr.html
 */
@checked('pcs.SlurmQosFlag')
export class SlurmQosFlag {
  /** Jobs that don't fit the limits even by themselves are refused at submission. Without it, they wait for ever. */
  public static readonly DENY_ON_LIMIT = new SlurmQosFlag('DenyOnLimit');

  /** Jobs whose accounts have used more than `usageThreshold` allows are held. */
  public static readonly ENFORCE_USAGE_THRESHOLD = new SlurmQosFlag('EnforceUsageThreshold');

  /** What was used is never set back, and doesn't decay. */
  public static readonly NO_DECAY = new SlurmQosFlag('NoDecay');

  /** The scheduler reserves no resources for jobs that wait. */
  public static readonly NO_RESERVE = new SlurmQosFlag('NoReserve');

  /** Its limits come before those of the quality of service that a queue has. */
  public static readonly OVER_PART_QOS = new SlurmQosFlag('OverPartQOS');

  /** Its jobs may have more nodes than the queue allows. */
  public static readonly PARTITION_MAX_NODES = new SlurmQosFlag('PartitionMaxNodes');

  /** Its jobs may have fewer nodes than the queue asks for. */
  public static readonly PARTITION_MIN_NODES = new SlurmQosFlag('PartitionMinNodes');

  /** Its jobs may run longer than the queue allows. */
  public static readonly PARTITION_TIME_LIMIT = new SlurmQosFlag('PartitionTimeLimit');

  /** Its jobs must name a reservation. */
  public static readonly REQUIRES_RESERVATION = new SlurmQosFlag('RequiresReservation');

  /** Jobs are held to limits of minutes by their usage times `usageFactor`, before they start, too. */
  public static readonly USAGE_FACTOR_SAFE = new SlurmQosFlag('UsageFactorSafe');

  /**
   * A flag that this library doesn't know. It isn't checked.
   *
   * @param value The flag in the words of `sacctmgr`.
   */
  public static of(value: string): SlurmQosFlag {
    return new SlurmQosFlag(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.SlurmQosFlag';

  private constructor(
    /** The flag in the words of Slurm. */
    public readonly value: string,
  ) {}
}

/**
 * What happens to a job that gives way to one of another quality of service.
 *
 * @see https://slurm.schedmd.com/preempt.html
 */
@checked('pcs.SlurmQosPreemptMode')
export class SlurmQosPreemptMode {
  /** It is cancelled. */
  public static readonly CANCEL = new SlurmQosPreemptMode('cancel');

  /** It is queued again, where it may be; else it is cancelled. */
  public static readonly REQUEUE = new SlurmQosPreemptMode('requeue');

  /** It is suspended, and goes on later. Its memory stays in use. */
  public static readonly SUSPEND = new SlurmQosPreemptMode('suspend');

  /**
   * A mode that this library doesn't know. It isn't checked.
   *
   * @param value The mode in the words of Slurm, in lower case.
   */
  public static of(value: string): SlurmQosPreemptMode {
    return new SlurmQosPreemptMode(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.SlurmQosPreemptMode';

  private constructor(
    /** The mode in the words of Slurm. */
    public readonly value: string,
  ) {}
}
