import { optionalText, record, text } from '../../../lambda/shared/coerce';

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
