import type { Constraints } from './table';

/** Whether a text fits a pattern: the models of services mean whole values, the schemas of CloudFormation what they say. */
function fitsPattern(pattern: string, text: string, whole: boolean): boolean {
  const source = whole ? `^(?:${pattern})$` : pattern;
  try {
    return new RegExp(source, 'u').test(text);
  } catch {
    return new RegExp(source).test(text); // with escapes that need none
  }
}

function within(bounds: string, number: number): boolean {
  const [min, max] = bounds.split('..');
  return number >= (min === '' ? -Infinity : Number(min)) && number <= (max === '' ? Infinity : Number(max));
}

/** Whether the models take a value. Lengths count characters. */
export function takes({ pattern, length, integer, range, size }: Constraints, value: unknown, whole: boolean): boolean {
  if (typeof value === 'number') {
    return !Number.isNaN(value) && (!integer || Number.isInteger(value)) && (range === undefined || within(range as string, value));
  }
  if (Array.isArray(value)) { return size === undefined || within(size as string, value.length); }
  const text = value as string;
  return (pattern === undefined || fitsPattern(pattern as string, text, whole))
    && (length === undefined || within(length as string, [...text].length));
}

/** The ends of a range, a length or a size, as far as there are any. */
export function ends(bounds: unknown): number[] {
  return bounds === undefined ? [] : (bounds as string).split('..').filter(end => end !== '').map(Number);
}
