import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CapacityBlock, CapacityBlockStatus } from '../../../src/capacity-blocks';

const ID = 'cr-0123456789abcdef0';
let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

test('an import by id has the ARN that follows from it, and creates nothing', () => {
  const block = CapacityBlock.fromCapacityReservationId(stack, 'Block', ID);
  expect(block.capacityReservationId).toBe(ID);
  expect(stack.resolve(block.capacityReservationArn)).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ec2:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:capacity-reservation/${ID}`]],
  });
  expect(block.capacityBlockRef).toEqual({ capacityReservationId: ID });
  expect(Template.fromStack(stack).toJSON().Resources).toBeUndefined();
});

test('an import by attributes tells what is known of the block', () => {
  const instanceType = new ec2.InstanceType('p5.48xlarge');
  const known = { capacityReservationId: ID, instanceType, instanceCount: 4, availabilityZone: 'us-east-1a' };
  expect(CapacityBlock.fromCapacityBlockAttributes(stack, 'Block', known).capacityBlockRef).toEqual(known);
});

test('an import by ARN has id, account and Region of the ARN, which may be those of another account', () => {
  const arn = `arn:aws:ec2:us-west-2:444455556666:capacity-reservation/${ID}`;
  const block = CapacityBlock.fromCapacityReservationArn(stack, 'Block', arn);
  expect(block.capacityReservationId).toBe(ID);
  expect(block.capacityReservationArn).toBe(arn);
  expect(block.env).toEqual({ account: '444455556666', region: 'us-west-2' });
});

test('an import takes an id that is known only at deployment', () => {
  const block = CapacityBlock.fromCapacityReservationId(stack, 'Block', new CfnParameter(stack, 'Id').valueAsString);
  expect(JSON.stringify(stack.resolve(block.capacityReservationArn))).toContain(':capacity-reservation/",{"Ref":"Id"}');
});

test('all that is wrong with attributes is told at once', () => {
  expect(() => CapacityBlock.fromCapacityBlockAttributes(stack, 'Block', {
    capacityReservationId: 'cb-1', instanceType: new ec2.InstanceType('ml.p5.48xlarge'), instanceCount: 0, availabilityZone: 'use1-az4',
  })).toThrow(/4 problems/);
});

test('states are texts of EC2', () => {
  expect(CapacityBlockStatus.PAYMENT_PENDING.value).toBe('payment-pending');
  expect(CapacityBlockStatus.of('new-state').value).toBe('new-state');
});
