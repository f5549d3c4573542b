import type { DescribeComputeQuotaResponse, Tag } from '@aws-sdk/client-sagemaker';
import { tagsOf, updateOf, wantedQuota, type WantedQuota } from './properties';
import { sageMakerArn } from '../../../src/private/contracts/arns';
import { QUOTA_OWNER_TAG, type ComputeQuotaAttribute } from '../../../src/private/contracts/compute-quota';
import { QUOTA_ID, fits } from '../../../src/private/contracts/forms';
import type { ComputeQuotaService } from '../../clients/compute-quotas';
import { HandlerError, failureOf } from '../../shared/errors';
import { log } from '../../shared/logger';
import { jitteredPause } from '../../shared/pause';
import { plain } from '../../shared/plain';
import type { Completion, ProviderEvent } from '../../shared/provider';
import { patiently } from '../../shared/reading';

/** What `onEvent` returns, and `isComplete` gets with the event. */
export interface Requested {
  /** The ARN of the quota. */
  readonly PhysicalResourceId: string;
  /** The version that an update made. */
  readonly ExpectedVersion?: string;
  /** When the quota was last changed before the update, in ISO 8601. */
  readonly ChangedBefore?: string;
}

const POLL_MS = 5_000;
/** Much less than CloudFormation takes. */
const LONGEST_ID = 400;

/** States that pass by themselves. */
const PASSING = new Set<string | undefined>(['Creating', 'Updating', 'Deleting']);
const READY = new Set<string | undefined>(['Created', 'Updated']);
/** What is left of a quota that never came to be. It does nothing but to take its name. */
const LEFT_OVER = new Set<string | undefined>(['CreateFailed', 'CreateRollbackFailed']);
const CONFLICTS = new Set(['ConflictException', 'Conflict']);

type Quota = DescribeComputeQuotaResponse;

/** Makes, changes and deletes compute quotas where CloudFormation has no type for them. */
export class ComputeQuotaHandler {
  public constructor(private readonly service: ComputeQuotaService) {}

  /** Begins what CloudFormation asks for. Whatever is asked twice is done once: a quota is known by its owner tag. */
  public async onEvent(event: ProviderEvent, signal: AbortSignal): Promise<Requested> {
    const id = quotaId(event.PhysicalResourceId);
    if (event.RequestType === 'Delete') {
      if (id !== undefined) { await this.delete(id, signal); } else { await this.deleteUnknown(event, signal); }
      return { PhysicalResourceId: event.PhysicalResourceId! };
    }
    const wanted = wantedQuota(event.ResourceProperties);
    const quota = id === undefined ? undefined : await this.settled(id, signal);
    return quota && isSame(quota, wanted) ? this.update(event, quota, wanted, signal) : this.create(event, wanted, signal);
  }

  /** Whether it has come to its end. It reads, and nothing else. */
  public async isComplete(event: ProviderEvent & Requested, signal: AbortSignal): Promise<Completion> {
    const id = quotaId(event.PhysicalResourceId);
    const quota = id === undefined ? undefined : await this.find(id, signal);
    const deleting = event.RequestType === 'Delete';
    if (!quota) { return { IsComplete: deleting }; } // a new one may not be seen everywhere yet
    if (/Failed$/.test(plain(quota.Status)) && isOf(event, quota)) {
      const which = `compute quota "${quota.Name}" (${quota.ComputeQuotaId})`;
      throw new HandlerError(quota.Status!, `${which} is in status ${quota.Status}: ${quota.FailureReason ?? 'no reason given'}`);
    }
    if (deleting || !READY.has(quota.Status) || quota.ComputeQuotaVersion! < Number(plain(event.ExpectedVersion))) {
      return { IsComplete: false };
    }
    const wanted = wantedQuota(event.ResourceProperties);
    if (!isSame(quota, wanted)) { // an update of the team may have been ignored
      throw new HandlerError('NotAsWanted', `compute quota "${quota.Name}" (${quota.ComputeQuotaId}) is of team "${quota.ComputeQuotaTarget?.TeamName ?? ''}" and not `
        + `"${wanted.ComputeQuotaTarget!.TeamName}": the team of a quota can't be changed while its name stays; give the quota another name`);
    }
    return { IsComplete: true, Data: attributesOf(quota) };
  }

  private async create(event: ProviderEvent, wanted: WantedQuota, signal: AbortSignal): Promise<Requested> {
    const owner = ownerOf(event);
    const request = { ...wanted, Tags: [...tagsOf(event.ResourceProperties), { Key: QUOTA_OWNER_TAG, Value: owner }] };
    for (;;) {
      try {
        return { PhysicalResourceId: await this.call('CreateComputeQuota', signal, async () => this.service.create(request, signal)) };
      } catch (error) {
        if (!isConflict(error)) { throw error; }
        const mine = await this.takenBy(wanted, owner, error, signal);
        if (mine && !LEFT_OVER.has(mine.Status)) { return this.update(event, mine, wanted, signal); } // an earlier answer was lost
        if (mine) { await this.remove(mine.ComputeQuotaId!, signal); }
      }
    }
  }

  /** The quota that has the name, if this very custom resource made it. One that has gone in the meantime leaves the name free. */
  private async takenBy(wanted: WantedQuota, owner: string, conflict: unknown, signal: AbortSignal): Promise<Quota | undefined> {
    const listed = await this.call('ListComputeQuotas', signal, async () => this.service.list(wanted.ClusterArn!, wanted.Name!, signal));
    const taken = listed.find(quota => quota.Name === wanted.Name && quota.Status !== 'Deleted');
    const said = failureOf(conflict).message;
    if (!taken) {
      throw new HandlerError('ConflictException', `no quota "${wanted.Name}" is there, and yet it can't be made; another one may have the team `
        + `"${wanted.ComputeQuotaTarget!.TeamName}" (${said})`);
    }
    const tags = await this.call('ListTags', signal, async () => this.service.tags(taken.ComputeQuotaArn!, signal));
    if (!tags.some(({ Key, Value }) => Key === QUOTA_OWNER_TAG && Value === owner)) {
      throw new HandlerError('ConflictException', `the name "${wanted.Name}" is taken by ${taken.ComputeQuotaArn} in status ${taken.Status}, which another made; `
        + `delete it, or choose another name (${said})`);
    }
    return this.settled(taken.ComputeQuotaId!, signal);
  }

  /** An update names the version that it replaces. Whoever else changed the quota in between makes it begin again. */
  private async update(event: ProviderEvent, found: Quota, wanted: WantedQuota, signal: AbortSignal): Promise<Requested> {
    const { ComputeQuotaArn: arn, ComputeQuotaId: id } = found;
    for (let quota: Quota | undefined = found; quota; quota = await this.settled(id!, signal)) {
      try {
        const request = { ComputeQuotaId: id, TargetVersion: quota.ComputeQuotaVersion, ...updateOf(wanted) };
        const version = await this.call('UpdateComputeQuota', signal, async () => this.service.update(request, signal));
        await this.updateTags(event, arn!, signal);
        return { PhysicalResourceId: arn!, ExpectedVersion: String(version), ChangedBefore: quota.LastModifiedTime?.toISOString() };
      } catch (error) {
        if (!isConflict(error)) { throw error; }
        await jitteredPause(POLL_MS, signal);
      }
    }
    return this.create(event, wanted, signal); // deleted by somebody in the meantime
  }

  private async updateTags(event: ProviderEvent, arn: string, signal: AbortSignal): Promise<void> {
    const [tags, old] = [tagsOf(event.ResourceProperties), tagsOf(event.OldResourceProperties)];
    const differing = tags.filter(tag => !old.some(other => isSameTag(tag, other)));
    const gone = old.map(({ Key }) => Key!).filter(key => !tags.some(({ Key }) => Key === key));
    if (differing.length > 0) { await this.call('AddTags', signal, async () => this.service.addTags(arn, differing, signal)); }
    if (gone.length > 0) { await this.call('DeleteTags', signal, async () => this.service.deleteTags(arn, gone, signal)); }
  }

  private async delete(id: string, signal: AbortSignal): Promise<void> {
    while (await this.settled(id, signal)) {
      try {
        await this.call('DeleteComputeQuota', signal, async () => this.service.delete(id, signal));
        return;
      } catch (error) {
        if (failureOf(error).kind === 'not-found') { return; }
        if (!isConflict(error)) { throw error; }
        await jitteredPause(POLL_MS, signal);
      }
    }
  }

  /**
   * Deletes what a Create made whose answer was lost, so that CloudFormation knows no id of it: the quota of this name that has our tag.
   * `isComplete` has no id to wait for it by, so this waits.
   */
  private async deleteUnknown(event: ProviderEvent, signal: AbortSignal): Promise<void> {
    const [cluster, name] = ['ClusterArn', 'Name'].map(key => event.ResourceProperties[key]);
    if (typeof cluster !== 'string' || typeof name !== 'string' || !cluster || !name) { return; } // nothing was ever made of these
    const listed = await this.call('ListComputeQuotas', signal, async () => this.service.list(cluster, name, signal));
    for (const { Name, ComputeQuotaId: id, ComputeQuotaArn: arn, Status } of listed) {
      if (Name !== name || !id || !arn || Status === 'Deleted') { continue; }
      const tags = await this.call('ListTags', signal, async () => this.service.tags(arn, signal));
      if (!tags.some(({ Key, Value }) => Key === QUOTA_OWNER_TAG && Value === ownerOf(event))) { continue; }
      await this.settled(id, signal);
      await this.remove(id, signal);
    }
  }

  /** Deletes what is left over, and waits until its name is free. */
  private async remove(id: string, signal: AbortSignal): Promise<void> {
    log('left over', { operation: 'DeleteComputeQuota', status: 'CreateFailed' });
    await this.delete(id, signal);
    const rest = await this.settled(id, signal);
    if (rest) { throw new HandlerError(rest.Status!, `compute quota ${id}, left over by a creation that failed, can't be deleted: ${rest.FailureReason}`); }
  }

  /** The quota when nothing is going on with it; undefined when there is none any more. */
  private async settled(id: string, signal: AbortSignal): Promise<Quota | undefined> {
    for (;;) {
      const quota = await this.find(id, signal);
      if (!PASSING.has(quota?.Status)) { return quota; }
      await jitteredPause(POLL_MS, signal);
    }
  }

  private async find(id: string, signal: AbortSignal): Promise<Quota | undefined> {
    try {
      const quota = await this.call('DescribeComputeQuota', signal, async () => this.service.describe(id, signal));
      return quota.Status === 'Deleted' ? undefined : quota; // it is shown for a while
    } catch (error) {
      if (failureOf(error).kind === 'not-found') { return undefined; }
      throw error;
    }
  }

  private async call<T>(operation: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    return patiently(operation, signal, ask);
  }
}

/** The id in the ARN of a quota. A physical id that isn't one belongs to a Create that failed before there was any. */
function quotaId(physicalId: string | undefined): string | undefined {
  const name = sageMakerArn('compute-quota', physicalId ?? '')?.name;
  return fits(QUOTA_ID, name) ? name : undefined;
}

/**
 * The physical id of a request that failed. Of one that may have made another quota, it isn't the old one: CloudFormation then sends a
 * Delete for it, with the properties that say which. A quota that has the same name in the same cluster is the old one itself.
 */
export function failedId(event: ProviderEvent): string {
  const { PhysicalResourceId: old, ResourceProperties: wanted, OldResourceProperties: before } = event;
  const isAnother = ['Name', 'ClusterArn'].some(key => plain(wanted[key]) !== plain(before?.[key]));
  if (event.RequestType === 'Update' && old && !isAnother) { return old; }
  return [ownerOf(event), plain(wanted.Name)].join('/').slice(0, LONGEST_ID);
}

/** Name, cluster and team can't be changed: what is wanted with others is another quota. */
function isSame(quota: Quota, wanted: WantedQuota): boolean {
  return quota.Name === wanted.Name && quota.ClusterArn === wanted.ClusterArn
    && quota.ComputeQuotaTarget?.TeamName === wanted.ComputeQuotaTarget!.TeamName;
}

/**
 * Whether a failure is of this request: a quota whose last update failed can be deleted, and one of an older version updated. Whether an
 * update that fails keeps its version isn't documented; that the quota was changed since tells it, too.
 */
function isOf(event: ProviderEvent & Requested, quota: Quota): boolean {
  if (event.RequestType === 'Delete') { return plain(quota.Status).startsWith('Delete'); }
  return quota.ComputeQuotaVersion! >= Number(plain(event.ExpectedVersion))
    || (event.ChangedBefore !== undefined && quota.LastModifiedTime! > new Date(event.ChangedBefore));
}

function isConflict(error: unknown): boolean {
  return CONFLICTS.has(failureOf(error).code);
}

function isSameTag(a: Tag, b: Tag): boolean {
  return a.Key === b.Key && a.Value === b.Value;
}

/** The stack and the resource in it. A stack that is made again has another id, so its quotas are no longer those of this one. */
function ownerOf({ StackId: stackId, LogicalResourceId: logicalId }: ProviderEvent): string {
  return `${stackId.split('/').at(-1)}/${logicalId}`.slice(0, 256);
}

function attributesOf(quota: Quota): Record<ComputeQuotaAttribute, string> {
  return {
    ComputeQuotaArn: plain(quota.ComputeQuotaArn),
    ComputeQuotaId: plain(quota.ComputeQuotaId),
    ComputeQuotaVersion: plain(quota.ComputeQuotaVersion),
    Status: plain(quota.Status),
  };
}
