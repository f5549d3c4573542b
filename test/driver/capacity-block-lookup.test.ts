import { assertingBlock, readingBlock } from './lookup-properties';
import { FAST, lookupRig } from './lookup-rig';
import type { FakeReservation } from '../aws/capacity-blocks';
import type { Fault } from '../aws/faults';

const { aws, stack: stackOf } = lookupRig('capacity-block-lookup');
const PLACE = 'in account 111122223333, Region us-east-1';
const ID = 'cr-0123456789abcdef0';
const HOUR = 3_600_000;
const NOW = Date.now();

const BLOCK: FakeReservation = {
  id: ID,
  instanceType: 'p5.48xlarge',
  instanceCount: 4,
  zone: 'us-east-1b',
  zoneId: 'use1-az2',
  created: NOW - HOUR,
  start: Date.UTC(2099, 0, 1, 11, 30),
  end: Date.UTC(2099, 0, 15, 11, 30),
  tags: { 'cdk-hpc-clusters:capacity-block': 'llm-q1' },
};
const OTHER: FakeReservation = { ...BLOCK, id: 'cr-0fedcba9876543210', instanceType: 'p4d.24xlarge', zone: 'us-east-1a', tags: {} };
const ON_DEMAND: FakeReservation = { ...BLOCK, id: 'cr-0aaaaaaaaaaaaaaaa', type: 'default', state: 'active', tags: { 'cdk-hpc-clusters:capacity-block': 'llm-q1' } };
const SUBNETS = ['a', 'b', 'b'].map((zone, index) => ({ SubnetId: `subnet-${index}`, AvailabilityZone: `us-east-1${zone}` }));
const BY_ID = { CapacityReservationId: ID };

const stack = (lambda = {}) => stackOf(lambda, { resourceType: 'Custom::HpcCapacityBlocksLookup' });
const put = (...all: FakeReservation[]) => aws.ec2.blocks.reservations.push(...all);
const forget = () => { aws.ec2.blocks.reservations.length = 0; };

describe('a look-up of a block', () => {
  test('reads every field before the block begins', async () => {
    put(BLOCK);
    const cfn = stack();
    expect((await cfn.create(readingBlock(
      { ...BY_ID, Subnets: SUBNETS }, 'AvailabilityZone', 'AvailabilityZoneId', 'AvailableInstanceCount', 'CapacityBlockId', 'CapacityReservationArn',
      'CapacityReservationId', 'EndDate', 'InstanceCount', 'InstancePlatform', 'InstanceType', 'LaunchStatus', 'Notice', 'OwnerId', 'StartDate', 'State',
      'SubnetId',
    ))).reason).toBeUndefined();
    expect(cfn.attributes).toEqual({
      AvailabilityZone: 'us-east-1b',
      AvailabilityZoneId: 'use1-az2',
      AvailableInstanceCount: '0',
      CapacityBlockId: '',
      CapacityReservationArn: `arn:aws:ec2:us-east-1:111122223333:capacity-reservation/${ID}`,
      CapacityReservationId: ID,
      EndDate: '2099-01-15T11:30:00Z',
      InstanceCount: '4',
      InstancePlatform: 'Linux/UNIX',
      InstanceType: 'p5.48xlarge',
      LaunchStatus: '',
      Notice: '',
      OwnerId: '111122223333',
      StartDate: '2099-01-01T11:30:00Z',
      State: 'scheduled',
      SubnetId: 'subnet-1', // the first of two in its zone
    });
  });

  test('is created, updated and deleted', async () => {
    put({ ...BLOCK, start: NOW - HOUR, inUse: 3 });
    const cfn = stack();
    await cfn.create(readingBlock(BY_ID, 'AvailableInstanceCount', 'InstanceCount', 'State'));
    expect(cfn.attributes).toEqual({ AvailableInstanceCount: '1', InstanceCount: '4', State: 'active' });
    expect((await cfn.update(readingBlock(BY_ID, 'State'))).steps).toHaveLength(1); // no replacement
    aws.requests.length = 0;
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
    expect(aws.requests).toEqual([]);
  });

  test('finds the block of a name by its tag, on any page, and passes over reservations that are no blocks', async () => {
    aws.ec2.blocks.pageSize = 1;
    put(ON_DEMAND, OTHER, BLOCK);
    const cfn = stack();
    await cfn.create(readingBlock({ PurchaseName: 'llm-q1' }, 'CapacityReservationId'));
    expect(cfn.attributes).toEqual({ CapacityReservationId: ID });
    expect(aws.requests.map(({ operation }) => operation)).toEqual(Array(3).fill('DescribeCapacityReservations'));
  });

  test.each<[string, Record<string, string>]>([
    ['type', { InstanceType: 'p5.48xlarge' }],
    ['zone', { AvailabilityZones: 'us-east-1b,us-east-1c' }],
    ['type and state', { InstanceType: 'p5.48xlarge', States: 'active,scheduled' }],
    ['window', { InstanceType: 'p5.48xlarge', StartDateAfter: '2099-01-01T11:30:00Z', EndDateBefore: '2099-01-15T11:30:00Z' }],
  ])('finds the only block by %s', async (_what, criteria) => {
    put(OTHER, BLOCK, ON_DEMAND);
    const cfn = stack();
    await cfn.create(readingBlock({ Find: 'true', ...criteria }, 'CapacityReservationId'));
    expect(cfn.attributes).toEqual({ CapacityReservationId: ID });
  });

  test.each<[string, Record<string, string>]>([
    ['later start', { StartDateAfter: '2099-01-01T11:30:01Z' }],
    ['earlier end', { EndDateBefore: '2099-01-15T11:29:59Z' }],
    ['other state', { States: 'active' }],
    ['other zone', { AvailabilityZones: 'us-east-1c' }],
  ])('names the blocks that there are where a %s is asked for', async (_what, criteria) => {
    put(BLOCK);
    const outcome = await stack(FAST).create(readingBlock({ Find: 'true', ...criteria }, 'CapacityReservationId'));
    expect(outcome.reason).toContain(`${PLACE}: there is none; the blocks that there are: ${ID} (p5.48xlarge, scheduled, 2099-01-01T11:30:00Z to 2099-01-15T11:30:00Z)`);
  });

  test('refuses to choose between two', async () => {
    put(BLOCK, { ...BLOCK, id: OTHER.id });
    const outcome = await stack().create(readingBlock({ PurchaseName: 'llm-q1' }, 'CapacityReservationId'));
    expect(outcome.reason).toMatch(new RegExp(`^Capacity Block named "llm-q1" ${PLACE}: there are 2: ${ID} \\(.*narrow the criteria, or give the id of its reservation`));
  });

  test('knows a block by the tag of EC2 where no member tells the type', async () => {
    put(BLOCK);
    aws.ec2.blocks.behave({ typeBy: 'tag' });
    const cfn = stack();
    await cfn.create(readingBlock(BY_ID, 'State'));
    expect(cfn.attributes).toEqual({ State: 'scheduled' });
  });

  test('reads a block that another account shares, whose size isn\'t told before it begins', async () => {
    put({ ...BLOCK, owner: '999988887777' });
    const cfn = stack();
    await cfn.create(readingBlock(BY_ID, 'CapacityReservationArn', 'InstanceCount', 'OwnerId'));
    expect(cfn.attributes).toEqual({
      CapacityReservationArn: `arn:aws:ec2:us-east-1:999988887777:capacity-reservation/${ID}`, InstanceCount: '', OwnerId: '999988887777',
    });
  });

  test('refuses a reservation of On-Demand capacity', async () => {
    put(ON_DEMAND);
    const outcome = await stack().create(readingBlock({ CapacityReservationId: ON_DEMAND.id }, 'State'));
    expect(outcome.reason).toContain(`Capacity Block "${ON_DEMAND.id}" ${PLACE}: the reservation is no Capacity Block, but of the type default`);
  });

  test('fails where no subnet is in its zone', async () => {
    put(BLOCK);
    const outcome = await stack().create(readingBlock({ ...BY_ID, Subnets: SUBNETS.slice(0, 1) }, 'SubnetId'));
    expect(outcome.reason).toContain('it is in us-east-1b, and the subnets are in us-east-1a; add one in its zone');
  });

  test('waits a while for a block that was bought a moment ago', async () => {
    put({ ...BLOCK, created: Date.now() });
    aws.ec2.blocks.behave({ hiddenFor: 12_000 });
    const cfn = stack(FAST);
    expect((await cfn.create(readingBlock(BY_ID, 'State'))).status).toBe('CREATE_COMPLETE');
    expect(aws.requests.length).toBeGreaterThan(2);
  });

  test('waits for it as well where an update asks for another block', async () => {
    put(OTHER, { ...BLOCK, created: Date.now() });
    const cfn = stack(FAST);
    await cfn.create(readingBlock({ CapacityReservationId: OTHER.id }, 'Notice', 'State'));
    aws.ec2.blocks.behave({ hiddenFor: 12_000 });
    await cfn.update(readingBlock(BY_ID, 'Notice', 'State'));
    expect(cfn.attributes).toEqual({ Notice: '', State: 'scheduled' });
  });

  test('says what may be the matter where there is none', async () => {
    const outcome = await stack(FAST).create(readingBlock(BY_ID, 'State'));
    expect(outcome.status).toBe('ROLLBACK_COMPLETE');
    expect(outcome.reason).toMatch(new RegExp(`^Capacity Block "${ID}" ${PLACE}: EC2 knows no such reservation here: the id is of another account or Region, or the block is over`));
  });

  test.each<[string, object, string]>([
    ['an operation of another release', { Operation: 'BuyMoon', Input: BY_ID }, 'unknown operation: BuyMoon; known are AssertCapacityBlock, DescribeCapacityBlock'],
    ['no block', readingBlock({}, 'State'), 'the property CapacityReservationId is missing'],
    ['a field of another release', readingBlock(BY_ID, 'Moon'), 'unknown field: Moon'],
    ['subnets that are no list', readingBlock({ ...BY_ID, Subnets: 'subnet-1' }, 'State'), 'the property Subnets must be a list'],
    ['subnets that are texts', readingBlock({ ...BY_ID, Subnets: ['subnet-1'] }, 'State'), 'each of Subnets must be an object'],
    ['an instant that is none', readingBlock({ Find: 'true', StartDateAfter: 'soon' }, 'State'), 'StartDateAfter must be an instant'],
    ['the id of an offering', readingBlock({ CapacityReservationId: 'cb-0123456789abcdef0' }, 'State'), 'InvalidCapacityReservationId.Malformed'],
  ])('fails with a reason for %s', async (_what, properties, reason) => {
    expect((await stack().create(properties)).reason).toContain(reason);
  });
});

describe('a block that is over', () => {
  test('is read with a notice', async () => {
    put({ ...BLOCK, start: NOW - 48 * HOUR, end: NOW - HOUR, created: NOW - 72 * HOUR });
    const cfn = stack();
    expect((await cfn.create(readingBlock({ ...BY_ID, Subnets: SUBNETS }, 'Notice', 'State', 'SubnetId'))).status).toBe('CREATE_COMPLETE');
    expect(cfn.attributes).toMatchObject({ State: 'expired', SubnetId: 'subnet-1' });
    expect(cfn.attributes.Notice).toMatch(new RegExp(`^Capacity Block "${ID}" is over: its state is expired, its end .*Nothing can be launched in it\\.$`));
  });

  test('is gone in the end, and the stack can still be updated, rolled back and deleted', async () => {
    put(BLOCK);
    const cfn = stack(FAST);
    await cfn.create(readingBlock({ ...BY_ID, Subnets: SUBNETS }, 'CapacityReservationArn', 'CapacityReservationId', 'SubnetId'));
    forget();
    const more = readingBlock({ ...BY_ID, Subnets: SUBNETS }, 'AvailabilityZone', 'AvailableInstanceCount', 'CapacityReservationArn', 'CapacityReservationId',
      'InstanceCount', 'Notice', 'State', 'SubnetId');
    expect((await cfn.update(more)).status).toBe('UPDATE_COMPLETE');
    expect(cfn.attributes).toEqual({
      AvailabilityZone: '',
      AvailableInstanceCount: '0',
      CapacityReservationArn: `arn:aws:ec2:us-east-1:111122223333:capacity-reservation/${ID}`,
      CapacityReservationId: ID,
      InstanceCount: '0',
      Notice: expect.stringMatching(/^Capacity Block "cr-0123456789abcdef0" is not there any more: EC2 forgets a block/),
      State: '',
      SubnetId: 'subnet-0',
    });
    expect((await cfn.update({ ...more, Refresh: '2' }, true)).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
  });

  test('can be replaced by another, and comes back without failing where something else fails', async () => {
    put(BLOCK, OTHER);
    const cfn = stack(FAST);
    await cfn.create(readingBlock(BY_ID, 'CapacityReservationId'));
    forget();
    put(OTHER);
    const outcome = await cfn.update(readingBlock({ CapacityReservationId: OTHER.id }, 'CapacityReservationId'), true);
    expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cfn.attributes).toEqual({ CapacityReservationId: ID });
  });

  test.each<[string, object]>([['a name', { PurchaseName: 'llm-q1' }], ['criteria', { Find: 'true', InstanceType: 'p5.48xlarge' }]])(
    'and was found by %s doesn\'t fail an update either', async (_what, input) => {
      put(BLOCK);
      const cfn = stack(FAST);
      await cfn.create(readingBlock(input, 'State'));
      forget();
      expect((await cfn.update(readingBlock(input, 'CapacityReservationId', 'Notice'))).status).toBe('UPDATE_COMPLETE');
      expect(cfn.attributes).toEqual({ CapacityReservationId: '', Notice: expect.stringContaining('is not there any more') });
    });

  test('is no excuse for an answer that can\'t be read', async () => {
    put(BLOCK);
    const cfn = stack(FAST);
    await cfn.create(readingBlock(BY_ID, 'State'));
    aws.faults.next('DescribeCapacityReservations', { kind: 'garbage', body: () => '' });
    expect((await cfn.update(readingBlock(BY_ID, 'Notice'))).status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('an assertion about a block', () => {
  test('holds where all is as expected', async () => {
    put({ ...BLOCK, start: NOW - HOUR });
    expect((await stack().create(assertingBlock({
      ExpectedAvailabilityZones: 'us-east-1a,us-east-1b',
      ExpectedEndDateAfter: '2099-01-10T00:00:00Z',
      ExpectedInstanceType: 'p5.48xlarge',
      ExpectedMinAvailableInstanceCount: '4',
      ExpectedMinInstanceCount: '4',
      ExpectedStates: 'active,scheduled',
    }))).status).toBe('CREATE_COMPLETE');
  });

  test('says all that is not as expected', async () => {
    put(BLOCK);
    const outcome = await stack().create(assertingBlock({
      ExpectedAvailabilityZones: 'us-east-1a',
      ExpectedEndDateAfter: '2099-01-15T11:30:00Z',
      ExpectedInstanceType: 'p4d.24xlarge',
      ExpectedMinAvailableInstanceCount: '1',
      ExpectedMinInstanceCount: '5',
      ExpectedStates: 'active',
    }));
    expect(outcome.reason).toContain(`Capacity Block "${ID}" ${PLACE}: it isn't as this deployment expects it: `
      + 'AvailabilityZones: expected us-east-1a, is us-east-1b; EndDateAfter: expected 2099-01-15T11:30:00Z, is 2099-01-15T11:30:00Z; '
      + 'InstanceType: expected p4d.24xlarge, is p5.48xlarge; MinAvailableInstanceCount: expected 1, is 0; MinInstanceCount: expected 5, is 4; '
      + 'States: expected active, is scheduled');
  });

  test('fails for a block that is gone, and for what this release does not know', async () => {
    expect((await stack(FAST).create(assertingBlock({ ExpectedStates: 'active' }))).reason).toContain('EC2 knows no such reservation here');
    expect((await stack().create(assertingBlock({ ExpectedMoon: 'full' }))).reason).toContain('unknown expectation: Moon; known are AvailabilityZones, EndDateAfter');
  });
});

describe('under faults', () => {
  const OPERATION = 'DescribeCapacityReservations';

  test.each<[string, object, string]>([
    ['a look-up by id', readingBlock(BY_ID, 'State'), `Capacity Block "${ID}"`],
    ['a look-up by name', readingBlock({ PurchaseName: 'llm-q1' }, 'State'), 'Capacity Block named "llm-q1"'],
    ['an assertion', assertingBlock({ ExpectedStates: 'scheduled' }), `Capacity Block "${ID}"`],
  ])('%s is repeated when throttled, and in the end tells so', async (_what, properties, subject) => {
    put(BLOCK);
    aws.faults.next(OPERATION, { kind: 'throttle' }, { kind: 'throttle' });
    expect((await stack(FAST).create(properties)).status).toBe('CREATE_COMPLETE');
    aws.faults.always(OPERATION, { kind: 'throttle' });
    expect((await stack(FAST).create(properties)).reason)
      .toMatch(new RegExp(`^${subject} ${PLACE}: still throttled after \\d+ attempts; deploy again \\(RequestLimitExceeded: Rate exceeded\\)`));
  });

  test('it is repeated while a permission spreads, and in the end tells that it is missing', async () => {
    put(BLOCK);
    const fault: Fault = { kind: 'error', status: 403, code: 'UnauthorizedOperation', message: 'not authorized' };
    aws.faults.next(OPERATION, fault, fault);
    expect((await stack(FAST).create(readingBlock(BY_ID, 'State'))).status).toBe('CREATE_COMPLETE');
    aws.faults.always(OPERATION, fault);
    expect((await stack(FAST).create(readingBlock(BY_ID, 'State'))).reason).toContain('the look-up function may not read it (UnauthorizedOperation: not authorized)');
  });

  test.each<[string, (answer: string) => string]>([
    ['an empty answer', () => ''],
    ['an answer without its list', answer => answer.replace(/<capacityReservationSet>.*<\/capacityReservationSet>/, '')],
  ])('%s is none, whether a block is asked for or all', async (_what, body) => {
    put(BLOCK);
    for (const properties of [readingBlock(BY_ID, 'State'), readingBlock({ PurchaseName: 'llm-q1' }, 'State'), assertingBlock({ ExpectedStates: 'scheduled' })]) {
      aws.faults.next(OPERATION, { kind: 'garbage', body });
      expect((await stack().create(properties)).reason).toContain('UnreadableAnswer: the answer could not be read');
    }
  });

  test('a service that can not be reached fails the deployment with a hint', async () => {
    expect((await stack({ ...FAST, sagemakerUrl: 'http://127.0.0.1:1' }).create(readingBlock(BY_ID, 'State'))).reason)
      .toMatch(/no answer after 10 attempts; a function in a VPC needs a way to the API of Amazon EC2 \(ECONNREFUSED: /);
  });

  test('a service that is silent fails the deployment in time', async () => {
    aws.faults.always(OPERATION, { kind: 'silence' });
    const cfn = stack(FAST);
    const { answer, invocations } = await cfn.request(cfn.events.create(readingBlock(BY_ID, 'State')));
    expect(invocations.map(({ succeeded }) => succeeded)).toEqual([true]);
    expect(answer!.Reason).toMatch(/no answer (within|after) .*; a function in a VPC/);
  });
});
