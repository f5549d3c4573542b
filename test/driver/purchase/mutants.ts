import type { Outcome, Story } from './stage';
import type { AllPorts, Mutation } from './world';

/** A handler that is wrong in one way, made of the shipped one. */
export interface Mutant<S> {
  readonly mutation: Mutation;
  readonly setup: S;
  readonly story: Story<unknown>;
  /** The invariant that it breaks. */
  readonly breaks: RegExp;
}

/** Replaces something of a port. */
export function wrapped<K extends keyof AllPorts>(key: K, wrap: (port: AllPorts[K]) => Partial<AllPorts[K]>): Mutation {
  return { ports: ports => ({ ...ports, [key]: { ...ports[key], ...wrap(ports[key]) } }) };
}

/** Records that nobody sees but the run that writes them. */
function unwritten(which: (name: string, value: string) => boolean): Mutation {
  return wrapped('ledger', ({ put, readAll }) => {
    const own = new Map<string, string>();
    return {
      put: async (name, value) => {
        if (!which(name, value)) { return put(name, value); }
        own.set(name, value);
        return true;
      },
      readAll: async path => new Map([...await readAll(path), ...own]),
    };
  });
}

/** The right to send is taken for granted. */
export const NO_SENT_RECORD = unwritten(name => name.endsWith('/sent'));

/** What was written down is forgotten. */
export const NO_LEDGER = unwritten(() => true);

/** What seems abandoned isn't fenced off. */
export const NO_FENCE = unwritten((_name, value) => value.includes('"FENCED"'));

/** CloudFormation is taken to wait for whatever comes. */
export const NO_FRESH_CHECK = wrapped('stack', ({ resource }) => ({
  resource: async (stackId, logicalId) => ({ ...await resource(stackId, logicalId), status: 'CREATE_IN_PROGRESS' }),
}));

/**
 * Tests that handlers which are wrong are found: a driver that doesn't find them finds nothing. Each schedule is also played with the
 * shipped one.
 */
export function testMutants<S extends object>(
  schedule: (setup: S, story: Story<unknown>) => Promise<Outcome<unknown>>, mutants: Readonly<Record<string, Mutant<S>>>,
): void {
  describe.each(Object.entries(mutants))('%s', (_name, { mutation, setup, story, breaks }) => {
    test('is found', async () => {
      const { broken } = await schedule({ ...setup, mutation }, story);
      expect(broken).toContainEqual(expect.stringMatching(breaks));
    });

    test('is survived by the handler as it is shipped', async () => {
      const { broken } = await schedule(setup, story);
      expect(broken).toEqual([]);
    });
  });
}
