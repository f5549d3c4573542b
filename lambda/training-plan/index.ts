import type { Context } from 'aws-lambda';
import type { Clock } from './ports';
import type { IsCompleteRequest, IsCompleteResponse, OnEventRequest, OnEventResponse } from './provider';
import { Purchase } from './purchase';
import { Wait } from './wait';
import { ssmLedger } from '../clients/ssm-ledger';
import { stackReader } from '../clients/stack-reader';
import { planBuyer, planReader, planTagger } from '../clients/training-plans';

const clock: Clock = {
  now: () => Date.now(),
  sleep: async milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
};

/* Made when they are first needed: the function that waits has no client that buys. */
let purchase: Purchase | undefined;
let wait: Wait | undefined;

/** Buys. Its role may. */
export async function onEvent(event: OnEventRequest, context: Context): Promise<OnEventResponse> {
  purchase ??= new Purchase({
    clock, reader: planReader(), buyer: planBuyer(), tagger: planTagger(), ledger: ssmLedger(), stack: stackReader(),
  });
  return purchase.onEvent(event, context.getRemainingTimeInMillis());
}

/** Waits. Its role may do nothing but read. */
export async function isComplete(event: IsCompleteRequest): Promise<IsCompleteResponse> {
  wait ??= new Wait({ clock, reader: planReader() });
  return wait.isComplete(event);
}
