import { campaign, table } from './campaign';

/* npm run fleets -- --fleets 100000 --seed 1: random fleets under remediation, with an exit code for those that break an invariant. */
const option = (name: string, otherwise: number): number => {
  const index = process.argv.indexOf(`--${name}`);
  return index < 0 ? otherwise : Number(process.argv[index + 1]);
};

async function main(): Promise<void> {
  const started = Date.now();
  const figures = await campaign(option('fleets', 10_000), option('seed', 1), {
    violation: (seed, broken) => process.stderr.write(`seed ${seed}: ${broken.join(' | ')}\n`),
    report: ({ fleets, violations }) => process.stderr.write(`${fleets} fleets, ${violations.length} violations, ${Math.round((Date.now() - started) / 1000)} s\n`),
  });
  process.stdout.write(`${table(figures)}\n${Math.round((Date.now() - started) / 1000)} s\n`);
  process.exitCode = figures.violations.length > 0 ? 1 : 0;
}

void main();
