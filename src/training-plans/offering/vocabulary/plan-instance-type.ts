import { checked } from '../../../private/inputs/checked';

/**
 * An instance type that training plans reserve: the name of an EC2 instance type after `ml.`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
@checked('training_plans.PlanInstanceType')
export class PlanInstanceType {
  /** ml.p4d.24xlarge: 8 NVIDIA A100 GPUs with 40 GB. */
  public static readonly P4D_24XLARGE = new PlanInstanceType('ml.p4d.24xlarge');

  /** ml.p4de.24xlarge: 8 NVIDIA A100 GPUs with 80 GB. */
  public static readonly P4DE_24XLARGE = new PlanInstanceType('ml.p4de.24xlarge');

  /** ml.p5.4xlarge: 1 NVIDIA H100 GPU. */
  public static readonly P5_4XLARGE = new PlanInstanceType('ml.p5.4xlarge');

  /** ml.p5.48xlarge: 8 NVIDIA H100 GPUs. */
  public static readonly P5_48XLARGE = new PlanInstanceType('ml.p5.48xlarge');

  /** ml.p5e.48xlarge: 8 NVIDIA H200 GPUs. */
  public static readonly P5E_48XLARGE = new PlanInstanceType('ml.p5e.48xlarge');

  /** ml.p5en.48xlarge: 8 NVIDIA H200 GPUs. */
  public static readonly P5EN_48XLARGE = new PlanInstanceType('ml.p5en.48xlarge');

  /** ml.p6-b200.48xlarge: 8 NVIDIA B200 GPUs. */
  public static readonly P6_B200_48XLARGE = new PlanInstanceType('ml.p6-b200.48xlarge');

  /** ml.p6-b300.48xlarge: 8 NVIDIA B300 GPUs. */
  public static readonly P6_B300_48XLARGE = new PlanInstanceType('ml.p6-b300.48xlarge');

  /** ml.p6e-gb200.36xlarge: 4 NVIDIA GB200 GPUs, a part of an UltraServer. */
  public static readonly P6E_GB200_36XLARGE = new PlanInstanceType('ml.p6e-gb200.36xlarge');

  /** ml.trn1.32xlarge: 16 Trainium chips. */
  public static readonly TRN1_32XLARGE = new PlanInstanceType('ml.trn1.32xlarge');

  /** ml.trn2.48xlarge: 16 Trainium2 chips. */
  public static readonly TRN2_48XLARGE = new PlanInstanceType('ml.trn2.48xlarge');

  /**
   * A type that this library doesn't know. It isn't checked.
   *
   * @param value The type in the words of the service, for example `ml.p5.48xlarge`.
   */
  public static of(value: string): PlanInstanceType {
    return new PlanInstanceType(value);
  }

  /** @internal */
  public readonly _kind = 'training_plans.PlanInstanceType';

  private constructor(
    /** The type in the words of the service, such as `ml.p5.48xlarge`. */
    public readonly value: string,
  ) {}
}

/**
 * An UltraServer that training plans reserve: instances that share one high-bandwidth domain of accelerators.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
@checked('training_plans.UltraServerType')
export class UltraServerType {
  /** ml.u-p6e-gb200x36: 9 instances of ml.p6e-gb200.36xlarge, 36 GPUs. */
  public static readonly U_P6E_GB200X36 = new UltraServerType('ml.u-p6e-gb200x36');

  /** ml.u-p6e-gb200x72: 18 instances of ml.p6e-gb200.36xlarge, 72 GPUs. */
  public static readonly U_P6E_GB200X72 = new UltraServerType('ml.u-p6e-gb200x72');

  /**
   * A type that this library doesn't know. It isn't checked.
   *
   * @param value The type in the words of the service, for example `ml.u-p6e-gb200x72`.
   */
  public static of(value: string): UltraServerType {
    return new UltraServerType(value);
  }

  /** @internal */
  public readonly _kind = 'training_plans.UltraServerType';

  private constructor(
    /** The type in the words of the service, such as `ml.u-p6e-gb200x72`. */
    public readonly value: string,
  ) {}
}
