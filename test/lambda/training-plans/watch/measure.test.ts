import { PLAN, at } from './plan';
import type { TrainingPlanDescription } from '../../../../lambda/clients/training-plan-reader';
import { measure } from '../../../../lambda/training-plans/watch/measure';

const hoursAt = (time: string, plan: Partial<TrainingPlanDescription> = {}) => {
  const { HoursLeft, HoursUntilReclaim } = measure({ ...PLAN, ...plan }, at(time).getTime());
  return [HoursLeft, HoursUntilReclaim];
};

describe('what is measured', () => {
  test('counts are those of the service', () => {
    expect(measure(PLAN, at('02T11:30').getTime())).toEqual({
      TotalInstanceCount: 4,
      AvailableInstanceCount: 1,
      InUseInstanceCount: 3,
      UnhealthyInstanceCount: 0,
      AvailableSpareInstanceCount: 0,
      HoursLeft: 312,
      HoursUntilReclaim: 47,
    });
  });

  test.each([
    ['before the start', '01T11:29', [336.017, undefined]],
    ['at the start', '01T11:30', [336, 71]],
    ['just before the reclaim of the first block', '04T10:29', [265.017, 0.017]],
    ['while instances are taken back', '04T11:00', [264.5, 0]],
    ['at the end of the first block', '04T11:30', [264, undefined]],
    ['between the blocks', '08T00:00', [179.5, undefined]],
    ['in the second block', '15T10:00', [1.5, 0.5]],
    ['at the end', '15T11:30', [0, undefined]],
  ])('%s', (_when, time, expected) => expect(hoursAt(time)).toEqual(expected));

  test.each([
    ['a job loses instances half an hour before the end', ['training-job'], 1],
    ['HyperPod takes them back an hour before the end', ['hyperpod-cluster'], 0.5],
    ['the earlier of two counts', ['training-job', 'hyperpod-cluster'], 0.5],
    ['an endpoint keeps them', ['endpoint'], 1.5],
    ['a target of the future keeps them', ['something-new'], 1.5],
    ['no target', undefined, 1.5],
  ])('%s', (_what, targets, expected) => {
    expect(hoursAt('15T10:00', { TargetResources: targets as TrainingPlanDescription['TargetResources'] })[1]).toBe(expected);
  });

  test('an extension moves both', () => {
    const [first, second] = PLAN.ReservedCapacitySummaries!;
    const extended = { EndTime: at('22T11:30'), ReservedCapacitySummaries: [first, { ...second, EndTime: at('22T11:30') }] };
    expect(hoursAt('15T10:00', extended)).toEqual([169.5, 168.5]);
  });

  test('without blocks, the plan itself is one', () => {
    expect(hoursAt('08T11:30', { ReservedCapacitySummaries: undefined })).toEqual([168, 167]);
    expect(hoursAt('08T11:30', { ReservedCapacitySummaries: [] })).toEqual([168, 167]);
  });

  test.each(['Expired', 'Failed'] as const)('a plan that has %s has no hours left', Status => {
    expect(hoursAt('02T11:30', { Status })).toEqual([0, undefined]);
  });

  test('a plan that says nothing has nothing', () => {
    const { TrainingPlanArn, TrainingPlanName } = PLAN;
    expect(measure({ TrainingPlanArn, TrainingPlanName, Status: 'Pending' }, 0)).toStrictEqual({});
    const half = { TrainingPlanArn, TrainingPlanName, Status: 'Pending' } as const;
    expect(measure({ ...half, StartTime: at('01T11:30') }, at('02T11:30').getTime())).toStrictEqual({});
    expect(measure({ ...half, EndTime: at('01T11:30') }, 0)).not.toHaveProperty('HoursUntilReclaim');
  });

  test('of blocks that run at one time, the first to end counts', () => {
    const [first] = PLAN.ReservedCapacitySummaries!;
    expect(hoursAt('02T11:30', { ReservedCapacitySummaries: [first, { ...first, EndTime: at('03T11:30') }] })[1]).toBe(23);
  });
});
