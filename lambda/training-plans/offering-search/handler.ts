import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import {
  OFFERING_FIELDS, OFFERING_TAG, OWNER_TAG, SPEC_TAG, type OfferingField,
} from '../../../src/private/contracts/training-plan';
import type { PlanReader } from '../../clients/training-plans';
import { record, type Properties } from '../../shared/coerce';
import type { CustomResourceHandler, Request, StackIdentity } from '../../shared/custom-resource';
import { HandlerError, ifExists } from '../../shared/errors';
import { explain, patiently } from '../../shared/reading';
import { block, common, instant } from '../blocks';
import { offerText, ranked, subnetIn, type Offer } from '../choose';
import { chooseExtension, endsAt, extensionText } from '../history';
import { extensionId, extensionSearch, identity, planArn, searchCriteria, type Criteria, type Identity } from '../properties';
import { nothingFound, sweep } from '../search';
import { difference, sameSpec, specHash } from '../spec';
import { tagMap } from '../tags';

type Reader = Pick<PlanReader, 'describe' | 'tags' | 'search'>;

/** Searches for offerings, and tells what a purchase would do. It can buy nothing. */
export class OfferingSearchHandler implements CustomResourceHandler {
  public constructor(private readonly reader: Reader) {}

  /** A dry run has an id that no purchase can have. */
  public physicalId(stack: StackIdentity, logicalId: string, properties: Properties): string {
    if (properties.DryRunOfExtension !== undefined) {
      return `dry-run:${extensionId(record(properties, 'DryRunOfExtension'), stack).replace(/^.*:training-plan\//, '')}`;
    }
    const name = (properties.DryRunOf as Properties | undefined)?.TrainingPlanName;
    return typeof name === 'string' ? `dry-run:${name}` : `${stack.name}/${logicalId}`;
  }

  public async apply({ stack, properties }: Request, signal: AbortSignal): Promise<Record<OfferingField, string>> {
    if (properties.DryRunOfExtension !== undefined) { return this.extension(extensionSearch(properties, stack), signal); }
    const criteria = searchCriteria(properties);
    const purchase = properties.DryRunOf === undefined ? undefined : identity(record(properties, 'DryRunOf'), stack);
    try {
      return (purchase && await this.existing(purchase, criteria, stack, signal)) ?? await this.search(criteria, purchase, signal);
    } catch (error) {
      throw explain(`offerings of training plans in account ${stack.account}, Region ${stack.region}`, 'SageMaker', error, signal);
    }
  }

  /** What an extension would buy. */
  private async extension(
    { cap, ...target }: ReturnType<typeof extensionSearch>, signal: AbortSignal,
  ): Promise<Record<OfferingField, string>> {
    const { name, extendTo } = target;
    const blank = Object.fromEntries(OFFERING_FIELDS.map(field => [field, ''])) as Record<OfferingField, string>;
    try {
      const { EndTime, Status } = await patiently('DescribeTrainingPlan', signal, async () => this.reader.describe(name));
      if (endsAt({ EndTime }, extendTo)) {
        const Summary = `An extension of "${name}" would buy nothing: the plan ends at ${instant(EndTime)}.`;
        return { ...blank, EndTime: instant(EndTime), QualifyingCount: '0', Summary };
      }
      if (Status === 'Failed' || Status === 'Expired') { throw new HandlerError('PlanEnded', `the plan is ${Status}, and can't be extended`); }
      const { best: { id, source }, qualifying } = await chooseExtension(async question => {
        return patiently('SearchTrainingPlanOfferings', signal, async () => this.reader.search(question));
      }, target, cap, EndTime);
      return {
        ...blank,
        AvailabilityZone: source.AvailabilityZone ?? '',
        CurrencyCode: source.CurrencyCode ?? '',
        DurationHours: String(source.DurationHours ?? ''),
        EndTime: instant(source.EndDate),
        QualifyingCount: String(qualifying),
        StartTime: instant(source.StartDate),
        Summary: `An extension of "${name}" would buy ${extensionText(source)}`,
        TrainingPlanOfferingId: id,
        UpfrontFee: source.UpfrontFee ?? '',
      };
    } catch (error) {
      throw explain(`extensions of the training plan "${name}"`, 'SageMaker', error, signal);
    }
  }

  private async search(criteria: Criteria, purchase: Identity | undefined, signal: AbortSignal): Promise<Record<OfferingField, string>> {
    const search: PlanReader['search'] = async question => {
      return patiently('SearchTrainingPlanOfferings', signal, async () => this.reader.search(question));
    };
    const found = await sweep(search, criteria);
    const qualifying = ranked(found, criteria);
    if (qualifying.length === 0) { throw await nothingFound(search, found, criteria, () => !signal.aborted); }
    const [best] = qualifying;
    const would = purchase ? `A purchase of "${purchase.name}" would buy ` : '';
    return offerData(best, criteria, qualifying.length, `${would}${offerText(best)}`);
  }

  /** What a purchase would find under its name, and take instead of buying. */
  private async existing(
    { name, owner, adoptExisting }: Identity, criteria: Criteria, stack: StackIdentity, signal: AbortSignal,
  ): Promise<Record<OfferingField, string> | undefined> {
    const plan = await patiently('DescribeTrainingPlan', signal, async () => ifExists(async () => this.reader.describe(name)));
    if (!plan) { return undefined; }
    const tags = tagMap(await patiently('ListTags', signal, async () => this.reader.tags(planArn(stack, name))));
    if (tags[OWNER_TAG] !== owner && !adoptExisting) {
      throw new HandlerError('NameTaken', `the name "${name}" is taken${tags[OWNER_TAG] === undefined ? '' : ` by "${tags[OWNER_TAG]}"`}; choose another one`);
    }
    if (plan.Status === 'Failed' || plan.Status === 'Expired') {
      throw new HandlerError('NameTaken', `the plan "${name}" is ${plan.Status}, and its name can't be used again; choose another one`);
    }
    const differs = difference(criteria.spec, plan)
      ?? (sameSpec(tags[SPEC_TAG], specHash(criteria.spec)) === false ? 'it was bought with another type, count, target or number of spare instances' : undefined);
    if (differs) { throw new HandlerError('SpecDiffers', `the plan "${name}" is not what is asked for: ${differs}`); }
    return planData(plan, criteria, tags[OFFERING_TAG] ?? '');
  }
}

function offerData(offer: Offer, criteria: Criteria, qualifying: number, summary: string): Record<OfferingField, string> {
  const zone = common(offer.blocks, each => each.zone);
  return {
    AvailabilityZone: zone,
    CurrencyCode: offer.currency,
    DurationHours: String(Math.floor(offer.minutes / 60)),
    EndTime: instant(offer.end),
    InstanceCount: criteria.spec.ultraServers ? common(offer.blocks, each => String(each.instances)) : String(criteria.spec.count),
    InstanceType: common(offer.blocks, each => each.instanceType),
    QualifyingCount: String(qualifying),
    StartTime: instant(offer.start),
    SubnetId: subnetIn(zone, criteria),
    Summary: summary,
    TrainingPlanOfferingId: offer.id,
    UpfrontFee: offer.feeText.split(' ')[0],
  };
}

function planData(plan: DescribeTrainingPlanResponse, criteria: Criteria, offering: string): Record<OfferingField, string> {
  const blocks = (plan.ReservedCapacitySummaries ?? []).map(block);
  const zone = common(blocks, each => each.zone);
  return {
    AvailabilityZone: zone,
    CurrencyCode: plan.CurrencyCode ?? '',
    DurationHours: String(plan.DurationHours ?? ''),
    EndTime: instant(plan.EndTime),
    InstanceCount: String(plan.TotalInstanceCount ?? ''),
    InstanceType: common(blocks, each => each.instanceType),
    QualifyingCount: '0',
    StartTime: instant(plan.StartTime),
    SubnetId: subnetIn(zone, criteria),
    Summary: `A purchase of "${plan.TrainingPlanName}" would buy nothing: the plan is there, is ${plan.Status}, and would be adopted.`,
    TrainingPlanOfferingId: offering,
    UpfrontFee: plan.UpfrontFee ?? '',
  };
}
