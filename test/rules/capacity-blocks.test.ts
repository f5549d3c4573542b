import { CfnParameter, CfnResource, Fn, Stack, type App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { testRules } from './harness';
import {
  CapacityBlock, CapacityBlockAssertion, CapacityBlockLookup, CapacityBlockSelector, CapacityBlockStatus,
  type CapacityBlockAssertionProps, type CapacityBlockAttributes, type CapacityBlockCriteria, type CapacityBlockLookupProps,
} from '../../src/capacity-blocks';
import { RULES } from '../../src/capacity-blocks/private/rules';

type Program = (stack: Stack) => void;

const ID = 'cr-0123456789abcdef0';
const ARN = `arn:aws:ec2:us-east-1:111122223333:capacity-reservation/${ID}`;
const token = (stack: Stack) => new CfnParameter(stack, 'Text').valueAsString;
const type = (name: string) => new ec2.InstanceType(name);

const imported = (attrs: Partial<CapacityBlockAttributes>): Program => stack => {
  CapacityBlock.fromCapacityBlockAttributes(stack, 'Block', { capacityReservationId: ID, ...attrs });
};
const byArn = (arn: string): Program => stack => { CapacityBlock.fromCapacityReservationArn(stack, 'Block', arn); };
const lookedUp = (props: Partial<CapacityBlockLookupProps>): Program => stack => {
  new CapacityBlockLookup(stack, 'Block', { block: CapacityBlockSelector.byReservationId(ID), ...props });
};
const found = (criteria: CapacityBlockCriteria): Program => lookedUp({ block: CapacityBlockSelector.byCriteria(criteria) });
const asserted = (props: Partial<CapacityBlockAssertionProps>): Program => stack => {
  new CapacityBlockAssertion(stack, 'Usable', { block: CapacityBlockSelector.byReservationId(ID), ...props });
};
/** Subnets in a stack, for programs that make them there. */
const subnet = (stack: Stack, availabilityZone?: string) => ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-0123456789abcdef0', availabilityZone });
const network = (stack: Stack) => new ec2.Vpc(stack, 'Vpc');

testRules(RULES, {
  reservationIdInvalid: {
    refused: {
      'the id of an offering': imported({ capacityReservationId: 'cb-0123456789abcdef0' }),
      'an ARN': stack => { CapacityBlock.fromCapacityReservationId(stack, 'Block', ARN); },
      'no id': imported({ capacityReservationId: '' }),
      'capital digits': lookedUp({ block: CapacityBlockSelector.byReservationId('cr-0123456789ABCDEF0') }),
      'a name in an assertion': asserted({ block: CapacityBlockSelector.byReservationId('llm') }),
    },
    told: {
      'the id of an offering': ['capacityReservationId', '"cb-0123456789abcdef0"'],
      'a name in an assertion': ['block', '"llm"'],
    },
    accepted: {
      'an id': imported({}),
      'a token': stack => { CapacityBlock.fromCapacityReservationId(stack, 'Block', token(stack)); },
      'a reference that CloudFormation resolves': lookedUp({ block: CapacityBlockSelector.byReservationId('{{resolve:ssm:/blocks/llm}}') }),
      'a block of the app': stack => {
        const block = CapacityBlock.fromCapacityReservationId(stack, 'Known', token(stack));
        lookedUp({ block: CapacityBlockSelector.fromCapacityBlock(block) })(stack);
      },
    },
  },

  reservationArnInvalid: {
    refused: {
      'an id': byArn(ID),
      'the ARN of a block of UltraServers': byArn('arn:aws:ec2:us-east-1:111122223333:capacity-block/cb-0123456789abcdef0'),
      'the ARN of a training plan': byArn('arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm'),
    },
    accepted: {
      'an ARN': byArn(ARN),
      'an ARN of another partition': byArn(ARN.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-east-1')),
      'a token': stack => byArn(token(stack))(stack),
      'an import': byArn(Fn.importValue('block')),
    },
  },

  purchaseNameInvalid: {
    refused: Object.fromEntries(['', '-llm', 'llm-', 'llm 1', 'a'.repeat(65)].map(name => [
      `the name "${name.slice(0, 9)}"`, lookedUp({ block: CapacityBlockSelector.byPurchaseName(name) }),
    ])),
    accepted: {
      'a name': lookedUp({ block: CapacityBlockSelector.byPurchaseName('llm-2026-q2') }),
      'the longest name': lookedUp({ block: CapacityBlockSelector.byPurchaseName('a'.repeat(64)) }),
      'a token': stack => lookedUp({ block: CapacityBlockSelector.byPurchaseName(token(stack)) })(stack),
    },
  },

  instanceCountInvalid: {
    refused: { 'no instance': imported({ instanceCount: 0 }), 'half an instance': imported({ instanceCount: 1.5 }), 'fewer than none': imported({ instanceCount: -4 }) },
    accepted: {
      'one instance': imported({ instanceCount: 1 }),
      'more than EC2 sells today': imported({ instanceCount: 128 }),
      'a token': stack => imported({ instanceCount: new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber })(stack),
    },
  },

  instanceTypeOfSageMaker: {
    refused: {
      'for an import': imported({ instanceType: type('ml.p5.48xlarge') }),
      'for criteria': found({ instanceType: type('ml.p5.48xlarge') }),
      'for an assertion': asserted({ instanceType: type('ml.p5.48xlarge') }),
    },
    told: { 'for criteria': ['block.instanceType', '"ml.p5.48xlarge"'] },
    accepted: {
      'a type of EC2': imported({ instanceType: type('p5.48xlarge') }),
      'a token': stack => imported({ instanceType: type(token(stack)) })(stack),
    },
  },

  instanceTypeUnknown: {
    refused: {
      'of an import': imported({ instanceType: type('c7i.large') }),
      'of criteria': found({ instanceType: type('c7i.large') }),
      'of an assertion': asserted({ instanceType: type('c7i.large') }),
      'of an assertion that finds its block': asserted({ block: CapacityBlockSelector.byCriteria({ instanceType: type('c7i.large') }) }),
    },
    accepted: {
      'a type that is sold': imported({ instanceType: type('p6-b200.48xlarge') }),
      'a token': stack => found({ instanceType: type(token(stack)) })(stack),
    },
  },

  zonesEmpty: {
    refused: { 'for criteria': found({ availabilityZones: [] }), 'for an assertion': asserted({ availabilityZones: [] }) },
    accepted: { 'one zone': found({ availabilityZones: ['us-east-1a'] }), 'a list of tokens': found({ availabilityZones: Fn.getAzs() }) },
  },

  zoneIdGiven: {
    refused: {
      'for an import': imported({ availabilityZone: 'use1-az4' }),
      'for criteria': found({ availabilityZones: ['us-east-1a', 'use1-az4'] }),
      'for an assertion': asserted({ availabilityZones: ['use1-az4'] }),
    },
    accepted: {
      'a name': imported({ availabilityZone: 'us-east-1a' }),
      'the name of a Local Zone': imported({ availabilityZone: 'us-east-1-dfw-2a' }),
      'a token': stack => asserted({ availabilityZones: [token(stack)] })(stack),
    },
  },

  instantInvalid: {
    refused: {
      'a date': found({ startAfter: '2026-12-05' }),
      'a time without a zone': found({ endBefore: '2026-12-05T11:30:00' }),
      'the 30th of February': asserted({ endAfter: '2027-02-30T00:00:00Z' }),
    },
    told: { 'a time without a zone': ['block.endBefore', '"2026-12-05T11:30:00"'] },
    accepted: {
      'instants': found({ startAfter: '2026-12-05T11:30:00Z', endBefore: '2026-12-12T12:30:00+01:00' }),
      'a token': stack => asserted({ endAfter: token(stack) })(stack),
    },
  },

  expectationsEmpty: {
    refused: { 'of criteria': found({ statuses: [] }), 'of an assertion': asserted({ statuses: [] }) },
    accepted: { 'one state': found({ statuses: [CapacityBlockStatus.ACTIVE] }), 'no statuses': asserted({}) },
  },

  minInstancesInvalid: {
    refused: { 'none of all': asserted({ minInstances: 0 }), 'half a free one': asserted({ minAvailableInstances: 0.5 }) },
    accepted: {
      'numbers': asserted({ minInstances: 4, minAvailableInstances: 1 }),
      'a token': stack => asserted({ minInstances: new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber })(stack),
    },
  },

  guardElsewhere: {
    refused: {
      'a resource of another stack': stack => asserted({ guards: [new sqs.Queue(new Stack(stack.node.root as never, 'Other'), 'Queue')] })(stack),
    },
    accepted: { 'a resource of the stack': stack => asserted({ guards: [new sqs.Queue(stack, 'Queue')] })(stack) },
  },

  guardEmpty: {
    refused: { 'an import': stack => asserted({ guards: [sqs.Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:111122223333:q')] })(stack) },
    accepted: { 'a resource of CloudFormation': stack => asserted({ guards: [new CfnResource(stack, 'Any', { type: 'AWS::SQS::Queue' })] })(stack) },
  },

  eventsElsewhere: {
    refused: {
      'a block of another Region': stack => {
        CapacityBlock.fromCapacityReservationArn(stack, 'Block', ARN.replace('us-east-1', 'us-west-2')).onDelivered('Go');
      },
      'a rule in a stack of another Region': stack => {
        const away = new Stack(stack.node.root as App, 'Away', { env: { account: '111122223333', region: 'us-west-2' } });
        CapacityBlock.fromCapacityReservationId(stack, 'Block', ID).onExpirationWarning('Stop', { crossStackScope: away });
      },
    },
    told: { 'a block of another Region': ['crossStackScope', '"us-west-2"'] },
    accepted: {
      'a block of the Region': stack => { CapacityBlock.fromCapacityReservationArn(stack, 'Block', ARN).onPaymentFailed('Failed'); },
      'a block of another account, which shares it': stack => {
        CapacityBlock.fromCapacityReservationArn(stack, 'Block', ARN.replace('111122223333', '444455556666')).onDelivered('Go');
      },
      'an ARN that is a token': stack => {
        CapacityBlock.fromCapacityReservationArn(stack, 'Block', Fn.importValue('block')).onInstanceInterruptionWarning('Going');
      },
      'a rule in a stack of the Region of a block that is elsewhere': stack => {
        const there = new Stack(stack.node.root as App, 'There', { env: { account: '111122223333', region: 'us-west-2' } });
        CapacityBlock.fromCapacityReservationArn(stack, 'Block', ARN.replace('us-east-1', 'us-west-2')).onDelivered('Go', { crossStackScope: there });
      },
    },
    concrete: true,
  },

  subnetsTwice: {
    refused: { 'a VPC and subnets': stack => lookedUp({ vpc: network(stack), subnets: [subnet(stack, 'us-east-1a')] })(stack) },
    accepted: { 'a VPC': stack => lookedUp({ vpc: network(stack) })(stack), 'subnets': stack => lookedUp({ subnets: [subnet(stack, 'us-east-1a')] })(stack) },
  },

  vpcSubnetsAlone: {
    refused: { 'a selection of no VPC': lookedUp({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }) },
    accepted: { 'a selection of a VPC': stack => lookedUp({ vpc: network(stack), vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } })(stack) },
  },

  subnetsEmpty: {
    refused: {
      'no subnets': lookedUp({ subnets: [] }),
      'a selection of none': stack => lookedUp({ vpc: network(stack), vpcSubnets: { subnets: [] } })(stack),
      'a selection that the VPC lacks': stack => lookedUp({ vpc: network(stack), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })(stack),
    },
    accepted: {
      'one subnet': stack => lookedUp({ subnets: [subnet(stack, 'us-east-1a')] })(stack),
      'a VPC that is yet to be looked up': stack => lookedUp({ vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { isDefault: true }), vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } })(stack),
    },
    concrete: true,
  },

  subnetList: {
    refused: {
      'subnets of an imported list': stack => lookedUp({
        vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
          vpcId: Fn.importValue('vpc'), availabilityZones: Fn.split(',', Fn.importValue('zones')), privateSubnetIds: Fn.split(',', Fn.importValue('subnets')),
        }),
      })(stack),
    },
    accepted: {
      'subnets that are tokens one by one': stack => lookedUp({
        subnets: [ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: Fn.importValue('subnet'), availabilityZone: Fn.select(0, Fn.getAzs()) })],
      })(stack),
    },
  },

  subnetWithoutZone: {
    refused: {
      'a subnet that is imported by its id': stack => lookedUp({ subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0')] })(stack),
    },
    told: { 'a subnet that is imported by its id': ['subnets', '["Stack/Subnet"]'] },
    accepted: {
      'a subnet with its zone': stack => lookedUp({ subnets: [subnet(stack, 'us-east-1a')] })(stack),
      'a subnet whose zone is a token': stack => lookedUp({ subnets: [subnet(stack, token(stack))] })(stack),
    },
  },
});
