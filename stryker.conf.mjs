// Mutation testing of one file: scripts/mutation.mjs starts Stryker for each file of a set, and names it in MUTATION_FILE.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Files of a folder, each with the tests that are to notice its mutants: those of its own name, and others that are named. */
function files(folder, tests, others) {
  return Object.entries(others).map(([name, also]) => ({
    file: `${folder}/${name}.ts`,
    tests: [name, ...also].flatMap(test => testFiles(`${tests}/${test}`)),
  }));
}

/** `folder/name` means the tests of a name, and those of its edges; `folder/*` all of a folder. */
function testFiles(path) {
  const folder = dirname(path);
  const name = basename(path) === '*' ? '.+' : `${basename(path)}(-.+)?`;
  const at = new URL(folder, import.meta.url);
  return (existsSync(at) ? readdirSync(at) : [])
    .filter(each => new RegExp(`^${name}\\.test\\.ts$`).test(each) && each !== 'coverage.test.ts') // about the jsii assembly, which isn't in the sandbox
    .map(each => `${folder}/${each}`);
}

const PURCHASES = ['../training-plan/purchase', '../training-plan/extension'];

export const SETS = {
  purchase: [
    ...files('lambda/spending', 'test/lambda/spending', {
      money: [],
      outcome: [],
      reason: [],
      reads: [],
      ledger: [],
      clock: [],
      limits: PURCHASES,
      answer: PURCHASES,
      spend: PURCHASES,
      run: PURCHASES,
      truth: PURCHASES,
      wait: ['../training-plan/wait', '../training-plan/extension-wait'],
    }),
    ...files('lambda/training-plans', 'test/lambda/training-plans', {
      tags: [],
      spec: [],
      blocks: ['choose', 'spec'],
      search: [],
      properties: [],
      choose: [],
      history: [],
    }),
    ...files('lambda/training-plan', 'test/lambda/training-plan', { 'wait': [], 'purchase': [], 'extension': [], 'extension-wait': [] }),
  ],
  'shared': files('lambda/shared', 'test/lambda', {
    'coerce': [],
    'deadline': [],
    'errors': [],
    'logger': [],
    'response': [],
    'reading': [],
    'lookups': [],
    'provider': [],
    'custom-resource': [],
  }),
  'lookups': [
    ...files('lambda/lookup', 'test/lambda', {
      'training-plan': ['lookup'],
      'selection': ['lookup'],
      'expectation': ['lookup'],
      'handler': ['lookup'],
    }),
    ...files('lambda/pcs-lookup', 'test/lambda/pcs-lookup', { fields: ['handler'], handler: [] }),
    ...files('lambda/hyperpod-lookup', 'test/lambda/hyperpod-lookup', {
      'cluster': [],
      'compute-quota': ['../compute-quota', 'handler'],
      'nodes': [],
      'output': [],
      'handler': [],
    }),
    ...files('lambda/offering-search', 'test/lambda/offering-search', { handler: [] }),
    ...files('lambda/plan-watch', 'test/lambda', { measure: ['plan-watch'], handler: ['plan-watch'] }),
  ],
  'compute-quota': files('lambda/compute-quota', 'test/lambda/compute-quota', { properties: [], handler: [] }),
  'node-operations': [
    ...files('lambda/node-operations', 'test/lambda/node-operations', {
      fault: [],
      guards: ['remediation/course'],
      nodes: [],
      operations: [],
      handler: ['operations'],
      state: ['remediation/course'],
      repair: [],
    }),
    ...files('lambda/node-operations/remediation', 'test/lambda/node-operations/remediation', {
      reports: ['course'],
      verdict: ['course'],
      incidents: ['course'],
      notices: ['course'],
      course: [],
    }),
  ],
  /* Without those of one service that are schemas (pcs, ec2, s3, ssm): tables, which tests hold to what goes over the wire. */
  'clients': files('lambda/clients', 'test/lambda/clients', {
    'training-plans': ['purchase-clients'],
    'records': ['purchase-clients'],
    'stack-reader': ['purchase-clients'],
    'compute-quotas': ['adapters'],
    'hyperpod-nodes': ['adapters'],
    'hyperpod-reader': ['adapters'],
    'sagemaker': ['adapters'],
    'pcs-reader': ['adapters'],
    'state-table': ['adapters'],
    'output-writer': ['adapters'],
    'read-config': ['adapters'],
    'schema-client': ['pcs', 'adapters'],
  }),
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
