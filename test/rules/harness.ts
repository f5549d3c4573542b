import { App, Stack } from 'aws-cdk-lib';
import type { Rule } from '../../src/private/rule';

/** Programs on both sides of a rule. Each gets a fresh stack, and is synthesized. */
export interface RuleCase {
  /** Programs that break the rule, by what is wrong with them. */
  readonly refused: Record<string, (stack: Stack) => void>;
  /** The property at fault and what was got, as some of these are told. */
  readonly told?: Record<string, readonly [property: string, got?: string]>;
  /** Programs that come close and are right, by what is right about them. */
  readonly accepted: Record<string, (stack: Stack) => void>;
  /** Gives the stack a concrete account and Region. @default false */
  readonly concrete?: boolean;
}

/** The two cases of every rule of a submodule: a rule without them doesn't compile. */
export type RuleCases<K extends string> = Record<K, RuleCase>;

/** What a program was told: the text of the error that ended it, and the texts and ids of its warnings. */
export interface Verdict {
  readonly error?: string;
  readonly warnings: string[];
  /** The error that the program itself ended with, before the end of synthesis. */
  readonly thrown?: Error;
}

/** Runs a program to the end of synthesis, or of itself. */
export function judge(program: (stack: Stack) => void, concrete = false, synthesize = true): Verdict {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', concrete ? { env: { account: '111122223333', region: 'us-east-1' } } : {});
  try {
    program(stack);
  } catch (error) {
    return { error: (error as Error).message, warnings: [], thrown: error as Error };
  }
  if (!synthesize) { return { warnings: [] }; }
  const warnings: string[] = [];
  let error: string | undefined;
  try {
    app.synth();
  } catch (e) {
    error = (e as Error).message;
  }
  for (const construct of app.node.findAll()) {
    for (const entry of construct.node.metadata) {
      if (entry.type === 'aws:cdk:warning') { warnings.push(String(entry.data)); }
      if (entry.type === 'aws:cdk:error') { error = `${error ?? ''}\n${entry.data}`; }
    }
  }
  return { error, warnings };
}

/** Whether a verdict speaks of a rule. */
export function speaksOf(verdict: Verdict, rule: Rule): boolean {
  return rule.severity === 'error'
    ? verdict.error?.includes(`[${rule.id}]`) === true
    : verdict.warnings.some(text => text.includes(`[ack: cdk-hpc-clusters:${rule.id}]`));
}

/** Texts of engines and libraries about what they can't read, which say nothing to users. */
const INTERNAL = /Cannot (read|set|convert|destructure)|is not (a function|iterable|defined|an object|a constructor)|undefined \(reading|TypeError|RangeError|Resolution error|\bat (new )?\w+[.\w]* \(|\$\{Token\[|#\{Token\[|\[object /;
/** A frame of a construct that is being made: its path is known. */
const OF_A_CONSTRUCT = /at new (?!Scaling|Efa|UpfrontFee)\w+ .*[\\/]src[\\/]/;

const codes = (text: string) => text.match(/\[\w+\.\w+\]/g)?.length ?? 0;

/** What is wrong with how a verdict is told, whatever it says: it has its codes once, its place, and nothing from inside. */
export function faultsOfWording({ error = '', warnings, thrown }: Verdict): string[] {
  const faults: string[] = [];
  const lines = [...error.split('\n').filter(line => /\[\w+\.\w+\] `/.test(line)), ...warnings.filter(text => text.includes('[ack: cdk-hpc-clusters:'))];
  for (const line of lines) {
    if (line.match(/\[(ack: cdk-hpc-clusters:)?\w+\.\w+\]/g)?.length !== 1) { faults.push(`not one code: ${line}`); }
    if (INTERNAL.test(line)) { faults.push(`from inside: ${line}`); }
  }
  if (thrown) {
    if (/\w+\.\w+/.test(thrown.name)) { faults.push(`named by its code: ${thrown.name}`); } // languages put the name before the message
    if (codes(thrown.stack ?? '') !== codes(error)) { faults.push(`codes again: ${thrown.stack}`); }
    if (codes(error) > 0 && !/ \(at [^()]+\)$/.test(error) && OF_A_CONSTRUCT.test(thrown.stack ?? '')) { faults.push(`no place: ${error}`); }
  } else if (codes(error) > 0 && !/\[[\w/]+\] \[/.test(error) && !/ \(at [^()]+\)$/.test(error)) {
    faults.push(`no place: ${error}`);
  }
  return faults;
}

/** The property at fault, which a verdict names first, and what was got. */
function toldBy({ error, warnings }: Verdict, rule: Rule): (string | undefined)[] {
  const told = rule.severity === 'error'
    ? error!.slice(error!.indexOf(`[${rule.id}] `) + rule.id.length + 3)
    : warnings.find(text => text.includes(`[ack: cdk-hpc-clusters:${rule.id}]`))!;
  const [line] = told.split('\n');
  const got = /, got: (.*?); /.exec(line)?.[1];
  return [/^`([^`]*)`/.exec(line)?.[1], ...got === undefined ? [] : [got]];
}

/** Declares the tests of a submodule's rules. */
export function testRules<K extends string>(rules: Record<K, Rule>, cases: RuleCases<K>): void {
  for (const key of Object.keys(rules) as K[]) {
    const rule = rules[key];
    const { refused, accepted, concrete, told = {} } = cases[key];
    const verb = rule.severity === 'error' ? 'refuses' : 'warns of';
    describe(rule.id, () => {
      test('has cases on both sides', () => {
        expect(Object.keys(refused)).not.toHaveLength(0);
        expect(Object.keys(accepted)).not.toHaveLength(0);
        expect(Object.keys(refused)).toEqual(expect.arrayContaining(Object.keys(told)));
      });
      test.each(Object.entries(refused))(`${verb} %s`, (name, program) => {
        const verdict = judge(program, concrete);
        expect({ ...verdict, spoken: speaksOf(verdict, rule) }).toMatchObject({ spoken: true });
        const what = toldBy(verdict, rule);
        expect(what[0]).toMatch(/./);
        expect(faultsOfWording(verdict)).toEqual([]);
        if (name in told) { expect(what).toEqual(told[name]); }
      });
      test.each(Object.entries(accepted))('accepts %s', (_name, program) => {
        const verdict = judge(program, concrete);
        expect(verdict.error).toBeUndefined();
        expect({ ...verdict, spoken: speaksOf(verdict, rule) }).toMatchObject({ spoken: false });
      });
    });
  }
}
