// Mutation testing of one file: scripts/mutation.mjs starts Stryker for each file of a set, and names it in MUTATION_FILE.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const at = path => new URL(path, import.meta.url);
const below = (folder, name) => (existsSync(at(folder)) ? readdirSync(at(folder), { recursive: true }) : [])
  .map(path => `${folder}/${path.replaceAll('\\', '/')}`).filter(path => name.test(path)).sort();

/** The tests of folders of lambda/, but for those that start a bundle or replace modules: see test/mutation/in-process.mjs. */
const testsOf = folders => folders.flatMap(folder => below(`test/${folder}`, /\.test\.ts$/))
  .filter(path => !/jest\.mock\(|node:child_process/.test(readFileSync(at(path), 'utf8')));

/** Files of folders, each with its tests: those of its own name, else all of the set. What runs at the start of a bundle has none. */
function filesOf(...folders) {
  const tests = testsOf(folders);
  return folders.flatMap(folder => below(folder, /(?<!\/index|\.d)\.ts$/)).map(file => {
    const own = tests.filter(test => dirname(test) === `test/${dirname(file)}` && basename(test).split('.')[0] === basename(file, '.ts'));
    return { file, tests: own.length > 0 ? own : tests };
  });
}

/** Where a fault costs money, or a node its jobs. */
export const SETS = {
  money: filesOf('lambda/spending', 'lambda/training-plans'),
  nodes: filesOf('lambda/hyperpod/node-operations'),
};

/** Where a run leaves what it found. */
export function reportOf(file) {
  return `.mutation/${file.replaceAll('/', '+')}.json`;
}

const file = process.env.MUTATION_FILE;

export default {
  mutate: [file],
  testRunner: 'in-process',
  plugins: ['./test/mutation/in-process.mjs'],
  inProcess: { tests: Object.values(SETS).flat().find(each => each.file === file)?.tests ?? [] },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 2),
  /* A busy machine is no test that notices. */
  timeoutMS: 15_000,
  timeoutFactor: 4,
  dryRunTimeoutMinutes: 15,
  tempDirName: '.mutation/sandbox',
  /* The sandbox is a copy: what no test of a set reads stays out of it. */
  ignorePatterns: [
    '/.mutation', '/.e2e', '/.conformance', '/dist', '/lib', '/docs', '/decisions', '/examples', 'cdk.out', '.jsii', '*.tgz', '.venv',
  ],
  reporters: ['json', 'clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: false },
  jsonReporter: { fileName: file ? reportOf(file) : '.mutation/report.json' },
  allowConsoleColors: false,
};
