// Asks judges that aren't ours about what the library makes: `npm run conformance [-- --skip-without-python] [--apps N] [--write]`.
//
// - cfn-lint reads the templates of all examples and of generated apps;
// - aws-cdk-lib's own validation reads them, too;
// - the models of the services, from botocore, judge every request that handlers make in the tests, every answer of the fake, and
//   the requests that CloudFormation would make for the properties of generated apps.
//
// Prints a table; --write puts it into docs/conformance.md. In CI nothing need run twice:
// --validated FOLDER has the examples' templates that `npm run validate -- --keep FOLDER` found to be right; --models FILE writes
// where the models are, for AWS_SERVICE_MODELS, and ends; --judged FILE is what AWS_SERVICE_MODELS_LOG has when all tests have run.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keepTemplates, newestVersion, ofEachExample, synthesize } from './lib/examples.mjs';
import { table } from './lib/table.mjs';
import { supervised } from '../test/e2e/processes.mjs';
import { findPython, virtualPython } from '../test/e2e/python.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const WORK = join(ROOT, '.conformance');
const DOCUMENT = join(ROOT, 'docs', 'conformance.md');
const SUITES = ['test/aws', 'test/driver', 'test/lambda/clients', 'test/lambda/hyperpod/node-operations', 'test/security', 'test/generated'];

/** What cfn-lint says and we leave as it is: the rule, its words, and why. */
const ACCEPTED = [
  {
    rule: 'W3005',
    message: /^'\w*Role[0-9A-F]{8}' dependency already enforced by a 'GetAtt' at 'Resources\/\w+\/Properties\/Role(Arn)?(\/|')/,
    reason: 'aws-cdk-lib lets every function and state machine depend on its role, which it names anyway',
  },
];

const { values: options } = parseArgs({
  options: {
    'skip-without-python': { type: 'boolean' },
    'apps': { type: 'string', default: '20' },
    'write': { type: 'boolean' },
    'validated': { type: 'string' },
    'models': { type: 'string' },
    'judged': { type: 'string' },
  },
});

const started = Date.now();

/** Rows of the table: the judge, what it judged, how much of it, and what it found. */
const rows = [];
const wrong = [];

function finding(text) {
  wrong.push(text);
  console.log(`  ${text}`);
}

/** A wrong template first: a linter that finds nothing in it isn't there. */
function lint(python, folder) {
  const program = join(dirname(python), 'cfn-lint');
  const version = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  const run = (...files) => {
    const { stdout, stderr } = spawnSync(program, ['--format', 'json', '--regions', 'us-east-1', '--', ...files], { encoding: 'utf8', maxBuffer: 1 << 28 });
    try {
      return JSON.parse(stdout || '[]');
    } catch {
      throw new Error(`cfn-lint failed: ${stdout}${stderr}`);
    }
  };
  const bad = join(WORK, 'wrong.json');
  writeFileSync(bad, JSON.stringify({ Resources: { Queue: { Type: 'AWS::PCS::Queue', Properties: { ClusterId: 'pcs_x', NoSuchProperty: 1 } } } }));
  if (!run(bad).some(({ Message }) => Message.includes('NoSuchProperty'))) { throw new Error('cfn-lint accepts a property that does not exist'); }

  const templates = readdirSync(folder).map(name => join(folder, name));
  let accepted = 0;
  for (const { Rule, Level, Filename, Location, Message } of run(...templates)) {
    const path = Location.Path.join('/');
    if (ACCEPTED.some(one => one.rule === Rule.Id && one.message.test(Message))) { accepted++; continue; }
    finding(`${Level} ${Rule.Id} in ${Filename.slice(folder.length + 1)} at ${path}: ${Message}`);
  }
  rows.push([version, 'templates', templates.length, `${accepted} findings accepted, by name`]);
}

/** The templates of examples and generated apps, in one folder; what aws-cdk-lib's validation says of them. */
async function templates(folder, apps) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  const report = ({ name, report: found, stacks, printed }) => {
    if (!found) { throw new Error(`${name}: no validation report was written\n${printed}`); }
    found.pluginReports.flatMap(plugin => plugin.violations ?? []).forEach(violation => finding(`${name}: ${JSON.stringify(violation)}`));
    keepTemplates(folder, name, stacks);
    count += stacks.length;
  };
  if (options.validated === undefined) {
    (await ofEachExample(name => synthesize(name, { validation: true }))).forEach(report);
  } else {
    cpSync(options.validated, folder, { recursive: true });
    count = readdirSync(folder).length;
  }
  const examples = count;
  report(await synthesize('generated', {
    validation: true, app: { folder: ROOT, command: `npx ts-node --transpile-only --project test/tsconfig.json test/generated/app.ts ${apps}` },
  }));
  rows.push([`aws-cdk-lib ${newestVersion()}, its validation`, 'templates', count, `${examples} of examples, ${count - examples} of generated apps`]);
}

/** Where the models of the services are, and of which version. */
function serviceModels(python) {
  const find = 'import botocore, os; print(botocore.__version__, os.path.join(os.path.dirname(botocore.__file__), "data"))';
  const [version, folder] = execFileSync(python, ['-c', find], { encoding: 'utf8' }).trim().split(' ');
  return { version, folder };
}

/** Runs the tests in which handlers meet the fake, with the models switched on. Returns the file that says what was judged. */
function runTests(models, apps) {
  const log = join(WORK, 'judgements.jsonl');
  rmSync(log, { force: true });
  const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'jest'), [...SUITES, '--silent', '--reporters=default'], {
    cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, AWS_SERVICE_MODELS: models, AWS_SERVICE_MODELS_LOG: log, GENERATED_APPS: apps, NODE_NO_WARNINGS: '1' },
  });
  if (status !== 0) { finding('tests failed with the models on'); }
  return log;
}

/** What the models of the services said of each request, by service. */
function requests(version, log) {
  const judged = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(line => JSON.parse(line)) : [];
  if (judged.length === 0) { throw new Error('no request was judged'); }
  for (const { service, operation, findings, test } of judged.filter(({ verdict }) => verdict === 'defect')) {
    finding(`${service} ${operation}, in "${test}": ${findings.join('; ')}`);
  }
  for (const service of [...new Set(judged.map(one => one.service))].sort()) {
    const of = judged.filter(one => one.service === service);
    const number = verdict => of.filter(one => one.verdict === verdict).length;
    const operations = new Set(of.map(({ operation }) => operation)).size;
    rows.push([`botocore ${version}, ${service}`, 'requests', number('accepted') + number('refused'), `${operations} operations, ${number('refused')} refused on purpose, ${number('defect')} defects`]);
  }
}

function write() {
  const head = ['judge', 'judged', 'number', 'found'];
  const lines = [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`);
  const text = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(DOCUMENT, text.replace(/(<!-- table -->\n)[^]*?(<!-- end of table -->)/, `$1\n${lines.join('\n')}\n\n$2`));
}

async function main() {
  if (options['skip-without-python'] && findPython() === undefined) {
    console.log('SKIPPED: conformance (no python3)');
    return;
  }
  const python = await virtualPython(WORK, join(ROOT, 'test', 'conformance', 'requirements.txt'), { what: 'the judges', purpose: 'The conformance run' });
  const models = serviceModels(python);
  if (options.models !== undefined) {
    writeFileSync(options.models, models.folder);
    return;
  }
  const folder = join(WORK, 'templates');
  const clock = () => ((Date.now() - started) / 1_000).toFixed(0).padStart(4);
  console.log('Synthesizing examples and generated apps, with aws-cdk-lib\'s validation');
  await templates(folder, options.apps);
  console.log(`${clock()} s: linting templates`);
  lint(python, folder);
  if (options.judged === undefined) {
    console.log(`${clock()} s: running the handlers' tests with the service models on`);
  }
  requests(models.version, options.judged ?? runTests(models.folder, options.apps));
  console.log(`${clock()} s: done`);
  console.log(`\n${table(['judge', 'judged', 'number', 'found'], rows)}\n`);
  ACCEPTED.forEach(({ rule, reason }) => console.log(`  ${rule} is accepted: ${reason}`));
  if (wrong.length > 0) { throw new Error(`${wrong.length} findings, see above`); }
  if (options.write) { write(); }
}

await supervised(main, () => {});
