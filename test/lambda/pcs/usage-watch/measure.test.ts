import { measure } from '../../../../lambda/pcs/usage-watch/measure';

/** What slurmrestd 26.05 answers to `shares`, in its own forms: numbers beside whether they are set, and bare ones. */
const number = (value: number) => ({ set: true, infinite: false, number: value });
const UNSET = { set: false, infinite: true, number: 0 };

interface Given {
  readonly used?: Record<string, number>;
  readonly committed?: Record<string, number>;
  readonly limits?: Record<string, number | undefined>;
  readonly type?: string[];
  readonly partition?: string;
}

function share(name: string, { used = {}, committed = {}, limits = {}, ...more }: Given = {}) {
  return {
    name,
    parent: 'root',
    partition: '',
    type: ['ASSOCIATION'],
    fairshare: { factor: number(0.25), level: number(1) },
    tres: {
      usage: Object.entries(used).map(([tres, value]) => ({ name: tres, value })),
      run_seconds: Object.entries(committed).map(([tres, value]) => ({ name: tres, value: number(value) })),
      group_minutes: Object.entries(limits).map(([tres, value]) => ({ name: tres, value: value === undefined ? UNSET : number(value) })),
    },
    ...more,
  };
}
const answer = (...shares: object[]) => ({ shares: { shares, total_shares: 1 } });
const of = (name: string, ...shares: object[]) => measure(answer(...shares), [name]).get(name);

describe('what is measured of an account', () => {
  test('hours are made of seconds, and the budget of minutes', () => {
    expect(of('research', share('research', {
      used: { 'cpu': 7200, 'gres/gpu': 90_000 }, committed: { 'gres/gpu': 1800 }, limits: { 'cpu': undefined, 'gres/gpu': 6000 },
    }))).toEqual({
      BudgetUsedPercent: 25, CpuHoursUsed: 2, FairShareFactor: 0.25, GpuHoursBudget: 100, GpuHoursCommitted: 0.5, GpuHoursUsed: 25,
    });
  });

  test('without a limit there is no budget', () => {
    expect(of('lab', share('lab', { used: { 'gres/gpu': 3600 }, limits: { 'gres/gpu': undefined } }))).toEqual({ FairShareFactor: 0.25, GpuHoursUsed: 1 });
  });

  test('of budgets of several types, the one counts that is nearest to its end', () => {
    const { BudgetUsedPercent: percent } = of('lab', share('lab', {
      used: { 'gres/gpu': 60 * 60, 'gres/gpu:h100': 90 * 60 }, limits: { 'gres/gpu': 600, 'gres/gpu:h100': 100 },
    }))!;
    expect(percent).toBe(90);
  });

  test('a budget of nothing is used up', () => {
    expect(of('lab', share('lab', { limits: { 'gres/gpu': 0 } }))).toMatchObject({ BudgetUsedPercent: 100, GpuHoursBudget: 0 });
  });

  test('more than the budget is more than all of it', () => {
    expect(of('lab', share('lab', { used: { 'gres/gpu': 7200 }, limits: { 'gres/gpu': 60 } }))).toMatchObject({ BudgetUsedPercent: 200 });
  });

  test('limits of other resources are no GPU budget', () => {
    expect(of('lab', share('lab', { used: { cpu: 60 }, limits: { cpu: 1 } }))).not.toHaveProperty('BudgetUsedPercent');
  });
});

describe('which accounts', () => {
  test('a user of the name of an account, or what an account has on one partition, isn\'t the account', () => {
    const [user, part, account] = [
      share('lab', { used: { 'gres/gpu': 1 }, type: ['USER'] }), share('lab', { used: { 'gres/gpu': 2 }, partition: 'gpu' }), share('lab', { used: { 'gres/gpu': 3600 } }),
    ];
    expect(of('lab', user, part, account)).toMatchObject({ GpuHoursUsed: 1 });
  });

  test('those that are asked for, and that Slurm has', () => {
    expect([...measure(answer(share('a'), share('b'), share('c')), ['c', 'nobody', 'a']).keys()]).toEqual(['c', 'a']);
  });
});

test.each<[string, object]>([
  ['nothing', {}], ['null', { shares: null }], ['a list in the wrong place', { shares: [] }], ['texts', { shares: { shares: ['a', 1, null] } }],
])('an answer with %s measures nothing', (_what, given) => {
  expect(measure(given as never, ['a']).size).toBe(0);
});

test.each([[null], ['12'], [{ set: true, number: 'x' }], [{ number: 5 }], [Infinity]])('%j is no number', value => {
  const odd = { ...share('a'), fairshare: { factor: value }, tres: { usage: [{ name: 'gres/gpu', value }], group_minutes: 'x', run_seconds: null } };
  expect(measure(answer(odd), ['a']).get('a')).toEqual({});
});
