import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import type { HandlerOptions } from '../../handler-defaults';
import { Problems, fail } from '../problems';

/* Symbols of the global registry: two copies of this library in one app see each other's. */
const OPTIONS = Symbol.for('cdk-hpc-clusters.HandlerOptions');
const HANDLER = Symbol.for('cdk-hpc-clusters.Handler');

type Configured = IConstruct & { [OPTIONS]?: HandlerOptions };

/** Sets the options of all handlers within a scope. */
export function configureHandlers(scope: IConstruct, options: HandlerOptions): void {
  if (!Stack.isStack(scope) && scope.node.scopes.some(Stack.isStack)) {
    fail(scope, RULES.configuredInsideStack, { property: 'scope', got: scope.node.path });
  }
  const problems = new Problems();
  for (const property of ['vpcSubnets', 'securityGroups'] as const) {
    if (options[property] && !options.vpc) {
      problems.add(RULES.networkWithoutVpc, { property });
    }
  }
  problems.throwIfAny(scope);
  const handler = scope.node.findAll().find(construct => HANDLER in construct);
  if (handler) {
    fail(scope, RULES.configuredTooLate, { property: 'options', got: `after ${handler.node.path}` });
  }
  const configured = scope as Configured;
  configured[OPTIONS] = merge(configured[OPTIONS] ?? {}, options);
}

/** The options of the handlers of a stack, the nearest first. */
export function handlerOptions(stack: Stack): HandlerOptions {
  return stack.node.scopes.reduce((outer, scope) => merge(outer, (scope as Configured)[OPTIONS] ?? {}), {});
}

/** Whether a construct is a handler, or part of one. */
export function isOfHandler(construct: IConstruct): boolean {
  return construct.node.scopes.some(scope => HANDLER in scope);
}

/** Marks a construct as a handler, for which it is then too late to set options. */
export function markAsHandler(construct: IConstruct): void {
  Object.defineProperty(construct, HANDLER, { value: true });
}

/** Lays options over others. Those of the network go together: subnets of one VPC are of no use in another. */
function merge(outer: HandlerOptions, inner: HandlerOptions): HandlerOptions {
  const base = inner.vpc ? { ...outer, vpc: undefined, vpcSubnets: undefined, securityGroups: undefined } : outer;
  const given = Object.entries(inner).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}
