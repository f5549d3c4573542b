import type { Clock, PlanReader } from './ports';
import type { IsCompleteRequest, IsCompleteResponse } from './provider';

/** Waits for a plan that was bought. It reads, and nothing else. */
export class Wait {
  public constructor(private readonly ports: { readonly clock: Clock; readonly reader: Pick<PlanReader, 'describe'> }) {}

  /** Throws what makes the deployment fail: also the failure that `onEvent` returned. */
  public async isComplete(event: IsCompleteRequest): Promise<IsCompleteResponse> {
    throw new Error(`${Object.keys(this.ports).join()} ${event.RequestType}`);
  }
}
