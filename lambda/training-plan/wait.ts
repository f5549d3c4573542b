import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import { block, common, instant } from './blocks';
import { subnetIn } from './choose';
import { money, withinCap } from './money';
import type { Clock, PlanReader } from './ports';
import { purchaseRequest, type PurchaseRequest } from './properties';
import type { IsCompleteRequest, IsCompleteResponse } from './provider';
import { ifExists } from './reads';
import { UNKNOWN_FEE, feeText, reason, withoutStack, type Bought, type MoneyState } from './reason';
import { difference } from './spec';
import type { PurchaseField } from '../../src/private/contracts/training-plan';
import { stackIdentity } from '../shared/custom-resource';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';
import { plain } from '../shared/plain';

/** Before the framework's own end (50 minutes after `onEvent`) and CloudFormation's (60 minutes after its event), which say less. */
const LONGEST_WAIT_MS = 48 * 60_000;
/** A permission that came with this very deployment may take some time to be known everywhere. */
const DENIED_WAIT_MS = 5 * 60_000;

/** One look may take this long, of a function that has two minutes. */
const LOOK_MS = 90_000;

/** One look at what was bought. */
export abstract class Look {
  /** As the service says, once it was seen. */
  protected fee = UNKNOWN_FEE;

  public constructor(private readonly clock: Clock, protected readonly event: IsCompleteRequest, private readonly kind: Bought) {}

  /** Throws what makes the deployment fail: also the failure that `onEvent` returned. */
  public async isComplete(): Promise<IsCompleteResponse> {
    const { RequestType, Failure, RequestId, PhysicalResourceId } = this.event;
    if (RequestType === 'Delete') { return { IsComplete: true }; }
    if (Failure !== undefined) { throw withoutStack(Failure); }
    try {
      return await this.judge();
    } catch (error) {
      const text = reason(error, this.money, PhysicalResourceId, this.kind);
      log('wait', { requestId: RequestId, physicalId: PhysicalResourceId, status: 'FAILED', code: failureOf(error).code, reason: text });
      throw withoutStack(text);
    }
  }

  protected abstract judge(): Promise<IsCompleteResponse>;

  /** What `onEvent` knew of the money, with the fee as the service says it now. */
  private get money(): MoneyState {
    const { Money: known } = this.event;
    switch (known?.kind) {
      case 'bought':
      case 'exists':
        return { kind: known.kind, fee: this.fee === UNKNOWN_FEE ? known.fee : this.fee };
      default:
        return known ?? { kind: 'unknown', fee: this.fee, record: 'not known' };
    }
  }

  /** `undefined`: not to be seen now. A service that doesn't answer is asked again as long as there is time. */
  protected async see<T>(ask: () => Promise<T | undefined>, { operation, failed, again }: {
    readonly operation?: string; readonly failed: string; readonly again: string;
  }): Promise<T | undefined> {
    try {
      return await this.clock.within(LOOK_MS, ask);
    } catch (error) {
      const { code, message, kind } = failureOf(error);
      log('wait', { requestId: this.event.RequestId, operation, code });
      if (this.waited() < (kind === 'denied' ? DENIED_WAIT_MS : LONGEST_WAIT_MS)) { return undefined; }
      throw new HandlerError(code, `${failed}: ${code}: ${message}; deploying again ${again}`);
    }
  }

  /** Says what was seen, to the log. */
  protected saw(status: string | undefined): void {
    const { RequestId: requestId, PhysicalResourceId: physicalId } = this.event;
    log('wait', { requestId, physicalId, status: status ?? 'none', milliseconds: this.waited() });
  }

  /** Goes on waiting, unless it has been too long. */
  protected later(what: string, again: string): IsCompleteResponse {
    if (this.waited() < LONGEST_WAIT_MS) { return { IsComplete: false }; }
    throw new HandlerError('StillPending', `${what}; deploying again ${again}`);
  }

  private waited(): number {
    return this.clock.now() - Date.parse(plain(this.event.StartedAt));
  }
}

type Ports = { readonly clock: Clock; readonly reader: Pick<PlanReader, 'describe'> };

/** Waits for a plan that was bought. It reads, and nothing else. */
export class Wait {
  public constructor(private readonly ports: Ports) {}

  public async isComplete(event: IsCompleteRequest): Promise<IsCompleteResponse> {
    return new PlanLook(this.ports, event).isComplete();
  }
}

class PlanLook extends Look {
  public constructor(private readonly ports: Ports, event: IsCompleteRequest) {
    super(ports.clock, event, 'PLAN');
  }

  protected async judge(): Promise<IsCompleteResponse> {
    const request = purchaseRequest(this.event.ResourceProperties, stackIdentity(this.event.StackId));
    const describe = async () => ifExists(async () => this.ports.reader.describe(request.name));
    const operation = 'DescribeTrainingPlan';
    const plan = await this.see(describe, { operation, failed: `${operation} failed`, again: 'adopts the plan' });
    if (plan) { this.fee = feeText(plan); }
    this.saw(plan?.Status);

    /* An update bought nothing: whatever has become of the plan, it is what it is. */
    if (plan && this.event.RequestType === 'Update') { return { IsComplete: true, Data: this.data(plan, request) }; }
    switch (plan?.Status) {
      case 'Active':
      case 'Scheduled':
        accept(plan, request);
        return { IsComplete: true, Data: this.data(plan, request) };
      case 'Failed':
        throw new HandlerError('PlanFailed', `the plan has failed: ${plan.StatusMessage ?? 'the service does not say why'}; its name can't be used again, `
          + 'and a plan of another name is paid for besides: look at the invoice first');
      case 'Expired':
        throw new HandlerError('PlanExpired', 'the plan has ended; choose a new name for another one');
    }
    return this.later(`the plan is ${plan ? `still ${plan.Status}` : 'not to be seen yet'}`, 'adopts it');
  }

  private data(plan: DescribeTrainingPlanResponse, { criteria }: PurchaseRequest): Record<PurchaseField, string> {
    const blocks = (plan.ReservedCapacitySummaries ?? []).map(block);
    const zone = common(blocks, each => each.zone);
    return {
      AvailabilityZone: zone,
      AvailabilityZoneId: common(blocks, each => each.zoneId),
      CurrencyCode: plan.CurrencyCode ?? this.event.Data?.CurrencyCode ?? '',
      EndTime: instant(plan.EndTime),
      InstanceType: common(blocks, each => each.instanceType),
      Notice: this.event.Data?.Notice || stated(plan),
      StartTime: instant(plan.StartTime),
      Status: plan.Status ?? '',
      SubnetId: subnetIn(zone, criteria),
      TotalInstanceCount: String(plan.TotalInstanceCount ?? ''),
      TrainingPlanArn: this.event.PhysicalResourceId,
      TrainingPlanName: plan.TrainingPlanName ?? '',
      TrainingPlanOfferingId: this.event.Data?.TrainingPlanOfferingId ?? '',
      UpfrontFee: plan.UpfrontFee ?? this.event.Data?.UpfrontFee ?? '',
    };
  }
}

/** A plan in one line, where the deployment has nothing else to say of it. */
function stated({ Status, UpfrontFee, CurrencyCode, StartTime, EndTime }: DescribeTrainingPlanResponse): string {
  const fee = UpfrontFee === undefined ? [] : [feeText({ UpfrontFee, CurrencyCode })];
  const time = StartTime && EndTime ? [`${instant(StartTime)} to ${instant(EndTime)}`] : [];
  return `The plan is ${[Status, ...fee, ...time].join(', ')}.`;
}

/** The last look at what was bought or adopted: only now is everything about it known. */
function accept(plan: DescribeTrainingPlanResponse, { criteria }: PurchaseRequest): void {
  const differs = difference(criteria.spec, plan);
  if (differs) { throw new HandlerError('SpecDiffers', `the plan is not what is asked for: ${differs}`); }
  if (plan.UpfrontFee !== undefined && !withinCap(money(plan.UpfrontFee, plan.CurrencyCode), criteria.cap)) {
    throw new HandlerError('AboveCap', `this is more than the cap of ${criteria.cap.text}; deploying again with a higher cap adopts the plan`);
  }
  const zone = common((plan.ReservedCapacitySummaries ?? []).map(block), each => each.zone);
  if (criteria.subnets.length > 0 && subnetIn(zone, criteria) === '') {
    throw new HandlerError('NoSubnet', `none of the subnets is in the zone of the plan (${zone || 'it has several'}); deploying again with one that is adopts the plan`);
  }
}
