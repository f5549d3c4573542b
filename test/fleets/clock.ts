/** Something that is due at a time, after all that is due at the same time and was planned before. */
interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** All promises that can be settled are settled. */
const atRest = async (): Promise<void> => new Promise(resolve => { setImmediate(resolve); });

/** Far more than any fleet takes: one that needs more never ends. */
const MOST_ACTIONS = 20_000_000;

/** A clock that jumps from one thing that is due to the next, once all code rests. So a day takes no time. */
export class Clock {
  public now: number;
  private readonly heap: Due[] = [];
  private count = 0;

  public constructor(start: number) {
    this.now = start;
  }

  public after(milliseconds: number, run: () => void): void {
    this.heap.push({ at: this.now + Math.max(0, milliseconds), order: this.count++, run });
    this.rise(this.heap.length - 1);
  }

  public async sleep(milliseconds: number): Promise<void> {
    return new Promise(resolve => { this.after(milliseconds, resolve); });
  }

  /** Runs until nothing is due, or a time has come. */
  public async run(until: number): Promise<void> {
    for (let done = 0; done < MOST_ACTIONS; done++) {
      await atRest();
      const [next] = this.heap;
      if (!next || next.at > until) { return; }
      this.takeFirst();
      this.now = next.at;
      next.run();
    }
    throw new Error('the fleet never comes to rest');
  }

  private takeFirst(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) { return; }
    this.heap[0] = last;
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let least = index;
      if (left < this.heap.length && isBefore(this.heap[left], this.heap[least])) { least = left; }
      if (right < this.heap.length && isBefore(this.heap[right], this.heap[least])) { least = right; }
      if (least === index) { return; }
      this.swap(index, least);
      index = least;
    }
  }

  private rise(start: number): void {
    for (let index = start; index > 0;) {
      const parent = Math.floor((index - 1) / 2);
      if (!isBefore(this.heap[index], this.heap[parent])) { return; }
      this.swap(index, parent);
      index = parent;
    }
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b], this.heap[a]];
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Numbers between 0 and 1, the same for the same seed. */
export type Chance = () => number;

/* eslint-disable no-bitwise -- seeds that are neighbours have nothing in common, once their bits are mixed */
/** Makes chance out of a seed. */
export function chanceOf(seed: number): Chance {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
/* eslint-enable no-bitwise */

/** One of some things. */
export function pick<T>(chance: Chance, things: readonly T[]): T {
  return things[Math.floor(chance() * things.length)];
}

/** A number between two others. */
export function between(chance: Chance, from: number, to: number): number {
  return from + chance() * (to - from);
}
