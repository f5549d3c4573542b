import { NormalizedSchema } from '@smithy/core/schema';
import { getSmithyContext } from '@smithy/core/transport';
import type { HandlerExecutionContext, StaticOperationSchema } from '@smithy/types';

/** A client of the SDK, as far as its answers pass through it. */
interface Client {
  readonly middlewareStack: { add(middleware: never, options: { readonly step: 'initialize'; readonly name: string }): void };
}

type Next = (request: object) => Promise<{ readonly output: object }>;

/**
 * Leaves out of all answers of a client what the model of the service doesn't promise: null, in lists, too, and an object where a text
 * belongs. The SDK hands both over as they came. So to a handler, absent is absent, and a text is a text.
 */
export function asModelled<C extends Client>(client: C): C {
  const middleware = (next: Next, context: HandlerExecutionContext) => async (request: object) => {
    const answer = await next(request);
    const [,,,,, output] = getSmithyContext(context).operationSchema as StaticOperationSchema;
    const { $metadata } = answer.output as { readonly $metadata?: object };
    return { ...answer, output: { ...read(NormalizedSchema.of(output), answer.output) as object, $metadata } };
  };
  client.middlewareStack.add(middleware as never, { step: 'initialize', name: 'asModelled' });
  return client;
}

function read(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) { return undefined; }
  if (schema.isListSchema()) {
    return Array.isArray(value) ? value.map(part => read(schema.getValueSchema(), part)).filter(isThere) : undefined;
  }
  if (schema.isMapSchema() || schema.isStructSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) { return undefined; }
    const entries = schema.isMapSchema()
      ? Object.entries(value).map(([key, part]) => [key, read(schema.getValueSchema(), part)])
      : [...schema.structIterator()].map(([key, member]) => [key, read(member, (value as Record<string, unknown>)[key])]);
    return Object.fromEntries(entries.filter(([, part]) => isThere(part)));
  }
  if (schema.isTimestampSchema()) { return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined; }
  if (schema.isStringSchema()) { return typeof value === 'string' ? value : undefined; }
  if (schema.isNumericSchema()) { return typeof value === 'number' && Number.isFinite(value) ? value : undefined; }
  if (schema.isBooleanSchema()) { return typeof value === 'boolean' ? value : undefined; }
  return value;
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}
