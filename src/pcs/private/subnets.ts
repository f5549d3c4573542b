import { Token, type aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RULES } from './rules';
import { warn, type Problems } from '../../private/problems';

/** The subnets of a node group. */
export interface NodeSubnets {
  readonly subnetIds: string[];
  readonly hasPublic: boolean;
}

/**
 * Selects the subnets of nodes, and keeps those in the zone of a Capacity Block where all zones are known.
 *
 * While context is looked up, zones and subnets are made up: nothing is concluded from them.
 */
export function selectNodeSubnets(
  scope: Construct, problems: Problems, vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined, zone: string | undefined,
): NodeSubnets {
  const { subnets, subnetIds, hasPublic, isPendingLookup } = vpc.selectSubnets(selection);
  if (subnets.length === 0) {
    if (!isPendingLookup) { problems.add(RULES.nodeSubnetMissing, { property: 'vpcSubnets' }); }
    return { subnetIds, hasPublic };
  }
  const zones = subnets.map(subnet => subnet.availabilityZone);
  if (zone === undefined || isPendingLookup || zones.some(isMadeUp)) {
    return { subnetIds, hasPublic };
  }
  if ([zone, ...zones].some(name => Token.isUnresolved(name))) {
    if (selection === undefined) {
      warn(scope, RULES.blockZoneUnknown, { property: 'purchaseOption.availabilityZone', got: zone });
    }
    return { subnetIds, hasPublic };
  }
  const inZone = subnets.filter(subnet => subnet.availabilityZone === zone);
  if (inZone.length === 0) {
    problems.add(RULES.blockZone, { property: 'vpcSubnets', got: { block: zone, subnets: [...new Set(zones)] } });
  }
  return {
    subnetIds: inZone.map(subnet => subnet.subnetId),
    hasPublic: inZone.some(subnet => vpc.publicSubnets.includes(subnet)),
  };
}

/** Whether a zone stands for one that the CLI has yet to look up. */
function isMadeUp(zone: string): boolean {
  return /^dummy\d[a-z]$/.test(zone);
}
