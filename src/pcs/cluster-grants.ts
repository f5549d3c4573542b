import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { clusterIdOf } from './private/ids';
import { AUTH_KEY_READ_ACTIONS, CLUSTER_MANAGE_ACTIONS, CLUSTER_READ_ACTIONS } from './private/perms';

/** Grants permissions on a cluster. */
export class ClusterGrants {
  /**
   * The grants of a cluster, whoever made it.
   *
   * @param cluster The cluster.
   */
  public static fromCluster(cluster: pcs.IClusterRef): ClusterGrants {
    return new ClusterGrants(cluster);
  }

  private constructor(private readonly cluster: pcs.IClusterRef) {}

  /**
   * Lets somebody see the cluster, its tags, and which node groups and queues it has.
   *
   * What a node group or queue is like is granted by their own `grants`.
   *
   * @param grantee Who.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, CLUSTER_READ_ACTIONS);
  }

  /**
   * Lets somebody see and change the cluster, but not delete it.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/security-min-permissions.html
   * @param grantee Who.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, [...CLUSTER_READ_ACTIONS, ...CLUSTER_MANAGE_ACTIONS]);
  }

  /**
   * Lets somebody read the key by which the daemons of Slurm know each other, for example a login node outside of the node groups.
   *
   * Whoever has the key can act as any user of the cluster. The service keeps it in Secrets Manager and encrypts it with the key that
   * AWS manages there.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/cluster-secrets.html
   * @param grantee Who.
   */
  public readAuthKey(grantee: iam.IGrantable): iam.Grant {
    const { account, region } = this.cluster.env;
    const secretArn = Stack.of(this.cluster).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `pcs!slurm-secret-${clusterIdOf(this.cluster)}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      account,
      region,
    });
    return iam.Grant.addToPrincipal({ grantee, actions: AUTH_KEY_READ_ACTIONS, resourceArns: [secretArn] });
  }

  private grant(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.cluster.clusterRef.clusterArn] });
  }
}
