import { Resource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { ICluster } from './cluster';
import { ClusterGrants } from './cluster-grants';
import { knownPlace } from '../private/places';

/**
 * What all clusters have, whether they are made, imported or looked up.
 *
 * @internal
 */
export abstract class ClusterBase extends Resource implements ICluster {
  public abstract readonly clusterArn: string;
  public abstract readonly clusterId: string;
  public abstract readonly connections: ec2.Connections;

  public get clusterRef(): pcs.ClusterReference {
    return { clusterArn: this.clusterArn };
  }

  public get grants(): ClusterGrants {
    return ClusterGrants.fromCluster(this);
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/PCS',
      metricName,
      dimensionsMap: { ClusterId: this.clusterId },
      statistic: cloudwatch.Stats.AVERAGE,
      ...knownPlace(this),
      ...options,
    });
  }

  public metricActualCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ActualCapacity', options);
  }

  public metricDesiredCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DesiredCapacity', options);
  }

  public metricIdleCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('IdleCapacity', options);
  }

  public metricUtilizedCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('UtilizedCapacity', options);
  }

  public metricCapacityUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CapacityUtilization', options);
  }
}
