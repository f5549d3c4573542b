import { planOf } from './purchase/world';
import { block } from '../../../lambda/training-plans/blocks';
import { difference, sameSpec, specHash, specText, capacityText, hasCapacity, type PlanSpec } from '../../../lambda/training-plans/spec';

const spec: PlanSpec = { type: 'ml.p5.48xlarge', count: 4, ultraServers: false, target: 'hyperpod-cluster' };
const ultra: PlanSpec = { type: 'ml.u-p6e-gb200x72', count: 1, ultraServers: true, target: 'training-job' };

test.each([
  ['type', { type: 'ml.p5e.48xlarge' }], ['count', { count: 8 }], ['kind', { ultraServers: true }], ['target', { target: 'endpoint' }],
])('another %s has another hash', (_what, change) => {
  expect(specHash({ ...spec, ...change })).not.toBe(specHash(spec));
});

test('spare instances are of UltraServers alone, one where nothing is said', () => {
  expect(specHash({ ...spec, spares: 2 })).toBe(specHash(spec));
  expect(specHash({ ...ultra, spares: 1 })).toBe(specHash(ultra));
  expect(specHash({ ...ultra, spares: 0 })).not.toBe(specHash(ultra));
});

test.each([
  ['1-a', '1-a', true], ['1-a', '1-b', false], ['1-a', '2-a', undefined], [undefined, '1-a', undefined], ['1-a', undefined, undefined],
])('%s and %s are the same: %s', (a, b, expected) => {
  expect(sameSpec(a, b)).toBe(expected);
});

test('in words', () => {
  expect(specText(spec)).toBe('4 ml.p5.48xlarge for hyperpod-cluster');
  expect(specText({ ...ultra, spares: 2 })).toBe('1 ml.u-p6e-gb200x72 with 2 spare instances each for training-job');
});

describe('the difference of a plan', () => {
  const plan = planOf('Scheduled');
  const [part] = plan.ReservedCapacitySummaries!;
  const at = (start: string, end: string, changes = {}) => ({ ...part, StartTime: new Date(start), EndTime: new Date(end), ...changes });

  test.each([
    ['none', plan],
    ['none while it is pending and says nothing', planOf('Pending', { TargetResources: [], ReservedCapacitySummaries: undefined })],
    ['none after each other', planOf('Active', { ReservedCapacitySummaries: [at('2026-12-01', '2026-12-08'), at('2026-12-10', '2026-12-17')] })],
    ['none in two zones at one time', planOf('Active', {
      ReservedCapacitySummaries: [
        at('2026-12-01', '2026-12-08', { TotalInstanceCount: 3 }), at('2026-12-01', '2026-12-08', { TotalInstanceCount: 1, AvailabilityZone: 'us-east-1b' }),
      ],
    })],
  ])('%s', (_what, described) => {
    expect(difference(spec, described)).toBeUndefined();
  });

  test.each([
    ['the target', { target: 'endpoint' }, plan, 'it is for hyperpod-cluster, not for endpoint'],
    ['the type', { type: 'ml.p4d.24xlarge' }, plan, 'it has 4 ml.p5.48xlarge, not 4 ml.p4d.24xlarge'],
    ['the count', { count: 8 }, plan, 'it has 4 ml.p5.48xlarge, not 8 ml.p5.48xlarge'],
    ['the kind', { ultraServers: true }, plan, 'it has 4 ml.p5.48xlarge, not 4 ml.p5.48xlarge'],
    ['a part that has fewer', {}, planOf('Active', { ReservedCapacitySummaries: [at('2026-12-01', '2026-12-08'), at('2026-12-10', '2026-12-17', { TotalInstanceCount: 2 })] }), 'it has 4 ml.p5.48xlarge and 2 ml.p5.48xlarge, not 4 ml.p5.48xlarge'],
  ])('%s', (_what, change, described, text) => {
    expect(difference({ ...spec, ...change }, described)).toBe(text);
  });

  test('of UltraServers counts those', () => {
    const described = planOf('Active', { TargetResources: ['training-job'], ReservedCapacitySummaries: [{ ...part, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: 2 }] });
    expect(difference(ultra, described)).toBe('it has 2 ml.u-p6e-gb200x72, not 1 ml.u-p6e-gb200x72');
    expect(difference({ ...ultra, count: 2 }, described)).toBeUndefined();
  });
});

test('spare instances are told where they are given, and mean something', () => {
  expect(specText(ultra)).toBe('1 ml.u-p6e-gb200x72 for training-job');
  expect(specText({ ...spec, spares: 2 })).toBe('4 ml.p5.48xlarge for hyperpod-cluster');
  expect(specText({ ...ultra, spares: 0 })).toBe('1 ml.u-p6e-gb200x72 with 0 spare instances each for training-job');
});

test('no capacity is of no type', () => {
  expect(hasCapacity(spec, [])).toEqual({ type: false, count: false });
});

test('the type of all blocks counts', () => {
  const [part] = planOf('Active').ReservedCapacitySummaries!;
  const blocks = [block(part), block({ ...part, InstanceType: 'ml.p4d.24xlarge' })];
  expect(hasCapacity(spec, blocks).type).toBe(false);
});

test('all that differs is told', () => {
  const plan = planOf('Active', { TargetResources: ['training-job', 'endpoint'] });
  expect(difference({ ...spec, count: 8 }, plan)).toBe('it is for training-job, endpoint, not for hyperpod-cluster; it has 4 ml.p5.48xlarge, not 8 ml.p5.48xlarge');
});

test('one of several targets is enough', () => {
  expect(difference(spec, planOf('Active', { TargetResources: ['training-job', 'hyperpod-cluster'] }))).toBeUndefined();
});

test('a plan that says no target differs in none', () => {
  expect(difference(spec, planOf('Active', { TargetResources: undefined }))).toBeUndefined();
});

test('a block in words', () => {
  const [part] = planOf('Active').ReservedCapacitySummaries!;
  expect(capacityText(block(part))).toBe('4 ml.p5.48xlarge');
  expect(capacityText(block({ ...part, UltraServerType: 'ml.u-p6e-gb200x72', UltraServerCount: 2 }))).toBe('2 ml.u-p6e-gb200x72');
});

test.each([['1-a', '12-a'], ['12-a', '1-a']])('%s and %s are of different versions', (a, b) => {
  expect(sameSpec(a, b)).toBeUndefined();
});
