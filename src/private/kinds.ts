/**
 * The kind of a value class: its submodule and its name, as in `pcs.ClusterSize`.
 *
 * Every class whose values users choose by constants or factories has `_kind`, a member that isn't part of the API. Its literal
 * type keeps the compiler from taking one such class for another of the same shape. At run time its text is compared, and never
 * the class by `instanceof`: an app can have two copies of this library, and a value of one copy must pass in the other.
 */
export interface OfKind<K extends string = string> {
  readonly _kind: K;
}

/** The kind of a value, or undefined where no value class has made it: a plain text, a plain object, a token. */
export function kindOf(value: unknown): string | undefined {
  const kind = typeof value === 'object' && value !== null ? (value as Partial<OfKind>)._kind : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

/** Whether a value is of the class that has this kind, whichever copy of the library made it. */
export function isOfKind<K extends string>(value: unknown, kind: K): value is OfKind<K> {
  return kindOf(value) === kind;
}
