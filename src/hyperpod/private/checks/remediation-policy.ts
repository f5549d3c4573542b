import type { Duration } from 'aws-cdk-lib';
import type { Window } from '../../../private/contracts/node-operations';
import { isConcrete, type Problems } from '../../../private/problems';
import type { MaintenanceWindow } from '../../nodes/vocabulary/node-remediation-policy';
import { RULES } from '../rules';

/** Checks a number of nodes. */
export function checkCount(problems: Problems, property: string, count: number | undefined): void {
  if (isConcrete(count) && !(Number.isInteger(count) && count >= 1)) { problems.add(RULES.repairLimit, { property, got: count }); }
}

/** Checks a part of a group. */
export function checkPercent(problems: Problems, property: string, percent: number | undefined): void {
  if (isConcrete(percent) && !(percent >= 1 && percent <= 100)) { problems.add(RULES.repairPercent, { property, got: percent }); }
}

/** Checks how long nodes are waited for, and how often they are looked at meanwhile. */
export function checkWaits(problems: Problems, poll: Duration, waits: Record<string, Duration>): void {
  if (!poll.isUnresolved() && poll.toSeconds() < 60) { problems.add(RULES.repairWait, { property: 'pollInterval', got: `${poll.toSeconds()} s` }); }
  for (const [property, wait] of Object.entries(waits)) {
    if (wait.isUnresolved() || poll.isUnresolved()) { continue; }
    if (wait.toSeconds() < 60 || wait.toSeconds() < poll.toSeconds()) {
      problems.add(RULES.repairWait, { property, got: `${wait.toSeconds()} s` });
    }
  }
}

const MEMORY_DAYS = 30;

/** Checks what a remediation has to remember, whose table forgets. */
export function checkMemory(problems: Problems, spans: Record<string, Duration>): void {
  for (const [property, span] of Object.entries(spans)) {
    if (!span.isUnresolved() && span.toDays({ integral: false }) > MEMORY_DAYS) {
      problems.add(RULES.remediationMemory, { property, got: `${span.toDays({ integral: false })} days` });
    }
  }
}

const START = /^([01][0-9]|2[0-3]):([0-5][0-9])$/;
const WEEK_MINUTES = 7 * 24 * 60;

/** Checks maintenance windows. */
export function checkWindows(problems: Problems, windows: readonly MaintenanceWindow[]): void {
  windows.forEach(({ start, duration, days }, index) => {
    const property = `maintenanceWindows[${index}]`;
    if (!START.test(start)) { problems.add(RULES.windowStart, { property: `${property}.start`, got: start }); }
    const minutes = duration.toMinutes({ integral: false });
    if (!(minutes >= 1 && minutes <= WEEK_MINUTES)) { problems.add(RULES.windowLength, { property: `${property}.duration`, got: `${minutes} minutes` }); }
    if (days?.length === 0) { problems.add(RULES.windowDays, { property: `${property}.days`, got: days }); }
  });
}

/** A maintenance window as the function knows it. */
export function renderWindow({ start, duration, days }: MaintenanceWindow): Window {
  const [, hour, minute] = START.exec(start)!;
  return {
    Days: [...new Set(days ?? [0, 1, 2, 3, 4, 5, 6])].sort(),
    StartMinute: Number(hour) * 60 + Number(minute),
    Minutes: duration.toMinutes({ integral: false }),
  };
}
