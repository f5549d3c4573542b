/**
 * An instance type that training plans reserve: the name of an EC2 instance type after `ml.`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
export class PlanInstanceType {
  /** ml.p4d.24xlarge: 8 NVIDIA A100 GPUs with 40 GB. */
  public static readonly ML_P4D_24XLARGE = new PlanInstanceType('ml.p4d.24xlarge');

  /** ml.p4de.24xlarge: 8 NVIDIA A100 GPUs with 80 GB. */
  public static readonly ML_P4DE_24XLARGE = new PlanInstanceType('ml.p4de.24xlarge');

  /** ml.p5.4xlarge: 1 NVIDIA H100 GPU. */
  public static readonly ML_P5_4XLARGE = new PlanInstanceType('ml.p5.4xlarge');

  /** ml.p5.48xlarge: 8 NVIDIA H100 GPUs. */
  public static readonly ML_P5_48XLARGE = new PlanInstanceType('ml.p5.48xlarge');

  /** ml.p5e.48xlarge: 8 NVIDIA H200 GPUs. */
  public static readonly ML_P5E_48XLARGE = new PlanInstanceType('ml.p5e.48xlarge');

  /** ml.p5en.48xlarge: 8 NVIDIA H200 GPUs. */
  public static readonly ML_P5EN_48XLARGE = new PlanInstanceType('ml.p5en.48xlarge');

  /** ml.p6-b200.48xlarge: 8 NVIDIA B200 GPUs. */
  public static readonly ML_P6_B200_48XLARGE = new PlanInstanceType('ml.p6-b200.48xlarge');

  /** ml.p6-b300.48xlarge: 8 NVIDIA B300 GPUs. */
  public static readonly ML_P6_B300_48XLARGE = new PlanInstanceType('ml.p6-b300.48xlarge');

  /** ml.p6e-gb200.36xlarge: 4 NVIDIA GB200 GPUs, a part of an UltraServer. */
  public static readonly ML_P6E_GB200_36XLARGE = new PlanInstanceType('ml.p6e-gb200.36xlarge');

  /** ml.trn1.32xlarge: 16 Trainium chips. */
  public static readonly ML_TRN1_32XLARGE = new PlanInstanceType('ml.trn1.32xlarge');

  /** ml.trn2.48xlarge: 16 Trainium2 chips. */
  public static readonly ML_TRN2_48XLARGE = new PlanInstanceType('ml.trn2.48xlarge');

  /**
   * A type that has no constant here. It isn't checked.
   *
   * @param name such as ml.p5.48xlarge
   */
  public static of(name: string): PlanInstanceType {
    return new PlanInstanceType(name);
  }

  /** @internal */
  public readonly _kind = 'training_plans.PlanInstanceType';

  private constructor(
    /** The name, such as `ml.p5.48xlarge`. */
    public readonly name: string,
  ) {}
}

/**
 * An UltraServer that training plans reserve: instances that share one high-bandwidth domain of accelerators.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
export class UltraServerType {
  /** ml.u-p6e-gb200x36: 9 instances of ml.p6e-gb200.36xlarge, 36 GPUs. */
  public static readonly ML_U_P6E_GB200X36 = new UltraServerType('ml.u-p6e-gb200x36');

  /** ml.u-p6e-gb200x72: 18 instances of ml.p6e-gb200.36xlarge, 72 GPUs. */
  public static readonly ML_U_P6E_GB200X72 = new UltraServerType('ml.u-p6e-gb200x72');

  /**
   * A type that has no constant here. It isn't checked.
   *
   * @param name such as ml.u-p6e-gb200x72
   */
  public static of(name: string): UltraServerType {
    return new UltraServerType(name);
  }

  /** @internal */
  public readonly _kind = 'training_plans.UltraServerType';

  private constructor(
    /** The name, such as `ml.u-p6e-gb200x72`. */
    public readonly name: string,
  ) {}
}
