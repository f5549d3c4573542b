/**
 * What a service says, as the text of an attribute. What it leaves out is an empty text, and so is what it promises as a text, a number
 * or a time and answers as something else.
 */
export function plain(value: unknown): string {
  if (value instanceof Date) { return Number.isNaN(value.getTime()) ? '' : value.toISOString().replace('.000Z', 'Z'); } // whole seconds
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** A list of texts, without what is none. */
export function plainList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(plain).filter(text => text !== '') : [];
}
