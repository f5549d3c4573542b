import type { Duration } from 'aws-cdk-lib';

/**
 * What a remediation does by itself.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-resiliency-manual.html
 */
export enum RemediationMode {
  /** It decides and tells, and touches nothing. */
  REPORT = 'REPORT',

  /** It reboots and replaces nodes. What runs on them is stopped, and the volumes of replaced ones are lost. */
  REPAIR = 'REPAIR',
}

/**
 * What becomes of a node with a fault.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-resiliency-manual.html
 */
export enum FaultAction {
  /** The node is rebooted. Where it doesn't come back, or the fault does, it is replaced. */
  REBOOT = 'Reboot',

  /** The node is replaced at once. */
  REPLACE = 'Replace',

  /** The node is left as it is: the fault is one of a program. */
  LEAVE = 'Leave',

  /** People are told, and decide. */
  ESCALATE = 'Escalate',
}

/** A line of the decision table of a remediation. */
export interface FaultRule {
  /**
   * A part of what the event says: of the reason or of the recommendation. Capitals and small letters are the same. A fault type of
   * the health monitoring agent, such as `NvidiaErrorReboot`, or a word such as `Xid 79`.
   */
  readonly contains: string;

  /** What becomes of the node. */
  readonly action: FaultAction;
}

/**
 * A day of the week, in UTC.
 *
 * @see MaintenanceWindow.days
 */
export enum WeekDay {
  /** Sunday. */
  SUNDAY = 0,
  /** Monday. */
  MONDAY = 1,
  /** Tuesday. */
  TUESDAY = 2,
  /** Wednesday. */
  WEDNESDAY = 3,
  /** Thursday. */
  THURSDAY = 4,
  /** Friday. */
  FRIDAY = 5,
  /** Saturday. */
  SATURDAY = 6,
}

/** When a remediation may touch nodes. */
export interface MaintenanceWindow {
  /** When it opens: a time of the day in UTC, such as `22:30`. */
  readonly start: string;

  /** How long it stays open, over midnight too: 1 minute to 7 days. */
  readonly duration: Duration;

  /**
   * The days on which it opens.
   *
   * @default - every day
   */
  readonly days?: WeekDay[];
}

/** How many nodes of one instance group a remediation may touch. The lowest limit counts; one node is always allowed. */
export interface RemediationLimits {
  /**
   * The most nodes under repair at once. Others wait.
   *
   * @default 1
   */
  readonly maxNodesAtOnce?: number;

  /**
   * The most of a group under repair at once, in percent of its nodes, rounded down to whole ones.
   *
   * @default 10
   */
  readonly maxPercentAtOnce?: number;

  /**
   * The most nodes on one day, in UTC. Further faults are refused: so many at once are rarely broken hardware.
   *
   * @default 5
   */
  readonly maxNodesPerDay?: number;

  /**
   * The most of a group on one day, in percent of its nodes, rounded down to whole ones.
   *
   * @default 25
   */
  readonly maxPercentPerDay?: number;
}
