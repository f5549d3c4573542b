import { commaList, record, text, type Properties } from './coerce';
import type { CustomResourceHandler, StackIdentity } from './custom-resource';
import { HandlerError } from './errors';
import { explain } from './reading';

/** What a look-up is about, in words, and how it is read. */
export interface Reading {
  readonly subject: string;
  /** The service that is asked, where it isn't the one that the other operations ask. */
  readonly api?: string;
  readonly read: (signal: AbortSignal) => Promise<Record<string, string>>;
  /** What a failure says of the subject besides, after its place. */
  readonly aside?: (error: unknown, signal: AbortSignal) => Promise<string>;
  /** Why it isn't done at the deadline, where that is known. */
  readonly late?: () => HandlerError | undefined;
}

/** Understands a look-up. What is wrong with the properties is found here, before a service is asked. */
export type Operation = (input: Properties, fields: readonly string[], stack: StackIdentity, isUpdate: boolean) => Reading;

/**
 * Reads at deploy time. A Delete has nothing to do, and twice is as good as once.
 *
 * @param api The service, for advice about networks.
 */
export function lookups(api: string, operations: Readonly<Record<string, Operation>>): CustomResourceHandler {
  return {
    physicalId: (stack, logicalId) => `${stack.name}/${logicalId}`,
    apply: async ({ stack, properties, isUpdate = false }, signal) => {
      const operation = text(properties, 'Operation');
      if (!Object.hasOwn(operations, operation)) {
        throw new HandlerError('InvalidProperties', `unknown operation: ${operation}; known are ${Object.keys(operations).join(', ')}`);
      }
      const reading = operations[operation](record(properties, 'Input'), commaList(properties, 'Fields'), stack, isUpdate);
      try {
        return await reading.read(signal);
      } catch (error) {
        const what = `${reading.subject} in account ${stack.account}, Region ${stack.region}${await reading.aside?.(error, signal) ?? ''}`;
        const late = signal.aborted ? reading.late?.() : undefined;
        throw late ? new HandlerError(late.code, `${what}: ${late.message}`) : explain(what, reading.api ?? api, error, signal);
      }
    },
  };
}
