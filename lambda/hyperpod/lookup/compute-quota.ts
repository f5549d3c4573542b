import { sageMakerArn } from '../../../src/private/contracts/arns';
import {
  QUOTA_ENTRY_FIELDS, QUOTA_ENTRY_KINDS, quotaEntryField, quotaEntryParts,
  type ComputeQuotaField, type QuotaEntryField, type QuotaEntryKey,
} from '../../../src/private/contracts/hyperpod-lookup';
import type { ComputeQuotaDescription } from '../../clients/hyperpod-reader';
import { optionalText, text, type Properties } from '../../shared/coerce';
import type { StackIdentity } from '../../shared/custom-resource';
import { HandlerError } from '../../shared/errors';
import type { FieldReader, Fields } from '../../shared/fields';
import { plain } from '../../shared/plain';

/** Which quota is meant: the one of an id, or the one of a name in a cluster. */
export type QuotaTarget = { readonly id: string } | { readonly clusterArn: string; readonly name: string };

/** Reads which quota is meant. An ARN of another place is refused: its id would be looked for in this one. */
export function quotaTarget(input: Properties, { account, region }: StackIdentity): QuotaTarget {
  const arn = optionalText(input, 'ComputeQuotaArn');
  if (arn !== undefined) {
    const found = sageMakerArn('compute-quota', arn);
    if (found?.region !== region || found.account !== account) {
      throw new HandlerError('InvalidProperties', `${arn} is not a compute quota in account ${account}, Region ${region}, where the stack is`);
    }
    return { id: found.name };
  }
  const id = optionalText(input, 'ComputeQuotaId');
  return id === undefined ? { clusterArn: text(input, 'ClusterArn'), name: text(input, 'Name') } : { id };
}

/** How each field is read from the answer of DescribeComputeQuota. What the service leaves out is an empty text. */
const READERS: Record<ComputeQuotaField, FieldReader<ComputeQuotaDescription>> = {
  ActivationState: quota => plain(quota.ActivationState),
  BorrowLimit: quota => plain(quota.ComputeQuotaConfig?.ResourceSharingConfig?.BorrowLimit),
  ClusterArn: quota => plain(quota.ClusterArn),
  ComputeQuotaArn: quota => plain(quota.ComputeQuotaArn),
  ComputeQuotaId: quota => plain(quota.ComputeQuotaId),
  ComputeQuotaVersion: quota => plain(quota.ComputeQuotaVersion),
  Description: quota => plain(quota.Description),
  FailureReason: quota => plain(quota.FailureReason),
  FairShareWeight: quota => plain(quota.ComputeQuotaTarget?.FairShareWeight),
  Name: quota => plain(quota.Name),
  PreemptTeamTasks: quota => plain(quota.ComputeQuotaConfig?.PreemptTeamTasks),
  Status: quota => plain(quota.Status),
  Strategy: quota => plain(quota.ComputeQuotaConfig?.ResourceSharingConfig?.Strategy),
  TeamName: quota => plain(quota.ComputeQuotaTarget?.TeamName),
};

type Entry = NonNullable<NonNullable<ComputeQuotaDescription['ComputeQuotaConfig']>['ComputeQuotaResources']>[number];

/** What an entry counts. Entries that were given vCPUs or memory alone have no accelerators, or zero of them. */
function kindOf(entry: Entry): QuotaEntryKey['kind'] {
  if (entry.AcceleratorPartition) { return 'Partitions'; }
  if (entry.Count !== undefined) { return 'Instances'; }
  return entry.Accelerators ? 'Accelerators' : 'Compute';
}

function keyOf(entry: Entry): QuotaEntryKey {
  return { kind: kindOf(entry), instanceType: plain(entry.InstanceType), profile: plain(entry.AcceleratorPartition?.Type) || undefined };
}

const ENTRY_FIELDS: Record<QuotaEntryField, (entry: Entry) => string> = {
  Count: entry => plain(entry.AcceleratorPartition?.Count ?? entry.Count ?? entry.Accelerators ?? 0),
  MemoryInGiB: entry => plain(entry.MemoryInGiB),
  VCpu: entry => plain(entry.VCpu),
};

/** The fields of a quota, and those of its entries by what they count. */
export const FIELDS: Fields<ComputeQuotaDescription> = {
  named: READERS,
  made: {
    called: 'fields of entries',
    find: name => {
      const [kind, instanceType, ...rest] = name.split('/');
      const field = rest.pop() as QuotaEntryField;
      const key: QuotaEntryKey = { kind: kind as QuotaEntryKey['kind'], instanceType, profile: rest.pop() };
      const isKnown = QUOTA_ENTRY_KINDS.includes(key.kind) && QUOTA_ENTRY_FIELDS.includes(field) && quotaEntryField(key, field) === name;
      return isKnown ? quota => ENTRY_FIELDS[field](theOnly(quota, key)) : undefined;
    },
  },
};

/** The entry that a key means. Nothing tells two of one key apart. */
function theOnly(quota: ComputeQuotaDescription, key: QuotaEntryKey): Entry {
  const named = (quota.ComputeQuotaConfig?.ComputeQuotaResources ?? []).map(entry => ({ entry, name: quotaEntryParts(keyOf(entry)).join(' ') }));
  const wanted = quotaEntryParts(key).join(' ');
  const found = named.filter(({ name }) => name === wanted);
  if (found.length !== 1) {
    const has = named.map(({ name }) => name).join(', ') || 'none';
    throw new HandlerError('NotUnique', `it has ${found.length} entries of ${wanted}, not one; its entries are: ${has}`);
  }
  return found[0].entry;
}
