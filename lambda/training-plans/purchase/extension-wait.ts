import type { TrainingPlanExtension } from '@aws-sdk/client-sagemaker';
import type { ExtensionField } from '../../../src/private/contracts/training-plan';
import type { PlanReader } from '../../clients/training-plans';
import { stackIdentity } from '../../shared/custom-resource';
import { HandlerError, ifExists } from '../../shared/errors';
import type { Completion } from '../../shared/provider';
import type { Clock } from '../../spending/clock';
import { money, withinCap } from '../../spending/money';
import type { IsCompleteRequest } from '../../spending/provider';
import { feeText } from '../../spending/reason';
import { Look } from '../../spending/wait';
import { instant } from '../blocks';
import { endsAt, extensionOf, stateOf, type PlanWithHistory } from '../history';
import { extensionRequest, type ExtensionRequest } from '../properties';

type Ports = { readonly clock: Clock; readonly reader: Pick<PlanReader, 'describe' | 'extensions'> };

/** Waits until an extension is paid and the plan shows it. It reads, and nothing else. */
export class ExtensionWait {
  public constructor(private readonly ports: Ports) {}

  public async isComplete(event: IsCompleteRequest): Promise<Completion> {
    return new ExtensionLook(this.ports, event).isComplete();
  }
}

const AGAIN = 'looks again and buys nothing';

class ExtensionLook extends Look {
  private readonly offering: string;

  public constructor(private readonly ports: Ports, event: IsCompleteRequest) {
    super(ports.clock, event, 'EXTENSION');
    this.offering = event.Data?.TrainingPlanExtensionOfferingId ?? '';
  }

  protected async judge(): Promise<Completion> {
    const request = extensionRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId));
    const seen = await this.see(async () => this.look(request), { failed: 'the plan could not be read', again: AGAIN });
    const extension = seen && extensionOf(seen.extensions, this.offering ? [this.offering] : [], request.extendTo);
    if (extension) { this.fee = feeText(extension); }
    const state = extension && stateOf(extension);
    this.saw(state);

    /* An update bought nothing: whatever has become of the plan, it is what it is. */
    if (seen && this.event.RequestType === 'Update') { return { IsComplete: true, Data: this.data(seen, request, extension) }; }
    const ends = seen !== undefined && endsAt(seen.plan, request.extendTo);
    if (state === 'failed' && !ends) {
      throw new HandlerError('ExtensionFailed', 'the extension has failed, and the plan ends as before: look at the invoice and, where nothing was charged, raise `attempt` to try again');
    }
    if (seen && (state === 'there' || (state !== 'pending' && ends))) {
      this.accept(extension, request);
      return { IsComplete: true, Data: this.data(seen, request, extension) };
    }
    return this.later(`the extension is ${state === 'pending' ? 'still waiting for its payment' : 'not to be seen yet'}`, AGAIN);
  }

  /** Only the history knows what was charged in the end. */
  private accept(extension: TrainingPlanExtension | undefined, { cap }: ExtensionRequest): void {
    if (this.offering === '' || extension?.UpfrontFee === undefined) { return; }
    if (!withinCap(money(extension.UpfrontFee, extension.CurrencyCode), cap)) {
      throw new HandlerError('AboveCap', `this is more than the cap of ${cap.text}; deploying again with a higher cap accepts it`);
    }
  }

  private async look({ name, arn }: ExtensionRequest): Promise<PlanWithHistory | undefined> {
    const plan = await ifExists(async () => this.ports.reader.describe(name));
    return plan && { plan, extensions: await this.ports.reader.extensions(arn) };
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
