import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import type { PurchaseField } from '../../../src/private/contracts/training-plan';
import type { PlanReader } from '../../clients/training-plans';
import { stackIdentity } from '../../shared/custom-resource';
import { HandlerError, ifExists } from '../../shared/errors';
import type { Completion } from '../../shared/provider';
import type { Clock } from '../../spending/clock';
import { money, withinCap } from '../../spending/money';
import type { IsCompleteRequest } from '../../spending/provider';
import { feeText } from '../../spending/reason';
import { Look } from '../../spending/wait';
import { block, common, instant } from '../blocks';
import { subnetIn } from '../choose';
import { purchaseRequest, type PurchaseRequest } from '../properties';
import { difference } from '../spec';

type Ports = { readonly clock: Clock; readonly reader: Pick<PlanReader, 'describe'> };

/** Waits for a plan that was bought. It reads, and nothing else. */
export class Wait {
  public constructor(private readonly ports: Ports) {}

  public async isComplete(event: IsCompleteRequest): Promise<Completion> {
    return new PlanLook(this.ports, event).isComplete();
  }
}

class PlanLook extends Look {
  public constructor(private readonly ports: Ports, event: IsCompleteRequest) {
    super(ports.clock, event, 'PLAN');
  }

  protected async judge(): Promise<Completion> {
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
