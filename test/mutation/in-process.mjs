/*
 * A test runner for Stryker that loads the tests of a file once and then runs, for each mutant, the tests that reach it, in the same
 * process. Jest loads every test file, and with it aws-cdk-lib, anew for each mutant: seconds instead of milliseconds.
 *
 * It has what our unit tests use of Jest: `describe`, `test`, `each`, hooks, `expect`, spies and fake timers. Tests that replace modules
 * need Jest itself, and can't be among those of a set.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { format } from 'node:util';

const require = createRequire(import.meta.url);
const Module = require('node:module');
const { expect } = require('expect');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { transformSync } = require('@swc/core');
const [[, SWC]] = Object.values(require('../../jest.config.json').transform);

/** What Stryker's instrumented code looks at. */
const stryker = globalThis.__stryker__ ??= {};

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {} } });
const transformed = new Map();
const now = performance.now.bind(performance); // the clock that no test replaces

class InProcessRunner {
  /** The tests that noticed a mutant, the last one last. They come first: the next mutant is often one that they notice, too. */
  noticers = new Set();

  constructor(options) {
    this.files = options.inProcess.tests;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.root = process.cwd();
    this.scratch = process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'mutation-'));
    installTypeScript(join(this.root, 'src'));
    process.on('uncaughtException', error => interrupt(error));
    Object.assign(globalThis, { ...GLOBALS, expect });
  }

  async dryRun() {
    this.load();
    const results = await this.run(this.tests, false);
    return {
      status: 'complete',
      tests: results.map(({ test, error, milliseconds }) => ({
        id: test.id, name: test.id, fileName: test.file, timeSpentMs: milliseconds, ...error ? { status: 1, failureMessage: textOf(error) } : { status: 0 },
      })),
      mutantCoverage: stryker.mutantCoverage,
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, reloadEnvironment, mutantActivation, disableBail }) {
    stryker.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    Object.assign(stryker, { hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
    try {
      if (reloadEnvironment || !this.tests) { this.load(); }
      stryker.activeMutant = activeMutant.id;
      const wanted = testFilter && new Set(testFilter);
      const ranks = new Map([...this.noticers].map((id, rank) => [id, -rank - 1]));
      const tests = this.tests.filter(({ id }) => !wanted || wanted.has(id))
        .sort((a, b) => (ranks.get(a.id) ?? 0) - (ranks.get(b.id) ?? 0));
      const results = await this.run(tests, !disableBail);
      if (stryker.hitCount > hitLimit) { return { status: 'timeout', reason: 'it goes round and round' }; }
      const failed = results.filter(({ error }) => error);
      await this.learn(failed);
      return failed.length === 0
        ? { status: 'survived', nrOfTests: results.length }
        : { status: 'killed', killedBy: failed.map(({ test }) => test.id), failureMessage: textOf(failed[0].error), nrOfTests: results.length };
    } catch (error) {
      this.tests = undefined;
      return { status: 'error', errorMessage: textOf(error) };
    } finally {
      stryker.activeMutant = undefined;
      /* Each app leaves its assembly: hundreds of thousands would fill the disk. */
      for (const name of readdirSync(this.scratch).filter(each => each.startsWith('cdk.out'))) { rmSync(join(this.scratch, name), { recursive: true }); }
    }
  }

  async dispose() {
    if (this.scratch) { rmSync(this.scratch, { recursive: true, force: true }); }
  }

  /** What noticed a mutant comes first for the next one, and has to pass without it: else the mutant has spoiled what modules keep. */
  async learn(failed) {
    stryker.activeMutant = undefined;
    for (const { test } of failed) {
      this.noticers.delete(test.id);
      this.noticers.add(test.id);
      const [{ error }] = await this.run([test], true);
      if (error) { this.tests = undefined; }
    }
  }

  /** Loads the tests, and with them all that is ours: a mutant of what runs at load has to be there then. */
  load() {
    for (const path of Object.keys(require.cache)) {
      if (path.startsWith(this.root) && !path.includes('/node_modules/')) { delete require.cache[path]; }
    }
    require(join(this.root, 'test', 'setup.ts'));
    this.tests = this.files.flatMap(file => collect(relative(this.root, join(this.root, file)), () => require(join(this.root, file))));
  }

  async run(tests, bail) {
    const results = [];
    const begun = [];
    const leave = async ({ length }) => {
      while (begun.length > length) {
        for (const hook of begun.pop().afterAll) { await hook(); }
      }
    };
    for (const test of tests) {
      const started = now();
      let error;
      try {
        await leave(begun.filter((suite, depth) => test.suites[depth] === suite));
        for (const suite of test.suites.slice(begun.length)) {
          begun.push(suite);
          for (const hook of suite.beforeAll) { await hook(); }
        }
        stryker.currentTestId = test.id;
        mocker.clearAllMocks();
        await Promise.race([perform(test), new Promise((_, reject) => { interrupt = reject; })]);
      } catch (thrown) {
        error = thrown ?? new Error('thrown: nothing');
      } finally {
        stryker.currentTestId = undefined;
      }
      results.push({ test, error, milliseconds: now() - started });
      if (error && bail) { break; }
    }
    await leave([]);
    return results;
  }
}

/** Ends the test that runs, for an error that nobody awaits. */
let interrupt = () => undefined;

async function perform({ suites, work }) {
  try {
    for (const hook of suites.flatMap(suite => suite.beforeEach)) { await hook(); }
    await work();
  } finally {
    for (const hook of [...suites].reverse().flatMap(suite => suite.afterEach)) { await hook(); }
  }
}

/** The suites around what is being collected, from the file inwards. */
let suites = [];
let collected = [];
let current = '';

function collect(file, load) {
  [suites, collected, current] = [[suite(file)], [], file];
  load();
  return collected;
}

function suite(name) {
  return { name, beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] };
}

function describe(name, body) {
  suites = [...suites, suite(name)];
  try { body(); } finally { suites = suites.slice(0, -1); }
}

/** Ids are numbered: names may come twice. */
function test(name, work) {
  collected.push({ id: `${suites.map(each => each.name).join(' ')} ${name} #${collected.length}`, file: current, suites, work });
}

function each(add) {
  return table => (name, body) => (table.every(Array.isArray) ? table : table.map(value => [value])).forEach(values => {
    add(format(name, ...values), () => body(...values));
  });
}

const hook = kind => work => { suites.at(-1)[kind].push(work); };

const GLOBALS = {
  describe: Object.assign(describe, { each: each(describe) }),
  test: Object.assign(test, { each: each(test), skip: () => undefined }),
  beforeAll: hook('beforeAll'),
  beforeEach: hook('beforeEach'),
  afterEach: hook('afterEach'),
  afterAll: hook('afterAll'),
  jest: {
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
    useFakeTimers: timers.useFakeTimers.bind(timers),
    useRealTimers: timers.useRealTimers.bind(timers),
    setSystemTime: timers.setSystemTime.bind(timers),
    getTimerCount: timers.getTimerCount.bind(timers),
    clearAllTimers: timers.clearAllTimers.bind(timers),
    advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
    advanceTimersToNextTimerAsync: timers.advanceTimersToNextTimerAsync.bind(timers),
    advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
    mocked: mock => mock,
    requireActual: require,
    setTimeout: () => undefined,
  },
};

/** TypeScript as the Jest configuration has it. */
function installTypeScript(library) {
  Module._extensions['.ts'] = (module, filename) => {
    if (!transformed.has(filename)) {
      const { code } = transformSync(require('node:fs').readFileSync(filename, 'utf8'), {
        filename, sourceMaps: false, module: { type: 'commonjs' }, ...SWC,
      });
      transformed.set(filename, code);
    }
    module._compile(transformed.get(filename), filename);
  };
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (name, ...others) { return resolve.call(this, name === 'cdk-hpc-clusters' ? library : name, ...others); };
}

function textOf(error) {
  return String(error?.stack ?? error);
}

InProcessRunner.inject = ['options'];

/** The option that is ours: the tests that are to notice the mutants. */
export const strykerValidationSchema = {
  properties: { inProcess: { type: 'object', properties: { tests: { type: 'array', items: { type: 'string' } } } } },
};

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
