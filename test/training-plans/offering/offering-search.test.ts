import { App, CfnParameter, Duration, Stack, Tokenization } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { OfferingSelection, UpfrontFee } from '../../../src';
import { Offering, OfferingSearch, PlanInstanceType, TargetResource, TrainingPlanStatus, UltraServerType, type InstanceOfferingCriteria, type OfferingSearchProps } from '../../../src/training-plans';

const TYPE = 'Custom::HpcTrainingPlansOfferingSearch';
const CRITERIA: InstanceOfferingCriteria = {
  instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4, durations: [Duration.days(14)], target: TargetResource.HYPERPOD_CLUSTER,
};

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
});

function search(props: Partial<OfferingSearchProps> = {}): OfferingSearch {
  return new OfferingSearch(stack, 'Search', { offering: Offering.search(CRITERIA), ...props });
}

/** What the handler is told of an offering. */
function told(offering: Offering, props: Partial<OfferingSearchProps> = {}): unknown {
  search({ offering, ...props });
  return Object.values(Template.fromStack(stack).findResources(TYPE))[0].Properties.Offering;
}

describe('an offering', () => {
  test('of instances', () => {
    expect(told(Offering.search(CRITERIA))).toEqual({
      InstanceType: 'ml.p5.48xlarge', InstanceCount: '4', DurationHours: ['336'], TargetResource: 'hyperpod-cluster', Selection: 'LOWEST_FEE',
    });
  });

  test('of UltraServers', () => {
    const { instanceType, instanceCount, ...common } = CRITERIA;
    const ultraServerType = UltraServerType.U_P6E_GB200X72;
    expect(told(Offering.searchUltraServers({ ...common, ultraServerType, ultraServerCount: 2 }))).toEqual({
      UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '2', DurationHours: ['336'], TargetResource: 'hyperpod-cluster', Selection: 'LOWEST_FEE',
    });
  });

  test('that is pinned has its criteria too', () => {
    expect(told(Offering.pinned({ ...CRITERIA, trainingPlanOfferingId: 'tpo-1' }))).toMatchObject({
      TrainingPlanOfferingId: 'tpo-1', InstanceType: 'ml.p5.48xlarge', InstanceCount: '4',
    });
  });

  test('of UltraServers that is pinned has its criteria too', () => {
    const { instanceType, instanceCount, ...common } = CRITERIA;
    const pinned = { ...common, ultraServerType: UltraServerType.of('ml.u-next'), ultraServerCount: 1, trainingPlanOfferingId: 'tpo-1' };
    expect(told(Offering.pinnedUltraServers(pinned))).toMatchObject({ TrainingPlanOfferingId: 'tpo-1', UltraServerType: 'ml.u-next', UltraServerCount: '1' });
  });

  test('has each duration once, in hours, the shortest first', () => {
    const durations = [Duration.days(14), Duration.hours(24), Duration.days(1), Duration.minutes(7 * 24 * 60)];
    expect(told(Offering.search({ ...CRITERIA, durations }))).toMatchObject({ DurationHours: ['24', '168', '336'] });
  });

  test('without a duration has no window that is too short for it', () => {
    const window = { startAfter: '2026-12-01T00:00:00Z', endBefore: '2026-12-02T00:00:00Z' };
    expect(() => search({ offering: Offering.search({ ...CRITERIA, ...window, durations: [] }) })).toThrow(/^\[trainingPlans\.durationsEmpty\] [^\n]*$/);
  });

  test('has its window in UTC', () => {
    expect(told(Offering.search({ ...CRITERIA, startAfter: '2026-12-01T09:00+09:00', endBefore: '2027-01-15T00:00:00.500Z' }))).toMatchObject({
      StartTimeAfter: '2026-12-01T00:00:00Z', EndTimeBefore: '2027-01-15T00:00:00Z',
    });
  });

  test.each(Object.values(OfferingSelection))('is chosen by %s', selection => {
    expect(told(Offering.search({ ...CRITERIA, selection }))).toMatchObject({ Selection: selection });
  });

  test('may have a count and an instant that are known only at deployment', () => {
    const [count, instant] = [new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber, new CfnParameter(stack, 'Start').valueAsString];
    expect(told(Offering.search({ ...CRITERIA, instanceCount: count, startAfter: instant }))).toMatchObject({
      InstanceCount: stack.resolve(Tokenization.stringifyNumber(count)), StartTimeAfter: { Ref: 'Start' },
    });
  });

  test('is in named zones', () => {
    expect(told(Offering.search({ ...CRITERIA, availabilityZones: ['us-east-1b', 'us-east-1a'] }))).toMatchObject({ AvailabilityZones: ['us-east-1b', 'us-east-1a'] });
  });
});

describe('subnets', () => {
  const pair = (subnetId: string, availabilityZone: string) => ({ SubnetId: subnetId, AvailabilityZone: availabilityZone });

  test('come in their order, with their zones', () => {
    const subnets = ['b', 'a'].map(zone => ec2.Subnet.fromSubnetAttributes(stack, zone, { subnetId: `subnet-${zone}`, availabilityZone: `us-east-1${zone}` }));
    expect(told(Offering.search(CRITERIA), { subnets })).toMatchObject({ Subnets: [pair('subnet-b', 'us-east-1b'), pair('subnet-a', 'us-east-1a')] });
  });

  test('of a VPC are its private ones', () => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-private'], isolatedSubnetIds: ['subnet-isolated'],
    });
    expect(told(Offering.search(CRITERIA), { vpc })).toMatchObject({ Subnets: [pair('subnet-private', 'us-east-1a')] });
  });

  test('of a VPC can be selected', () => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-private'], isolatedSubnetIds: ['subnet-isolated'],
    });
    expect(told(Offering.search(CRITERIA), { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } })).toMatchObject({
      Subnets: [pair('subnet-isolated', 'us-east-1a')],
    });
  });

  test('of a VPC that the app makes have zones that are known at deployment', () => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const zone = (index: number) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] });
    const zones = [zone(0), zone(1)].map(AvailabilityZone => ({ AvailabilityZone }));
    expect(told(Offering.search(CRITERIA), { vpc })).toMatchObject({ Subnets: zones });
  });
});

describe('a search', () => {
  test('may read offerings, and nothing else', () => {
    search();
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: [{
        PolicyDocument: {
          Statement: [
            { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: Match.anyValue() },
            { Action: 'sagemaker:SearchTrainingPlanOfferings', Effect: 'Allow', Resource: '*' },
          ],
        },
      }],
    });
  });

  test('has a limit, where one is given', () => {
    search({ maxUpfrontFee: UpfrontFee.of({ currencyCode: 'EUR', amount: '1000.50' }) });
    Template.fromStack(stack).hasResourceProperties(TYPE, { MaxUpfrontFee: { Amount: '1000.50', CurrencyCode: 'EUR' } });
  });

  test('has no limit by default, and is made again by another text', () => {
    search({ refresh: 'monday' });
    Template.fromStack(stack).hasResourceProperties(TYPE, { MaxUpfrontFee: Match.absent(), DryRunOf: Match.absent(), Refresh: 'monday' });
  });

  test('has what was found as attributes', () => {
    const found = search();
    const fields = {
      trainingPlanOfferingId: 'TrainingPlanOfferingId',
      summary: 'Summary',
      upfrontFee: 'UpfrontFee',
      currencyCode: 'CurrencyCode',
      availabilityZone: 'AvailabilityZone',
      subnetId: 'SubnetId',
      instanceType: 'InstanceType',
      startTime: 'StartTime',
      endTime: 'EndTime',
      qualifyingCount: 'QualifyingCount',
      instanceCount: 'InstanceCount',
      durationHours: 'DurationHours',
    } as const;
    const id = Object.keys(Template.fromStack(stack).findResources(TYPE))[0];
    for (const [attribute, field] of Object.entries(fields)) {
      expect(stack.resolve(found[attribute as keyof typeof fields])).toEqual({ 'Fn::GetAtt': [id, field] });
    }
  });

  test('shares the function of the stack, which can not buy', () => {
    search();
    new OfferingSearch(stack, 'Second', { offering: Offering.search(CRITERIA) });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.hasResourceProperties('AWS::Lambda::Function', { Handler: 'index.handler' });
    expect(JSON.stringify(template.toJSON())).not.toContain('CreateTrainingPlan');
  });
});

test.each<[{ readonly value: string }, string]>([
  [PlanInstanceType.of('ml.next'), 'ml.next'],
  [TargetResource.of('next'), 'next'],
  [TrainingPlanStatus.of('Next'), 'Next'],
  [PlanInstanceType.TRN2_48XLARGE, 'ml.trn2.48xlarge'],
  [TargetResource.ENDPOINT, 'endpoint'],
])('what AWS may add to can be written by name: %p', ({ value }, expected) => {
  expect(value).toBe(expected);
});
