import { HandlerError } from '../shared/errors';
import { pause } from '../shared/pause';

/** Time. Nothing of a purchase reads a clock or waits elsewhere. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Asks, and fails when the answer takes longer. The question isn't taken back. */
  within<T>(milliseconds: number, ask: () => Promise<T>): Promise<T>;
}

/** The time of this machine. */
export const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: pause,
  within: async (milliseconds, ask) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new HandlerError('Timeout', 'no answer in time')), milliseconds);
    });
    return Promise.race([ask(), late]).finally(() => clearTimeout(timer));
  },
};
