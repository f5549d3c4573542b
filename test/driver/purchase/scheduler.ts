/** A run of a function: what is dead never goes on. */
export class Process {
  public alive = true;

  public constructor(public readonly name: string) {}

  /** Ends it where it is: its promises are never settled. */
  public kill(): void {
    this.alive = false;
  }
}

/** Something that may happen next. */
export interface Action {
  readonly process: Process;
  /** What it does to the world: `read` doesn't change what others see. */
  readonly effect: 'read' | 'write';
  readonly label: string;
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

/** Picks which of the actions that are due comes first, also where there is only one. */
export type Choice = (ready: readonly Action[]) => number;

/** Far more than any schedule takes: one that needs more never ends. */
const MOST_ACTIONS = 200_000;

/**
 * Runs asynchronous code on a clock of its own, one action at a time. Code comes to rest wherever it waits for an action; when all of it
 * rests, one of the actions that are due is chosen, and when none is due, the clock jumps to the next. So a run is a function
 * of its choices, and takes no time.
 */
export class Scheduler {
  private time: number;
  private readonly actions: Action[] = [];
  private count = 0;

  public constructor(start: number, private readonly choose: Choice = () => 0) {
    this.time = start;
  }

  public now(): number {
    return this.time;
  }

  /** Lets a process wait for its turn, then does something at once and goes on with its result. */
  public async act<T>(process: Process, label: string, effect: Action['effect'], delay: number, perform: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.at(process, label, effect, delay, () => {
        try {
          resolve(perform());
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  public async sleep(process: Process, milliseconds: number): Promise<void> {
    return this.act(process, 'sleep', 'read', Math.max(0, milliseconds), () => undefined);
  }

  /** Does something later, unless its process has died. */
  public at(process: Process, label: string, effect: Action['effect'], delay: number, run: () => void): void {
    this.actions.push({ process, label, effect, due: this.time + delay, order: this.count++, run });
  }

  /** Runs until nothing is left to do, at an instant at the latest. */
  public async run(until = Infinity): Promise<void> {
    for (let done = 0; ; done++) {
      if (done > MOST_ACTIONS) { throw new Error('the schedule never ends'); }
      await atRest();
      const next = this.take(until);
      if (!next) { return; }
      next.run();
    }
  }

  private take(until: number): Action | undefined {
    const alive = this.actions.filter(action => action.process.alive);
    this.actions.splice(0, Infinity, ...alive);
    if (alive.length === 0) { return undefined; }
    const soonest = Math.min(...alive.map(action => action.due));
    if (soonest > until) { return undefined; }
    this.time = Math.max(this.time, soonest);
    const ready = alive.filter(action => action.due <= this.time).sort((a, b) => a.due - b.due || a.order - b.order);
    const chosen = ready[this.choose(ready)];
    this.actions.splice(this.actions.indexOf(chosen), 1);
    return chosen;
  }
}

/** All promises that can be settled are settled. */
async function atRest(): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve); });
}
