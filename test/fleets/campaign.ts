import { chanceOf } from './clock';
import { CELLS, isPossible, KINDS, POINTS } from './faults';
import { aimed, Deck, live, planOf } from './fleet';
import type { Mutation } from './world';

/** What many fleets came to. */
export interface Figures {
  fleets: number;
  faulty: number;
  nodes: number;
  largest: number;
  readonly counts: Record<string, number>;
  readonly kinds: Record<string, number>;
  /** How often each fault met each point. */
  readonly met: Map<string, number>;
  /** Fleets that broke an invariant, by their seed. */
  readonly violations: { readonly seed: number; readonly broken: readonly string[] }[];
}

/** Every how manieth fleet has no fault. */
const QUIET = 10;

/** How fleets live, and who is told. */
interface Options {
  readonly largest?: number;
  readonly mutation?: Mutation;
  readonly report?: (figures: Figures) => void;
  readonly violation?: (seed: number, broken: readonly string[]) => void;
  /** After so many violations it is enough. */
  readonly most?: number;
  /** Only the fleet with this index lives, with the faults that it has among the others. */
  readonly only?: number;
}

/** Lets fleets live, one after another. */
export async function campaign(
  fleets: number, seed: number, options: Options = {},
): Promise<Figures> {
  const figures: Figures = { fleets: 0, faulty: 0, nodes: 0, largest: 0, counts: {}, kinds: {}, met: new Map(), violations: [] };
  const deck = new Deck(chanceOf(seed));
  for (let index = 0; index < fleets; index++) {
    const faults = index % QUIET === 0 ? [] : [deck.deal(), deck.deal(), deck.deal()];
    if (index !== (options.only ?? index)) { continue; }
    const plan = aimed(planOf(seed * 1_000_003 + index, options.largest, options.mutation), faults);
    const world = await live(plan, faults);
    const nodes = plan.groups.reduce((sum, group) => sum + group.nodes, 0);
    figures.fleets++;
    figures.nodes += nodes;
    figures.largest = Math.max(figures.largest, nodes);
    if (world.struck.length > 0) { figures.faulty++; }
    for (const [name, count] of Object.entries(world.counts)) { figures.counts[name] = (figures.counts[name] ?? 0) + count; }
    for (const { notice: { Kind, Reason } } of world.told) { figures.kinds[`${Kind} ${Reason}`] = (figures.kinds[`${Kind} ${Reason}`] ?? 0) + 1; }
    for (const { point, kind } of world.struck) { figures.met.set(`${point} ${kind}`, (figures.met.get(`${point} ${kind}`) ?? 0) + 1); }
    if (world.broken.length > 0) {
      figures.violations.push({ seed: plan.seed, broken: world.broken });
      options.violation?.(plan.seed, world.broken);
    }
    if (figures.violations.length >= (options.most ?? 20)) { break; }
    if (figures.fleets % 10_000 === 0) { options.report?.(figures); }
  }
  return figures;
}

/** The faults that never met one of their points. */
export function unmet({ met }: Figures, least = 1): string[] {
  return CELLS.map(({ point, kind }) => `${point} ${kind}`).filter(cell => (met.get(cell) ?? 0) < least);
}

/** Figures as people read them. */
export function table({ fleets, faulty, nodes, largest, counts, kinds, met, violations }: Figures): string {
  const head = ['', ...KINDS.map(kind => kind.replace('-after', '+'))];
  const rows = POINTS.map(point => [point, ...KINDS.map(kind => (isPossible(point, kind) ? String(met.get(`${point} ${kind}`) ?? 0) : ''))]);
  const text = [head, ...rows].map(([first, ...rest]) => [first.padEnd(26), ...rest.map(cell => cell.padStart(9))].join(' ')).join('\n');
  const said = Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `  ${kind}: ${count}`).join('\n');
  return [
    `${fleets} fleets with ${nodes} nodes, the largest of ${largest}; ${faulty} with a fault (+: after the effect); ${JSON.stringify(counts)}`,
    text, 'notices', said, `${violations.length} fleets broke an invariant`,
    ...violations.slice(0, 20).map(({ seed, broken }) => `  seed ${seed}: ${broken.slice(0, 3).join(' | ')}`),
  ].join('\n');
}
