import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { factsOf, isSageMakerName } from '../../../private/instance-types';
import { isConcrete, warn, type Problems } from '../../../private/problems';
import { checkZoneNames } from '../../../private/subnets';
import { RULES } from '../rules';

/** Checks the type of the instances of a block. */
export function checkInstanceType(problems: Problems, property: string, instanceType: ec2.InstanceType | undefined): void {
  const name = instanceType?.toString();
  if (isConcrete(name) && isSageMakerName(name)) { problems.add(RULES.instanceTypeOfSageMaker, { property, got: name }); }
}

/** Advice on a type that isn't known to be sold. */
export function adviseOnInstanceType(scope: IConstruct, property: string, instanceType: ec2.InstanceType | undefined): void {
  const name = instanceType?.toString();
  if (isConcrete(name) && !factsOf(name)?.inCapacityBlocks) { warn(scope, RULES.instanceTypeUnknown, { property, got: name }); }
}

/** Checks names of zones. */
export function checkZones(problems: Problems, property: string, zones: string[] | undefined): void {
  checkZoneNames(problems, { zonesEmpty: RULES.zonesEmpty, zoneIdGiven: RULES.zoneIdGiven }, property, zones);
}
