import type { EfaChoice } from './private/launch-template';
import { efaOnEveryCard } from '../private/instance-types';

/** How many network cards carry EFA. */
export interface EfaCardsOptions {
  /**
   * The number of network cards. Card 0 gets device index 0 and the others 1, which is how EC2 wires all types but a few.
   *
   * EC2 refuses to launch with more interfaces than the type has.
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
   * EFA-only interfaces aren't offered, since the service doesn't pass them on.
   *
   * @default true
   */
  readonly efa?: boolean;
}

/**
 * Which network cards of the nodes are Elastic Fabric Adapters.
 *
 * EFA itself costs nothing.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa.html
 */
export class Efa {
  /**
   * Every EFA card of the instance type where the type is known and the nodes are in one private subnet, else none.
   *
   * Known are p5.48xlarge, p5e.48xlarge, p5en.48xlarge, p6-b200.48xlarge, p6-b300.48xlarge, hpc6a.48xlarge, hpc6id.32xlarge,
   * the hpc7a sizes and hpc8a.96xlarge. A known type that gets none, because of its subnets, is warned of.
   */
  public static auto(): Efa {
    return new Efa({ kind: 'auto' });
  }

  /** No EFA. */
  public static none(): Efa {
    return new Efa({ kind: 'cards', cards: [] });
  }

  /** EFA on each of the first network cards. */
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
