import { App, Aws, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Problems, describe as describeBreach, fail, isConcrete, warn } from '../../src/private/problems';
import { defineRules } from '../../src/private/rule';

const { tooMany, unwise } = defineRules('test', {
  tooMany: { severity: 'error', rule: 'must not be above 2', fix: 'lower it', why: 'it is refused', source: 'https://docs.aws.amazon.com/' },
  unwise: { severity: 'warning', rule: 'should be even', fix: 'add one', why: 'it is slow', source: 'https://docs.aws.amazon.com/' },
});

let stack: Stack;
beforeEach(() => { stack = new Stack(new App(), 'Stack'); });

const thrownBy = (act: () => void): Error => {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

test('a rule is named after its submodule and its key, and keeps its text', () => {
  expect(tooMany).toMatchObject({ id: 'test.tooMany', severity: 'error', rule: 'must not be above 2' });
});

describe('the text of a breach', () => {
  test('has code, property, rule, what was got and what to do', () => {
    expect(describeBreach(tooMany, { property: 'nodes', got: 3 })).toBe('[test.tooMany] `nodes` must not be above 2, got: 3; lower it');
  });

  test('leaves out what there is not, and takes a more precise advice', () => {
    expect(describeBreach(tooMany, { property: 'nodes', fix: 'take 2' }, false)).toBe('`nodes` must not be above 2; take 2');
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'nothing'],
    ['a text', 'a', '"a"'],
    ['what is no number, inside', { min: NaN, max: Infinity }, '{"min":"NaN","max":"Infinity"}'],
    ['a construct', { scope: new Stack(new App(), 'Given') }, '{"scope":"<construct Given>"}'],
    ['a number beyond JSON', { size: BigInt(10) }, '{"size":"10"}'],
    ['a token inside', { zone: Aws.REGION, count: 1 }, '{"zone":"<known at deployment>","count":1}'],
    ['what JSON can\'t say', Symbol('a'), 'Symbol(a)'],
    ['300 characters', 'a'.repeat(298), `"${'a'.repeat(298)}"`],
    ['more', 'a'.repeat(299), `"${'a'.repeat(296)}...`],
  ])('shows %s', (_what, got, shown) => {
    expect(describeBreach(tooMany, { property: 'nodes', got })).toBe(`[test.tooMany] \`nodes\` must not be above 2, got: ${shown}; lower it`);
  });
});

describe('problems', () => {
  test('of none nothing is thrown', () => {
    expect(() => new Problems().throwIfAny(stack)).not.toThrow();
  });

  test('one is thrown with its code, which stands once, and the path of the construct', () => {
    const error = thrownBy(() => fail(stack, tooMany, { property: 'nodes', got: 3 }));
    expect(error.message).toBe('[test.tooMany] `nodes` must not be above 2, got: 3; lower it (at Stack)');
    expect(error.name).toBe('ValidationError');
    expect(error.stack!.match(/\[?test\.tooMany/g)).toHaveLength(1);
  });

  test('several are thrown together, a line for each', () => {
    const problems = new Problems();
    problems.add(tooMany, { property: 'nodes' });
    problems.add(tooMany, { property: 'groups' });
    expect(thrownBy(() => problems.throwIfAny(stack)).message).toBe([
      '2 problems:',
      '  - [test.tooMany] `nodes` must not be above 2; lower it',
      '  - [test.tooMany] `groups` must not be above 2; lower it (at Stack)',
    ].join('\n'));
  });

  test('a warning is none', () => {
    expect(() => new Problems().add(unwise, { property: 'nodes' })).toThrow('test.unwise is a warning and can\'t be thrown');
  });
});

test('a warning can be acknowledged by the id of its rule, which its text does not repeat', () => {
  warn(stack, unwise, { property: 'nodes', got: 3 });
  const [{ entry }] = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(entry.data).toBe('`nodes` should be even, got: 3; add one [ack: cdk-hpc-clusters:test.unwise]');
});

test('an error can\'t be a warning', () => {
  expect(() => warn(stack, tooMany, { property: 'nodes' })).toThrow('test.tooMany is an error and can\'t be a warning');
});

test.each<[string, unknown, boolean]>([
  ['nothing', undefined, false],
  ['a number', 3, true],
  ['no number', NaN, true],
  ['a text', 'gpu', true],
  ['an empty text', '', true],
  ['a list', ['a'], true],
  ['a token', Aws.REGION, false],
  ['a token for a number', Token.asNumber(Lazy.any({ produce: () => 1 })), false],
  ['what stands for a parameter until it is looked up', 'dummy-value-for-/ami', false],
  ['a text that ends like it', 'no-dummy-value-for-', true],
])('is %s concrete?', (_what, value, concrete) => {
  expect(isConcrete(value)).toBe(concrete);
});
