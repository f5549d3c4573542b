import type { Asked, Found, Offered, SpendingKind, There } from './kind';
import { boughtBy, closedBy, refusedLast, verdict, type Entry, type Verdict } from './ledger';
import { mustBeWithin } from './limits';
import { outcomeOf, type Outcome } from './outcome';
import { LEAST_TO_SPEND_MS, POLL_MS, type Run } from './run';
import { HandlerError } from '../shared/errors';
import { log } from '../shared/logger';

/** How old the answer may be that CloudFormation waits for the event, when the request is sent. */
const FRESH_MS = 5_000;
const THROTTLED_PAUSE_MS = 20_000;

/**
 * Spends money for the Create of a resource, at most once, whatever CloudFormation, Lambda and the services do. The steps are numbered
 * as in README.md.
 */
export async function spend<Q extends Asked>(kind: SpendingKind<Q>, request: Q, run: Run): Promise<Found> {
  /* 1. Fresh: does CloudFormation still wait for this event? */
  if (!await run.isFresh()) { return repeat(kind, request, run); }

  /* 2. Observe: is it there already? */
  const existing = await kind.look(request, run, { when: 'first' });
  if (existing) { return existing.take(); } // step 8

  const { key, wanted } = request.limit;
  mustBeWithin(run.ports.limitOf(key), key, wanted);

  for (;;) {
    /* 3. Ledger: has anybody bought it, or may have, or is about to? If not, which number has the next request? */
    const free = await nextNumber(kind, request, run);
    if (free === undefined) { return poll(kind, request, run, 'of others'); }

    const mayFollow = { ...kind.mayFollow };
    for (let n = free; ; n++) {
      /* 4. Choose an offering. */
      const offer = await kind.choose(request, run);
      log('choose', { offering: offer.id, fee: offer.fee });

      /* 5. Claim number n: INTENT. Where somebody else has it, the ledger is read again. */
      if (!await claim(n, offer, request, run)) { break; }

      /* 6. Repeat steps 2 and 1, and take the right to send request n: SENT. */
      const right = await lastLook(n, kind, request, run);
      if (right === 'lost') { return poll(kind, request, run, 'of others'); }
      if (right !== 'ours') { return right.take(); } // step 8

      /* 7. Buy: one HTTP request. Write down what came of it: BOUGHT or REJECTED. */
      const outcome = await send(n, offer, kind, request, run, mayFollow);
      switch (outcome.kind) {
        case 'bought':
          return kind.found({ offering: offer.id, fee: offer.fee });
        case 'in-use':
          return poll(kind, request, run, 'of this run');
        case 'unknown':
          return pollFor(n, offer, kind, request, run);
      }
      /* Refused. What may follow is up to the kind: another search, claim and request, or nothing. */
      if (mayFollow[outcome.kind] === 0) { throw new HandlerError(outcome.code, `${refused(kind, outcome)} (offering ${offer.text})`); }
      mayFollow[outcome.kind]--;
      if (outcome.kind === 'throttled') { await run.sleep(THROTTLED_PAUSE_MS); }
    }
  }
}

/**
 * Step 1, where CloudFormation doesn't wait for the event any more: a late or second delivery spends nothing and changes nothing, but
 * never takes back what another delivery of the same request has answered.
 */
export async function repeat<Q extends Asked>(kind: SpendingKind<Q>, request: Q, run: Run): Promise<Found> {
  const entries = await run.readLedger();
  const mine = boughtBy(entries, request.owner)?.intent;
  if (mine?.request === run.event.RequestId) {
    run.hasBought(mine.fee);
    return kind.found(mine);
  }
  const there = await kind.look(request, run, { when: 'late', entries });
  if (there) { return there.take(); }
  throw new HandlerError('LateDelivery', `late delivery, this request ${kind.words.buysNothing}: CloudFormation does not wait for it any more; deploy again`);
}

/** Step 3: the number of the request that may be sent. `undefined`: somebody has bought, or may be about to. */
async function nextNumber<Q extends Asked>(kind: SpendingKind<Q>, request: Q, run: Run): Promise<number | undefined> {
  const { correct = (entry: Entry) => entry, isListed = async () => false } = await kind.evidence(request, run);
  let entries: Entry[] = [];
  const said = await verdictOf(request, run, async () => (entries = (await run.readLedger()).map(correct)));
  if (said.kind !== 'free') {
    run.note(said.entry, request.owner);
    if (said.kind === 'unknown' && !await isListed()) { throw outcomeUnknown(said.entry, kind, request, run); }
    return undefined;
  }
  if (entries.length > 0 && await isListed()) { return undefined; }
  return await run.fenceOff(said.fence) ? said.n : undefined;
}

/** What the ledger allows this run, once no other request of its owner has just ended. */
async function verdictOf(
  { owner, attempt }: Asked, run: Run, read: () => Promise<readonly Entry[]>,
): Promise<Exclude<Verdict, { kind: 'closed' | 'held' }>> {
  const asker = { owner, attempt, request: run.event.RequestId };
  for (;;) {
    const said = verdict(await read(), asker, run.now());
    log('verdict', { record: run.ledger.path, status: said.kind });
    if (said.kind === 'closed') { throw new HandlerError(said.closed.code, said.closed.message); }
    if (said.kind !== 'held') { return said; }
    const wait = said.until - run.now();
    if (run.left() < wait + LEAST_TO_SPEND_MS) { throw new HandlerError('Busy', 'another deployment of this owner has just failed; deploy again after 5 minutes'); }
    await run.sleep(wait);
  }
}

/** The failure of a run that finds a request without an answer, and nothing that it bought. */
function outcomeUnknown({ n, intent }: Entry, { words }: SpendingKind, { owner }: Asked, run: Run): HandlerError {
  const record = `${run.ledger.path}/${n}`;
  run.mayHaveBought(record, intent);
  if (!intent) { // whatever the attempt: none is above that of a record that nobody can read
    return new HandlerError('OutcomeUnknown', `the ledger has a record that this function does not understand (${record}), so it sends nothing, `
      + 'whatever the `attempt`: find out who wrote it, a newer release of this library or somebody else');
  }
  const { at } = intent;
  if (intent.owner !== owner) {
    return new HandlerError('OthersUnknown', `"${intent.owner}" sent a request for a ${words.thing} of this name at ${at}, and ${words.unseen}: `
      + `ask its owner; a ${words.thing} of another name is paid for besides`);
  }
  return new HandlerError('OutcomeUnknown', `a request was sent at ${at}, and ${words.unseen}; only where CloudTrail says that `
    + 'it was refused, or an hour later has neither the request nor the invoice a charge, raise `attempt`, which allows one more request');
}

/** Step 5. `false`: somebody else was quicker. */
async function claim(n: number, offer: Offered, { owner, attempt, claim: said }: Asked, run: Run): Promise<boolean> {
  return run.write(async () => run.ledger.intend(n, {
    ...said,
    owner,
    request: run.event.RequestId,
    attempt,
    offering: offer.id,
    fee: offer.fee,
    deadline: new Date(run.span.deadline).toISOString(),
  }));
}

/** Step 6: looks again, asks CloudFormation again, and takes the right to send. What fails here says first that nothing was sent. */
async function lastLook<Q extends Asked>(n: number, kind: SpendingKind<Q>, request: Q, run: Run): Promise<There | 'lost' | 'ours'> {
  try {
    const there = await kind.look(request, run, { when: 'last' });
    if (there) {
      await run.giveUp(n, there.what, true);
      return there;
    }
    await run.mustBeFresh(); // last: the stack may have failed while the look was patient
    run.mustHave(LEAST_TO_SPEND_MS);
    if (!await run.write(async () => run.ledger.send(n))) {
      await run.giveUp(n, 'the right to send was not to be had', true); // nobody else ever sends request n
      return 'lost';
    }
    if (run.now() - run.freshAt > FRESH_MS) { await run.mustBeFresh(); } // or while the ledger was slow
    run.mustHave(0); // the deadline in the claim is a promise
    return 'ours';
  } catch (error) {
    await run.giveUp(n, (error as Error).message);
    throw error;
  }
}

/** Step 7: one HTTP request, and the record of what came of it. */
async function send<Q extends Asked>(
  n: number, offer: Offered, kind: SpendingKind<Q>, request: Q, run: Run, mayFollow: SpendingKind['mayFollow'],
): Promise<Outcome> {
  const { fee } = offer;
  const record = `${run.ledger.path}/${n}`;
  run.mayHaveBought(record, { at: new Date(run.now()).toISOString(), fee });
  log('send', { physicalId: run.id, offering: offer.id, fee, record });
  const outcome = await outcomeOf(async () => kind.pay(offer, request, run));
  log('sent', { physicalId: run.id, status: outcome.kind, ...outcome.kind !== 'bought' && { code: outcome.code, reason: outcome.message } });

  switch (outcome.kind) {
    case 'bought':
      run.hasBought(fee);
      /* Without this record, what the service shows tells whose it is. */
      await run.conclude(n, { kind: 'BOUGHT', arn: outcome.id });
      if (outcome.id !== run.id) { throw new HandlerError('OtherArn', `the service calls it ${outcome.id}; import the ${kind.words.thing} by this ARN`); }
      break;
    case 'refused':
    case 'throttled':
    case 'gone': {
      run.money = { kind: 'none' };
      const { code, message } = outcome;
      if (!await run.conclude(n, { kind: 'REJECTED', code, message, goesOn: mayFollow[outcome.kind] > 0 })) {
        /* To everybody else, the outcome of this request is unknown now: another one would hide that. */
        throw new HandlerError(code, `${refused(kind, outcome)}; the ledger could not be told at once: raise \`attempt\` where ${record}/outcome is not there`);
      }
    }
  }
  return outcome;
}

function refused({ words }: SpendingKind, { code, message }: { readonly code: string; readonly message: string }): string {
  return `${words.operation} was refused: ${code}: ${message}`;
}

/** Step 7b: it may come up. Nothing is sent from here on. Where it is others who buy, the ledger tells when they were refused. */
async function poll<Q extends Asked>(kind: SpendingKind<Q>, request: Q, run: Run, whose: 'of this run' | 'of others'): Promise<Found> {
  for (;;) {
    const there = await kind.look(request, run, { when: 'polling' }).catch(() => undefined);
    if (there) { return there.take(); }
    if (whose === 'of others') { await follow(kind, request, run); }
    if (run.left() <= POLL_MS) { break; }
    await run.sleep(POLL_MS);
  }
  const { unanswered, underWay } = kind.words;
  switch (run.money.kind) {
    case 'bought': // and recorded: the run that bought it waits for it too, and one of them must not fail where the other succeeds
      return kind.found(boughtBy(await run.readLedger(), request.owner)?.intent);
    case 'unknown':
      throw new HandlerError('OutcomeUnknown', `no answer said whether the service accepted ${unanswered}; `
        + 'deploying again, best after 20 minutes, looks again and never sends a second request by itself');
    default:
      throw new HandlerError('Busy', `another deployment is ${underWay}, or died while it did; deploy again after 20 minutes`);
  }
}

/** Step 7b for a request without an answer, which has one once it is found what it bought. */
async function pollFor<Q extends Asked>(n: number, offer: Offered, kind: SpendingKind<Q>, request: Q, run: Run): Promise<Found> {
  const found = await poll(kind, request, run, 'of this run');
  if (run.money.kind === 'bought' && found[kind.words.offering] === offer.id) { await run.conclude(n, { kind: 'BOUGHT', arn: run.id }); }
  return found;
}

/** Learns from the ledger what became of somebody else's request. */
async function follow({ words }: SpendingKind, { owner }: Asked, run: Run): Promise<void> {
  const entries = await run.glance();
  const closed = closedBy(entries, run.event.RequestId);
  if (closed) { throw new HandlerError(closed.code, closed.message); }
  const refusal = refusedLast(entries);
  if (refusal) {
    run.money = { kind: 'none' };
    throw new HandlerError('Refused', `another run of this ${words.purchase} was refused: ${refusal.code}: ${refusal.message}; deploy again`);
  }
  const last = entries.at(-1);
  if (last) { run.note(last, owner); }
}
