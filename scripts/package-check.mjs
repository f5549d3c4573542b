/*
 * Opens the packed tarball and uses it as a newcomer would: installed in an empty folder with its peers, a small app is
 * type-checked and synthesized (the one of the README), and the Lambda code that it needs is found inside the package.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SUBMODULES } from './lib/submodules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** The whole app of the README, as it stands there. */
const APP = /```ts nofixture\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))[1];
/** Nothing is loaded before it is used, from ES modules neither, and all that is exported is there. */
const LAZY = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');
  const library = require('cdk-hpc-clusters');
  const loaded = () => Object.keys(require.cache).filter(path => !path.endsWith('/lib/index.js'));
  if (loaded().length > 0) { throw new Error('loaded without need: ' + loaded()); }
  void library.pcs.Cluster;
  for (const folder of ${JSON.stringify(SUBMODULES.map(({ folder }) => folder).filter(folder => folder !== 'pcs'))}) {
    if (loaded().some(path => path.includes('/lib/' + folder + '/'))) { throw new Error('pcs loads ' + folder); }
  }
  for (const [name, submodule] of Object.entries(library)) {
    for (const member of Object.keys(submodule)) { if (submodule[member] === undefined) { throw new Error(name + '.' + member + ' is missing'); } }
  }
  const { Cluster } = await import('cdk-hpc-clusters/pcs');
  const { pcs } = await import('cdk-hpc-clusters');
  if (!Cluster || pcs.Cluster !== Cluster) { throw new Error('an ES module gets another Cluster'); }
`;
/** An injector of the app finds constructs of ours, also those that a static factory makes. */
const INJECTION = `
  import { App, Stack } from 'aws-cdk-lib';
  import { hyperpod, pcs } from 'cdk-hpc-clusters';
  const found = [];
  const classes = [pcs.Queue, hyperpod.ListClusterNodes];
  const stack = new Stack(new App({ propertyInjectors: classes.map(({ PROPERTY_INJECTION_ID: constructUniqueId }) => (
    { constructUniqueId, inject: (props, { id }) => { found.push(id); return props; } })) }), 'Stack');
  new pcs.Queue(stack, 'Queue', { cluster: pcs.Cluster.fromClusterArn(stack, 'Slurm', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abcdef1234') });
  hyperpod.ListClusterNodes.jsonPath(stack, 'List', {
    cluster: hyperpod.Cluster.fromClusterArn(stack, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6'),
  });
  if (found.join() !== 'Queue,List') { throw new Error('an injector of properties heard of these alone: ' + found); }
`;

function run(command, args, cwd, env = {}) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  if (result.status !== 0) { throw new Error(`${command} ${args.join(' ')} failed\n${result.stdout}${result.stderr}`); }
  return result.stdout;
}
const expect = (truth, message) => { if (!truth) { throw new Error(message); } };

const folder = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-package-'));
try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], root));
  const files = packed.files.map(entry => entry.path);
  for (const needed of ['.jsii', 'LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES', 'README.md', 'lib/index.js', 'lib/index.d.ts', 'assets/lookup/index.js', 'node-scripts/mount-nfs.sh', 'node-scripts/register-target.sh']) {
    expect(files.includes(needed), `the tarball lacks ${needed}`);
  }
  const allowed = /^(lib|assets|node-scripts)\/|^(\.jsii|\.warnings\.jsii\.js|API\.md|CHANGELOG\.md|LICENSE|NOTICE|README\.md|SECURITY\.md|THIRD-PARTY-LICENSES|package\.json)$/;
  const stray = files.filter(path => !allowed.test(path) || /\.ts$/.test(path) && !/\.d\.ts$/.test(path));
  expect(stray.length === 0, `the tarball holds what users don't need: ${stray.join(', ')}`);
  console.log(`tarball: ${files.length} files, ${(packed.size / 1024).toFixed(0)} KB packed, ${(packed.unpackedSize / 1024).toFixed(0)} KB unpacked`);

  const templates = ['first', 'second'].map(name => {
    const app = join(folder, name);
    mkdirSync(app);
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name, private: true }));
    writeFileSync(join(app, 'app.ts'), APP);
    if (name === 'first') {
      const { 'aws-cdk-lib': cdk, constructs } = manifest.devDependencies;
      run('npm', ['install', '--no-audit', '--no-fund', join(folder, packed.filename), `aws-cdk-lib@${cdk}`, `constructs@${constructs}`], app);
      const tsc = join(root, 'node_modules', '.bin', 'tsc');
      writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({
        compilerOptions: { strict: true, target: 'es2022', module: 'node16', moduleResolution: 'node16', types: [], skipLibCheck: true },
        files: ['app.ts'],
      }));
      run(tsc, ['-p', '.'], app);
    } else {
      run('cp', ['-r', join(folder, 'first', 'node_modules'), join(folder, 'first', 'app.js'), app], app);
    }
    run('node', ['--input-type=module', '--eval', LAZY], app);
    run('node', ['--input-type=module', '--eval', INJECTION], app);
    run('node', ['app.js'], app, { CDK_OUTDIR: join(app, 'cdk.out'), CDK_VALIDATION: 'false' });
    const out = join(app, 'cdk.out');
    const assets = JSON.parse(readFileSync(join(out, 'Newcomer.assets.json'), 'utf8'));
    const code = Object.values(assets.files).map(file => join(out, file.source.path)).filter(path => path.includes('asset.'));
    expect(code.length === 1 && readdirSync(code[0]).includes('index.js'), 'the Lambda code of the look-up is not in the assembly');
    return readFileSync(join(out, 'Newcomer.template.json'), 'utf8');
  });
  expect(templates[0] === templates[1], 'two folders gave two templates');
  const types = Object.values(JSON.parse(templates[0]).Resources).map(resource => resource.Type);
  for (const type of ['AWS::PCS::Cluster', 'AWS::SageMaker::ComputeQuota', 'Custom::HpcTrainingPlansLookup']) {
    expect(types.includes(type), `the template lacks ${type}`);
  }
  console.log(`installed in an empty folder: ${types.length} resources, the same bytes in two folders, Lambda code found`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
