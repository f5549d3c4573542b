import { check, type Shape, type Structure } from './constraints';
import { pageOf } from './paging';
import { arnPrefix, ServiceError, type Place } from './service';
import { COMPUTE_SLICES_PER_GPU, migGpuOf } from '../../src/hyperpod/private/facts/mig';
import { factsOf } from '../../src/private/instance-types';

/** An amount of compute on an instance type. */
export interface QuotaEntry {
  readonly InstanceType: string;
  readonly Count?: number;
  readonly Accelerators?: number;
  readonly VCpu?: number;
  readonly MemoryInGiB?: number;
  readonly AcceleratorPartition?: { readonly Type: string; readonly Count: number };
}

/** What CreateComputeQuota takes. */
export interface QuotaRequest {
  readonly Name: string;
  readonly ClusterArn: string;
  readonly ComputeQuotaConfig: {
    readonly ComputeQuotaResources?: readonly QuotaEntry[];
    readonly ResourceSharingConfig?: {
      readonly Strategy: string;
      readonly BorrowLimit?: number;
      readonly AbsoluteBorrowLimits?: readonly QuotaEntry[];
    };
    readonly PreemptTeamTasks?: string;
  };
  readonly ComputeQuotaTarget: { readonly TeamName: string; readonly FairShareWeight?: number };
  readonly Description?: string;
  readonly ActivationState?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

const STATUSES = [
  'Creating', 'CreateFailed', 'CreateRollbackFailed', 'Created', 'Updating', 'UpdateFailed', 'UpdateRollbackFailed', 'Updated',
  'Deleting', 'DeleteFailed', 'DeleteRollbackFailed', 'Deleted',
] as const;

/** The state of a quota. Those that end with "ing" pass by themselves. */
export type QuotaStatus = typeof STATUSES[number];

/** A quota as it is kept. Times are seconds since 1970, as on the wire. */
export interface Quota extends QuotaRequest {
  readonly ComputeQuotaArn: string;
  readonly ComputeQuotaId: string;
  readonly ComputeQuotaVersion: number;
  readonly Status: QuotaStatus;
  readonly FailureReason?: string;
  readonly CreationTime: number;
  readonly LastModifiedTime: number;
}

type Change = 'Create' | 'Update' | 'Delete';

/** How each change goes: what is seen while it goes on, and what it ends in. */
const COURSE: Record<Change, { readonly passing: QuotaStatus; readonly done: QuotaStatus; readonly failed: QuotaStatus }> = {
  Create: { passing: 'Creating', done: 'Created', failed: 'CreateFailed' },
  Update: { passing: 'Updating', done: 'Updated', failed: 'UpdateFailed' },
  Delete: { passing: 'Deleting', done: 'Deleted', failed: 'DeleteFailed' },
};

const string = (pattern: string, min?: number, max?: number): Shape => ({ type: 'string', pattern, min, max });
const oneOf = (...values: readonly string[]): Shape => ({ type: 'string', values });
const integer = (min?: number, max?: number): Shape => ({ type: 'integer', min, max });
const list = (of: Shape, max: number): Shape => ({ type: 'list', of, max });
const structure = (members: Structure['members']): Structure => ({ type: 'structure', members });

const AMOUNT = 10_000_000;
const NAME = string('[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}', 1, 63);
const CLUSTER_ARN = string('arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:cluster/[a-z0-9]{12}', 0, 256);
const ID = string('[a-z0-9]{12}');
const DESCRIPTION = string('[\\p{L}\\p{M}\\p{Z}\\p{S}\\p{N}\\p{P}]*', 0, 1024);
const ENTRY = structure({
  'InstanceType!': string('ml\\.[a-z0-9-]+\\.[a-z0-9]+'),
  'Count': integer(0, AMOUNT),
  'Accelerators': integer(0, AMOUNT),
  'VCpu': { type: 'float', min: 0, max: AMOUNT },
  'MemoryInGiB': { type: 'float', min: 0, max: AMOUNT },
  'AcceleratorPartition': structure({ 'Type!': string('mig-[1-7]g\\.[0-9]+gb'), 'Count!': integer(0, AMOUNT) }),
});
const CONFIG = structure({
  ComputeQuotaResources: list(ENTRY, 15),
  ResourceSharingConfig: structure({
    'Strategy!': oneOf('Lend', 'DontLend', 'LendAndBorrow'), 'BorrowLimit': integer(0, 10_000), 'AbsoluteBorrowLimits': list(ENTRY, 15),
  }),
  PreemptTeamTasks: oneOf('Never', 'LowerPriority'),
});
const TARGET = structure({ 'TeamName!': string('[a-z0-9]([-a-z0-9]*[a-z0-9]){0,39}?'), 'FairShareWeight': integer(0, 100) });
const ACTIVATION = oneOf('Enabled', 'Disabled');

const TAG_LIST = list(structure({
  'Key!': string('[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', 1, 128), 'Value!': string('[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', 0, 256),
}), 50);

const CREATE = structure({
  'Name!': NAME,
  'Description': DESCRIPTION,
  'ClusterArn!': CLUSTER_ARN,
  'ComputeQuotaConfig!': CONFIG,
  'ComputeQuotaTarget!': TARGET,
  'ActivationState': ACTIVATION,
  'Tags': TAG_LIST,
});
const DESCRIBE = structure({ 'ComputeQuotaId!': ID, 'ComputeQuotaVersion': integer() });
const LIST = structure({
  CreatedAfter: { type: 'timestamp' },
  CreatedBefore: { type: 'timestamp' },
  NameContains: NAME,
  Status: oneOf(...STATUSES),
  ClusterArn: CLUSTER_ARN,
  SortBy: oneOf('Name', 'CreationTime', 'Status', 'ClusterArn'),
  SortOrder: oneOf('Ascending', 'Descending'),
  NextToken: string('.*', 0, 8192),
  MaxResults: integer(1, 100),
});
const UPDATE = structure({
  'ComputeQuotaId!': ID,
  'TargetVersion!': integer(),
  'ComputeQuotaConfig': CONFIG,
  'ComputeQuotaTarget': TARGET,
  'ActivationState': ACTIVATION,
  'Description': DESCRIPTION,
});
const DELETE = structure({ 'ComputeQuotaId!': ID });
const TAGS = structure({ 'ResourceArn!': string('arn:.*', 0, 256), 'Tags': TAG_LIST, 'TagKeys': list(string('[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*', 1, 128), 50) });

interface ListRequest {
  readonly CreatedAfter?: number;
  readonly CreatedBefore?: number;
  readonly NameContains?: string;
  readonly Status?: string;
  readonly ClusterArn?: string;
  readonly SortBy?: 'Name' | 'CreationTime' | 'Status' | 'ClusterArn';
  readonly SortOrder?: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

interface UpdateRequest extends Partial<Pick<QuotaRequest, 'ComputeQuotaConfig' | 'ComputeQuotaTarget' | 'ActivationState' | 'Description'>> {
  readonly ComputeQuotaId: string;
  readonly TargetVersion: number;
}

const BEGINNING = Date.parse('2026-01-01T00:00:00Z') / 1000;

/** The quotas of HyperPod clusters, with their states. */
export class ComputeQuotas {
  /** How often a quota is described before a change of it comes to its end. */
  public readsUntilDone = 0;
  /** Whether an update that fails leaves the version as it was. The service may do either. */
  public failedUpdatesLoseVersion = false;

  private readonly quotas = new Map<string, Quota>();
  private readonly changes = new Map<string, { readonly ends: Partial<Quota>; reads: number }>();
  private readonly failures: Record<Change, string[]> = { Create: [], Update: [], Delete: [] };
  /** Passes by a second with each change, so that every run has the same times. */
  private now = BEGINNING;

  /** Lets the next change of a kind end in its failed state. */
  public failNext(change: Change, reason: string): void {
    this.failures[change].push(reason);
  }

  /** Puts a quota there as it is, with an id of its own where none is given. */
  public put(quota: QuotaRequest & Partial<Quota>, place: Place): Quota {
    const id = quota.ComputeQuotaId ?? `q${String(this.quotas.size + 1).padStart(11, '0')}`;
    const whole: Quota = {
      ComputeQuotaArn: `${arnPrefix(place)}compute-quota/${id}`,
      ComputeQuotaId: id,
      ComputeQuotaVersion: 1,
      Status: 'Created',
      CreationTime: this.now,
      LastModifiedTime: this.now++,
      ...quota,
    };
    this.quotas.set(whole.ComputeQuotaArn, whole);
    return whole;
  }

  /** All quotas, those that are deleted and still shown among them. */
  public all(): Quota[] {
    return [...this.quotas.values()];
  }

  /** Changes a quota behind everybody's back. */
  public change(arn: string, members: Partial<Quota>): void {
    this.quotas.set(arn, { ...this.quotas.get(arn)!, ...members });
  }

  public clear(): void {
    this.quotas.clear();
    this.changes.clear();
    Object.values(this.failures).forEach(reasons => { reasons.length = 0; });
    this.readsUntilDone = 0;
    this.failedUpdatesLoseVersion = false;
    this.now = BEGINNING;
  }

  public create(input: object, place: Place): object {
    check(input, CREATE);
    const request = input as QuotaRequest;
    checkProfiles(request.ComputeQuotaConfig);
    const taken = [...this.quotas.values()].find(quota => quota.ClusterArn === request.ClusterArn && quota.Name === request.Name && quota.Status !== 'Deleted');
    if (taken) {
      throw new ServiceError('ConflictException', `Compute quota ${taken.ComputeQuotaId} has the name ${request.Name} in cluster ${request.ClusterArn}`);
    }
    const quota = this.put({ ActivationState: 'Enabled', ...request, ComputeQuotaConfig: filledIn(request.ComputeQuotaConfig) }, place);
    this.begin('Create', quota);
    return { ComputeQuotaArn: quota.ComputeQuotaArn, ComputeQuotaId: quota.ComputeQuotaId };
  }

  public describe(input: object, place: Place): object {
    check(input, DESCRIBE);
    const { ComputeQuotaId: id, ComputeQuotaVersion: version } = input as { ComputeQuotaId: string; ComputeQuotaVersion?: number };
    const { Tags: _, ...quota } = this.get(id, place);
    if (version !== undefined && version !== quota.ComputeQuotaVersion) { throw notFound(`${id} version ${version}`); }
    this.pass(quota.ComputeQuotaArn);
    return quota;
  }

  public list(input: object, place: Place): object {
    check(input, LIST);
    const { NextToken, MaxResults, SortBy: by = 'CreationTime', SortOrder: order = 'Descending', ...filter } = input as ListRequest;
    const found = [...this.quotas.values()]
      .filter(quota => quota.ComputeQuotaArn.startsWith(arnPrefix(place)) && matches(quota, filter))
      .sort((a, b) => (a[by] < b[by] ? -1 : a[by] > b[by] ? 1 : a.CreationTime - b.CreationTime));
    if (order === 'Descending') { found.reverse(); }
    const { items, NextToken: next } = pageOf(found, { NextToken, MaxResults }, [filter, by, order]);
    return {
      ComputeQuotaSummaries: items.map(({ Tags: _, Description: __, FailureReason: ___, ...summary }) => summary),
      NextToken: next,
    };
  }

  public update(input: object, place: Place): object {
    check(input, UPDATE);
    const { ComputeQuotaId: id, TargetVersion: target, ...changed } = input as UpdateRequest;
    const quota = this.get(id, place);
    if (quota.Status === 'Deleted') { throw notFound(id); }
    if (quota.Status.endsWith('ing')) { throw new ServiceError('ConflictException', `Compute quota ${id} is in status ${quota.Status}`); }
    if (target !== quota.ComputeQuotaVersion) {
      throw new ServiceError('ConflictException', `Compute quota ${id} has version ${quota.ComputeQuotaVersion}, not ${target}`);
    }
    const { ComputeQuotaConfig: config, ComputeQuotaTarget: team } = changed;
    if (team && team.TeamName !== quota.ComputeQuotaTarget.TeamName) {
      throw new ServiceError('ValidationException', `The team of compute quota ${id} cannot be changed`);
    }
    if (config) { checkProfiles(config); }
    const updated: Quota = {
      ...quota,
      ...changed,
      ComputeQuotaConfig: config ? filledIn(config) : quota.ComputeQuotaConfig,
      ComputeQuotaVersion: quota.ComputeQuotaVersion + 1,
      LastModifiedTime: this.now++,
    };
    this.begin('Update', updated);
    return { ComputeQuotaArn: updated.ComputeQuotaArn, ComputeQuotaVersion: updated.ComputeQuotaVersion };
  }

  public delete(input: object, place: Place): object {
    check(input, DELETE);
    const quota = this.get((input as { ComputeQuotaId: string }).ComputeQuotaId, place);
    if (quota.Status === 'Deleted') { throw notFound(quota.ComputeQuotaId); }
    this.begin('Delete', quota);
    return {};
  }

  /** The tags of a quota, which are changed without a change of its version. */
  public listTags(input: object, place: Place): object {
    return { Tags: this.tagged(input, place).Tags ?? [] };
  }

  public addTags(input: object, place: Place): object {
    const quota = this.tagged(input, place);
    const { Tags: added = [] } = input as Pick<QuotaRequest, 'Tags'>;
    const kept = (quota.Tags ?? []).filter(({ Key }) => !added.some(tag => tag.Key === Key));
    this.quotas.set(quota.ComputeQuotaArn, { ...quota, Tags: [...kept, ...added] });
    return { Tags: [...kept, ...added] };
  }

  public deleteTags(input: object, place: Place): object {
    const quota = this.tagged(input, place);
    const { TagKeys: gone } = input as { TagKeys: string[] };
    this.quotas.set(quota.ComputeQuotaArn, { ...quota, Tags: (quota.Tags ?? []).filter(({ Key }) => !gone.includes(Key)) });
    return {};
  }

  private tagged(input: object, place: Place): Quota {
    check(input, TAGS);
    const { ResourceArn: arn } = input as { ResourceArn: string };
    return this.get(arn.slice(arn.lastIndexOf('/') + 1), place);
  }

  private get(id: string, place: Place): Quota {
    const quota = this.quotas.get(`${arnPrefix(place)}compute-quota/${id}`);
    if (!quota) { throw notFound(id); }
    return quota;
  }

  private begin(change: Change, quota: Quota): void {
    const { passing, done, failed } = COURSE[change];
    const reason = this.failures[change].shift();
    this.quotas.set(quota.ComputeQuotaArn, { ...quota, Status: passing, FailureReason: undefined });
    this.changes.set(quota.ComputeQuotaArn, {
      ends: reason === undefined ? { Status: done } : {
        Status: failed,
        FailureReason: reason,
        ...change === 'Update' && this.failedUpdatesLoseVersion && { ComputeQuotaVersion: quota.ComputeQuotaVersion - 1 },
      },
      reads: this.readsUntilDone,
    });
    if (this.readsUntilDone === 0) { this.end(quota.ComputeQuotaArn); }
  }

  /** A description was read: what goes on comes nearer to its end, which the next one may see. */
  private pass(arn: string): void {
    const change = this.changes.get(arn);
    if (change && --change.reads <= 0) { this.end(arn); }
  }

  private end(arn: string): void {
    this.quotas.set(arn, { ...this.quotas.get(arn)!, ...this.changes.get(arn)!.ends });
    this.changes.delete(arn);
  }
}

function notFound(what: string): ServiceError {
  return new ServiceError('ResourceNotFound', `Compute quota ${what} not found`);
}

function matches(quota: Quota, filter: ListRequest): boolean {
  return (filter.NameContains === undefined || quota.Name.includes(filter.NameContains))
    && (filter.Status === undefined || quota.Status === filter.Status)
    && (filter.ClusterArn === undefined || quota.ClusterArn === filter.ClusterArn)
    && (filter.CreatedAfter === undefined || quota.CreationTime > filter.CreatedAfter)
    && (filter.CreatedBefore === undefined || quota.CreationTime < filter.CreatedBefore);
}

/** The service refuses profiles that an instance type doesn't support. What it makes of types that we don't know isn't ours to say. */
function checkProfiles(config: QuotaRequest['ComputeQuotaConfig']): void {
  for (const { InstanceType: type, AcceleratorPartition: partition } of config.ComputeQuotaResources ?? []) {
    const gpu = migGpuOf(type);
    if (partition && gpu && !gpu.profiles.has(partition.Type)) {
      throw new ServiceError('ValidationException', `Accelerator partition type ${partition.Type} is not supported for instance type ${type}`);
    }
  }
}

/** What SageMaker makes of a configuration: vCPUs and memory that are left out, by the share of the instance. */
function filledIn(config: QuotaRequest['ComputeQuotaConfig']): QuotaRequest['ComputeQuotaConfig'] {
  return { ...config, ComputeQuotaResources: config.ComputeQuotaResources?.map(filledInEntry) };
}

/**
 * Whole instances are left as they are, and so are instance types that we don't know. AWS doesn't document how it rounds: here
 * nothing is rounded.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaResourceConfig.html
 */
function filledInEntry(entry: QuotaEntry): QuotaEntry {
  const facts = factsOf(entry.InstanceType)?.size;
  if (!facts || entry.Count !== undefined) { return entry; }
  const { VCpu: vcpus, MemoryInGiB: memory, AcceleratorPartition: partition } = entry;
  const byShare = (share: number) => ({ VCpu: vcpus ?? share * facts.vcpus, MemoryInGiB: memory ?? share * facts.memoryGib });
  if (partition) {
    const slices = migGpuOf(entry.InstanceType)?.profiles.get(partition.Type)?.computeSlices;
    if (slices === undefined) { return entry; }
    return { ...entry, ...byShare((partition.Count * slices) / (facts.accelerators * COMPUTE_SLICES_PER_GPU)) };
  }
  if (entry.Accelerators !== undefined) {
    return facts.accelerators === 0 ? entry : { ...entry, ...byShare(entry.Accelerators / facts.accelerators) };
  }
  if (vcpus !== undefined && memory === undefined) { return { ...entry, Accelerators: 0, ...byShare(vcpus / facts.vcpus) }; }
  if (memory !== undefined && vcpus === undefined) { return { ...entry, Accelerators: 0, ...byShare(memory / facts.memoryGib) }; }
  return entry;
}
