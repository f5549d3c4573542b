// Mutation testing of one file: scripts/mutation.mjs starts Stryker for each file of a set, and names it in MUTATION_FILE.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Files of a folder, each with the tests that are to notice its mutants: those of its own name, and others that are named. */
function files(folder, tests, others) {
  return Object.entries(others).map(([name, more]) => ({
    file: `${folder}/${name}.ts`,
    tests: [name, ...more].map(test => `${tests}/${test}{,-*}.test.ts`),
  }));
}

const PLAN = 'test/lambda/training-plan';

export const SETS = {
  purchase: files('lambda/training-plan', PLAN, {
    money: [],
    tags: [],
    outcome: [],
    reason: [],
    reads: [],
    spec: [],
    blocks: ['choose', 'spec'],
    search: [],
    properties: [],
    choose: [],
    ledger: [],
    'wait': [],
    'history': [],
    'spending': ['purchase', 'extension'],
    'purchase': [],
    'extension': [],
    'extension-wait': [],
  }),
  shared: files('lambda/shared', 'test/lambda', {
    'coerce': [],
    'deadline': [],
    'errors': [],
    'logger': [],
    'custom-resource': [],
    'response': [],
    'reading': ['training-plan'],
    'lookups': ['training-plan'],
    'provider': ['compute-quota'],
  }),
  validation: [
    ...files('src/hyperpod/private', 'test', {
      'validation': ['rules/hyperpod', 'hyperpod/*'],
      'group-checks': ['rules/hyperpod', 'hyperpod/*'],
      'capacity': ['rules/hyperpod', 'hyperpod/*'],
      'layouts': ['rules/hyperpod', 'hyperpod/*'],
    }),
    ...files('src/training-plans/private', 'test', {
      'validation': ['rules/trainingPlans', 'training-plans/*'],
      'offering-checks': ['rules/trainingPlans', 'training-plans/*'],
    }),
  ],
  catalogue: files('src/hyperpod/private', 'test', {
    'mig': ['rules/hyperpod', 'hyperpod/*'],
    'mig-chart': ['rules/hyperpod', 'hyperpod/*'],
    'instance-facts': ['rules/hyperpod', 'hyperpod/*'],
  }),
  'node-operations': files('lambda/node-operations', 'test/lambda/node-operations', {
    fault: [],
    guards: [],
  }),
};

/** Where a run leaves what it found. */
export function reportOf(file) {
  return `.mutation/${file.replaceAll('/', '+')}.json`;
}

const file = process.env.MUTATION_FILE;
const { tests } = Object.values(SETS).flat().find(each => each.file === file) ?? { tests: [] };
const { reporters: _, '//': __, ...jest } = JSON.parse(readFileSync(new URL('jest.config.json', import.meta.url), 'utf8'));

export default {
  mutate: [file],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: {
    projectType: 'custom',
    /* jest looks for tests anew for each mutant: only where they are. */
    config: {
      ...jest,
      roots: [...new Set(tests.map(glob => `<rootDir>/${dirname(glob)}`))],
      testMatch: tests.map(glob => `<rootDir>/${glob}`),
      testPathIgnorePatterns: [...jest.testPathIgnorePatterns, 'coverage\\.test\\.ts$'], // about the jsii assembly, which isn't in the sandbox
    },
    enableFindRelatedTests: false, // the tests are named
  },
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
