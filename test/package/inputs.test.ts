import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as ts from 'typescript';
import * as library from '../../src';
import { ENUMS, SIGNATURES, STRUCTS } from '../private/inputs/tables';
import { prefixOf } from '../submodules';

const SRC = join(__dirname, '..', '..', 'src');

/** The exported classes, with the name by which each is checked. */
function exportedClasses(): [string, string | undefined][] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !/(^|\/)private\/|-base\.ts$/.test(name)); // bases are exported to files beside them alone
  return files.flatMap(file => {
    const source = ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.ES2022, true);
    const isExported = (each: ts.ClassDeclaration) => each.modifiers?.some(one => one.kind === ts.SyntaxKind.ExportKeyword);
    return source.statements.filter(ts.isClassDeclaration).filter(isExported).map(each => {
      const names = (ts.getDecorators(each) ?? []).map(one => /^@checked\('([\w.]+)'\)$/.exec(one.getText())?.[1]);
      return [`${prefixOf(file)}${each.name!.text}`, names.find(name => name !== undefined)] as [string, string | undefined];
    });
  });
}

const classes = exportedClasses();

test.each(classes)('%s is checked by its name', (name, checkedAs) => {
  expect(checkedAs).toBe(name);
});

test('what classes take is generated for all of them, and for no others', () => {
  expect(Object.keys(SIGNATURES).sort()).toEqual(classes.map(([name]) => name).sort());
});

type Callable = (...args: unknown[]) => unknown;
const find = (name: string) => name.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], library) as Record<string, Callable>;
/** A value that isn't of a type. */
const wrongFor = (type: string) => (type === 'string' || ENUMS[type]?.startsWith('string ') ? 42 : type === 'boolean' ? 'yes' : type === 'any' || type === '{any}' ? undefined : 'a plain text');
const membersOf = (text: string) => text.split(' ').filter(Boolean).map(each => /^(\w+)([!?*])(.+)$/.exec(each)!.slice(1));

/** Each parameter of each constructor, factory and method, and each member of the structs among them, with a wrong value. */
const mistakes = Object.entries(SIGNATURES).flatMap(([name, text]) => text.split('; ').filter(Boolean).flatMap(line => {
  const [, kind, method, rest] = /^(new|static (\w+)|\w+) (.*)$/.exec(line)!;
  const parameters = membersOf(rest);
  return parameters.flatMap(([parameter, , type], index) => {
    const values: [string, unknown][] = wrongFor(type) === undefined ? [] : [[parameter, wrongFor(type)]];
    for (const [member, , wanted] of membersOf(STRUCTS[type] ?? '')) {
      if (wrongFor(wanted) !== undefined) { values.push([member, { [member]: wrongFor(wanted) }]); }
    }
    return values.map(([property, value]) => ({ name, kind: kind.split(' ')[0], method: method ?? kind, parameters, index, property, value }));
  });
}));

test('there are mistakes in each kind of function', () => {
  for (const kind of ['new', 'static']) { expect(mistakes.filter(each => each.kind === kind).length).toBeGreaterThan(50); }
  expect(mistakes.length).toBeGreaterThan(800);
});

test('a plain value of the wrong type is named with its code, wherever it is given', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  const silent = mistakes.filter(({ name, kind, method, parameters, index, property, value }) => {
    const args = parameters.map(([, , type], at) => (at === index ? value : type === 'Construct' ? stack : undefined));
    const target = find(name);
    try {
      if (kind === 'new') {
        Reflect.construct(target as unknown as Callable, args);
      } else if (kind === 'static') {
        target[method](...args);
      } else {
        const prototype = target.prototype as unknown as Record<string, Callable>;
        prototype[method].apply(Object.create(prototype, { node: { value: stack.node } }), args);
      }
      return true;
    } catch (error) {
      const names = new RegExp(`\\[values\\.type\\] \`${property}(\\[0\\])?\` (in \`[^\`]+\` )?must be `);
      return !names.test((error as Error).message);
    }
  });
  expect(silent.map(({ name, method, property }) => `${name}.${method}: ${property}`)).toEqual([]);
});
