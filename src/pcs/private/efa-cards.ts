import type { Construct } from 'constructs';
import { RULES } from './rules';
import type { NodeSubnets } from './subnets';
import { checkForm } from '../../private/forms';
import { factsOf, isSameLayout, type NetworkCardFacts } from '../../private/instance-types';
import { isConcrete, warn, type Problems } from '../../private/problems';
import type { EfaChoice } from '../vocabulary/efa';

/** A network interface as somebody has written it. Members that aren't known at synthesis are undefined. */
export interface WrittenInterface {
  readonly networkCardIndex?: number;
  readonly deviceIndex?: number;
  /** Undefined where it can't be read. */
  readonly efa?: boolean;
}

/** The network interfaces of nodes: none, where they are left to EC2. */
export function planCards(
  problems: Problems, scope: Construct, choice: EfaChoice, instanceTypes: readonly string[], subnets: NodeSubnets,
): readonly NetworkCardFacts[] {
  if (choice.kind === 'auto') { return cardsOfTypes(scope, instanceTypes, subnets); }
  const { count } = choice;
  if (count !== undefined && !(isConcrete(count) && Number.isInteger(count) && count > 0)) {
    problems.add(RULES.efaCardCount, { property: 'launch.efa', got: count });
  }
  const cards = firstCards(instanceTypes, count) ?? choice.cards;
  if (cards.length === 0) { return cards; }
  cards.forEach(({ networkCardIndex, deviceIndex }, index) => {
    checkForm(problems, RULES.efaCardIndex, `launch.efa[${index}].networkCardIndex`, networkCardIndex);
    checkForm(problems, RULES.efaCardIndex, `launch.efa[${index}].deviceIndex`, deviceIndex);
  });
  const pairs = new Set(cards.map(card => `${card.networkCardIndex}/${card.deviceIndex}`));
  const areKnown = cards.every(card => isConcrete(card.networkCardIndex) && isConcrete(card.deviceIndex));
  if (areKnown && (pairs.size < cards.length || !pairs.has('0/0'))) {
    problems.add(RULES.efaCards, { property: 'launch.efa', got: [...pairs] });
  }
  adviseCards(scope, 'launch.efa', instanceTypes, cards);
  if (cards.some(card => card.efa)) { adviseEfaSubnets(scope, subnets); }
  if (subnets.hasPublic && cards.length > 1) { warn(scope, RULES.efaPublicSubnet, { property: 'vpcSubnets' }); }
  return cards;
}

/** The first so many EFA cards of the instance types, where these are known, alike, and have as many. */
function firstCards(instanceTypes: readonly string[], count: number | undefined): readonly NetworkCardFacts[] | undefined {
  if (count === undefined || !instanceTypes.every(isConcrete)) { return undefined; }
  const [first, ...others] = instanceTypes.map(type => firstOf(factsOf(type)?.efaCards ?? [], count));
  return first && others.every(other => other && isSameLayout(first, other)) ? first : undefined;
}

/** The interfaces of a layout up to the last of so many EFA cards. Undefined where it has fewer. */
function firstOf(layout: readonly NetworkCardFacts[], count: number): readonly NetworkCardFacts[] | undefined {
  const last = layout.findIndex((_card, index) => efaCount(layout.slice(0, index + 1)) === count);
  return last < 0 ? undefined : layout.slice(0, last + 1);
}

function efaCount(cards: readonly WrittenInterface[]): number {
  return cards.filter(card => card.efa).length;
}

/** All EFA cards of the instance types, where these are known and alike, and the subnets allow it. */
function cardsOfTypes(scope: Construct, instanceTypes: readonly string[], subnets: NodeSubnets): readonly NetworkCardFacts[] {
  if (!instanceTypes.every(isConcrete)) { return []; }
  const layouts = instanceTypes.map(type => factsOf(type)?.efaCards);
  const unknown = instanceTypes.filter((_type, index) => layouts[index] === undefined);
  if (unknown.length > 0) {
    warn(scope, RULES.efaUnknown, { property: 'launch.efa', got: unknown });
    return [];
  }
  const [first, ...others] = layouts as NetworkCardFacts[][];
  if (first === undefined) { return []; }
  if (!others.every(layout => isSameLayout(first, layout))) {
    const got = Object.fromEntries(instanceTypes.map((type, index) => [type, efaCount(layouts[index]!)]));
    warn(scope, RULES.efaTypesDiffer, { property: 'instanceTypes', got });
    return [];
  }
  /* One interface gets a public address like any other; several don't. */
  if (first.length > 0 && (subnets.areSeveral || (subnets.hasPublic && first.length > 1))) {
    warn(scope, RULES.efaNotUsed, { property: 'launch.efa', got: { subnets: subnets.subnetIds.length, public: subnets.hasPublic } });
    return [];
  }
  if (first.length > 0) { adviseEfaSubnets(scope, subnets); }
  return first;
}

/** Advice on the subnets of nodes with EFA, which have to be one. */
export function adviseEfaSubnets(scope: Construct, { areSeveral, isList, subnetIds }: NodeSubnets): void {
  if (areSeveral) { warn(scope, RULES.efaSubnets, { property: 'vpcSubnets', got: subnetIds.length }); }
  if (isList) { warn(scope, RULES.efaSubnetList, { property: 'vpcSubnets' }); }
}

/** Advice on interfaces that the instance types have no place for, as far as both are known. */
export function adviseCards(
  scope: Construct, property: string, instanceTypes: readonly string[], written: readonly WrittenInterface[],
): void {
  for (const type of instanceTypes) {
    const facts = isConcrete(type) ? factsOf(type) : undefined;
    if (!facts) { continue; }
    const asked = efaCount(written);
    const has = facts.efaCards && efaCount(facts.efaCards);
    if (has !== undefined && asked > has) { warn(scope, RULES.efaMoreThanType, { property, got: { [type]: has, asked } }); }
    const misplaced = written.filter(card => !fits(card, facts));
    /* Where there are too many, those beyond the last card have been told. */
    if (misplaced.length > 0 && !(has !== undefined && asked - has >= misplaced.length)) {
      const got = misplaced.map(({ networkCardIndex: card, deviceIndex: device, efa }) => `card ${card}, device ${device}${efa ? ', EFA' : ''}`);
      warn(scope, RULES.efaCardMisplaced, { property, got: { [type]: got.slice(0, MISPLACED_NAMED) } });
    }
  }
}

/** How many interfaces a message names. */
const MISPLACED_NAMED = 4;

/** Whether a type has a place for an interface. What isn't known of either fits. */
function fits(written: WrittenInterface, { network, efaCards }: NonNullable<ReturnType<typeof factsOf>>): boolean {
  const { networkCardIndex: card, deviceIndex: device, efa } = written;
  if (!isConcrete(card)) { return true; }
  if (network && card >= network.cards) { return false; }
  if (network && isConcrete(device) && device >= network.interfacesPerCard) { return false; }
  return !efa || efaCards === undefined || efaCards.some(known => known.efa && known.networkCardIndex === card);
}
