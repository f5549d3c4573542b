import type { UsageMetric } from '../../../src/private/contracts/pcs-usage';
import { asObject, listOf, type SlurmAnswer } from '../../clients/slurm-rest';

const SECONDS = 3_600;
const MINUTES = 60;
const GPU = 'gres/gpu';

/** What can be measured of one account. */
export type Measured = Partial<Record<UsageMetric, number>>;

/**
 * What Slurm says of accounts by `shares`: what slurmctld holds limits against. An account is an association without a user; those that
 * Slurm doesn't have are left out.
 */
export function measure(answer: SlurmAnswer, accounts: readonly string[]): Map<string, Measured> {
  const shares = listOf(asObject(answer.shares).shares).map(asObject).filter(({ type }) => !listOf(type).includes('USER'));
  const measured = new Map<string, Measured>();
  for (const name of accounts) {
    const share = shares.find(({ name: found, partition }) => found === name && !partition);
    if (share) { measured.set(name, measureOne(share)); }
  }
  return measured;
}

function measureOne(share: SlurmAnswer): Measured {
  const tres = asObject(share.tres);
  const [used, committed, limits] = [numbersOf(tres.usage), numbersOf(tres.run_seconds), numbersOf(tres.group_minutes)];
  const gpuLimits = [...limits].filter(([name]) => name === GPU || name.startsWith(`${GPU}:`));
  const percents = gpuLimits.map(([name, minutes]) => minutes > 0 ? 100 * ((used.get(name) ?? 0) / MINUTES) / minutes : 100);
  const all = limits.get(GPU);
  return withoutGaps({
    BudgetUsedPercent: percents.length === 0 ? undefined : Math.max(...percents),
    CpuHoursUsed: hours(used.get('cpu')),
    FairShareFactor: numberOf(asObject(share.fairshare).factor),
    GpuHoursBudget: all === undefined ? undefined : all / MINUTES,
    GpuHoursCommitted: hours(committed.get(GPU)),
    GpuHoursUsed: hours(used.get(GPU)),
  });
}

function withoutGaps(values: Readonly<Record<UsageMetric, number | undefined>>): Measured {
  const known = Object.entries(values).filter((entry): entry is [UsageMetric, number] => entry[1] !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, Math.round(value * 1_000) / 1_000]));
}

function hours(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds / SECONDS;
}

/** A list of trackable resources, by their names. Those without a number, as where there is no limit, are left out. */
function numbersOf(list: unknown): Map<string, number> {
  const entries = listOf(list).map(asObject).map(({ name, value }) => [String(name).toLowerCase(), numberOf(value)] as const);
  return new Map(entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined));
}

/** A number as Slurm writes it: bare, or beside whether it is set and whether it is without end. */
function numberOf(value: unknown): number | undefined {
  const { set, infinite, number } = asObject(value);
  const found = typeof value === 'number' ? value : set === true && infinite !== true ? number : undefined;
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}
