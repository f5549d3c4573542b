import { ServiceError } from './service';

/** What the service model says of a value. Its patterns aren't anchored, while the service matches whole values. */
export type Shape =
  | { readonly type: 'string'; readonly min?: number; readonly max?: number; readonly pattern?: string; readonly values?: readonly string[] }
  | { readonly type: 'integer' | 'float'; readonly min?: number; readonly max?: number }
  | { readonly type: 'timestamp' | 'boolean' }
  | { readonly type: 'list'; readonly of: Shape; readonly min?: number; readonly max: number }
  | Structure;

/** Members by name; those that are required end with an exclamation mark. */
export interface Structure {
  readonly type: 'structure';
  readonly members: Readonly<Record<string, Shape>>;
}

/** Throws what the service answers when a value doesn't satisfy its shape. */
export function check(input: unknown, shape: Structure): void {
  const broken: string[] = [];
  visit(input, shape, '', broken);
  if (broken.length > 0) {
    throw new ServiceError('ValidationException', `${broken.length} validation error${broken.length > 1 ? 's' : ''} detected: ${broken.join('; ')}`);
  }
}

function visit(value: unknown, shape: Shape, path: string, broken: string[]): void {
  const refuse = (constraint: string, shown = `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`) =>
    broken.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
  switch (shape.type) {
    case 'structure':
      expectType(value, typeof value === 'object' && value !== null && !Array.isArray(value), shape, path);
      for (const [key, member] of Object.entries(shape.members)) {
        const name = key.replace(/!$/, '');
        const inner = [path, name[0].toLowerCase() + name.slice(1)].filter(Boolean).join('.');
        const part = (value as Record<string, unknown>)[name];
        if (part !== undefined && part !== null) {
          visit(part, member, inner, broken);
        } else if (key.endsWith('!')) {
          broken.push(`Value null at '${inner}' failed to satisfy constraint: Member must not be null`);
        }
      }
      break;
    case 'list':
      expectType(value, Array.isArray(value), shape, path);
      if ((value as unknown[]).length > shape.max) { refuse(`Member must have length less than or equal to ${shape.max}`); }
      if ((value as unknown[]).length < (shape.min ?? 0)) { refuse(`Member must have length greater than or equal to ${shape.min}`); }
      (value as unknown[]).forEach((part, index) => visit(part, shape.of, `${path}.${index + 1}.member`, broken));
      break;
    case 'string': {
      expectType(value, typeof value === 'string', shape, path);
      const text = value as string;
      const { min = 0, max = Infinity } = shape;
      if (text.length < min || text.length > max) { refuse(`Member must have length between ${min} and ${max}`); }
      if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`, 'u').test(text)) {
        refuse(`Member must satisfy regular expression pattern: ${shape.pattern}`);
      }
      if (shape.values && !shape.values.includes(text)) { refuse(`Member must satisfy enum value set: [${shape.values.join(', ')}]`); }
      break;
    }
    case 'timestamp':
      expectType(value, typeof value === 'number', shape, path);
      break;
    case 'boolean':
      expectType(value, typeof value === 'boolean', shape, path);
      break;
    case 'integer':
    case 'float': {
      expectType(value, typeof value === 'number' && (shape.type === 'float' || Number.isInteger(value)), shape, path);
      const { min = -Infinity, max = Infinity } = shape;
      if ((value as number) < min || (value as number) > max) { refuse(`Member must have value between ${min} and ${max}`); }
    }
  }
}

/** What isn't even of its type never gets to the service's own checks. */
function expectType(value: unknown, right: boolean, shape: Shape, path: string): void {
  if (!right) { throw new ServiceError('SerializationException', `${shape.type} expected at '${path}', not ${JSON.stringify(value)}`); }
}
