import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CapacityBlock, CapacityBlockLookup, CapacityBlockSelector, type ICapacityBlock } from '../../../src/capacity-blocks';

const ID = 'cr-0123456789abcdef0';
let stack: Stack;
beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

const rule = () => Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'))[0].Properties;
const imported = () => CapacityBlock.fromCapacityReservationId(stack, 'Block', ID);

/* What EC2's pages show of each event, with either of its names. */
const about = { 'capacity-reservation-id': ID, 'end-date': '2026-12-12T11:30:00.000Z' };
const EVENTS: Record<string, readonly [(block: ICapacityBlock) => events.Rule, { readonly 'detail-type': string; readonly 'detail': object }[]]> = {
  'the delivery': [
    block => block.onDelivered('Rule'),
    ['Capacity Block Reservation Delivered', 'Capacity Block Delivered'].map(name => ({ 'detail-type': name, 'detail': about })),
  ],
  'the warning before the end': [
    block => block.onExpirationWarning('Rule'),
    ['Capacity Block Reservation Expiration Warning', 'Capacity Block Expiration Warning'].map(name => ({ 'detail-type': name, 'detail': about })),
  ],
  'the warning of an instance': [
    block => block.onInstanceInterruptionWarning('Rule'),
    [{
      'detail-type': 'EC2 Capacity Reservation Instance Interruption Warning',
      'detail': { 'instance-id': 'i-0123456789abcdef0', 'instance-action': 'terminate', 'instance-lifecycle': 'capacity-block' },
    }],
  ],
  'the failure of the payment': [
    block => block.onPaymentFailed('Rule'),
    [{
      'detail-type': 'AWS Service Event via CloudTrail',
      'detail': {
        eventSource: 'ec2.amazonaws.com',
        eventName: 'CapacityBlockPaymentFailed',
        serviceEventDetails: { capacityReservationId: ID, capacityReservationState: 'payment-failed' },
      },
    }],
  ],
};

/** Whether a pattern of plain values takes an event. */
function takes(pattern: any, event: any): boolean {
  const fits = (key: string, wanted: unknown) => (Array.isArray(wanted) ? wanted.includes(event?.[key]) : takes(wanted, event?.[key]));
  return Object.entries(pattern).every(([key, wanted]) => fits(key, wanted));
}

test.each(Object.entries(EVENTS))('a rule on %s takes the event by either of its names, and no other', (name, [on, all]) => {
  on(imported());
  const { EventPattern } = rule();
  for (const event of all) { expect(takes(EventPattern, { source: 'aws.ec2', ...event })).toBe(true); }
  const others = Object.entries(EVENTS).filter(([other]) => other !== name).flatMap(([, [, events]]) => events);
  expect(others.some(event => takes(EventPattern, { source: 'aws.ec2', ...event }))).toBe(false);
});

const OF_ONE_BLOCK = Object.entries(EVENTS).filter(([name]) => name !== 'the warning of an instance');
test.each(OF_ONE_BLOCK)('a rule on %s is of one block', (_name, [on, [event]]) => {
  on(CapacityBlock.fromCapacityReservationId(stack, 'Block', 'cr-0fedcba9876543210'));
  expect(takes(rule().EventPattern, { source: 'aws.ec2', ...event })).toBe(false);
});

test('a rule on all events of a block takes those that name it', () => {
  imported().onEvent('Rule');
  const { EventPattern } = rule();
  const taken = Object.entries(EVENTS).filter(([, [, [event]]]) => takes(EventPattern, { source: 'aws.ec2', ...event })).map(([name]) => name);
  expect(taken).toEqual(['the delivery', 'the warning before the end']);
});

test('a rule of a look-up has the id that is read', () => {
  new CapacityBlockLookup(stack, 'Block', { block: CapacityBlockSelector.byPurchaseName('llm') }).onDelivered('Go');
  expect(rule().EventPattern.detail).toEqual({
    'capacity-reservation-id': [{ 'Fn::GetAtt': [expect.stringMatching(/^Block/), 'CapacityReservationId'] }],
  });
});

test('a rule has what its options say', () => {
  const target = new targets.SnsTopic(sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:ops'));
  imported().onExpirationWarning('Stop', { target, ruleName: 'ends', description: 'The block ends', eventPattern: { account: ['111122223333'] } });
  expect(rule()).toMatchObject({
    Name: 'ends',
    Description: 'The block ends',
    EventPattern: { account: ['111122223333'] },
    Targets: [{ Arn: 'arn:aws:sns:us-east-1:111122223333:ops' }],
  });
});

test('a rule can be in another stack', () => {
  const other = new Stack(stack.node.root as App, 'Other');
  imported().onDelivered('Go', { crossStackScope: other });
  Template.fromStack(other).resourceCountIs('AWS::Events::Rule', 1);
});
