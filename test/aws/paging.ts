import { ServiceError } from './service';

/** Which page of a list is asked for. */
export interface PageRequest {
  readonly NextToken?: string;
  /** @default 10 */
  readonly MaxResults?: number;
}

/** A page of a list. Tokens are good for the same question alone: the filter, and the order. */
export function pageOf<T>(all: readonly T[], { NextToken: token, MaxResults: size = 10 }: PageRequest, question: unknown) {
  const asked = JSON.stringify(question);
  const start = token === undefined ? 0 : offsetOf(token, asked);
  const end = start + size;
  return {
    items: all.slice(start, end),
    NextToken: end < all.length ? Buffer.from(JSON.stringify({ question: asked, offset: end })).toString('base64') : undefined,
  };
}

function offsetOf(token: string, question: string): number {
  try {
    const page = JSON.parse(Buffer.from(token, 'base64').toString()) as { question: string; offset: number };
    if (page.question === question) { return page.offset; }
  } catch { /* as wrong as one of another question */ }
  throw new ServiceError('ValidationException', 'The NextToken is not valid for this request');
}
