const DRY_RUNS = new WeakSet<object>();

/** Notes a training plan that nobody buys, and which therefore has no ARN. */
export function noteDryRun(plan: object): void {
  DRY_RUNS.add(plan);
}

/** Whether a training plan is one that nobody buys. Its users say so themselves, and name both it and them. */
export function isDryRun(plan: object): boolean {
  return DRY_RUNS.has(plan);
}
