/*
 * What an account or a QOS of a cluster's Slurm says to its handler, and what comes back. One custom resource is one account or one QOS.
 * Members are only ever added: resources that were made years ago are still updated with the properties that they were made with. All
 * values arrive as strings. Limits have Slurm's own names and the values that `sacctmgr` takes; an update leaves no limit that isn't
 * named.
 */

/** The CloudFormation type of an account or a QOS. */
export const ACCOUNTING_RESOURCE_TYPE = 'Custom::HpcPcsAccounting';

/** What is there once in the accounting database. */
export type AccountingKind = 'Account' | 'Qos';

/** APPLY changes the database. PREVIEW reads it, says what would change, and writes nothing, on deletion, too. */
export type AccountingMode = 'APPLY' | 'PREVIEW';

/**
 * What becomes of it when its resource is deleted or replaced. RETAIN_USED deletes an account that no job has ever used, or a QOS that
 * nothing names, and leaves the rest as it is, with its users and limits; what can't be deleted, for example since Slurm can't be reached,
 * is left, too. What is left keeps its owner: the same resource of the same stack takes it again.
 */
export type AccountingDeletion = 'RETAIN_USED' | 'RETAIN' | 'DELETE';

/** What is done where a deletion or the removal of a user meets jobs that wait or run: fail, or wait as long as there is time. */
export type ActiveJobs = 'REFUSE' | 'WAIT';

/** The properties of a resource. Either `Account` or `Qos` is there, as `Kind` says. */
export interface AccountingProperties {
  readonly Kind: AccountingKind;
  /** The id of the cluster. The handler asks AWS PCS for its status, its address and its key. */
  readonly ClusterId: string;
  /** The name that Slurm has for the cluster. @default the one that is in the database, if there is only one */
  readonly SlurmClusterName?: string;
  /** The address of slurmrestd, as `http://10.0.1.2:6820`. @default the one that AWS PCS tells */
  readonly Endpoint?: string;
  /** The secret that tokens are signed with. @default the one that AWS PCS tells */
  readonly JwtKeySecretArn?: string;
  /** @default the current one, or the one that AWS PCS tells with the secret */
  readonly JwtKeySecretVersion?: string;
  /** Who asks. @default root, with the ids 0 */
  readonly Identity?: AccountingIdentity;
  /** @default APPLY */
  readonly Mode?: AccountingMode;
  /** @default RETAIN_USED */
  readonly OnDelete?: AccountingDeletion;
  /** @default REFUSE */
  readonly ActiveJobs?: ActiveJobs;
  /**
   * Whether an account or a QOS that is there already becomes this resource's, whoever made it. As long as it is set, a deletion is as
   * with RETAIN.
   *
   * @default false
   */
  readonly Adopt?: 'true' | 'false';
  /** Any text; another one makes CloudFormation compare the database with what is wanted again. */
  readonly Refresh?: string;
  readonly Account?: WantedAccount;
  readonly Qos?: WantedQos;
}

/** A POSIX identity, as tokens for AWS PCS carry it. */
export interface AccountingIdentity {
  readonly UserName: string;
  readonly Uid: string;
  readonly Gid: string;
  /** Further groups. */
  readonly Gids?: readonly string[];
}

/** Limits, by Slurm's names for them. */
export type WantedLimits<L extends string> = Readonly<Partial<Record<L, string>>>;

/** An account, with its users. Slurm's database doesn't tell names apart that differ in case alone, nor does the handler. */
export interface WantedAccount {
  readonly Name: string;
  /** @default root */
  readonly Parent?: string;
  readonly Description?: string;
  /** @default the name */
  readonly Organization?: string;
  /** A whole number, or `parent`. @default 1 */
  readonly FairShare?: string;
  /**
   * The QOS that its users may have. Once given, a list can't be taken away by the REST API: without it, an update gives the account the
   * list that its parent has then.
   *
   * @default those of the parent
   */
  readonly Qos?: readonly string[];
  readonly DefaultQos?: string;
  readonly Limits?: WantedLimits<AccountLimit>;
  /**
   * All users of the account. Others are taken out of it.
   *
   * @default the users of the account are nobody's concern here
   */
  readonly Users?: readonly string[];
  /** Those of the users whose default account this is. Slurm gives a user without one the first account. */
  readonly DefaultFor?: readonly string[];
  /** What each user of the account has. */
  readonly EachUser?: WantedUser;
}

/** What a user has in an account. */
export interface WantedUser {
  readonly FairShare?: string;
  readonly Limits?: WantedLimits<AccountLimit>;
}

/** A QOS. */
export interface WantedQos {
  readonly Name: string;
  readonly Description?: string;
  /** @default 0 */
  readonly Priority?: string;
  /** Slurm's own names, as `DenyOnLimit`. */
  readonly Flags?: readonly string[];
  /** The QOS whose jobs it preempts. The last one can't be taken away by the REST API: it stays, and `Changes` says so. */
  readonly Preempt?: readonly string[];
  /** In lower case, as Slurm writes them: `cancel`, `requeue`, `suspend`, `within`. @default the cluster's */
  readonly PreemptMode?: readonly string[];
  /** Seconds. @default 0 */
  readonly GraceTime?: string;
  /** @default 1 */
  readonly UsageFactor?: string;
  readonly Limits?: WantedLimits<QosLimit>;
}

/**
 * How the values of limits are written: a number; minutes, for times; or numbers of trackable resources, as
 * `cpu=100,gres/gpu=8,mem=512000` (memory in MiB).
 */
export type LimitForm = 'number' | 'minutes' | 'tres';

/** The limits of accounts, and of users in accounts, as `sacctmgr` calls them. */
export const ACCOUNT_LIMITS = {
  GrpJobs: 'number',
  GrpJobsAccrue: 'number',
  GrpSubmitJobs: 'number',
  GrpTRES: 'tres',
  GrpTRESMins: 'tres',
  GrpTRESRunMins: 'tres',
  GrpWall: 'minutes',
  MaxJobs: 'number',
  MaxJobsAccrue: 'number',
  MaxSubmitJobs: 'number',
  MaxTRESMinsPerJob: 'tres',
  MaxTRESPerJob: 'tres',
  MaxTRESPerNode: 'tres',
  MaxWallDurationPerJob: 'minutes',
} as const satisfies Record<string, LimitForm>;

/** A limit of an account. */
export type AccountLimit = keyof typeof ACCOUNT_LIMITS;

/** The limits of QOS, as `sacctmgr` calls them. */
export const QOS_LIMITS = {
  GrpJobs: 'number',
  GrpJobsAccrue: 'number',
  GrpSubmitJobs: 'number',
  GrpTRES: 'tres',
  GrpTRESMins: 'tres',
  GrpTRESRunMins: 'tres',
  GrpWall: 'minutes',
  MaxJobsAccruePerAccount: 'number',
  MaxJobsAccruePerUser: 'number',
  MaxJobsPerAccount: 'number',
  MaxJobsPerUser: 'number',
  MaxSubmitJobsPerAccount: 'number',
  MaxSubmitJobsPerUser: 'number',
  MaxTRESMinsPerJob: 'tres',
  MaxTRESPerAccount: 'tres',
  MaxTRESPerJob: 'tres',
  MaxTRESPerNode: 'tres',
  MaxTRESPerUser: 'tres',
  MaxTRESRunMinsPerAccount: 'tres',
  MaxTRESRunMinsPerUser: 'tres',
  MaxWallDurationPerJob: 'minutes',
  MinTRESPerJob: 'tres',
} as const satisfies Record<string, LimitForm>;

/** A limit of a QOS. */
export type QosLimit = keyof typeof QOS_LIMITS;

/**
 * The attributes. `Changes` are what was changed, or would be, a line for each, as far as an answer has room for them; `ChangeCount`
 * counts all of them. The log has each.
 */
export const ACCOUNTING_ATTRIBUTES = ['ChangeCount', 'Changes', 'Name'] as const;

/** An attribute. */
export type AccountingAttribute = typeof ACCOUNTING_ATTRIBUTES[number];

/** What Slurm made itself. Neither is ever deleted, and the account isn't changed, either. */
export const SLURMS_OWN = { Account: 'root', Qos: 'normal' } as const;

/**
 * The mark of an owner, at the end of a description: the last part of the stack's id, and the logical id of the resource. No two stacks
 * have the same, so what a stack left behind isn't that of the next one by the same name. `sacctmgr` writes descriptions in lower case:
 * marks are compared without regard to case.
 */
export function ownerMark(stackId: string, logicalId: string): string {
  return `[cdk-hpc-clusters ${stackId.split('/').at(-1)}/${logicalId}]`;
}
