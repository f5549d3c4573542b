import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type * as library from '../../src';

const SOURCES = join(__dirname, '..', '..', 'src');

/** Another copy of this library on the same aws-cdk-lib, as npm installs it for a package of the app that wants another version. */
export function secondCopy(): typeof library {
  let copy: typeof library | undefined;
  const peers = peersOfSources().map(name => [name, jest.requireActual<object>(name)] as const);
  jest.isolateModules(() => {
    for (const [name, peer] of peers) { jest.doMock(name, () => peer); }
    copy = jest.requireActual('../../src');
  });
  return copy!;
}

/** All modules of aws-cdk-lib and constructs that the sources import. */
function peersOfSources(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const imported = files.flatMap(file => [...readFileSync(join(SOURCES, file), 'utf8').matchAll(/from '((?:aws-cdk-lib|constructs)[^']*)'/g)]);
  return [...new Set(imported.map(([, name]) => name))];
}
