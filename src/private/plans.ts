import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import type { Place } from './places';
import { isConcrete } from './problems';
import { isInTree, registryOf } from './registry';

/** What a training plan that the app buys will be. Members that aren't known are left out. */
export interface PlanFacts {
  /** The type of its instances, such as `ml.p5.48xlarge`. */
  readonly instanceType?: string;
  readonly instanceCount?: number;
  /** What it is for, such as `hyperpod-cluster`. */
  readonly target?: string;
  /** The names of the zones that it may be in. */
  readonly zones?: string[];
}

/** A training plan, by whichever construct. */
export interface PlanLike extends IConstruct, IEnvironmentAware {
  readonly trainingPlanName?: string;
}

/** Targets whose names are known. What comes by any other name isn't judged. */
const TARGETS: readonly string[] = ['training-job', 'hyperpod-cluster', 'endpoint', 'studio-apps'];

interface Noted {
  readonly construct: IConstruct;
  readonly facts: PlanFacts;
}

/** What takes instances of a plan, and how many. */
export interface Use {
  readonly construct: IConstruct;
  readonly instanceCount: number;
}

/** A plan is known by its name in its account and Region, also where another stack imports it. */
function keyOf(plan: PlanLike): string | undefined {
  const parts = [plan.env.account, plan.env.region, plan.trainingPlanName];
  return parts.every(isConcrete) ? parts.join(' ') : undefined;
}

/** Notes a plan that the app buys, or would. */
export function notePlan(construct: IConstruct, { account, region }: Place, name: string, facts: PlanFacts): void {
  registryOf<Noted>(construct.node.root, 'plans').set(`${account} ${region} ${name}`, { construct, facts });
}

/** What is known of a plan: nothing, unless the app buys it. */
export function factsOfPlan(plan: PlanLike): PlanFacts {
  const key = keyOf(plan);
  const noted = key === undefined ? undefined : registryOf<Noted>(plan.node.root, 'plans').get(key);
  return noted && isInTree(noted.construct) ? noted.facts : {};
}

/** Whether a plan is bought for something else. */
export function isForOther(facts: PlanFacts, target: string): boolean {
  return facts.target !== undefined && TARGETS.includes(facts.target) && facts.target !== target;
}

/** Whether a plan has instances of none of the types. */
export function isOfOtherType({ instanceType }: PlanFacts, types: string[]): boolean {
  return instanceType !== undefined && types.length > 0 && types.every(type => isConcrete(type) && type !== instanceType);
}

/** Notes how many instances of a plan something takes for as long as it is there. */
export function noteUseOfPlan(user: IConstruct, plan: PlanLike, instanceCount: number): void {
  const key = keyOf(plan);
  if (key === undefined || !isConcrete(instanceCount)) { return; }
  const uses = registryOf<Use[]>(user.node.root, 'plan-uses');
  uses.set(key, [...uses.get(key) ?? [], { construct: user, instanceCount }]);
}

/** All that take instances of a plan for as long as they are there, in the order in which they were made. */
export function usesOfPlan(plan: PlanLike): Use[] {
  const key = keyOf(plan);
  const uses = key === undefined ? [] : registryOf<Use[]>(plan.node.root, 'plan-uses').get(key) ?? [];
  return uses.filter(use => isInTree(use.construct));
}
