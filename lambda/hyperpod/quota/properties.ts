import type { CreateComputeQuotaRequest, Tag, UpdateComputeQuotaRequest } from '@aws-sdk/client-sagemaker';
import { RESERVED_TAG } from '../../../src/private/contracts/forms';
import { optionalText, record, text, type Properties } from '../../shared/coerce';
import { HandlerError } from '../../shared/errors';

/** What a quota is wanted to be. */
export type WantedQuota = Omit<CreateComputeQuotaRequest, 'Tags'>;

/** What of the API are numbers, which CloudFormation hands over as text. */
const NUMBERS = new Set(['Accelerators', 'BorrowLimit', 'Count', 'FairShareWeight', 'MemoryInGiB', 'VCpu']);

/** Reads the properties of a quota. */
export function wantedQuota(properties: Properties): WantedQuota {
  const target = record(properties, 'ComputeQuotaTarget');
  return {
    Name: text(properties, 'Name'),
    Description: optionalText(properties, 'Description'),
    ClusterArn: text(properties, 'ClusterArn'),
    ComputeQuotaTarget: { ...withNumbers(target) as WantedQuota['ComputeQuotaTarget'], TeamName: text(target, 'TeamName') },
    ComputeQuotaConfig: withNumbers(record(properties, 'ComputeQuotaConfig')) as WantedQuota['ComputeQuotaConfig'],
    ActivationState: optionalText(properties, 'ActivationState') as WantedQuota['ActivationState'],
  };
}

/** Reads the tags of the user, without those that can't be written. */
export function tagsOf(properties: Properties | undefined): Tag[] {
  const tags = properties?.Tags ?? [];
  if (!Array.isArray(tags)) { throw new HandlerError('InvalidProperties', 'the property Tags must be a list'); }
  return tags.map((_, index) => {
    const tag = record(tags as unknown as Properties, String(index));
    return { Key: text(tag, 'Key'), Value: optionalText(tag, 'Value') ?? '' };
  }).filter(({ Key }) => !RESERVED_TAG.test(Key));
}

/**
 * An update of all that can change. The service leaves what isn't named as it was, so what isn't wanted any more is named with what
 * the service does by default.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateComputeQuota.html
 */
export function updateOf(wanted: WantedQuota): Omit<UpdateComputeQuotaRequest, 'ComputeQuotaId' | 'TargetVersion'> {
  return {
    Description: wanted.Description ?? '',
    ComputeQuotaTarget: { FairShareWeight: 0, ...wanted.ComputeQuotaTarget! },
    ComputeQuotaConfig: {
      ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 50 },
      PreemptTeamTasks: 'LowerPriority',
      ...wanted.ComputeQuotaConfig,
    },
    ActivationState: wanted.ActivationState ?? 'Enabled',
  };
}

function withNumbers(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) { return value.map(part => withNumbers(part)); }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withNumbers(part, name)]));
  }
  if (!NUMBERS.has(key)) { return value; }
  const given = typeof value === 'number' ? String(value) : value;
  if (typeof given !== 'string' || !/^\d+(\.\d+)?$/.test(given)) {
    throw new HandlerError('InvalidProperties', `the property ${key} must be a number`);
  }
  return Number(given);
}
