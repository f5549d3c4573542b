import { Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { testRules } from './harness';
import { HandlerDefaults } from '../../src/handler-defaults';
import { RULES } from '../../src/private/handlers/rules';
import { TrainingPlanSelector, TrainingPlanLookup } from '../../src/training-plans';

const lookUp = (scope: Construct) => new TrainingPlanLookup(scope, 'Plan', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1') });
const vpcOf = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });

testRules(RULES, {
  configuredTooLate: {
    refused: {
      'options of a stack after its look-up': stack => {
        lookUp(stack);
        HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 1 });
      },
      'options of an app after a look-up somewhere in it': stack => {
        lookUp(new Construct(stack, 'Part'));
        HandlerDefaults.configure(stack.node.root, { reservedConcurrentExecutions: 1 });
      },
    },
    accepted: {
      'options before the look-up': stack => {
        HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 1 });
        lookUp(stack);
      },
      'options of a stack after a look-up in another one': stack => {
        lookUp(new Stack(stack.node.root as Construct, 'Other'));
        HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 1 });
        lookUp(stack);
      },
    },
  },
  configuredInsideStack: {
    refused: {
      'a construct in a stack': stack => HandlerDefaults.configure(new Construct(stack, 'Part'), { reservedConcurrentExecutions: 1 }),
    },
    accepted: {
      'a stack': stack => HandlerDefaults.configure(stack, { reservedConcurrentExecutions: 1 }),
      'an app': stack => HandlerDefaults.configure(stack.node.root, { reservedConcurrentExecutions: 1 }),
      'a stage': stack => HandlerDefaults.configure(new Stage(stack.node.root as Construct, 'Stage'), { reservedConcurrentExecutions: 1 }),
      'a construct around stacks': stack => HandlerDefaults.configure(new Construct(stack.node.root as Construct, 'Part'), { reservedConcurrentExecutions: 1 }),
    },
  },
  networkWithoutVpc: {
    refused: {
      'subnets alone': stack => HandlerDefaults.configure(stack, { vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
      'security groups alone': stack => HandlerDefaults.configure(stack, { securityGroups: [new ec2.SecurityGroup(stack, 'Group', { vpc: vpcOf(stack) })] }),
    },
    accepted: {
      'subnets of a VPC': stack => {
        HandlerDefaults.configure(stack, { vpc: vpcOf(stack), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } });
        lookUp(stack);
      },
    },
  },
});
