import type { Entry, Intent } from './ledger';
import type { Wanted } from './limits';
import type { Bought } from './reason';
import type { Run } from './run';
import type { ProviderEvent } from '../shared/provider';

/** A kind of spending: what `spend` does not know of training plans, of their extensions, and of what else can be bought. */
export interface SpendingKind<Q extends Asked = Asked> {
  readonly words: Words;
  /** How many requests of one deployment may follow one that was refused, each after a new search. 0: the refusal is final. */
  readonly mayFollow: Readonly<Record<'refused' | 'throttled' | 'gone', number>>;

  /** Says what an event is about. Throws where a Create doesn't say that. */
  subject(event: ProviderEvent): Subject;
  /** Step 0: reads what a Create asks for. Throws where anything is wrong. */
  request(event: ProviderEvent): Q;
  /** Steps 2, 6 and 7b, and of a late delivery: looks whether it is there. `take` of what is returned is step 8. */
  look(request: Q, run: Run, moment: Moment): Promise<There | undefined>;
  /** Step 3: asks what the service itself says of earlier requests. */
  evidence(request: Q, run: Run): Promise<Evidence>;
  /** Step 4: searches, and chooses. Throws where no offering qualifies. */
  choose(request: Q, run: Run): Promise<Offered>;
  /** Step 7: sends the request that costs money, once. Returns the ARN of what was bought, or nothing where the answer doesn't say. */
  pay(offer: Offered, request: Q, run: Run): Promise<string>;
  /** Makes the data of a success of what the ledger recorded. */
  found(bought?: Pick<Intent, 'offering' | 'fee'>, notice?: string): Found;
  /** Answers an Update. Never searches, never buys. What decides is what is there, not the old properties, so that a rollback passes. */
  update(run: Run): Promise<Found>;
}

/** How a kind of spending is called, in reasons and in the commands that they end with. */
export interface Words {
  readonly bought: Bought;
  /** What is bought, in a sentence. */
  readonly thing: string;
  /** The type of its custom resource. */
  readonly resourceType: string;
  /** The operation that costs money, in the API and in CloudTrail. */
  readonly operation: string;
  /** The command of the AWS CLI that shows whether it is there. */
  readonly command: (id: string) => string;
  /** The field of the data that has the offering. */
  readonly offering: string;
  readonly purchase: string;
  /** Says that the service doesn't show it. */
  readonly unseen: string;
  /** Says what a request buys that is late. */
  readonly buysNothing: string;
  /** Says what an answer left open. */
  readonly unanswered: string;
  /** Says what another deployment is doing. */
  readonly underWay: string;
  /** Codes of failures whose advice costs money where something of this owner is there. */
  readonly advises: readonly string[];
}

/** What an event is about. */
export interface Subject {
  /** The physical id: the same on every path, retry and failure. */
  readonly id: string;
  /** The path of its ledger. `undefined`: there is none, so that nothing can have been bought. */
  readonly path?: string;
  /** Whose records of the ledger count. `undefined`: the properties don't say it. */
  readonly owner?: string;
  /** Nobody else can have records at this path. */
  readonly soleOwner?: true;
}

/** What all requests say. */
export interface Asked {
  readonly owner: string;
  /** Raised by a person who has looked what became of an earlier request. */
  readonly attempt: number;
  /** What the function has to be allowed to spend. */
  readonly limit: { readonly key: string; readonly wanted: Wanted };
  /** What a claim says of it, beside what all claims say. */
  readonly claim: Pick<Intent, 'spec' | 'criteria'>;
}

/** What can be bought. */
export interface Offered {
  readonly id: string;
  readonly fee: string;
  /** In words, with id and fee. */
  readonly text: string;
}

/** When somebody looks. */
export type Moment =
  /** In a late delivery, which may change nothing, after the ledger. */
  | { readonly when: 'late'; readonly entries: readonly Entry[] }
  /** Before the search; just before the request, which the look may forbid by an error; after a request, again and again. */
  | { readonly when: 'first' | 'last' | 'polling' };

/** Something is there, and nothing is to be bought any more. */
export interface There {
  /** What is there, for the ledger. */
  readonly what: string;
  /** Step 8: fails where it is that of others, or isn't what was asked for. */
  take(): Promise<Found>;
}

/** What the service says of earlier requests. */
export interface Evidence {
  /** An entry of the ledger, corrected by what the service says. */
  readonly correct?: (entry: Entry) => Entry;
  /** Whether it is there although a look doesn't show it. */
  readonly isListed?: () => Promise<boolean>;
}

/** The data of a success, which `isComplete` can't find out again. */
export type Found = Readonly<Record<string, string>>;
