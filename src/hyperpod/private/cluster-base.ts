import { Resource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { ICluster } from '../cluster';
import { ClusterGrants } from '../cluster-grants';

/**
 * What all clusters have, whether they are made, imported or looked up.
 *
 * @internal
 */
export abstract class ClusterBase extends Resource implements ICluster {
  public abstract readonly clusterArn: string;
  public abstract readonly clusterId: string;
  public abstract readonly connections: ec2.Connections;

  public get clusterRef(): sagemaker.ClusterReference {
    return { clusterArn: this.clusterArn };
  }

  public get grants(): ClusterGrants {
    return ClusterGrants.fromCluster(this);
  }
}
