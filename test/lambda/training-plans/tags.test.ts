import { purchaseTags, tagChanges, tagList, tagMap, type TagMap } from '../../../lambda/training-plans/tags';

test('are sorted by key', () => {
  expect(tagList({ b: '1', a: '2' })).toEqual([{ Key: 'a', Value: '2' }, { Key: 'b', Value: '1' }]);
  expect(tagMap([{ Key: 'a', Value: '2' }, { Key: 'b', Value: undefined }])).toEqual({ a: '2', b: '' });
});

test('the mark of a purchase wins', () => {
  expect(purchaseTags({ 'cdk-hpc-clusters:owner': 'x', 'a': 'b' }, { owner: 'o', spec: 's', offering: 'f', attempt: 2 })).toEqual({
    'a': 'b', 'cdk-hpc-clusters:owner': 'o', 'cdk-hpc-clusters:spec': 's', 'cdk-hpc-clusters:offering': 'f', 'cdk-hpc-clusters:attempt': '2',
  });
});

test.each<[string, TagMap, TagMap, TagMap, TagMap, string[]]>([
  ['nothing', { a: '1' }, { a: '1' }, { a: '1' }, {}, []],
  ['a new one', {}, {}, { a: '1' }, { a: '1' }, []],
  ['a changed one', { a: '1' }, { a: '1' }, { a: '2' }, { a: '2' }, []],
  ['one that is gone', { a: '1' }, { a: '1' }, {}, {}, ['a']],
  ['one that is gone already', {}, { a: '1' }, {}, {}, []],
  ['one that somebody else has put there', { b: '1' }, {}, {}, {}, []],
  ['one that somebody else has taken away', {}, { a: '1' }, { a: '1' }, { a: '1' }, []],
])('%s', (_what, current, before, after, add, remove) => {
  expect(tagChanges(current, before, after)).toEqual({ add, remove });
});

test('what is to be removed is in the order of the keys', () => {
  expect(tagChanges({ b: '1', a: '1', c: '1' }, { b: '1', a: '1', c: '1' }, {}).remove).toEqual(['a', 'b', 'c']);
});

test('a tag without a key has an empty one', () => {
  expect(tagMap([{ Key: undefined, Value: 'v' }])).toEqual({ '': 'v' });
});
