import fc from 'fast-check';
import { cut, jsonBytes, longest } from '../../../lambda/shared/cut';

test('a text that fits stays as it is, to the last byte', () => {
  expect(cut('x'.repeat(8), 10)).toBe('x'.repeat(8));
  expect(cut('x'.repeat(9), 10)).toBe('xxxxx...');
});

test('bytes are those of JSON, with quotes and escapes', () => {
  expect(jsonBytes('a"\n\u{1f680}')).toBe(2 + 1 + 2 + 2 + 4);
  expect(cut('"'.repeat(10), 15)).toBe('"""""...');
});

test('whatever the text, it fits, begins as it did, and has no half of a character', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300, size: 'max' }), fc.integer({ min: 10, max: 200 }), (text, bytes) => {
    const said = cut(text, bytes);
    expect(jsonBytes(said)).toBeLessThanOrEqual(bytes);
    expect(said).not.toMatch(/\p{Surrogate}/u);
    if (said === text) { return; }
    expect(text.startsWith(said.slice(0, -3))).toBe(true);
    const [next] = text.slice(said.length - 3);
    expect(jsonBytes(`${said.slice(0, -3)}${next}...`)).toBeGreaterThan(bytes); // nothing is cut that would have fitted
  }));
});

test('the longest beginning is found whatever it has to fit', () => {
  expect(longest('abcdef', part => part.length <= 4)).toBe('abcd');
  expect(longest('a\u{1f680}b', part => part.length <= 2)).toBe('a');
  expect(longest('abc', () => true)).toBe('abc');
  expect(longest('abc', () => false)).toBe('');
});
