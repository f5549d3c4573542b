/** The items of a list, from all its pages. */
export async function allOf<P, T>(pages: AsyncIterable<P>, itemsOf: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) { all.push(...itemsOf(page) ?? []); }
  return all;
}
