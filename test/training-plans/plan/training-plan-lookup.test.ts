import { App, CfnOutput, CfnParameter, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ReservedCapacityField, TrainingPlanField } from '../../../src/private/contracts/lookup';
import {
  PlanInstanceType, TargetResource, TrainingPlan, TrainingPlanLookup, TrainingPlanSelector, TrainingPlanStatus,
  type ITrainingPlan, type ReservedCapacity,
} from '../../../src/training-plans';
import { reading } from '../../driver/lookup-properties';

const TYPE = 'Custom::HpcTrainingPlansLookup';
const NAME = 'llm-2026-q1';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App({ analyticsReporting: false });
  stack = new Stack(app, 'Stack');
});

function lookUp(id = 'Plan', scope: Construct = stack): TrainingPlanLookup {
  return new TrainingPlanLookup(scope, id, { trainingPlan: TrainingPlanSelector.byName(NAME) });
}

function output(id: string, value: string, scope: Construct = stack): void {
  new CfnOutput(scope, id, { value });
}

test('renders what the handler reads, with a timeout of its own', () => {
  const plan = lookUp();
  output('Text', `${plan.status} ${plan.availabilityZone} ${plan.totalInstanceCount}`);
  const [resource] = Object.values(Template.fromStack(stack).findResources(TYPE));
  const { ServiceToken, ...properties } = resource.Properties as Record<string, unknown>;
  expect(ServiceToken).toBeDefined();
  expect(properties).toEqual(reading(NAME, 'AvailabilityZone', 'Status', 'TotalInstanceCount'));
});

test('a look-up of three fields takes at most 400 bytes of the template', () => {
  const plan = lookUp();
  output('Text', `${plan.status} ${plan.availabilityZone} ${plan.endTime}`);
  const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
  const own = Object.entries(Resources).filter(([, { Type }]) => Type === TYPE);
  const lines = JSON.stringify({ Resources: Object.fromEntries(own) }, undefined, 1).split('\n').slice(2, -2); // as CDK indents
  expect(lines[0]).toContain('"PlanDAF4E53A": {');
  expect(lines.join('\n').length + 2).toBeLessThanOrEqual(400); // a comma and the end of the last line
});

describe('attributes', () => {
  /** Each getter with the field behind it. */
  const getters: Record<Exclude<TrainingPlanField, 'TrainingPlanName'>, (plan: TrainingPlanLookup) => unknown> = {
    AvailabilityZone: plan => plan.availabilityZone,
    AvailabilityZoneId: plan => plan.availabilityZoneId,
    AvailableInstanceCount: plan => plan.availableInstanceCount,
    AvailableSpareInstanceCount: plan => plan.availableSpareInstanceCount,
    CurrencyCode: plan => plan.currencyCode,
    DurationHours: plan => plan.durationHours,
    DurationMinutes: plan => plan.durationMinutes,
    EndTime: plan => plan.endTime,
    InstanceType: plan => plan.instanceType,
    InUseInstanceCount: plan => plan.inUseInstanceCount,
    ReservedCapacityCount: plan => plan.reservedCapacityCount,
    StartTime: plan => plan.startTime,
    Status: plan => plan.status,
    StatusMessage: plan => plan.statusReason,
    TargetResources: plan => plan.targetResources,
    TotalInstanceCount: plan => plan.totalInstanceCount,
    TotalUltraServerCount: plan => plan.totalUltraServerCount,
    TrainingPlanArn: plan => plan.trainingPlanArn,
    UltraServerType: plan => plan.ultraServerType,
    UnhealthyInstanceCount: plan => plan.unhealthyInstanceCount,
    UpfrontFee: plan => plan.upfrontFee,
  };

  test.each(Object.entries(getters))('%s is asked for when it is used, and nothing else is', (field, get) => {
    const plan = lookUp();
    const resolved = stack.resolve(get(plan));
    const attribute = { 'Fn::GetAtt': ['PlanDAF4E53A', field] };
    expect(resolved).toEqual(field === 'TargetResources' ? { 'Fn::Split': [',', attribute] } : attribute);
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: field });
  });

  test('counts are numbers', () => {
    const plan = lookUp();
    for (const count of [plan.totalInstanceCount, plan.durationHours]) {
      expect(typeof count).toBe('number');
      expect(Token.isUnresolved(count)).toBe(true);
    }
  });

  test('without any, the look-up says that the plan exists', () => {
    lookUp();
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: Match.absent() });
  });

  test('are asked for once, in alphabetical order, whatever the order of use', () => {
    const plan = lookUp();
    output('First', plan.upfrontFee);
    output('Second', plan.currencyCode + plan.upfrontFee);
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: 'CurrencyCode,UpfrontFee' });
  });

  test('that are used only while the template is rendered are asked for too', () => {
    const plan = lookUp();
    output('Early', plan.endTime);
    output('Late', Lazy.string({ produce: () => plan.status }));
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: 'EndTime,Status' });
  });

  test('reach another stack', () => {
    const other = new Stack(app, 'Other');
    output('Zone', lookUp().availabilityZone, other);
    Template.fromStack(other).hasOutput('Zone', { Value: { 'Fn::ImportValue': Match.stringLikeRegexp('AvailabilityZone') } });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: 'AvailabilityZone' });
  });
});

describe('refresh', () => {
  test('is in the properties, so that another text reads again', () => {
    new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName(NAME), refresh: '2026-11-22' });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Refresh: '2026-11-22' });
  });

  test('is left out by default', () => {
    lookUp();
    Template.fromStack(stack).hasResourceProperties(TYPE, { Refresh: Match.absent() });
  });
});

test('reads a plan whose name is known only at deployment, with a permission for it', () => {
  const name = new CfnParameter(stack, 'Name').valueAsString;
  new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName(name) });
  const template = Template.fromStack(stack);
  template.hasResourceProperties(TYPE, { Input: { TrainingPlanName: { Ref: 'Name' } } });
  expect(JSON.stringify(template.findResources('AWS::IAM::Role'))).toContain(':training-plan/",{"Ref":"Name"}');
});

test('used as a training plan, it makes its user wait', () => {
  const plan: ITrainingPlan = lookUp();
  expect(plan).toBeInstanceOf(TrainingPlan);
  expect(plan.trainingPlanName).toBe(NAME);
  expect(stack.resolve(plan.trainingPlanRef.trainingPlanArn)).toEqual({ 'Fn::GetAtt': ['PlanDAF4E53A', 'TrainingPlanArn'] });
});

test('grants.read is for the plan', () => {
  const plan = lookUp();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
  plan.grants.read(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [{ Action: 'sagemaker:DescribeTrainingPlan', Resource: { 'Fn::GetAtt': ['PlanDAF4E53A', 'TrainingPlanArn'] } }] },
  });
});

describe('sharing', () => {
  test('equal look-ups are not merged: each keeps its own dependencies', () => {
    lookUp('First').node.addDependency(new CfnParameter(stack, 'Parameter'));
    lookUp('Second');
    Template.fromStack(stack).resourceCountIs(TYPE, 2);
  });

  test('forName gives the stack one look-up per name, with the attributes that all of its users want', () => {
    const [here, there] = [new Construct(stack, 'Here'), new Construct(stack, 'There')];
    const shared = TrainingPlanLookup.forName(here, NAME);
    expect(TrainingPlanLookup.forName(there, NAME)).toBe(shared);
    expect(TrainingPlanLookup.forName(there, 'other')).not.toBe(shared);
    output('Status', TrainingPlanLookup.forName(here, NAME).status);
    output('End', TrainingPlanLookup.forName(there, NAME).endTime);
    const template = Template.fromStack(stack);
    template.resourceCountIs(TYPE, 2);
    template.hasResourceProperties(TYPE, { Input: { TrainingPlanName: NAME }, Fields: 'EndTime,Status' });
  });

  test('forName keeps names apart that differ in hyphens alone', () => {
    expect(TrainingPlanLookup.forName(stack, 'a-b')).not.toBe(TrainingPlanLookup.forName(stack, 'ab'));
    Template.fromStack(stack).resourceCountIs(TYPE, 2);
  });

  test('forName is for one stack', () => {
    expect(TrainingPlanLookup.forName(new Stack(app, 'Other'), NAME)).not.toBe(TrainingPlanLookup.forName(stack, NAME));
  });

  test('the logical id of a shared look-up does not depend on who asked first', () => {
    const id = (path: string) => {
      const own = new Stack(new App({ analyticsReporting: false }), 'Stack');
      TrainingPlanLookup.forName(new Construct(own, path), NAME);
      return Object.keys(Template.fromStack(own).findResources(TYPE))[0];
    };
    expect(id('Here')).toBe(id('There'));
  });
});

test('400 look-ups fit into a stack', () => {
  for (let index = 0; index < 400; index++) {
    new TrainingPlanLookup(stack, `Plan${index}`, { trainingPlan: TrainingPlanSelector.byName(`plan-${index}`) });
  }
  const template = Template.fromStack(stack);
  template.resourceCountIs(TYPE, 400);
  template.resourceCountIs('AWS::Lambda::Function', 1);
});

describe('a reserved capacity', () => {
  const getters: Record<ReservedCapacityField, (part: ReservedCapacity) => unknown> = {
    AvailabilityZone: part => part.availabilityZone,
    AvailabilityZoneId: part => part.availabilityZoneId,
    DurationHours: part => part.durationHours,
    DurationMinutes: part => part.durationMinutes,
    EndTime: part => part.endTime,
    InstanceType: part => part.instanceType,
    ReservedCapacityArn: part => part.reservedCapacityArn,
    StartTime: part => part.startTime,
    Status: part => part.status,
    TotalInstanceCount: part => part.totalInstanceCount,
    UltraServerCount: part => part.ultraServerCount,
    UltraServerType: part => part.ultraServerType,
  };

  test.each(Object.entries(getters))('%s is asked for by index when it is used, and nothing else is', (field, get) => {
    const name = `ReservedCapacity/1/${field}`;
    expect(stack.resolve(get(lookUp().reservedCapacity(1)))).toEqual({ 'Fn::GetAtt': ['PlanDAF4E53A', name] });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Fields: name });
  });
});

describe('a plan', () => {
  const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1';
  const select = (trainingPlan: TrainingPlanSelector) => new TrainingPlanLookup(stack, 'Plan', { trainingPlan });
  const allowed = () => {
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    const [, ...statements] = role.Properties.Policies[0].PolicyDocument.Statement as { Action: unknown; Resource: unknown }[];
    return statements.map(({ Action, Resource }) => [Action, Resource]);
  };

  test('by name is read by it', () => {
    expect(select(TrainingPlanSelector.byName(NAME)).trainingPlanName).toBe(NAME);
    Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { TrainingPlanName: NAME } });
  });

  test('by ARN is read by it, and no other may be', () => {
    const plan = select(TrainingPlanSelector.byArn(ARN));
    Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { TrainingPlanArn: ARN } });
    expect(allowed()).toEqual([['sagemaker:DescribeTrainingPlan', ARN]]);
    expect(stack.resolve(plan.trainingPlanName)).toEqual({ 'Fn::GetAtt': ['PlanDAF4E53A', 'TrainingPlanName'] });
  });

  test('by criteria is looked for among all', () => {
    select(TrainingPlanSelector.byCriteria({
      statuses: [TrainingPlanStatus.SCHEDULED, TrainingPlanStatus.ACTIVE],
      target: TargetResource.HYPERPOD_CLUSTER,
      instanceType: PlanInstanceType.P5_48XLARGE,
      startAfter: '2026-12-01T09:00:00+09:00',
      endBefore: '2027-01-01T00:00:00Z',
    }));
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Input: {
        Find: 'true',
        Statuses: 'Scheduled,Active',
        TargetResource: 'hyperpod-cluster',
        InstanceType: 'ml.p5.48xlarge',
        StartTimeAfter: '2026-12-01T00:00:00Z',
        EndTimeBefore: '2027-01-01T00:00:00Z',
      },
    });
    expect(allowed()).toEqual([
      ['sagemaker:DescribeTrainingPlan', { 'Fn::Join': ['', expect.arrayContaining([':training-plan/*'])] }],
      ['sagemaker:ListTrainingPlans', '*'],
    ]);
  });

  test('by no criteria is the only one that there is', () => {
    select(TrainingPlanSelector.byCriteria({}));
    Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { Find: 'true', Statuses: Match.absent(), TargetResource: Match.absent() } });
  });

  test('of the app is read by its ARN, with a permission by its name', () => {
    select(TrainingPlanSelector.fromTrainingPlan(TrainingPlan.fromTrainingPlanName(stack, 'Imported', NAME)));
    Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { TrainingPlanArn: { 'Fn::Join': Match.anyValue() } } });
    expect(allowed()).toEqual([['sagemaker:DescribeTrainingPlan', { 'Fn::Join': ['', expect.arrayContaining([`:training-plan/${NAME}`])] }]]);
  });
});
