import { commaList, optionalText, record, text } from '../../lambda/shared/coerce';

test.each([
  ['a', 'a'],
  [5, '5'],
  [true, 'true'],
  [false, 'false'],
  [0, '0'],
])('%p is the text %p', (value, expected) => {
  expect(text({ Key: value }, 'Key')).toBe(expected);
});

test.each([undefined, null, ''])('%p is left out', value => {
  expect(optionalText({ Key: value }, 'Key')).toBeUndefined();
  expect(() => text({ Key: value }, 'Key')).toThrow('the property Key is missing');
});

test.each([[{}], [['a']]])('%p is no text', value => {
  expect(() => text({ Key: value }, 'Key')).toThrow('the property Key must be a text');
});

test.each([
  [undefined, []],
  ['', []],
  ['A', ['A']],
  ['A, B,,C ', ['A', 'B', 'C']],
])('%p is the list %p', (value, expected) => {
  expect(commaList({ Key: value }, 'Key')).toEqual(expected);
});

test.each([undefined, null, 'text', [[]]])('%p is no object', value => {
  expect(() => record({ Key: value }, 'Key')).toThrow('the property Key must be an object');
});
