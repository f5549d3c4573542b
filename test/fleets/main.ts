import { campaign, table } from './campaign';

/*
 * npm run fleets -- --fleets 100000 --seed 1: random fleets under remediation, with an exit code for those that break an invariant.
 * npm run fleets -- --seed 1 --only 4711: the fleet of seed 1 with this index, as it lives among the others.
 */
const option = (name: string): number | undefined => {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? undefined : Number(process.argv[index + 1]);
};

async function main(): Promise<void> {
  const started = Date.now();
  const only = option('only');
  const figures = await campaign(option('fleets') ?? (only === undefined ? 10_000 : only + 1), option('seed') ?? 1, {
    only,
    violation: (seed, broken) => process.stderr.write(`seed ${seed}: ${broken.join(' | ')}\n`),
    report: ({ fleets, violations }) => process.stderr.write(`${fleets} fleets, ${violations.length} violations, ${Math.round((Date.now() - started) / 1000)} s\n`),
  });
  process.stdout.write(`${table(figures)}\n${Math.round((Date.now() - started) / 1000)} s\n`);
  process.exitCode = figures.violations.length > 0 ? 1 : 0;
}

void main();
