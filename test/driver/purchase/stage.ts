import { PurchaseStack, type Result, type StackOptions } from './stack';
import { World, type WorldOptions } from './world';
import type { ExtensionProperties, PurchaseProperties } from '../../../src/private/contracts/training-plan';
import type { Behaviour } from '../../aws/training-plans';

/** The world of a schedule. */
export interface Setting<O> extends WorldOptions {
  readonly behaviour?: Partial<Behaviour>;
  /** What can be bought. @default - what the subject says */
  readonly offerings?: readonly O[];
  /** Whether the story asks for something that nothing but faults stands in the way of. @default false */
  readonly quiet?: boolean;
}

/** Makes a stack in the world of a schedule; a number makes it another incarnation of the same stack. */
export type Deploy = (incarnation?: number, options?: StackOptions) => PurchaseStack;

/** What a schedule lets happen. */
export type Story<T> = (deploy: Deploy, world: World) => Promise<T>;

/** What schedules spend money on. */
export interface Subject<P extends PurchaseProperties | ExtensionProperties, O> {
  /** What its stacks are made of. */
  readonly stack: StackOptions;
  /** What is there when a schedule begins. */
  readonly prepare: (world: World, offerings?: readonly O[]) => void;
  /** How often it was bought. */
  readonly accepted: (world: World, asked: P) => number;
  /** What a world did that it must never do, in words that begin with the invariant. */
  readonly violations: (world: World) => string[];
  /** I6: without faults and past the grace, deploying again ends with what was asked for, or says why not in words that name it. */
  readonly afterwards: (world: World, asked: P, again: Again<P>) => Promise<string[]>;
}

/** Deploys once more, after a time, from a stack of its own. */
export type Again<P> = (incarnation: number, after: number, properties: P) => Promise<Result>;

/** What happened in a schedule. */
export interface Outcome<T> {
  readonly world: World;
  readonly result: T;
  /** How often it was bought before the schedule was put right. */
  readonly then: number;
  /** Broken invariants. */
  readonly broken: string[];
}

/** Lets a schedule happen, then the deployment that puts things right, and looks for broken invariants. */
export async function perform<P extends PurchaseProperties | ExtensionProperties, O, T>(
  { stack: made, prepare, accepted, violations, afterwards }: Subject<P, O>, setting: Setting<O>, story: Story<T>, asked: P,
): Promise<Outcome<T>> {
  const world = new World(setting);
  prepare(world, setting.offerings);
  world.plans.behave(setting.behaviour ?? {});
  const stacks: PurchaseStack[] = [];
  const deploy: Deploy = (incarnation = 0, options = {}) => {
    const stack = new PurchaseStack(world, { stackName: 'Capacity', incarnation, ...made, ...options });
    stacks.push(stack);
    return stack;
  };
  world.onStackDeleted = ({ StackId }) => stacks.filter(stack => stack.stackId === StackId).forEach(stack => stack.abandon());
  const result = await world.play(async () => story(deploy, world));
  const then = accepted(world, asked);
  const broken = violations(world);
  if (world.faults.struck.length === 0) {
    broken.push(...stacks.filter(stack => stack.wedged).map(stack => `I6 without a fault, a rollback failed: ${stack.wedged}`));
    if (setting.quiet && then !== 1) { broken.push('I5 nothing went wrong, and nothing was bought'); }
  }
  world.faults.clear();
  broken.push(...await afterwards(world, asked, async (incarnation, after, properties) => world.play(async () => {
    await world.pass(after);
    return deploy(incarnation).create(properties);
  })), ...violations(world));
  return { world, result, then, broken };
}

/** The rights to send that were taken, as the names of their records. */
export function rightsToSend({ parameters }: World): string[] {
  return [...parameters.values].filter(([name, value]) => name.endsWith('/sent') && value.includes('"SENT"')).map(([name]) => name);
}

/** How many requests there are whose outcome the ledger doesn't know. */
export function unanswered(world: World): number {
  return rightsToSend(world).filter(name => !world.parameters.values.has(name.replace(/sent$/, 'outcome'))).length;
}

/** A result in one line. */
export function told({ status, reason }: Result): string {
  return `${status}: ${reason.split('\n')[0]}`;
}
