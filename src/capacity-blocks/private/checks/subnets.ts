import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { BlockSubnet } from '../../../private/contracts/capacity-block-lookup';
import type { Problems } from '../../../private/problems';
import { chosenSubnets, zoneOf, type SubnetChoice } from '../../../private/subnets';
import { RULES } from '../rules';

const CHOICE = {
  subnetsTwice: RULES.subnetsTwice, vpcSubnetsAlone: RULES.vpcSubnetsAlone, subnetsEmpty: RULES.subnetsEmpty, subnetList: RULES.subnetList,
};

/** The subnets that instances of a block may be launched in, in the order of preference. Each has its zone. */
export function subnetsOf(problems: Problems, choice: SubnetChoice): ec2.ISubnet[] | undefined {
  const subnets = chosenSubnets(problems, CHOICE, choice);
  if (!problems.isEmpty) { return subnets; }
  const zoneless = subnets?.filter(subnet => zoneOf(subnet) === undefined).map(subnet => subnet.node.path) ?? [];
  if (zoneless.length > 0) { problems.add(RULES.subnetWithoutZone, { property: choice.subnets ? 'subnets' : 'vpc', got: zoneless }); }
  return subnets;
}

/** What the handler is told of subnets. */
export function subnetsInput(subnets: ec2.ISubnet[] | undefined): BlockSubnet[] | undefined {
  return subnets?.map(({ subnetId, availabilityZone }) => ({ SubnetId: subnetId, AvailabilityZone: availabilityZone }));
}
