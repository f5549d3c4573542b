import type { Clock } from './ports';
import { HandlerError } from '../shared/errors';

/** The time of this machine. */
export const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: async milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
  within: async (milliseconds, ask) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new HandlerError('Timeout', 'no answer in time')), milliseconds);
    });
    return Promise.race([ask(), late]).finally(() => clearTimeout(timer));
  },
};
