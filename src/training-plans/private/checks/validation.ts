import { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkForm } from '../../../private/forms';
import { isElsewhere } from '../../../private/places';
import { factsOfPlan, isForOther, isOfOtherType } from '../../../private/plans';
import { isConcrete, warn, type Finding, type Problems } from '../../../private/problems';
import type { Rule } from '../../../private/rule';
import type { ITrainingPlanRef } from '../../plan/vocabulary/training-plan-ref';
import { RULES } from '../rules';

/** Checks the name of a plan. */
export function checkName(problems: Problems, property: string, name: string): void {
  checkForm(problems, RULES.nameInvalid, property, name);
}

/** Checks the ARN of a plan. */
export function checkArn(problems: Problems, property: string, arn: string): void {
  checkForm(problems, RULES.arnInvalid, property, arn);
}

/** Checks that a plan is where its user is. */
export function checkPlace(problems: Problems, property: string, plan: ITrainingPlanRef, user: IConstruct): void {
  if (isElsewhere(plan.env, user)) { problems.add(RULES.planElsewhere, { property, got: plan.env }); }
}

/** What uses a plan: for what, and of which type. */
export interface PlanUse {
  /** The target that the plan must have been bought for. */
  readonly target: string;
  readonly instanceType?: string;
  /** What the message puts in front of the names of properties. */
  readonly prefix?: string;
}

/** The breaches of a plan that the app buys for something else, or of another instance type. */
export function findBought(plan: ITrainingPlanRef, { target, instanceType, prefix = '' }: PlanUse): [Rule, Finding][] {
  const facts = factsOfPlan(plan);
  const found: [Rule, Finding][] = [];
  if (isForOther(facts, target)) { found.push([RULES.planTargetDiffers, { property: `${prefix}trainingPlan`, got: facts.target }]); }
  if (instanceType !== undefined && isOfOtherType(facts, [instanceType])) {
    found.push([RULES.planTypeDiffers, { property: `${prefix}instanceType`, got: { plan: facts.instanceType, used: instanceType } }]);
  }
  return found;
}

/** Advice on a plan that the app buys with fewer instances than its user asks for. */
export function adviseOnCount(scope: IConstruct, plan: ITrainingPlanRef, property: string, instanceCount: unknown): void {
  const bought = factsOfPlan(plan).instanceCount;
  if (bought !== undefined && typeof instanceCount === 'number' && isConcrete(instanceCount) && instanceCount > bought) {
    warn(scope, RULES.planTooSmall, { property, got: { plan: bought, used: instanceCount } });
  }
}

/** How often a watch looks, unless somebody says otherwise. Its dashboard reads its metrics over the same time. */
export const WATCH_RATE = Duration.minutes(5);

/** Checks how often a watch looks, which alarms have to know too, and that it can speak in time. */
export function checkWatch(problems: Problems, rate: Duration, notices: Readonly<Record<string, Duration>>): void {
  const seconds = rate.isUnresolved() ? NaN : rate.toSeconds({ integral: false });
  if (!(seconds >= 60 && seconds <= 3600 && seconds % 60 === 0)) {
    problems.add(RULES.watchRateInvalid, { property: 'rate', got: rate.toHumanString() });
  }
  for (const [property, notice] of Object.entries(notices)) {
    if (!notice.isUnresolved() && notice.toSeconds({ integral: false }) < seconds) {
      problems.add(RULES.watchNoticeTooShort, { property, got: notice.toHumanString() });
    }
  }
}
