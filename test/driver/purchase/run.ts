import * as fc from 'fast-check';
import { Campaign, Violation, type Kind } from './campaign';
import * as extensions from './random-extensions';
import * as purchases from './random-purchases';
import { tableOf } from './table';

/*
 * Random schedules at length, in plain node: `npm run spending`, which bundles this. Each schedule is a function of kind, seed and number.
 */

const KINDS: Readonly<Record<string, Kind<any>>> = { purchases: purchases.KIND, extensions: extensions.KIND };

/** The violations that are printed whole. */
const SHOWN = 3;

async function main(): Promise<number> {
  const { kind = 'purchases', schedules = '10000', seed = '1', table = 'true', only } = options(process.argv.slice(2));
  if (!Object.hasOwn(KINDS, kind)) { throw new Error(`--kind must be one of ${Object.keys(KINDS).join(', ')}`); }
  Error.stackTraceLimit = 0; // stacks take a third of the time
  const campaign = new Campaign<any>(KINDS[kind], Number(schedules), Number(seed));
  const started = Date.now();
  const found: string[] = [];
  await campaign.run(async (random, number) => {
    if (only !== undefined && Number(only) !== number) {
      campaign.played++;
      return;
    }
    const [schedule] = fc.sample(random, { numRuns: 1, seed: number });
    try {
      await campaign.play(schedule);
    } catch (error) {
      if (!(error instanceof Violation)) { campaign.played++; }
      found.push(`schedule ${number}: ${JSON.stringify(schedule)}\n${error instanceof Violation ? error.message : String((error as Error).stack)}`);
      process.stdout.write(`VIOLATION ${found.length}: ${found.at(-1)!.split('\n').slice(0, found.length > SHOWN ? 2 : Infinity).join('\n')}\n`);
    }
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  if (table === 'true') { process.stdout.write(tableOf(KINDS[kind].points, campaign)); }
  process.stdout.write(`${kind}: ${campaign.played} schedules, seed ${seed}, ${campaign.faulty} with a fault, ${campaign.compared} answers compared, `
    + `${found.length} violations, ${seconds} s\n`);
  return found.length;
}

/** Reads `--name value`. */
function options(given: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(given.flatMap((name, index) => (name.startsWith('--') ? [[name.slice(2), given[index + 1]]] : [])));
}

main().then(violations => { process.exitCode = violations > 0 ? 1 : 0; }, (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
