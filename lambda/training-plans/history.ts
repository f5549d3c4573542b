import type {
  DescribeTrainingPlanResponse, TrainingPlanExtension, TrainingPlanExtensionOffering,
} from '@aws-sdk/client-sagemaker';
import { instant } from './blocks';
import type { ExtensionTarget } from './properties';
import type { PlanReader } from '../clients/training-plans';
import { HandlerError } from '../shared/errors';
import { compareDecimals, money, withinCap, type Money } from '../spending/money';

/** A plan with its extensions, as it is seen now. */
export interface PlanWithHistory {
  readonly plan: DescribeTrainingPlanResponse;
  readonly extensions: readonly TrainingPlanExtension[];
}

/** Whether a plan ends at an instant, or later. */
export function endsAt({ EndTime }: Pick<DescribeTrainingPlanResponse, 'EndTime'>, extendTo: number): boolean {
  return EndTime !== undefined && EndTime.getTime() >= extendTo;
}

/** What became of an extension. Its states are texts that the service doesn't list in full. */
export function stateOf({ Status, PaymentStatus }: TrainingPlanExtension): 'failed' | 'pending' | 'there' {
  const said = `${Status} ${PaymentStatus}`;
  if (/fail/i.test(said)) { return 'failed'; }
  return /pending/i.test(said) ? 'pending' : 'there';
}

/** The extension with one of these offerings, or to this end; the last one, and one that failed only where there is no other. */
export function extensionOf(
  extensions: readonly TrainingPlanExtension[], offerings: readonly string[], extendTo: number,
): TrainingPlanExtension | undefined {
  const meant = extensions.filter(({ TrainingPlanExtensionOfferingId: id, EndDate }) => {
    return offerings.some(offering => offering === id) || EndDate?.getTime() === extendTo;
  });
  return meant.filter(each => stateOf(each) !== 'failed').at(-1) ?? meant.at(-1);
}

/** An extension that can be bought. */
export interface ExtensionOffer {
  readonly id: string;
  readonly fee: Money;
  readonly feeText: string;
  readonly source: TrainingPlanExtensionOffering;
}

const HOUR_MS = 3_600_000;

/** The extension to buy: the cheapest that ends exactly then and is within the cap, with how many others there are. */
export async function chooseExtension(
  search: PlanReader['search'], { name, arn, extendTo }: ExtensionTarget, cap: Money, end: Date | undefined,
): Promise<{ readonly best: ExtensionOffer; readonly qualifying: number }> {
  const hours = end && Math.ceil((extendTo - end.getTime()) / HOUR_MS);
  const found = await offersOf(search, { TrainingPlanArn: arn, DurationHours: hours });
  const qualifying = found.flatMap(source => offerOf(source, extendTo, cap) ?? []).sort(byFee);
  if (qualifying.length > 0) { return { best: qualifying[0], qualifying: qualifying.length }; }
  const others = [...found, ...await offersOf(search, { TrainingPlanArn: arn }).catch(() => [])];
  const near = [...new Set(others.map(extensionText))].slice(0, 5);
  throw new HandlerError('NothingFound', `no extension qualifies of "${name}" from ${instant(end) || '?'} to exactly ${instant(extendTo)} for at most ${cap.text}; `
    + (near.length > 0 ? `there would be: ${near.join('; ')}` : 'none is offered: a plan can be extended from 56 days to one hour before its end'));
}

async function offersOf(search: PlanReader['search'], question: Parameters<PlanReader['search']>[0]): Promise<TrainingPlanExtensionOffering[]> {
  return (await search(question)).TrainingPlanExtensionOfferings ?? [];
}

/** Reads an offering that qualifies. What it doesn't say, it doesn't meet. */
function offerOf(source: TrainingPlanExtensionOffering, extendTo: number, cap: Money): ExtensionOffer | undefined {
  const { TrainingPlanExtensionOfferingId: id, EndDate, UpfrontFee, CurrencyCode } = source;
  const fee = money(UpfrontFee, CurrencyCode);
  return id && EndDate?.getTime() === extendTo && fee && withinCap(fee, cap) ? { id, fee, feeText: fee.text, source } : undefined;
}

function byFee(a: ExtensionOffer, b: ExtensionOffer): number {
  return compareDecimals(a.fee.amount, b.fee.amount) || (a.id < b.id ? -1 : 1);
}

/** An offering, or an extension that was bought, in words. */
export function extensionText(source: TrainingPlanExtensionOffering): string {
  const { TrainingPlanExtensionOfferingId: id, AvailabilityZone, StartDate, EndDate, DurationHours, UpfrontFee, CurrencyCode } = source;
  return `${id}: ${instant(StartDate) || '?'} to ${instant(EndDate) || '?'}, ${DurationHours ?? '?'} hours${AvailabilityZone ? ` in ${AvailabilityZone}` : ''}, `
    + `${UpfrontFee ?? '(no fee)'} ${CurrencyCode ?? '(no currency)'}`;
}
