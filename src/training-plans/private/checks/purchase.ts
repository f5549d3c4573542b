import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { OWNERSHIP_KEY, RESERVED_TAG, TAG_KEY, TAG_VALUE, fits } from '../../../private/contracts/forms';
import { TRAINING_PLANS_LOOKUP_RESOURCE_TYPE } from '../../../private/contracts/lookup';
import { EXTENSION_RESOURCE_TYPE, OFFERING_SEARCH_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE } from '../../../private/contracts/training-plan';
import { checkForm } from '../../../private/forms';
import { isOfHandler } from '../../../private/handlers/options';
import { describe, isConcrete, warn, type Problems } from '../../../private/problems';
import { claimOnce } from '../../../private/registry';
import type { Offering } from '../../offering/vocabulary/offering';
import { RULES } from '../rules';

/** AWS takes 50, of which a purchase writes four itself. */
const MAX_TAGS = 46;

/** What a stack of purchases may have in it: it spends money itself, or can't fail after it was spent, or not more than a read can. */
const HARMLESS = [EXTENSION_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE, TRAINING_PLANS_LOOKUP_RESOURCE_TYPE, OFFERING_SEARCH_RESOURCE_TYPE, 'AWS::CDK::Metadata'];

/** Where a plan is bought. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The place of a purchase. It must be written down: the same app in a second stage must not buy again. */
export function placeOf(problems: Problems, stack: Stack, pinned: Partial<Place>): Place {
  const place = { account: pinned.account ?? stack.account, region: pinned.region ?? stack.region };
  for (const property of ['account', 'region'] as const) {
    const [written, actual] = [place[property], stack[property]];
    if (!isConcrete(written)) {
      problems.add(RULES.placeUnknown, { property });
    } else if (isConcrete(actual) && written !== actual) {
      problems.add(RULES.placeDiffers, { property, got: written });
    }
  }
  return place;
}

/** Notes a purchase in its app, where each can be made by one construct alone. */
export function claim(problems: Problems, purchase: IConstruct, { account, region }: Place, name: string): void {
  if (!claimOnce(purchase.node.root, 'purchases', `${account} ${region} ${name}`, purchase)) {
    problems.add(RULES.purchasedTwice, { property: 'trainingPlanName', got: name });
  }
}

/** Whose a plan is, unless somebody says otherwise: the same after the stack was deleted and made again, nested stacks too. */
export function ownershipKeyOf(purchase: IConstruct): string {
  let root = Stack.of(purchase);
  while (root.nestedStackParent) { root = root.nestedStackParent; }
  return `${root.stackName}/${purchase.node.addr}`;
}

/** What identifies a purchase beside its name. */
export interface PurchaseMarks {
  readonly ownershipKey?: string;
  readonly attempt?: number;
}

/** Both are known, since they decide whether a second request may be sent. */
export function checkMarks(problems: Problems, { ownershipKey, attempt }: PurchaseMarks): void {
  if (ownershipKey !== undefined && (!isConcrete(ownershipKey) || !fits(OWNERSHIP_KEY, ownershipKey))) {
    problems.add(RULES.ownershipKeyInvalid, { property: 'ownershipKey', got: ownershipKey });
  }
  if (attempt !== undefined && (!isConcrete(attempt) || !fits(RULES.attemptInvalid.form!, attempt))) {
    problems.add(RULES.attemptInvalid, { property: 'attempt', got: attempt });
  }
}

/** The number of the attempt, which a person raises, as handlers take it. */
export function attemptOf({ attempt = 1 }: PurchaseMarks): string {
  return String(attempt);
}

/** Only UltraServers have spare instances. */
export function checkSpares(problems: Problems, offering: Offering, spares: number | undefined): void {
  if (spares === undefined) { return; }
  const property = 'spareInstancesPerUltraServer';
  if (!offering._capacity.ultraServers) { problems.add(RULES.sparesWithoutUltraServers, { property, got: spares }); }
  checkForm(problems, RULES.sparesInvalid, property, spares);
}

/** Tags that a plan can't have. They are known only when all of the app has been made. */
export function judgeTags(tags: Readonly<Record<string, string>>): string[] {
  const keys = Object.keys(tags);
  const reserved = keys.filter(key => RESERVED_TAG.test(key));
  const wrong = Object.entries(tags)
    .filter(([key, value]) => (isConcrete(key) && !fits(TAG_KEY, key)) || (isConcrete(value) && !fits(TAG_VALUE, value)));
  return [
    ...wrong.length > 0 ? [describe(RULES.tagsInvalid, { property: 'tags', got: Object.fromEntries(wrong) })] : [],
    ...reserved.length > 0 ? [describe(RULES.tagsReserved, { property: 'tags', got: reserved })] : [],
    ...keys.length > MAX_TAGS ? [describe(RULES.tagsTooMany, { property: 'tags', got: keys.length })] : [],
  ];
}

/** Advises against a stack in which something else can fail after the money was spent. */
export function adviseOnNeighbours(purchase: IConstruct): void {
  const stack = Stack.of(purchase);
  const neighbour = stack.node.findAll().find(construct => CfnResource.isCfnResource(construct) && construct.stack === stack
    && !HARMLESS.includes(construct.cfnResourceType) && !isOfHandler(construct));
  if (neighbour) { warn(purchase, RULES.sharedStack, { property: 'stack', got: neighbour.node.path }); }
}
