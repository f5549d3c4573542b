import type { TrainingPlanExtension } from '@aws-sdk/client-sagemaker';
import { instant } from './blocks';
import { endsAt, extensionOf, stateOf, type PlanWithHistory } from './history';
import { money, withinCap } from './money';
import type { Clock, PlanReader } from './ports';
import { extensionRequest, type ExtensionRequest } from './properties';
import type { IsCompleteRequest, IsCompleteResponse } from './provider';
import { ifExists } from './reads';
import { reason, withoutStack } from './reason';
import { DENIED_WAIT_MS, LONGEST_WAIT_MS } from './wait';
import type { ExtensionField } from '../../src/private/contracts/training-plan';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';

type Ports = { readonly clock: Clock; readonly reader: Pick<PlanReader, 'describe' | 'extensions'> };

/** Waits until an extension is paid and the plan shows it. It reads, and nothing else. */
export class ExtensionWait {
  public constructor(private readonly ports: Ports) {}

  /** Throws what makes the deployment fail: also the failure that `onEvent` returned. */
  public async isComplete(event: IsCompleteRequest): Promise<IsCompleteResponse> {
    if (event.RequestType === 'Delete') { return { IsComplete: true }; }
    if (event.Failure !== undefined) { throw withoutStack(event.Failure); }
    const seen = new Seen(this.ports, event);
    try {
      return await seen.judge();
    } catch (error) {
      const text = reason(error, { kind: 'bought', fee: seen.fee }, event.PhysicalResourceId, 'EXTENSION');
      log('wait', { requestId: event.RequestId, physicalId: event.PhysicalResourceId, status: 'FAILED', reason: text });
      throw withoutStack(text);
    }
  }
}

/** One look at a plan. */
class Seen {
  /** As the history says, once it was seen. */
  public fee = 'a fee that is not known';
  private readonly offering: string;

  public constructor(private readonly ports: Ports, private readonly event: IsCompleteRequest) {
    this.offering = event.Data?.TrainingPlanExtensionOfferingId ?? '';
  }

  public async judge(): Promise<IsCompleteResponse> {
    const request = extensionRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId));
    const seen = await this.look(request);
    const extension = seen && extensionOf(seen.extensions, this.offering ? [this.offering] : [], request.extendTo);
    if (extension?.UpfrontFee !== undefined) { this.fee = `${extension.UpfrontFee} ${extension.CurrencyCode ?? ''}`.trim(); }
    const state = extension && stateOf(extension);
    log('wait', { requestId: this.event.RequestId, physicalId: this.event.PhysicalResourceId, status: state ?? 'none', milliseconds: this.waited() });

    /* An update bought nothing: whatever has become of the plan, it is what it is. */
    if (seen && this.event.RequestType === 'Update') { return { IsComplete: true, Data: this.data(seen, request, extension) }; }
    const ends = seen !== undefined && endsAt(seen.plan, request.extendTo);
    if (state === 'failed' && !ends) {
      throw new HandlerError('ExtensionFailed', 'the extension has failed, and the plan ends as before: look at the invoice and, to try again, raise `attempt`');
    }
    if (seen && (state === 'there' || (state !== 'pending' && ends))) {
      this.accept(extension, request);
      return { IsComplete: true, Data: this.data(seen, request, extension) };
    }
    if (!(this.waited() < LONGEST_WAIT_MS)) {
      throw new HandlerError('StillPending', `the extension is ${state === 'pending' ? 'still waiting for its payment' : 'not to be seen yet'}; deploying again looks again and buys nothing`);
    }
    return { IsComplete: false };
  }

  /** Only the history knows what was charged in the end. */
  private accept(extension: TrainingPlanExtension | undefined, { cap }: ExtensionRequest): void {
    if (this.offering === '' || extension?.UpfrontFee === undefined) { return; }
    if (!withinCap(money(extension.UpfrontFee, extension.CurrencyCode), cap)) {
      throw new HandlerError('AboveCap', `this is more than the cap of ${cap.text}; deploying again with a higher cap accepts it`);
    }
  }

  /** `undefined`: not to be seen now. A service that doesn't answer is asked again as long as there is time. */
  private async look({ name, arn }: ExtensionRequest): Promise<PlanWithHistory | undefined> {
    try {
      const plan = await ifExists(async () => this.ports.reader.describe(name));
      return plan && { plan, extensions: await this.ports.reader.extensions(arn) };
    } catch (error) {
      const { code, message, kind } = failureOf(error);
      log('wait', { requestId: this.event.RequestId, code });
      if (this.waited() < (kind === 'denied' ? DENIED_WAIT_MS : LONGEST_WAIT_MS)) { return undefined; }
      throw new HandlerError(code, `the plan could not be read: ${code}: ${message}; deploying again looks again and buys nothing`);
    }
  }

  private waited(): number {
    return this.ports.clock.now() - Date.parse(this.event.StartedAt ?? '');
  }

  private data(
    { plan }: PlanWithHistory, { name, arn }: ExtensionRequest, extension?: TrainingPlanExtension,
  ): Record<ExtensionField, string> {
    return {
      AvailabilityZone: extension?.AvailabilityZone ?? '',
      CurrencyCode: extension?.CurrencyCode ?? '',
      DurationHours: String(extension?.DurationHours ?? ''),
      EndTime: instant(plan.EndTime),
      Notice: this.event.Data?.Notice || `The plan ends at ${instant(plan.EndTime)}.`,
      StartTime: instant(extension?.StartDate),
      Status: extension?.Status ?? '',
      TrainingPlanArn: arn,
      TrainingPlanExtensionOfferingId: extension?.TrainingPlanExtensionOfferingId ?? '',
      TrainingPlanName: name,
      UpfrontFee: extension?.UpfrontFee ?? '',
    };
  }
}
