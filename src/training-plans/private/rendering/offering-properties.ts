import { Tokenization } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { OfferingSelection } from '../../../offering-selection';
import type { OfferingCriteria, UpfrontFee as FeeProperties } from '../../../private/contracts/training-plan';
import { zonesOf } from '../../../private/places';
import type { PlanFacts } from '../../../private/plans';
import { isConcrete, type Problems } from '../../../private/problems';
import { chosenSubnets, type SubnetChoice } from '../../../private/subnets';
import type { UpfrontFee } from '../../../upfront-fee';
import type { Offering } from '../../offering/vocabulary/offering';
import { toUtc } from '../checks/instant';
import { hoursOf } from '../checks/offering-checks';
import { RULES } from '../rules';

const SUBNETS = {
  subnetsTwice: RULES.subnetsTwice, vpcSubnetsAlone: RULES.vpcSubnetsAlone, subnetsEmpty: RULES.subnetsEmpty, subnetList: RULES.subnetList,
};

/** The subnets that the capacity has to be beside, in the order of preference. */
export function subnetsOf(problems: Problems, choice: SubnetChoice): ec2.ISubnet[] | undefined {
  return chosenSubnets(problems, SUBNETS, choice);
}

/** What a handler is told of an offering. */
export function offeringProperties(offering: Offering, subnets?: ec2.ISubnet[]): OfferingCriteria {
  const { durations, startAfter, endBefore, target, availabilityZones, selection } = offering._criteria;
  const { instances, ultraServers } = offering._capacity;
  const hours = [...new Set(durations.map(duration => hoursOf(duration)!))].sort((a, b) => a - b);
  return {
    InstanceType: instances?.instanceType.value,
    InstanceCount: instances && Tokenization.stringifyNumber(instances.instanceCount),
    UltraServerType: ultraServers?.ultraServerType.value,
    UltraServerCount: ultraServers && Tokenization.stringifyNumber(ultraServers.ultraServerCount),
    DurationHours: hours.map(String),
    StartTimeAfter: toUtc(startAfter),
    EndTimeBefore: toUtc(endBefore),
    TargetResource: target.value,
    AvailabilityZones: availabilityZones,
    Subnets: subnets?.map(({ subnetId, availabilityZone }) => ({ SubnetId: subnetId, AvailabilityZone: availabilityZone })),
    TrainingPlanOfferingId: offering._pinnedId,
    Selection: selection ?? OfferingSelection.LOWEST_FEE,
  };
}

/** What users of the plan may rely on. An UltraServer has instances of a type and in a number of its own. */
export function factsOfOffering({ _capacity: { instances }, _criteria: criteria }: Offering, subnets?: ec2.ISubnet[]): PlanFacts {
  const zones = criteria.availabilityZones ?? (subnets && zonesOf(subnets));
  const { instanceType, instanceCount } = instances ?? {};
  return {
    instanceType: isConcrete(instanceType?.value) ? instanceType.value : undefined,
    instanceCount: isConcrete(instanceCount) ? instanceCount : undefined,
    target: criteria.target.value,
    zones: zones?.every(isConcrete) ? zones : undefined,
  };
}

/** What a handler is told of an amount. */
export function feeProperties({ amount, currencyCode }: UpfrontFee): FeeProperties {
  return { Amount: amount, CurrencyCode: currencyCode };
}
