import { Stack } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { IConstruct } from 'constructs';
import type { AccountLimit, QosLimit, WantedLimits } from '../../../private/contracts/pcs-accounting';
import { identityOfArn } from '../../../private/places';
import { isInTree, registryOf } from '../../../private/registry';
import type { BudgetChoice } from '../../vocabulary/gpu-budget';

interface Entry<L extends string> {
  readonly construct: IConstruct;
  /** The name in the database, or a token. */
  readonly name: string;
  /** With those of the budget. */
  readonly limits: WantedLimits<L>;
  readonly budget?: BudgetChoice;
}

/** What a cluster knows of one of its accounts. */
export interface AccountEntry extends Entry<AccountLimit> {
  readonly kind: 'account';
  readonly parentName: string;
  /** The users, where they are given. */
  readonly users?: readonly string[];
  readonly defaultFor: readonly string[];
  readonly userLimits: WantedLimits<AccountLimit>;
  readonly userBudget?: BudgetChoice;
}

/** What a cluster knows of one of its qualities of service. */
export interface QosEntry extends Entry<QosLimit> {
  readonly kind: 'qos';
  readonly preempts: boolean;
}

const CLUSTERS = new WeakMap<IConstruct, string>();

/**
 * The accounts and qualities of service that an app defines for one cluster, in any of its stacks, and however it refers to the cluster.
 */
export class ClusterAccounting {
  /** Those of a cluster in the app of a construct. */
  public static of(scope: IConstruct, cluster: pcs.IClusterRef): ClusterAccounting {
    return new ClusterAccounting(scope.node.root, identityOfArn(cluster.clusterRef.clusterArn));
  }

  /** Whether an account or a quality of service is known to be of another cluster. */
  public static isOfOther(member: IConstruct, { identity }: ClusterAccounting): boolean {
    const own = CLUSTERS.get(member);
    return own !== undefined && own !== identity && [own, identity].every(one => one.startsWith('resource '));
  }

  private readonly accountMap: Map<string, AccountEntry>;
  private readonly qosMap: Map<string, QosEntry>;

  private constructor(root: IConstruct, public readonly identity: string) {
    this.accountMap = registryOf<AccountEntry>(root, `pcs.accounts.${identity}`);
    this.qosMap = registryOf<QosEntry>(root, `pcs.qos.${identity}`);
  }

  public get accounts(): AccountEntry[] {
    return [...this.accountMap.values()].filter(({ construct }) => isInTree(construct));
  }

  public get qos(): QosEntry[] {
    return [...this.qosMap.values()].filter(({ construct }) => isInTree(construct));
  }

  /** The name of an account, whether it is of the app or imported. */
  public accountNameOf(account: IConstruct & { readonly accountName: string }): string {
    return this.accounts.find(({ construct }) => construct === account)?.name ?? account.accountName;
  }

  /** The name of a quality of service, whether it is of the app or imported. */
  public qosNameOf(qos: IConstruct & { readonly qosName: string }): string {
    return this.qos.find(({ construct }) => construct === qos)?.name ?? qos.qosName;
  }

  /** All of both. */
  public get entries(): (AccountEntry | QosEntry)[] {
    return [...this.accounts, ...this.qos];
  }

  /** The first one of a stack: what concerns the functions of the stack is told there. */
  public firstIn(stack: Stack): IConstruct | undefined {
    return this.entries.find(({ construct }) => Stack.of(construct) === stack)?.construct;
  }

  /** Whether an entry is the first one: what concerns all of them is told there. */
  public isFirst(entry: AccountEntry | QosEntry): boolean {
    return this.entries[0] === entry;
  }

  public add(entry: AccountEntry | QosEntry): void {
    CLUSTERS.set(entry.construct, this.identity);
    const { path } = entry.construct.node;
    if (entry.kind === 'account') { this.accountMap.set(path, entry); } else { this.qosMap.set(path, entry); }
  }
}
