import { commaList, flag, optionalInteger, optionalText, readable, record, shown, text } from '../../../lambda/shared/coerce';

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

test.each(['\ud800', 'a\udfffb'])('half of a character makes %j no text', value => {
  expect(() => text({ Key: value }, 'Key')).toThrow('the property Key must be a text');
});

test('a character of two halves is one', () => {
  expect(text({ Key: '\ud834\udd1e' }, 'Key')).toBe('𝄞');
});

test.each([
  [undefined, 'nothing'], [null, 'nothing'], [[1], 'a list'], [{ toString: 'x' }, 'an object'], ['two', 'two'], [7, '7'], [false, 'false'], ['x'.repeat(5_000), 'x'.repeat(100)],
])('%p is called %s', (value, called) => {
  expect(shown(value)).toBe(called);
});

test.each([undefined, null, 'text', ['a'], 7])('of an event, properties %p are empty', value => {
  const event = { RequestType: 'Create', PhysicalResourceId: value, ResourceProperties: value, OldResourceProperties: value };
  expect(readable(event as never)).toEqual({
    RequestType: 'Create', PhysicalResourceId: value === 'text' ? 'text' : undefined, ResourceProperties: {}, OldResourceProperties: undefined,
  });
});

test('an event that is right stays as it is', () => {
  const event = { RequestType: 'Update', PhysicalResourceId: 'id', ResourceProperties: { a: '1' }, OldResourceProperties: {} };
  expect(readable(event)).toEqual(event);
});

test('an object is passed on', () => {
  expect(record({ a: { b: 1 } }, 'a')).toEqual({ b: 1 });
});

test.each<[string, () => unknown]>([
  ['the property a is missing', () => text({}, 'a')],
  ['the property a must be a text', () => optionalText({ a: {} }, 'a')],
  ['the property a must be an object', () => record({ a: 'b' }, 'a')],
])('%s: that is the fault of the properties', (message, read) => {
  expect(read).toThrow(expect.objectContaining({ code: 'InvalidProperties', message }));
});
