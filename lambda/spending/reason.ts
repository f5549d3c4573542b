import { cut, jsonBytes } from '../shared/cut';
import { HandlerError, failureOf } from '../shared/errors';

/** What has happened to the money by now. */
export type MoneyState =
  | { readonly kind: 'none' }
  /** It is there, and it isn't ours. */
  | { readonly kind: 'exists'; readonly fee: string }
  /** A request of this owner may have been accepted. `look`: commands that read, and show what happened. */
  | { readonly kind: 'unknown'; readonly fee: string; readonly record: string; readonly look?: string }
  /** A request of this owner was accepted. */
  | { readonly kind: 'bought'; readonly fee: string };

/**
 * Bytes, as JSON, that a reason may have: CloudFormation takes 4096 for a whole answer, with ids and attributes in it, and the
 * provider framework adds a line.
 */
const REASON_BYTES = 2_000;

export const UNKNOWN_FEE = 'a fee that is not known';

/** What money is spent on. */
export type Bought = 'PLAN' | 'EXTENSION';

/** Why a deployment fails: first what happened to the money, then what went wrong and what to do, on one line. */
export function reason(error: unknown, state: MoneyState, subject: string, kind: Bought = 'PLAN'): string {
  const failure = failureOf(error);
  const what = error instanceof HandlerError ? failure.message : `${failure.code}: ${failure.message}`;
  const look = state.kind === 'unknown' && state.look !== undefined ? `. To see what happened: ${state.look}` : '';
  return cut(`${prefix(state, subject, kind)} ${what}`, REASON_BYTES + 2 - jsonBytes(look)) + look;
}

function prefix(state: MoneyState, subject: string, kind: Bought): string {
  switch (state.kind) {
    case 'bought':
      return `${kind} BOUGHT AND KEPT: ${subject}, ${state.fee};`;
    case 'unknown':
      return `OUTCOME UNKNOWN: ${subject} may have been bought for ${state.fee}; it is not requested again (ledger: SSM parameter ${state.record});`;
    case 'exists':
      return `NOTHING BOUGHT BY THIS DEPLOYMENT: ${subject} is there, ${state.fee};`;
    case 'none':
      return 'NOTHING BOUGHT:';
  }
}

/** What was paid for something, as the service says. */
export function feeText({ UpfrontFee, CurrencyCode }: { readonly UpfrontFee?: string; readonly CurrencyCode?: string }): string {
  return UpfrontFee === undefined ? UNKNOWN_FEE : `${UpfrontFee} ${CurrencyCode ?? ''}`.trim();
}

/** An error whose stack is its message: the provider framework puts stacks into reasons. */
export function withoutStack(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}
