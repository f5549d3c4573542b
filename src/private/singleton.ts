import { Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { RULES } from './handlers/rules';
import { fail } from './problems';
import { registryOf } from './registry';

/*
 * What a stack has once, such as a handler, is a construct of the stack under an id that never changes, whichever copy of this library
 * made it. What was made is noted: another construct can have that id.
 */
const TOPIC = 'singletons';

/** The construct that the stack of a scope has once under an id, if it has been made. */
export function singletonOf<C extends IConstruct>(scope: Construct, id: string): C | undefined {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild(id);
  if (existing && registryOf<IConstruct>(stack, TOPIC).get(id) !== existing) {
    fail(scope, RULES.idTaken, { property: 'id', got: existing.node.path });
  }
  return existing as C | undefined;
}

/** The construct that the stack of a scope has once under an id, made when it is first needed. */
export function singleton<C extends IConstruct>(scope: Construct, id: string, make: (stack: Stack) => C): C {
  const existing = singletonOf<C>(scope, id);
  if (existing) { return existing; }
  const stack = Stack.of(scope);
  const made = make(stack);
  registryOf<IConstruct>(stack, TOPIC).set(id, made);
  return made;
}
