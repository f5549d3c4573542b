import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const examples = join(root, 'examples', 'typescript');

/** The names of all example apps. */
export function exampleNames() {
  return readdirSync(examples).filter(name => existsSync(join(examples, name, 'cdk.json'))).sort();
}

/** Does it for each of the examples, on all cores, and returns their results, in order. */
export async function ofEachExample(once, names = exampleNames()) {
  const results = new Array(names.length);
  let next = 0;
  const worker = async () => {
    while (next < names.length) {
      const index = next++;
      results[index] = await once(names[index]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** The command of an app without its check of types, which `npm run lint` has done for all examples at once. */
export const transpiled = command => command.replace(/^npx tsc .* && npx tsx /, 'npx ts-node --transpile-only ');

/** Runs a command of a shell to its end; throws what it printed if it fails. */
export function shell(command, { cwd, env, what }) {
  return new Promise((resolve, reject) => {
    execFile(command, { cwd, env, shell: true, encoding: 'utf8', maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error) { reject(new Error(`${what} failed\n${stdout}${stderr}`)); } else { resolve(stdout + stderr); }
    });
  });
}

/**
 * Synthesizes an example app on the newest aws-cdk-lib, as the CDK CLI would: the command of its cdk.json, with its context.
 * Returns what the app printed and its stacks. `app` is another app, by its folder and command.
 */
export async function synthesize(name, { validation = false, cdk = 'newest', app } = {}) {
  const folder = app?.folder ?? join(examples, name);
  const config = app ? { app: app.command } : JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const output = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-'));
  try {
    const printed = await shell(transpiled(config.app), {
      cwd: folder,
      what: `the app ${name}`,
      env: {
        ...process.env,
        CDK_OUTDIR: output,
        CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:enable-path-metadata': true, ...config.context }),
        CDK_VALIDATION: String(validation),
        NODE_OPTIONS: cdk === 'newest' ? `--require ${join(root, 'scripts', 'newest-cdk.cjs')}` : '',
        JSII_DEPRECATED: 'fail',
      },
    });
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
    return { name, printed, stacks, report: existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Writes the templates of an app into a folder, each with a name of its own. */
export function keepTemplates(folder, name, stacks) {
  mkdirSync(folder, { recursive: true });
  stacks.forEach(stack => writeFileSync(join(folder, `${name}-${stack.name}.json`), stack.text));
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
