import { App, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { identity, purchaseRequest, searchCriteria } from '../../../lambda/training-plans/properties';
import { OfferingSelection, PurchaseMode, UpfrontFee } from '../../../src';
import { Offering, PlanInstanceType, PurchasedTrainingPlan, TargetResource, UltraServerType, type PurchasedTrainingPlanProps } from '../../../src/training-plans';

const PLACE = { partition: 'aws', account: '111122223333', region: 'us-east-1', name: 'Stack' };
const COMMON = {
  durations: [Duration.days(14), Duration.days(7)],
  target: TargetResource.HYPERPOD_CLUSTER,
  startAfter: '2026-12-01T09:00:00+09:00',
  endBefore: '2027-01-15T00:00:00Z',
  selection: OfferingSelection.EARLIEST_START,
};

/** What the construct says, as the handler gets it. */
function said(mode: PurchaseMode, props: Partial<PurchasedTrainingPlanProps> = {}): Record<string, unknown> {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: PLACE.account, region: PLACE.region } });
  const plan = new PurchasedTrainingPlan(stack, 'Plan', {
    trainingPlanName: 'llm-2026-q2',
    maxUpfrontFee: UpfrontFee.usd('120000.00'),
    offering: Offering.pinned({ ...COMMON, instanceType: PlanInstanceType.P5_48XLARGE, instanceCount: 4, trainingPlanOfferingId: 'tpo-1' }),
    subnets: [ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: 'subnet-1', availabilityZone: 'us-east-1a' })],
    mode,
    ...props,
  });
  Tags.of(plan).add('team', 'research');
  interface Rendered { Type: string; Properties: Record<string, unknown> }
  const resources = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, Rendered>);
  return resources.find(({ Type }) => Type.startsWith('Custom::'))!.Properties;
}

const CRITERIA = {
  spec: { type: 'ml.p5.48xlarge', count: 4, ultraServers: false, target: 'hyperpod-cluster' },
  durationHours: [168, 336],
  startAfter: Date.parse('2026-12-01T00:00:00Z'),
  endBefore: Date.parse('2027-01-15T00:00:00Z'),
  zones: [],
  subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1a' }],
  offeringId: 'tpo-1',
  selection: 'EARLIEST_START',
  cap: expect.objectContaining({ currency: 'USD', text: '120000.00 USD' }),
};

test('the handler of purchases understands what the construct says', () => {
  expect(purchaseRequest(said(PurchaseMode.BUY, { attempt: 2, adoptExisting: true }), PLACE)).toMatchObject({
    account: '111122223333',
    region: 'us-east-1',
    name: 'llm-2026-q2',
    owner: expect.stringMatching(/^Stack\/c8/),
    adoptExisting: true,
    criteria: CRITERIA,
    attempt: 2,
    tags: { team: 'research' },
  });
});

test('the handler of searches understands a dry run, as the same purchase', () => {
  const properties = said(PurchaseMode.DRY_RUN);
  expect(searchCriteria(properties)).toMatchObject(CRITERIA);
  const { criteria, attempt, tags, ...purchase } = purchaseRequest(said(PurchaseMode.BUY), PLACE);
  expect(identity(properties.DryRunOf as Record<string, unknown>, PLACE)).toEqual(purchase);
});

test.each([PurchaseMode.BUY, PurchaseMode.DRY_RUN])('UltraServers with spares, and no tags: %s', mode => {
  const offering = Offering.searchUltraServers({ ...COMMON, ultraServerType: UltraServerType.U_P6E_GB200X72, ultraServerCount: 1 });
  const properties = said(mode, { offering, subnets: undefined, spareInstancesPerUltraServer: 0 });
  const { spec } = mode === PurchaseMode.BUY ? purchaseRequest(properties, PLACE).criteria : searchCriteria(properties);
  expect(spec).toEqual({ type: 'ml.u-p6e-gb200x72', count: 1, ultraServers: true, target: 'hyperpod-cluster', spares: 0 });
});

test('a purchase in another place is refused', () => {
  expect(() => purchaseRequest(said(PurchaseMode.BUY), { ...PLACE, region: 'us-west-2' })).toThrow('but this stack is in account 111122223333, Region us-west-2');
});
