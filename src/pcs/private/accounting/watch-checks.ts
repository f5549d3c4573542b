import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkMembers } from './account-checks';
import type { ClusterAccounting } from './cluster-accounting';
import { isConcrete, type Problems } from '../../../private/problems';
import { RULES } from '../rules';

/** What a watch of accounts is like. */
export interface WatchGiven {
  readonly accounts: readonly IConstruct[];
  readonly rate: Duration;
  readonly budgetPercents: readonly number[];
}

/** Checks a watch of accounts. Its rate is part of the template in words, so it has to be known. */
export function checkWatch(problems: Problems, { accounts, rate, budgetPercents }: WatchGiven, accounting: ClusterAccounting): void {
  if (accounts.length === 0) { problems.add(RULES.watchEmpty, { property: 'accounts' }); }
  accounts.forEach((account, index) => checkMembers(problems, accounting, { [`accounts[${index}]`]: account }));
  const minutes = rate.isUnresolved() ? NaN : rate.toMinutes({ integral: false });
  if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= 60)) {
    problems.add(RULES.watchRate, { property: 'rate', got: rate.isUnresolved() ? 'a time that is known at deployment' : rate.toHumanString() });
  }
  budgetPercents.forEach((percent, index) => {
    if (!isConcrete(percent) || !(percent > 0 && percent <= 100)) { problems.add(RULES.watchPercent, { property: `budgetPercents[${index}]`, got: percent }); }
  });
}
