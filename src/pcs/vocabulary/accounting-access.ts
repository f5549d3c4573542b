import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { checked } from '../../private/inputs/checked';

/** A POSIX user that the accounting database lets administer it. */
export interface SlurmAdministrator {
  /** The name. */
  readonly userName: string;

  /** The number of the user: 0 or more. */
  readonly userId: number;

  /** The number of the user's group: 0 or more. */
  readonly groupId: number;
}

/** Where functions are that call the REST API of Slurm, and for whom. */
export interface RestAccessOptions {
  /**
   * The VPC of the cluster.
   *
   * @default - the VPC of the cluster, where it is known
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of the functions. Their way out must lead to AWS PCS and to AWS Secrets Manager: by a NAT gateway, or by the interface
   * endpoints `pcs` and `secretsmanager`. Updated in place.
   *
   * @default - the private subnets with a way out; where there are none, the isolated ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the functions. The security groups of the cluster must let them in on TCP port 6820. Updated in place.
   *
   * @default - a new one, which may call HTTPS and the REST API of the cluster; the groups of the cluster let it in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The user that the functions show a token of. It must be an administrator of the accounting database.
   *
   * @default - `root`, with the ids 0
   */
  readonly administrator?: SlurmAdministrator;
}

/**
 * How access is chosen.
 *
 * @internal
 */
export interface AccessChoice extends RestAccessOptions {
  readonly kind: 'rest';
}

/**
 * How functions of this library reach the accounting database of a cluster.
 *
 * Accounts, qualities of service and watches of one cluster share the functions of their stack, and so have one access: the same
 * object, or none of their own.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-rest-api.html
 */
@checked('pcs.AccountingAccess')
export class AccountingAccess {
  /**
   * By the REST API of Slurm, from functions in the VPC of the cluster. The cluster needs `accounting`, `slurmRest` and Slurm 25.05 or
   * newer.
   *
   * The functions sign short-lived tokens with the key that AWS PCS keeps in AWS Secrets Manager for the cluster. That AWS PCS lets such
   * a token administer the database isn't documented: the README has the commands that try it.
   */
  public static rest(options: RestAccessOptions = {}): AccountingAccess {
    return new AccountingAccess({ kind: 'rest', ...options });
  }

  /** @internal */
  public readonly _kind = 'pcs.AccountingAccess';

  private constructor(
    /** @internal */
    public readonly _choice: AccessChoice,
  ) {}
}
