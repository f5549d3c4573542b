import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CapacityBlockAssertion, CapacityBlockSelector, CapacityBlockStatus, type CapacityBlockAssertionProps } from '../../../src/capacity-blocks';

const TYPE = 'Custom::HpcCapacityBlocksLookup';
const ID = 'cr-0123456789abcdef0';
const BLOCK = CapacityBlockSelector.byReservationId(ID);

let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

const assertion = () => Object.entries(Template.fromStack(stack).findResources(TYPE))[0];
const assert = (props: Partial<CapacityBlockAssertionProps> = {}) => new CapacityBlockAssertion(stack, 'Usable', { block: BLOCK, ...props });

test('expects a block that is scheduled or active, unless told otherwise', () => {
  assert();
  expect(assertion()[1].Properties).toMatchObject({
    Operation: 'AssertCapacityBlock', Input: { CapacityReservationId: ID, ExpectedStates: 'scheduled,active' },
  });
});

test('sends all that is expected', () => {
  assert({
    statuses: [CapacityBlockStatus.ACTIVE],
    instanceType: new ec2.InstanceType('p5.48xlarge'),
    minInstances: 4,
    minAvailableInstances: 2,
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    endAfter: '2026-12-10T01:00:00+01:00',
  });
  expect(assertion()[1].Properties.Input).toEqual({
    CapacityReservationId: ID,
    ExpectedAvailabilityZones: 'us-east-1a,us-east-1b',
    ExpectedEndDateAfter: '2026-12-10T00:00:00Z',
    ExpectedInstanceType: 'p5.48xlarge',
    ExpectedMinAvailableInstanceCount: '2',
    ExpectedMinInstanceCount: '4',
    ExpectedStates: 'active',
  });
});

test('what it guards waits for it, and makes it run again when it changes', () => {
  const ids = ['a', 'b'].map(QueueName => {
    stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
    const resource = new CfnResource(stack, 'Nodes', { type: 'AWS::SQS::Queue', properties: { QueueName } });
    assert({ guards: [resource] });
    const [id] = assertion();
    expect(Template.fromStack(stack).toJSON().Resources.Nodes.DependsOn).toEqual([id]);
    return id;
  });
  expect(new Set(ids).size).toBe(2);
});
