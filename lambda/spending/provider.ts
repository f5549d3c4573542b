import type { MoneyState } from './reason';
import type { ProviderEvent } from '../shared/provider';

/** What `onEvent` of a purchase returns. */
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

/** What `isComplete` of a purchase is called with. */
export interface IsCompleteRequest extends ProviderEvent, OnEventResponse {
  readonly PhysicalResourceId: string;
}
