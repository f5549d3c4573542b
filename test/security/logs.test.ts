import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { CARELESS, carelessBundle } from './fuzz/careless';
import { FAULTS } from './fuzz/faults';
import { Fuzzer, SCENARIOS, type Scenario } from './fuzz/fuzzer';
import { KINDS } from './fuzz/kinds';

/*
 * No secret comes to light, whatever goes wrong: the shipped bundles are called with secrets in all that they are given, and among
 * random faults, and what they log, answer, return and throw is searched for pieces of them. LOG_FUZZ_RUNS scenarios of each
 * function; LOG_FUZZ_SEED makes others.
 */
const RUNS = Number(process.env.LOG_FUZZ_RUNS ?? 30);
const SEED = Number(process.env.LOG_FUZZ_SEED ?? 1);

const ROOT = join(__dirname, '..', '..');
const FOLDERS = Object.keys(KINDS).sort();
const bundleOf = (kind: string) => join(ROOT, 'assets', kind, 'index.js');

/** A call in which nothing goes wrong. */
const QUIET: Scenario = { call: 0, faults: [], goesOn: false, uploads: [], url: 'as it is' };

jest.setTimeout(24 * 60 * 60_000);
beforeAll(() => {
  if (!existsSync(bundleOf('lookup'))) { throw new Error('no bundle to test: npm run bundle'); }
});

async function withFuzzer<T>(kind: string, bundle: string, work: (fuzzer: Fuzzer) => Promise<T>): Promise<T> {
  const fuzzer = await new Fuzzer(KINDS[kind], bundle).start();
  try {
    return await work(fuzzer);
  } finally {
    await fuzzer.stop();
  }
}

/** Plays random scenarios of a function until a secret comes to light: which, and in what scenario, as small as it can be. */
async function fuzz(fuzzer: Fuzzer, exported: string, numRuns: number, seed: number): Promise<string | undefined> {
  const property = fc.asyncProperty(SCENARIOS, async scenario => {
    const { leaks } = await fuzzer.play(exported, scenario);
    if (leaks.length > 0) { throw new Error(leaks.join(', ')); }
  });
  const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns, seed });
  if (!failed) { return undefined; }
  return `${(errorInstance as Error).message}: ${JSON.stringify(counterexample![0])}\n${JSON.stringify((await fuzzer.play(exported, counterexample![0])).texts)}`;
}

const met = new Set<string>();

/* All at once: most of the time is spent in waiting for virtual time to pass. */
const results = new Map<string, Promise<{ readonly exported: readonly string[]; readonly broken: string[]; readonly leaks: string[] }>>();
beforeAll(() => {
  for (const kind of Object.keys(KINDS)) {
    results.set(kind, withFuzzer(kind, bundleOf(kind), async fuzzer => {
      const exported = await fuzzer.functions();
      const [broken, leaks]: [string[], string[]] = [[], []];
      for (const [index, name] of Object.keys(KINDS[kind].functions).entries()) {
        const quiet = await fuzzer.play(name, QUIET);
        if (!fuzzer.succeeded(quiet)) { broken.push(`${name}: ${JSON.stringify(quiet.texts)}`); }
        const leak = await fuzz(fuzzer, name, RUNS, SEED * 1_000 + FOLDERS.indexOf(kind) * 10 + index);
        if (leak !== undefined) { leaks.push(`${name}: ${leak}`); }
      }
      fuzzer.met.forEach(fault => met.add(fault));
      return { exported, broken, leaks };
    }));
  }
});

describe.each(FOLDERS)('%s', kind => {
  test('has scenarios of each of its functions', async () => {
    const { exported } = await results.get(kind)!;
    expect(Object.keys(KINDS[kind].functions).sort()).toEqual([...exported].sort());
  });

  test('does its work where nothing goes wrong', async () => {
    const { broken } = await results.get(kind)!;
    expect(broken).toEqual([]);
  });

  test('keeps all secrets', async () => {
    const { leaks } = await results.get(kind)!;
    expect(leaks).toEqual([]);
  });
});

test('every fault was met', async () => {
  await Promise.all(results.values());
  const parts = new Set(Object.keys(FAULTS).flatMap(name => name.split(' with ')));
  expect([...parts].filter(part => !met.has(part))).toEqual([]);
});

describe('a bundle that is careless', () => {
  const folder = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'careless-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.keys(CARELESS))('%s is found out', async what => {
    const bundle = carelessBundle(join(folder, what.replaceAll(' ', '-')), 'lookup', CARELESS[what]);
    await withFuzzer('lookup', bundle, async fuzzer => {
      expect(fuzzer.succeeded(await fuzzer.play('handler', QUIET))).toBe(true);
      expect(await fuzz(fuzzer, 'handler', 400, SEED)).toMatch(/ in (the log|the answer|what it returned|its error)/);
    });
  });
});
