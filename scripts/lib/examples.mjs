import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const examples = join(root, 'examples', 'typescript');

/** The names of all example apps. */
export function exampleNames() {
  return readdirSync(examples).filter(name => existsSync(join(examples, name, 'cdk.json'))).sort();
}

/**
 * Synthesizes an example app on the newest aws-cdk-lib, as the CDK CLI would: the command of its cdk.json, with its context.
 * Returns what the app printed and its templates by stack name. `app` is another app, by its folder and command.
 */
export function synthesize(name, { validation = false, cdk = 'newest', app } = {}) {
  const folder = app?.folder ?? join(examples, name);
  const config = app ? { app: app.command } : JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const output = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-'));
  try {
    const run = spawnSync(config.app, {
      cwd: folder,
      shell: true,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: output,
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-path-metadata': true, ...config.context }),
        CDK_VALIDATION: String(validation),
        NODE_OPTIONS: cdk === 'newest' ? `--require ${join(root, 'scripts', 'newest-cdk.cjs')}` : '',
        JSII_DEPRECATED: 'fail',
      },
    });
    if (run.status !== 0) {
      throw new Error(`${name}: the app failed\n${run.stdout}${run.stderr}`);
    }
    const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'));
    const stacks = Object.entries(manifest.artifacts)
      .filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack')
      .map(([id, artifact]) => ({
        name: artifact.displayName ?? id,
        text: readFileSync(join(output, artifact.properties.templateFile), 'utf8'),
        messages: messagesOf(output, artifact),
      }))
      .map(stack => ({ ...stack, template: JSON.parse(stack.text) }));
    const report = join(output, 'validation-report.json');
    return { printed: run.stdout + run.stderr, stacks, report: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** The warnings and errors that constructs left in the assembly. */
function messagesOf(output, artifact) {
  const metadata = artifact.additionalMetadataFile
    ? JSON.parse(readFileSync(join(output, artifact.additionalMetadataFile), 'utf8'))
    : artifact.metadata ?? {};
  return Object.entries(metadata).flatMap(([path, entries]) => entries
    .filter(entry => ['aws:cdk:warning', 'aws:cdk:error'].includes(entry.type))
    .map(entry => ({ path, type: entry.type.replace('aws:cdk:', ''), text: entry.data })));
}

/** The version of the newest aws-cdk-lib, which examples are synthesized with. */
export function newestVersion() {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'cdk-newest', 'package.json'), 'utf8')).version;
}
