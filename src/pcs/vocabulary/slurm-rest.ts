import { checked } from '../../private/inputs/checked';

/**
 * Whether a cluster answers to the REST API of Slurm.
 *
 * Can be changed in place.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/slurm-rest-api.html
 */
@checked('pcs.SlurmRest')
export class SlurmRest {
  /**
   * The API is on: plain HTTP on port 6820 of the controller's address, inside the VPC. Needs Slurm 25.05 or newer.
   *
   * Callers show a JSON Web Token that is signed with a key in Secrets Manager; `ClusterLookup` reads its ARN.
   */
  public static readonly STANDARD = new SlurmRest('STANDARD');

  /** The API is off. */
  public static readonly NONE = new SlurmRest('NONE');

  /**
   * A mode that this library doesn't know.
   *
   * @param value The mode in the words of the service.
   */
  public static of(value: string): SlurmRest {
    return new SlurmRest(value);
  }

  /** @internal */
  public readonly _kind = 'pcs.SlurmRest';

  private constructor(
    /** The mode in the words of the service. */
    public readonly value: string,
  ) {}
}
