import { commaList, flag, optionalInteger, optionalText, record, text } from '../../lambda/shared/coerce';

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

test.each([[undefined, undefined], ['', undefined], ['0', 0], [7, 7], ['012', 12], ['999999999999999', 999_999_999_999_999]])('%p is the number %p', (value, expected) => {
  expect(optionalInteger({ Key: value }, 'Key')).toBe(expected);
});

test.each(['two', '1e3', '-1', '+1', '2.5', ' 2', '0x10', 'Infinity', 'NaN', '\u0662', '1'.repeat(16), true, -1, 1.5])('%p is no whole number', value => {
  expect(() => optionalInteger({ Key: value }, 'Key')).toThrow(`the property Key must be a whole number from 0, got: ${value}`);
});

test('a number below the least is refused', () => {
  expect(optionalInteger({ Key: '3' }, 'Key', 3)).toBe(3);
  expect(() => optionalInteger({ Key: '2' }, 'Key', 3)).toThrow('the property Key must be a whole number from 3, got: 2');
});

test.each([[undefined, false], ['', false], ['true', true], [true, true], ['false', false], [false, false]])('%p is the answer %p', (value, expected) => {
  expect(flag({ Key: value }, 'Key')).toBe(expected);
});

test.each(['yes', 'True', '1', 1, 'no'])('%p is neither yes nor no', value => {
  expect(() => flag({ Key: value }, 'Key')).toThrow(`the property Key must be true or false, got: ${value}`);
});
