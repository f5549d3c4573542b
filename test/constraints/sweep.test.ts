import * as fc from 'fast-check';
import { ends, takes } from './models';
import { PROBES, type Probe } from './probes';
import { EXTRACT, rowOf, type Constraints } from './table';
import { judge } from '../rules/harness';

/** Runs of each probe, besides the ends. */
const RUNS = Number(process.env.CONSTRAINT_RUNS ?? 8);

interface Asked {
  readonly source: string;
  readonly path: string;
  readonly constraints: Constraints;
}

function asked(of: string): Asked {
  const [, source, path] = /^(AWS::\S+|\S+ \S+) (.*)$/.exec(of)!;
  return { source, path, constraints: EXTRACT.at[source]?.[path] };
}

/** What the models, and the probe besides, say of a value. */
function isRight({ of, stricter }: Probe, value: unknown): boolean {
  return of.map(asked).every(({ source, constraints }) => takes(constraints, value, !source.startsWith('AWS::'))) && (stricter?.takes(value) ?? true);
}

/** What a construct says of it. */
function isRefused({ rules, program, late }: Probe, value: unknown): boolean {
  const { error = '', warnings } = judge(program(value), false, late);
  return rules.some(rule => error.includes(`[${rule}]`) || warnings.some(text => text.includes(`[ack: cdk-hpc-clusters:${rule}]`)));
}

/** Numbers at the ends and around them, and odd ones. */
function numbers(constraints: readonly Constraints[]): number[] {
  const around = constraints.flatMap(({ range }) => ends(range)).flatMap(end => [end - 1, end - 0.5, end, end + 0.5, end + 1]);
  return [...new Set([...around, 0, 1, 1.5])];
}

/** Texts that fit a pattern, where these can be generated. */
function fitting({ of, seeds = [] }: Probe): fc.Arbitrary<string> {
  const patterns = of.map(asked).flatMap(({ constraints: { pattern } }) => pattern === undefined ? [] : [pattern as string]);
  if (seeds.length > 0 || patterns.length === 0) { return fc.constantFrom(...seeds); }
  return fc.stringMatching(new RegExp(`^(?:${patterns[0].replace(/^\^|\$$/g, '')})$`));
}

/** Small changes to a text, most of which take it out of its form. */
function changed(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const unit = fc.constantFrom('a', 'Z', '0', '-', '_', '.', '/', ' ', '\n', ':', '*', ',', '"', '#', '@', '=', 'é', 'ß', '研', '\u0301', '\u2028', '𝄞', '\u0000');
  return fc.tuple(text, fc.nat(), unit, fc.constantFrom('insert', 'replace', 'remove', 'front', 'end', 'nothing')).map(([given, at, character, change]) => {
    const characters = [...given];
    const index = characters.length === 0 ? 0 : at % characters.length;
    switch (change) {
      case 'insert': characters.splice(index, 0, character); break;
      case 'replace': characters.splice(index, 1, character); break;
      case 'remove': characters.splice(index, 1); break;
      case 'front': characters.unshift(character); break;
      case 'end': characters.push(character); break;
      default: return '';
    }
    return characters.join('');
  });
}

/** Texts of the least and the greatest length, and one character more and less. */
function ofLength(probe: Probe): string[] {
  const [seed] = fc.sample(fitting(probe), { numRuns: 1, seed: 7 });
  const lengths = probe.of.map(asked).flatMap(({ constraints }) => ends(constraints.length))
    .flatMap(end => [end - 1, end, end + 1]).filter(length => length >= 0 && length <= 3000);
  return [...new Set(lengths)].flatMap(length => ['a', '0', '𝄞'].map(fill => {
    const characters = [...seed || 'a'];
    const middle = Math.min(characters.length, Math.max(0, characters.length - 1));
    while (characters.length < length) { characters.splice(middle, 0, fill); }
    return characters.slice(0, length).join('');
  }));
}

function values(probe: Probe): unknown[] {
  const constraints = probe.of.map(asked).map(({ constraints: given }) => given);
  if (probe.list) {
    const counts = constraints.flatMap(({ size }) => ends(size)).flatMap(end => [end - 1, end, end + 1]).filter(count => count >= 0);
    return [...new Set(counts)].map(count => Array.from({ length: count }, (_, index) => index));
  }
  if (constraints.some(({ range, integer }) => range !== undefined || integer)) {
    return numbers(constraints).filter(number => number >= (probe.least ?? -Infinity));
  }
  const options = { numRuns: RUNS, seed: 20261130 };
  return [...new Set([...probe.seeds ?? [], ...ofLength(probe), ...fc.sample(fitting(probe), options), ...fc.sample(changed(fitting(probe)), options), ''])]
    .filter(text => text !== '' || probe.neverEmpty === undefined);
}

describe.each(PROBES.map(probe => [`${probe.rules.join(', ')}: ${probe.of[0]}`, probe] as const))('%s', (_name, probe) => {
  test('is what the table says', () => {
    for (const { source, path, constraints } of probe.of.map(asked)) {
      expect({ source, path, constraints }).toMatchObject({ constraints: expect.anything() });
      const verdicts = (['pattern', 'length', 'integer', 'range', 'size'] as const).filter(kind => constraints[kind] !== undefined)
        .map(kind => rowOf({ source, path, kind, value: constraints[kind] })!.verdict);
      expect(verdicts.length).toBeGreaterThan(0);
      verdicts.forEach(verdict => expect(verdict).toMatchObject({ kind: 'checked', rules: expect.arrayContaining([probe.rules[0]]) }));
    }
  });

  test('refuses what the models refuse, and takes what they take', () => {
    const tried = values(probe).map(value => ({ value, right: isRight(probe, value) }));
    expect(new Set(tried.map(({ right }) => right)).size).toBe(2); // values on both sides
    expect(tried.filter(({ value, right }) => isRefused(probe, value) === right)).toEqual([]);
  });
});
