import type { Asked, Found, SpendingKind, Subject } from './kind';
import type { OnEventResponse } from './provider';
import { reason, withoutStack } from './reason';
import { Run, spanOf, type SpendingPorts } from './run';
import { repeat, spend } from './spend';
import { settle } from './truth';
import { shown } from '../shared/coerce';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';
import type { ProviderEvent } from '../shared/provider';

/** Answers an event. Throws only where the properties don't say what is meant; any other failure is returned. */
export async function answer<Q extends Asked>(
  kind: SpendingKind<Q>, ports: SpendingPorts, event: ProviderEvent, remainingMs: number,
): Promise<OnEventResponse> {
  const { clock } = ports;
  const started = clock.now();
  const about = { requestType: event.RequestType, requestId: event.RequestId, logicalId: event.LogicalResourceId };
  log('received', about);
  if (event.RequestType === 'Delete') { return { PhysicalResourceId: event.PhysicalResourceId! }; }

  const { words } = kind;
  const subject = subjectOf(kind, event);
  const run = new Run(ports, event, subject, spanOf(started, remainingMs), words);
  const given = { PhysicalResourceId: subject.id, StartedAt: new Date(started).toISOString() };
  try {
    const data = await perform(kind, run);
    log('done', { ...about, physicalId: subject.id, status: 'SUCCESS', milliseconds: clock.now() - started });
    return { ...given, Data: data, Money: run.money };
  } catch (error) {
    const failure = reason(error, run.money, subject.id, words.bought);
    log('done', { ...about, physicalId: subject.id, status: 'FAILED', code: failureOf(error).code, reason: failure, milliseconds: clock.now() - started });
    return { ...given, Failure: failure };
  }
}

function subjectOf(kind: SpendingKind, event: ProviderEvent): Subject {
  try {
    return kind.subject(event);
  } catch (error) {
    throw withoutStack(reason(error, { kind: 'none' }, '', kind.words.bought));
  }
}

async function perform<Q extends Asked>(kind: SpendingKind<Q>, run: Run): Promise<Found> {
  const { event } = run;
  let request: Q | undefined;
  try {
    switch (event.RequestType) {
      case 'Create':
        request = kind.request(event); // step 0
        return await spend(kind, request, run);
      case 'Update':
        return await kind.update(run);
      default:
        throw new HandlerError('UnknownRequest', `unknown request type: ${shown(event.RequestType)}`);
    }
  } catch (error) {
    const asked = request;
    return settle(error, run, kind, asked && {
      lookAgain: async () => kind.look(asked, run, { when: 'polling' }).catch(() => undefined),
      repeat: async () => repeat(kind, asked, run),
    });
  }
}
