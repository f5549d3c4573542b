import type { Campaign } from './campaign';
import { FAULT_KINDS } from './faults';
import { kindsAt } from './random';

type Counts = Pick<Campaign<never>, 'played' | 'faulty' | 'compared' | 'met'>;

/** How often each fault met each point, as text. */
export function tableOf(points: readonly string[], counts: Counts): string {
  const { played, faulty, compared } = counts;
  const kinds = FAULT_KINDS.map(kind => kind.replace('-after', '+').slice(0, 9).padStart(9));
  const rows = points.map(point => [point.padEnd(44), ...FAULT_KINDS.map(kind => {
    return (kindsAt(point).includes(kind) ? String(counts.met({ point, kind })) : '').padStart(9);
  })].join(' '));
  return `${played} schedules, ${faulty} with a fault (+: after the effect), ${compared} answers compared with the truth\n`
    + `${[''.padEnd(44), ...kinds].join(' ')}\n${rows.join('\n')}\n`;
}
