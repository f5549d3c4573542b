/** An instant in whole seconds as ids and records have it: `20270129T113000Z`. */
export function compactInstant(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** The instant that an id or a record names, in milliseconds since 1970. NaN where it names none. */
export function instantOfCompact(compact: string): number {
  return Date.parse(compact.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
