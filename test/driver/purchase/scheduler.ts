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

  /** @param choose What comes first of what is due. @default - what is due first */
  public constructor(start: number, private readonly choose?: Choice) {
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
    const { actions } = this;
    let first: Action | undefined;
    let kept = 0;
    for (const action of actions) { // who is dead is forgotten on the way
      if (!action.process.alive) { continue; }
      actions[kept++] = action;
      if (!first || action.due < first.due || (action.due === first.due && action.order < first.order)) { first = action; }
    }
    actions.length = kept;
    if (!first || first.due > until) { return undefined; }
    this.time = Math.max(this.time, first.due);
    const chosen = this.choose ? this.chosen(this.choose) : first;
    actions.splice(actions.indexOf(chosen), 1);
    return chosen;
  }

  private chosen(choose: Choice): Action {
    const ready = this.actions.filter(action => action.due <= this.time).sort((a, b) => a.due - b.due || a.order - b.order);
    return ready[choose(ready)];
  }
}

/** All promises that can be settled are settled. */
async function atRest(): Promise<void> {
  return new Promise(resolve => { setImmediate(resolve); });
}
