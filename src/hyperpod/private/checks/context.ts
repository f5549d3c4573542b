import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { IConstruct } from 'constructs';
import { findShortages, type CapacityHolder, type Shortage } from './shortages';
import { identityOfArn } from '../../../private/places';
import { describe, isConcrete, warn } from '../../../private/problems';
import { isInTree } from '../../../private/registry';
import type { Rule } from '../../../private/rule';
import type { QuotaResource } from '../../quotas/vocabulary/quota-resource';
import { RULES } from '../rules';

/** A quota as others of its cluster see it. */
export interface QuotaEntry {
  readonly construct: IConstruct;
  readonly name: string;
  readonly teamName: string;
  readonly fairShareWeight?: number;
  readonly resources: QuotaResource[];
  readonly enabled: boolean;
}

/** A scheduler configuration as the quotas of its cluster see it. */
export interface SchedulerConfigEntry {
  readonly construct: IConstruct;
  readonly name: string;
  readonly fairShare?: boolean;
}

const CONTEXTS = new WeakMap<IConstruct, Map<string, ClusterContext>>();

/** What an app knows of one cluster: every quota and scheduler configuration that it defines for it, in any of its stacks. */
export class ClusterContext {
  /** What the app of a construct knows of a cluster. */
  public static of(scope: IConstruct, cluster: sagemaker.IClusterRef): ClusterContext {
    const root = scope.node.root;
    let contexts = CONTEXTS.get(root);
    if (!contexts) {
      contexts = new Map();
      CONTEXTS.set(root, contexts);
    }
    const key = identityOfArn(cluster.clusterRef.clusterArn);
    let context = contexts.get(key);
    if (!context) {
      context = new ClusterContext();
      contexts.set(key, context);
    }
    context.clusters.add(cluster);
    return context;
  }

  private readonly clusters = new Set<sagemaker.IClusterRef>();
  private readonly allQuotas: QuotaEntry[] = [];
  private readonly enabledQuotas: QuotaEntry[] = [];
  private readonly quotasByName = new Map<string, QuotaEntry[]>();
  private readonly quotasByTeam = new Map<string, QuotaEntry[]>();
  private readonly allSchedulerConfigs: SchedulerConfigEntry[] = [];

  private constructor() {}

  public hasQuotaNamed(name: string): boolean {
    return isConcrete(name) && hasAny(this.quotasByName, name);
  }

  public hasSchedulerConfigNamed(name: string): boolean {
    return isConcrete(name) && this.schedulerConfigs.some(config => config.name === name);
  }

  public addQuota(entry: QuotaEntry): void {
    if (isConcrete(entry.teamName) && hasAny(this.quotasByTeam, entry.teamName)) {
      warn(entry.construct, RULES.quotaTeamTwice, { property: 'team', got: entry.teamName });
    }
    if (this.schedulerConfigs.some(config => config.fairShare === false)) { warnOfUnusedWeight(entry); }
    this.allQuotas.push(entry);
    file(this.quotasByName, entry.name, entry);
    file(this.quotasByTeam, entry.teamName, entry);
    if (!entry.enabled) { return; }
    this.enabledQuotas.push(entry);
    entry.construct.node.addValidation({ validate: () => this.judgeCapacity(entry) });
  }

  public addSchedulerConfig(entry: SchedulerConfigEntry): void {
    if (this.schedulerConfigs.length > 0) {
      warn(entry.construct, RULES.schedulerConfigTwice, { property: 'cluster' });
    }
    if (entry.fairShare === false) { this.allQuotas.filter(isThere).forEach(warnOfUnusedWeight); }
    this.allSchedulerConfigs.push(entry);
  }

  /** Tells what is promised too much, once: at the first quota of the cluster. */
  private judgeCapacity(entry: QuotaEntry): string[] {
    if (entry !== this.enabledQuotas.find(isThere)) { return []; }
    const holder = [...this.clusters].map(cluster => cluster as Partial<CapacityHolder>).find(cluster => cluster._capacity?.());
    const groups = holder?._capacity?.();
    if (!groups) { return []; }
    const demands = this.enabledQuotas.filter(isThere).map(({ construct, resources }) => ({ path: construct.node.path, resources }));
    const { notCarried, notDivided, aboveCapacity } = findShortages(groups, demands);
    const refuse = (rule: Rule) => (shortage: Shortage) => describe(rule, { property: 'resources', got: shortage });
    const advise = (rule: Rule) => (shortage: Shortage) => warn(entry.construct, rule, { property: 'resources', got: shortage });
    if (holder!._capacityIsCreated) {
      notDivided.forEach(advise(RULES.quotaNotDivided));
      aboveCapacity.forEach(advise(RULES.quotasAboveCreatedCapacity));
      return notCarried.map(refuse(RULES.quotaNotCarried));
    }
    return [...[...notCarried, ...notDivided].map(refuse(RULES.quotaNotCarried)), ...aboveCapacity.map(refuse(RULES.quotasAboveCapacity))];
  }

  private get schedulerConfigs(): SchedulerConfigEntry[] {
    return this.allSchedulerConfigs.filter(isThere);
  }
}

function warnOfUnusedWeight(quota: QuotaEntry): void {
  if (isConcrete(quota.fairShareWeight) && quota.fairShareWeight > 0) {
    warn(quota.construct, RULES.fairShareWeightUnused, { property: 'fairShareWeight', got: quota.fairShareWeight });
  }
}

/** Adds a quota to those of its name or its team. */
function file(index: Map<string, QuotaEntry[]>, key: string, entry: QuotaEntry): void {
  const entries = index.get(key);
  if (entries) { entries.push(entry); } else { index.set(key, [entry]); }
}

/** Whether there is a quota of a name or a team. */
function hasAny(index: Map<string, QuotaEntry[]>, key: string): boolean {
  return index.get(key)?.some(isThere) ?? false;
}

/** Whether the construct of an entry hasn't been removed since. */
function isThere({ construct }: { readonly construct: IConstruct }): boolean {
  return isInTree(construct);
}
