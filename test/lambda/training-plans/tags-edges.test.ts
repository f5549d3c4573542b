import { tagChanges, tagMap } from '../../../lambda/training-plans/tags';

test('what is to be removed is in the order of the keys', () => {
  expect(tagChanges({ b: '1', a: '1', c: '1' }, { b: '1', a: '1', c: '1' }, {}).remove).toEqual(['a', 'b', 'c']);
});

test('a tag without a key has an empty one', () => {
  expect(tagMap([{ Key: undefined, Value: 'v' }])).toEqual({ '': 'v' });
});
