import { type Assembly, judge } from './api-docs';

const SEE = 'https://docs.aws.amazon.com/pcs/';

/** An assembly with one construct, its props and an enum, all as they should be, but for what a test takes away. */
function assembly({ construct = {}, prop = {}, count = {}, mode = {} }: Record<string, Record<string, unknown>> = {}): Assembly {
  return {
    name: 'lib',
    types: {
      'lib.Thing': { fqn: 'lib.Thing', kind: 'class', base: 'aws-cdk-lib.Resource', docs: { summary: 'A thing.', example: 'new Thing()', see: SEE, ...construct } },
      'lib.ThingProps': {
        fqn: 'lib.ThingProps',
        kind: 'interface',
        datatype: true,
        docs: { summary: 'Properties of a thing.' },
        properties: [
          { name: 'title', optional: true, docs: { summary: 'Its title.', default: '- none', ...prop } },
          { name: 'amount', type: { primitive: 'number' }, docs: { summary: 'How many nodes.', ...count } },
        ],
      },
      'lib.Mode': { fqn: 'lib.Mode', kind: 'enum', members: [{ name: 'FAST', docs: { summary: 'Fast.' } }], docs: { summary: 'A mode.', see: SEE, ...mode } },
    },
  };
}

test('documentation as it should be has no findings', () => {
  expect(judge(assembly())).toEqual({ findings: [], types: 3, members: 3, constructs: 1 });
});

test.each([
  ['a construct needs an example', { construct: { example: undefined } }, 'Thing: a construct without @example'],
  ['a construct needs a page', { construct: { see: undefined } }, 'Thing: no @see'],
  ['an enum needs a page', { mode: { see: undefined } }, 'Mode: no @see'],
  ['a type needs a summary', { construct: { summary: undefined } }, 'Thing: no summary'],
  ['a member needs a summary', { prop: { summary: undefined } }, 'ThingProps.title: no summary'],
  ['an optional needs a default', { prop: { default: undefined } }, 'ThingProps.title: optional without @default'],
  ['a number needs a unit', { count: { summary: 'The amount.' } }, 'ThingProps.amount: a number without a unit in its name or text'],
])('%s', (_, without, finding) => {
  expect(judge(assembly(without)).findings).toEqual([finding]);
});
