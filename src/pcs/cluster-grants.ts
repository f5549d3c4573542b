import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { clusterIdOf } from './private/ids';
import { AUTH_KEY_READ_ACTIONS, CLUSTER_MANAGE_ACTIONS, CLUSTER_READ_ACTIONS } from './private/perms';
import { checked } from '../private/inputs/checked';

/** Grants permissions on a cluster. */
@checked('pcs.ClusterGrants')
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
   * Grants reading the cluster, its tags and the lists of its node groups and queues to a principal.
   *
   * Node groups and queues themselves have `grants` of their own.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...CLUSTER_READ_ACTIONS);
  }

  /**
   * Grants reading and changing the cluster, but not deleting it, to a principal.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/security-min-permissions.html
   * @param grantee The principal.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...CLUSTER_READ_ACTIONS, ...CLUSTER_MANAGE_ACTIONS);
  }

  /**
   * Grants reading the key by which the daemons of Slurm authenticate each other to a principal, such as the role of a login node outside
   * of the node groups.
   *
   * Whoever has the key can act as any user of the cluster. The service keeps it in Secrets Manager and encrypts it with the key that
   * AWS manages there.
   *
   * @see https://docs.aws.amazon.com/pcs/latest/userguide/cluster-secrets.html
   * @param grantee The principal.
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

  /**
   * Grants any actions on the cluster to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, for example `pcs:ListTagsForResource`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.cluster.clusterRef.clusterArn] });
  }
}
