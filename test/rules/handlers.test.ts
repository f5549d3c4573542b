import { Duration, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { testRules } from './harness';
import * as library from '../../src';
import { RULES } from '../../src/private/handlers/rules';
import {
  Offering, PlanInstanceType, PurchasedTrainingPlan, TargetResource, TrainingPlan, TrainingPlanExtension, TrainingPlanLookup,
  TrainingPlanSelector,
} from '../../src/training-plans';
import { SINGLETONS } from '../singletons';

const { HandlerDefaults, PurchaseMode, UpfrontFee } = library;
const lookUp = (scope: Construct) => new TrainingPlanLookup(scope, 'Plan', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1') });
const PLACE = { account: '111122223333', region: 'us-east-1', maxUpfrontFee: UpfrontFee.usd('120000.00') };

function purchases(stack: Stack, count: number, name: string, mode = PurchaseMode.BUY): void {
  const offering = Offering.search({
    instanceType: PlanInstanceType.P5_48XLARGE,
    instanceCount: 4,
    durations: [Duration.days(14)],
    target: TargetResource.HYPERPOD_CLUSTER,
  });
  for (let n = 0; n < count; n++) {
    new PurchasedTrainingPlan(stack, `Plan${n}`, { ...PLACE, trainingPlanName: `${name}-${n}`, offering, mode });
  }
}

function extensions(stack: Stack, count: number): void {
  const trainingPlan = TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1');
  for (let n = 0; n < count; n++) {
    const extendTo = new Date(Date.UTC(2027, 0, 1 + n, 11, 30)).toISOString();
    new TrainingPlanExtension(stack, `Until${n}`, { ...PLACE, trainingPlan, extendTo, mode: PurchaseMode.BUY });
  }
}

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
  idTaken: {
    refused: {
      ...Object.fromEntries(Object.entries(SINGLETONS).map(([id, make]) => [`a construct of the user called ${id}`, (stack: Stack) => {
        new Construct(stack, id);
        make(library, stack, 'Mine');
      }])),
      'a look-up of another plan under the id of a shared one': stack => {
        new TrainingPlanLookup(stack, 'TrainingPlanLookup:llm', { trainingPlan: TrainingPlanSelector.byName('other') });
        TrainingPlanLookup.forName(stack, 'llm');
      },
    },
    told: { 'a construct of the user called CdkHpcClustersPcsLookup': ['id', '"Stack/CdkHpcClustersPcsLookup"'] },
    accepted: {
      ...Object.fromEntries(Object.entries(SINGLETONS).map(([id, make]) => [`two constructs that share ${id}`, (stack: Stack) => {
        make(library, stack, 'One');
        make(library, stack, 'Two');
      }])),
      'constructs of these ids in another stack, and in a part of this one': stack => {
        const others = [new Stack(stack.node.root as Construct, 'Other'), new Construct(stack, 'Part')];
        for (const [id, make] of Object.entries(SINGLETONS)) {
          others.forEach(other => new Construct(other, id));
          make(library, stack, `Mine${id.length}${id.replace(/\W/g, '')}`);
        }
      },
      'a handler that was removed and is made again': stack => {
        lookUp(stack);
        ['Plan', 'CdkHpcClustersTrainingPlansLookup'].forEach(id => stack.node.tryRemoveChild(id));
        lookUp(stack);
      },
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
  spendingLimitsTooLarge: {
    refused: {
      'eighty purchases with long names': stack => purchases(stack, 80, 'a-name-that-is-as-long-as-names-get'),
      'ninety extensions of a plan': stack => extensions(stack, 90),
    },
    accepted: {
      'fifty purchases': stack => purchases(stack, 50, 'llm'),
      'fifty extensions of a plan': stack => extensions(stack, 50),
      'as many dry runs as one likes': stack => purchases(stack, 120, 'a-name-that-is-as-long-as-names-get', PurchaseMode.DRY_RUN),
    },
  },
});
