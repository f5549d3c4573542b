import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { ScriptErrorAction } from './lifecycle-actions';
import type { MaintainedScriptVersion } from './maintained-script';
import { checked } from '../../private/inputs/checked';

/** Users of an LDAP directory. */
export interface LdapUsersOptions {
  /**
   * The address of the server: `ldaps://directory.example.com`. With `ldap://`, which synthesis warns of, names cross the network as plain
   * text, and SSSD lets nobody log in unless the server offers TLS on that port.
   */
  readonly ldapUri: string;

  /** Where users and groups are searched for, such as `dc=example,dc=com`. */
  readonly searchBase: string;

  /**
   * The secret with the name and the password to bind with: JSON of the form `{"username": "…", "password": "…"}`. The role of the nodes is
   * allowed to read it, so that people who get root on a node can, too: bind as somebody who may read the directory and nothing else.
   *
   * @default - nodes bind anonymously
   */
  readonly secret?: secretsmanager.ISecretRef;

  /**
   * The customer-managed key of the secret, if it has one. The role of the nodes is allowed to decrypt with it.
   *
   * @default - the key of the secret, where it is known
   */
  readonly encryptionKey?: kms.IKeyRef;

  /**
   * The file on nodes with the certificates of the authorities that the server's certificate is checked against: an absolute path.
   *
   * @default - those of the operating system
   */
  readonly tlsCacert?: string;

  /**
   * The version of the script `configure-ldaps` of AWS.
   *
   * @default MaintainedScriptVersion.V1_0_0
   */
  readonly scriptVersion?: MaintainedScriptVersion;

  /**
   * What happens to a node whose script fails.
   *
   * @default - the service's own, `ScriptErrorAction.TERMINATE`
   */
  readonly onError?: ScriptErrorAction;
}

/**
 * Where the users of nodes come from.
 *
 * @internal
 */
export type DirectoryUsersChoice = { readonly kind: 'ldap' } & LdapUsersOptions;

/**
 * The users of nodes, from a directory.
 *
 * A change replaces nodes when they are idle. The directory must let nodes in, at port 636 for `ldaps://` or 389: add the rule to its
 * security group, `directory.connections.allowFrom(cluster, ec2.Port.tcp(636))`.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/cng-node-lifecycle-actions-vetted-scripts.html
 */
@checked('pcs.DirectoryUsers')
export class DirectoryUsers {
  /**
   * Users of an LDAP directory, such as OpenLDAP or AWS Managed Microsoft AD, by the script `configure-ldaps` of AWS, which sets up SSSD.
   *
   * The image needs the packages `sssd`, `sssd-ldap` and `sssd-tools`, and with a secret `awscli` and `python3`.
   */
  public static ldap(options: LdapUsersOptions): DirectoryUsers {
    return new DirectoryUsers({ kind: 'ldap', ...options });
  }

  /** @internal */
  public readonly _kind = 'pcs.DirectoryUsers';

  private constructor(
    /** @internal */
    public readonly _choice: DirectoryUsersChoice,
  ) {}
}
