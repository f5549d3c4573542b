import { App, CfnParameter, CfnResource, Lazy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  PlanInstanceType, TargetResource, TrainingPlan, TrainingPlanAssertion, TrainingPlanLookup, TrainingPlanSelector, TrainingPlanStatus,
  type TrainingPlanAssertionProps,
} from '../../../src/training-plans';

const TYPE = 'Custom::HpcTrainingPlansLookup';

/** The logical id of the only assertion in a stack that a program makes. */
function idOf(program: (stack: Stack) => void): string {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  program(stack);
  const [id, ...others] = Object.keys(Template.fromStack(stack).findResources(TYPE, { Properties: { Operation: 'AssertTrainingPlan' } }));
  expect(others).toEqual([]);
  return id;
}

function assertPlan(scope: Construct, props: Partial<TrainingPlanAssertionProps> = {}, id = 'Assertion'): TrainingPlanAssertion {
  return new TrainingPlanAssertion(scope, id, { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1'), ...props });
}

/** Something that uses a plan. */
function consumer(scope: Construct, properties: Record<string, unknown> = { Size: 1 }, id = 'Consumer'): CfnResource {
  return new CfnResource(scope, id, { type: 'Test::Some::Consumer', properties });
}

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

describe('an assertion', () => {
  test('says what is expected', () => {
    assertPlan(stack, {
      statuses: [TrainingPlanStatus.ACTIVE],
      target: TargetResource.ENDPOINT,
      instanceType: PlanInstanceType.P5_48XLARGE,
      minTotalInstances: 4,
      minAvailableInstances: 2,
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      endAfter: '2026-12-15T00:00:00Z',
    });
    Template.fromStack(stack).hasResourceProperties(TYPE, {
      Operation: 'AssertTrainingPlan',
      Input: {
        TrainingPlanName: 'llm-2026-q1',
        ExpectedStatuses: 'Active',
        ExpectedTargetResource: 'endpoint',
        ExpectedInstanceType: 'ml.p5.48xlarge',
        ExpectedMinTotalInstanceCount: '4',
        ExpectedMinAvailableInstanceCount: '2',
        ExpectedAvailabilityZones: 'us-east-1a,us-east-1b',
        ExpectedEndTimeAfter: '2026-12-15T00:00:00Z',
      },
      Fields: Match.absent(),
    });
  });

  test('expects a plan that can be used, by default', () => {
    assertPlan(stack);
    const [{ Properties }] = Object.values(Template.fromStack(stack).findResources(TYPE));
    expect(Properties.Input).toEqual({ TrainingPlanName: 'llm-2026-q1', ExpectedStatuses: 'Scheduled,Active' });
  });

  test('is about a plan by ARN or criteria too', () => {
    const trainingPlan = TrainingPlanSelector.byCriteria({ target: TargetResource.TRAINING_JOB });
    assertPlan(stack, { trainingPlan });
    Template.fromStack(stack).hasResourceProperties(TYPE, { Input: { Find: 'true', TargetResource: 'training-job', ExpectedStatuses: 'Scheduled,Active' } });
  });

  test('uses the function of the look-ups, which may describe the plan', () => {
    new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1') });
    assertPlan(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs(TYPE, 2);
  });
});

describe('what is guarded', () => {
  const waits = (id: string) => (Template.fromStack(stack).findResources('Test::Some::Consumer')[id].DependsOn as string[] | undefined) ?? [];
  const assertionIds = () => Object.keys(Template.fromStack(stack).findResources(TYPE));

  test('waits for the assertion, by property or by method', () => {
    const assertion = assertPlan(stack, { guards: [consumer(stack)] });
    assertion.guard(consumer(stack, {}, 'Second'), consumer(stack, {}, 'Third'));
    for (const id of ['Consumer', 'Second', 'Third']) { expect(waits(id)).toEqual(assertionIds()); }
  });

  test('is the main resource of a construct alone', () => {
    const queue = new sqs.Queue(stack, 'Queue', { encryption: sqs.QueueEncryption.KMS });
    assertPlan(stack, { guards: [queue] });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::SQS::Queue', { DependsOn: assertionIds() });
    template.hasResource('AWS::KMS::Key', { DependsOn: Match.absent() });
  });

  test('is everything in a construct without one', () => {
    const around = new Construct(stack, 'Around');
    const inside = ['A', 'B'].map(id => consumer(around, {}, id));
    assertPlan(stack, { guards: [around] });
    for (const resource of inside) { expect(waits(stack.resolve(resource.logicalId))).toEqual(assertionIds()); }
  });

  test('may use what the plan is read for', () => {
    const plan = new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1') });
    assertPlan(stack, { guards: [consumer(stack, { Zone: plan.availabilityZone })] });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('can be guarded by two assertions', () => {
    const guards = [consumer(stack)];
    assertPlan(stack, { guards });
    assertPlan(stack, { guards, trainingPlan: TrainingPlanSelector.byName('other') }, 'Other');
    expect(waits('Consumer')).toEqual(assertionIds().sort());
    expect(assertionIds()).toHaveLength(2);
  });
});

describe('the logical id', () => {
  const guarding = (properties: Record<string, unknown>) => idOf(own => assertPlan(own, { guards: [consumer(own, properties)] }));

  test('is a name with a hash', () => {
    expect(idOf(own => assertPlan(own))).toMatch(/^Assertion[0-9A-F]{8}[0-9a-f]{32}$/);
  });

  test('is the same for the same app', () => {
    expect(guarding({ Size: 1 })).toBe(guarding({ Size: 1 }));
  });

  test('changes with a property of what is guarded, so that the assertion is made again', () => {
    expect(guarding({ Size: 1 })).not.toBe(guarding({ Size: 2 }));
  });

  test('changes with a property that is set late, by override, tag or token', () => {
    const change = (late: (resource: CfnResource) => void, properties: Record<string, unknown> = { Size: 1 }) => idOf(own => {
      const resource = consumer(own, properties);
      assertPlan(own, { guards: [resource] });
      late(resource);
    });
    expect(change(resource => resource.addPropertyOverride('Size', 2))).not.toBe(change(() => undefined));
    const queue = (late: (own: Stack) => void) => idOf(own => {
      assertPlan(own, { guards: [new sqs.Queue(own, 'Queue')] });
      late(own);
    });
    expect(queue(own => Tags.of(own).add('a', 'b'))).not.toBe(queue(() => undefined));
    const token = (size: number) => guarding({ Size: Lazy.number({ produce: () => size }) });
    expect(token(1)).not.toBe(token(2));
  });

  test('does not change with what the guarded resource waits for', () => {
    const waiting = (wait: boolean) => idOf(own => {
      const [resource, other] = [consumer(own), consumer(own, {}, 'Other')];
      assertPlan(own, { guards: [resource] });
      if (wait) { resource.addResourceDependency(other); }
    });
    expect(waiting(true)).toBe(waiting(false));
  });

  test('does not change with another assertion about the same resource', () => {
    const first = (other: boolean) => {
      const own = new Stack(new App({ analyticsReporting: false }), 'Stack');
      const guards = [consumer(own)];
      assertPlan(own, { guards });
      if (other) { assertPlan(own, { guards, trainingPlan: TrainingPlanSelector.byName('other') }, 'Other'); }
      return Object.keys(Template.fromStack(own).findResources(TYPE)).find(id => id.startsWith('Assertion'));
    };
    expect(first(true)).toBe(first(false));
  });

  test('does not change with the order in which resources are guarded', () => {
    const ordered = (...order: string[]) => idOf(own => {
      const all = new Map(['A', 'B'].map(id => [id, consumer(own, { Name: id }, id)]));
      assertPlan(own, { guards: order.map(id => all.get(id)!) });
    });
    expect(ordered('A', 'B')).toBe(ordered('B', 'A'));
  });

  test.each<[string, Partial<TrainingPlanAssertionProps>]>([
    ['what is expected', { minTotalInstances: 4 }],
    ['the plan', { trainingPlan: TrainingPlanSelector.byName('other') }],
  ])('changes with %s', (_what, props) => {
    expect(idOf(own => assertPlan(own, props))).not.toBe(idOf(own => assertPlan(own)));
  });

  test('may depend on what is known only at deployment', () => {
    expect(idOf(own => {
      const plan = TrainingPlan.fromTrainingPlanArn(own, 'Plan', new CfnParameter(own, 'Arn').valueAsString);
      assertPlan(own, { trainingPlan: TrainingPlanSelector.fromTrainingPlan(plan), guards: [consumer(own)] });
    })).toMatch(/^Assertion/);
  });

  test('has at most 255 characters', () => {
    const id = 'x'.repeat(300);
    const own = new Stack(new App({ analyticsReporting: false }), 'Stack');
    assertPlan(own, {}, id);
    expect(Object.keys(Template.fromStack(own).findResources(TYPE))[0].length).toBeLessThanOrEqual(255);
  });
});
