import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLES, type Bundle } from '../../../src/private/handlers/table';

const ROOT = join(__dirname, '..', '..', '..');

/** A change that makes handlers careless: in a file of lambda/, a text and what stands in its place. */
interface Change {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** What the fuzzer has to find, or it proves nothing. */
export const CARELESS: Readonly<Record<string, Change>> = {
  'logging the event': { file: 'shared/custom-resource.ts', text: 'log(\'received\', about);', by: 'console.log(JSON.stringify(event));' },
  'logging the properties': { file: 'shared/custom-resource.ts', text: 'log(\'received\', about);', by: 'console.error(event.ResourceProperties);' },
  'logging the environment': { file: 'shared/custom-resource.ts', text: 'log(\'received\', about);', by: 'console.log(process.env);' },
  'a log without a list': {
    file: 'shared/logger.ts', text: '.filter(([key, value]) => ALLOWED[key] === true && [\'string\', \'number\'].includes(typeof value))', by: '; allowed.push([\'environment\', process.env] as never)',
  },
  'logging what went wrong': { file: 'shared/reading.ts', text: 'if (signal.aborted) { throw throttled ?? error; }', by: 'console.error(error); $&' },
  'quoting whole errors': { file: 'shared/errors.ts', text: 'return message.split(/[\\r\\n]/, 1)[0].trim();', by: 'return message.replace(/EXAMPLE/g, "x");' },
  'quoting secrets': { file: 'shared/errors.ts', text: 'rest.replaceAll(secret, HIDDEN)', by: 'rest' },
  'throwing the URL': { file: 'shared/response.ts', text: '.catch(notBegun)', by: '' },
};

/** Bundles a kind with a change in it, as scripts/bundle.mjs does without. */
export function carelessBundle(folder: string, kind: string, { file, text, by }: Change): string {
  mkdirSync(join(folder, 'src', 'private'), { recursive: true });
  cpSync(join(ROOT, 'lambda'), join(folder, 'lambda'), { recursive: true });
  cpSync(join(ROOT, 'src', 'private', 'contracts'), join(folder, 'src', 'private', 'contracts'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const source = readFileSync(join(folder, 'lambda', file), 'utf8');
  if (source.split(text).length !== 2) { throw new Error(`lambda/${file} doesn't have, once: ${text}`); }
  writeFileSync(join(folder, 'lambda', file), source.replace(text, by));
  const bundle = join(folder, 'index.js');
  execFileSync(join(ROOT, 'node_modules', '.bin', 'esbuild'), [
    `lambda/${BUNDLES[kind as Bundle]}/index.ts`, '--bundle', '--platform=node', '--format=cjs', '--main-fields=module,main', '--log-level=error', `--outfile=${bundle}`,
    '--alias:@aws-sdk/credential-provider-node=./lambda/shared/sdk/environment-credentials.ts', '--alias:@smithy/core/event-streams=./lambda/shared/sdk/no-event-streams.ts',
  ], { cwd: folder });
  return bundle;
}
