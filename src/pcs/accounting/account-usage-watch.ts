import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { ISlurmAccount } from './slurm-account';
import { notifyTopic } from '../../private/alarms';
import { USAGE_NAMESPACE, type UsageMetric, type UsageWatchEvent } from '../../private/contracts/pcs-usage';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { adviseAccess, identityFor, planAccess, usageFunction } from '../private/accounting/access';
import { ClusterAccounting } from '../private/accounting/cluster-accounting';
import { checkWatch } from '../private/accounting/watch-checks';
import type { AccountingAccess } from '../vocabulary/accounting-access';

/** How many observations an alarm looks at. One of them is enough to alarm, so a missed one in between changes nothing. */
const OBSERVATIONS = 3;

/** Properties of a watch of accounts. */
export interface AccountUsageWatchProps {
  /** The cluster. It needs `accounting` and `slurmRest`. */
  readonly cluster: pcs.IClusterRef;

  /** The accounts, at least one. An account that Slurm doesn't have has no metrics. */
  readonly accounts: ISlurmAccount[];

  /**
   * How often Slurm is asked: 1 to 60 whole minutes, known at synthesis. Slurm itself counts every 5 minutes.
   *
   * @default Duration.minutes(5)
   */
  readonly rate?: Duration;

  /**
   * Whether there are alarms on budgets: for each account one for each of `budgetPercents`. Accounts of the app without a budget have none.
   *
   * @default true
   */
  readonly budgetAlarms?: boolean;

  /**
   * The parts of a budget at which an alarm goes into ALARM, in percent: more than 0, up to 100.
   *
   * @default [80, 100]
   */
  readonly budgetPercents?: number[];

  /**
   * The topic that is notified when an alarm goes into ALARM, and when it goes back to OK, as it does when a period begins.
   *
   * A topic with an encryption key of yours needs a key policy that lets `cloudwatch.amazonaws.com` use it.
   *
   * @default - none
   */
  readonly topic?: sns.ITopicRef;

  /**
   * How Slurm is reached. It is the same as that of accounts of the cluster in this stack.
   *
   * @default AccountingAccess.rest()
   */
  readonly access?: AccountingAccess;
}

/** How a metric of an account is read, and of which account it is. */
export interface AccountMetricOptions extends cloudwatch.MetricOptions {
  /**
   * The account, one of those of the watch.
   *
   * @default - the first one
   */
  readonly slurmAccount?: ISlurmAccount;
}

/**
 * Watches what accounts of Slurm have used: publishes GPU hours and the part of the budget that is used up, and alarms before it is.
 *
 * A rule calls a function in the VPC of the cluster again and again, which asks the REST API of Slurm for what its controller holds
 * budgets against. The metrics are in the namespace `CdkHpcClusters/Slurm` with the dimensions `ClusterId` and `AccountName`:
 *
 * - `GpuHoursUsed` and `CpuHoursUsed`: since Slurm set usage back, with those of accounts below
 * - `GpuHoursCommitted`: what running jobs may still use, by their time limits
 * - `GpuHoursBudget` and `BudgetUsedPercent`: missing for accounts without a budget
 * - `FairShareFactor`: from 0, for who had much more than its share, to 1
 *
 * Slurm's REST API doesn't tell what a quality of service has used: give the budget to an account to have it watched.
 *
 * Experimental, as `SlurmAccount`. A stack has one function for all watches of a cluster. A watch costs up to six custom metrics and two
 * alarms for each account, the invocations and their log, by the hour that it is there. All of it is updated in place.
 *
 * @see https://slurm.schedmd.com/sshare.html
 *
 * @example
 * declare const oncall: sns.Topic;
 * declare const research: pcs.SlurmAccount;
 *
 * const watch = new pcs.AccountUsageWatch(this, 'Usage', { cluster, accounts: [research], budgetPercents: [50, 90], topic: oncall });
 * new pcs.CapacityDashboard(this, 'Capacity', { cluster, usageWatch: watch });
 */
@propertyInjectable
@checked('pcs.AccountUsageWatch')
export class AccountUsageWatch extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.AccountUsageWatch';

  /** The rule that has Slurm asked. */
  public readonly rule: events.Rule;

  /** The alarms on budgets: for each account those of each percentage, the lowest first. Empty where they are left out. */
  public readonly budgetAlarms: cloudwatch.Alarm[];

  /** The accounts. */
  public readonly accounts: ISlurmAccount[];

  private readonly clusterId: string;
  private readonly rate: Duration;

  constructor(scope: Construct, id: string, props: AccountUsageWatchProps) {
    super(scope, id);
    const { cluster, accounts, rate = Duration.minutes(5), budgetPercents = [80, 100] } = props;
    const problems = new Problems();
    const access = planAccess(problems, this, cluster, props.access);
    const accounting = ClusterAccounting.of(this, cluster);
    checkWatch(problems, { accounts, rate, budgetPercents }, accounting);
    problems.throwIfAny(this);

    this.accounts = accounts;
    this.clusterId = access.clusterId;
    this.rate = rate;
    const { handler, prerequisites } = usageFunction(this, access);
    const event: UsageWatchEvent = {
      ClusterId: access.clusterId, Accounts: accounts.map(({ accountName }) => accountName), Identity: identityFor(access),
    };
    this.rule = new events.Rule(this, 'Rule', {
      description: 'Watches what accounts of Slurm have used',
      schedule: events.Schedule.rate(rate),
      targets: [new targets.LambdaFunction(handler.function, { event: events.RuleTargetInput.fromObject(event) })],
    });
    this.rule.node.addDependency(...prerequisites);

    const without = accounting.accounts.filter(({ budget, limits }) => !budget && !limits.GrpTRESMins).map(({ construct }) => construct);
    const budgeted = accounts.filter(account => !without.includes(account));
    const percents = [...new Set(budgetPercents)].sort((a, b) => a - b);
    this.budgetAlarms = props.budgetAlarms === false
      ? []
      : budgeted.flatMap(account => percents.map(percent => this.alarm(account, percent)));
    notifyTopic(this.budgetAlarms, props.topic);
    this.node.addValidation({
      validate: () => {
        if (accounting.firstIn(Stack.of(this)) === undefined) { adviseAccess(this, handler, access); }
        return [];
      },
    });
  }

  /**
   * A metric of an account in the namespace `CdkHpcClusters/Slurm`.
   *
   * @param metricName The name of the metric.
   * @param options How it is read. The maximum over the rate of the watch, of the first account, by default.
   */
  public metric(metricName: string, options: AccountMetricOptions = {}): cloudwatch.Metric {
    const { slurmAccount: { accountName } = this.accounts[0], ...others } = options;
    return new cloudwatch.Metric({
      namespace: USAGE_NAMESPACE,
      metricName,
      dimensionsMap: { ClusterId: this.clusterId, AccountName: accountName },
      statistic: cloudwatch.Stats.MAXIMUM,
      period: this.rate,
      ...others,
    }).attachTo(this);
  }

  /**
   * The GPU hours that jobs of an account, and of accounts below it, have used since Slurm set usage back.
   *
   * @param options How it is read. The maximum over the rate of the watch, of the first account, by default.
   */
  public metricGpuHoursUsed(options?: AccountMetricOptions): cloudwatch.Metric {
    return this.usage('GpuHoursUsed', options);
  }

  /**
   * The GPU hours that running jobs of an account may still use, by their time limits.
   *
   * @param options How it is read. The maximum over the rate of the watch, of the first account, by default.
   */
  public metricGpuHoursCommitted(options?: AccountMetricOptions): cloudwatch.Metric {
    return this.usage('GpuHoursCommitted', options);
  }

  /**
   * The GPU hours of the budget of an account. There is no value without one.
   *
   * @param options How it is read. The maximum over the rate of the watch, of the first account, by default.
   */
  public metricGpuHoursBudget(options?: AccountMetricOptions): cloudwatch.Metric {
    return this.usage('GpuHoursBudget', options);
  }

  /**
   * The part of the budget of an account that is used up, in percent. There is no value without a budget.
   *
   * @param options How it is read. The maximum over the rate of the watch, of the first account, by default.
   */
  public metricBudgetUsedPercent(options?: AccountMetricOptions): cloudwatch.Metric {
    return this.usage('BudgetUsedPercent', options);
  }

  /**
   * The hours of CPUs that jobs of an account, and of accounts below it, have used since Slurm set usage back.
   *
   * @param options How it is read. The maximum over the rate of the watch, of the first account, by default.
   */
  public metricCpuHoursUsed(options?: AccountMetricOptions): cloudwatch.Metric {
    return this.usage('CpuHoursUsed', options);
  }

  /**
   * What fair share an account has left: from 0, for one that had much more than its share, to 1.
   *
   * @param options How it is read. The minimum over the rate of the watch, of the first account, by default.
   */
  public metricFairShareFactor(options?: AccountMetricOptions): cloudwatch.Metric {
    return this.usage('FairShareFactor', { statistic: cloudwatch.Stats.MINIMUM, ...options });
  }

  private usage(metricName: UsageMetric, options?: AccountMetricOptions): cloudwatch.Metric {
    return this.metric(metricName, options);
  }

  private alarm(account: ISlurmAccount, percent: number): cloudwatch.Alarm {
    const id = `${account.node.id}At${percent}`;
    return new cloudwatch.Alarm(this, this.node.tryFindChild(id) ? `${id}Of${this.accounts.indexOf(account)}` : id, {
      metric: this.metricBudgetUsedPercent({ slurmAccount: account }),
      threshold: percent,
      alarmDescription: `${percent} percent of the GPU budget of account ${account.accountName} are used up: raise the budget, or let jobs wait for the next period`,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: OBSERVATIONS,
      datapointsToAlarm: 1,
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
    });
  }
}
