import type { TrainingPlanOffering } from '@aws-sdk/client-sagemaker';
import { criteriaText, misfits, offer, offerText, questions, ranked, type Misfit } from './choose';
import type { Criteria } from './properties';
import type { PlanReader } from '../clients/training-plans';
import { HandlerError } from '../shared/errors';

/** All that the service offers for the criteria, qualified or not. */
export async function sweep(search: PlanReader['search'], criteria: Criteria): Promise<TrainingPlanOffering[]> {
  const found: TrainingPlanOffering[] = [];
  for (const question of questions(criteria)) {
    found.push(...(await search(question)).TrainingPlanOfferings ?? []);
  }
  return found;
}

/** What to say when no offering qualifies: what was asked for, and the nearest that exists. */
export async function nothingFound(
  search: PlanReader['search'], found: readonly TrainingPlanOffering[], criteria: Criteria, mayGoOn: () => boolean,
): Promise<HandlerError> {
  const near = nearestFound(found, criteria);
  if (near.length === 0) { near.push(...await nearestElsewhere(search, criteria, mayGoOn)); }
  const instead = near.length > 0
    ? `there would be: ${near.join('; ')}`
    : 'nothing near it was found either; capacity comes and goes, and its quota may be too low';
  return new HandlerError('NothingFound', `no offering qualifies of ${found.length} found for: ${criteriaText(criteria)}; ${instead}`);
}

/** Criteria with one of them relaxed, and what that is called. */
interface Relaxed {
  readonly what: string;
  readonly criteria: Criteria;
}

const DAY_HOURS = 24;
const LONGEST_HOURS = 182 * DAY_HOURS;

/** The criteria that the service itself applies, each relaxed: at most five searches. */
export function relaxations(criteria: Criteria): Relaxed[] {
  const { spec, durationHours, startAfter, endBefore } = criteria;
  const [shortest, longest] = [Math.min(...durationHours), Math.max(...durationHours)];
  const shorter = (Math.ceil(shortest / DAY_HOURS) - 1) * DAY_HOURS;
  const longer = (Math.floor(longest / DAY_HOURS) + 1) * DAY_HOURS;
  const fewer = spec.count > 1 ? 2 ** Math.ceil(Math.log2(spec.count) - 1) : 0;
  return [
    endBefore !== undefined && { what: 'a later end', criteria: { ...criteria, durationHours: [shortest], endBefore: undefined } },
    startAfter !== undefined && { what: 'an earlier start', criteria: { ...criteria, durationHours: [shortest], startAfter: undefined } },
    shorter > 0 && { what: 'a shorter duration', criteria: { ...criteria, durationHours: [shorter] } },
    longer <= LONGEST_HOURS && { what: 'a longer duration', criteria: { ...criteria, durationHours: [longer] } },
    fewer > 0 && { what: 'fewer', criteria: { ...criteria, durationHours: [shortest], spec: { ...spec, count: fewer } } },
  ].filter(each => each !== false);
}

const WITHOUT: Partial<Record<Misfit, { readonly what: string; readonly relax: (criteria: Criteria) => Criteria }>> = {
  fee: { what: 'a higher cap', relax: ({ cap: _, ...others }) => others },
  zone: { what: 'another zone', relax: criteria => ({ ...criteria, zones: [], subnets: [] }) },
  currency: { what: 'another currency', relax: ({ cap: _, ...others }) => others },
  id: { what: 'another id', relax: ({ offeringId: _, ...others }) => others },
};

/** The best of the offerings that miss nothing but one criterion, for each such criterion. */
export function nearestFound(found: readonly TrainingPlanOffering[], criteria: Criteria): string[] {
  return (Object.keys(WITHOUT) as Misfit[]).flatMap(misfit => {
    const { what, relax } = WITHOUT[misfit]!;
    const missOnlyThis = found.filter(each => {
      const unmet = misfits(offer(each), criteria);
      return unmet.length === 1 && unmet[0] === misfit;
    });
    const [best] = ranked(missOnlyThis, { ...relax(criteria), selection: misfit === 'fee' ? 'LOWEST_FEE' : criteria.selection });
    return best ? [`with ${what}, ${offerText(best)}`] : [];
  });
}

/** What there is when a criterion of the service is relaxed. A search that fails finds nothing: this is a courtesy. */
export async function nearestElsewhere(search: PlanReader['search'], criteria: Criteria, mayGoOn: () => boolean): Promise<string[]> {
  const near: string[] = [];
  for (const { what, criteria: relaxed } of relaxations(criteria)) {
    if (!mayGoOn()) { break; }
    const found = await search(questions(relaxed)[0]).catch(() => undefined);
    const [best] = ranked(found?.TrainingPlanOfferings ?? [], relaxed);
    if (best) { near.push(`with ${what}, ${offerText(best)}`); }
  }
  return near;
}
