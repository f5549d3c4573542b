import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { checked } from '../../../private/inputs/checked';

/** The name of a compute quota, and the cluster in which it is unique. */
export interface NamedComputeQuota {
  /** The cluster that has the quota. */
  readonly cluster: sagemaker.IClusterRef;

  /** The name of the quota, as a whole: 1 to 63 letters, digits and hyphens. */
  readonly computeQuotaName: string;
}

/** Which compute quota is looked up. */
@checked('hyperpod.ComputeQuotaSelector')
export class ComputeQuotaSelector {
  /** The quota of an ARN. It must be in the account and Region of the stack: another one is refused. */
  public static byArn(computeQuotaArn: string): ComputeQuotaSelector {
    return new ComputeQuotaSelector({ arn: computeQuotaArn });
  }

  /** The quota of an id, in the account and Region of the stack: 12 lower-case letters and digits. */
  public static byId(computeQuotaId: string): ComputeQuotaSelector {
    return new ComputeQuotaSelector({ id: computeQuotaId });
  }

  /**
   * The quota of a name, in a cluster in the account and Region of the stack.
   *
   * The look-up function may then list and read all quotas of the account in the Region: IAM can't limit the listing, and the
   * id isn't known before.
   */
  public static byName(name: NamedComputeQuota): ComputeQuotaSelector {
    return new ComputeQuotaSelector({ name });
  }

  /** @internal */
  public readonly _kind = 'hyperpod.ComputeQuotaSelector';

  private constructor(
    /** @internal */
    public readonly _selection: { readonly arn?: string; readonly id?: string; readonly name?: NamedComputeQuota },
  ) {}
}
