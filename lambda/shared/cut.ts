/** The bytes of a value as JSON: of a text, with its quotes. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** The text, or as much of its beginning as takes so many bytes in JSON, with three dots. */
export function cut(text: string, bytes: number): string {
  return jsonBytes(text) <= bytes ? text : `${longest(text, part => jsonBytes(`${part}...`) <= bytes)}...`;
}

/** The text if it fits, or the longest beginning of it that does. No character is cut in half. */
export function longest(text: string, fits: (part: string) => boolean): string {
  if (fits(text)) { return text; }
  const characters = [...text];
  let [short, long] = [0, characters.length];
  while (long - short > 1) {
    const middle = Math.floor((short + long) / 2);
    if (fits(characters.slice(0, middle).join(''))) { short = middle; } else { long = middle; }
  }
  return characters.slice(0, short).join('');
}
