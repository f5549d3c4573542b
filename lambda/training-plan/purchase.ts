import type { Clock, LedgerStore, PlanBuyer, PlanReader, PlanTagger, StackReader } from './ports';
import type { OnEventRequest, OnEventResponse } from './provider';

/** All that a purchase needs of the world. */
export interface PurchasePorts {
  readonly clock: Clock;
  readonly reader: PlanReader;
  readonly buyer: PlanBuyer;
  readonly tagger: PlanTagger;
  readonly ledger: LedgerStore;
  readonly stack: StackReader;
}

/** Buys a training plan at most once. */
export class Purchase {
  public constructor(private readonly ports: PurchasePorts) {}

  /** Throws only where the properties don't say which plan is meant; any other failure is returned. */
  public async onEvent(event: OnEventRequest, remainingMs: number): Promise<OnEventResponse> {
    throw new Error(`${Object.keys(this.ports).join()} ${event.RequestType} ${remainingMs}`);
  }
}
