import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import type { Named } from './settings';
import { COMBINED, FLAWS, JUDGES, WORDS } from './slurm-facts';
import { COMBINATIONS, SETTINGS, type Flaw, type Form, type SettingKind, type Words } from './slurm-values';
import { isConcrete, warn, type Problems } from '../../private/problems';
import type { Rule } from '../../private/rule';
import type { SlurmVersion } from '../vocabulary/slurm-version';

/** What is said to be the most that the service takes. */
const MAX_LENGTH = 2048;

/** A setting and where it was given. */
interface Given {
  readonly kind: SettingKind;
  readonly name: string;
  /** The property, as the user wrote it. */
  readonly property: string;
  readonly value: string | undefined;
  readonly version?: SlurmVersion;
}

/** The rule that each flaw breaks where no version of Slurm reads the value. */
const UNREADABLE: Record<Flaw, Rule> = {
  notANumber: RULES.slurmValueNumber,
  negative: RULES.slurmValueNumber,
  belowMinimum: RULES.slurmValueNumber,
  aboveMaximum: RULES.slurmValueNumber,
  notABoolean: RULES.slurmValueBoolean,
  notATime: RULES.slurmValueTime,
  oddTime: RULES.slurmValueTime,
  notAPeriod: RULES.slurmValuePeriod,
  unknownWord: RULES.slurmValueWord,
  unknownPlugin: RULES.slurmValueWord,
  unknownResource: RULES.slurmValueResource,
  notAWeight: RULES.slurmValueResource,
  notALicense: RULES.slurmValueResource,
  notARange: RULES.slurmValueNumber,
  backwards: RULES.slurmValueNumber,
  notACode: RULES.slurmValueNumber,
  notAList: RULES.slurmValueNumber,
  relativePath: RULES.slurmValueWord,
};

/** Flaws that are none where a newer version has more words. */
const GROWING: ReadonlySet<Flaw> = new Set<Flaw>(['unknownWord', 'unknownPlugin', 'unknownResource']);

/** Checks the value of one setting. */
export function checkValue(scope: IConstruct, problems: Problems, { kind, name, property, value, version }: Given): void {
  if (!isJudged(value)) { return; }
  if (value.length > MAX_LENGTH) { warn(scope, RULES.slurmValueLength, { property, got: value.length }); }
  const form = Object.hasOwn(SETTINGS[kind], name) ? SETTINGS[kind][name] : undefined;
  if (form === undefined) { return; }
  if (/^$|[\s"#]/.test(value)) {
    warn(scope, RULES.slurmValueSpace, { property, got: value });
    return;
  }
  const flaw = form.flawOf(value);
  const fix = `give ${form.expects}`;
  if (flaw === undefined) {
    judgeWords(scope, { kind, name, property, value, version }, form);
    return;
  }
  const grows = GROWING.has(flaw);
  if (grows && version?._known === false) { return; }
  const found = outcomeOf(kind, name, flaw);
  if (/^R+$/.test(found) && !(grows && version === undefined)) {
    problems.add(UNREADABLE[flaw], { property, got: value, fix });
  } else {
    warn(scope, lettersFor(found, version).includes('R') ? RULES.slurmValueVersion : RULES.slurmValueIgnored, { property, got: value, fix });
  }
}

/** Warns of words that only some versions of Slurm take. */
function judgeWords(scope: IConstruct, { kind, name, property, value, version }: Given, form: Form): void {
  const known = WORDS[kind]?.[name];
  if (known === undefined || !('words' in form)) { return; }
  for (const part of value!.split(',')) {
    const word = (form as Words).words.find(one => one.toLowerCase() === part.toLowerCase());
    const letters = word === undefined || !Object.hasOwn(known, word) ? '' : lettersFor(known[word], version);
    if (letters.includes('R')) {
      warn(scope, RULES.slurmValueVersion, { property, got: part });
    } else if (letters.includes('C')) {
      warn(scope, RULES.slurmValueIgnored, { property, got: part });
    }
  }
}

/** Warns of settings that Slurm doesn't take together. */
export function checkCombinations(
  scope: IConstruct, kind: SettingKind, property: string, given: Named, version?: SlurmVersion, ofCluster?: Named,
): void {
  for (const [name, combination] of Object.entries(COMBINATIONS)) {
    if (combination.kind !== kind || !/[RC]/.test(lettersFor(COMBINED[name] ?? '', version))) { continue; }
    const { given: wrong, without = {}, onCluster, fix } = combination;
    if (!hasAll(given, wrong) || hasAny(given, without)) { continue; }
    if (onCluster && (!ofCluster || !hasAll(ofCluster, onCluster.given ?? {}) || hasAny(ofCluster, onCluster.without ?? {}))) { continue; }
    const shown = Object.keys({ ...wrong, ...without }).filter(setting => given[setting] !== undefined);
    warn(scope, RULES.slurmSettingsTogether, {
      property: `${property} (${Object.keys(wrong)[0]})`, got: Object.fromEntries(shown.map(setting => [setting, given[setting]])), fix,
    });
  }
}

type Patterns = Readonly<Record<string, RegExp>>;

/** Whether all of these settings are known to have values of these forms. */
function hasAll(settings: Named, patterns: Patterns): boolean {
  return Object.entries(patterns).every(([name, pattern]) => isJudged(settings[name]) && pattern.test(settings[name]!));
}

/** Whether one of these settings has a value of this form, or one that isn't known. */
function hasAny(settings: Named, patterns: Patterns): boolean {
  return Object.entries(patterns).some(([name, pattern]) => {
    const value = settings[name];
    return value !== undefined && (!isJudged(value) || pattern.test(value));
  });
}

/** What the versions did with a flaw, a letter for each. */
function outcomeOf(kind: SettingKind, name: string, flaw: Flaw): string {
  return Object.entries(FLAWS[kind][name] ?? {}).find(([, flaws]) => flaws.includes(flaw))?.[0] ?? 'TT';
}

/** The letter of the version of the cluster, or those of both where it isn't one of the two. */
function lettersFor(outcome: string, version: SlurmVersion | undefined): string {
  const index = JUDGES.findIndex(judge => judge === version?.value);
  return index < 0 ? outcome : outcome.charAt(index);
}

/** Programs that nodes run, and that must be there. */
const PROGRAMS = ['Prolog', 'Epilog', 'TaskProlog', 'TaskEpilog', 'HealthCheckProgram', 'UnkillableStepProgram'];

/** Warns of programs of the cluster that nothing of a node group can have put on its nodes. */
export function checkPrograms(scope: IConstruct, ofCluster: Named | undefined): void {
  const missing = PROGRAMS.flatMap(name => ofCluster?.[name] === undefined ? [] : [[name, ofCluster[name]] as const]);
  if (missing.length > 0) { warn(scope, RULES.slurmProgramMissing, { property: 'cluster.slurmSettings', got: Object.fromEntries(missing) }); }
}

/** Whether a value is known at synthesis: text without tokens, and without the numbers that stand for tokens. */
function isJudged(value: unknown): value is string {
  return typeof value === 'string' && isConcrete(value)
    && !(value.match(/-?\d+(\.\d+)?e\+\d+/g) ?? []).some(number => Token.isUnresolved(Number(number)));
}
