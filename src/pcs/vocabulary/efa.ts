import { checked } from '../../private/inputs/checked';
import { efaOnEveryCard, type NetworkCardFacts } from '../../private/instance-types';

/** How many network cards carry EFA. */
export interface EfaCardsOptions {
  /**
   * The number of network cards with EFA: 1 or more, and not more than the instance types have, else EC2 refuses to launch.
   *
   * They are the first ones that have EFA, where the instance types are known. Card 0 of p6-b300.48xlarge has none, and gets a
   * plain interface besides. For other types, card 0 gets device index 0 and the others 1.
   */
  readonly count: number;
}

/** One network interface of a node. */
export interface NetworkCard {
  /** The number of the network card, from 0. */
  readonly networkCardIndex: number;

  /**
   * The number of the device on the instance.
   *
   * @default - 0 on card 0, 1 on the others
   */
  readonly deviceIndex?: number;

  /**
   * Whether the interface is an Elastic Fabric Adapter that carries IP traffic too; else it is a plain one.
   *
   * Interfaces of type `efa-only` aren't offered: by AWS's samples, the service passes on interfaces of type `efa` alone.
   *
   * @default true
   */
  readonly efa?: boolean;
}

/**
 * Which network cards carry EFA.
 *
 * @internal
 */
export type EfaChoice =
  | { readonly kind: 'auto' }
  | { readonly kind: 'cards'; readonly cards: readonly NetworkCardFacts[]; readonly count?: number };

/**
 * Which network cards of the nodes are Elastic Fabric Adapters.
 *
 * EFA itself costs nothing.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html
 */
@checked('pcs.Efa')
export class Efa {
  /**
   * Every EFA card of the instance types, where they have EFA.
   *
   * The nodes have to be in one subnet, which is private for types with several network cards, and the instance types have to have the
   * same cards. Otherwise nodes get a plain network interface, and synthesis warns of it. It also warns of types whose cards aren't
   * known: new ones, and p6e-gb200.36xlarge, half of whose cards take interfaces of type `efa-only` alone.
   */
  public static auto(): Efa {
    return new Efa({ kind: 'auto' });
  }

  /** No EFA. */
  public static none(): Efa {
    return new Efa({ kind: 'cards', cards: [] });
  }

  /** EFA on each of the first network cards that have it. */
  public static cards(options: EfaCardsOptions): Efa {
    return new Efa({ kind: 'cards', cards: efaOnEveryCard(options.count), count: options.count });
  }

  /**
   * The interfaces one by one, for types that are wired differently.
   *
   * @param cards The interfaces. The first is the primary one: card 0, device 0.
   */
  public static layout(cards: NetworkCard[]): Efa {
    return new Efa({
      kind: 'cards',
      cards: cards.map(card => ({
        networkCardIndex: card.networkCardIndex,
        deviceIndex: card.deviceIndex ?? (card.networkCardIndex === 0 ? 0 : 1),
        efa: card.efa ?? true,
      })),
    });
  }

  /** @internal */
  public readonly _kind = 'pcs.Efa';

  private constructor(
    /** @internal */
    public readonly _choice: EfaChoice,
  ) {}
}
