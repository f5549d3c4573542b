/*
 * Runs awslint, by which aws-cdk judges its own modules, over the jsii assembly. Expects a built library (`npm run build:library`).
 * What stays is in test/package/awslint-exclusions.ts, each finding by its name, with its reason.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './lib/import-typescript.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (!existsSync(join(root, '.jsii'))) { throw new Error('the library is not built: run `npm run build:library` first'); }

/* awslint wants the L1 of each resource, and the oldest aws-cdk-lib that we build on lacks some: it is shown the newest one. */
const PEERS = { 'aws-cdk-lib': 'cdk-newest', 'constructs': 'constructs', '@aws-cdk': '@aws-cdk' };

const { judgeFindings, parseFindings } = await importTypeScript(join(root, 'test', 'package', 'awslint.ts'));
const findings = parseFindings(awslint());
const { problems, counts } = judgeFindings(findings);
for (const problem of problems) { console.log(problem); }
console.log(`awslint: ${findings.length} findings, ${problems.length} that aren't excluded or are excluded in vain; excluded: ${counts.join(', ')}`);
if (problems.length > 0) { process.exitCode = 1; }

/** What awslint prints. It ends with 1 when it finds an error, and when it fails. */
function awslint() {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-awslint-'));
  try {
    for (const name of ['.jsii', 'package.json']) { copyFileSync(join(root, name), join(folder, name)); }
    mkdirSync(join(folder, 'node_modules'));
    for (const [name, installed] of Object.entries(PEERS)) {
      symlinkSync(realpathSync(join(root, 'node_modules', installed)), join(folder, 'node_modules', name));
    }
    const { status, error, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', 'awslint', 'bin', 'awslint'), '--no-compile'], {
      cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26, env: { ...process.env, AWSLINT_BASE_CONSTRUCT: 'true' },
    });
    if (error) { throw error; }
    const said = stdout + stderr;
    if (status !== 0 && !/^error: \[awslint:/m.test(said)) { throw new Error(`awslint failed\n${said}`); }
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
