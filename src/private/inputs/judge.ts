import { Lazy, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { hintFor, nearest } from './hints';
import { otherServiceOf } from './references';
import { RULES } from './rules';
import { ENUMS, OBJECTS, STRUCTS, VALUES } from './types';
import { isOfKind, kindOf } from '../kinds';
import { lineOf } from '../lines';
import { isPlaceholder } from '../placeholders';
import { Problems, isIntrinsic, isToken, warn, type Finding } from '../problems';
import type { Rule } from '../rule';

/** A call of something of the API. */
export interface Call<R> {
  /** What it takes, in the words of `signatures.ts`. */
  readonly parameters: string;
  readonly args: unknown[];
  /** How messages name it. Constructors have none: messages have the path of the construct. */
  readonly title?: string;
  /** The prototype of the construct that is to be made. */
  readonly prototype?: object;
  /** What it is called on. */
  readonly self?: unknown;
  /** Does it, with the arguments as judged. */
  readonly call: (args: unknown[]) => R;
}

/** What was found wrong with the arguments of a call. */
class Findings {
  public readonly problems = new Problems();
  public readonly warnings: Finding[] = [];

  constructor(private readonly title?: string) {}

  public add(rule: Rule, finding: Finding, text?: string): void {
    const where = this.title === undefined ? '' : `in \`${this.title}\` `;
    const full: Finding = { ...finding, rule: `${where}${text ?? rule.rule}` };
    if (rule.severity === 'warning') { this.warnings.push(full); } else { this.problems.add(rule, full); }
  }
}

/** Judges a value, and returns it without the nulls that stand for nothing. */
type Judge = (value: unknown, property: string, findings: Findings) => unknown;

/** Warnings about what factories were given, which have no construct to stand at: they wait for the one that takes the value. */
const WAITING = new WeakMap<object, Finding[]>();
let someWait = false;

/** The properties that calls inside of the present one have warned of. */
let told: string[] = [];
let depth = 0;

/** Judges the arguments of a call, refuses it or does it, and warns. */
export function judgeCall<R>({ parameters, args, title, prototype, self, call }: Call<R>): R {
  const findings = new Findings(title);
  const [scope, id] = args;
  const judged = judgeArguments(parameters, args, findings);
  findings.problems.throwIfAny(prototype ? toBe(prototype, scope, id) : [self, scope].find(each => Construct.isConstruct(each)));
  if (findings.warnings.length === 0) { return call(judged); }

  const before = told.length;
  depth += 1;
  try {
    const result = call(judged);
    const fresh = findings.warnings.filter(({ property }) => !told.slice(before).includes(property));
    announce(fresh, result, [result, self, scope].find(each => Construct.isConstruct(each)));
    return result;
  } finally {
    depth -= 1;
    if (depth === 0) { told = []; }
  }
}

function announce(warnings: Finding[], result: unknown, construct: IConstruct | undefined): void {
  for (const finding of warnings) {
    told.push(finding.property);
    if (construct) {
      warn(construct, RULES.unknownProperty, finding);
    } else if (kindOf(result) !== undefined) {
      WAITING.set(result as object, [...WAITING.get(result as object) ?? [], finding]);
      someWait = true;
    }
  }
}

/** What an error names as the construct that couldn't be made: it has a path before it is there. */
function toBe(prototype: object, scope: unknown, id: unknown): IConstruct | undefined {
  if (!Construct.isConstruct(scope)) { return undefined; }
  const path = [scope.node.path, String(id)].filter(part => part !== '').join('/');
  return Object.create(prototype, { node: { value: { id: String(id), path, scope } } }) as IConstruct;
}

/** What values of a type are held to. */
interface Type {
  /** Whether a value is of the type as it is: there is nothing to refuse, to warn of, to leave out or to put in its place. */
  readonly fits: (value: unknown) => boolean;
  /** Judges a value, whether or not it fits. */
  readonly judge: Judge;
}

interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly rest: boolean;
  readonly type: string;
}

/** Parameters, or the members of a struct. */
interface Members {
  readonly list: readonly Member[];
  readonly byName: ReadonlyMap<string, Member>;
  /** How many are required. */
  readonly required: number;
}

const MEMBERS = new Map<string, Members>();

/** Parameters or members, of their text: `scope!Construct id!string props!pcs.ClusterProps`. */
function membersOf(text: string): Members {
  let members = MEMBERS.get(text);
  if (!members) {
    const list = text === '' ? [] : text.split(' ').map(each => {
      const [, name, mark, type] = /^(\w+)([!?*])(.+)$/.exec(each)!;
      return { name, required: mark === '!', rest: mark === '*', type };
    });
    members = { list, byName: new Map(list.map(member => [member.name, member])), required: list.filter(member => member.required).length };
    MEMBERS.set(text, members);
  }
  return members;
}

/**
 * Whether the arguments of a call fit as they are. Nearly all do, and this is all that they take: nothing is made for a message
 * before there is something to tell.
 */
export function fitAll(parameters: string, args: readonly unknown[]): boolean {
  const { list } = membersOf(parameters);
  for (let index = 0; index < list.length; index++) {
    const { required, rest, type } = list[index];
    const end = rest ? args.length : index + 1;
    for (let i = index; i < end; i++) {
      const given = args[i];
      if (given === undefined && !rest) {
        if (required) { return false; }
      } else if (given === null || !typeOf(type).fits(given)) {
        return false;
      }
    }
  }
  return true;
}

function judgeArguments(parameters: string, args: unknown[], findings: Findings): unknown[] {
  const judged = [...args];
  membersOf(parameters).list.forEach(({ name, required, rest, type }, index) => {
    const { judge } = typeOf(type);
    if (rest) {
      for (let i = index; i < args.length; i++) { judged[i] = judge(args[i], `${name}[${i - index}]`, findings); }
      return;
    }
    const given = args[index];
    const struct = lineOf(STRUCTS, type);
    if (given === undefined || given === null) {
      judged[index] = undefined;
      if (!required) { return; }
      // All that is missing is named, and not the object around it.
      if (struct?.includes('!')) { judge({}, '', findings); } else { missing(name, type, findings); }
      return;
    }
    judged[index] = judge(given, struct !== undefined && isStructLike(given) ? '' : name, findings);
  });
  return judged;
}

function missing(property: string, type: string, findings: Findings, fix?: string): void {
  findings.add(RULES.missing, { property, fix: fix ?? hintFor(type, undefined) });
}

function wrong(type: string, value: unknown, property: string, findings: Findings): unknown {
  const text = `must be ${described(type)}`;
  if (value === undefined || value === null) {
    findings.add(RULES.type, { property, got: value, fix: `${hintFor(type, value)}, or leave it out` }, text);
  } else {
    findings.add(RULES.type, { property, got: kindOf(value) ?? value, fix: hintFor(type, value) }, text);
  }
  return value;
}

function described(type: string): string {
  if (type.includes('|')) { return partsOf(type).map(described).join(' or '); }
  if (type.startsWith('[')) { return `a list, each \`${type.slice(1, -1)}\``; }
  if (type.startsWith('{')) { return 'an object with a value for each key'; }
  return { string: 'a text', number: 'a number', boolean: '`true` or `false`' }[type] ?? `\`${type}\``;
}

const TYPES = new Map<string, Type>();

/** A type of its text. Types are made when the first value of theirs is judged. */
function typeOf(text: string): Type {
  let type = TYPES.get(text);
  if (!type) {
    type = makeType(text);
    TYPES.set(text, type);
  }
  return type;
}

function makeType(type: string): Type {
  if (type.includes('|')) { return anyOf(type); }
  if (type.startsWith('[')) { return listOf(type); }
  if (type.startsWith('{')) { return mapOf(type); }
  switch (type) {
    case 'any': return strict(type, () => true);
    case 'string': return known(type, value => typeof value === type, Token.asString);
    case 'boolean': return plain(type, value => typeof value === type);
    case 'number': return known(type, value => Number.isFinite(value), Token.asNumber);
    case 'Construct':
    case 'IConstruct': return strict(type, value => Construct.isConstruct(value));
  }
  const struct = lineOf(STRUCTS, type);
  if (struct !== undefined) { return structOf(type, struct); }
  const values = lineOf(ENUMS, type);
  if (values !== undefined) { return enumOf(type, values); }
  if (lineOf(VALUES, type) !== undefined) { return valueOf(type); }
  return objectOf(type);
}

function objectOf(type: string): Type {
  const [text, makers] = (lineOf(OBJECTS, type) ?? '').split('<-');
  const members = text.trim() === '' ? [] : text.trim().split(' ');
  /*
   * Of a class, one member is enough. Interfaces have general ones, too: the first one says what it is, or half of them do. A reference
   * doesn't say it alone.
   */
  const enough = makers === undefined ? Math.ceil(members.length / 2) : Math.min(members.length, 1);
  const hasEnough = (value: object) => members.filter(member => member in value).length >= enough;
  const isKnown = /Ref$/.test(members[0])
    ? (value: object) => members[0] in value && hasEnough(value)
    : (value: object) => members[0] in value || hasEnough(value);
  const isOfService = (value: object) => otherServiceOf(type, value) === undefined;
  return strict(type, value => isObject(value) && kindOf(value) === undefined && isKnown(value) && isOfService(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value has members of its own, and isn't something else that is an object. */
function isStructLike(value: unknown): value is Record<string, unknown> {
  return isObject(value) && kindOf(value) === undefined && !isKnownLater(value);
}

/** Of types whose values may be known at deployment only. */
function plain(type: string, is: (value: unknown) => boolean): Type {
  return strict(type, value => is(value) || isKnownLater(value));
}

/**
 * Of types that tokens stand for. What is known at deployment, or has yet to be looked up, becomes such a token, however it was given: all
 * that reads the value knows tokens, and nothing else.
 */
function known(type: string, is: (value: unknown) => boolean, encode: (value: unknown) => unknown): Type {
  return {
    fits: value => is(value) && !isPlaceholder(value),
    judge: (value, property, findings) => {
      if (isPlaceholder(value)) { return Lazy.string({ produce: () => value as string }); }
      if (is(value)) { return value; }
      return isKnownLater(value) ? encode(value) : wrong(type, value, property, findings);
    },
  };
}

/** Of types that no token can be of. */
function strict(type: string, fits: (value: unknown) => boolean): Type {
  return { fits, judge: (value, property, findings) => (fits(value) ? value : wrong(type, value, property, findings)) };
}

/** A token, or an intrinsic function in the words of CloudFormation. */
function isKnownLater(value: unknown): boolean {
  return isToken(value) || isIntrinsic(value);
}

function valueOf(type: string): Type {
  return {
    fits: value => isOfKind(value, type) && !(someWait && WAITING.has(value)),
    judge: (value, property, findings) => {
      if (!isOfKind(value, type)) { return wrong(type, value, property, findings); }
      if (someWait && WAITING.has(value)) { findings.warnings.push(...WAITING.get(value)!); }
      return value;
    },
  };
}

/** Members of other libraries' enums are known to a newer version of theirs. */
function enumOf(type: string, text: string): Type {
  const [first, ...rest] = text.split(' ');
  if (!first.includes('=')) { return plain(type, value => typeof value === first); }
  const values = new Set([first, ...rest].map(each => JSON.parse(each.slice(each.indexOf('=') + 1)) as unknown));
  return plain(type, value => values.has(value));
}

function anyOf(type: string): Type {
  const types = partsOf(type).map(typeOf);
  return {
    fits: value => types.some(each => each.fits(value)),
    judge: (value, property, findings) => {
      for (const { judge } of types) {
        const attempt = new Findings();
        const judged = judge(value, property, attempt);
        if (attempt.problems.isEmpty) { return judged; }
      }
      return wrong(type, value, property, findings);
    },
  };
}

/** The parts of a union, which may be of lists and maps. */
function partsOf(type: string): string[] {
  const parts = [''];
  let level = 0;
  for (const sign of type) {
    level += '[{'.includes(sign) ? 1 : ']}'.includes(sign) ? -1 : 0;
    if (sign === '|' && level === 0) { parts.push(''); } else { parts[parts.length - 1] += sign; }
  }
  return parts.length > 1 ? parts : [type];
}

function listOf(type: string): Type {
  const { fits, judge } = typeOf(type.slice(1, -1));
  const isOfTexts = ['[string]', '[number]'].includes(type); // there is no token for lists of others
  return {
    fits: value => Array.isArray(value) && ([...value].every(fits) || isToken(value)), // a hole is as undefined
    judge: (value, property, findings) => {
      if (isToken(value) && Array.isArray(value)) { return value; }
      if (!Array.isArray(value)) { return isOfTexts && isKnownLater(value) ? Token.asList(value) : wrong(type, value, property, findings); }
      return replaced(value, index => judge(value[index], `${property}[${index}]`, findings));
    },
  };
}

function mapOf(type: string): Type {
  const { fits, judge } = typeOf(type.slice(1, -1));
  const isMap = (value: unknown): value is Record<string, unknown> =>
    isObject(value) && !Construct.isConstruct(value) && kindOf(value) === undefined;
  // As the CDK has it, a key without a value isn't there.
  const keysOf = (value: Record<string, unknown>) => Object.keys(value).filter(key => value[key] !== undefined);
  return {
    fits: value => (isMap(value) && keysOf(value).every(key => fits(value[key]))) || isKnownLater(value),
    judge: (value, property, findings) => {
      if (isKnownLater(value)) { return value; }
      if (!isMap(value)) { return wrong(type, value, property, findings); }
      let copy: Record<string, unknown> | undefined;
      for (const key of keysOf(value)) {
        const judged = judge(value[key], `${property}.${key}`, findings);
        if (judged !== value[key]) { (copy ??= { ...value })[key] = judged; }
      }
      return copy ?? value;
    },
  };
}

/** A list as judged: the same one where nothing in it has changed. */
function replaced(list: unknown[], judge: (index: number) => unknown): unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const judged = judge(index);
    if (judged !== list[index]) { (copy ??= [...list])[index] = judged; }
  }
  return copy ?? list;
}

/** A copy of a struct, with the members that it has from its class, such as getters. */
function copyOf(value: Record<string, unknown>, members: readonly Member[]): Record<string, unknown> {
  const inherited = members.filter(({ name }) => name in value).map(({ name }) => [name, value[name]]);
  return { ...value, ...Object.fromEntries(inherited) as Record<string, unknown> };
}

function structOf(type: string, text: string): Type {
  /* What other libraries' structs have is theirs to say. */
  if (text === '') {
    return plain(type, value => isObject(value) && !Construct.isConstruct(value) && kindOf(value) === undefined);
  }
  return {
    fits: value => isObject(value) && hasMembers(value, membersOf(text)),
    judge: (value, property, findings) => (isStructLike(value)
      ? judgeMembers(membersOf(text), value, property, findings)
      : wrong(type, value, property, findings)),
  };
}

/** Whether a plain object has the members that it needs, and no others. Objects of classes are judged at length. */
function hasMembers(value: Record<string, unknown>, { byName, required }: Members): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) { return false; }
  let found = 0;
  for (const key of Object.keys(value)) {
    const given = value[key];
    if (given === undefined) { continue; }
    const member = byName.get(key);
    if (given === null || member === undefined || !typeOf(member.type).fits(given)) { return false; }
    if (member.required) { found += 1; }
  }
  return found === required;
}

/** Judges the members of a struct, one after the other. */
function judgeMembers({ list: members, byName }: Members, value: Record<string, unknown>, property: string, findings: Findings): unknown {
  const unknown = Object.keys(value).filter(key => !byName.has(key) && !key.startsWith('_') && value[key] !== undefined);
  const isAbsent = (name: string) => value[name] === undefined || value[name] === null;
  const absent = unknown.length === 0 ? [] : members.map(member => member.name).filter(isAbsent);
  const misspelt = new Map(unknown.map(key => [nearest(key, absent, true), key]));
  const prefix = property === '' ? '' : `${property}.`;
  let copy: Record<string, unknown> | undefined;
  for (const { name, required, type: wanted } of members) {
    const given = value[name];
    if (given === undefined || given === null) {
      const spelt = misspelt.get(name);
      if (required) {
        missing(prefix + name, wanted, findings, spelt === undefined ? undefined : `\`${spelt}\` is given: correct its name`);
      } else if (spelt !== undefined) {
        findings.add(RULES.unknownProperty, { property: prefix + spelt, fix: `its name is \`${name}\`` });
      }
      if (given === null) { delete (copy ??= copyOf(value, members))[name]; }
      continue;
    }
    const judged = typeOf(wanted).judge(given, prefix + name, findings);
    if (judged !== given) { (copy ??= copyOf(value, members))[name] = judged; }
  }
  return copy ?? value;
}
