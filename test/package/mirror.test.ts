import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { decides, judgeMirror } from './mirror';
import { SUBMODULES } from '../submodules';

const ROOT = join(__dirname, '..', '..');

/** The files below a folder that end in something, by their paths in it. */
function filesOf(folder: string, end: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith(end));
}

const MIRRORED = ['private', 'lambda', ...SUBMODULES.map(({ folder }) => folder)];
const read = (folder: string, prefix = '') => (
  Object.fromEntries(filesOf(folder, '.ts').map(path => [prefix + path, readFileSync(join(ROOT, folder, path), 'utf8')])));
const sources = { ...read('src'), ...read('lambda', 'lambda/') };
const tests = filesOf('test', '.test.ts');

test('the test of each source with behaviour is found by its name, or by a row', () => {
  expect(judgeMirror(sources, tests, MIRRORED)).toEqual([]);
});

/** What is told of sources and tests that isn't told of ours. */
function newsOf(changed: typeof sources, of: readonly string[]): string[] {
  const before = judgeMirror(sources, tests, MIRRORED);
  return judgeMirror(changed, of, MIRRORED).filter(finding => !before.includes(finding));
}

test('a new source without a test, and a test that is named after nothing, are told', () => {
  const more = { ...sources, 'hyperpod/quotas/forecast.ts': 'export const f = (a?: number) => a ?? 1;' };
  expect(newsOf(more, tests)).toEqual([
    'src/hyperpod/quotas/forecast.ts has no test/hyperpod/quotas/forecast.test.ts, and no row says which test it has',
  ]);
  expect(newsOf(more, [...tests, 'hyperpod/quotas/forecast.test.ts'])).toEqual([]);
  expect(newsOf(sources, [...tests, 'pcs/scaler.test.ts'])).toEqual(['test/pcs/scaler.test.ts is named after no file of src/']);
  const handler = { ...sources, 'lambda/pcs/budget.ts': 'export const f = (a?: number) => a ?? 1;' };
  expect(newsOf(handler, tests)).toEqual(['lambda/pcs/budget.ts has no test/lambda/pcs/budget.test.ts, and no row says which test it has']);
  expect(newsOf(sources, [...tests, 'lambda/pcs/x.test.ts'])).toEqual(['test/lambda/pcs/x.test.ts is named after no file of lambda/']);
});

test('a row whose test is gone, or whose file has a test of its name since, is told', () => {
  const without = tests.filter(path => path !== 'pcs/capacity-dashboard.test.ts');
  expect(newsOf(sources, without)).toContain("test/pcs/capacity-dashboard.test.ts is listed, and isn't there");
  expect(newsOf(sources, [...tests, 'private/alarms.test.ts'])).toEqual(['the row of private/alarms.ts is about no file without a test of its name']);
});

test.each<[string, string, boolean]>([
  ['a struct', 'export interface A { readonly a?: string }', false],
  ['a type of two', 'export type A = string extends infer B ? B : never;', false],
  ['an enum-like', 'export class A { static of(value: string) { return new A(value); } private constructor(readonly value: string) {} }', false],
  ['a default', 'export const a = (b?: string) => b ?? "c";', true],
  ['a check', 'export function a(b: string) { if (b === "") { throw new Error("b"); } }', true],
])('%s decides: %#', (_what, text, expected) => {
  expect(decides('a.ts', text)).toBe(expected);
});
