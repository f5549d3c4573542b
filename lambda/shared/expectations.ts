import { commaList, optionalInstant, optionalInteger, text, type Properties } from './coerce';
import { HandlerError } from './errors';
import { plain } from './plain';

/** What is, and whether that is as expected. */
export interface Verdict {
  readonly is: string;
  readonly fine: boolean;
}

/** Compares a thing with what is expected of it. */
export type Judge<T> = (thing: T, expected: readonly string[]) => Verdict;

/** Whether there are enough. */
export function atLeast(count: number | undefined, [least]: readonly string[]): Verdict {
  return { is: plain(count ?? 0), fine: (count ?? 0) >= Number(least) };
}

/** Whether each of some values is among those expected. No value is none of them. */
export function each(values: readonly (string | undefined)[], expected: readonly string[]): Verdict {
  return {
    is: [...new Set(values.map(plain))].sort().join(','),
    fine: values.length > 0 && values.every(value => expected.includes(plain(value))),
  };
}

/** Whether an instant is later than expected. One that isn't known is not. */
export function after(time: Date | undefined, [least]: readonly string[]): Verdict {
  return { is: plain(time), fine: Number(time) > Date.parse(least) };
}

const PREFIX = 'Expected';

/**
 * Understands what is expected, by properties such as `ExpectedInstanceType`. What this release doesn't know is refused, never passed
 * over. Those that begin with `Min` are whole numbers, those that end with `After` instants.
 *
 * @param why What a thing says of its state.
 */
export function expectations<T>(
  judges: Readonly<Record<string, Judge<T>>>, input: Properties, why: (thing: T) => string | undefined,
): (thing: T) => void {
  const expected = Object.keys(input).filter(key => key.startsWith(PREFIX)).sort().map(key => {
    const name = key.slice(PREFIX.length);
    if (!Object.hasOwn(judges, name)) {
      throw new HandlerError('InvalidProperties', `unknown expectation: ${name}; known are ${Object.keys(judges).join(', ')}`);
    }
    if (name.endsWith('After')) { optionalInstant(input, key); }
    if (name.startsWith('Min')) { optionalInteger(input, key); }
    return { name, values: commaList(input, key), said: text(input, key) };
  });
  return thing => {
    const broken = expected.flatMap(({ name, values, said }) => {
      const { is, fine } = judges[name](thing, values);
      return fine ? [] : [`${name}: expected ${said}, is ${is || 'nothing'}`];
    });
    if (broken.length > 0) {
      const reason = why(thing);
      throw new HandlerError('NotAsExpected', `it isn't as this deployment expects it: ${broken.join('; ')}${reason ? ` (${reason})` : ''}`);
    }
  };
}
