import type { SearchTrainingPlanOfferingsRequest, TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import { block, common, instant, minutesOf, span, type Block } from './blocks';
import type { Criteria } from './properties';
import { capacityText, hasCapacity, specText } from './spec';
import { compareDecimals, compareRates, money, withinCap, type Money } from '../spending/money';

/** An offering that can be compared with others. */
export interface Offer {
  readonly id: string;
  /** `undefined`: the fee isn't an amount, which is above any cap. */
  readonly fee?: Money;
  /** The fee as the service wrote it. */
  readonly feeText: string;
  readonly currency: string;
  readonly targets: readonly string[];
  readonly blocks: readonly Block[];
  readonly minutes: number;
  readonly start?: number;
  readonly end?: number;
}

/** A criterion that an offering doesn't meet. */
export type Misfit = 'target' | 'type' | 'count' | 'zone' | 'window' | 'currency' | 'fee' | 'id';

/** The questions that find all offerings: the service matches a duration exactly, so each is one question. */
export function questions(criteria: Criteria): SearchTrainingPlanOfferingsRequest[] {
  return criteria.durationHours.map(hours => question(criteria, hours));
}

function question({ spec, startAfter, endBefore }: Criteria, hours: number): SearchTrainingPlanOfferingsRequest {
  return {
    ...spec.ultraServers
      ? { UltraServerType: spec.type, UltraServerCount: spec.count }
      /* The client's types list the instance types that were there when it was made. */
      : { InstanceType: spec.type as SearchTrainingPlanOfferingsRequest['InstanceType'], InstanceCount: spec.count },
    ...startAfter !== undefined && { StartTimeAfter: new Date(startAfter) },
    ...endBefore !== undefined && { EndTimeBefore: new Date(endBefore) },
    DurationHours: hours,
    TargetResources: [spec.target] as SearchTrainingPlanOfferingsRequest['TargetResources'],
  };
}

/** Reads an offering. */
export function offer(source: TrainingPlanOffering): Offer {
  const blocks = (source.ReservedCapacityOfferings ?? []).map(block);
  return {
    id: source.TrainingPlanOfferingId ?? '',
    fee: money(source.UpfrontFee, source.CurrencyCode),
    feeText: `${source.UpfrontFee ?? '(no fee)'} ${source.CurrencyCode ?? '(no currency)'}`,
    currency: source.CurrencyCode ?? '',
    targets: source.TargetResources ?? [],
    blocks,
    minutes: minutesOf(source.DurationHours, source.DurationMinutes) ?? blocks.reduce((sum, each) => sum + each.minutes, 0),
    ...span(blocks),
  };
}

/** The criteria that an offering doesn't meet. What it doesn't say, it doesn't meet. */
export function misfits(found: Offer, criteria: Criteria): Misfit[] {
  const { type, count } = hasCapacity(criteria.spec, found.blocks);
  const { startAfter, endBefore, cap, offeringId } = criteria;
  const unmet: Record<Misfit, boolean> = {
    target: !found.targets.includes(criteria.spec.target),
    type: !type,
    count: !count,
    zone: !zonesQualify(found, criteria),
    window: (startAfter !== undefined && !(found.start !== undefined && found.start >= startAfter))
      || (endBefore !== undefined && !(found.end !== undefined && found.end <= endBefore)),
    currency: cap !== undefined && found.currency !== cap.currency,
    fee: found.fee === undefined || (cap !== undefined && found.currency === cap.currency && !withinCap(found.fee, cap)),
    id: found.id === '' || (offeringId !== undefined && found.id !== offeringId),
  };
  return (Object.keys(unmet) as Misfit[]).filter(misfit => unmet[misfit]);
}

/** With subnets, all capacity must be in one zone that has one: there is one subnet to put instances into. */
function zonesQualify({ blocks }: Offer, { zones, subnets }: Criteria): boolean {
  const within = (allowed: readonly string[]) => blocks.every(({ zone }) => allowed.includes(zone));
  return (zones.length === 0 || within(zones))
    && (subnets.length === 0 || (within(subnets.map(subnet => subnet.AvailabilityZone)) && common(blocks, ({ zone }) => zone) !== ''));
}

/** The subnet that comes first among those in a zone. */
export function subnetIn(zone: string, { subnets }: Pick<Criteria, 'subnets'>): string {
  return subnets.find(subnet => zone !== '' && subnet.AvailabilityZone === zone)?.SubnetId ?? '';
}

/** The offerings that qualify, each once, the one to take first. */
export function ranked(found: readonly TrainingPlanOffering[], criteria: Criteria): Offer[] {
  return unique(found).filter(each => misfits(each, criteria).length === 0).sort(order(criteria));
}

function unique(found: readonly TrainingPlanOffering[]): Offer[] {
  return [...new Map(found.map(source => [source.TrainingPlanOfferingId, offer(source)])).values()];
}

type Order = (a: Offer, b: Offer) => number;

/** First by what was asked for, then by fee, start, end and id: the same answer of the service gives the same choice. */
function order({ selection }: Criteria): Order {
  const first: Record<Criteria['selection'], Order> = {
    EARLIEST_START: byStart,
    LONGEST: (a, b) => b.minutes - a.minutes,
    LOWEST_FEE: byFee,
    LOWEST_INSTANCE_HOUR_RATE: byRate,
  };
  const orders = [first[selection], byFee, byStart, byEnd, byId];
  return (a, b) => orders.reduce((sum, compare) => sum || compare(a, b), 0);
}

const LAST = Number.MAX_SAFE_INTEGER;
const byStart: Order = (a, b) => (a.start ?? LAST) - (b.start ?? LAST);
const byEnd: Order = (a, b) => (a.end ?? LAST) - (b.end ?? LAST);
/** No two have the same. */
const byId: Order = (a, b) => a.id < b.id ? -1 : 1;

/** Amounts in different currencies can't be compared: their codes are. */
const byCurrency: Order = (a, b) => a.currency < b.currency ? -1 : a.currency > b.currency ? 1 : 0;
const byFee: Order = (a, b) => byCurrency(a, b) || (a.fee && b.fee ? compareDecimals(a.fee.amount, b.fee.amount) : 0);
const byRate: Order = (a, b) => byCurrency(a, b) || compareByRate(a, b);

function compareByRate(a: Offer, b: Offer): number {
  const [unitsA, unitsB] = [instanceMinutes(a), instanceMinutes(b)];
  if (unitsA === 0n || unitsB === 0n) { return Number(unitsA === 0n) - Number(unitsB === 0n); } // a rate that isn't known comes last
  return a.fee && b.fee ? compareRates(a.fee.amount, unitsA, b.fee.amount, unitsB) : 0;
}

function instanceMinutes({ blocks }: Offer): bigint {
  return blocks.reduce((sum, { instances, minutes }) => sum + BigInt(instances) * BigInt(minutes), 0n);
}

/** What was asked for, in words. */
export function criteriaText(criteria: Criteria): string {
  const { spec, durationHours, startAfter, endBefore, zones, subnets, cap, offeringId } = criteria;
  return [
    specText(spec),
    `${either(durationHours.map(String))} hours`,
    startAfter !== undefined && `starting from ${instant(startAfter)}`,
    endBefore !== undefined && `ending by ${instant(endBefore)}`,
    zones.length > 0 && `in ${either(zones)}`,
    subnets.length > 0 && `where there are subnets, in ${either([...new Set(subnets.map(subnet => subnet.AvailabilityZone))])}`,
    cap && `for at most ${cap.text}`,
    offeringId !== undefined && `being the offering ${offeringId}`,
  ].filter(part => part).join(', ');
}

/** An offering in words. */
export function offerText({ id, blocks, start, end, minutes, feeText }: Offer): string {
  const what = [...new Set(blocks.map(each => `${capacityText(each)} in ${each.zone || 'a zone that it does not say'}`))].join(' and ');
  return `${id}: ${what || 'no capacity'}, ${instant(start) || '?'} to ${instant(end) || '?'}, ${Math.round(minutes / 60)} hours, ${feeText}`;
}

function either(texts: readonly string[]): string {
  return texts.length > 6 ? `${texts.slice(0, 5).join(', ')} or ${texts.length - 5} others` : texts.join(' or ');
}
