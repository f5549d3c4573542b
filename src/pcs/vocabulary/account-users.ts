import { checked } from '../../private/inputs/checked';

/**
 * Where the users of an account stand.
 *
 * @internal
 */
export type UsersChoice =
  | { readonly kind: 'names'; readonly userNames: readonly string[] }
  | { readonly kind: 'asset'; readonly path: string };

/**
 * The users of an account of Slurm, by the names that they log in with.
 *
 * Slurm's accounting database knows users by name alone; the users themselves are those of the nodes, for example of an LDAP directory.
 *
 * @see https://slurm.schedmd.com/accounting.html
 */
@checked('pcs.AccountUsers')
export class AccountUsers {
  /**
   * Users by their names.
   *
   * @param userNames The names. Slurm keeps them in lower case.
   */
  public static of(...userNames: string[]): AccountUsers {
    return new AccountUsers({ kind: 'names', userNames });
  }

  /**
   * The users that a file of the app names. It is read at synthesis, and its names become part of the template.
   *
   * In a file whose name ends in `.csv`, the first line names the columns, and users are in the column `user`; others are passed over. In
   * any other file, each line is a name; empty lines are passed over, and those that begin with `#`.
   *
   * @param path The path of the file.
   */
  public static fromAsset(path: string): AccountUsers {
    return new AccountUsers({ kind: 'asset', path });
  }

  /** @internal */
  public readonly _kind = 'pcs.AccountUsers';

  private constructor(
    /** @internal */
    public readonly _choice: UsersChoice,
  ) {}
}
