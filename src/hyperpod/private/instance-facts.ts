/** What one instance of a type has. */
export interface InstanceFacts {
  /** GPUs or Trainium chips. */
  readonly accelerators: number;
  readonly vcpus: number;
  readonly memoryGib: number;
}

type Row = readonly [accelerators: number, vcpus: number, memoryGib: number];

/**
 * The figures of the EC2 type without `ml.`: https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html and
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html
 */
const ROWS: Readonly<Record<string, Row>> = {
  'ml.p4d.24xlarge': [8, 96, 1152],
  'ml.p4de.24xlarge': [8, 96, 1152],
  'ml.p5.4xlarge': [1, 16, 256],
  'ml.p5.48xlarge': [8, 192, 2048],
  'ml.p5e.48xlarge': [8, 192, 2048],
  'ml.p5en.48xlarge': [8, 192, 2048],
  'ml.p6-b200.48xlarge': [8, 192, 2048],
  'ml.p6-b300.48xlarge': [8, 192, 4096],
  'ml.p6e-gb200.36xlarge': [4, 144, 960],
  'ml.trn1.32xlarge': [16, 128, 512],
  'ml.trn1n.32xlarge': [16, 128, 512],
  'ml.trn2.3xlarge': [1, 12, 128],
  'ml.trn2.48xlarge': [16, 192, 2048],
  'ml.g4dn.xlarge': [1, 4, 16],
  'ml.g4dn.2xlarge': [1, 8, 32],
  'ml.g4dn.4xlarge': [1, 16, 64],
  'ml.g4dn.8xlarge': [1, 32, 128],
  'ml.g4dn.12xlarge': [4, 48, 192],
  'ml.g4dn.16xlarge': [1, 64, 256],
  'ml.g5.xlarge': [1, 4, 16],
  'ml.g5.2xlarge': [1, 8, 32],
  'ml.g5.4xlarge': [1, 16, 64],
  'ml.g5.8xlarge': [1, 32, 128],
  'ml.g5.12xlarge': [4, 48, 192],
  'ml.g5.16xlarge': [1, 64, 256],
  'ml.g5.24xlarge': [4, 96, 384],
  'ml.g5.48xlarge': [8, 192, 768],
  'ml.g6.xlarge': [1, 4, 16],
  'ml.g6.2xlarge': [1, 8, 32],
  'ml.g6.4xlarge': [1, 16, 64],
  'ml.g6.8xlarge': [1, 32, 128],
  'ml.g6.12xlarge': [4, 48, 192],
  'ml.g6.16xlarge': [1, 64, 256],
  'ml.g6.24xlarge': [4, 96, 384],
  'ml.g6.48xlarge': [8, 192, 768],
  'ml.gr6.4xlarge': [1, 16, 128],
  'ml.gr6.8xlarge': [1, 32, 256],
  'ml.g6e.xlarge': [1, 4, 32],
  'ml.g6e.2xlarge': [1, 8, 64],
  'ml.g6e.4xlarge': [1, 16, 128],
  'ml.g6e.8xlarge': [1, 32, 256],
  'ml.g6e.12xlarge': [4, 48, 384],
  'ml.g6e.16xlarge': [1, 64, 512],
  'ml.g6e.24xlarge': [4, 96, 768],
  'ml.g6e.48xlarge': [8, 192, 1536],
  'ml.g7e.2xlarge': [1, 8, 64],
  'ml.g7e.4xlarge': [1, 16, 128],
  'ml.g7e.8xlarge': [1, 32, 256],
  'ml.g7e.12xlarge': [2, 48, 512],
  'ml.g7e.24xlarge': [4, 96, 1024],
  'ml.g7e.48xlarge': [8, 192, 2048],
  'ml.t3.medium': [0, 2, 4],
  'ml.t3.large': [0, 2, 8],
  'ml.t3.xlarge': [0, 4, 16],
  'ml.t3.2xlarge': [0, 8, 32],
  'ml.c5.large': [0, 2, 4],
  'ml.c5.xlarge': [0, 4, 8],
  'ml.c5.2xlarge': [0, 8, 16],
  'ml.c5.4xlarge': [0, 16, 32],
  'ml.c5.9xlarge': [0, 36, 72],
  'ml.c5.12xlarge': [0, 48, 96],
  'ml.c5.18xlarge': [0, 72, 144],
  'ml.c5.24xlarge': [0, 96, 192],
  'ml.m5.large': [0, 2, 8],
  'ml.m5.xlarge': [0, 4, 16],
  'ml.m5.2xlarge': [0, 8, 32],
  'ml.m5.4xlarge': [0, 16, 64],
  'ml.m5.8xlarge': [0, 32, 128],
  'ml.m5.12xlarge': [0, 48, 192],
  'ml.m5.16xlarge': [0, 64, 256],
  'ml.m5.24xlarge': [0, 96, 384],
  'ml.m7i.large': [0, 2, 8],
  'ml.m7i.xlarge': [0, 4, 16],
  'ml.m7i.2xlarge': [0, 8, 32],
  'ml.m7i.4xlarge': [0, 16, 64],
  'ml.m7i.8xlarge': [0, 32, 128],
  'ml.m7i.12xlarge': [0, 48, 192],
  'ml.m7i.16xlarge': [0, 64, 256],
  'ml.m7i.24xlarge': [0, 96, 384],
  'ml.m7i.48xlarge': [0, 192, 768],
};

/** The figures of an instance type, where they are known. */
export function instanceFactsOf(instanceType: string): InstanceFacts | undefined {
  const row = Object.hasOwn(ROWS, instanceType) ? ROWS[instanceType] : undefined;
  return row && { accelerators: row[0], vcpus: row[1], memoryGib: row[2] };
}
