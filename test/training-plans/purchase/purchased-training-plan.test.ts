import { App, CfnOutput, CfnWaitConditionHandle, Duration, NestedStack, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PurchaseMode, UpfrontFee } from '../../../src';
import { Offering, PlanInstanceType, PurchasedTrainingPlan, TargetResource, TrainingPlan, TrainingPlanLookup, TrainingPlanSelector, UltraServerType, type ITrainingPlan, type PurchasedTrainingPlanProps } from '../../../src/training-plans';

const PURCHASE = 'Custom::HpcTrainingPlansPurchase';
const SEARCH = 'Custom::HpcTrainingPlansOfferingSearch';
const ENV = { account: '111122223333', region: 'us-east-1' };
const COMMON = { durations: [Duration.days(14)], target: TargetResource.HYPERPOD_CLUSTER };
const OFFERING = Offering.search({ ...COMMON, instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4 });

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack', { env: ENV });
});

function buy(props: Partial<PurchasedTrainingPlanProps> = {}, scope: Construct = stack, id = 'Reserve'): PurchasedTrainingPlan {
  return new PurchasedTrainingPlan(scope, id, {
    trainingPlanName: 'llm-2026-q2', offering: OFFERING, maxUpfrontFee: UpfrontFee.usd('120000.00'), mode: PurchaseMode.BUY, ...props,
  });
}

function propertiesOf(type: string, of: Stack = stack): Record<string, unknown> {
  return Object.values(Template.fromStack(of).findResources(type))[0].Properties as Record<string, unknown>;
}

describe('money', () => {
  test('is not spent unless the code says so', () => {
    buy({ mode: undefined });
    const template = Template.fromStack(stack);
    template.resourceCountIs(PURCHASE, 0);
    template.resourceCountIs(SEARCH, 1);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/CreateTrainingPlan|onEvent|PutParameter/);
  });

  test('that is spent leaves a resource that nothing takes away', () => {
    buy();
    Template.fromStack(stack).hasResource(PURCHASE, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('is not spent by whoever makes a dry run of a purchase: it is another resource', () => {
    const ids = [PurchaseMode.BUY, PurchaseMode.DRY_RUN].map(mode => {
      const own = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
      buy({ mode }, own);
      const template = Template.fromStack(own);
      return Object.keys({ ...template.findResources(PURCHASE), ...template.findResources(SEARCH) })[0];
    });
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('is announced at synthesis', () => {
    buy();
    Annotations.fromStack(stack).hasInfo('/Stack/Reserve', Match.stringLikeRegexp(
      'unless it exists, deploying buys the training plan "llm-2026-q2" in account 111122223333, Region us-east-1 for up to 120000.00 USD without taxes',
    ));
  });

  test('is announced to be kept by a dry run', () => {
    buy({ mode: PurchaseMode.DRY_RUN });
    Annotations.fromStack(stack).hasInfo('/Stack/Reserve', Match.stringLikeRegexp('up to 120000.00 USD, and buys nothing; to buy, set `mode: PurchaseMode.BUY`'));
  });
});

describe('a purchase', () => {
  test('is said whole to its handler', () => {
    buy();
    const { ServiceToken, ...properties } = propertiesOf(PURCHASE);
    expect(properties).toEqual({
      ServiceTimeout: 3600,
      Account: '111122223333',
      Region: 'us-east-1',
      TrainingPlanName: 'llm-2026-q2',
      OwnershipKey: expect.stringMatching(/^Stack\/c8[0-9a-f]{40}$/),
      AdoptExisting: 'false',
      Offering: {
        InstanceType: 'ml.p5.48xlarge', InstanceCount: '4', DurationHours: ['336'], TargetResource: 'hyperpod-cluster', Selection: 'LOWEST_FEE',
      },
      MaxUpfrontFee: { Amount: '120000.00', CurrencyCode: 'USD' },
      Attempt: '1',
    });
  });

  test('has what else was asked for', () => {
    const offering = Offering.searchUltraServers({ ...COMMON, ultraServerType: UltraServerType.U_P6E_GB200X36, ultraServerCount: 1 });
    buy({ offering, attempt: 3, adoptExisting: true, ownershipKey: 'research/llm', spareInstancesPerUltraServer: 0 });
    expect(propertiesOf(PURCHASE)).toMatchObject({
      Attempt: '3', AdoptExisting: 'true', OwnershipKey: 'research/llm', SpareInstanceCountPerUltraServer: '0',
    });
  });

  test('has the same logical id for another attempt: a person who looked does not make a second purchase', () => {
    const id = (attempt: number) => {
      const own = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
      buy({ attempt }, own);
      return Object.keys(Template.fromStack(own).findResources(PURCHASE));
    };
    expect(id(1)).toEqual(id(2));
  });

  test('in a stack for any place is pinned to one', () => {
    const own = new Stack(app, 'Agnostic');
    const plan = buy(ENV, own);
    expect(propertiesOf(PURCHASE, own)).toMatchObject({ Account: '111122223333', Region: 'us-east-1' });
    expect(plan.env).toEqual(ENV);
  });

  test('is requested only once late requests are dropped', () => {
    buy();
    const template = Template.fromStack(stack);
    const [limits] = Object.keys(template.findResources('AWS::Lambda::EventInvokeConfig'));
    template.hasResource(PURCHASE, { DependsOn: Match.arrayWith([limits]) });
  });

  test('is requested only once its function knows what it may cost', () => {
    buy();
    const template = Template.fromStack(stack);
    const limit = 'llm-2026-q2,120000.00,USD,1,ml.p5.48xlarge,4';
    const [buyer] = Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { Environment: { Variables: { SPENDING_LIMITS: limit } } } }));
    template.hasResource(PURCHASE, { DependsOn: Match.arrayWith([buyer]) });
  });

  test('has the attributes of the plan, for which its users wait', () => {
    const plan = buy();
    const [id] = Object.keys(Template.fromStack(stack).findResources(PURCHASE));
    const fields = {
      trainingPlanArn: 'TrainingPlanArn',
      status: 'Status',
      availabilityZone: 'AvailabilityZone',
      availabilityZoneId: 'AvailabilityZoneId',
      subnetId: 'SubnetId',
      instanceType: 'InstanceType',
      totalInstanceCount: 'TotalInstanceCount',
      startTime: 'StartTime',
      endTime: 'EndTime',
      upfrontFee: 'UpfrontFee',
      currencyCode: 'CurrencyCode',
      trainingPlanOfferingId: 'TrainingPlanOfferingId',
      notice: 'Notice',
    } as const;
    for (const [attribute, field] of Object.entries(fields)) {
      expect(stack.resolve(plan[attribute as keyof typeof fields])).toEqual({ 'Fn::GetAtt': [id, field] });
    }
    expect(plan.trainingPlanName).toBe('llm-2026-q2');
    expect(plan).toBeInstanceOf(TrainingPlan);
  });

  test('reaches another stack by its ARN', () => {
    const other = new Stack(app, 'Other', { env: ENV });
    new CfnOutput(other, 'Plan', { value: buy().trainingPlanArn });
    Template.fromStack(other).hasOutput('Plan', { Value: { 'Fn::ImportValue': Match.stringLikeRegexp('TrainingPlanArn') } });
  });

  test('can be read later in the same deployment, without a circle', () => {
    const before = new TrainingPlanLookup(stack, 'Before', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1') });
    const instances = { instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4 };
    const plan = buy({ offering: Offering.search({ ...COMMON, ...instances, startAfter: before.endTime }) });
    new TrainingPlanLookup(stack, 'After', { trainingPlan: TrainingPlanSelector.fromTrainingPlan(plan) });
    expect(() => Template.fromStack(stack)).not.toThrow(); // Template refuses circles
  });

  test('in the subnets of a VPC says which pairs qualify', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 1 });
    buy({ vpc });
    expect((propertiesOf(PURCHASE).Offering as { Subnets: unknown }).Subnets).toEqual([
      { SubnetId: { Ref: expect.stringMatching(/^VpcPrivateSubnet1/) }, AvailabilityZone: 'us-east-1a' },
      { SubnetId: { Ref: expect.stringMatching(/^VpcPrivateSubnet2/) }, AvailabilityZone: 'us-east-1b' },
    ]);
  });
});

describe('whose a plan is', () => {
  const key = (of: Stack) => propertiesOf(PURCHASE, of).OwnershipKey;

  test('depends on the root stack, not on the random name of a nested one', () => {
    buy({}, new NestedStack(stack, 'Nested'));
    const [nested] = stack.node.findAll().filter((node): node is NestedStack => node instanceof NestedStack);
    expect(key(nested)).toMatch(/^Stack\/c8/);
  });

  test('differs between stacks, and between constructs of a stack', () => {
    const other = new Stack(app, 'Other', { env: ENV });
    buy();
    buy({ trainingPlanName: 'b' }, stack, 'B');
    buy({ trainingPlanName: 'c' }, other);
    const purchases = [stack, other].flatMap(each => Object.values(Template.fromStack(each).findResources(PURCHASE)));
    expect(new Set(purchases.map(({ Properties }) => Properties.OwnershipKey)).size).toBe(3);
  });

  test('has the name of the deployed stack in a stage', () => {
    const staged = new Stack(new Stage(app, 'Prod'), 'Plans', { env: ENV });
    buy({}, staged);
    expect(key(staged)).toMatch(/^Prod-Plans\/c8/);
  });

  test('is the same in every synthesis', () => {
    const once = () => {
      const own = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
      buy({}, own);
      return Template.fromStack(own).toJSON();
    };
    expect(once()).toEqual(once());
  });
});

describe('tags', () => {
  test('reach the plan, and can be kept from it', () => {
    const plan = buy();
    Tags.of(app).add('team', 'research');
    Tags.of(stack).add('team', 'llm', { priority: 300 });
    Tags.of(plan).add('cost-center', '7');
    Tags.of(stack).add('secret', 'x', { excludeResourceTypes: [PURCHASE] });
    expect(propertiesOf(PURCHASE).Tags).toEqual({ 'team': 'llm', 'cost-center': '7' });
  });

  test('mean nothing to a dry run', () => {
    buy({ mode: PurchaseMode.DRY_RUN });
    Tags.of(app).add('team', 'research');
    expect(propertiesOf(SEARCH)).not.toHaveProperty('Tags');
  });
});

describe('a dry run', () => {
  test('says all that a purchase would be', () => {
    buy({ mode: PurchaseMode.DRY_RUN });
    const { ServiceToken, ...properties } = propertiesOf(SEARCH);
    expect(properties).toEqual({
      ServiceTimeout: 300,
      Offering: expect.objectContaining({ InstanceType: 'ml.p5.48xlarge', InstanceCount: '4' }),
      MaxUpfrontFee: { Amount: '120000.00', CurrencyCode: 'USD' },
      DryRunOf: {
        Account: '111122223333',
        Region: 'us-east-1',
        TrainingPlanName: 'llm-2026-q2',
        OwnershipKey: expect.stringMatching(/^Stack\/c8[0-9a-f]{40}$/),
        AdoptExisting: 'false',
      },
    });
  });

  test('leaves nothing behind', () => {
    buy({ mode: PurchaseMode.DRY_RUN });
    Template.fromStack(stack).hasResource(SEARCH, { DeletionPolicy: Match.absent(), UpdateReplacePolicy: Match.absent() });
  });

  test('reports in one line', () => {
    const plan = buy({ mode: PurchaseMode.DRY_RUN });
    const [id] = Object.keys(Template.fromStack(stack).findResources(SEARCH));
    expect(stack.resolve(plan.notice)).toEqual({ 'Fn::GetAtt': [id, 'Summary'] });
  });

  test('is of the very plan that a purchase would be of', () => {
    buy({ mode: PurchaseMode.DRY_RUN });
    const own = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
    buy({}, own);
    const { Offering: offering, MaxUpfrontFee, ServiceToken, ServiceTimeout, Attempt, ...identity } = propertiesOf(PURCHASE, own);
    expect(propertiesOf(SEARCH)).toMatchObject({ Offering: offering, MaxUpfrontFee, DryRunOf: identity });
  });

  test('reads offerings, and the plan of this name', () => {
    buy({ mode: PurchaseMode.DRY_RUN });
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    const statements = role.Properties.Policies[0].PolicyDocument.Statement as { Action: string | string[] }[];
    expect(statements.flatMap(({ Action }) => Action)).toEqual([
      'logs:CreateLogStream', 'logs:PutLogEvents', 'sagemaker:SearchTrainingPlanOfferings', 'sagemaker:DescribeTrainingPlan', 'sagemaker:ListTags',
    ]);
  });
});

describe('grants.purchase', () => {
  const granted = (plan: ITrainingPlan) => {
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    expect(plan.grants.purchase(role).success).toBe(true);
    return Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[]);
  };

  test('allows what the role of a purchase has, for one plan', () => {
    const imported = TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q2');
    const own = new Stack(new App({ analyticsReporting: false }), 'Own', { env: ENV });
    buy({}, own);
    const [buyer] = Object.entries(Template.fromStack(own).findResources('AWS::IAM::Role')).filter(([id]) => id.includes('BuyerRole'));
    const actions = (statements: { Action: string | string[] }[]) => [...new Set(statements.flatMap(({ Action }) => Action))].sort();
    const needed = actions(buyer[1].Properties.Policies[0].PolicyDocument.Statement).filter(action => !action.startsWith('logs:'));
    expect(actions(granted(imported))).toEqual(needed);
  });

  test('names the place of the plan', () => {
    const arn = 'arn:aws:sagemaker:us-west-2:444455556666:training-plan/llm-2026-q2';
    const text = JSON.stringify(granted(TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn)));
    expect(text).toContain(arn);
    expect(text).toContain(':ssm:us-west-2:444455556666:parameter/cdk-hpc-clusters/training-plan/llm-2026-q2/*');
    expect(text).not.toContain('us-east-1');
  });
});

test('a purchase beside something else is warned of by name, and the warning can be acknowledged', () => {
  const plan = buy();
  new CfnWaitConditionHandle(stack, 'Beside');
  Annotations.fromStack(stack).hasWarning('/Stack/Reserve', Match.stringLikeRegexp('got: "Stack/Beside".*ack: cdk-hpc-clusters:trainingPlans.sharedStack'));
  expect(plan.node.path).toBe('Stack/Reserve');
});
