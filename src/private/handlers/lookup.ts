import { CfnResource, Lazy, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { HandlerFunction } from './handler-function';
import { HANDLERS, LOOKUP_SERVICE_TIMEOUT_SECONDS, type LookupName } from './table';
import type { CapacityBlockLookupInput, CapacityBlockLookupOperation, CapacityBlockLookupProperties } from '../contracts/capacity-block-lookup';
import type { HyperPodLookupOperation, HyperPodLookupProperties } from '../contracts/hyperpod-lookup';
import type { LookupInput, LookupOperation, LookupProperties } from '../contracts/lookup';
import type { PcsLookupOperation, PcsLookupProperties } from '../contracts/pcs-lookup';

/** What a look-up reads. */
export interface LookupOptions {
  readonly operation: CapacityBlockLookupOperation | LookupOperation | HyperPodLookupOperation | PcsLookupOperation;
  /** The handler that reads it. */
  readonly handler: LookupName;
  /** The arguments of the operation, in the service's own words. */
  readonly input: LookupInput | CapacityBlockLookupInput | Record<string, string>;
  /** Any text; another one makes CloudFormation run the look-up again. */
  readonly refresh?: string;
  /** What the operation needs. */
  readonly permissions: { readonly actions: string[]; readonly resources: string[] }[];
}

/**
 * A read at deploy time: one custom resource, called `Resource`, on the shared function of the stack.
 *
 * Only those fields are asked for whose tokens somebody took, so an attribute that nobody uses can't fail a deployment,
 * and an answer stays far from the 4096 bytes that CloudFormation takes.
 */
export class Lookup<F extends string> {
  public readonly resource: CfnResource;
  private readonly wanted = new Set<F>();

  public constructor(scope: Construct, options: LookupOptions) {
    const handler = HandlerFunction.for(scope, options.handler);
    options.permissions.forEach(({ actions, resources }) => handler.allow(actions, resources));
    const properties: LookupProperties | HyperPodLookupProperties | PcsLookupProperties | CapacityBlockLookupProperties = {
      Operation: options.operation,
      Input: options.input as Record<string, string>,
      Fields: Lazy.uncachedString({ produce: () => this.wanted.size > 0 ? [...this.wanted].sort().join(',') : undefined }),
      Refresh: options.refresh,
    };
    this.resource = new CfnResource(scope, 'Resource', {
      type: HANDLERS[options.handler].resourceType,
      properties: { ServiceToken: handler.serviceToken, ServiceTimeout: LOOKUP_SERVICE_TIMEOUT_SECONDS, ...properties },
    });
  }

  /** A field as text. */
  public text(field: F): string {
    this.wanted.add(field);
    return this.resource.getAtt(field).toString();
  }

  /** A field as number: custom resources answer with strings, which CloudFormation takes for numbers too. */
  public number(field: F): number {
    this.wanted.add(field);
    return Token.asNumber(this.resource.getAtt(field));
  }
}
