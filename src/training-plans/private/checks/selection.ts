import type { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { checkInstant, toUtc } from './instant';
import { LIST_ACTIONS, READ_ACTIONS, type Permission } from '../facts/perms';
import { RULES } from '../rules';
import { checkArn, checkName } from './validation';
import type { LookupInput } from '../../../private/contracts/lookup';
import { checkForm } from '../../../private/forms';
import { isOfOtherPlace } from '../../../private/places';
import { isConcrete, type Problems } from '../../../private/problems';
import type { TrainingPlanSelector } from '../../plan/vocabulary/training-plan-selector';
import { planArn } from '../rendering/arn';

/** Checks which plan is read. */
export function checkSelector(problems: Problems, { _selection: { name, arn, criteria } }: TrainingPlanSelector, stack: Stack): void {
  if (name !== undefined) { checkName(problems, 'trainingPlan', name); }
  if (arn !== undefined) {
    checkArn(problems, 'trainingPlan', arn);
    // A look-up reads where its stack is.
    if (isOfOtherPlace('training-plan', arn, stack)) { problems.add(RULES.planElsewhere, { property: 'trainingPlan', got: arn }); }
  }
  if (criteria?.statuses?.length === 0) { problems.add(RULES.expectationsEmpty, { property: 'trainingPlan.statuses' }); }
  checkForm(problems, RULES.typeNameInvalid, 'trainingPlan.instanceType', criteria?.instanceType?.value);
  checkInstant(problems, 'trainingPlan.startAfter', criteria?.startAfter);
  checkInstant(problems, 'trainingPlan.endBefore', criteria?.endBefore);
}

/** What the handler is told of a plan. */
export function selectionInput({ _selection: { name, arn, criteria } }: TrainingPlanSelector): LookupInput {
  return {
    TrainingPlanName: name,
    TrainingPlanArn: arn,
    ...criteria && {
      Find: 'true',
      Statuses: criteria.statuses?.map(status => status.value).join(','),
      TargetResource: criteria.target?.value,
      InstanceType: criteria.instanceType?.value,
      StartTimeAfter: toUtc(criteria.startAfter),
      EndTimeBefore: toUtc(criteria.endBefore),
    },
  };
}

/**
 * What the handler must be allowed to read: the name of a plan that is found isn't known beforehand. Where a plan of the app has a name,
 * the permission is by name, so that the handler doesn't wait for the plan while the plan may wait for another look-up.
 */
export function selectionPermissions(scope: Construct, selector: TrainingPlanSelector): Permission[] {
  const { name, arn, knownName, criteria } = selector._selection;
  const known = isConcrete(knownName) ? planArn(scope, knownName) : arn;
  return [
    { actions: READ_ACTIONS, resources: [known ?? planArn(scope, name ?? '*')] },
    ...criteria ? [{ actions: LIST_ACTIONS, resources: ['*'] }] : [],
  ];
}
