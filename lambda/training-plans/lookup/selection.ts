import type { TrainingPlanSummary } from '@aws-sdk/client-sagemaker';
import { sageMakerArn } from '../../../src/private/contracts/arns';
import { commaList, flag, optionalInstant, optionalText, text, type Properties } from '../../shared/coerce';
import type { StackIdentity } from '../../shared/custom-resource';
import { HandlerError } from '../../shared/errors';
import { plain, plainList } from '../../shared/plain';
import { theOnly } from '../../shared/selection';

/** Which plan is meant: the one of a name, or the only one that satisfies criteria. */
export type PlanTarget = { readonly subject: string } & ({ readonly name: string } | { readonly satisfies: Criterion });

type Criterion = (plan: TrainingPlanSummary) => boolean;

const CRITERIA = ['Statuses', 'TargetResource', 'InstanceType', 'StartTimeAfter', 'EndTimeBefore'];

/** Reads which plan is meant. An ARN of another place is refused: its name would be looked for in this one. */
export function planTarget(input: Properties, { account, region }: StackIdentity): PlanTarget {
  if (flag(input, 'Find')) { return criteria(input); }
  const arn = optionalText(input, 'TrainingPlanArn');
  const found = arn === undefined ? undefined : sageMakerArn('training-plan', arn);
  if (found && (found.region !== region || found.account !== account)) {
    throw new HandlerError('InvalidProperties', `${arn} is not in account ${account}, Region ${region}, where the stack is`);
  }
  if (arn !== undefined && !found) { throw new HandlerError('InvalidProperties', `${arn} is not the ARN of a training plan`); }
  const name = found ? found.name : text(input, 'TrainingPlanName');
  return { name, subject: `training plan "${name}"` };
}

function criteria(input: Properties): PlanTarget {
  const statuses = commaList(input, 'Statuses');
  const [target, type] = [optionalText(input, 'TargetResource'), optionalText(input, 'InstanceType')];
  const [after, before] = [optionalInstant(input, 'StartTimeAfter'), optionalInstant(input, 'EndTimeBefore')];
  const said = CRITERIA.filter(key => optionalText(input, key) !== undefined).map(key => `${key} ${text(input, key)}`);
  return {
    subject: `training plan with ${said.join('; ') || 'any properties'}`,
    satisfies: plan => (statuses.length === 0 || statuses.includes(plain(plan.Status)))
      && (target === undefined || plainList(plan.TargetResources).includes(target))
      && (type === undefined || plan.ReservedCapacitySummaries?.some(part => part.InstanceType === type) === true)
      && (after === undefined || Number(plan.StartTime) >= after) // what isn't known yet is NaN, and satisfies nothing
      && (before === undefined || Number(plan.EndTime) <= before),
  };
}

/** The name of the only plan that satisfies criteria. */
export function theOnlyPlan(plans: readonly TrainingPlanSummary[], satisfies: Criterion): string {
  return theOnly(plans, satisfies, { none: 'NoSuchPlan', things: 'plans', key: 'name', tell }).TrainingPlanName!;
}

function tell({ TrainingPlanName, Status, StartTime, EndTime }: TrainingPlanSummary): string {
  return `${plain(TrainingPlanName) || '?'} (${plain(Status) || '?'}, ${plain(StartTime) || '?'} to ${plain(EndTime) || '?'})`;
}
