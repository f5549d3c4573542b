import { Duration, Resource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { ICluster } from './cluster';
import { ClusterGrants } from './cluster-grants';
import { knownPlace } from '../../private/places';
import { fail } from '../../private/problems';
import { RULES } from '../private/rules';

/** Sums over a minute count nodes, since each of them reports 1 or 0 once a minute. */
const counted = () => ({ statistic: cloudwatch.Stats.SUM, period: Duration.minutes(1) });

/**
 * What all clusters have, whether they are made, imported or looked up.
 *
 * @internal
 */
export abstract class ClusterBase extends Resource implements ICluster {
  public abstract readonly clusterArn: string;
  public abstract readonly clusterId: string;
  public abstract readonly eksClusterName?: string;
  public abstract readonly connections: ec2.Connections;

  /**
   * The orchestrator, where it is known.
   *
   * @internal
   */
  public readonly _orchestratorKind?: 'eks' | 'slurm';

  public get clusterRef(): sagemaker.ClusterReference {
    return { clusterArn: this.clusterArn };
  }

  public get grants(): ClusterGrants {
    return ClusterGrants.fromCluster(this);
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const clusterName = this.eksClusterName;
    if (this._orchestratorKind === 'slurm') { fail(this, RULES.eksOnly, { property: 'metric' }); }
    if (clusterName === undefined) { fail(this, RULES.eksClusterNameMissing, { property: 'eksClusterName' }); }
    return new cloudwatch.Metric({
      namespace: 'ContainerInsights',
      metricName,
      dimensionsMap: { ClusterName: clusterName },
      statistic: cloudwatch.Stats.AVERAGE,
      ...knownPlace(this),
      ...options,
    });
  }

  public metricSchedulableNodes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('hyperpod_node_health_status_schedulable', { ...counted(), ...options });
  }

  public metricUnschedulableNodes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('hyperpod_node_health_status_unschedulable', { ...counted(), ...options });
  }

  public metricNodesPendingReplacement(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('hyperpod_node_health_status_unschedulable_pending_replacement', { ...counted(), ...options });
  }

  public metricNodesPendingReboot(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('hyperpod_node_health_status_unschedulable_pending_reboot', { ...counted(), ...options });
  }
}
