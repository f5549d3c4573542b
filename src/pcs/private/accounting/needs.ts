import type { IConstruct } from 'constructs';
import type { AccountEntry, ClusterAccounting, QosEntry } from './cluster-accounting';
import { isConcrete, warn, type Problems } from '../../../private/problems';
import type { BudgetChoice } from '../../vocabulary/gpu-budget';
import type { ClusterContext } from '../context';
import { RULES } from '../rules';
import { allSettings, type Named, type Settings } from '../settings';

/** What accounts and qualities of service ask of the settings of their cluster. */
export interface Needs {
  /** Whether something is limited, so that limits have to be kept. */
  readonly limits: boolean;
  /** Whether there are budgets: a job mustn't start that would go above what is left. */
  readonly budgets: boolean;
  /** The period after which what was used is set back, where budgets have one. */
  readonly period?: string;
  /** The resources that are limited, besides those that Slurm tracks by itself. */
  readonly resources: readonly string[];
}

/** Resources that Slurm tracks only where it is told to. */
const UNTRACKED = /^(gres|license|bb|ic)\//i;

/** What is asked of the settings of a cluster. */
export function needsOf(entries: readonly (AccountEntry | QosEntry)[]): Needs {
  const limits = entries.flatMap(entry => [entry.limits, ...entry.kind === 'account' ? [entry.userLimits] : []]);
  const budgets = entries.flatMap(budgetsOf);
  const names = limits.flatMap(each => Object.values<string>(each)).flatMap(value => value.includes('=') ? value.split(',') : [])
    .map(part => part.split('=')[0]).filter(name => UNTRACKED.test(name));
  // A type of GPU is counted beside all GPUs.
  const resources = names.flatMap(name => name.includes(':') ? [name.split(':')[0], name] : [name]);
  return {
    limits: limits.some(each => Object.keys(each).length > 0),
    budgets: budgets.length > 0,
    period: periodsOf(budgets)[0],
    resources: [...new Set(resources)].sort(),
  };
}

/** The periods of budgets, each once. */
function periodsOf(budgets: readonly BudgetChoice[]): string[] {
  return [...new Set(budgets.map(({ period }) => period).filter(period => period !== 'TOTAL'))];
}

function budgetsOf(entry: AccountEntry | QosEntry): BudgetChoice[] {
  return [entry.budget, entry.kind === 'account' ? entry.userBudget : undefined].filter(budget => budget !== undefined);
}

/** The settings of a cluster, with what is asked of them added where nothing else is set. */
export function withNeeds(settings: Settings, { limits, budgets, period, resources }: Needs): Settings {
  if (!limits) { return settings; }
  const given = allSettings(settings);
  const wanted: Named = {
    AccountingStorageTRES: tracked(given.AccountingStorageTRES, resources),
    AccountingStorageEnforce: given.AccountingStorageEnforce ?? ['associations', 'limits', 'qos', ...budgets ? ['safe'] : []].join(','),
    ...period !== undefined && {
      PriorityDecayHalfLife: given.PriorityDecayHalfLife ?? '0',
      PriorityUsageResetPeriod: given.PriorityUsageResetPeriod ?? period,
    },
  };
  const isCustom = ([name]: [string, unknown]) => Object.hasOwn(settings.custom, name);
  const changed = Object.entries(wanted).filter(([, value]) => value !== undefined) as [string, string][];
  return {
    ...settings,
    typed: { ...settings.typed, ...Object.fromEntries(changed.filter(entry => !isCustom(entry))) },
    custom: { ...settings.custom, ...Object.fromEntries(changed.filter(isCustom)) },
  };
}

/** A list of resources with further ones. What isn't known at synthesis is left as it is. */
function tracked(given: string | undefined, resources: readonly string[]): string | undefined {
  if (resources.length === 0 || (given !== undefined && !isConcrete(given))) { return given; }
  const known = given === undefined ? [] : given.split(',');
  const isKnown = (resource: string) => known.some(one => one.toLowerCase() === resource.toLowerCase());
  return [...known, ...resources.filter(resource => !isKnown(resource))].join(',');
}

/** Checks what one account or quality of service asks of its cluster against the settings of that, and what others ask. */
export function checkNeeds(
  problems: Problems, entry: AccountEntry | QosEntry, { slurmSettings }: ClusterContext, accounting: ClusterAccounting,
): void {
  const { limits, period } = needsOf([entry]);
  if (!limits) { return; }
  if (period !== undefined) {
    const periods = periodsOf([...accounting.entries, entry].flatMap(budgetsOf));
    if (periods.length > 1) { problems.add(RULES.budgetPeriodsDiffer, { property: 'budget', got: periods }); }
    const decay = slurmSettings?.PriorityDecayHalfLife;
    if (isConcrete(decay) && !/^[0:-]+$/.test(decay)) {
      problems.add(RULES.budgetDecays, { property: 'cluster.slurmSettings (PriorityDecayHalfLife)', got: decay });
    }
    const reset = slurmSettings?.PriorityUsageResetPeriod;
    if (isConcrete(reset) && reset.toUpperCase() !== period) {
      problems.add(RULES.budgetPeriodOfCluster, { property: 'budget', got: { budget: period, PriorityUsageResetPeriod: reset } });
    }
  }
  const enforced = wordsOf(slurmSettings?.AccountingStorageEnforce);
  if (enforced && !['limits', 'safe', 'all'].some(word => enforced.includes(word))) {
    problems.add(RULES.limitsNotEnforced, { property: 'cluster.accounting.enforcement', got: enforced });
  }
}

/** Advice on what accounts and qualities of service ask of their cluster, when the app is complete. */
export function adviseNeeds(scope: IConstruct, { slurmSettings }: ClusterContext, accounting: ClusterAccounting): void {
  const needs = needsOf(accounting.entries);
  if (!needs.limits) { return; }
  if (slurmSettings === undefined) {
    const none: Settings = { kind: 'cluster', typed: {}, custom: {} };
    warn(scope, RULES.limitsOfUnknownCluster, { property: 'cluster', got: allSettings(withNeeds(none, needs)) });
    return;
  }
  const enforced = wordsOf(slurmSettings.AccountingStorageEnforce);
  if (!enforced || enforced.includes('all')) { return; }
  if (needs.budgets && !enforced.includes('safe')) {
    warn(scope, RULES.budgetNotSafe, { property: 'cluster.accounting.enforcement', got: enforced });
  }
  if (accounting.qos.length > 0 && !enforced.includes('qos')) {
    warn(scope, RULES.qosNotEnforced, { property: 'cluster.accounting.enforcement', got: enforced });
  }
}

/** The words of a list, in lower case. Undefined where they aren't known, or there is none. */
function wordsOf(value: string | undefined): string[] | undefined {
  return isConcrete(value) ? value.toLowerCase().split(',') : undefined;
}
