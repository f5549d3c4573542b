import { App, CfnParameter, CfnWaitConditionHandle, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { extensionId, extensionRequest, extensionSearch } from '../../../lambda/training-plans/properties';
import { PurchaseMode, UpfrontFee } from '../../../src';
import { TrainingPlan, TrainingPlanExtension, type TrainingPlanExtensionProps } from '../../../src/training-plans';
import { PlanReference } from '../plan-reference';

const EXTENSION = 'Custom::HpcTrainingPlansExtension';
const SEARCH = 'Custom::HpcTrainingPlansOfferingSearch';
const FUNCTION = 'AWS::Lambda::Function';
const ENV = { account: '111122223333', region: 'us-east-1' };
const PLACE = { partition: 'aws', ...ENV, name: 'Stack' };
const END = '2027-01-29T11:30:00Z';
const LATER = '2027-02-05T11:30:00Z';

let stack: Stack;

beforeEach(() => { stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV }); });

function extend(props: Partial<TrainingPlanExtensionProps> = {}, id = 'Extension', scope = stack): TrainingPlanExtension {
  return new TrainingPlanExtension(scope, id, {
    trainingPlan: TrainingPlan.fromTrainingPlanName(scope, `${id}Plan`, 'llm-2026-q2'),
    extendTo: END,
    maxUpfrontFee: UpfrontFee.usd('60000.00'),
    mode: PurchaseMode.BUY,
    ...props,
  });
}

/** The logical id that an extension gets in an app of its own. */
function idWith(props: Partial<TrainingPlanExtensionProps>): string {
  const own = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
  extend(props, 'Extension', own);
  return Object.keys(Template.fromStack(own).findResources(EXTENSION))[0];
}

function resourceOf(type: string): Record<string, any> {
  return Object.values(Template.fromStack(stack).findResources(type))[0];
}

/** The properties of a resource as its handler gets them, in the partition `aws`. */
function received(type: string): Record<string, unknown> {
  return JSON.parse(JSON.stringify(resourceOf(type).Properties).replace(/\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g, '"arn:aws$1"')) as Record<string, unknown>;
}

test('a plan that has nothing but its ARN is extended by the name in it', () => {
  const named = TrainingPlan.fromTrainingPlanName(stack, 'Named', 'llm-2026-q2');
  extend({ trainingPlan: new PlanReference(stack, 'Theirs', 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q2') });
  expect(received(EXTENSION)).toMatchObject({
    TrainingPlanName: 'llm-2026-q2', TrainingPlanArn: 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q2',
  });
  expect(() => extend({ trainingPlan: named }, 'Again')).toThrow('[trainingPlans.extendedTwice]'); // the same plan, whoever names it
});

test('a plan whose ARN is known at deployment alone is refused, since another deployment might buy the same', () => {
  const arn = new CfnParameter(stack, 'Arn').valueAsString;
  expect(() => extend({ trainingPlan: new PlanReference(stack, 'Theirs', arn) })).toThrow('[trainingPlans.purchaseNameUnknown]');
});

describe('money', () => {
  test('is not spent unless the code says so', () => {
    extend({ mode: undefined });
    const template = Template.fromStack(stack);
    template.resourceCountIs(EXTENSION, 0);
    template.resourceCountIs(SEARCH, 1);
    expect(JSON.stringify(template.toJSON())).not.toMatch(/ExtendTrainingPlan|onExtend|PutParameter/);
  });

  test('that is spent leaves a resource that nothing takes away', () => {
    extend();
    Template.fromStack(stack).hasResource(EXTENSION, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('is announced at synthesis', () => {
    extend();
    Annotations.fromStack(stack).hasInfo('/Stack/Extension', Match.stringLikeRegexp(
      `deploying buys an extension of the training plan "llm-2026-q2" to ${END} in account 111122223333, Region us-east-1 for up to 60000.00 USD`,
    ));
  });

  test('is announced to be kept by a dry run', () => {
    extend({ mode: PurchaseMode.DRY_RUN });
    Annotations.fromStack(stack).hasInfo('/Stack/Extension', Match.stringLikeRegexp('buys nothing; to buy, set `mode: PurchaseMode.BUY`'));
  });

  test('is not spent beside what can fail without a warning', () => {
    extend();
    new CfnWaitConditionHandle(stack, 'Other');
    Annotations.fromStack(stack).hasWarning('/Stack/Extension', Match.stringLikeRegexp('should have purchases of training plans alone'));
  });
});

describe('the identity', () => {
  test.each<[string, Partial<TrainingPlanExtensionProps>]>([
    ['another end', { extendTo: LATER }],
    ['another attempt', { attempt: 2 }],
  ])('changes with %s, so that it is another resource', (_what, props) => {
    expect(idWith(props)).not.toBe(idWith({}));
  });

  test.each<[string, Partial<TrainingPlanExtensionProps>]>([
    ['another limit', { maxUpfrontFee: UpfrontFee.usd('1.00') }],
    ['the first attempt, said', { attempt: 1 }],
    ['the same end in another zone', { extendTo: '2027-01-29T20:30:00+09:00' }],
  ])('does not change with %s', (_what, props) => {
    expect(idWith(props)).toBe(idWith({}));
  });

  test('is pinned: whoever changes it asks for every extension again', () => {
    expect(idWith({})).toBe('Extension400A8E72625603352b4fcb38acae19477b0a3560');
  });

  test('is what the handler makes the physical id of', () => {
    extend({ attempt: 2 });
    expect(extensionId(received(EXTENSION), PLACE)).toBe('arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q2/extend/20270129T113000Z/2');
  });
});

test('the handler understands what the construct says', () => {
  extend({ attempt: 2 });
  expect(extensionRequest(received(EXTENSION), PLACE)).toMatchObject({
    name: 'llm-2026-q2', extendTo: Date.parse(END), attempt: 2, cap: { text: '60000.00 USD' },
  });
});

test('the handler of searches understands a dry run, as the same extension', () => {
  extend({ mode: PurchaseMode.DRY_RUN });
  expect(extensionSearch(received(SEARCH), PLACE)).toMatchObject({ name: 'llm-2026-q2', extendTo: Date.parse(END), cap: { text: '60000.00 USD' } });
});

test.each([[[END, LATER]], [[LATER, END]]])('extensions of a plan happen in the order of their ends, written as %j', ends => {
  for (const extendTo of ends) { extend({ extendTo }, `To${extendTo.slice(0, 10)}`); }
  const [[first]] = Object.entries(Template.fromStack(stack).findResources(EXTENSION, { Properties: { ExtendTo: END } }));
  Template.fromStack(stack).hasResource(EXTENSION, { Properties: { ExtendTo: LATER }, DependsOn: Match.arrayWith([first]) });
});

test('extensions of two plans do not wait for each other', () => {
  extend();
  extend({ extendTo: LATER, trainingPlan: TrainingPlan.fromTrainingPlanName(stack, 'Other', 'other') }, 'Extension2');
  const extensions = Template.fromStack(stack).findResources(EXTENSION);
  const waits = Object.values(extensions).flatMap(({ DependsOn = [] }) => [DependsOn].flat() as string[]);
  expect(Object.keys(extensions)).toHaveLength(2);
  expect(waits.filter(id => id in extensions)).toEqual([]);
});

test('attributes are those of the resource', () => {
  const extension = extend();
  const [id] = Object.keys(Template.fromStack(stack).findResources(EXTENSION));
  const { trainingPlanArn, endTime, startTime, status, durationHours } = extension;
  const { availabilityZone, upfrontFee, currencyCode, trainingPlanExtensionOfferingId, notice } = extension;
  expect(stack.resolve({
    trainingPlanArn,
    endTime,
    startTime,
    status,
    durationHours,
    availabilityZone,
    upfrontFee,
    currencyCode,
    trainingPlanExtensionOfferingId,
    notice,
  })).toEqual(Object.fromEntries([
    'trainingPlanArn', 'endTime', 'startTime', 'status', 'durationHours', 'availabilityZone', 'upfrontFee', 'currencyCode', 'trainingPlanExtensionOfferingId', 'notice',
  ].map(name => [name, { 'Fn::GetAtt': [id, `${name[0].toUpperCase()}${name.slice(1)}`] }])));
});

describe('roles', () => {
  const statements = (role: string): any[] => {
    const [[, found]] = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).filter(([id]) => id.includes(role));
    return found.Properties.Policies[0].PolicyDocument.Statement as any[];
  };

  test('of the extender: what can be for one plan is, and ExtendTrainingPlan can not', () => {
    extend();
    const all = statements('BuyerRole');
    const everywhere = all.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);
    expect(everywhere.sort()).toEqual(['sagemaker:ExtendTrainingPlan', 'sagemaker:SearchTrainingPlanOfferings']);
    expect(JSON.stringify(all)).toContain('parameter/cdk-hpc-clusters/training-plan/llm-2026-q2/extend/*');
    expect(JSON.stringify(all)).not.toContain('CreateTrainingPlan');
  });

  test('of the waiter: it reads', () => {
    extend();
    const actions = statements('WaiterRole').flatMap(({ Action }) => Action as string | string[]).filter(action => !action.startsWith('logs:'));
    expect(actions.sort()).toEqual(['sagemaker:DescribeTrainingPlan', 'sagemaker:DescribeTrainingPlanExtensionHistory']);
  });

  test('that is given is left as it is, and `grants.extend` says what it needs', () => {
    const financeStack = new Stack(stack.node.root as App, 'Finance', { env: ENV });
    const finance = new iam.Role(financeStack, 'Extender', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), roleName: 'extender' });
    TrainingPlan.fromTrainingPlanName(financeStack, 'Plan', 'llm-2026-q2').grants.extend(finance);
    extend({ extensionRole: iam.Role.fromRoleArn(stack, 'Given', 'arn:aws:iam::111122223333:role/extender') });
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('ExtendTrainingPlan"');
    expect(JSON.stringify(Template.fromStack(financeStack).toJSON())).toContain('sagemaker:ExtendTrainingPlan');
    Template.fromStack(stack).hasResourceProperties(FUNCTION, { Handler: 'index.onExtend', Role: 'arn:aws:iam::111122223333:role/extender' });
  });
});
