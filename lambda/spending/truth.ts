import type { Found, SpendingKind, There } from './kind';
import { GRACE_MS, isClosed, isUnanswered, nextOf, type Intent } from './ledger';
import type { MoneyState } from './reason';
import type { Run } from './run';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';

/*
 * A failure begins with what happened to the money of this owner in the account, not in this run: so the ledger is read again before
 * any failure (decisions/0011).
 */

const SETTLE_POLL_MS = 20_000;

/** What the ledger says of the money of this owner. */
export type Known =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bought'; readonly intent: Intent }
  /** It has come up meanwhile. */
  | { readonly kind: 'there'; readonly found: Found }
  | { readonly kind: 'unknown'; readonly record: string; readonly intent?: Intent };

/** What may turn the failure of a Create into a success after all. */
export interface Rescue {
  /** Looks once more for what may have been bought. */
  lookAgain(): Promise<There | undefined>;
  /** Answers as a late delivery of the request. */
  repeat(): Promise<Found>;
}

/**
 * Says what happened to the money, then fails with the error; succeeds where this very request has bought.
 *
 * @param rescue Of a Create whose properties could be read.
 */
export async function settle(
  error: unknown, run: Run, kind: Pick<SpendingKind, 'found' | 'words'>, rescue?: Rescue,
): Promise<Found> {
  const { event, subject: { path, owner } } = run;
  if (run.money.kind === 'bought' || path === undefined || owner === undefined) { throw error; }
  const { code } = failureOf(error);
  /* Where nothing was bought, a request that had no answer was refused meanwhile. */
  const nothing = code === 'OutcomeUnknown' ? new HandlerError('Refused', 'no request was accepted, and none is under way any more; deploy again') : error;
  const known = await whatIsKnown(run, owner, nothing, rescue?.lookAgain).catch((): Known => ({ kind: 'unknown', record: path }));
  log('settled', { physicalId: run.id, record: path, status: known.kind, code });
  switch (known.kind) {
    case 'there':
      return known.found;
    case 'bought':
      run.hasBought(known.intent.fee);
      if (event.RequestType === 'Create') {
        if (known.intent.request === event.RequestId || code !== 'LateDelivery') { return kind.found(known.intent); }
        /* Another delivery of this request may have found meanwhile what another request has bought, and have said so. */
        const there = await rescue?.repeat().catch(() => undefined);
        if (there) { return there; }
      }
      break;
    case 'unknown':
      run.mayHaveBought(known.record, known.intent);
      break;
    case 'nothing':
      run.money = await withoutRecord(run);
      throw nothing;
  }
  throw kind.words.advises.includes(code)
    ? new HandlerError('OutcomeUnknown', 'it is there, and what the ledger and its tags say does not tell yet whether it is that of this owner; deploy again after 20 minutes')
    : error;
}

/** What is there although the ledger has no purchase of this owner is that of others, unless it is marked. */
async function withoutRecord({ seen }: Run): Promise<MoneyState> {
  if (seen === undefined) { return { kind: 'none' }; }
  return { kind: await seen.isMarked().catch(() => false) ? 'bought' : 'exists', fee: seen.fee };
}

/** Notes who has paid for what is there, of which this run doesn't know that its owner has bought it. */
export async function notePayer(run: Run, owner: string, purchase: string, fee?: string): Promise<Intent | undefined> {
  const error = new HandlerError('NotBought', `${purchase} is there already`);
  const known = await whatIsKnown(run, owner, error).catch(() => undefined);
  switch (known?.kind) {
    case 'bought':
      run.hasBought(known.intent.fee);
      return known.intent;
    case 'nothing':
      if (fee !== undefined) { run.money = { kind: 'exists', fee }; }
      break;
    case 'unknown':
      run.mayHaveBought(known.record, known.intent);
      break;
    default:
      run.mayHaveBought();
  }
  return undefined;
}

/**
 * What the ledger says of an owner, waiting for requests that are under way. That nothing was bought is known only once this run has
 * the next number: whoever had it before would have been seen, and who comes after it finds the request closed, with this error.
 */
async function whatIsKnown(run: Run, owner: string, error: unknown, lookAgain?: Rescue['lookAgain']): Promise<Known> {
  const { event, ledger } = run;
  for (let last = run.left() <= SETTLE_POLL_MS; ;) {
    await run.concludeUnsaid();
    const entries = await run.readLedger();
    const ours = entries.filter(({ closed, intent }) => !closed && (!intent || intent.owner === owner));
    const bought = ours.find(({ intent, result }) => intent && typeof result === 'object' && result.kind === 'BOUGHT')?.intent;
    if (bought) { return { kind: 'bought', intent: bought }; }
    const open = ours.filter(entry => !isClosed(entry));
    const young = open.find(({ intent }) => intent && run.now() < Date.parse(intent.at) + GRACE_MS);
    const abandoned = open.filter(({ intent, sent, result }) => intent && sent === undefined && result === undefined);
    const unknown = young ?? open.find(entry => !abandoned.includes(entry));
    if (!unknown && await run.fenceOff(abandoned.map(({ n }) => n))) {
      const { code, message } = failureOf(error);
      const n = nextOf(entries);
      if (await run.write(async () => ledger.close(n, { owner, request: event.RequestId, code, message }))) { return { kind: 'nothing' }; }
    }
    if (young && isUnanswered(young) && lookAgain && !last) {
      const there = await lookAgain();
      const found = await there?.take().catch(() => undefined);
      if (found) { return { kind: 'there', found }; }
    }
    if (last || (unknown && !young)) {
      return { kind: 'unknown', record: unknown ? `${ledger.path}/${unknown.n}` : ledger.path, intent: unknown?.intent };
    }
    last = run.left() <= SETTLE_POLL_MS;
    if (!last) { await run.sleep(SETTLE_POLL_MS); }
  }
}
