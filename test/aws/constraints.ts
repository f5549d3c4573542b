import { ServiceError } from './service';

/** What the service model says of a value. Its patterns aren't anchored, while the service matches whole values. */
export type Shape =
  | { readonly type: 'string'; readonly min?: number; readonly max?: number; readonly pattern?: string; readonly values?: readonly string[] }
  | { readonly type: 'integer' | 'float'; readonly min?: number; readonly max?: number }
  | { readonly type: 'timestamp'; readonly text?: boolean }
  | { readonly type: 'boolean' }
  | { readonly type: 'any' }
  | { readonly type: 'list' | 'map'; readonly of: Shape; readonly min?: number; readonly max?: number }
  | Structure;

/** Members by name; those that are required end with an exclamation mark. */
export interface Structure {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
}

/** Stands for a value that nobody knows yet, and that is right. */
export const UNKNOWN = Symbol('unknown');

/** What is wrong with a value. */
export interface Violations {
  /** Constraints that it breaks, as the service words them. */
  readonly broken: string[];
  /** Members that the shape doesn't have. Services ignore them. */
  readonly unknown: string[];
}

/** Throws what the service answers when a value doesn't satisfy its shape. */
export function check(input: unknown, shape: Structure): void {
  const { broken } = violations(input, shape);
  if (broken.length > 0) {
    throw new ServiceError('ValidationException', `${broken.length} validation error${broken.length > 1 ? 's' : ''} detected: ${broken.join('; ')}`);
  }
}

/** All that is wrong with a value; throws where it isn't even of its type. */
export function violations(value: unknown, shape: Structure): Violations {
  const found: Violations = { broken: [], unknown: [] };
  visit(value, shape, '', found);
  return found;
}

function visit(value: unknown, shape: Shape, path: string, found: Violations): void {
  if (value === UNKNOWN) { return; }
  const { broken } = found;
  const refuse = (constraint: string, shown = `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`) =>
    broken.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
  switch (shape.type) {
    case 'structure':
      expectType(value, isObject(value), shape, path);
      found.unknown.push(...Object.keys(value as object).filter(name => !(name in shape.members || `${name}!` in shape.members)).map(name => within(path, name)));
      for (const [key, member] of Object.entries(shape.members)) {
        const name = key.replace(/!$/, '');
        const inner = within(path, name);
        const part = (value as Record<string, unknown>)[name];
        if (part !== undefined && part !== null) {
          visit(part, member, inner, found);
        } else if (key.endsWith('!')) {
          broken.push(`Value null at '${inner}' failed to satisfy constraint: Member must not be null`);
        }
      }
      break;
    case 'list':
    case 'map': {
      expectType(value, shape.type === 'list' ? Array.isArray(value) : isObject(value), shape, path);
      const { min = 0, max = Infinity } = shape;
      const parts = Object.entries(value as object);
      if (parts.length > max) { refuse(`Member must have length less than or equal to ${max}`); }
      if (parts.length < min) { refuse(`Member must have length greater than or equal to ${min}`); }
      parts.forEach(([key, part]) => visit(part, shape.of, shape.type === 'list' ? `${path}.${Number(key) + 1}.member` : `${path}.${key}`, found));
      break;
    }
    case 'string': {
      expectType(value, typeof value === 'string', shape, path);
      const text = value as string;
      const { min = 0, max = Infinity } = shape;
      const length = [...text].length; // of characters, whatever they take
      if (length < min || length > max) { refuse(`Member must have length between ${min} and ${max}`); }
      if (shape.pattern !== undefined && matcher(shape.pattern)?.test(text) === false) {
        refuse(`Member must satisfy regular expression pattern: ${shape.pattern}`);
      }
      if (shape.values && !shape.values.includes(text)) { refuse(`Member must satisfy enum value set: [${shape.values.join(', ')}]`); }
      break;
    }
    case 'timestamp':
      expectType(value, shape.text ? !Number.isNaN(Date.parse(String(value))) : typeof value === 'number', shape, path);
      break;
    case 'boolean':
      expectType(value, typeof value === 'boolean', shape, path);
      break;
    case 'any':
      break;
    case 'integer':
    case 'float': {
      expectType(value, typeof value === 'number' && (shape.type === 'float' || Number.isInteger(value)), shape, path);
      const { min = -Infinity, max = Infinity } = shape;
      if ((value as number) < min || (value as number) > max) { refuse(`Member must have value between ${min} and ${max}`); }
    }
  }
}

/** A whole-value match. Some patterns of the models have escapes that need no escape, and a few aren't regular expressions at all. */
function matcher(pattern: string): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(`^(?:${pattern})$`, flags);
    } catch { /* try the next */ }
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of a member, in the words of the service. */
function within(path: string, name: string): string {
  return [path, name[0].toLowerCase() + name.slice(1)].filter(Boolean).join('.');
}

/** What isn't even of its type never gets to the service's own checks. */
function expectType(value: unknown, right: boolean, shape: Shape, path: string): void {
  if (!right) { throw new ServiceError('SerializationException', `${shape.type} expected at '${path}', not ${JSON.stringify(value)}`); }
}
