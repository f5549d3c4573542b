import { checked } from '../../../private/inputs/checked';
import { factsOf, type InstanceSize, type InstanceTypeFacts } from '../../../private/instance-types';
import { migGpuOf, type MigGpu } from '../../private/facts/mig';

/**
 * An instance type of a HyperPod cluster: the name of an EC2 instance type after `ml.`.
 *
 * Accelerated types and the common CPU types have a constant. What they have is known, so quotas and partitions on them are
 * checked at synthesis. Every other type is made with `of()`, and nothing about it is checked.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaResourceConfig.html
 */
@checked('hyperpod.InstanceType')
export class InstanceType {
  /** ml.p4d.24xlarge: 8 NVIDIA A100 GPUs with 40 GB, 96 vCPUs, 1152 GiB. */
  public static readonly P4D_24XLARGE = InstanceType.known('ml.p4d.24xlarge');

  /** ml.p4de.24xlarge: 8 NVIDIA A100 GPUs with 80 GB, 96 vCPUs, 1152 GiB. */
  public static readonly P4DE_24XLARGE = InstanceType.known('ml.p4de.24xlarge');

  /** ml.p5.4xlarge: 1 NVIDIA H100 GPU, 16 vCPUs, 256 GiB. */
  public static readonly P5_4XLARGE = InstanceType.known('ml.p5.4xlarge');

  /** ml.p5.48xlarge: 8 NVIDIA H100 GPUs, 192 vCPUs, 2048 GiB. */
  public static readonly P5_48XLARGE = InstanceType.known('ml.p5.48xlarge');

  /** ml.p5e.48xlarge: 8 NVIDIA H200 GPUs, 192 vCPUs, 2048 GiB. */
  public static readonly P5E_48XLARGE = InstanceType.known('ml.p5e.48xlarge');

  /** ml.p5en.48xlarge: 8 NVIDIA H200 GPUs, 192 vCPUs, 2048 GiB. */
  public static readonly P5EN_48XLARGE = InstanceType.known('ml.p5en.48xlarge');

  /** ml.p6-b200.48xlarge: 8 NVIDIA B200 GPUs, 192 vCPUs, 2048 GiB. */
  public static readonly P6_B200_48XLARGE = InstanceType.known('ml.p6-b200.48xlarge');

  /** ml.p6-b300.48xlarge: 8 NVIDIA B300 GPUs, 192 vCPUs, 4096 GiB. */
  public static readonly P6_B300_48XLARGE = InstanceType.known('ml.p6-b300.48xlarge');

  /** ml.p6e-gb200.36xlarge: 4 NVIDIA GB200 GPUs, 144 vCPUs, 960 GiB. */
  public static readonly P6E_GB200_36XLARGE = InstanceType.known('ml.p6e-gb200.36xlarge');

  /** ml.trn1.32xlarge: 16 Trainium chips, 128 vCPUs, 512 GiB. */
  public static readonly TRN1_32XLARGE = InstanceType.known('ml.trn1.32xlarge');

  /** ml.trn1n.32xlarge: 16 Trainium chips, 128 vCPUs, 512 GiB. */
  public static readonly TRN1N_32XLARGE = InstanceType.known('ml.trn1n.32xlarge');

  /** ml.trn2.3xlarge: 1 Trainium2 chip, 12 vCPUs, 128 GiB. */
  public static readonly TRN2_3XLARGE = InstanceType.known('ml.trn2.3xlarge');

  /** ml.trn2.48xlarge: 16 Trainium2 chips, 192 vCPUs, 2048 GiB. */
  public static readonly TRN2_48XLARGE = InstanceType.known('ml.trn2.48xlarge');

  /** ml.g4dn.xlarge: 1 NVIDIA T4 GPU, 4 vCPUs, 16 GiB. */
  public static readonly G4DN_XLARGE = InstanceType.known('ml.g4dn.xlarge');

  /** ml.g4dn.2xlarge: 1 NVIDIA T4 GPU, 8 vCPUs, 32 GiB. */
  public static readonly G4DN_2XLARGE = InstanceType.known('ml.g4dn.2xlarge');

  /** ml.g4dn.4xlarge: 1 NVIDIA T4 GPU, 16 vCPUs, 64 GiB. */
  public static readonly G4DN_4XLARGE = InstanceType.known('ml.g4dn.4xlarge');

  /** ml.g4dn.8xlarge: 1 NVIDIA T4 GPU, 32 vCPUs, 128 GiB. */
  public static readonly G4DN_8XLARGE = InstanceType.known('ml.g4dn.8xlarge');

  /** ml.g4dn.12xlarge: 4 NVIDIA T4 GPUs, 48 vCPUs, 192 GiB. */
  public static readonly G4DN_12XLARGE = InstanceType.known('ml.g4dn.12xlarge');

  /** ml.g4dn.16xlarge: 1 NVIDIA T4 GPU, 64 vCPUs, 256 GiB. */
  public static readonly G4DN_16XLARGE = InstanceType.known('ml.g4dn.16xlarge');

  /** ml.g5.xlarge: 1 NVIDIA A10G GPU, 4 vCPUs, 16 GiB. */
  public static readonly G5_XLARGE = InstanceType.known('ml.g5.xlarge');

  /** ml.g5.2xlarge: 1 NVIDIA A10G GPU, 8 vCPUs, 32 GiB. */
  public static readonly G5_2XLARGE = InstanceType.known('ml.g5.2xlarge');

  /** ml.g5.4xlarge: 1 NVIDIA A10G GPU, 16 vCPUs, 64 GiB. */
  public static readonly G5_4XLARGE = InstanceType.known('ml.g5.4xlarge');

  /** ml.g5.8xlarge: 1 NVIDIA A10G GPU, 32 vCPUs, 128 GiB. */
  public static readonly G5_8XLARGE = InstanceType.known('ml.g5.8xlarge');

  /** ml.g5.12xlarge: 4 NVIDIA A10G GPUs, 48 vCPUs, 192 GiB. */
  public static readonly G5_12XLARGE = InstanceType.known('ml.g5.12xlarge');

  /** ml.g5.16xlarge: 1 NVIDIA A10G GPU, 64 vCPUs, 256 GiB. */
  public static readonly G5_16XLARGE = InstanceType.known('ml.g5.16xlarge');

  /** ml.g5.24xlarge: 4 NVIDIA A10G GPUs, 96 vCPUs, 384 GiB. */
  public static readonly G5_24XLARGE = InstanceType.known('ml.g5.24xlarge');

  /** ml.g5.48xlarge: 8 NVIDIA A10G GPUs, 192 vCPUs, 768 GiB. */
  public static readonly G5_48XLARGE = InstanceType.known('ml.g5.48xlarge');

  /** ml.g6.xlarge: 1 NVIDIA L4 GPU, 4 vCPUs, 16 GiB. */
  public static readonly G6_XLARGE = InstanceType.known('ml.g6.xlarge');

  /** ml.g6.2xlarge: 1 NVIDIA L4 GPU, 8 vCPUs, 32 GiB. */
  public static readonly G6_2XLARGE = InstanceType.known('ml.g6.2xlarge');

  /** ml.g6.4xlarge: 1 NVIDIA L4 GPU, 16 vCPUs, 64 GiB. */
  public static readonly G6_4XLARGE = InstanceType.known('ml.g6.4xlarge');

  /** ml.g6.8xlarge: 1 NVIDIA L4 GPU, 32 vCPUs, 128 GiB. */
  public static readonly G6_8XLARGE = InstanceType.known('ml.g6.8xlarge');

  /** ml.g6.12xlarge: 4 NVIDIA L4 GPUs, 48 vCPUs, 192 GiB. */
  public static readonly G6_12XLARGE = InstanceType.known('ml.g6.12xlarge');

  /** ml.g6.16xlarge: 1 NVIDIA L4 GPU, 64 vCPUs, 256 GiB. */
  public static readonly G6_16XLARGE = InstanceType.known('ml.g6.16xlarge');

  /** ml.g6.24xlarge: 4 NVIDIA L4 GPUs, 96 vCPUs, 384 GiB. */
  public static readonly G6_24XLARGE = InstanceType.known('ml.g6.24xlarge');

  /** ml.g6.48xlarge: 8 NVIDIA L4 GPUs, 192 vCPUs, 768 GiB. */
  public static readonly G6_48XLARGE = InstanceType.known('ml.g6.48xlarge');

  /** ml.gr6.4xlarge: 1 NVIDIA L4 GPU, 16 vCPUs, 128 GiB. */
  public static readonly GR6_4XLARGE = InstanceType.known('ml.gr6.4xlarge');

  /** ml.gr6.8xlarge: 1 NVIDIA L4 GPU, 32 vCPUs, 256 GiB. */
  public static readonly GR6_8XLARGE = InstanceType.known('ml.gr6.8xlarge');

  /** ml.g6e.xlarge: 1 NVIDIA L40S GPU, 4 vCPUs, 32 GiB. */
  public static readonly G6E_XLARGE = InstanceType.known('ml.g6e.xlarge');

  /** ml.g6e.2xlarge: 1 NVIDIA L40S GPU, 8 vCPUs, 64 GiB. */
  public static readonly G6E_2XLARGE = InstanceType.known('ml.g6e.2xlarge');

  /** ml.g6e.4xlarge: 1 NVIDIA L40S GPU, 16 vCPUs, 128 GiB. */
  public static readonly G6E_4XLARGE = InstanceType.known('ml.g6e.4xlarge');

  /** ml.g6e.8xlarge: 1 NVIDIA L40S GPU, 32 vCPUs, 256 GiB. */
  public static readonly G6E_8XLARGE = InstanceType.known('ml.g6e.8xlarge');

  /** ml.g6e.12xlarge: 4 NVIDIA L40S GPUs, 48 vCPUs, 384 GiB. */
  public static readonly G6E_12XLARGE = InstanceType.known('ml.g6e.12xlarge');

  /** ml.g6e.16xlarge: 1 NVIDIA L40S GPU, 64 vCPUs, 512 GiB. */
  public static readonly G6E_16XLARGE = InstanceType.known('ml.g6e.16xlarge');

  /** ml.g6e.24xlarge: 4 NVIDIA L40S GPUs, 96 vCPUs, 768 GiB. */
  public static readonly G6E_24XLARGE = InstanceType.known('ml.g6e.24xlarge');

  /** ml.g6e.48xlarge: 8 NVIDIA L40S GPUs, 192 vCPUs, 1536 GiB. */
  public static readonly G6E_48XLARGE = InstanceType.known('ml.g6e.48xlarge');

  /** ml.g7.2xlarge: 1 NVIDIA RTX PRO 4500 GPU, 8 vCPUs, 32 GiB. */
  public static readonly G7_2XLARGE = InstanceType.known('ml.g7.2xlarge');

  /** ml.g7.4xlarge: 1 NVIDIA RTX PRO 4500 GPU, 16 vCPUs, 64 GiB. */
  public static readonly G7_4XLARGE = InstanceType.known('ml.g7.4xlarge');

  /** ml.g7.8xlarge: 1 NVIDIA RTX PRO 4500 GPU, 32 vCPUs, 128 GiB. */
  public static readonly G7_8XLARGE = InstanceType.known('ml.g7.8xlarge');

  /** ml.g7.12xlarge: 2 NVIDIA RTX PRO 4500 GPUs, 48 vCPUs, 192 GiB. */
  public static readonly G7_12XLARGE = InstanceType.known('ml.g7.12xlarge');

  /** ml.g7.24xlarge: 4 NVIDIA RTX PRO 4500 GPUs, 96 vCPUs, 384 GiB. */
  public static readonly G7_24XLARGE = InstanceType.known('ml.g7.24xlarge');

  /** ml.g7.48xlarge: 8 NVIDIA RTX PRO 4500 GPUs, 192 vCPUs, 768 GiB. */
  public static readonly G7_48XLARGE = InstanceType.known('ml.g7.48xlarge');

  /** ml.g7e.2xlarge: 1 NVIDIA RTX PRO 6000 GPU, 8 vCPUs, 64 GiB. */
  public static readonly G7E_2XLARGE = InstanceType.known('ml.g7e.2xlarge');

  /** ml.g7e.4xlarge: 1 NVIDIA RTX PRO 6000 GPU, 16 vCPUs, 128 GiB. */
  public static readonly G7E_4XLARGE = InstanceType.known('ml.g7e.4xlarge');

  /** ml.g7e.8xlarge: 1 NVIDIA RTX PRO 6000 GPU, 32 vCPUs, 256 GiB. */
  public static readonly G7E_8XLARGE = InstanceType.known('ml.g7e.8xlarge');

  /** ml.g7e.12xlarge: 2 NVIDIA RTX PRO 6000 GPUs, 48 vCPUs, 512 GiB. */
  public static readonly G7E_12XLARGE = InstanceType.known('ml.g7e.12xlarge');

  /** ml.g7e.24xlarge: 4 NVIDIA RTX PRO 6000 GPUs, 96 vCPUs, 1024 GiB. */
  public static readonly G7E_24XLARGE = InstanceType.known('ml.g7e.24xlarge');

  /** ml.g7e.48xlarge: 8 NVIDIA RTX PRO 6000 GPUs, 192 vCPUs, 2048 GiB. */
  public static readonly G7E_48XLARGE = InstanceType.known('ml.g7e.48xlarge');

  /** ml.t3.medium: 2 vCPUs, 4 GiB. */
  public static readonly T3_MEDIUM = InstanceType.known('ml.t3.medium');

  /** ml.t3.large: 2 vCPUs, 8 GiB. */
  public static readonly T3_LARGE = InstanceType.known('ml.t3.large');

  /** ml.t3.xlarge: 4 vCPUs, 16 GiB. */
  public static readonly T3_XLARGE = InstanceType.known('ml.t3.xlarge');

  /** ml.t3.2xlarge: 8 vCPUs, 32 GiB. */
  public static readonly T3_2XLARGE = InstanceType.known('ml.t3.2xlarge');

  /** ml.c5.large: 2 vCPUs, 4 GiB. */
  public static readonly C5_LARGE = InstanceType.known('ml.c5.large');

  /** ml.c5.xlarge: 4 vCPUs, 8 GiB. */
  public static readonly C5_XLARGE = InstanceType.known('ml.c5.xlarge');

  /** ml.c5.2xlarge: 8 vCPUs, 16 GiB. */
  public static readonly C5_2XLARGE = InstanceType.known('ml.c5.2xlarge');

  /** ml.c5.4xlarge: 16 vCPUs, 32 GiB. */
  public static readonly C5_4XLARGE = InstanceType.known('ml.c5.4xlarge');

  /** ml.c5.9xlarge: 36 vCPUs, 72 GiB. */
  public static readonly C5_9XLARGE = InstanceType.known('ml.c5.9xlarge');

  /** ml.c5.12xlarge: 48 vCPUs, 96 GiB. */
  public static readonly C5_12XLARGE = InstanceType.known('ml.c5.12xlarge');

  /** ml.c5.18xlarge: 72 vCPUs, 144 GiB. */
  public static readonly C5_18XLARGE = InstanceType.known('ml.c5.18xlarge');

  /** ml.c5.24xlarge: 96 vCPUs, 192 GiB. */
  public static readonly C5_24XLARGE = InstanceType.known('ml.c5.24xlarge');

  /** ml.m5.large: 2 vCPUs, 8 GiB. */
  public static readonly M5_LARGE = InstanceType.known('ml.m5.large');

  /** ml.m5.xlarge: 4 vCPUs, 16 GiB. */
  public static readonly M5_XLARGE = InstanceType.known('ml.m5.xlarge');

  /** ml.m5.2xlarge: 8 vCPUs, 32 GiB. */
  public static readonly M5_2XLARGE = InstanceType.known('ml.m5.2xlarge');

  /** ml.m5.4xlarge: 16 vCPUs, 64 GiB. */
  public static readonly M5_4XLARGE = InstanceType.known('ml.m5.4xlarge');

  /** ml.m5.8xlarge: 32 vCPUs, 128 GiB. */
  public static readonly M5_8XLARGE = InstanceType.known('ml.m5.8xlarge');

  /** ml.m5.12xlarge: 48 vCPUs, 192 GiB. */
  public static readonly M5_12XLARGE = InstanceType.known('ml.m5.12xlarge');

  /** ml.m5.16xlarge: 64 vCPUs, 256 GiB. */
  public static readonly M5_16XLARGE = InstanceType.known('ml.m5.16xlarge');

  /** ml.m5.24xlarge: 96 vCPUs, 384 GiB. */
  public static readonly M5_24XLARGE = InstanceType.known('ml.m5.24xlarge');

  /** ml.m7i.large: 2 vCPUs, 8 GiB. */
  public static readonly M7I_LARGE = InstanceType.known('ml.m7i.large');

  /** ml.m7i.xlarge: 4 vCPUs, 16 GiB. */
  public static readonly M7I_XLARGE = InstanceType.known('ml.m7i.xlarge');

  /** ml.m7i.2xlarge: 8 vCPUs, 32 GiB. */
  public static readonly M7I_2XLARGE = InstanceType.known('ml.m7i.2xlarge');

  /** ml.m7i.4xlarge: 16 vCPUs, 64 GiB. */
  public static readonly M7I_4XLARGE = InstanceType.known('ml.m7i.4xlarge');

  /** ml.m7i.8xlarge: 32 vCPUs, 128 GiB. */
  public static readonly M7I_8XLARGE = InstanceType.known('ml.m7i.8xlarge');

  /** ml.m7i.12xlarge: 48 vCPUs, 192 GiB. */
  public static readonly M7I_12XLARGE = InstanceType.known('ml.m7i.12xlarge');

  /** ml.m7i.16xlarge: 64 vCPUs, 256 GiB. */
  public static readonly M7I_16XLARGE = InstanceType.known('ml.m7i.16xlarge');

  /** ml.m7i.24xlarge: 96 vCPUs, 384 GiB. */
  public static readonly M7I_24XLARGE = InstanceType.known('ml.m7i.24xlarge');

  /** ml.m7i.48xlarge: 192 vCPUs, 768 GiB. */
  public static readonly M7I_48XLARGE = InstanceType.known('ml.m7i.48xlarge');

  /**
   * An instance type that has no constant here. Nothing about it is checked.
   *
   * @param value The full name, such as `ml.r7i.4xlarge`.
   */
  public static of(value: string): InstanceType {
    return new InstanceType(value, { judged: false });
  }

  private static known(value: string): InstanceType {
    return new InstanceType(value, { judged: true });
  }

  /** The instance type in the words of the service, such as `ml.p5.48xlarge`. */
  public readonly value: string;

  /** @internal */
  public readonly _judged: boolean;

  /** @internal */
  public readonly _kind = 'hyperpod.InstanceType';

  private constructor(value: string, { judged }: { readonly judged: boolean }) {
    this.value = value;
    this._judged = judged;
  }

  /**
   * What the catalogue says of the type. Read when it is asked for, since all constants are made as soon as one is used.
   *
   * @internal
   */
  public get _catalogueEntry(): InstanceTypeFacts | undefined {
    return this._judged ? factsOf(this.value) : undefined;
  }

  /**
   * What one instance has.
   *
   * @internal
   */
  public get _facts(): InstanceSize | undefined {
    return this._catalogueEntry?.size;
  }

  /** @internal */
  public get _migGpu(): MigGpu | undefined {
    return this._judged ? migGpuOf(this.value) : undefined;
  }

  /** The instance type in the words of the service, such as `ml.p5.48xlarge`. */
  public toString(): string {
    return this.value;
  }
}
