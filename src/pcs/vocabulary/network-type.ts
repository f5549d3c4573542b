import { checked } from '../../private/inputs/checked';

/**
 * The version of the internet protocol that the controller and its nodes talk.
 *
 * A change replaces the cluster.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_networking_vpc-requirements.html
 */
@checked('pcs.NetworkType')
export class NetworkType {
  /** IPv4. */
  public static readonly IPV4 = new NetworkType('IPV4');

  /**
   * IPv6. All subnets of the cluster and its nodes need IPv6 addresses that are assigned by themselves; the operating system of
   * nodes keeps its IPv4.
   */
  public static readonly IPV6 = new NetworkType('IPV6');

  /**
   * A type that this library doesn't know.
   *
   * @param value The type in the words of the service.
   */
  public static of(value: string): NetworkType {
    return new NetworkType(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.NetworkType';

  private constructor(
    /** The type in the words of the service. */
    public readonly value: string,
  ) {}
}
