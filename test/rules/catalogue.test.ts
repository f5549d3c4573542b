import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { SUBMODULES } from './catalogue';
import { SUBMODULES as LIST } from '../submodules';

const src = join(__dirname, '..', '..', 'src');
const rules = SUBMODULES.flatMap(submodule => Object.values(submodule.rules));
/** Where a submodule may use its rules: equal keys of two submodules aren't one rule. */
const FOLDERS: Record<string, string> = {
  ...Object.fromEntries(LIST.map(submodule => [submodule.rules, submodule.folder])), handlers: 'private', values: 'private',
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : [];
  });
}

test('ids are unique', () => {
  const ids = rules.map(rule => rule.id);
  expect(ids).toHaveLength(new Set(ids).size);
});

test('every rule catalogue in src/ is part of the documented one', () => {
  const defining = sources(src).filter(file => /= defineRules\(/.test(readFileSync(file, 'utf8')));
  expect(defining).toHaveLength(SUBMODULES.length);
});

test.each(rules.map(rule => [rule.id, rule] as const))('%s is used and reads as a sentence', (id, rule) => {
  const [submodule, key] = id.split('.');
  const used = sources(join(src, FOLDERS[submodule])).filter(file => new RegExp(`RULES\\.${key}\\b`).test(readFileSync(file, 'utf8')));
  expect(used).not.toHaveLength(0);
  expect(rule.rule).toMatch(/^[a-z`]/);
  for (const text of [rule.rule, rule.fix, rule.why]) {
    expect(text).not.toMatch(/\.$/);
    expect(text.trim()).toBe(text);
  }
  expect(rule.source).toMatch(/^https:\/\/|^cdk-hpc-clusters decisions\/|^[A-Z]/);
});
