import { setTimeout as sleep } from 'node:timers/promises';
import { databaseOf, type Ask, type Database } from './database';
import { accountPlan, deletionPlan, qosPlan, type DeletionPlan } from './plan';
import { nameOf, wantedOf, type Wanted } from './properties';
import { ownerMark, type AccountingAttribute } from '../../../src/private/contracts/pcs-accounting';
import type { Cluster } from '../../clients/pcs';
import type { SecretReader } from '../../clients/secrets';
import { SLURM_ERRORS, SlurmError, connectToSlurm, type SlurmRest } from '../../clients/slurm-rest';
import { slurmToken } from '../../clients/slurm-token';
import { optionalText } from '../../shared/coerce';
import { HandlerError, failureOf, ifExists } from '../../shared/errors';
import { log } from '../../shared/logger';
import { plain, plainList } from '../../shared/plain';
import type { Completion, ProviderEvent } from '../../shared/provider';
import { patiently } from '../../shared/reading';

/** What `onEvent` returns, and `isComplete` gets with the event. */
export interface Begun {
  readonly PhysicalResourceId: string;
  /** When the request began, in ISO 8601. */
  readonly StartedAt: string;
  /** What was changed so far, as far as there is room. */
  readonly Changed: readonly string[];
  /** How many changes that were. */
  readonly ChangedCount: string;
}

/** The clients of the handler. */
export interface Clients {
  readonly getCluster: (id: string, signal: AbortSignal) => Promise<Cluster>;
  readonly secrets: SecretReader;
}

/** How often a plan may begin with the same change: Slurm ignores some, and two owners may undo what the other one does. */
const REPETITIONS = 3;
/** How often a request without an answer is followed by another look, within one invocation. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 400;
/** How long slurmrestd may be silent: longer than a controller takes to come back. */
const SILENCE_MS = 10 * 60_000;
/** Less than the framework waits, whose words would be no help. */
const LONGEST_MS = 40 * 60_000;
/** Characters of all changes that an answer has room for, with all else. */
const CHANGES_LENGTH = 1_500;

/** States in which a cluster becomes ready by itself. */
const PASSING = new Set(['CREATING', 'UPDATING', 'RESUMING']);
/** States in which its database answers. */
const READY = new Set(['ACTIVE', 'UPDATE_FAILED']);
/** States in which the database goes, and all in it. */
const GOING = new Set(['DELETING', 'CREATE_FAILED']);

/** Where a request has got. */
type Progress = { readonly waits?: undefined } | { readonly waits: string; readonly atMostMs: number };

/** Makes, changes and deletes accounts and QOS of a cluster's Slurm. */
export class AccountingHandler {
  public constructor(private readonly clients: Clients, private readonly now: () => Date = () => new Date()) {}

  /** Begins what CloudFormation asks for. */
  public async onEvent(event: ProviderEvent, signal: AbortSignal): Promise<Begun> {
    const changes: string[] = [];
    await this.go(event, changes, signal);
    return {
      PhysicalResourceId: physicalIdOf(event),
      StartedAt: this.now().toISOString(),
      Changed: withRoom(changes),
      ChangedCount: String(changes.length),
    };
  }

  /** Goes on where the last invocation ended, however it ended, and says whether there is nothing left to do. */
  public async isComplete(event: ProviderEvent & Partial<Begun>, signal: AbortSignal): Promise<Completion> {
    const changes: string[] = [];
    const progress = await this.go(event, changes, signal);
    if (progress.waits !== undefined) {
      const took = this.now().getTime() - Date.parse(plain(event.StartedAt));
      if (took <= progress.atMostMs) { return { IsComplete: false }; }
      const still = `${progress.waits}; it was so for ${Math.round(took / 60_000)} min`;
      if (!mayStay(event)) { throw new HandlerError('StillWaiting', still); }
      log('retained', { reason: still });
    }
    if (event.RequestType === 'Delete') { return { IsComplete: true }; }
    const before = isPreview(event) ? [] : plainList(event.Changed);
    const since = changes.filter(change => !before.includes(change));
    const count = (isPreview(event) ? 0 : Number(plain(event.ChangedCount)) || 0) + since.length;
    return { IsComplete: true, Data: attributesOf(nameOf(event.ResourceProperties) ?? '', [...before, ...since], count) };
  }

  private async go(event: ProviderEvent, changes: string[], signal: AbortSignal): Promise<Progress> {
    if (event.RequestType !== 'Delete') { return this.proceed(event, wantedOf(event.ResourceProperties), changes, signal); }
    const wanted = wantedForDeletion(event);
    if (wanted === undefined) { return {}; } // a request that was refused for its properties has made nothing
    if (mustStay(wanted)) { return this.retained(`the ${calledIn(wanted)} is retained`); }
    try {
      return await this.proceed(event, wanted, changes, signal);
    } catch (error) {
      if (!mayStay(event) || signal.aborted) { throw error; }
      return this.retained(`the ${calledIn(wanted)} is retained: ${failureOf(error).message}`);
    }
  }

  private async proceed(event: ProviderEvent, wanted: Wanted, changes: string[], signal: AbortSignal): Promise<Progress> {
    const deletes = event.RequestType === 'Delete';
    const cluster = await this.clusterOf(wanted, deletes, signal);
    const status = plain(cluster?.status);
    const called = `cluster "${wanted.clusterId}"`;
    if (cluster === undefined || (deletes && GOING.has(status))) { return {}; }
    if (PASSING.has(status)) { return this.waiting(`${called} is in status ${status}`, LONGEST_MS); }
    if (!READY.has(status)) { throw new HandlerError('ClusterNotReady', `${called} is in status ${status}: accounts and QOS can be changed while it is ACTIVE`); }
    let silent: SlurmError | undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) { await this.pause(FIRST_PAUSE_MS * 2 ** attempt, signal); }
      let slurm: SlurmRest | undefined;
      try {
        slurm = await this.connect(wanted, cluster, signal);
        return await this.reconcile(event, wanted, slurm, changes, signal);
      } catch (error) {
        if (!(error instanceof SlurmError)) { throw error; }
        if (error.numbers.includes(SLURM_ERRORS.activeJobs)) { return this.active(wanted, error); }
        if (!error.passes) { throw error; }
        silent = error;
      } finally {
        slurm?.close();
      }
    }
    return this.waiting(silent!.message, SILENCE_MS);
  }

  /** Reads, plans, writes, and reads again, until there is nothing left to write. */
  private async reconcile(
    event: ProviderEvent, wanted: Wanted, slurm: SlurmRest, changes: string[], signal: AbortSignal,
  ): Promise<Progress> {
    const ask: Ask = async request => slurm.ask(request, signal);
    const name = wanted.slurmClusterName ?? slurm.clusterName;
    if (name === '') {
      throw new HandlerError('ClusterUnknown', 'Slurm doesn\'t say what it calls the cluster: set the name, which `scontrol show config` has as ClusterName');
    }
    const database = databaseOf(ask, name, this.now);
    const mark = ownerMark(event.StackId, event.LogicalResourceId);
    const begun = new Map<string, number>();
    for (;;) {
      const plan = await this.plan(event, wanted, database, mark);
      if ('retained' in plan) { return this.retained(plan.retained); }
      if (wanted.mode === 'PREVIEW') {
        const said = 'refused' in plan ? [`would fail: ${plan.refused}`] : [...plan.steps.map(({ reason }) => reason), ...plan.notices ?? []];
        for (const reason of said) { log('would change', { reason }); }
        changes.splice(0, changes.length, ...said);
        return {};
      }
      if ('refused' in plan) { throw new HandlerError('Refused', plan.refused); }
      if (plan.steps.length === 0) {
        for (const notice of plan.notices ?? []) {
          log('left', { reason: notice });
          changes.push(notice);
        }
        return {};
      }
      const [first] = plan.steps;
      const times = begun.get(first.reason) ?? 0;
      begun.set(first.reason, times + 1);
      if (times === REPETITIONS) {
        throw new HandlerError('NotAsWanted', `Slurm took all requests, and it is not as wanted yet: ${first.reason}; a resource that the cluster doesn't count `
          + '(AccountingStorageTRES), or a parent that is below the account, is ignored by Slurm');
      }
      for (const [index, { reason, request, readAfter }] of plan.steps.entries()) {
        await ask(request);
        log('changed', { operation: `${request.method} ${request.path}`, reason });
        if (!changes.includes(reason)) { changes.push(reason); }
        if (readAfter && plan.steps[index + 1]?.request.path !== request.path) { break; }
      }
    }
  }

  private async plan(event: ProviderEvent, { thing, adopt, onDelete }: Wanted, database: Database, mark: string): Promise<DeletionPlan> {
    if (event.RequestType === 'Delete') {
      const found = thing.kind === 'Account' ? await database.accountForDeletion(thing.name) : await database.qosForDeletion(thing.name);
      return deletionPlan(thing.kind, thing.name, found, mark, onDelete);
    }
    return thing.kind === 'Account'
      ? accountPlan(await database.account(thing), thing, { mark, adopt })
      : qosPlan(await database.qos(thing), thing, { mark, adopt });
  }

  /** The cluster. Where something is deleted, one that is gone has taken it along. */
  private async clusterOf({ clusterId }: Wanted, deletes: boolean, signal: AbortSignal): Promise<Cluster | undefined> {
    const ask = async () => patiently('GetCluster', signal, async () => this.clients.getCluster(clusterId, signal));
    return deletes ? ifExists(ask) : ask();
  }

  private async connect(wanted: Wanted, cluster: Cluster, signal: AbortSignal): Promise<SlurmRest> {
    const endpoint = wanted.endpoint ?? endpointOf(cluster);
    const jwtKey = cluster.slurmConfiguration?.jwtAuth?.jwtKey;
    const told = jwtKey?.secretArn === undefined ? undefined : { arn: jwtKey.secretArn, version: jwtKey.secretVersion };
    const secret = wanted.secret ?? told;
    if (endpoint === undefined || secret === undefined) {
      throw new HandlerError('NoRestApi', `cluster "${wanted.clusterId}" has no ${endpoint === undefined ? 'slurmrestd' : 'key for tokens'}: it needs Slurm 25.05 or later `
        + 'with the REST API enabled, and accounting');
    }
    const text = await patiently('GetSecretValue', signal, async () => this.clients.secrets.read(secret.arn, secret.version, signal));
    const key = Buffer.from(text ?? '', 'base64');
    if (key.length === 0) { throw new HandlerError('NoKey', 'the secret of the key for tokens is empty, or isn\'t a text in Base64, as AWS PCS writes it'); }
    const token = slurmToken(key, wanted.identity, this.now());
    return connectToSlurm({ endpoint, userName: wanted.identity.userName, token }, signal);
  }

  private active({ thing, activeJobs }: Wanted, error: SlurmError): Progress {
    const what = `the ${calledIn({ thing })} has jobs that wait or run (${error.message})`;
    if (activeJobs === 'WAIT') { return this.waiting(what, LONGEST_MS); }
    throw new HandlerError('ActiveJobs', `${what}: let them end or cancel them, and try again, or let the resource wait for them`);
  }

  private retained(reason: string): Progress {
    log('retained', { reason });
    return {};
  }

  private waiting(waits: string, atMostMs: number): Progress {
    log('waiting', { reason: waits });
    return { waits, atMostMs };
  }

  private async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    await sleep(milliseconds * (0.5 + Math.random()), undefined, { signal });
  }
}

/**
 * The physical id. Cluster, kind and name make it, so another one of these is another resource: CloudFormation deletes the old one in the
 * end. An id that was once returned stays: names that differ in case alone are one.
 */
export function physicalIdOf(event: ProviderEvent): string {
  if (event.RequestType === 'Delete') { return event.PhysicalResourceId!; }
  const { Kind: kind, ClusterId: clusterId } = event.ResourceProperties;
  return [plain(clusterId) || 'unknown', plain(kind).toLowerCase() || 'unknown', nameIn(event)?.toLowerCase() ?? 'unknown'].join('/').slice(0, 400);
}

function nameIn(event: ProviderEvent): string | undefined {
  try {
    return nameOf(event.ResourceProperties);
  } catch {
    return undefined;
  }
}

function wantedForDeletion(event: ProviderEvent): Wanted | undefined {
  try {
    return wantedOf(event.ResourceProperties);
  } catch (error) {
    log('nothing to delete', { reason: failureOf(error).message });
    return undefined;
  }
}

/**
 * Whether a deletion leaves it in the database whatever is there, so that nobody needs to be asked. What was adopted was there before its
 * resource: the rollback of an adoption must not delete it.
 */
function mustStay({ adopt, mode, onDelete }: Wanted): boolean {
  return adopt || mode === 'PREVIEW' || onDelete === 'RETAIN';
}

/** Whether a deletion that can't be made ends all the same, and leaves it in the database: nothing but DELETE is an order. */
function mayStay({ RequestType, ResourceProperties }: ProviderEvent): boolean {
  return RequestType === 'Delete' && optionalText(ResourceProperties, 'OnDelete') !== 'DELETE';
}

function calledIn({ thing }: Pick<Wanted, 'thing'>): string {
  return `${thing.kind === 'Account' ? 'account' : 'QOS'} "${thing.name}"`;
}

function isPreview(event: ProviderEvent): boolean {
  return optionalText(event.ResourceProperties, 'Mode') === 'PREVIEW';
}

function endpointOf(cluster: Cluster): string | undefined {
  const rest = cluster.endpoints?.find(({ type }) => type === 'SLURMRESTD');
  if (!rest?.port) { return undefined; }
  const host = rest.privateIpAddress || (rest.ipv6Address ? `[${rest.ipv6Address}]` : undefined);
  return host && `http://${host}:${rest.port}`;
}

function attributesOf(name: string, changes: readonly string[], count: number): Record<AccountingAttribute, string> {
  const shown = withRoom(changes);
  const rest = count - shown.length;
  return { Name: name, ChangeCount: String(count), Changes: [...shown, ...rest > 0 ? [`and ${rest} more, which are in the log`] : []].join('\n') };
}

/** The first of them, as far as there is room in an answer. */
function withRoom(changes: readonly string[]): string[] {
  const shown: string[] = [];
  let room = CHANGES_LENGTH;
  for (const change of changes) {
    room -= Buffer.byteLength(JSON.stringify(change));
    if (room < 0) { break; }
    shown.push(change);
  }
  return shown;
}
