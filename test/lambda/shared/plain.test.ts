import { plain, plainList } from '../../../lambda/shared/plain';

test.each([
  ['text', 'text'], ['', ''], [0, '0'], [1.5, '1.5'], [false, 'false'],
  [new Date('2026-12-01T11:30:00Z'), '2026-12-01T11:30:00Z'], [new Date('2026-12-01T11:30:00.500Z'), '2026-12-01T11:30:00.500Z'],
])('%p is %p', (value, text) => expect(plain(value)).toBe(text));

test.each([undefined, null, {}, [], ['a'], new Date(NaN), Symbol('a'), () => 'a'])('%p is nothing', value => expect(plain(value)).toBe(''));

test('a list has what is a text', () => {
  expect(plainList(['a', null, 5, {}, '', undefined])).toEqual(['a', '5']);
  expect(['a', undefined, null, { length: 1 }].map(plainList)).toEqual([[], [], [], []]);
});
