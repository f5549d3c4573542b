import { Resource, Token, Tokenization, type CfnResource, type IResource } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { ISlurmQos } from './slurm-qos';
import { SLURMS_OWN, type AccountingAttribute } from '../../private/contracts/pcs-accounting';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { planAccess } from '../private/accounting/access';
import { adviseAccount, checkAccount, judgeAccount } from '../private/accounting/account-checks';
import { ClusterAccounting, type AccountEntry } from '../private/accounting/cluster-accounting';
import { checkEntry, makeEntry, orNone } from '../private/accounting/entry';
import { accountLimits } from '../private/accounting/limits';
import { adviseNeeds, checkNeeds } from '../private/accounting/needs';
import { adviseQueues, orderQueues } from '../private/accounting/queue-checks';
import { readUsers } from '../private/accounting/users';
import { contextOf } from '../private/context';
import type { AccountUsers } from '../vocabulary/account-users';
import type { AccountingEntryOptions } from '../vocabulary/accounting-entry';
import type { GpuBudget } from '../vocabulary/gpu-budget';
import type { SlurmAccountLimits } from '../vocabulary/slurm-limits';

/** An account of Slurm: a team, a project, or whatever else jobs are charged to. */
export interface ISlurmAccount extends IResource {
  /**
   * The name, which people pass to `sbatch --account`.
   *
   * @attribute
   */
  readonly accountName: string;
}

/** What an account is like. */
export interface SlurmAccountOptions extends AccountingEntryOptions {
  /**
   * The name, which people pass to `sbatch --account`: without capitals, since Slurm keeps names in lower case. Unique in the cluster.
   *
   * Another name makes another account, with no usage; see `removalPolicy` for what becomes of the old one.
   *
   * @default - the id of the construct in lower case
   */
  readonly accountName?: string;

  /**
   * What the account is for. This library adds a mark to it, by which it knows its own accounts. Updated in place.
   *
   * @default - the mark alone
   */
  readonly description?: string;

  /**
   * The organization that the account is of. Updated in place.
   *
   * @default - the name of the account
   */
  readonly organization?: string;

  /**
   * The account above it, within whose limits and budget it has its own. Updated in place.
   *
   * @default - `root`, which each cluster has
   */
  readonly parent?: ISlurmAccount;

  /**
   * All users of the account: others are taken out of it. Updated in place.
   *
   * @default - the users of the account are left to others, for example to `sacctmgr`
   */
  readonly users?: AccountUsers;

  /**
   * Those users whose jobs go to this account where they name none. A user has one such account on a cluster. Updated in place.
   *
   * @default - none of them; Slurm takes the first account that a user gets
   */
  readonly defaultAccountOf?: AccountUsers;

  /**
   * How much of the cluster the account is meant to have in relation to its siblings, where jobs wait: a whole number, 0 or more. It counts
   * by `PriorityWeightFairshare` of the cluster. Updated in place.
   *
   * @default 1
   */
  readonly fairShareWeight?: number;

  /**
   * The qualities of service that its jobs may have. Updated in place.
   *
   * @default - those of the account above it
   */
  readonly qos?: ISlurmQos[];

  /**
   * The quality of service of jobs that name none. Updated in place.
   *
   * @default - that of the account above it
   */
  readonly defaultQos?: ISlurmQos;

  /**
   * The GPU hours that jobs of the account, and of accounts below it, may use. Updated in place, and what has been used counts.
   *
   * The cluster gets the settings that budgets need, where it has no others: `AccountingStorageEnforce`, `AccountingStorageTRES`,
   * `PriorityDecayHalfLife` and `PriorityUsageResetPeriod`.
   *
   * @default - no budget
   */
  readonly budget?: GpuBudget;

  /**
   * Limits. Updated in place; a limit that is left out is lifted.
   *
   * @default - none
   */
  readonly limits?: SlurmAccountLimits;

  /**
   * The GPU hours that the jobs of each of `users` may use in this account. Updated in place.
   *
   * @default - no budget of their own
   */
  readonly userBudget?: GpuBudget;

  /**
   * Limits that each of `users` has in this account. Updated in place.
   *
   * @default - none
   */
  readonly userLimits?: SlurmAccountLimits;
}

/** Properties of an account. */
export interface SlurmAccountProps extends SlurmAccountOptions {
  /** The cluster. It needs `accounting` and `slurmRest`. Another cluster needs another id of the construct. */
  readonly cluster: pcs.IClusterRef;
}

abstract class SlurmAccountBase extends Resource implements ISlurmAccount {
  public abstract readonly accountName: string;
}

/**
 * An account in the accounting database of a cluster, with its users, limits and budget.
 *
 * Experimental: that AWS PCS lets a token administer the database isn't documented, and whether it does has to be tried on a cluster: see
 * the README.
 *
 * An account of another owner is never touched: a deployment fails where one of that name is in the database, unless `adoptExisting` says
 * otherwise. Users are known by their names alone; each must exist on the nodes, for example in an LDAP directory.
 *
 * With enforcement on, which limits and budgets turn on, jobs of users without an account are refused: "Invalid account or
 * account/partition combination specified".
 *
 * The first account or quality of service of a cluster in a stack brings functions in the VPC of the cluster: one that makes, changes and
 * deletes, one that waits, and those of the AWS CDK that call them. They cost by the second that they run; an account costs nothing.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://slurm.schedmd.com/accounting.html
 *
 * @example
 * const research = new pcs.SlurmAccount(this, 'Research', {
 *   cluster,
 *   users: pcs.AccountUsers.of('alice', 'bob'),
 *   budget: pcs.GpuBudget.monthly({ gpuHours: 5000 }),
 *   limits: { grpTres: { 'gres/gpu': 32 } },
 * });
 * new pcs.SlurmAccount(this, 'Vision', { cluster, parent: research, users: pcs.AccountUsers.of('carol') });
 */
@propertyInjectable
@checked('pcs.SlurmAccount')
export class SlurmAccount extends SlurmAccountBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.SlurmAccount';

  /**
   * An account that exists already, by its name. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param accountName The name.
   */
  public static fromAccountName(scope: Construct, id: string, accountName: string): ISlurmAccount {
    return new ImportedSlurmAccount(scope, id, accountName);
  }

  private readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: SlurmAccountProps) {
    super(scope, id);

    const { cluster, budget, userBudget } = props;
    const context = contextOf(cluster);
    const problems = new Problems();
    const access = planAccess(problems, this, cluster, props.access);
    const accounting = ClusterAccounting.of(this, cluster);
    const entry: AccountEntry = {
      kind: 'account',
      construct: this,
      name: props.accountName ?? id.toLowerCase(),
      parentName: props.parent ? accounting.accountNameOf(props.parent) : SLURMS_OWN.Account,
      limits: accountLimits(this, problems, { property: 'limits', limits: props.limits, budgetProperty: 'budget', budget: budget?._choice }),
      budget: budget?._choice,
      users: readUsers(problems, 'users', props.users),
      defaultFor: readUsers(problems, 'defaultAccountOf', props.defaultAccountOf) ?? [],
      userLimits: accountLimits(this, problems, {
        property: 'userLimits', limits: props.userLimits, budgetProperty: 'userBudget', budget: userBudget?._choice,
      }),
      userBudget: userBudget?._choice,
    };
    checkEntry(problems, props);
    checkAccount(problems, props, entry, accounting);
    checkNeeds(problems, entry, context, accounting);
    problems.throwIfAny(this);

    adviseAccount(this, entry, context.slurmdbdSettings);
    accounting.add(entry);
    orderQueues(context.queues, [entry]);
    const { fairShareWeight, qos } = props;
    this.resource = makeEntry(this, accounting, access, props, {
      Kind: 'Account',
      Account: {
        Name: entry.name,
        Parent: props.parent?.accountName,
        Description: props.description,
        Organization: props.organization,
        FairShare: fairShareWeight === undefined ? undefined : Tokenization.stringifyNumber(fairShareWeight),
        Qos: qos?.map(each => each.qosName),
        DefaultQos: props.defaultQos?.qosName,
        Limits: orNone(entry.limits),
        Users: entry.users,
        DefaultFor: entry.defaultFor.length === 0 ? undefined : entry.defaultFor,
        EachUser: orNone({ Limits: orNone(entry.userLimits) }),
      },
    });
    this.node.addValidation({
      validate: () => {
        if (accounting.isFirst(entry)) {
          adviseNeeds(this, context, accounting);
          adviseQueues(context, accounting);
        }
        return judgeAccount(entry, accounting);
      },
    });
  }

  public get accountName(): string {
    return this.attribute('Name').toString();
  }

  /**
   * What the last deployment changed in the database, or would change in `AccountingMode.PREVIEW`: a line for each change, as far as
   * there is room.
   *
   * @attribute
   */
  public get changes(): string {
    return this.attribute('Changes').toString();
  }

  /**
   * How many changes there were at the last deployment, or would be.
   *
   * @attribute
   */
  public get changeCount(): number {
    return Token.asNumber(this.attribute('ChangeCount'));
  }

  private attribute(name: AccountingAttribute): ReturnType<CfnResource['getAtt']> {
    return this.resource.getAtt(name);
  }
}

class ImportedSlurmAccount extends SlurmAccountBase {
  constructor(scope: Construct, id: string, public readonly accountName: string) {
    super(scope, id);
  }
}
