import type { Context } from 'aws-lambda';
import { measure, type Measured } from './measure';
import { USAGE_METRICS, USAGE_NAMESPACE, type UsageMetric, type UsageWatchEvent } from '../../../src/private/contracts/pcs-usage';
import { text, type Properties } from '../../shared/coerce';
import { withDeadline, workBudget } from '../../shared/deadline';
import { HandlerError, failureOf } from '../../shared/errors';
import { log } from '../../shared/logger';
import { plainList } from '../../shared/plain';
import { identityOf, type SlurmAccess } from '../slurm-access';

/** States in which a cluster is about to answer again, or never will: nothing is measured, and nothing has failed. */
const SILENT = new Set(['CREATING', 'UPDATING', 'RESUMING', 'SUSPENDING', 'SUSPENDED', 'DELETING']);

/** Asks Slurm what accounts have used and publishes it: CloudWatch makes metrics of lines in the log, so it takes no permission. */
export class UsageWatch {
  public constructor(
    private readonly access: SlurmAccess,
    private readonly print: (line: string) => void,
    private readonly now: () => number = Date.now,
  ) {}

  public async handle(event: UsageWatchEvent, context: Context): Promise<void> {
    const properties = event as unknown as Properties;
    const clusterId = text(properties, 'ClusterId');
    const accounts = plainList(event.Accounts);
    try {
      const measured = await withDeadline(workBudget(context), async signal => this.read(clusterId, properties, accounts, signal));
      const now = this.now();
      for (const [account, values] of measured) { this.print(metricsLine(clusterId, account, values, now)); }
      log('measured', { operation: 'GET /shares', reason: `${measured.size} of ${accounts.length} accounts` });
    } catch (error) {
      const { code, message, kind, attempts } = failureOf(error);
      log('read', { operation: 'GET /shares', code, attempts });
      if (kind !== 'not-found') { throw new HandlerError(code, `cluster "${clusterId}": ${message}`); }
    }
  }

  /** A cluster that isn't there yet, or not any more, is no failure of the watch. */
  private async read(
    clusterId: string, properties: Properties, accounts: readonly string[], signal: AbortSignal,
  ): Promise<Map<string, Measured>> {
    const cluster = await this.access.cluster(clusterId, signal);
    if (SILENT.has(String(cluster.status))) {
      log('measured', { operation: 'GetCluster', status: cluster.status });
      return new Map();
    }
    const slurm = await this.access.connect(cluster, { clusterId, identity: identityOf(properties) }, signal);
    try {
      const shares = await slurm.ask({ plugin: 'slurm', method: 'GET', path: '/shares', query: { accounts: accounts.join(',') } }, signal);
      return measure(shares, accounts);
    } finally {
      slurm.close();
    }
  }
}

/**
 * Metrics as CloudWatch finds them in logs.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function metricsLine(clusterId: string, account: string, values: Measured, now: number): string {
  const metrics = (Object.keys(values) as UsageMetric[]).map(metric => ({ Name: metric, Unit: USAGE_METRICS[metric] }));
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: USAGE_NAMESPACE, Dimensions: [['ClusterId', 'AccountName']], Metrics: metrics }] },
    ClusterId: clusterId,
    AccountName: account,
    ...values,
  });
}
