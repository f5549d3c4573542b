import { HandlerError } from './errors';

/** How a field is read from what a service says. */
export type FieldReader<T> = (from: T) => string;

/** The fields of a look-up: those with names of their own, and those whose names are made, for example with that of an instance group. */
export interface Fields<T> {
  readonly named: Readonly<Record<string, FieldReader<T>>>;
  readonly made?: {
    /** What they are called among the known fields. */
    readonly called: string;
    readonly find: (name: string) => FieldReader<T> | undefined;
  };
}

/** Refuses fields of another release, before a service is asked. */
export function checkFields<T>(fields: Fields<T>, wanted: readonly string[]): void {
  wanted.forEach(name => readerOf(fields, name));
}

/** The wanted fields, as attributes of a custom resource. */
export function selectFields<T>(fields: Fields<T>, from: T, wanted: readonly string[]): Record<string, string> {
  return Object.fromEntries(wanted.map(name => [name, readerOf(fields, name)(from)]));
}

/** Refuses what isn't one of a list of fields. */
export function knownField<F extends string>(name: string, all: readonly F[]): F {
  if (!(all as readonly string[]).includes(name)) { throw unknownField(name, all.join(', ')); }
  return name as F;
}

function readerOf<T>({ named, made }: Fields<T>, name: string): FieldReader<T> {
  const reader = Object.hasOwn(named, name) ? named[name] : made?.find(name);
  if (!reader) { throw unknownField(name, Object.keys(named).join(', ') + (made ? ` and ${made.called}` : '')); }
  return reader;
}

function unknownField(name: string, known: string): HandlerError {
  return new HandlerError('InvalidProperties', `unknown field: ${name}; known are ${known}`);
}
