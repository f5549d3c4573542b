import { App, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CapacityBlock, CapacityBlockLookup, CapacityBlockSelector, CapacityBlockStatus } from '../../../src/capacity-blocks';
import { CAPACITY_BLOCK_FIELDS } from '../../../src/private/contracts/capacity-block-lookup';

const TYPE = 'Custom::HpcCapacityBlocksLookup';
const FUNCTION = { 'Fn::GetAtt': [Match.stringLikeRegexp('^CdkHpcClustersCapacityBlocksLookupFunction'), 'Arn'] };
const ID = 'cr-0123456789abcdef0';
const BY_ID = CapacityBlockSelector.byReservationId(ID);
const P5 = new ec2.InstanceType('p5.48xlarge');

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

const output = (id: string, value: string | number) => new CfnOutput(stack, id, { value: String(value) });
const input = () => Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties.Input;

test('asks for a block by id, and for the attributes that are used', () => {
  const block = new CapacityBlockLookup(stack, 'Block', { block: BY_ID, refresh: '1' });
  output('Status', block.status);
  output('Count', block.instanceCount);
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    ServiceToken: FUNCTION,
    ServiceTimeout: 300,
    Operation: 'DescribeCapacityBlock',
    Input: { CapacityReservationId: ID },
    Fields: 'InstanceCount,State',
    Refresh: '1',
  });
});

test('each attribute is a field of its own', () => {
  const block = new CapacityBlockLookup(stack, 'Block', { block: BY_ID, vpc: new ec2.Vpc(stack, 'Vpc') });
  const values = [
    block.availabilityZone, block.availabilityZoneId, block.availableInstanceCount, block.capacityBlockId, block.capacityReservationArn,
    block.capacityReservationId, block.endDate, block.instanceCount, block.instancePlatform, block.instanceType, block.launchStatus,
    block.notice, block.ownerId, block.startDate, block.status, block.subnetId,
  ];
  expect(values.map(value => stack.resolve(value)['Fn::GetAtt'][1])).toEqual([...CAPACITY_BLOCK_FIELDS]);
});

test('asks by name and by criteria', () => {
  new CapacityBlockLookup(stack, 'Named', { block: CapacityBlockSelector.byPurchaseName('llm-2026-q2') });
  expect(input()).toEqual({ PurchaseName: 'llm-2026-q2' });
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  new CapacityBlockLookup(stack, 'Found', {
    block: CapacityBlockSelector.byCriteria({
      statuses: [CapacityBlockStatus.SCHEDULED, CapacityBlockStatus.ACTIVE],
      instanceType: P5,
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      startAfter: '2026-12-05T12:30:00+01:00',
      endBefore: '2027-01-15T00:00Z',
    }),
  });
  expect(input()).toEqual({
    Find: 'true',
    States: 'scheduled,active',
    InstanceType: 'p5.48xlarge',
    AvailabilityZones: 'us-east-1a,us-east-1b',
    StartDateAfter: '2026-12-05T11:30:00Z',
    EndDateBefore: '2027-01-15T00:00:00Z',
  });
});

test('sends the subnets with their zones, in the order in which they are given', () => {
  const subnets = ['b', 'a'].map(zone => ec2.Subnet.fromSubnetAttributes(stack, zone, { subnetId: `subnet-${zone}`, availabilityZone: `us-east-1${zone}` }));
  const block = new CapacityBlockLookup(stack, 'Block', { block: BY_ID, subnets });
  expect(input().Subnets).toEqual([
    { SubnetId: 'subnet-b', AvailabilityZone: 'us-east-1b' }, { SubnetId: 'subnet-a', AvailabilityZone: 'us-east-1a' },
  ]);
  expect(block.capacityBlockRef.subnetId).toBe(block.subnetId);
});

test('as a reference has the id, and what is known before it is read', () => {
  const plain = new CapacityBlockLookup(stack, 'Plain', { block: BY_ID });
  expect(plain.capacityBlockRef).toEqual({ capacityReservationId: plain.capacityReservationId });
  const one = new CapacityBlockLookup(stack, 'One', { block: CapacityBlockSelector.byCriteria({ instanceType: P5, availabilityZones: ['us-east-1a'] }) });
  expect(one.capacityBlockRef).toMatchObject({ instanceType: P5, availabilityZone: 'us-east-1a' });
  const several = new CapacityBlockLookup(stack, 'Several', { block: CapacityBlockSelector.byCriteria({ availabilityZones: ['us-east-1a', 'us-east-1b'] }) });
  expect(several.capacityBlockRef.availabilityZone).toBeUndefined();
  const listed = new CapacityBlockLookup(stack, 'Listed', { block: CapacityBlockSelector.byCriteria({ availabilityZones: Fn.getAzs() }) });
  expect(listed.capacityBlockRef.availabilityZone).toBeUndefined();
});

test('of a block of the app waits for it', () => {
  const first = new CapacityBlockLookup(stack, 'First', { block: BY_ID });
  new CapacityBlockLookup(stack, 'Second', { block: CapacityBlockSelector.fromCapacityBlock(first) });
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    Input: { CapacityReservationId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^First'), 'CapacityReservationId'] } },
  });
});

test('all look-ups of a stack share a function, which may read reservations and nothing else', () => {
  new CapacityBlockLookup(stack, 'A', { block: BY_ID });
  new CapacityBlockLookup(stack, 'B', { block: CapacityBlockSelector.byPurchaseName('b') });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Function', 1);
  const [role] = Object.values(template.findResources('AWS::IAM::Role'));
  const statements = role.Properties.Policies[0].PolicyDocument.Statement.filter(({ Action }: { Action: string }) => !JSON.stringify(Action).includes('logs:'));
  expect(statements).toEqual([{ Effect: 'Allow', Action: 'ec2:DescribeCapacityReservations', Resource: '*' }]);
});

test('is a Capacity Block whose place is that of its stack', () => {
  const block = new CapacityBlockLookup(stack, 'Block', { block: BY_ID });
  expect(block).toBeInstanceOf(CapacityBlock);
  expect(block.env).toEqual({ account: stack.account, region: stack.region });
});
