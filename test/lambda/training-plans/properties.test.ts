import { PROPERTIES } from './purchase/world';
import { planArn, planName, purchaseRequest, searchCriteria, userTags } from '../../../lambda/training-plans/properties';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
const offering = (changes: object) => purchaseRequest({ ...PROPERTIES, Offering: { ...PROPERTIES.Offering, ...changes } }, stack);

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
