import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { checkForm } from '../../private/forms';
import { isElsewhere } from '../../private/places';
import type { Problems } from '../../private/problems';
import type { ITrainingPlanRef } from '../training-plan';

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
