import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { ClusterSize, NetworkType } from '../../src/pcs';
import { isOfKind, kindOf } from '../../src/private/kinds';
import { prefixOf } from '../submodules';

const SRC = join(__dirname, '..', '..', 'src');

/** Each class whose values users choose, by the kind that it must have, with the kind that it has. */
function valueClasses(): Map<string, string | undefined> {
  const kinds = new Map<string, string | undefined>();
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts') && !/(^|\/)private\//.test(name));
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(join(SRC, file), 'utf8'), ts.ScriptTarget.ES2022, true);
    for (const statement of source.statements) {
      if (!ts.isClassDeclaration(statement) || !isValueClass(statement)) { continue; }
      const member = statement.members.find(each => each.name?.getText() === '_kind');
      const text = member && ts.isPropertyDeclaration(member) && member.initializer;
      kinds.set(`${prefixOf(file)}${statement.name!.text}`, text && ts.isStringLiteral(text) ? text.text : undefined);
    }
  }
  return kinds;
}

/** An exported class that has constants or factories for its values and no public constructor. Grants are passed to nothing. */
function isValueClass(declaration: ts.ClassDeclaration): boolean {
  const name = declaration.name!.text;
  const has = (node: ts.Node, kind: ts.SyntaxKind) =>
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(each => each.kind === kind) === true;
  const { members } = declaration;
  const closed = members.some(member => ts.isConstructorDeclaration(member) && has(member, ts.SyntaxKind.PrivateKeyword));
  const makes = members.some(member => has(member, ts.SyntaxKind.StaticKeyword) && has(member, ts.SyntaxKind.PublicKeyword)
    && !member.name?.getText().startsWith('_')
    && ((ts.isMethodDeclaration(member) && member.type?.getText() === name)
      || (ts.isPropertyDeclaration(member) && member.initializer !== undefined && ts.isNewExpression(member.initializer))));
  return has(declaration, ts.SyntaxKind.ExportKeyword) && closed && makes && !declaration.heritageClauses && !name.endsWith('Grants');
}

const classes = [...valueClasses()];

test('the classes of values are found', () => {
  expect(classes.map(([name]) => name)).toEqual(expect.arrayContaining(['pcs.ClusterSize', 'pcs.LogDestination', 'training_plans.Offering']));
});

test.each(classes)('%s says its kind', (name, kind) => {
  expect(kind).toBe(name);
});

test('no class of values passes for another, for the compiler', () => {
  const size: ClusterSize = ClusterSize.SMALL;
  // @ts-expect-error both have nothing but `value` to tell them apart
  const other: ClusterSize = NetworkType.IPV4;
  expect(isOfKind(size, 'pcs.ClusterSize')).toBe(true);
  expect(isOfKind(other, 'pcs.ClusterSize')).toBe(false);
});

test('a value of a second copy of the library has the kind of the first', () => {
  let copy: typeof import('../../src/pcs');
  jest.isolateModules(() => { copy = jest.requireActual('../../src/pcs'); });
  const { SMALL } = copy!.ClusterSize;
  expect(SMALL).not.toBeInstanceOf(ClusterSize);
  expect(isOfKind(SMALL, 'pcs.ClusterSize')).toBe(true);
});

test.each([
  ['a plain text', 'SMALL'],
  ['nothing', undefined],
  ['null', null],
  ['a number', 3],
  ['a plain object of the same shape', { value: 'SMALL' }],
  ['an object with another idea of a kind', { _kind: 3 }],
  ['a class itself', ClusterSize],
])('%s is of no kind', (_, value) => {
  expect(kindOf(value)).toBeUndefined();
});
