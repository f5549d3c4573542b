import { ARN, PROPERTIES } from './purchase/world';
import { HandlerError } from '../../../lambda/shared/errors';
import {
  extensionId, extensionRequest, extensionSearch, identity, planArn, planName, purchaseRequest, searchCriteria, userTags,
} from '../../../lambda/training-plans/properties';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
const read = (changes: object) => purchaseRequest({ ...PROPERTIES, ...changes }, stack);
const offering = (changes: object) => read({ Offering: { ...PROPERTIES.Offering, ...changes } }).criteria;

test('the ARN follows from the name', () => {
  expect(planArn({ ...stack, partition: 'aws-cn', region: 'cn-north-1' }, 'p')).toBe('arn:aws-cn:sagemaker:cn-north-1:111122223333:training-plan/p');
});

test.each(['a', '1', 'A-b--c', 'a'.repeat(64)])('the name %s', name => {
  expect(planName({ TrainingPlanName: name })).toBe(name);
});

test.each(['', '-a', 'a-', 'a_b', 'ä', 'a b', 'a'.repeat(65), '../x', 'a/b'])('not the name %j', name => {
  expect(() => planName({ TrainingPlanName: name })).toThrow('TrainingPlanName');
});

test('is read as it arrives: everything may be a text, or not', () => {
  const texts = purchaseRequest(PROPERTIES, stack);
  const values = purchaseRequest({
    ...PROPERTIES, AdoptExisting: false, Attempt: 1, Offering: { ...PROPERTIES.Offering, InstanceCount: 4, DurationHours: [336] },
  }, stack);
  expect(values).toEqual(texts);
  expect(texts).toMatchObject({ name: 'llm-q1', owner: 'Capacity/Plan', adoptExisting: false, attempt: 1, criteria: { durationHours: [336], zones: [], subnets: [] } });
});

test('what may be left out', () => {
  const { AdoptExisting: _, Attempt: __, Tags: ___, ...needed } = PROPERTIES;
  expect(purchaseRequest(needed, stack)).toMatchObject({ adoptExisting: false, attempt: 1, tags: {} });
});

test.each<[string, object, string]>([
  ['neither type', { InstanceType: undefined }, 'exactly one of InstanceType and UltraServerType'],
  ['both types', { UltraServerType: 'ml.u-p6e-gb200x72' }, 'exactly one of InstanceType and UltraServerType'],
  ['a count of zero', { InstanceCount: '0' }, 'InstanceCount must be a whole number from 1, got: 0'],
  ['half an instance', { InstanceCount: '1.5' }, 'InstanceCount must be a whole number from 1, got: 1.5'],
  ['no duration', { DurationHours: [] }, 'the property DurationHours is missing'],
  ['a duration of zero', { DurationHours: ['0'] }, 'DurationHours must be a whole number from 1, got: 0'],
  ['no target', { TargetResource: '' }, 'the property TargetResource is missing'],
  ['no selection', { Selection: undefined }, 'the property Selection is missing'],
  ['another selection', { Selection: 'RANDOM' }, 'Selection must be one of EARLIEST_START, LONGEST, LOWEST_FEE, LOWEST_INSTANCE_HOUR_RATE, got: RANDOM'],
  ['a day that does not exist', { StartTimeAfter: '2026-13-01T00:00:00Z' }, 'StartTimeAfter must be an instant'],
  ['local time', { EndTimeBefore: '2026-12-01T00:00:00' }, 'EndTimeBefore must be an instant'],
  ['a window that is none', { StartTimeAfter: '2026-12-01T00:00:00Z', EndTimeBefore: '2026-12-01T00:00:00Z' }, 'StartTimeAfter must be before EndTimeBefore'],
  ['subnets that are no list', { Subnets: 'subnet-1' }, 'the property Subnets must be a list'],
  ['a subnet that is none', { Subnets: ['subnet-1'] }, 'the property 0 must be an object'],
  ['a subnet without a zone', { Subnets: [{ SubnetId: 'subnet-1' }] }, 'the property AvailabilityZone is missing'],
])('%s is refused', (_what, changes, text) => {
  expect(() => offering(changes)).toThrow(text);
});

test.each<[string, object, string]>([
  ['no cap', { MaxUpfrontFee: undefined }, 'the property MaxUpfrontFee must be an object'],
  ['a cap without a currency', { MaxUpfrontFee: { Amount: '1' } }, 'the property CurrencyCode is missing'],
  ['an attempt of zero', { Attempt: '0' }, 'Attempt must be a whole number from 1, got: 0'],
  ['perhaps', { AdoptExisting: 'yes' }, 'AdoptExisting must be true or false, got: yes'],
  ['negative spares', { SpareInstanceCountPerUltraServer: '-1' }, 'SpareInstanceCountPerUltraServer must be a whole number from 0, got: -1'],
  ['an owner that is too long', { OwnershipKey: 'a'.repeat(257) }, 'OwnershipKey must have'],
  ['another account', { Account: '111122223334' }, 'is to be bought in account 111122223334'],
])('%s is refused', (_what, changes, text) => {
  expect(() => purchaseRequest({ ...PROPERTIES, ...changes }, stack)).toThrow(text);
});

test('a search needs no cap, and takes spare instances from the purchase that it is a dry run of', () => {
  const Offering = { ...PROPERTIES.Offering, InstanceType: undefined, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '1' };
  expect(searchCriteria({ Offering }).cap).toBeUndefined();
  expect(searchCriteria({ Offering, DryRunOf: { SpareInstanceCountPerUltraServer: '2' } }).spec.spares).toBe(2);
});

test('tags that cannot be written are left out', () => {
  expect(userTags({ Tags: { 'team': 'a', 'n': 1, 'empty': '', 'aws:x': 'b', 'AWS:x': 'b', 'cdk-hpc-clusters:owner': 'c' } })).toEqual({ team: 'a', n: '1', empty: '' });
});

test('all of a purchase', () => {
  expect(read({
    AdoptExisting: 'true',
    Attempt: '2',
    SpareInstanceCountPerUltraServer: '0',
    Tags: { team: 'a' },
    Offering: {
      UltraServerType: 'ml.u-p6e-gb200x72',
      UltraServerCount: '2',
      DurationHours: '24, 48,,24',
      TargetResource: 'training-job',
      Selection: 'LONGEST',
      StartTimeAfter: '2026-12-01T00:00Z',
      EndTimeBefore: '2027-01-15T00:00:00.123Z',
      AvailabilityZones: [' us-east-1a ', '', 'us-east-1b'],
      Subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1a', More: 'x' }],
      TrainingPlanOfferingId: 'tpo-1',
    },
  })).toEqual({
    account: '111122223333',
    region: 'us-east-1',
    name: 'llm-q1',
    owner: 'Capacity/Plan',
    adoptExisting: true,
    attempt: 2,
    tags: { team: 'a' },
    criteria: {
      spec: { type: 'ml.u-p6e-gb200x72', count: 2, ultraServers: true, target: 'training-job', spares: 0 },
      durationHours: [24, 48],
      startAfter: Date.parse('2026-12-01T00:00:00Z'),
      endBefore: Date.parse('2027-01-15T00:00:00.123Z'),
      zones: ['us-east-1a', 'us-east-1b'],
      subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1a' }],
      offeringId: 'tpo-1',
      selection: 'LONGEST',
      cap: { amount: { digits: 12000000n, scale: 2 }, currency: 'USD', text: '120000.00 USD' },
    },
  });
});

test('instances have no spare ones', () => {
  expect(read({ SpareInstanceCountPerUltraServer: '2' }).criteria.spec).toEqual({ type: 'ml.p5.48xlarge', count: 4, ultraServers: false, target: 'hyperpod-cluster' });
});

test.each(['ml_1', 'a b:c/d=e+f-g@h.i', 'Größe 1', 'o'.repeat(256)])('the owner %s', OwnershipKey => {
  expect(read({ OwnershipKey }).owner).toBe(OwnershipKey);
});

test.each(['<a', 'a<', 'a<b', 'a;b', 'o'.repeat(257)])('not the owner %s', OwnershipKey => {
  expect(() => read({ OwnershipKey })).toThrow(`OwnershipKey must have 1 to 256 characters that the value of a tag may have, got: ${OwnershipKey}`);
});

test.each(['a', 'a-b', 'a'.repeat(64)])('a name that has %s and nothing else', name => {
  for (const around of [`!${name}`, `${name}!`, `${name}\n`]) {
    expect(() => planName({ TrainingPlanName: around })).toThrow('TrainingPlanName must have 1 to 64 letters, digits and hyphens, and begin and end with a letter or digit');
  }
});

test.each([
  'x2026-12-01T00:00:00Z', '2026-12-01T00:00:00Z (x)', '2026-12-01T00:00:00Zx', '2026-12-01T00:00:00.1234Z', '2026-12-01T00:00:00.Z', '2026-12-01', '26-12-01T00:00Z',
  '2026-12-01T00:00:00', '2026-12-01T24:01:00Z', 'Dec 1, 2026 Z', '+002026-12-01T00:00:00Z',
])('%s is no instant', given => {
  expect(() => offering({ StartTimeAfter: given })).toThrow(`StartTimeAfter must be an instant such as 2026-12-01T00:00:00Z, got: ${given}`);
});

test.each(['2026-12-01T00:00:00.1Z', '2026-12-01T00:00:00.12Z', '2026-12-01T00:00:00.123Z', '2026-12-01T00:00:59Z', '2026-12-01T00:00Z'])('%s is an instant', given => {
  expect(offering({ StartTimeAfter: given }).startAfter).toBe(Date.parse(given));
});

test('a window may be open on either side', () => {
  expect(offering({ StartTimeAfter: '2026-12-01T00:00:00Z' }).endBefore).toBeUndefined();
  expect(offering({ EndTimeBefore: '2026-12-01T00:00:00Z' }).startAfter).toBeUndefined();
});

test('a window of a second is one, and one that ends before it starts is none', () => {
  expect(offering({ StartTimeAfter: '2026-12-01T00:00:00Z', EndTimeBefore: '2026-12-01T00:00:01Z' }).endBefore).toBe(Date.parse('2026-12-01T00:00:01Z'));
  expect(() => offering({ StartTimeAfter: '2026-12-01T00:00:01Z', EndTimeBefore: '2026-12-01T00:00:00Z' })).toThrow('StartTimeAfter must be before EndTimeBefore');
});

test.each(['1234567890', '1x', 'x1', '-1', '1.0', '1e3', ' 1'])('%j is no whole number', InstanceCount => {
  expect(() => offering({ InstanceCount })).toThrow(`InstanceCount must be a whole number from 1, got: ${InstanceCount}`);
});

test.each([['1', 1], ['999999999', 999_999_999]])('%s is one', (InstanceCount, count) => {
  expect(offering({ InstanceCount }).spec.count).toBe(count);
});

test.each(['', undefined])('an attempt that is %j is the first', Attempt => {
  expect(read({ Attempt }).attempt).toBe(1);
});

test.each<[object, string]>([
  [{ Account: '1' }, 'the plan is to be bought in account 1, Region us-east-1, but this stack is in account 111122223333, Region us-east-1'],
  [{ Region: 'eu-west-1' }, 'the plan is to be bought in account 111122223333, Region eu-west-1, but this stack is in account 111122223333, Region us-east-1'],
  [{ MaxUpfrontFee: { Amount: '1e6', CurrencyCode: 'USD' } }, 'the amount of MaxUpfrontFee must be a decimal number such as 120000.00, got: 1e6'],
  [{ AdoptExisting: 'TRUE' }, 'AdoptExisting must be true or false, got: TRUE'],
  [{ Attempt: '1x' }, 'Attempt must be a whole number from 1, got: 1x'],
  [{ Account: '' }, 'the property Account is missing'],
  [{ Region: '' }, 'the property Region is missing'],
  [{ Offering: undefined }, 'the property Offering must be an object'],
])('%j is refused', (changes, text) => {
  const refused = () => read(changes);
  expect(refused).toThrow(HandlerError);
  expect(refused).toThrow(expect.objectContaining({ code: 'InvalidProperties', message: text }));
});

test.each<[object, string]>([
  [{ InstanceType: 'a', UltraServerType: 'b' }, 'exactly one of InstanceType and UltraServerType must be given'],
  [{ Subnets: {} }, 'the property Subnets must be a list'],
  [{ Subnets: [{ AvailabilityZone: 'us-east-1a' }] }, 'the property SubnetId is missing'],
  [{ AvailabilityZones: [{}] }, 'the property 0 must be a text'],
  [{ InstanceCount: undefined }, 'the property InstanceCount is missing'],
  [{ DurationHours: ',' }, 'the property DurationHours is missing'],
])('an offering with %j is refused', (changes, text) => {
  expect(() => offering(changes)).toThrow(expect.objectContaining({ message: text }));
});

test.each<[object, string]>([
  [{ DurationHours: '336,two' }, 'DurationHours must be a whole number from 1, got: two'],
  [{ DurationHours: ['336', '0'] }, 'DurationHours must be a whole number from 1, got: 0'],
  [
    { InstanceType: undefined, InstanceCount: undefined, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '-1' },
    'UltraServerCount must be a whole number from 1, got: -1',
  ],
])('an offering with %j has a number that is none', (changes, text) => {
  expect(() => offering(changes)).toThrow(expect.objectContaining({ code: 'InvalidProperties', message: text }));
});

test.each(['two', '-1', '1e3'])('spare instances of UltraServers are a number, not %s', SpareInstanceCountPerUltraServer => {
  const Offering = { ...PROPERTIES.Offering, InstanceType: undefined, InstanceCount: undefined, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: '1' };
  expect(() => read({ SpareInstanceCountPerUltraServer, Offering })).toThrow(
    `SpareInstanceCountPerUltraServer must be a whole number from 0, got: ${SpareInstanceCountPerUltraServer}`);
});

test('durations may be left out by nobody', () => {
  expect(() => offering({ DurationHours: undefined })).toThrow('the property DurationHours is missing');
});

test('an identity is read without what it does not need', () => {
  const { MaxUpfrontFee: _, Offering: __, ...needed } = PROPERTIES;
  expect(identity(needed, stack)).toEqual({ account: '111122223333', region: 'us-east-1', name: 'llm-q1', owner: 'Capacity/Plan', adoptExisting: false });
});

test('a search has a cap where it is given one', () => {
  expect(searchCriteria({ Offering: PROPERTIES.Offering, MaxUpfrontFee: { Amount: '1', CurrencyCode: 'EUR' } }).cap?.text).toBe('1 EUR');
  expect(() => searchCriteria({ Offering: PROPERTIES.Offering, DryRunOf: 'a' })).toThrow('the property DryRunOf must be an object');
});

test('tags that only look reserved are kept', () => {
  expect(userTags({ Tags: { 'xaws:a': '1', 'aws': '2', 'awsome:a': '3', 'my-cdk-hpc-clusters:a': '4', 'aws:a': '5', 'CDK-HPC-clusters:a': '6' } }))
    .toEqual({ 'xaws:a': '1', 'aws': '2', 'awsome:a': '3', 'my-cdk-hpc-clusters:a': '4' });
  expect(userTags({})).toEqual({});
});

describe('an extension', () => {
  const { Account, Region, TrainingPlanName, MaxUpfrontFee } = PROPERTIES;
  const target = { Account, Region, TrainingPlanName, TrainingPlanArn: ARN, ExtendTo: '2026-12-22T11:30:00Z' };
  const wanted = { name: 'llm-q1', arn: ARN, extendTo: Date.parse('2026-12-22T11:30:00Z') };
  const cap = { amount: { digits: 12000000n, scale: 2 }, currency: 'USD', text: '120000.00 USD' };

  test('has the plan, its new end, a cap and an attempt', () => {
    expect(extensionRequest({ ...target, MaxUpfrontFee, Attempt: '2' }, stack)).toEqual({ ...wanted, cap, attempt: 2 });
  });

  test('has an id of plan, end and attempt, whatever else changes', () => {
    const id = (changes: object = {}) => extensionId({ ...target, MaxUpfrontFee, ...changes }, stack);
    expect(id()).toBe(`${ARN}/extend/20261222T113000Z/1`);
    expect(id({ MaxUpfrontFee: undefined, TrainingPlanArn: undefined })).toBe(id());
    expect(id({ Attempt: '3' })).toBe(`${ARN}/extend/20261222T113000Z/3`);
  });

  test('in a dry run has no attempt', () => {
    expect(extensionSearch({ DryRunOfExtension: target, MaxUpfrontFee }, stack)).toEqual({ ...wanted, cap });
  });

  test.each<[object, string]>([
    [{ ExtendTo: undefined }, 'ExtendTo must be an instant with whole seconds'],
    [{ ExtendTo: '2026-12-22T11:30:00.500Z' }, 'ExtendTo must be an instant with whole seconds'],
    [{ ExtendTo: 'tomorrow' }, 'ExtendTo must be an instant such as 2026-12-01T00:00:00Z, got: tomorrow'],
    [{ TrainingPlanArn: `${ARN}x` }, `TrainingPlanArn must be ${ARN}, got: ${ARN}x`],
    [{ Account: '444455556666' }, 'the plan is to be bought in account 444455556666'],
  ])('with %j is refused, also in a dry run', (changes, text) => {
    expect(() => extensionRequest({ ...target, MaxUpfrontFee, ...changes }, stack)).toThrow(text);
    expect(() => extensionSearch({ DryRunOfExtension: { ...target, ...changes }, MaxUpfrontFee }, stack)).toThrow(text);
  });
});
