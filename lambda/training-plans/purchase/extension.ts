import { compactInstant, instantOfCompact } from '../../../src/private/contracts/instants';
import { extensionLimitKey } from '../../../src/private/contracts/spending-limits';
import { EXTENSION_RESOURCE_TYPE, LEDGER_PREFIX } from '../../../src/private/contracts/training-plan';
import type { PlanExtender, PlanReader } from '../../clients/training-plans';
import { stackIdentity } from '../../shared/custom-resource';
import { HandlerError, ifExists } from '../../shared/errors';
import { log } from '../../shared/logger';
import type { ProviderEvent } from '../../shared/provider';
import { answer } from '../../spending/answer';
import type { Asked, Evidence, Found, Moment, Offered, SpendingKind, Subject, There, Words } from '../../spending/kind';
import { STALE_MS, boughtBy, entriesAt, isUnanswered, isUnderWay, type Entry, type Intent } from '../../spending/ledger';
import type { OnEventResponse } from '../../spending/provider';
import { UNKNOWN_FEE, feeText } from '../../spending/reason';
import { LEAST_TO_SPEND_MS, type Run, type SpendingPorts } from '../../spending/run';
import { notePayer } from '../../spending/truth';
import { instant } from '../blocks';
import { chooseExtension, endsAt, extensionOf, extensionText, stateOf, type PlanWithHistory } from '../history';
import { extensionId, extensionRequest, type ExtensionRequest } from '../properties';

/** All that an extension needs of the world. */
export interface ExtensionPorts extends SpendingPorts {
  readonly reader: PlanReader;
  readonly extender: PlanExtender;
}

const WORDS: Words = {
  bought: 'EXTENSION',
  thing: 'extension',
  purchase: 'extension',
  resourceType: EXTENSION_RESOURCE_TYPE,
  operation: 'ExtendTrainingPlan',
  command: id => `sagemaker describe-training-plan-extension-history --training-plan-arn ${id.split('/extend/')[0]}`,
  offering: 'TrainingPlanExtensionOfferingId',
  unseen: 'the history does not have it',
  buysNothing: 'extends nothing',
  unanswered: 'the extension, and its history does not have it yet',
  underWay: 'extending this plan',
  advises: [],
};

/** An extension has no owner: whoever asks for the same end of the same plan shares it. */
type Requested = Asked & ExtensionRequest;

/** An extension that is there: the data of a success, what it cost, and whether the ledger says that it was bought by us. */
interface Extended {
  readonly data: Found;
  readonly fee: string;
  readonly bought: boolean;
}

/** The extension of a training plan to an instant. The service knows no name of it, so the ledger is the only guard. */
export class Extension implements SpendingKind<Requested> {
  public readonly words = WORDS;
  public readonly found = found;
  public readonly mayFollow = { refused: 0, throttled: 3, gone: 2 };

  public constructor(private readonly ports: ExtensionPorts) {}

  public async onEvent(event: ProviderEvent, remainingMs: number): Promise<OnEventResponse> {
    return answer(this, this.ports, event, remainingMs);
  }

  /** Ledger and plan are those of the physical id: the properties of an update may be those of another extension. */
  public subject({ RequestType, PhysicalResourceId = '', ResourceProperties, StackId }: ProviderEvent): Subject {
    const id = RequestType === 'Create' ? extensionId(ResourceProperties, stackIdentity(StackId)) : PhysicalResourceId;
    const [, arn, name, end] = /^(arn:.*:training-plan\/(.+))\/extend\/([^/]+)\/\d+$/.exec(id) ?? [];
    return { id, path: arn && `${LEDGER_PREFIX}${name}/extend/${end}`, owner: arn, soleOwner: true };
  }

  public request({ ResourceProperties, StackId }: ProviderEvent): Requested {
    const request = extensionRequest(ResourceProperties, stackIdentity(StackId));
    const { name, arn, extendTo, cap, attempt } = request;
    return {
      ...request,
      owner: arn,
      limit: { key: extensionLimitKey(name, instant(extendTo)), wanted: { cap, attempt } },
      claim: { criteria: `for ${StackId}: to ${instant(extendTo)} for at most ${cap.text}` },
    };
  }

  /* Steps 2, 6 and 7b: does the plan end there? */

  public async look(request: Requested, run: Run, moment: Moment): Promise<There | undefined> {
    if (moment.when === 'last') { await run.sleep(STALE_MS); }
    const before = moment.when === 'late' ? moment.entries : moment.when === 'polling' ? await run.glance() : undefined;
    const seen = await this.observe(request, run);
    const there = thereIn(seen, before ?? await run.readLedger(), request);
    if (there) { return { what: 'the plan ends there', take: async () => this.take(there, request, run) }; }
    if (moment.when === 'last') { await this.mustBeAlone(seen, request, run); }
    return undefined;
  }

  private async observe({ name, arn }: Requested, run: Run): Promise<PlanWithHistory> {
    const plan = await run.lookFor(async () => {
      const described = await run.read('DescribeTrainingPlan', async () => ifExists(async () => this.ports.reader.describe(name)));
      log('observe', { physicalId: run.id, status: described?.Status ?? 'none' });
      return described;
    });
    if (!plan) { throw new HandlerError('NoPlan', `there is no training plan "${name}"`); }
    const extensions = await run.read('DescribeTrainingPlanExtensionHistory', async () => this.ports.reader.extensions(arn));
    return { plan, extensions };
  }

  /** The history says of which extension the payment has failed. */
  public async evidence(request: Requested, run: Run): Promise<Evidence> {
    const { extensions } = await this.observe(request, run);
    return { correct: entry => reopened(entry, extensions, request) };
  }

  public async choose(request: Requested, run: Run): Promise<Offered> {
    const seen = await this.observe(request, run);
    await this.mustBeAlone(seen, request, run);
    const { best: { id, feeText: fee, source } } = await chooseExtension(async question => {
      run.mustHave(LEAST_TO_SPEND_MS);
      return run.read('SearchTrainingPlanOfferings', async () => this.ports.reader.search(question));
    }, request, request.cap, seen.plan.EndTime);
    return { id, fee, text: extensionText(source) };
  }

  /**
   * Two extensions at a time would begin at the same end. The service refuses the second only once it knows of the first, so the ledgers
   * of the other ends are asked, too. They have no number in common, so that each waits with its claim until no read is older than that:
   * of two claims, one at least sees the other. A raised attempt says that somebody has looked.
   */
  private async mustBeAlone({ plan, extensions }: PlanWithHistory, { name, extendTo, attempt }: Requested, run: Run): Promise<void> {
    if (plan.Status === 'Failed' || plan.Status === 'Expired') { throw new HandlerError('PlanEnded', `the plan is ${plan.Status}, and can't be extended`); }
    const pending = extensions.find(extension => stateOf(extension) === 'pending');
    if (pending) { throw new HandlerError('Busy', `another extension waits for its payment (${extensionText(pending)}); deploy again when it is paid`); }
    const all = `${LEDGER_PREFIX}${name}/extend`;
    const records = await run.read('GetParametersByPath', async () => run.ports.ledger.readAll(all));
    const own = compactInstant(extendTo);
    for (const end of new Set([...records.keys()].map(record => record.slice(all.length + 1).split('/')[0]))) {
      if (end === own || endsAt(plan, instantOfCompact(end))) { continue; }
      const open = entriesAt(`${all}/${end}`, records)
        .filter(({ intent }) => !extensions.some(({ TrainingPlanExtensionOfferingId: id }) => id === intent?.offering))
        .map(entry => isUnderWay(entry, run.now()));
      if (open.includes('soon') || (attempt === 1 && open.some(state => state !== undefined))) {
        throw new HandlerError('Busy', `an extension of the plan to ${end} is under way, or its outcome is unknown (ledger: ${all}/${end}); deploy again when the plan shows it, `
          + 'or raise `attempt` when you have looked and there is none');
      }
    }
  }

  /** The client has compared the answer with the offering. */
  public async pay(offer: Offered, _request: Requested, run: Run): Promise<string> {
    return await this.ports.extender.extend(offer.id) && run.id;
  }

  /* Step 8 */

  /** Succeeds, and notes who has paid: where the ledger doesn't say that it was bought by us, it has to say that it wasn't. */
  private async take({ data, fee, bought }: Extended, { owner }: Requested, run: Run): Promise<Found> {
    if (bought) {
      run.hasBought(fee);
      return data;
    }
    run.seen = { fee, isMarked: async () => false }; // an extension has no tags
    const intent = await notePayer(run, owner, WORDS.purchase, fee);
    return intent ? found(intent) : data;
  }

  public async update(run: Run): Promise<Found> {
    const { ResourceProperties, StackId } = run.event;
    const stack = stackIdentity(StackId);
    if (extensionId(ResourceProperties, stack) !== run.id) {
      throw new HandlerError('OtherExtension', 'plan, end and attempt of an extension can\'t be changed: another one is another resource');
    }
    const { arn } = extensionRequest(ResourceProperties, stack);
    const mine = boughtBy(await run.readLedger(), arn)?.intent;
    if (mine) { run.hasBought(mine.fee); } else { run.mayHaveBought(); }
    return found(mine, 'This update extended nothing: the cap has no effect after the extension.');
  }
}

/** Finds the extension, or an end of the plan that makes it needless. */
function thereIn(
  { plan, extensions }: PlanWithHistory, entries: readonly Entry[], { arn, extendTo }: ExtensionRequest,
): Extended | undefined {
  const sent = entries.filter(entry => isUnanswered(entry) || isUnderWay(entry, 0) === 'bought').flatMap(({ intent }) => intent?.offering ?? []);
  const extension = extensionOf(extensions, sent, extendTo);
  const mine = boughtBy(entries, arn)?.intent;
  const isOurs = mine !== undefined || sent.some(offering => offering === extension?.TrainingPlanExtensionOfferingId);
  if (extension && stateOf(extension) !== 'failed') {
    return { data: found({ offering: extension.TrainingPlanExtensionOfferingId }), fee: feeText(extension), bought: isOurs };
  }
  if (!endsAt(plan, extendTo)) { return undefined; }
  return mine
    ? { data: found(mine), fee: mine.fee, bought: true }
    : { data: found(undefined, `The plan ends at ${instant(plan.EndTime)}: nothing was bought.`), fee: UNKNOWN_FEE, bought: false };
}

/** An extension whose payment failed was bought, and isn't there: a person who raises the attempt may try again. */
function reopened(entry: Entry, extensions: PlanWithHistory['extensions'], { attempt }: ExtensionRequest): Entry {
  const { intent, result } = entry;
  const failed = intent && extensions.some(extension => extension.TrainingPlanExtensionOfferingId === intent.offering && stateOf(extension) === 'failed');
  return failed && typeof result === 'object' && attempt > intent.attempt ? { ...entry, result: { ...result, kind: 'REJECTED' } } : entry;
}

function found({ offering = '' }: Partial<Pick<Intent, 'offering'>> = {}, notice = ''): Found {
  return { TrainingPlanExtensionOfferingId: offering, Notice: notice };
}
