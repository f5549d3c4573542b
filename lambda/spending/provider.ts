import type { MoneyState } from './reason';
import type { Properties } from '../shared/coerce';

/*
 * What the provider framework of the AWS CDK says to the two functions behind a purchase, and what it makes of their answers:
 * it hands `isComplete` the event with all that `onEvent` returned laid over it, again and again until it is complete.
 */

/** An event of CloudFormation, as the framework passes it on. */
export interface OnEventRequest {
  readonly RequestType: string;
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  /** Of an Update or a Delete. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  /** Of an Update. */
  readonly OldResourceProperties?: Properties;
}

/** What `onEvent` returns. */
export interface OnEventResponse {
  readonly PhysicalResourceId: string;
  /** What `isComplete` can't find out again. */
  readonly Data?: Readonly<Record<string, string>>;
  /** When it began, ISO 8601. */
  readonly StartedAt?: string;
  /** What is known of the money, for a failure that comes later. */
  readonly Money?: MoneyState;
  /**
   * Why it failed, for `isComplete` to throw: the framework gives a Create whose `onEvent` throws a physical id of its own, so that
   * one request would be answered with two.
   */
  readonly Failure?: string;
}

/** What `isComplete` is called with. */
export interface IsCompleteRequest extends OnEventRequest, OnEventResponse {
  readonly PhysicalResourceId: string;
}

/** What `isComplete` returns. The framework takes no attributes while it waits. */
export type IsCompleteResponse =
  | { readonly IsComplete: false }
  | { readonly IsComplete: true; readonly Data?: Readonly<Record<string, string>> };
