import type { Context } from 'aws-lambda';
import { Extension } from './extension';
import { ExtensionWait } from './extension-wait';
import { Purchase } from './purchase';
import { Wait } from './wait';
import { LIMITS_VARIABLE, parseLimits, type SpendingLimit } from '../../../src/private/contracts/spending-limits';
import { parameterRecords } from '../../clients/records';
import { stackReader } from '../../clients/stack-reader';
import { planBuyer, planExtender, planReader, planTagger } from '../../clients/training-plans';
import { readable } from '../../shared/coerce';
import type { Completion, ProviderEvent } from '../../shared/provider';
import { CLOCK } from '../../spending/clock';
import type { IsCompleteRequest, OnEventResponse } from '../../spending/provider';

/* Made when they are first needed: the function that waits has no client that buys. */
let purchase: Purchase | undefined;
let wait: Wait | undefined;
let extension: Extension | undefined;
let extensionWait: ExtensionWait | undefined;

/** What this function may spend, whatever an event says. */
function limitOf(): (key: string) => SpendingLimit | undefined {
  const limits = parseLimits(process.env[LIMITS_VARIABLE]);
  return key => limits.get(key);
}

/** Buys. Its role may. */
export async function onEvent(event: ProviderEvent, context: Context): Promise<OnEventResponse> {
  purchase ??= new Purchase({
    clock: CLOCK,
    reader: planReader(),
    buyer: planBuyer(),
    tagger: planTagger(),
    ledger: parameterRecords(),
    stack: stackReader(),
    limitOf: limitOf(),
  });
  return purchase.onEvent(readable(event), context.getRemainingTimeInMillis());
}

/** Waits. Its role may do nothing but read. */
export async function isComplete(event: IsCompleteRequest): Promise<Completion> {
  wait ??= new Wait({ clock: CLOCK, reader: planReader() });
  return wait.isComplete(readable(event));
}

/** Extends. Its role may extend any plan: the permission can't be for one alone. */
export async function onExtend(event: ProviderEvent, context: Context): Promise<OnEventResponse> {
  extension ??= new Extension({
    clock: CLOCK, reader: planReader(), extender: planExtender(), ledger: parameterRecords(), stack: stackReader(), limitOf: limitOf(),
  });
  return extension.onEvent(readable(event), context.getRemainingTimeInMillis());
}

/** Waits for the payment of an extension. Its role may do nothing but read. */
export async function isExtended(event: IsCompleteRequest): Promise<Completion> {
  extensionWait ??= new ExtensionWait({ clock: CLOCK, reader: planReader() });
  return extensionWait.isComplete(readable(event));
}
