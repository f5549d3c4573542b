import type { Assembly } from './api-docs';
import { judgeNames } from './api-names';

const OPTIONS = { fqn: 'lib.Options', kind: 'interface', datatype: true, properties: [{ name: 'size', optional: true }] };
const PROPS = { fqn: 'lib.Props', kind: 'interface', datatype: true, interfaces: ['lib.Options'], properties: [{ name: 'title' }] };

const text = (name: string) => ({ name, type: { primitive: 'string' } });
const struct = (fqn: string, optional?: boolean) => ({ name: 'options', type: { fqn }, optional });

/** An assembly whose class `lib.Thing` has these members, beside two structs: one without and one with a required property. */
function findings(thing: Record<string, unknown>): string[] {
  const types = { 'lib.Options': OPTIONS, 'lib.Props': PROPS, 'lib.Thing': { fqn: 'lib.Thing', kind: 'class', ...thing } };
  return judgeNames({ name: 'lib', types } as unknown as Assembly);
}

test('names and signatures as they should be have no findings', () => {
  expect(findings({
    initializer: { parameters: [text('id'), struct('lib.Props')] },
    properties: [{ name: 'type' }, { name: 'maxNodes' }],
    methods: [{ name: 'add', parameters: [text('id'), text('name'), struct('lib.Options', true)] }, { name: 'toString' }],
  })).toEqual([]);
});

test.each<[string, Record<string, unknown>, string]>([
  ['a word of Python', { properties: [{ name: 'from' }] }, 'from is a word of Python'],
  ['a word of Java', { methods: [{ name: 'default' }] }, 'default is a word of Java'],
  ['a method of every Java object', { methods: [{ name: 'notify' }] }, 'notify is a method of every Java object'],
  ['the name of the type', { methods: [{ name: 'thing' }] }, 'thing is the name of its type, which C# refuses'],
  ['names that differ in their case alone', { properties: [{ name: 'eFa' }, { name: 'efa' }] }, 'eFa and efa are one name in some languages'],
  ['a struct before other parameters', { methods: [{ name: 'add', parameters: [struct('lib.Props'), text('name')] }] }, 'add: the struct options isn\'t the last parameter'],
  ['texts in a row', { methods: [{ name: 'add', parameters: ['a', 'b', 'c'].map(text) }] }, 'add: a, b, c can\'t be told apart: take a struct'],
  ['a keyword argument that is a parameter', { methods: [{ name: 'add', parameters: [text('size'), struct('lib.Props')] }] }, 'add: size would be a keyword argument twice'],
  ['a struct that could be left out', { initializer: { parameters: [struct('lib.Options')] } }, 'its constructor: options has no required property, so it should be optional'],
  ['a struct that can\'t be left out', { initializer: { parameters: [struct('lib.Props', true)] } }, 'its constructor: options has required properties, so it can\'t be optional'],
])('%s is found', (_, thing, finding) => {
  expect(findings(thing)).toEqual([`Thing: ${finding}`]);
});

test('members of an enum and constants are written in capitals, so they can be words', () => {
  expect(findings({ properties: [{ name: 'CONTINUE', static: true }] })).toEqual([]);
  expect(findings({ kind: 'enum', members: [{ name: 'CONTINUE' }] })).toEqual([]);
});
