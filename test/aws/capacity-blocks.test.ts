import { CapacityBlocks, type FakeReservation } from './capacity-blocks';
import { violations } from './constraints';
import { ServiceModel } from './service-models';
import MODEL from '../lambda/clients/ec2-model.json';

const NOON = Date.UTC(2026, 11, 1, 12);
const HOUR = 3_600_000;
let now = NOON;
const blocks = new CapacityBlocks(() => now, () => '111122223333');
const model = new ServiceModel(MODEL as never);

const BLOCK: FakeReservation = {
  id: 'cr-0123456789abcdef0',
  instanceType: 'p5.48xlarge',
  instanceCount: 4,
  zone: 'us-east-1a',
  zoneId: 'use1-az4',
  created: NOON,
  paid: NOON + HOUR,
  start: NOON + 24 * HOUR,
  end: NOON + 48 * HOUR,
  tags: { team: 'llm' },
};
const ID = { 'CapacityReservationId.1': BLOCK.id };

beforeEach(() => {
  now = NOON;
  blocks.clear();
});

/** The answer to a question, as the model of the service reads it. */
function ask(operation: keyof typeof MODEL.operations, input: Record<string, string> = {}): Record<string, any> {
  const answer = model.fromXml(operation, `<Answer>${blocks.call(operation, input, 'us-east-1')}</Answer>`) as Record<string, unknown>;
  expect(violations(answer, model.output(operation))).toEqual({ broken: [], unknown: [] });
  return answer;
}

const states = () => (ask('DescribeCapacityReservations').CapacityReservations as { State: string }[]).map(({ State }) => State);
const at = (hours: number) => { now = NOON + hours * HOUR; };

test('a block goes from its payment to its end', () => {
  blocks.reservations.push(BLOCK);
  const seen = [0, 1, 24, 48].map(hours => {
    at(hours);
    return states()[0];
  });
  expect(seen).toEqual(['payment-pending', 'scheduled', 'active', 'expired']);
});

test('a block whose payment fails never begins', () => {
  blocks.reservations.push({ ...BLOCK, paymentFails: NOON + 12 * HOUR });
  at(2);
  expect(states()).toEqual(['payment-pending']);
  at(30);
  expect(states()).toEqual(['payment-failed']);
});

test('its size is in a tag until it begins', () => {
  blocks.reservations.push({ ...BLOCK, inUse: 1 });
  const [before] = ask('DescribeCapacityReservations', ID).CapacityReservations;
  expect(before).toMatchObject({ TotalInstanceCount: 0, AvailableInstanceCount: 0, ReservationType: 'capacity-block' });
  expect(before.Tags).toContainEqual({ Key: 'aws:ec2capacityreservation:incrementalRequestedQuantity', Value: '4' });
  at(25);
  expect(ask('DescribeCapacityReservations', ID).CapacityReservations[0]).toMatchObject({ TotalInstanceCount: 4, AvailableInstanceCount: 3 });
});

test('it is hidden at first, and forgotten after its end, as long as it is told to', () => {
  blocks.reservations.push(BLOCK);
  blocks.behave({ hiddenFor: HOUR, unlistedFor: 2 * HOUR, untaggedFor: 3 * HOUR, forgottenAfter: HOUR });
  const gone = `The capacity reservation ID '${BLOCK.id}' does not exist`;
  expect(() => ask('DescribeCapacityReservations', ID)).toThrow(gone);
  at(1);
  expect(ask('DescribeCapacityReservations', ID).CapacityReservations).toHaveLength(1);
  expect(states()).toEqual([]);
  at(2);
  expect(ask('DescribeCapacityReservations').CapacityReservations[0].Tags).not.toContainEqual({ Key: 'team', Value: 'llm' });
  at(3);
  expect(ask('DescribeCapacityReservations').CapacityReservations[0].Tags).toContainEqual({ Key: 'team', Value: 'llm' });
  at(49);
  expect(states()).toEqual([]);
  expect(() => ask('DescribeCapacityReservations', ID)).toThrow(gone);
  expect(() => ask('DescribeCapacityReservations', { 'CapacityReservationId.1': 'cb-1' })).toThrow('The ID \'cb-1\' is malformed');
});

test('a block of another account tells no tags', () => {
  blocks.reservations.push({ ...BLOCK, owner: '999988887777' });
  expect(ask('DescribeCapacityReservations', ID).CapacityReservations[0]).toMatchObject({ OwnerId: '999988887777', Tags: [] });
});

test('lists have pages', () => {
  blocks.reservations.push(...['1', '2', '3'].map(digit => ({ ...BLOCK, id: `cr-${digit}` })));
  const first = ask('DescribeCapacityReservations', { MaxResults: '2' });
  expect(first.CapacityReservations).toHaveLength(2);
  expect(ask('DescribeCapacityReservations', { MaxResults: '2', NextToken: first.NextToken }).CapacityReservations).toHaveLength(1);
});

test('a block of UltraServers has its reservations and, once begun, a status', () => {
  blocks.reservations.push(...['1', '2'].map(digit => ({ ...BLOCK, id: `cr-${digit}`, blockId: 'cb-1', ultraServerType: 'u-p6e-gb200x72', inUse: 1 })));
  expect(ask('DescribeCapacityBlocks').CapacityBlocks).toMatchObject([{ CapacityBlockId: 'cb-1', CapacityReservationIds: ['cr-1', 'cr-2'] }]);
  expect(() => ask('DescribeCapacityBlockStatus')).toThrow('is not active');
  at(25);
  expect(ask('DescribeCapacityBlockStatus', { 'CapacityBlockId.1': 'cb-1' }).CapacityBlockStatuses).toMatchObject([
    { TotalCapacity: 8, TotalAvailableCapacity: 6, CapacityReservationStatuses: [{ TotalCapacity: 4 }, { TotalCapacity: 4 }] },
  ]);
});

test('each search has offerings of about the length, under ids of its own', () => {
  const offered = { instanceType: 'p5.48xlarge', instanceCount: 4, zone: 'us-east-1a', fee: '283' };
  blocks.offerings.push(
    { ...offered, start: NOON, end: NOON + 19.5 * HOUR },
    { ...offered, start: NOON, end: NOON + 72 * HOUR },
    { ...offered, start: NOON, end: NOON + 24 * HOUR, segments: [{ ...offered, start: NOON, end: NOON + 24 * HOUR }] },
  );
  const search = { CapacityDurationHours: '24', InstanceType: 'p5.48xlarge', InstanceCount: '4' };
  const [first, second] = [ask('DescribeCapacityBlockOfferings', search), ask('DescribeCapacityBlockOfferings', search)];
  expect(first.CapacityBlockOfferings).toMatchObject([
    { CapacityBlockDurationHours: 19, CapacityBlockDurationMinutes: 30, UpfrontFee: '283', CapacityBlockOfferingSegments: [] },
    { CapacityBlockDurationHours: 24, CapacityBlockOfferingSegments: [{ InstanceCount: 4 }] },
  ]);
  const ids = [first, second].flatMap(answer => answer.CapacityBlockOfferings.map((each: any) => each.CapacityBlockOfferingId));
  expect(new Set(ids).size).toBe(4);
});

test('extensions are offered by their length, and remembered with their fee', () => {
  blocks.reservations.push(BLOCK);
  blocks.extensionOfferings.push({ reservationId: BLOCK.id, id: 'cbe-1', hours: 24, fee: '300' }, { reservationId: BLOCK.id, id: 'cbe-2', hours: 48, fee: '600' });
  blocks.extensions.push({ reservationId: BLOCK.id, id: 'cbe-0', hours: 24, fee: '290', purchased: NOON, status: 'payment-pending' });
  const offered = ask('DescribeCapacityBlockExtensionOfferings', { CapacityReservationId: BLOCK.id, CapacityBlockExtensionDurationHours: '24' });
  expect(offered.CapacityBlockExtensionOfferings).toMatchObject([{ CapacityBlockExtensionOfferingId: 'cbe-1', UpfrontFee: '300' }]);
  expect(ask('DescribeCapacityBlockExtensionHistory', ID).CapacityBlockExtensions).toMatchObject([
    { CapacityBlockExtensionOfferingId: 'cbe-0', CapacityBlockExtensionStatus: 'payment-pending', UpfrontFee: '290' },
  ]);
});
