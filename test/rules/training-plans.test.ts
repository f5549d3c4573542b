import { CfnParameter, CfnResource, CfnWaitConditionHandle, Duration, Fn, Lazy, Size, Stack, Tags, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { testRules } from './harness';
import { PurchaseMode, UpfrontFee } from '../../src';
import {
  EndpointTrainingPlan, Offering, OfferingSearch, PlanInstanceType, PurchasedTrainingPlan, TargetResource,
  TrainingJobResources, TrainingPlan, TrainingPlanAssertion, TrainingPlanExtension, TrainingPlanLookup, TrainingPlanSelector,
  TrainingPlanDashboard, TrainingPlanWatch, UltraServerType,
  type EndpointTrainingPlanProps, type InstanceOfferingCriteria, type OfferingSearchProps, type PurchasedTrainingPlanProps,
  type TrainingJobFallback, type TrainingJobResourcesProps, type UltraServerOfferingCriteria,
  type TrainingPlanAssertionProps, type TrainingPlanExtensionProps, type TrainingPlanLookupProps,
  type TrainingPlanWatchProps,
} from '../../src/training-plans';
import { RULES } from '../../src/training-plans/private/rules';

type Program = (stack: Stack) => void;

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1';
const imported = (name: string) => (stack: Stack) => TrainingPlan.fromTrainingPlanName(stack, 'Plan', name);
const importedByArn = (arn: string) => (stack: Stack) => TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn);
const token = (stack: Stack) => new CfnParameter(stack, 'Name').valueAsString;

const CRITERIA: InstanceOfferingCriteria = {
  instanceType: PlanInstanceType.P5_48XLARGE,
  instanceCount: 4,
  durations: [Duration.days(7), Duration.days(14)],
  target: TargetResource.HYPERPOD_CLUSTER,
};
const OFFERING = Offering.search(CRITERIA);
const ULTRA = Offering.searchUltraServers({
  ultraServerType: UltraServerType.U_P6E_GB200X36,
  ultraServerCount: 1,
  durations: [Duration.days(7)],
  target: TargetResource.HYPERPOD_CLUSTER,
});
const EARLIER = '2026-12-01T00:00:00Z';

const looked = (props: TrainingPlanLookupProps): Program => stack => new TrainingPlanLookup(stack, 'Plan', props);
const asserted = (props: Partial<TrainingPlanAssertionProps>): Program => stack => {
  new TrainingPlanAssertion(stack, 'Assertion', { trainingPlan: TrainingPlanSelector.byName('llm-2026-q1'), ...props });
};
const searched = (criteria: Partial<InstanceOfferingCriteria>, props: Partial<OfferingSearchProps> = {}): Program => stack => {
  new OfferingSearch(stack, 'Search', { offering: Offering.search({ ...CRITERIA, ...criteria }), ...props });
};
const searchedUltra = (criteria: Partial<UltraServerOfferingCriteria>): Program => stack => {
  new OfferingSearch(stack, 'Search', {
    offering: Offering.searchUltraServers({
      ...CRITERIA, ultraServerType: UltraServerType.U_P6E_GB200X72, ultraServerCount: 1, ...criteria,
    }),
  });
};
const bought = (props: Partial<PurchasedTrainingPlanProps> = {}, id = 'Plan') => (stack: Stack) => new PurchasedTrainingPlan(stack, id, {
  trainingPlanName: 'llm-2026-q2', offering: OFFERING, maxUpfrontFee: UpfrontFee.usd('120000.00'), mode: PurchaseMode.BUY, ...props,
});
/** A purchase in a stack that says nothing of its place. */
const PINNED = { account: '111122223333', region: 'us-east-1' };
const pinned = (props: Partial<PurchasedTrainingPlanProps> = {}, id = 'Plan') => bought({ ...PINNED, ...props }, id);
const subnet = (stack: Stack, id = 'Subnet') => ec2.Subnet.fromSubnetAttributes(stack, id, { subnetId: `subnet-${id}`, availabilityZone: 'us-east-1a' });
const vpc = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-private'],
});
const vpcOfLists = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Lists', {
  vpcId: 'vpc-1', availabilityZones: Fn.getAzs(), privateSubnetIds: Fn.split(',', Fn.importValue('subnets')),
});
const role = (stack: Stack, name: string) => iam.Role.fromRoleArn(stack, name, `arn:aws:iam::111122223333:role/${name}`);
const tagged = (count: number, prefix: string, value = 'x'): Program => stack => {
  const plan = pinned()(stack);
  for (let index = 0; index < count; index++) { Tags.of(plan).add(`${prefix}${index}`, value); }
};

type Variant = CfnEndpointConfig.ProductionVariantProperty;
const MAIN: Variant = { variantName: 'main', modelName: 'llm', instanceType: 'ml.p5.48xlarge', initialInstanceCount: 1 };
const CANARY: Variant = { ...MAIN, variantName: 'canary' };

/** An endpoint configuration, whose variants get plans one after the other. */
const endpoint = (variants: CfnEndpointConfig['productionVariants'], ...uses: (Partial<EndpointTrainingPlanProps> & { plan?: string })[]) => (stack: Stack) => {
  const config = new CfnEndpointConfig(stack, 'Config', { productionVariants: variants });
  uses.forEach(({ plan = 'serving', ...props }, index) => {
    const trainingPlan = TrainingPlan.fromTrainingPlanName(stack, `Plan${index}`, plan);
    config.with(new EndpointTrainingPlan({ trainingPlan, ...props }));
  });
};

const planOf = (arn: string) => (stack: Stack) => {
  const config = new CfnEndpointConfig(stack, 'Config', { productionVariants: [MAIN] });
  config.with(new EndpointTrainingPlan({ trainingPlan: TrainingPlan.fromTrainingPlanArn(stack, 'Plan', arn) }));
};

const job = (...types: string[]) => (stack: Stack) => new TrainingJobResources({
  trainingPlan: TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1'),
  instanceType: PlanInstanceType.P5_48XLARGE,
  instanceCount: 4,
  fallbacks: types.map((type): TrainingJobFallback => ({ instanceType: PlanInstanceType.of(type), instanceCount: 8 })),
});

const jobOf = (props: Partial<TrainingJobResourcesProps>) => (stack: Stack) => new TrainingJobResources({
  trainingPlan: props.trainingPlan ?? TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1'), instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4, ...props,
});

const FALLBACK: TrainingJobFallback = { instanceType: PlanInstanceType.P4D_24XLARGE, instanceCount: 4 };
const offeringFor = (target: TargetResource) => Offering.search({ ...CRITERIA, target });
/** An endpoint configuration on a plan that the app buys. */
const endpointOn = (criteria: Partial<InstanceOfferingCriteria>, variant: Partial<Variant> = {}) => (stack: Stack) => {
  const trainingPlan = pinned({ offering: Offering.search({ ...CRITERIA, ...criteria }) })(stack);
  const config = new CfnEndpointConfig(stack, 'Config', { productionVariants: [{ ...MAIN, ...variant }] });
  config.with(new EndpointTrainingPlan({ trainingPlan }));
};

const watch = (props: Partial<TrainingPlanWatchProps>) => (stack: Stack) => new TrainingPlanWatch(stack, 'Watch', {
  trainingPlan: TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm-2026-q1'), ...props,
});

const extended = (props: Partial<TrainingPlanExtensionProps> = {}, id = 'Extension') => (stack: Stack) => new TrainingPlanExtension(stack, id, {
  ...PINNED,
  trainingPlan: TrainingPlan.fromTrainingPlanName(stack, `${id}Plan`, 'llm-2026-q2'),
  extendTo: '2027-01-29T11:30:00Z',
  maxUpfrontFee: UpfrontFee.usd('60000.00'),
  mode: PurchaseMode.BUY,
  ...props,
});

testRules(RULES, {
  nameInvalid: {
    refused: {
      'an empty name': imported(''),
      'a hyphen in front': imported('-a'),
      'a hyphen at the end': imported('a-'),
      'an underscore': imported('a_b'),
      'a line after the name': imported('a\n'),
      '65 letters': imported('a'.repeat(65)),
      '65 characters with hyphens': imported(`a${'-'.repeat(63)}b`),
      'a look-up of a name that none can have': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a b') }),
      'a shared look-up of a name that none can have': stack => TrainingPlanLookup.forName(stack, 'a/b'),
      'a choice by a name that none can have': looked({ trainingPlan: TrainingPlanSelector.byName('a b') }),
    },
    accepted: {
      'one letter': imported('a'),
      '64 letters': imported('a'.repeat(64)),
      '64 characters with hyphens': imported(`a${'-'.repeat(62)}b`),
      'a name known at deployment': stack => imported(token(stack))(stack),
      'a look-up of a name known at deployment': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName(token(stack)) }),
    },
  },
  arnInvalid: {
    refused: {
      'a name': importedByArn('llm-2026-q1'),
      'a cluster': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl'),
      'a reserved capacity': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:reserved-capacity/abc'),
      'no account': importedByArn('arn:aws:sagemaker:us-east-1::training-plan/llm-2026-q1'),
      'something before an ARN': importedByArn('xarn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1'),
      'a line behind an ARN': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1\nx'),
      'a name that no plan can have': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:training-plan/a_b'),
      'a look-up of a name as an ARN': looked({ trainingPlan: TrainingPlanSelector.byArn('llm-2026-q1') }),
    },
    accepted: {
      'a plan': importedByArn('arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm-2026-q1'),
      'a plan in China': importedByArn('arn:aws-cn:sagemaker:cn-north-1:111122223333:training-plan/llm-2026-q1'),
      'an ARN known at deployment': stack => importedByArn(token(stack))(stack),
    },
  },
  sharedNameUnknown: {
    refused: {
      'a name known at deployment': stack => TrainingPlanLookup.forName(stack, token(stack)),
    },
    accepted: {
      'a name': stack => TrainingPlanLookup.forName(stack, 'llm-2026-q1'),
    },
  },
  planElsewhere: {
    concrete: true,
    refused: {
      'another Region': looked({ trainingPlan: TrainingPlanSelector.byArn(ARN.replace('us-east-1', 'us-west-2')) }),
      'a plan of another Region for an endpoint': planOf(ARN.replace('us-east-1', 'us-west-2')),
      'another account': asserted({ trainingPlan: TrainingPlanSelector.byArn(ARN.replace('1111', '4444')) }),
      'a job with plans of two Regions': stack => jobOf({
        trainingPlan: importedByArn(ARN)(stack),
        fallbacks: [{ ...FALLBACK, trainingPlan: TrainingPlan.fromTrainingPlanArn(stack, 'Other', ARN.replace('us-east-1', 'us-west-2')) }],
      })(stack),
      'a dashboard of a plan of another Region': stack => new TrainingPlanDashboard(stack, 'Plans', {
        trainingPlans: [imported('a')(stack), TrainingPlan.fromTrainingPlanArn(stack, 'Other', ARN.replace('us-east-1', 'us-west-2'))],
      }),
      'a watch of a plan of another Region': stack => watch({
        trainingPlan: TrainingPlan.fromTrainingPlanArn(stack, 'Other', 'arn:aws:sagemaker:eu-west-1:111122223333:training-plan/a'),
      })(stack),
    },
    accepted: {
      'the place of the stack for an endpoint': planOf(ARN),
      'a dashboard of a plan of this Region': stack => new TrainingPlanDashboard(stack, 'Plans', { trainingPlans: [importedByArn(ARN)(stack)] }),
      'an ARN known at deployment for an endpoint': stack => planOf(token(stack))(stack),
      'the place of the stack': looked({ trainingPlan: TrainingPlanSelector.byArn(ARN) }),
      'an ARN known at deployment': stack => looked({ trainingPlan: TrainingPlanSelector.byArn(token(stack)) })(stack),
      'a stack of a place known at deployment': stack => looked({ trainingPlan: TrainingPlanSelector.byArn(ARN) })(new Stack(stack.node.root as Construct, 'Agnostic')),
    },
  },
  planTargetDiffers: {
    concrete: true,
    refused: {
      'a plan for HyperPod for a job': stack => { jobOf({ trainingPlan: pinned()(stack) })(stack); },
      'one that is imported by its name': stack => { pinned()(stack); jobOf({ trainingPlan: imported('llm-2026-q2')(new Stack(stack, 'Jobs', { env: PINNED })) })(stack); },
      'a plan for HyperPod as a fallback': stack => jobOf({ fallbacks: [{ ...FALLBACK, trainingPlan: pinned({}, 'Bought')(stack) }] })(stack),
      'a plan for HyperPod for an endpoint': endpointOn({}),
      'a dry run of such a plan': stack => { pinned({ mode: PurchaseMode.DRY_RUN })(stack); jobOf({ trainingPlan: imported('llm-2026-q2')(new Stack(stack, 'Jobs', { env: PINNED })) })(stack); },
    },
    told: {
      'a plan for HyperPod for a job': ['trainingPlan', '"hyperpod-cluster"'],
      'a plan for HyperPod as a fallback': ['fallbacks[0].trainingPlan', '"hyperpod-cluster"'],
    },
    accepted: {
      'a plan for jobs': stack => { jobOf({ trainingPlan: pinned({ offering: offeringFor(TargetResource.TRAINING_JOB) })(stack) })(stack); },
      'a plan for endpoints': endpointOn({ target: TargetResource.ENDPOINT }),
      'a target by name': stack => { jobOf({ trainingPlan: pinned({ offering: offeringFor(TargetResource.of('later')) })(stack) })(stack); },
      'a plan that nobody buys here': jobOf({}),
    },
  },
  planTypeDiffers: {
    concrete: true,
    refused: {
      'another type for a job': stack => {
        const trainingPlan = pinned({ offering: offeringFor(TargetResource.TRAINING_JOB) })(stack);
        jobOf({ trainingPlan, instanceType: PlanInstanceType.P5E_48XLARGE })(stack);
      },
      'another type for an endpoint': endpointOn({ target: TargetResource.ENDPOINT, instanceType: PlanInstanceType.P5E_48XLARGE }),
    },
    told: { 'another type for an endpoint': ['instanceType', '{"plan":"ml.p5e.48xlarge","used":"ml.p5.48xlarge"}'] },
    accepted: {
      'the type of the plan': stack => { jobOf({ trainingPlan: pinned({ offering: offeringFor(TargetResource.TRAINING_JOB) })(stack) })(stack); },
      'the type of the plan for an endpoint': endpointOn({ target: TargetResource.ENDPOINT }),
    },
  },
  planTooSmall: {
    concrete: true,
    refused: {
      'a job of five instances': stack => {
        jobOf({ trainingPlan: pinned({ offering: offeringFor(TargetResource.TRAINING_JOB) })(stack), instanceCount: 5 })(stack);
      },
      'an endpoint of one more': endpointOn({ target: TargetResource.ENDPOINT, instanceCount: 4 }, { initialInstanceCount: 5 }),
    },
    told: { 'a job of five instances': ['instanceCount', '{"plan":4,"used":5}'] },
    accepted: {
      'a job of all instances': stack => {
        jobOf({ trainingPlan: pinned({ offering: offeringFor(TargetResource.TRAINING_JOB) })(stack), instanceCount: 4 })(stack);
      },
      'an endpoint of all instances': endpointOn({ target: TargetResource.ENDPOINT, instanceCount: 4 }, { initialInstanceCount: 4 }),
    },
  },
  jobPlanElsewhere: {
    concrete: true,
    refused: { 'a plan of another Region': stack => { jobOf({ trainingPlan: importedByArn(ARN.replace('us-east-1', 'us-west-2'))(stack) })(stack); } },
    accepted: {
      'a plan of this Region': stack => { jobOf({ trainingPlan: importedByArn(ARN)(stack) })(stack); },
      'a stack of a place known at deployment': stack => {
        const agnostic = new Stack(stack.node.root as Construct, 'Agnostic');
        jobOf({ trainingPlan: importedByArn(ARN)(agnostic) })(agnostic);
      },
    },
  },
  capacityIndex: {
    refused: {
      'less than none': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') }).reservedCapacity(-1),
      'a half': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') }).reservedCapacity(0.5),
      'a hundred': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') }).reservedCapacity(100),
      'one known at deployment': stack => new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') }).reservedCapacity(Token.asNumber({ Ref: 'X' })),
    },
    accepted: {
      'the first and the hundredth': stack => {
        const plan = new TrainingPlanLookup(stack, 'Plan', { trainingPlan: TrainingPlanSelector.byName('a') });
        [plan.reservedCapacity(0), plan.reservedCapacity(99)].forEach(({ status }) => status);
      },
    },
  },
  expectationsEmpty: {
    refused: {
      'no status': asserted({ statuses: [] }),
      'no status of a plan that is looked for': looked({ trainingPlan: TrainingPlanSelector.byCriteria({ statuses: [] }) }),
    },
    accepted: { 'the default': asserted({}) },
  },
  minInstancesInvalid: {
    refused: { 'none reserved': asserted({ minTotalInstances: 0 }), 'a half free': asserted({ minAvailableInstances: 0.5 }) },
    accepted: {
      'one of each': asserted({ minTotalInstances: 1, minAvailableInstances: 1 }),
      'a number known at deployment': stack => asserted({ minTotalInstances: new CfnParameter(stack, 'Least', { type: 'Number' }).valueAsNumber })(stack),
    },
  },
  guardElsewhere: {
    refused: {
      'a resource of another stack': stack => asserted({ guards: [new CfnWaitConditionHandle(new Stack(stack.node.root as Construct, 'Other'), 'There')] })(stack),
    },
    accepted: { 'a resource of the same stack': stack => asserted({ guards: [new CfnWaitConditionHandle(stack, 'Here')] })(stack) },
  },
  guardEmpty: {
    refused: { 'an import': stack => asserted({ guards: [TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'a')] })(stack) },
    accepted: {
      'a construct around a resource': stack => {
        const around = new Construct(stack, 'Around');
        new CfnWaitConditionHandle(around, 'Inside');
        asserted({ guards: [around] })(stack);
      },
    },
  },
  countInvalid: {
    refused: {
      'no instance': searched({ instanceCount: 0 }),
      'a half': searched({ instanceCount: 1.5 }),
      '257 instances': searched({ instanceCount: 257 }),
    },
    accepted: {
      'one instance': searched({ instanceCount: 1 }),
      '256 instances': searched({ instanceCount: 256 }),
      'a count known at deployment': stack => searched({ instanceCount: new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber })(stack),
    },
  },
  ultraServerCountInvalid: {
    refused: { 'none': searchedUltra({ ultraServerCount: 0 }), 'a half': searchedUltra({ ultraServerCount: 0.5 }) },
    told: { 'a half': ['offering.ultraServerCount', '0.5'] },
    accepted: {
      'one': searchedUltra({ ultraServerCount: 1 }),
      'more than there can be instances': searchedUltra({ ultraServerCount: 257 }),
      'a count known at deployment': stack => searchedUltra({ ultraServerCount: new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber })(stack),
    },
  },
  typeNameInvalid: {
    refused: {
      'a type of EC2': searched({ instanceType: PlanInstanceType.of('p5.48xlarge') }),
      'capitals': searchedUltra({ ultraServerType: UltraServerType.of('ml.u-P6E-GB200x72') }),
      '65 characters': searchedUltra({ ultraServerType: UltraServerType.of(`ml.${'x'.repeat(62)}`) }),
      'an assertion': asserted({ instanceType: PlanInstanceType.of('p5.48xlarge') }),
      'a plan that is looked for': looked({ trainingPlan: TrainingPlanSelector.byCriteria({ instanceType: PlanInstanceType.of('p5.48xlarge') }) }),
      'a fallback of a job': job('p4d.24xlarge'),
      'an endpoint': endpoint([{ ...MAIN, instanceType: undefined }], { instanceType: PlanInstanceType.of('p5.48xlarge') }),
    },
    told: {
      'a type of EC2': ['offering.instanceType', '"p5.48xlarge"'],
      'capitals': ['offering.ultraServerType', '"ml.u-P6E-GB200x72"'],
      'a fallback of a job': ['fallbacks[0].instanceType', '"p4d.24xlarge"'],
    },
    accepted: {
      'a type that isn\'t known': searched({ instanceType: PlanInstanceType.of('ml.p9.48xlarge') }),
      'a type known at deployment': stack => searched({ instanceType: PlanInstanceType.of(token(stack)) })(stack),
    },
  },
  countNotSold: {
    refused: { 'three instances': searched({ instanceCount: 3 }), '128 instances': searched({ instanceCount: 128 }) },
    accepted: { '64 instances': searched({ instanceCount: 64 }) },
  },
  durationsEmpty: {
    refused: { 'no duration': searched({ durations: [] }) },
    accepted: { 'one duration': searched({ durations: [Duration.days(1)] }) },
  },
  durationInvalid: {
    refused: {
      'half an hour': searched({ durations: [Duration.minutes(30)] }),
      'no time': searched({ durations: [Duration.hours(0)] }),
      '87,601 hours': searched({ durations: [Duration.hours(87_601)] }),
      'hours known at deployment': stack => searched({ durations: [Duration.hours(new CfnParameter(stack, 'Hours', { type: 'Number' }).valueAsNumber)] })(stack),
      'days known at deployment': stack => searched({ durations: [Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber)] })(stack),
    },
    accepted: { 'an hour': searched({ durations: [Duration.minutes(60)] }), '87,600 hours': searched({ durations: [Duration.hours(87_600)] }) },
  },
  durationNotSold: {
    refused: { 'a day and a half': searched({ durations: [Duration.days(2), Duration.hours(36)] }), '183 days': searched({ durations: [Duration.days(183)] }) },
    accepted: { 'one day and 182 days': searched({ durations: [Duration.days(1), Duration.days(182)] }) },
  },
  instantInvalid: {
    refused: {
      'a date': searched({ startAfter: '2026-12-01' }),
      'a time without a zone': searched({ endBefore: '2026-12-01T00:00:00' }),
      'a day that no month has': searched({ startAfter: '2026-02-30T00:00:00Z' }),
      'a 25th hour': searched({ startAfter: '2026-12-01T25:00:00Z' }),
      'a year of six digits': searched({ startAfter: '+012026-12-01T00:00:00Z' }),
      'criteria of a plan': looked({ trainingPlan: TrainingPlanSelector.byCriteria({ startAfter: 'soon' }) }),
      'the end of criteria': looked({ trainingPlan: TrainingPlanSelector.byCriteria({ endBefore: 'late' }) }),
      'an assertion': asserted({ endAfter: '2026' }),
    },
    accepted: {
      'UTC': searched({ startAfter: EARLIER }),
      'an offset, and no seconds': searched({ startAfter: '2026-12-01T09:00+09:00' }),
      'the 29th of February in a leap year': searched({ startAfter: '2028-02-29T00:00:00Z' }),
      'an instant known at deployment': stack => searched({ startAfter: token(stack) })(stack),
    },
  },
  windowTooShort: {
    refused: {
      'an end before the start': searched({ startAfter: EARLIER, endBefore: '2026-11-01T00:00:00Z' }),
      'a second less than the shortest duration': searched({ startAfter: EARLIER, endBefore: '2026-12-07T23:59:59Z' }),
    },
    accepted: {
      'room for the shortest duration': searched({ startAfter: EARLIER, endBefore: '2026-12-08T00:00:00Z' }),
      'an end alone': searched({ endBefore: EARLIER }),
    },
  },
  zonesEmpty: {
    refused: { 'no zone to search in': searched({ availabilityZones: [] }), 'no zone to assert': asserted({ availabilityZones: [] }) },
    accepted: { 'one zone': searched({ availabilityZones: ['us-east-1a'] }) },
  },
  zoneIdGiven: {
    refused: { 'a zone id': searched({ availabilityZones: ['us-east-1a', 'use1-az4'] }), 'the id of a local zone': asserted({ availabilityZones: ['use1-dfw2-az1'] }) },
    accepted: {
      'a local zone': searched({ availabilityZones: ['us-east-1-dfw-2a'] }),
      'a zone known at deployment': stack => searched({ availabilityZones: [token(stack)] })(stack),
    },
  },
  offeringIdInvalid: {
    refused: {
      'capital letters': stack => new OfferingSearch(stack, 'Search', { offering: Offering.pinned({ ...CRITERIA, trainingPlanOfferingId: 'TPO-1' }) }),
      'an empty id': stack => new OfferingSearch(stack, 'Search', { offering: Offering.pinned({ ...CRITERIA, trainingPlanOfferingId: '' }) }),
      '257 characters': stack => new OfferingSearch(stack, 'Search', { offering: Offering.pinned({ ...CRITERIA, trainingPlanOfferingId: '0'.repeat(257) }) }),
    },
    accepted: {
      'an id': stack => new OfferingSearch(stack, 'Search', { offering: Offering.pinned({ ...CRITERIA, trainingPlanOfferingId: `tpo-${'0'.repeat(64)}` }) }),
      'an id known at deployment': stack => new OfferingSearch(stack, 'Search', {
        offering: Offering.pinned({ ...CRITERIA, trainingPlanOfferingId: token(stack) }),
      }),
    },
  },
  feeInvalid: {
    refused: {
      'separators': pinned({ maxUpfrontFee: UpfrontFee.usd('120,000.00') }),
      'a sign': pinned({ maxUpfrontFee: UpfrontFee.usd('-1') }),
      'an exponent': pinned({ maxUpfrontFee: UpfrontFee.usd('1e5') }),
      'no digit before the point': pinned({ maxUpfrontFee: UpfrontFee.usd('.5') }),
      'no digit behind the point': pinned({ maxUpfrontFee: UpfrontFee.usd('5.') }),
      'a leading zero': pinned({ maxUpfrontFee: UpfrontFee.usd('0120000') }),
      'five digits behind the point': pinned({ maxUpfrontFee: UpfrontFee.usd('1.00000') }),
      'thirteen digits': pinned({ maxUpfrontFee: UpfrontFee.usd('1234567890123') }),
      'nothing': pinned({ maxUpfrontFee: UpfrontFee.usd('') }),
      'an amount known at deployment': stack => pinned({ maxUpfrontFee: UpfrontFee.usd(token(stack)) })(stack),
      'a search': searched({}, { maxUpfrontFee: UpfrontFee.usd('much') }),
    },
    accepted: {
      'an amount with cents': pinned({ maxUpfrontFee: UpfrontFee.usd('120000.00') }),
      'a whole amount': pinned({ maxUpfrontFee: UpfrontFee.usd('120000') }),
      'nothing but cents': pinned({ maxUpfrontFee: UpfrontFee.usd('0.0001') }),
      'twelve digits': pinned({ maxUpfrontFee: UpfrontFee.usd('123456789012') }),
    },
  },
  currencyInvalid: {
    refused: {
      'small letters': pinned({ maxUpfrontFee: UpfrontFee.of({ currencyCode: 'usd', amount: '1' }) }),
      'a sign': pinned({ maxUpfrontFee: UpfrontFee.of({ currencyCode: '$', amount: '1' }) }),
      'a sign behind the currency': pinned({ maxUpfrontFee: UpfrontFee.of({ currencyCode: 'USD$', amount: '1' }) }),
      'a country before it': pinned({ maxUpfrontFee: UpfrontFee.of({ currencyCode: 'US USD', amount: '1' }) }),
      'a currency known at deployment': stack => pinned({ maxUpfrontFee: UpfrontFee.of({ currencyCode: token(stack), amount: '1' }) })(stack),
    },
    accepted: { 'another currency': pinned({ maxUpfrontFee: UpfrontFee.of({ currencyCode: 'EUR', amount: '1' }) }) },
  },
  subnetsTwice: {
    refused: { 'a VPC and subnets': stack => pinned({ vpc: vpc(stack), subnets: [subnet(stack)] })(stack) },
    accepted: { 'subnets': stack => pinned({ subnets: [subnet(stack)] })(stack), 'a VPC': stack => pinned({ vpc: vpc(stack) })(stack) },
  },
  vpcSubnetsAlone: {
    refused: { 'a selection without a VPC': searched({}, { vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }) },
    accepted: {
      'a selection of a VPC': stack => searched({}, { vpc: vpc(stack), vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } })(stack),
    },
  },
  subnetsEmpty: {
    refused: {
      'no subnet': searched({}, { subnets: [] }),
      'a selection of none': stack => pinned({ vpc: vpc(stack), vpcSubnets: { subnets: [] } })(stack),
    },
    accepted: { 'one subnet': stack => searched({}, { subnets: [subnet(stack)] })(stack) },
  },
  subnetList: {
    refused: {
      'a VPC with a list of subnets that is known at deployment': stack => searched({}, { vpc: vpcOfLists(stack) })(stack),
      'subnets of such a VPC': stack => searched({}, { subnets: vpcOfLists(stack).privateSubnets })(stack),
    },
    told: { 'subnets of such a VPC': ['subnets'] },
    accepted: {
      'an item of such a list': stack => searched({}, {
        subnets: [ec2.Subnet.fromSubnetAttributes(stack, 'First', { subnetId: Fn.select(0, Fn.split(',', token(stack))), availabilityZone: Fn.select(0, Fn.getAzs()) })],
      })(stack),
      'a VPC with subnets by their ids': stack => searched({}, { vpc: vpc(stack) })(stack),
    },
  },
  purchaseNameUnknown: {
    refused: {
      'a name known at deployment': stack => pinned({ trainingPlanName: token(stack) })(stack),
      'a dry run of such a name': stack => pinned({ trainingPlanName: token(stack), mode: PurchaseMode.DRY_RUN })(stack),
      'an extension of such a plan': stack => extended({ trainingPlan: TrainingPlan.fromTrainingPlanName(stack, 'Token', token(stack)) })(stack),
    },
    accepted: { 'a name': pinned(), 'an extension of a plan by its name': extended() },
  },
  placeUnknown: {
    refused: {
      'a stack for any place': bought(),
      'an account without a Region': bought({ account: '111122223333' }),
      'a Region without an account': bought({ region: 'us-east-1' }),
      'a Region known at deployment': stack => bought({ account: '111122223333', region: stack.region })(stack),
      'a dry run': bought({ mode: PurchaseMode.DRY_RUN }),
    },
    accepted: {
      'a place that is pinned': pinned(),
      'a stack of a place': stack => bought()(new Stack(stack.node.root as Construct, 'Concrete', { env: PINNED })),
    },
  },
  placeDiffers: {
    concrete: true,
    refused: { 'another account': bought({ account: '444455556666' }), 'another Region': bought({ region: 'us-west-2' }) },
    accepted: { 'the place of the stack': bought(PINNED), 'none': bought() },
  },
  purchasedTwice: {
    refused: {
      'one name twice': stack => { pinned()(stack); pinned({}, 'Again')(stack); },
      'one name in two stacks': stack => { pinned()(stack); pinned()(new Stack(stack.node.root as Construct, 'Other')); },
    },
    accepted: {
      'two names': stack => { pinned()(stack); pinned({ trainingPlanName: 'other' }, 'Again')(stack); },
      'two Regions': stack => { pinned()(stack); pinned({ region: 'us-west-2' }, 'Again')(stack); },
      'a dry run beside a purchase': stack => { pinned()(stack); pinned({ mode: PurchaseMode.DRY_RUN }, 'Again')(stack); },
    },
  },
  purchaseRolesDiffer: {
    refused: {
      'two roles': stack => { pinned({ purchaseRole: role(stack, 'A') })(stack); pinned({ trainingPlanName: 'b', purchaseRole: role(stack, 'B') }, 'B2')(stack); },
      'a role and none': stack => { pinned({ purchaseRole: role(stack, 'A') })(stack); pinned({ trainingPlanName: 'b' }, 'B')(stack); },
      'none and a role': stack => { pinned()(stack); pinned({ trainingPlanName: 'b', purchaseRole: role(stack, 'A') }, 'B')(stack); },
    },
    accepted: {
      'one role for two': stack => {
        const purchaseRole = role(stack, 'A');
        pinned({ purchaseRole })(stack);
        pinned({ trainingPlanName: 'b', purchaseRole }, 'B')(stack);
      },
      'a dry run, which needs no role': stack => {
        pinned({ purchaseRole: role(stack, 'A') })(stack);
        pinned({ trainingPlanName: 'b', mode: PurchaseMode.DRY_RUN }, 'B')(stack);
      },
    },
  },
  ownershipKeyInvalid: {
    refused: {
      'an empty key': pinned({ ownershipKey: '' }),
      'a character that tags can not have': pinned({ ownershipKey: 'a{b}' }),
      '257 characters': pinned({ ownershipKey: 'a'.repeat(257) }),
      'a key known at deployment': stack => pinned({ ownershipKey: token(stack) })(stack),
    },
    accepted: { '256 characters': pinned({ ownershipKey: 'a'.repeat(256) }), 'all that tags can have': pinned({ ownershipKey: 'Team \u00e4 _.:/=+-@9' }) },
  },
  attemptInvalid: {
    refused: {
      'none': pinned({ attempt: 0 }),
      'more than a person makes': pinned({ attempt: 101 }),
      'a half': pinned({ attempt: 1.5 }),
      'one known at deployment': stack => pinned({ attempt: new CfnParameter(stack, 'Attempt', { type: 'Number' }).valueAsNumber })(stack),
    },
    accepted: { 'the second': pinned({ attempt: 2 }), 'the last': pinned({ attempt: 100 }) },
  },
  sparesWithoutUltraServers: {
    refused: { instances: pinned({ spareInstancesPerUltraServer: 1 }) },
    accepted: { UltraServers: pinned({ offering: ULTRA, spareInstancesPerUltraServer: 0 }) },
  },
  sparesInvalid: {
    refused: {
      'less than none': pinned({ offering: ULTRA, spareInstancesPerUltraServer: -1 }),
      'a half': pinned({ offering: ULTRA, spareInstancesPerUltraServer: 0.5 }),
    },
    accepted: {
      'two': pinned({ offering: ULTRA, spareInstancesPerUltraServer: 2 }),
      'a number known at deployment': stack => {
        pinned({ offering: ULTRA, spareInstancesPerUltraServer: new CfnParameter(stack, 'Spares', { type: 'Number' }).valueAsNumber })(stack);
      },
    },
  },
  feeZero: {
    refused: {
      'a purchase': pinned({ maxUpfrontFee: UpfrontFee.usd('0') }),
      'a dry run': pinned({ maxUpfrontFee: UpfrontFee.usd('0.00'), mode: PurchaseMode.DRY_RUN }),
      'a search': searched({}, { maxUpfrontFee: UpfrontFee.usd('0') }),
      'an extension': extended({ maxUpfrontFee: UpfrontFee.usd('0.0') }),
    },
    told: { 'a dry run': ['maxUpfrontFee', '"0.00"'] },
    accepted: { 'a hundredth of a cent': pinned({ maxUpfrontFee: UpfrontFee.usd('0.0001') }) },
  },
  tagsInvalid: {
    refused: {
      'a semicolon': tagged(1, 'a;b'),
      'a key of 129 characters': tagged(1, 'x'.repeat(128)),
      'a value of 257 characters': tagged(1, 'team', 'x'.repeat(257)),
      'a value of 300 characters, on the stack': stack => { pinned()(stack); Tags.of(stack).add('team', 'x'.repeat(300)); },
      'a value with a line break': tagged(1, 'team', 'a\nb;'),
    },
    told: { 'a semicolon': ['tags', '{"a;b0":"x"}'] },
    accepted: {
      'letters of any script': tagged(1, 'équipe 研究/1+1=2@'),
      'a key of 128 characters': tagged(1, 'x'.repeat(127)),
      'a value of 256 characters': tagged(1, 'team', 'x'.repeat(256)),
      'a value that is known at deployment': tagged(1, 'team', Fn.importValue('Team')),
    },
  },
  tagsReserved: {
    refused: { 'a tag of ours': tagged(1, 'cdk-hpc-clusters:owner'), 'a tag of AWS': tagged(1, 'aws:') },
    accepted: { 'a tag that sounds like ours': tagged(1, 'cdk-hpc-clusters-owner'), 'a tag with another beginning': tagged(1, 'team-aws:') },
  },
  tagsTooMany: {
    refused: { '47 tags': tagged(47, 'tag') },
    accepted: { '46 tags': tagged(46, 'tag') },
  },
  sharedStack: {
    refused: { 'a resource beside the purchase': stack => { pinned()(stack); new CfnWaitConditionHandle(stack, 'Beside'); } },
    accepted: {
      'two purchases with reads': stack => {
        pinned()(stack);
        pinned({ trainingPlanName: 'b' }, 'B')(stack);
        searched({})(stack);
        new TrainingPlanLookup(stack, 'Read', { trainingPlan: TrainingPlanSelector.byName('c') });
      },
      'a resource of another stack': stack => { pinned()(stack); new CfnWaitConditionHandle(new Stack(stack.node.root as Construct, 'Other'), 'There'); },
      'a resource of a stack within': stack => { pinned()(stack); new CfnWaitConditionHandle(new Stack(stack, 'Within'), 'There'); },
      'what the CDK notes for its statistics': stack => { pinned()(stack); new CfnResource(stack, 'CDKMetadata', { type: 'AWS::CDK::Metadata' }); },
      'a dry run beside a resource': stack => { pinned({ mode: PurchaseMode.DRY_RUN })(stack); new CfnWaitConditionHandle(stack, 'Beside'); },
    },
  },
  dryRunHasNoPlan: {
    refused: {
      'the ARN': stack => pinned({ mode: PurchaseMode.DRY_RUN })(stack).trainingPlanArn,
      'the reference': stack => pinned({ mode: PurchaseMode.DRY_RUN })(stack).trainingPlanRef,
      'the subnet': stack => pinned({ mode: undefined })(stack).subnetId,
      'by an endpoint': stack => {
        const config = new CfnEndpointConfig(stack, 'Config', { productionVariants: [MAIN] });
        new EndpointTrainingPlan({ trainingPlan: pinned({ mode: undefined })(stack) }).applyTo(config);
      },
      'a number': stack => pinned({ mode: undefined })(stack).totalInstanceCount,
    },
    accepted: {
      'the notice of a dry run': stack => pinned({ mode: PurchaseMode.DRY_RUN })(stack).notice,
      'the ARN of a plan that is bought': stack => pinned()(stack).trainingPlanArn,
    },
  },
  endpointVariantsUnknown: {
    refused: {
      'variants known at deployment': endpoint(Lazy.any({ produce: () => [MAIN] }), {}),
      'one variant known at deployment': endpoint([Lazy.any({ produce: () => MAIN })], {}),
    },
    accepted: {
      'a list of objects': endpoint([MAIN], {}),
      'values known at deployment in a variant': endpoint([{ ...MAIN, initialInstanceCount: Token.asNumber({ Ref: 'Count' }) }], {}),
    },
  },
  endpointVariantNotFound: {
    refused: {
      'two variants and no name': endpoint([MAIN, CANARY], {}),
      'a name that no variant has': endpoint([MAIN], { variantName: 'other' }),
      'no variant at all': endpoint([], {}),
    },
    accepted: {
      'one variant and no name': endpoint([MAIN], {}),
      'the name of one of two variants': endpoint([MAIN, CANARY], { variantName: 'canary' }),
    },
  },
  endpointServerless: {
    refused: {
      'a serverless variant': endpoint([{ variantName: 'main', modelName: 'llm', serverlessConfig: { maxConcurrency: 5, memorySizeInMb: 2048 } }], {}),
    },
    accepted: {
      'a variant with instances': endpoint([MAIN], {}),
    },
  },
  endpointInstanceTypeDiffers: {
    refused: {
      'another type': endpoint([MAIN], { instanceType: PlanInstanceType.P5EN_48XLARGE }),
    },
    accepted: {
      'the same type': endpoint([MAIN], { instanceType: PlanInstanceType.P5_48XLARGE }),
      'a variant without a type': endpoint([{ ...MAIN, instanceType: undefined }], { instanceType: PlanInstanceType.P5EN_48XLARGE }),
      'a type of the plan that is known at deployment': endpoint([MAIN], { instanceType: PlanInstanceType.of(Token.asString({ Ref: 'Type' })) }),
      'a type of the variant that is known at deployment': endpoint([{ ...MAIN, instanceType: Token.asString({ Ref: 'Type' }) }], { instanceType: PlanInstanceType.P5_48XLARGE }),
    },
  },
  endpointPlanTwice: {
    refused: {
      'two plans on two variants': endpoint([MAIN, CANARY], { variantName: 'main', plan: 'a' }, { variantName: 'canary', plan: 'b' }),
      'two plans on one variant': endpoint([MAIN], { plan: 'a' }, { plan: 'b' }),
    },
    accepted: {
      'one plan on two variants': endpoint([MAIN, CANARY], { variantName: 'main' }, { variantName: 'canary' }),
      'one plan on one variant, twice': endpoint([MAIN], {}, {}),
    },
  },
  jobTooManyFallbacks: {
    refused: {
      'five fallbacks': job('ml.p5e.48xlarge', 'ml.p5en.48xlarge', 'ml.p4d.24xlarge', 'ml.p4de.24xlarge', 'ml.g6.48xlarge'),
    },
    accepted: {
      'four fallbacks': job('ml.p5e.48xlarge', 'ml.p5en.48xlarge', 'ml.p4d.24xlarge', 'ml.p4de.24xlarge'),
      'none': job(),
    },
  },
  jobTypeTwice: {
    refused: {
      'the type of the plan': job('ml.p5.48xlarge'),
      'a type twice': job('ml.p4d.24xlarge', 'ml.p4d.24xlarge'),
    },
    accepted: {
      'other types': job('ml.p5e.48xlarge', 'ml.p4d.24xlarge'),
      'types known at deployment': job(Token.asString({ Ref: 'A' }), Token.asString({ Ref: 'A' })),
    },
  },
  jobInstanceCount: {
    refused: {
      'none': jobOf({ instanceCount: 0 }),
      'a half': jobOf({ instanceCount: 1.5 }),
      'a fallback of none': jobOf({ fallbacks: [{ instanceType: PlanInstanceType.P4D_24XLARGE, instanceCount: 0 }] }),
    },
    told: { 'a fallback of none': ['fallbacks[0].instanceCount', '0'] },
    accepted: { 'one': jobOf({ instanceCount: 1 }), 'a number of the input': jobOf({ instanceCount: JsonPath.numberAt('$.count') }) },
  },
  jobVolumeSize: {
    refused: { 'nothing': jobOf({ volumeSize: Size.gibibytes(0) }), 'a GiB and a half': jobOf({ volumeSize: Size.mebibytes(1536) }) },
    told: { 'a GiB and a half': ['volumeSize', '1.5'] },
    accepted: { 'a GiB': jobOf({ volumeSize: Size.gibibytes(1) }), 'none': jobOf({}) },
  },
  watchRateInvalid: {
    refused: {
      'no time': watch({ rate: Duration.seconds(0) }),
      'less than a minute': watch({ rate: Duration.seconds(59) }),
      'a minute and half a second': watch({ rate: Duration.millis(60_500) }),
      'more than an hour': watch({ rate: Duration.minutes(61), noticeBeforeReclaim: Duration.hours(2) }),
      'a minute and a half': watch({ rate: Duration.seconds(90) }),
      'seconds known at deployment': stack => watch({ rate: Duration.seconds(new CfnParameter(stack, 'Rate', { type: 'Number' }).valueAsNumber) })(stack),
      'minutes known at deployment': stack => watch({ rate: Duration.minutes(new CfnParameter(stack, 'Rate', { type: 'Number' }).valueAsNumber) })(stack),
      'a dashboard of plans that are watched every two hours': stack => {
        new TrainingPlanDashboard(stack, 'Plans', { trainingPlans: [], rate: Duration.hours(2) });
      },
    },
    accepted: {
      'a minute': watch({ rate: Duration.minutes(1) }),
      'an hour': watch({ rate: Duration.minutes(60), noticeBeforeReclaim: Duration.hours(1) }),
      'nothing said': watch({}),
    },
  },
  watchNoticeTooShort: {
    refused: {
      'a notice of half a second': watch({ noticeBeforeEnd: Duration.millis(500) }),
      'a notice before the end that is shorter than the rate': watch({ noticeBeforeEnd: Duration.minutes(4) }),
      'a notice before the reclaim that is shorter than the rate': watch({ rate: Duration.minutes(20) }),
    },
    accepted: {
      'notices of the rate': watch({ rate: Duration.minutes(15), noticeBeforeEnd: Duration.minutes(15), noticeBeforeReclaim: Duration.minutes(15) }),
    },
  },
  extendToInvalid: {
    refused: {
      'a date': extended({ extendTo: '2027-01-29' }),
      'a time without a zone': extended({ extendTo: '2027-01-29T11:30:00' }),
      'a part of a second': extended({ extendTo: '2027-01-29T11:30:00.5Z' }),
      'what is known at deployment': stack => extended({ extendTo: token(stack) })(stack),
      'a dry run of a date': extended({ extendTo: '2027-01-29', mode: PurchaseMode.DRY_RUN }),
    },
    accepted: { 'an instant': extended(), 'an instant of another zone': extended({ extendTo: '2027-01-29T20:30:00+09:00' }) },
  },
  extendedTwice: {
    refused: {
      'one end twice': stack => { extended()(stack); extended({}, 'Again')(stack); },
      'one end in two zones': stack => { extended()(stack); extended({ extendTo: '2027-01-29T20:30:00+09:00' }, 'Again')(stack); },
      'one end in two stacks': stack => { extended()(stack); extended()(new Stack(stack.node.root as Construct, 'Other')); },
    },
    accepted: {
      'two ends': stack => { extended()(stack); extended({ extendTo: '2027-02-05T11:30:00Z' }, 'Again')(stack); },
      'two plans': stack => { extended()(stack); extended({ trainingPlan: TrainingPlan.fromTrainingPlanName(stack, 'P', 'other') }, 'Again')(stack); },
      'a dry run beside an extension': stack => { extended()(stack); extended({ mode: PurchaseMode.DRY_RUN }, 'Again')(stack); },
    },
  },
  extensionRolesDiffer: {
    refused: {
      'two roles': stack => {
        extended({ extensionRole: role(stack, 'A') })(stack);
        extended({ extendTo: '2027-02-05T11:30:00Z', extensionRole: role(stack, 'B') }, 'Again')(stack);
      },
      'none and a role': stack => { extended()(stack); extended({ extendTo: '2027-02-05T11:30:00Z', extensionRole: role(stack, 'A') }, 'Again')(stack); },
    },
    accepted: {
      'one role for two': stack => {
        const extensionRole = role(stack, 'A');
        extended({ extensionRole })(stack);
        extended({ extendTo: '2027-02-05T11:30:00Z', extensionRole }, 'Again')(stack);
      },
      'another role for purchases': stack => { extended({ extensionRole: role(stack, 'A') })(stack); pinned({ purchaseRole: role(stack, 'B') })(stack); },
    },
  },
  dryRunHasNoExtension: {
    refused: {
      'the end': stack => extended({ mode: PurchaseMode.DRY_RUN })(stack).endTime,
      'the ARN, where nothing is said': stack => extended({ mode: undefined })(stack).trainingPlanArn,
    },
    accepted: {
      'the notice of a dry run': stack => extended({ mode: PurchaseMode.DRY_RUN })(stack).notice,
      'the end of an extension': stack => extended()(stack).endTime,
    },
  },
});
