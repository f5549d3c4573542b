import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Template } from 'aws-cdk-lib/assertions';

/**
 * Runs an example app as it is, and reads a template.
 *
 * @param stack the name of the stack, where there are several
 */
export function exampleTemplate(name: string, stack = ''): Template {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const outdir = process.env.CDK_OUTDIR;
  process.env.CDK_OUTDIR = folder;
  try {
    jest.isolateModules(() => jest.requireActual(join('..', '..', 'examples', 'typescript', name, 'app')));
    const [file] = readdirSync(folder).filter(entry => entry.startsWith(stack) && entry.endsWith('.template.json'));
    return Template.fromString(readFileSync(join(folder, file), 'utf8'));
  } finally {
    if (outdir === undefined) { delete process.env.CDK_OUTDIR; } else { process.env.CDK_OUTDIR = outdir; }
    rmSync(folder, { recursive: true, force: true });
  }
}
