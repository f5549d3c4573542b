import type { Action, Choice } from './scheduler';

type Step = Pick<Action, 'effect' | 'label'>;

interface Decision {
  /** What could come next, by process. */
  readonly ready: ReadonlyMap<string, Step>;
  /** Processes whose turn was seen elsewhere, with the same result. */
  readonly asleep: ReadonlySet<string>;
  readonly done: Set<string>;
  current: string;
}

/**
 * Plays a schedule in every order of its actions that can make a difference: two reads can come in any order, and what is done in one
 * place and another. Returns how many orders there are.
 *
 * @param most After so many orders it stops.
 */
export async function everyOrder(play: (choose: Choice) => Promise<void>, most = Infinity): Promise<number> {
  const path: Decision[] = [];
  for (let orders = 0; ; ) {
    let depth = 0;
    let redundant = false;
    await play(actions => {
      if (redundant) { return 0; }
      const ready = new Map<string, Step>(actions.map(action => [action.process.name, action]));
      if (depth === path.length) {
        const asleep = sleepersAfter(path.at(-1));
        const current = [...ready.keys()].find(name => !asleep.has(name));
        redundant = current === undefined;
        if (redundant) { return 0; }
        path.push({ ready, asleep, done: new Set(), current: current! });
      }
      const { current } = path[depth++];
      return actions.findIndex(({ process }) => process.name === current);
    });
    if (!redundant) { orders++; }
    if (!advance(path) || orders >= most) { return orders; }
  }
}

/** Who need not be woken: those that were seen to act before, and don't depend on what was done instead. */
function sleepersAfter(decision: Decision | undefined): Set<string> {
  if (!decision) { return new Set(); }
  const { ready, asleep, done, current } = decision;
  return new Set([...asleep, ...done].filter(name => areIndependent(ready.get(name)!, ready.get(current)!)));
}

function areIndependent(a: Step, b: Step): boolean {
  return (a.effect === 'read' && b.effect === 'read') || placeOf(a) !== placeOf(b);
}

/** Where a call reads or writes: what happens in one place isn't seen in another. */
function placeOf({ label }: Step): 'the ledger' | 'the stack' | 'the service' {
  if (label === 'DescribeStackResource') { return 'the stack'; }
  return label === 'GetParametersByPath' || label.startsWith('put-') ? 'the ledger' : 'the service';
}

/** Goes on to the next order. */
function advance(path: Decision[]): boolean {
  for (let last = path.at(-1); last; last = path.at(-1)) {
    last.done.add(last.current);
    const { ready, asleep, done } = last;
    const next = [...ready.keys()].find(name => !asleep.has(name) && !done.has(name));
    if (next !== undefined) {
      last.current = next;
      return true;
    }
    path.pop();
  }
  return false;
}
