import { Fn, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import { RULES } from './rules';
import { isPlaceholder } from '../../private/placeholders';
import { checkVpcOfSubnets } from '../../private/places';
import { isConcrete, warn, type Problems } from '../../private/problems';
import { addressesOf, isZoneId, selectSubnets, zoneOf } from '../../private/subnets';

/** The subnets of a node group. */
export interface NodeSubnets {
  readonly subnetIds: string[];
  /** Whether they are several, as far as it is known. */
  readonly areSeveral: boolean;
  /** Whether they are a list that is known at deployment. */
  readonly isList: boolean;
  readonly subnets: ec2.ISubnet[];
  readonly hasPublic: boolean;
  /** How many addresses they have for nodes. Undefined where that isn't known. */
  readonly addresses?: number;
  /** The routes that lead out of them, as far as they are part of the app. */
  readonly waysOut: IDependable[];
}

/** Where a Capacity Block is, as far as it is known. */
export interface BlockPlace {
  readonly availabilityZone?: string;
  readonly subnetId?: string;
}

/**
 * Selects the subnets of nodes: the one that a Capacity Block tells, unless others are asked for. Of those that are selected it keeps
 * the ones in the zone of a Capacity Block, where all zones are known.
 *
 * While context is looked up, zones and subnets are made up: nothing is concluded from them. Zones are read for blocks alone,
 * since subnets that were imported by their id don't have one.
 */
export function selectNodeSubnets(
  scope: Construct, problems: Problems, vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined, block: BlockPlace,
): NodeSubnets {
  const { subnets, hasPublic, isPendingLookup } = selectSubnets(problems, RULES.nodeSubnetMissing, vpc, selection);
  checkVpcOfSubnets(problems, RULES.otherVpc, vpc, subnets);
  if (selection === undefined && block.subnetId !== undefined) { return inSubnet(vpc, subnets, hasPublic, block.subnetId); }
  if (isPendingLookup) { return { ...describeSubnets(subnets, hasPublic), areSeveral: false, hasPublic: false, addresses: undefined }; }
  const all = describeSubnets(subnets, hasPublic);
  const zone = block.availabilityZone;
  if (zone === undefined || subnets.length === 0 || (isConcrete(zone) && isZoneId(zone))) { return all; }

  const zones = subnets.map(zoneOf);
  if (zones.some(isPlaceholder)) { return all; }
  if (![zone, ...zones].every(isConcrete)) {
    if (selection === undefined && isConcrete(zone)) {
      warn(scope, RULES.blockZoneUnknown, { property: 'purchaseOption.availabilityZone', got: zone });
    }
    return all;
  }
  const inZone = subnets.filter((_subnet, index) => zones[index] === zone);
  if (inZone.length === 0) {
    problems.add(RULES.blockZone, { property: 'vpcSubnets', got: { block: zone, subnets: [...new Set(zones)] } });
  }
  return describeSubnets(inZone, inZone.some(subnet => vpc.publicSubnets.includes(subnet)));
}

/** The first subnet, in a list of its own. A list that is known at deployment has its first one selected then. */
export function firstOf(subnetIds: string[]): string[] {
  return Token.isUnresolved(subnetIds) ? [Fn.select(0, subnetIds)] : subnetIds.slice(0, 1);
}

/**
 * The subnet that a block tells. Where it isn't one that is known, what the others have stands for what it has, but for its addresses:
 * its routes are theirs.
 */
function inSubnet(vpc: ec2.IVpc, subnets: ec2.ISubnet[], hasPublic: boolean, subnetId: string): NodeSubnets {
  const known = [...subnets, ...vpc.publicSubnets].find(subnet => subnet.subnetId === subnetId);
  if (known) { return describeSubnets([known], vpc.publicSubnets.includes(known)); }
  return { ...describeSubnets(subnets, hasPublic), subnetIds: [subnetId], areSeveral: false, isList: false, addresses: undefined };
}

function describeSubnets(subnets: ec2.ISubnet[], hasPublic: boolean): NodeSubnets {
  const subnetIds = subnets.map(subnet => subnet.subnetId);
  return {
    subnetIds,
    subnets,
    areSeveral: subnetIds.length > 1,
    isList: Token.isUnresolved(subnetIds),
    hasPublic,
    addresses: subnets.map(addressesOf).reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    waysOut: subnets.map(subnet => subnet.internetConnectivityEstablished),
  };
}
