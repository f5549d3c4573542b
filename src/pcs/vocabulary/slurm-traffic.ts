import { checked } from '../../private/inputs/checked';

/** A range of ports, both ends included. */
export interface PortRange {
  /** The first port: 1024 to 65535. */
  readonly fromPort: number;

  /** The last port: not below the first, and 65535 at most. */
  readonly toPort: number;
}

/** Options of traffic that is restricted to the ports of Slurm. */
export interface RestrictiveTrafficOptions {
  /**
   * The ports on which `srun` listens for the nodes of its job. They are opened among nodes, and Slurm is told to use them.
   *
   * One `srun` takes 4 ports, and 2 more for every 48 nodes beyond the first 48. Changed in place.
   *
   * @default - 60001 to 63000
   */
  readonly srunPorts?: PortRange;
}

/**
 * What the security groups of a cluster let through.
 *
 * @internal
 */
export type TrafficChoice =
  | { readonly kind: 'permissive' }
  | { readonly kind: 'restrictive'; readonly srunPorts: PortRange };

/**
 * What the security groups of a cluster let through.
 *
 * A change replaces the cluster, since its security groups are others then.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_networking_sg.html
 */
@checked('pcs.SlurmTraffic')
export class SlurmTraffic {
  /** One security group for controller and nodes: everything among its members, everything outwards, nothing inwards. */
  public static permissive(): SlurmTraffic {
    return new SlurmTraffic({ kind: 'permissive' });
  }

  /**
   * One security group for the controller and one for nodes, with the ports of Slurm alone, inwards and outwards:
   *
   * | port | from | to | when |
   * |---|---|---|---|
   * | 6817, slurmctld | nodes | controller | always |
   * | 6818, slurmd | controller and nodes | nodes | always |
   * | 6819, slurmdbd | nodes | controller | with accounting |
   * | 6820, slurmrestd | nodes | controller | with the REST API |
   * | 60001 to 63000, srun | nodes | nodes | always |
   *
   * Nodes with EFA network cards get a third group besides, among whose members everything is allowed, as EFA needs it.
   * What else nodes have to reach, such as VPC endpoints and file systems, is allowed through `nodeConnections` of the cluster.
   */
  public static restrictive(options: RestrictiveTrafficOptions = {}): SlurmTraffic {
    return new SlurmTraffic({ kind: 'restrictive', srunPorts: options.srunPorts ?? { fromPort: 60001, toPort: 63000 } });
  }

  /** @internal */
  public readonly _kind = 'pcs.SlurmTraffic';

  private constructor(
    /** @internal */
    public readonly _choice: TrafficChoice,
  ) {}
}
