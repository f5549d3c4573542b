import { Annotations, Token, ValidationError } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { isPlaceholder } from './placeholders';
import type { Rule } from './rule';

/** The id under which a warning of ours is acknowledged is this prefix and the id of the rule. */
const WARNING_PREFIX = 'cdk-hpc-clusters:';

/** Where jsii notes the name of a class. */
const RUNTIME_TYPE = Symbol.for('jsii.rtti');

/** One breach of a rule. */
export interface Finding {
  /** The property at fault, as the user wrote it: `scaling.min`. */
  readonly property: string;
  /** What was given. Left out where there is nothing to show. */
  readonly got?: unknown;
  /** What must hold, where the words of the rule can be made more precise. */
  readonly rule?: string;
  /** What to do, where the general advice of the rule can be made more precise. */
  readonly fix?: string;
}

/** Collects every problem of one construct's props, so that its user sees all of them at once. */
export class Problems {
  private readonly found: { readonly rule: Rule; readonly text: string }[] = [];

  /** Notes a breach. Only rules of severity `error` belong here. */
  public add(rule: Rule, finding: Finding): void {
    if (rule.severity !== 'error') {
      throw new Error(`${rule.id} is a warning and can't be thrown`);
    }
    this.found.push({ rule, text: describe(rule, finding) });
  }

  public get isEmpty(): boolean {
    return this.found.length === 0;
  }

  /** Throws one error that names every problem, or does nothing where there are none. Factories of values have no construct. */
  public throwIfAny(scope: IConstruct | undefined): void {
    if (this.found.length === 0) { return; }
    const lines = this.found.map(problem => problem.text);
    const message = lines.length === 1 ? lines[0] : `${lines.length} problems:\n${lines.map(line => `  - ${line}`).join('\n')}`;
    throw validationError(message, scope);
  }
}

/** Throws for a single breach, where there is nothing else to collect. */
export function fail(scope: IConstruct, rule: Rule, finding: Finding): never {
  const problems = new Problems();
  problems.add(rule, finding);
  problems.throwIfAny(scope);
  throw new Error('unreachable');
}

/** Advice that doesn't stop synthesis. */
export function warn(scope: IConstruct, rule: Rule, finding: Finding): void {
  if (rule.severity !== 'warning') {
    throw new Error(`${rule.id} is an error and can't be a warning`);
  }
  Annotations.of(scope).addWarningV2(WARNING_PREFIX + rule.id, describe(rule, finding, false));
}

/**
 * The text of a breach: "[pcs.scalingMinAboveMax] `scaling.min` must not be above the maximum, got: 5; lower it".
 *
 * Validations of the construct tree lose every structure but their text, so the code stands in front.
 */
export function describe(rule: Rule, finding: Finding, withCode = true): string {
  const code = withCode ? `[${rule.id}] ` : '';
  const got = 'got' in finding ? `, got: ${show(finding.got)}` : '';
  return `${code}\`${finding.property}\` ${finding.rule ?? rule.rule}${got}; ${finding.fix ?? rule.fix}`;
}

/**
 * Whether a value is given and known at synthesis. Tokens and intrinsic functions are never judged, nor is what stands for a value until
 * the CLI has looked it up: an error would end the app before the CLI learns what to look up.
 */
export function isConcrete<T>(value: T | undefined): value is T {
  if (Number.isSafeInteger(value)) { return true; } // the numbers that stand for tokens are far beyond, and slow to recognize
  return value !== undefined && !Token.isUnresolved(value) && !isPlaceholder(value) && !isIntrinsic(value) && !isItemOfListToken(value);
}

/** Whether a text is what stands in a list for all of its items, since they are known at deployment: no text can be made of it. */
export function isItemOfListToken(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('#{') && Token.isUnresolved([value]);
}

/** Whether a value is an intrinsic function of CloudFormation, as somebody has written it out: `{ 'Fn::If': […] }`. */
export function isIntrinsic(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return false; }
  const names = Object.keys(value);
  return names.length === 1 && /^(Ref|Condition|Fn::\w+)$/.test(names[0]);
}

/** Whether a text is a reference that CloudFormation resolves, as somebody has written it out. */
export function isDynamicReference(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{{resolve:');
}

/** A value as a reader can take it: short JSON in which tokens are named as such. */
function show(value: unknown): string {
  if (value === undefined) { return 'nothing'; }
  if (typeof value === 'number' && !Number.isFinite(value)) { return String(value); } // JSON has no word for them
  if (typeof value === 'function') { return `the ${isClass(value) ? 'class' : 'function'} ${classNameOf(value)}`; }
  const text = JSON.stringify(value, (_key, part) => {
    if (Construct.isConstruct(part)) { return `<construct ${part.node.path}>`; } // a stack can be resolved, too
    if (Token.isUnresolved(part)) { return '<known at deployment>'; }
    if (typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part))) { return String(part); }
    return ofClass(part) ?? part;
  }) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}

/** Whether something is known at deployment only. Stacks can be resolved, too, and are none. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value) && !Construct.isConstruct(value);
}

/** Whether a function makes objects, as far as its name and text tell: some classes are wrapped. */
export function isClass(value: { readonly name: string }): boolean {
  return /^[A-Z]/.test(value.name) || /^class\b/.test(String(value));
}

/** The name of a class as its users know it, or of a function: minifiers put digits behind names, and jsii notes what they were. */
export function classNameOf(value: { readonly name: string }): string {
  const known = (value as { [RUNTIME_TYPE]?: { fqn?: string } })[RUNTIME_TYPE]?.fqn?.split('.').at(-1);
  return known !== undefined && /^\d*$/.test(value.name.replace(known, '')) ? known : value.name;
}

/** How an object of a class is told: what is in it may be the whole tree. */
function ofClass(value: unknown): string | undefined {
  const made = typeof value === 'object' && value !== null && !Array.isArray(value) && !('toJSON' in value) ? value.constructor : undefined;
  return made === undefined || made === Object ? undefined : `<${classNameOf(made)}>`;
}

/**
 * The one place that knows how aws-cdk-lib's own errors are made: the class is there at run time, yet not part of its
 * stable interface (see decisions/0003).
 */
function validationError(message: string, scope: IConstruct | undefined): Error {
  // The path is in the message, since other languages show nothing else. The name stands in front of it, so it isn't the code again.
  const place = scope?.node.path ? ` (at ${scope.node.path})` : '';
  return new ValidationError('ValidationError' as ConstructorParameters<typeof ValidationError>[0], message + place, scope as IConstruct);
}
