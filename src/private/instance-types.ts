/**
 * Facts about the EC2 instance types that HPC and machine learning clusters are made of. Pure data: a type that isn't
 * listed is unknown, not wrong.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/hpc.html
 */

/** The processor architectures of EC2, in the words of AMIs and SSM parameters. */
export type CpuArchitecture = 'x86_64' | 'arm64';

/** One network interface of an instance with several network cards. */
export interface NetworkCardFacts {
  readonly networkCardIndex: number;
  readonly deviceIndex: number;
  /** Whether the interface is an Elastic Fabric Adapter; else it is a plain one. */
  readonly efa: boolean;
}

/** What is known of an instance type. */
export interface InstanceTypeFacts {
  readonly architecture: CpuArchitecture;
  /** The default number of vCPUs. */
  readonly vcpus: number;
  /** GPUs. Trainium and Inferentia chips don't count. */
  readonly gpus: number;
  /** The interfaces that use all of the type's EFA bandwidth, where confirmed. */
  readonly efaCards?: readonly NetworkCardFacts[];
}

/** Card 0 has device index 0 and the others have 1, all of them EFA. */
export function efaOnEveryCard(count: number): NetworkCardFacts[] {
  return Array.from({ length: count }, (_, card) => ({ networkCardIndex: card, deviceIndex: card === 0 ? 0 : 1, efa: true }));
}

/** Card 0 carries plain traffic and the others are EFA, each with device index 0. */
function efaBesidePrimary(count: number): NetworkCardFacts[] {
  return Array.from({ length: count }, (_, card) => ({ networkCardIndex: card, deviceIndex: 0, efa: card > 0 }));
}

function x86(vcpus: number, gpus = 0, efaCards?: NetworkCardFacts[]): InstanceTypeFacts {
  return { architecture: 'x86_64', vcpus, gpus, efaCards };
}

function arm(vcpus: number, gpus = 0, efaCards?: NetworkCardFacts[]): InstanceTypeFacts {
  return { architecture: 'arm64', vcpus, gpus, efaCards };
}

const CATALOGUE: Readonly<Record<string, InstanceTypeFacts>> = {
  'g4dn.xlarge': x86(4, 1),
  'g4dn.2xlarge': x86(8, 1),
  'g4dn.4xlarge': x86(16, 1),
  'g4dn.8xlarge': x86(32, 1),
  'g4dn.12xlarge': x86(48, 4),
  'g4dn.16xlarge': x86(64, 1),
  'g4dn.metal': x86(96, 8),
  'g5.xlarge': x86(4, 1),
  'g5.2xlarge': x86(8, 1),
  'g5.4xlarge': x86(16, 1),
  'g5.8xlarge': x86(32, 1),
  'g5.12xlarge': x86(48, 4),
  'g5.16xlarge': x86(64, 1),
  'g5.24xlarge': x86(96, 4),
  'g5.48xlarge': x86(192, 8),
  'g5g.xlarge': arm(4, 1),
  'g5g.2xlarge': arm(8, 1),
  'g5g.4xlarge': arm(16, 1),
  'g5g.8xlarge': arm(32, 1),
  'g5g.16xlarge': arm(64, 2),
  'g5g.metal': arm(64, 2),
  'g6.xlarge': x86(4, 1),
  'g6.2xlarge': x86(8, 1),
  'g6.4xlarge': x86(16, 1),
  'g6.8xlarge': x86(32, 1),
  'g6.12xlarge': x86(48, 4),
  'g6.16xlarge': x86(64, 1),
  'g6.24xlarge': x86(96, 4),
  'g6.48xlarge': x86(192, 8),
  'gr6.4xlarge': x86(16, 1),
  'gr6.8xlarge': x86(32, 1),
  'g6e.xlarge': x86(4, 1),
  'g6e.2xlarge': x86(8, 1),
  'g6e.4xlarge': x86(16, 1),
  'g6e.8xlarge': x86(32, 1),
  'g6e.12xlarge': x86(48, 4),
  'g6e.16xlarge': x86(64, 1),
  'g6e.24xlarge': x86(96, 4),
  'g6e.48xlarge': x86(192, 8),
  'p3.2xlarge': x86(8, 1),
  'p3.8xlarge': x86(32, 4),
  'p3.16xlarge': x86(64, 8),
  'p3dn.24xlarge': x86(96, 8),
  'p4d.24xlarge': x86(96, 8),
  'p4de.24xlarge': x86(96, 8),
  'p5.4xlarge': x86(16, 1),
  'p5.48xlarge': x86(192, 8, efaOnEveryCard(32)),
  'p5e.48xlarge': x86(192, 8, efaOnEveryCard(32)),
  'p5en.48xlarge': x86(192, 8, efaOnEveryCard(16)),
  'p6-b200.48xlarge': x86(192, 8, efaOnEveryCard(8)),
  'p6-b300.48xlarge': x86(192, 8, efaBesidePrimary(17)),
  'p6e-gb200.36xlarge': arm(144, 4),
  'trn1.2xlarge': x86(8),
  'trn1.32xlarge': x86(128),
  'trn1n.32xlarge': x86(128),
  'trn2.48xlarge': x86(192),
  'hpc6a.48xlarge': x86(96, 0, efaOnEveryCard(1)),
  'hpc6id.32xlarge': x86(64, 0, efaOnEveryCard(2)),
  'hpc7a.12xlarge': x86(24, 0, efaOnEveryCard(2)),
  'hpc7a.24xlarge': x86(48, 0, efaOnEveryCard(2)),
  'hpc7a.48xlarge': x86(96, 0, efaOnEveryCard(2)),
  'hpc7a.96xlarge': x86(192, 0, efaOnEveryCard(2)),
  'hpc7g.4xlarge': arm(16),
  'hpc7g.8xlarge': arm(32),
  'hpc7g.16xlarge': arm(64),
  'hpc8a.96xlarge': x86(192, 0, efaOnEveryCard(2)),
};

/** What is known of an instance type, or undefined. */
export function factsOf(instanceType: string): InstanceTypeFacts | undefined {
  return Object.hasOwn(CATALOGUE, instanceType) ? CATALOGUE[instanceType] : undefined;
}

/**
 * The architecture of an instance type: from the catalogue, else from its name, where names tell: a `g` among the letters
 * after the generation stands for Graviton.
 */
export function architectureOf(instanceType: string): CpuArchitecture | undefined {
  const facts = factsOf(instanceType);
  if (facts) { return facts.architecture; }
  const parts = /^([a-z]+)\d{1,2}([a-z]*)(-flex)?\./.exec(instanceType);
  if (!parts) { return undefined; }
  const [, family, capabilities] = parts;
  return family === 'a' || capabilities.includes('g') ? 'arm64' : 'x86_64';
}
