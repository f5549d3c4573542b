import { block } from '../../../lambda/training-plans/blocks';
import { capacityText, difference, hasCapacity, sameSpec, specText, type PlanSpec } from '../../../lambda/training-plans/spec';
import { planOf } from '../training-plan/world';

const spec: PlanSpec = { type: 'ml.p5.48xlarge', count: 4, ultraServers: false, target: 'hyperpod-cluster' };
const ultra: PlanSpec = { type: 'ml.u-p6e-gb200x72', count: 1, ultraServers: true, target: 'training-job' };

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
