import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkInstant } from './instant';
import { checkForm } from '../../../private/forms';
import { isConcrete, warn, type Problems } from '../../../private/problems';
import { checkZoneNames } from '../../../private/subnets';
import type { UpfrontFee } from '../../../upfront-fee';
import type { Offering } from '../../offering/vocabulary/offering';
import { RULES } from '../rules';

const AMOUNT = /^(0|[1-9]\d{0,11})(\.\d{1,4})?$/;
const CURRENCY = /^[A-Z]{3}$/;
/** What the service takes. */
const MAX_HOURS = 87_600;
/** What the documentation says that it sells. */
const SOLD_COUNTS = [1, 2, 4, 8, 16, 32, 64];
const MAX_DAYS_SOLD = 182;
const HOUR = 3_600_000;

/** What decides whether any offering can qualify. */
export function checkOffering(problems: Problems, offering: Offering): void {
  const { durations, startAfter, endBefore, availabilityZones } = offering._criteria;
  const { instances, ultraServers } = offering._capacity;
  checkForm(problems, RULES.countInvalid, 'offering.instanceCount', instances?.instanceCount);
  checkForm(problems, RULES.typeNameInvalid, 'offering.instanceType', instances?.instanceType.value);
  checkForm(problems, RULES.ultraServerCountInvalid, 'offering.ultraServerCount', ultraServers?.ultraServerCount);
  checkForm(problems, RULES.typeNameInvalid, 'offering.ultraServerType', ultraServers?.ultraServerType.value);

  if (durations.length === 0) { problems.add(RULES.durationsEmpty, { property: 'offering.durations' }); }
  durations.forEach((duration, index) => {
    const hours = hoursOf(duration);
    if (hours === undefined || hours < 1 || hours > MAX_HOURS) {
      problems.add(RULES.durationInvalid, { property: `offering.durations[${index}]`, got: duration.toString() });
    }
  });

  const [start, end] = [checkInstant(problems, 'offering.startAfter', startAfter), checkInstant(problems, 'offering.endBefore', endBefore)];
  const shortest = Math.min(...durations.map(duration => hoursOf(duration) ?? 0));
  if (start !== undefined && end !== undefined && durations.length > 0 && end - start < shortest * HOUR) {
    problems.add(RULES.windowTooShort, { property: 'offering.endBefore', got: endBefore });
  }

  checkZones(problems, 'offering.availabilityZones', availabilityZones);
  checkForm(problems, RULES.offeringIdInvalid, 'offering.trainingPlanOfferingId', offering._pinnedId);
}

/** Advice about what the documentation says that isn't sold. */
export function adviseOnOffering(scope: IConstruct, offering: Offering): void {
  const count = offering._capacity.instances?.instanceCount;
  if (isConcrete(count) && !SOLD_COUNTS.includes(count)) { warn(scope, RULES.countNotSold, { property: 'offering.instanceCount', got: count }); }
  const odd = offering._criteria.durations.find(duration => hoursOf(duration)! % 24 !== 0 || hoursOf(duration)! > MAX_DAYS_SOLD * 24);
  if (odd) { warn(scope, RULES.durationNotSold, { property: 'offering.durations', got: odd.toString() }); }
}

/** Zones are compared by name. */
export function checkZones(problems: Problems, property: string, zones: string[] | undefined): void {
  checkZoneNames(problems, { zonesEmpty: RULES.zonesEmpty, zoneIdGiven: RULES.zoneIdGiven }, property, zones);
}

/** Money is never guessed. */
export function checkFee(problems: Problems, property: string, { amount, currencyCode }: UpfrontFee): void {
  if (!isConcrete(amount) || !AMOUNT.test(amount)) { problems.add(RULES.feeInvalid, { property, got: amount }); }
  if (!isConcrete(currencyCode) || !CURRENCY.test(currencyCode)) { problems.add(RULES.currencyInvalid, { property, got: currencyCode }); }
}

/** Advice on an amount that is right, but can't be meant. */
export function adviseOnFee(scope: IConstruct, property: string, { amount }: UpfrontFee): void {
  if (isConcrete(amount) && Number(amount) === 0) { warn(scope, RULES.feeZero, { property, got: amount }); }
}

/** The hours of a duration that has whole ones and is known. */
export function hoursOf(duration: Duration): number | undefined {
  if (duration.isUnresolved()) { return undefined; }
  const hours = duration.toHours({ integral: false });
  return Number.isInteger(hours) ? hours : undefined;
}
