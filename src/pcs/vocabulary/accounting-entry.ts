import type { RemovalPolicy } from 'aws-cdk-lib';
import type { AccountingAccess } from './accounting-access';

/**
 * Whether the accounting database is changed.
 *
 * @see https://slurm.schedmd.com/accounting.html
 */
export enum AccountingMode {
  /** The database is read, and what would change is reported: in the attribute `changes`, and in the log. Nothing is changed. */
  PREVIEW = 'PREVIEW',

  /** The database is changed. */
  APPLY = 'APPLY',
}

/** What accounts and qualities of service have alike: how they come into the accounting database, and what becomes of them there. */
export interface AccountingEntryOptions {
  /**
   * Whether the database is changed, or only what would change is reported. Nothing is deleted in `PREVIEW`, either. Updated in place.
   *
   * @default AccountingMode.APPLY
   */
  readonly mode?: AccountingMode;

  /**
   * Whether one that is in the database already, made by somebody else, is taken over. Otherwise the deployment fails before it changes
   * anything.
   *
   * While it is set, the entry is never deleted from the database, whoever made it, and whatever `removalPolicy` says. A rollback doesn't
   * bring back what the entry had before. Remove it in a later deployment to let `removalPolicy` rule.
   *
   * @default false
   */
  readonly adoptExisting?: boolean;

  /**
   * What becomes of it in the database when it is removed from the stack, or gets another name: `RETAIN` keeps it, `DESTROY` deletes
   * it, though the records of its jobs then name what no longer exists. Updated in place.
   *
   * With `DESTROY` a deletion that can't be made fails, for example while Slurm can't be reached. By default it is kept then, and the log
   * of the function says why.
   *
   * @default - an account is deleted if no job has ever used it and no account is below it, a quality of service if no account or other
   * quality of service names it; kept otherwise
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether a deletion, and the removal of a user, waits for jobs that are pending or running, up to 40 minutes. Otherwise, and after
   * that, it fails; without `removalPolicy`, a deletion keeps the entry instead. Updated in place.
   *
   * @default false
   */
  readonly waitForJobs?: boolean;

  /**
   * Any text. Another one makes the next deployment compare the database with the stack again, and put right what somebody has changed.
   *
   * @default - compared when something of it changes
   */
  readonly refresh?: string;

  /**
   * How the database is reached. All accounts and qualities of service of a cluster in one stack have the same.
   *
   * @default AccountingAccess.rest()
   */
  readonly access?: AccountingAccess;
}
