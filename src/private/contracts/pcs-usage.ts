import type { AccountingIdentity } from './pcs-accounting';

/*
 * What a watch of accounts of Slurm says to its handler, and which metrics come of it. Rules that were deployed years ago send the old
 * events: members are only ever added.
 */

/** The event that a rule sends. */
export interface UsageWatchEvent {
  readonly ClusterId: string;
  /** The names of the accounts. */
  readonly Accounts: readonly string[];
  /** Who asks. @default root, with the ids 0 */
  readonly Identity?: AccountingIdentity;
}

/** Where the metrics are. */
export const USAGE_NAMESPACE = 'CdkHpcClusters/Slurm';

/** What tells the metrics of one account from those of another: the id of the cluster, and the name of the account. */
export const USAGE_DIMENSIONS = ['ClusterId', 'AccountName'] as const;

/** The metrics, with their units. CloudWatch has no unit of hours. */
export const USAGE_METRICS = {
  BudgetUsedPercent: 'Percent',
  CpuHoursUsed: 'None',
  FairShareFactor: 'None',
  GpuHoursBudget: 'None',
  GpuHoursCommitted: 'None',
  GpuHoursUsed: 'None',
} as const;

/** A metric of an account. */
export type UsageMetric = keyof typeof USAGE_METRICS;
