// Holds test/constraints/extract.json, which CI compares with the code, to the models that it was made of:
// `npm run constraints [-- --update | --newest]`.
//
// Without a flag, the extract must be that of the pinned botocore and cfn-lint (test/conformance/requirements.txt). --update makes it anew.
// --newest compares it with the newest versions that the package index has: what has changed is printed, and fails unless it is no more
// than new values in long lists, such as instance types. Needs Python; the table of what we make of each constraint, and the tests, don't.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, extract, stringify } from './lib/constraints.mjs';
import { findPython, virtualPython } from '../test/e2e/python.mjs';
import { supervised } from '../test/e2e/processes.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const WORK = join(ROOT, '.conformance');
const FILE = join(ROOT, 'test', 'constraints', 'extract.json');

const { values: options } = parseArgs({
  options: { 'update': { type: 'boolean' }, 'newest': { type: 'boolean' }, 'skip-without-python': { type: 'boolean' } },
});

/** The folder that has the packages: that of the pinned ones, or one with the newest. */
function packages(python) {
  if (!options.newest) {
    return execFileSync(python, ['-c', 'import botocore, os; print(os.path.dirname(os.path.dirname(botocore.__file__)))'], { encoding: 'utf8' }).trim();
  }
  const folder = join(WORK, 'newest');
  rmSync(folder, { recursive: true, force: true });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--target', folder, 'botocore', 'cfn-lint'], { stdio: 'inherit' });
  return folder;
}

function read(folder) {
  const version = name => readdirSync(folder).map(entry => new RegExp(`^${name}-(.*)\\.dist-info$`).exec(entry)?.[1]).find(Boolean);
  const schemas = join(folder, 'cfnlint', 'data', 'schemas');
  const { schema_date: date } = JSON.parse(readFileSync(join(schemas, 'version.json'), 'utf8'));
  const models = { 'botocore': version('botocore'), 'cfn-lint': version('cfn_lint'), 'schemas': date.slice(0, 10) };
  return { models, ...extract({ botocore: join(folder, 'botocore', 'data'), schemas }) };
}

async function main() {
  if (options['skip-without-python'] && findPython() === undefined) {
    console.log('SKIPPED: constraints (no python3)');
    return;
  }
  const requirements = join(ROOT, 'test', 'conformance', 'requirements.txt');
  const found = read(packages(await virtualPython(WORK, requirements, { what: 'the models', purpose: 'The walk through the models' })));
  const { models } = found;
  console.log(`botocore ${models.botocore}, cfn-lint ${models['cfn-lint']} with schemas of ${models.schemas}`);
  if (options.update) {
    writeFileSync(FILE, stringify(found));
    return;
  }
  const committed = JSON.parse(readFileSync(FILE, 'utf8'));
  const { lines, notes } = compare(committed, found);
  [...lines, ...notes].forEach(line => console.log(`  ${line}`));
  if (!options.newest && stringify(found) !== stringify(committed)) { throw new Error('the extract is not that of the pinned models: npm run constraints -- --update'); }
  if (lines.length > 0) {
    throw new Error(`${lines.length} constraints differ from ${FILE}: raise the pins in test/conformance/requirements.in, update, and say in test/constraints what is made of each`);
  }
  console.log(`no constraint differs from those of botocore ${committed.models.botocore} and cfn-lint ${committed.models['cfn-lint']}`);
}

await supervised(main, () => {});
