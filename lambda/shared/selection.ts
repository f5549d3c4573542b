import { HandlerError } from './errors';

/** How many things an error names. */
const NAMED = 5;

/** The words of an error. */
interface Words<T> {
  /** The code of the error where there is none. */
  readonly none: string;
  /** What they are, in the plural. */
  readonly things: string;
  /** What names one of them for sure. */
  readonly key: string;
  readonly tell: (thing: T) => string;
}

/** The only one of the things that satisfies criteria. Fails where there is none, or several, and names them. */
export function theOnly<T>(all: readonly T[], satisfies: (thing: T) => boolean, { none, things, key, tell }: Words<T>): T {
  const found = all.filter(satisfies);
  if (found.length === 1) { return found[0]; }
  const named = (some: readonly T[]) => [
    ...some.slice(0, NAMED).map(tell), ...some.length > NAMED ? [`${some.length - NAMED} more`] : [],
  ].join(', ') || 'none';
  throw found.length === 0
    ? new HandlerError(none, `there is none; the ${things} that there are: ${named(all)}`)
    : new HandlerError('NotUnique', `there are ${found.length}: ${named(found)}; narrow the criteria, or give the ${key}`);
}
