import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkMembers } from './account-checks';
import type { ClusterAccounting, QosEntry } from './cluster-accounting';
import { SLURMS_OWN } from '../../../private/contracts/pcs-accounting';
import { checkForm } from '../../../private/forms';
import { isConcrete, warn, type Problems } from '../../../private/problems';
import type { SlurmQosFlag } from '../../vocabulary/qos-flag';
import type { ClusterContext } from '../context';
import { RULES } from '../rules';

/** What a quality of service is given that isn't in its entry. */
export interface QosGiven {
  readonly adoptExisting?: boolean;
  readonly priority?: number;
  readonly graceTime?: Duration;
  readonly usageFactor?: number;
  readonly preempts?: readonly IConstruct[];
  readonly flags?: readonly SlurmQosFlag[];
}

/** Checks a quality of service by itself, and against what others of its cluster are. */
export function checkQos(problems: Problems, given: QosGiven, { name }: QosEntry, accounting: ClusterAccounting): void {
  checkForm(problems, RULES.qosName, 'qosName', name);
  if (name === SLURMS_OWN.Qos && given.adoptExisting !== true) { problems.add(RULES.qosNormal, { property: 'qosName', got: name }); }
  if (isConcrete(name) && accounting.qos.some(other => other.name === name)) { problems.add(RULES.qosNameTwice, { property: 'qosName', got: name }); }
  const { priority, graceTime, usageFactor } = given;
  if (isConcrete(priority) && !(Number.isSafeInteger(priority) && priority >= 0)) {
    problems.add(RULES.limitNumber, { property: 'priority', got: priority });
  }
  if (graceTime && !graceTime.isUnresolved() && !Number.isSafeInteger(graceTime.toSeconds({ integral: false }))) {
    problems.add(RULES.qosGraceTime, { property: 'graceTime', got: graceTime.toHumanString() });
  }
  if (isConcrete(usageFactor) && !(usageFactor >= 0 && Number.isFinite(usageFactor))) {
    problems.add(RULES.qosUsageFactor, { property: 'usageFactor', got: usageFactor });
  }
  given.preempts?.forEach((qos, index) => checkMembers(problems, accounting, { [`preempts[${index}]`]: qos }));
}

/** Advice on a quality of service. */
export function adviseQos(scope: IConstruct, { flags = [] }: QosGiven, entry: QosEntry, { slurmSettings }: ClusterContext): void {
  const type = slurmSettings?.PreemptType;
  const isOff = slurmSettings !== undefined && (type === undefined || (isConcrete(type) && type.toLowerCase() !== 'preempt/qos'));
  if (entry.preempts && isOff) { warn(scope, RULES.preemptionOff, { property: 'preempts', got: { PreemptType: type } }); }
  if (entry.budget && entry.budget.period !== 'TOTAL' && flags.some(({ value }) => value.toLowerCase() === 'nodecay')) {
    warn(scope, RULES.budgetNeverFilled, { property: 'flags', got: entry.budget.period });
  }
}
