/*
 * The same app in every language, each installed from the packages in dist/ as a user would and synthesized: the templates
 * have to be equal to the byte, with the hashes of their assets. So have those of the README's app, and of the research group's cluster,
 * which stand there in TypeScript and in Python. In Python, mistakes.py then makes mistakes, each of which has to be told. Expects `npm run package:all`, or makes the packages itself.
 *
 *   node test/languages/run.mjs [--only=python,java,go] [--package]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { firstDifference } from '../../scripts/lib/first-difference.mjs';
import { table } from '../../scripts/lib/table.mjs';
import { has } from '../../scripts/lib/tools.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const dist = join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const cdk = manifest.devDependencies['aws-cdk-lib'];
const go = 'github.com/cdk-hpc-clusters/cdk-hpc-clusters-go/cdkhpcclusters';

/** How each language installs the package and runs the app. Every one gets a copy of its example in an empty folder, and of the README's app. */
const LANGUAGES = {
  typescript: {
    tools: [],
    install: folder => {
      const tarball = only(join(dist, 'js'), /\.tgz$/);
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'parity', private: true }));
      const peers = ['aws-cdk-lib', 'constructs'].map(name => `${name}@${manifest.devDependencies[name]}`);
      run('npm', ['install', '--no-audit', '--no-fund', tarball, ...peers], folder);
      const compilerOptions = { strict: true, target: 'es2022', module: 'node16', moduleResolution: 'node16', types: [], skipLibCheck: true };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts', 'readme.ts', 'research.ts'] }));
      run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.'], folder);
    },
    app: () => ['node', ['app.js']],
    readme: { block: /^```ts nofixture\n([^]*?)^```/m, file: 'readme.ts', app: () => ['node', ['readme.js']] },
    research: { file: 'research.ts', app: () => ['node', ['research.js']] },
  },
  python: {
    tools: ['python3'],
    install: folder => {
      run('python3', ['-m', 'venv', 'venv'], folder);
      const links = ['--find-links', join(dist, 'python')];
      run(join(folder, 'venv', 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...links, '-r', 'requirements.txt'], folder);
    },
    app: folder => [join(folder, 'venv', 'bin', 'python'), ['app.py']],
    readme: { block: /^```python\n([^]*?)^```/m, file: 'readme.py', app: folder => [join(folder, 'venv', 'bin', 'python'), ['readme.py']] },
    research: { file: 'research.py', app: folder => [join(folder, 'venv', 'bin', 'python'), ['research.py']] },
    mistakes: folder => [join(folder, 'venv', 'bin', 'python'), [join(root, 'test', 'languages', 'mistakes.py')]],
  },
  java: {
    tools: ['mvn', 'java'],
    install: folder => { run('mvn', ['-q', '-B', ...maven(folder), 'compile'], folder); },
    app: folder => ['mvn', ['-q', '-B', ...maven(folder), 'exec:java']],
  },
  go: {
    tools: ['go'],
    install: folder => {
      run('go', ['mod', 'edit', `-replace=${go}=${join(dist, 'go', 'cdkhpcclusters')}`], folder);
      run('go', ['mod', 'tidy'], folder);
      run('go', ['build', '-o', 'parity', '.'], folder);
    },
    app: folder => [join(folder, 'parity'), []],
  },
};

/** The library comes from dist/ alone, never from what an earlier run left in the local repository. */
function maven(folder) {
  const cached = join(process.env.HOME ?? '', '.m2', 'repository', 'io', 'github', 'cdk-hpc-clusters');
  if (!existsSync(join(folder, 'target'))) { rmSync(cached, { recursive: true, force: true }); }
  return [`-Dcdk.version=${cdk}`, `-DcdkHpcClusters.repository=file://${join(dist, 'java')}`];
}

function only(folder, pattern) {
  const found = readdirSync(folder).filter(name => pattern.test(name));
  if (found.length !== 1) { throw new Error(`${folder} holds ${found.length} packages: run \`npm run package:all\``); }
  return join(folder, found[0]);
}

function run(command, args, cwd, env = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 1 << 26 });
  if (result.status !== 0) { throw new Error(`${command} ${args.join(' ')} failed\n${result.error ?? ''}${result.stdout}${result.stderr}`); }
  return result.stdout;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, package: { type: 'boolean' } } });
const wanted = ['typescript', ...(values.only?.split(',') ?? Object.keys(LANGUAGES)).filter(name => name !== 'typescript')];
if (values.package) {
  const targets = wanted.map(name => name === 'typescript' ? 'js' : name).join(',');
  run(process.execPath, [join(root, 'scripts', 'package-all.mjs'), `--only=${targets}`], root);
}
const work = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-languages-'));
const README = readFileSync(join(root, 'README.md'), 'utf8');
const silent = { CDK_VALIDATION: 'false', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
const rows = [];
/** The templates of TypeScript, by their stacks. */
const references = {};
let different = 0;
try {
  for (const name of wanted) {
    const { tools, install, app, readme, research, mistakes } = LANGUAGES[name];
    const missing = tools.filter(tool => !has(tool));
    if (missing.length > 0) {
      console.log(`SKIPPED: ${name}: this machine has no ${missing.join(', no ')}`);
      continue;
    }
    const folder = join(work, name);
    mkdirSync(folder);
    cpSync(join(root, 'examples', name, 'parity'), folder, { recursive: true });
    if (readme) { writeFileSync(join(folder, readme.file), readme.block.exec(README)[1]); }
    if (research) { cpSync(join(root, 'examples', name, 'research-group', `app${extname(research.file)}`), join(folder, research.file)); }
    const began = Date.now();
    install(folder);
    const installed = seconds(Date.now() - began);
    compare(name, 'Parity', app(folder), folder, installed);
    if (readme) { compare(name, 'Newcomer', readme.app(folder), folder, installed); }
    if (research) { compare(name, 'ResearchGroup', research.app(folder), folder, installed); }
    if (mistakes) {
      const [program, of] = mistakes(folder);
      console.log(run(program, of, folder, { ...silent, CDK_OUTDIR: join(folder, 'mistakes.out') }));
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(table(['language', 'stack', 'resources', 'bytes', 'template', 'install', 'synthesize'], rows));
process.exitCode = different > 0 ? 1 : 0;

/** Synthesizes an app, and compares the template of its stack with that of TypeScript. */
function compare(language, stack, [command, args], folder, installed) {
  const began = Date.now();
  run(command, args, folder, { ...silent, CDK_OUTDIR: join(folder, 'cdk.out') });
  const template = readFileSync(join(folder, 'cdk.out', `${stack}.template.json`), 'utf8');
  const resources = Object.keys(JSON.parse(template).Resources).length;
  const isReference = references[stack] === undefined;
  references[stack] ??= template;
  const equal = template === references[stack];
  if (!equal) {
    different++;
    console.log(`${stack} of ${language} differs from that of typescript:\n${firstDifference(references[stack], template)}`);
  }
  const verdict = isReference ? 'reference' : equal ? 'equal to the byte' : 'DIFFERENT';
  rows.push([language, stack, String(resources), String(template.length), verdict, installed, seconds(Date.now() - began)]);
}

function seconds(milliseconds) { return `${(milliseconds / 1000).toFixed(0)} s`; }
