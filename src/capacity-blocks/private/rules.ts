import { PLAN_NAME, text, whole } from '../../private/contracts/forms';
import { defineRules } from '../../private/rule';

const BLOCKS = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-blocks.html';
const USING = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-launch.html';
const VIEWING = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-view.html';
const DESCRIBE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeCapacityReservations.html';
const ZONES = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html';
const TAGS = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html';

/** Rules about EC2 Capacity Blocks for ML. */
export const RULES = defineRules('capacityBlocks', {
  reservationIdInvalid: {
    severity: 'error',
    rule: 'must be the id of the reservation of a Capacity Block: "cr-" and hexadecimal digits',
    fix: 'take it from `aws ec2 describe-capacity-reservations`; "cb-…" is an offering or a block of UltraServers',
    why: 'EC2 finds no other reservation',
    source: DESCRIBE,
    form: text(4, 64, /^(?:cr-[0-9a-f]+|\{\{resolve:.*)$/),
  },
  reservationArnInvalid: {
    severity: 'error',
    rule: 'must be the ARN of a capacity reservation',
    fix: 'give an ARN like arn:aws:ec2:us-east-1:111122223333:capacity-reservation/cr-0123456789abcdef0',
    why: 'no other ARN is that of a Capacity Block in which instances are launched',
    source: DESCRIBE,
    form: text(20, 2048, /^arn:aws[a-z-]*:ec2:[a-z0-9-]*:[0-9]{12}:capacity-reservation\/cr-[0-9a-f]+$/),
  },
  purchaseNameInvalid: {
    severity: 'error',
    rule: 'must have 1 to 64 letters, digits and hyphens, and begin and end with a letter or digit',
    fix: 'give the value that the tag `cdk-hpc-clusters:capacity-block` of the block has',
    why: 'no block gets another name',
    source: TAGS,
    form: PLAN_NAME,
  },
  instanceCountInvalid: {
    severity: 'error',
    rule: 'must be a whole number from 1 on',
    fix: 'give the number of instances that the block has, or leave it out',
    why: 'there is no block without instances',
    source: BLOCKS,
    form: whole(1),
  },
  instanceTypeOfSageMaker: {
    severity: 'error',
    rule: 'must be a type of EC2, whose name doesn\'t begin with `ml.`',
    fix: 'leave `ml.` out, as in `p5.48xlarge`',
    why: 'Capacity Blocks have instances of EC2; what SageMaker reserves is a training plan',
    source: BLOCKS,
  },
  instanceTypeUnknown: {
    severity: 'warning',
    rule: 'isn\'t known to be sold as Capacity Blocks',
    fix: 'give the type of the block; acknowledge the warning if AWS sells the type since',
    why: 'blocks are of instance types for machine learning, so none may be found',
    source: BLOCKS,
  },
  zonesEmpty: {
    severity: 'error',
    rule: 'must name at least one zone',
    fix: 'name the zones that qualify, or leave it out for any',
    why: 'with no zone nothing qualifies',
    source: DESCRIBE,
  },
  zoneIdGiven: {
    severity: 'error',
    rule: 'must have names of zones, such as us-east-1a',
    fix: 'give the name that the zone has in this account: `aws ec2 describe-availability-zones`',
    why: 'blocks and subnets are compared by the names of their zones, so an id like use1-az4 never fits',
    source: ZONES,
  },
  instantInvalid: {
    severity: 'error',
    rule: 'must be an instant in ISO 8601 with a zone',
    fix: 'write it like 2026-12-05T11:30:00Z',
    why: 'a time without a zone means another instant on every machine',
    source: VIEWING,
  },
  expectationsEmpty: {
    severity: 'error',
    rule: 'must have at least one value',
    fix: 'name what is accepted, or leave it out',
    why: 'with none an assertion could never hold, and a search would find every block',
    source: DESCRIBE,
  },
  minInstancesInvalid: {
    severity: 'error',
    rule: 'must be a whole number from 1 on',
    fix: 'choose such a number, or leave it out',
    why: 'every block has at least none, so that nothing would be asserted',
    source: DESCRIBE,
    form: whole(1),
  },
  guardElsewhere: {
    severity: 'error',
    rule: 'must be in the stack of the assertion',
    fix: 'make the assertion in the stack of what it guards',
    why: 'within a stack the assertion runs again whenever what it guards changes; across stacks it can\'t',
    source: 'cdk-hpc-clusters decisions/0027',
  },
  guardEmpty: {
    severity: 'error',
    rule: 'must be or have a resource of CloudFormation',
    fix: 'guard the construct that makes the resource; an import makes none',
    why: 'nothing would wait for the assertion',
    source: 'cdk-hpc-clusters decisions/0027',
  },
  eventsElsewhere: {
    severity: 'error',
    rule: 'must be in the Region of the Capacity Block',
    fix: 'import the block in a stack of its Region, or give such a stack as `crossStackScope`',
    why: 'EC2 sends the events of a block to the default bus of its Region, so the rule would never match',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html',
  },
  subnetsTwice: {
    severity: 'error',
    rule: 'must not come together with `vpc`',
    fix: 'give the subnets, or a VPC and `vpcSubnets`',
    why: 'one of the two would silently not count',
    source: USING,
  },
  vpcSubnetsAlone: {
    severity: 'error',
    rule: 'must come together with `vpc`',
    fix: 'give the VPC, or `subnets`',
    why: 'it selects among the subnets of a VPC',
    source: USING,
  },
  subnetsEmpty: {
    severity: 'error',
    rule: 'must select at least one subnet',
    fix: 'choose other subnets, or leave all of it out',
    why: 'no subnet would be in the zone of the block',
    source: USING,
  },
  subnetList: {
    severity: 'error',
    rule: 'must have subnets that are known one by one at synthesis',
    fix: 'pass `subnets` with one `ec2.Subnet.fromSubnetAttributes()` each, or look the VPC up; `Fn.select()` takes items of a list',
    why: 'each subnet is sent with its zone, which a list that is known at deployment doesn\'t have',
    source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.Vpc.html#static-fromwbrvpcwbrattributesscope-id-attrs',
  },
  subnetWithoutZone: {
    severity: 'error',
    rule: 'must have subnets whose zones are given',
    fix: 'import them by `ec2.Subnet.fromSubnetAttributes()` with `availabilityZone`',
    why: 'the subnet in the zone of the block is chosen by the zones of the subnets',
    source: 'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.Subnet.html#static-fromwbrsubnetwbridscope-id-subnetid',
  },
});
