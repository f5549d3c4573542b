import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OUR_OWN } from './conventions';

const SRC = join(__dirname, '..', '..', 'src');

/** Each public enum. */
const enums = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .flatMap(name => [...readFileSync(join(SRC, name), 'utf8').matchAll(/^export (?:const )?enum (\w+)/gm)].map(([, found]) => found));

test('enums are choices of our own, each with its reason', () => {
  expect(enums.sort()).toEqual(Object.keys(OUR_OWN).sort());
});
