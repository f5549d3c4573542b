import { Errors } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { DependencyGroup } from 'constructs';
import { isPlaceholder } from './placeholders';
import { isConcrete, isItemOfListToken, type Problems } from './problems';
import type { Rule } from './rule';

/**
 * Selects subnets. What the EC2 module refuses, and a selection of none, is a problem among the others. While context is looked up,
 * there may be none, and groups of subnets have other names.
 */
export function selectSubnets(
  problems: Problems, rule: Rule, vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined,
): ec2.SelectedSubnets {
  const property = 'vpcSubnets';
  try {
    const selected = vpc.selectSubnets(selection);
    if (selected.subnetIds.length === 0 && !selected.isPendingLookup) { problems.add(rule, { property }); }
    return selected;
  } catch (error) {
    // The EC2 module says what the VPC has instead. Other errors come of values that are no selection at all.
    if (!isMadeUp(vpc)) { problems.add(rule, { property, got: Errors.isConstructError(error) ? (error as Error).message : selection }); }
    return { subnetIds: [], availabilityZones: [], subnets: [], hasPublic: false, internetConnectivityEstablished: new DependencyGroup() };
  }
}

/** Whether a VPC stands for one that the CLI has yet to look up. */
function isMadeUp(vpc: ec2.IVpc): boolean {
  return isPlaceholder(vpc.vpcId);
}

/** The zone of a subnet, or undefined where it was imported without, since the EC2 module throws then, or with a list that is a token. */
export function zoneOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return isItemOfListToken(subnet.availabilityZone) ? undefined : subnet.availabilityZone;
  } catch {
    return undefined;
  }
}

/** Whether a zone is given by its id, such as `use1-az4`, which no subnet has. */
export function isZoneId(zone: string): boolean {
  return /-az\d/.test(zone);
}

/** Checks names of zones, of which there must be some: an id, such as `use1-az4`, is none. */
export function checkZoneNames(problems: Problems, rules: ZoneRules, property: string, zones: string[] | undefined): void {
  if (zones?.length === 0) { problems.add(rules.zonesEmpty, { property }); }
  const id = zones?.find(zone => isConcrete(zone) && isZoneId(zone));
  if (id !== undefined) { problems.add(rules.zoneIdGiven, { property, got: id }); }
}

/** The rules of zones that a submodule has. */
export type ZoneRules = Readonly<Record<'zonesEmpty' | 'zoneIdGiven', Rule>>;

/** Subnets beside which capacity has to be. */
export interface SubnetChoice {
  readonly vpc?: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly subnets?: ec2.ISubnet[];
}

/** The rules of such subnets that a submodule has. */
export type SubnetChoiceRules = Readonly<Record<'subnetsTwice' | 'vpcSubnetsAlone' | 'subnetsEmpty' | 'subnetList', Rule>>;

/** The subnets beside which capacity has to be, in the order of preference: those that are given, or those of a VPC. */
export function chosenSubnets(
  problems: Problems, rules: SubnetChoiceRules, { vpc, vpcSubnets, subnets }: SubnetChoice,
): ec2.ISubnet[] | undefined {
  if (vpc && subnets) { problems.add(rules.subnetsTwice, { property: 'subnets' }); }
  if (vpcSubnets && !vpc) { problems.add(rules.vpcSubnetsAlone, { property: 'vpcSubnets' }); }
  if (subnets?.length === 0) { problems.add(rules.subnetsEmpty, { property: 'subnets' }); }
  const selected = subnets ?? (vpc && selectSubnets(problems, rules.subnetsEmpty, vpc, vpcSubnets).subnets);
  if (selected?.some(subnet => isItemOfListToken(subnet.subnetId))) { problems.add(rules.subnetList, { property: subnets ? 'subnets' : 'vpc' }); }
  return selected;
}

/** Whether a zone is a Local Zone or a Wavelength Zone, by its name: `us-west-2-lax-1a`, `us-east-1-wl1-bos-wlz-1`. */
export function isEdgeZone(zone: string): boolean {
  return /^[a-z]+(-[a-z]+)+-\d+-/.test(zone);
}

const ADDRESSES = new WeakMap<ec2.ISubnet, number | undefined>();

/** How many addresses a subnet has for nodes, or undefined where that isn't known. Each is asked once: those that don't know throw. */
export function addressesOf(subnet: ec2.ISubnet): number | undefined {
  if (!ADDRESSES.has(subnet)) { ADDRESSES.set(subnet, readAddresses(subnet)); }
  return ADDRESSES.get(subnet);
}

/** EC2 keeps five addresses of each subnet. */
function readAddresses(subnet: ec2.ISubnet): number | undefined {
  let block: string | undefined;
  try {
    block = subnet.ipv4CidrBlock;
  } catch {
    return undefined;
  }
  const prefix = isConcrete(block) ? /\/(\d+)$/.exec(block)?.[1] : undefined;
  return prefix === undefined ? undefined : 2 ** (32 - Number(prefix)) - 5;
}
