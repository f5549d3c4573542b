// The example apps, as the local deploy sees them.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cloud.mjs';
import { transpiled } from '../../scripts/lib/examples.mjs';

const FOLDER = join(ROOT, 'examples', 'typescript');

/**
 * Synthesizes an example with its own command, or through our wrapper with one of its variants. Returns the folder of
 * the assembly and the names of its stacks. The validation of aws-cdk-lib, which takes longer than all the rest, is left to
 * `npm run validate`.
 */
export async function synthesize(cloud, name, { variant, log } = {}) {
  const cwd = join(FOLDER, name);
  const output = cloud.path('assemblies', variant === undefined ? name : `${name}-${variant}`);
  const context = join(cwd, 'cdk.context.json');
  const hadContext = existsSync(context);
  const app = variant === undefined
    ? transpiled(JSON.parse(readFileSync(join(cwd, 'cdk.json'), 'utf8')).app)
    : `node ${JSON.stringify(join(ROOT, 'test', 'e2e', 'app.cjs'))} ${name} ${variant}`;
  const code = await cloud.cdk(['synth', '--quiet', '--output', output, '--app', app], { cwd, log, env: { CDK_VALIDATION: 'false' } });
  if (!hadContext) {
    rmSync(context, { force: true }); // what the CLI looked up is the emulator's
  }
  if (code !== 0) {
    throw new Error(`cdk synth of ${name} ended with ${code}${log === undefined ? '' : `\n${readFileSync(log, 'utf8')}`}`);
  }
  const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'));
  const stacks = Object.entries(manifest.artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  return { output, stackNames: stacks.map(([id, { properties }]) => properties.stackName ?? id) };
}
