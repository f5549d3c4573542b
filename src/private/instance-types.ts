import { INSTANCE_TYPES } from './instance-catalogue';
import { lineOf } from './lines';

/** The processor architectures of EC2, in the words of AMIs and SSM parameters. */
export type CpuArchitecture = 'x86_64' | 'arm64';

/** One network interface of an instance with EFA. */
export interface NetworkCardFacts {
  readonly networkCardIndex: number;
  readonly deviceIndex: number;
  /** Whether the interface is an Elastic Fabric Adapter; else it is a plain one. */
  readonly efa: boolean;
}

/** The size of an instance. */
export interface InstanceSize {
  /** The default number of vCPUs. */
  readonly vcpus: number;
  readonly memoryGib: number;
  /** GPUs. Trainium and Inferentia chips don't count, nor do parts of a GPU. */
  readonly gpus: number;
  /** GPUs and chips of all makers. */
  readonly accelerators: number;
}

/** The network interfaces that an instance may have. */
export interface InstanceNetwork {
  readonly cards: number;
  readonly interfacesPerCard: number;
  /** IPv4 addresses of one interface. */
  readonly addressesPerInterface: number;
}

/** The facts about an instance type. Members are undefined where they aren't known. */
export interface InstanceTypeFacts {
  readonly architecture?: CpuArchitecture;
  readonly size?: InstanceSize;
  readonly network?: InstanceNetwork;
  /** The interfaces that use all EFA cards of the type: none, if it has none. */
  readonly efaCards?: readonly NetworkCardFacts[];
  /** Whether it is sold as EC2 Capacity Blocks for ML. */
  readonly inCapacityBlocks: boolean;
  /** Whether SageMaker training plans reserve it. */
  readonly inTrainingPlans: boolean;
  /** Whether HyperPod clusters take it. */
  readonly inHyperPod: boolean;
}

const FACTS = new Map<string, InstanceTypeFacts | undefined>();

/** The facts about an EC2 instance type, also by its name in SageMaker, which begins with `ml.`. Undefined for unknown types. */
export function factsOf(instanceType: string): InstanceTypeFacts | undefined {
  const name = withoutMl(instanceType);
  if (!FACTS.has(name)) { FACTS.set(name, read(name)); }
  return FACTS.get(name);
}

/** Whether a name is one of SageMaker's: that of an EC2 type after `ml.`. */
export function isSageMakerName(instanceType: string): boolean {
  return instanceType.startsWith('ml.');
}

function withoutMl(instanceType: string): string {
  return isSageMakerName(instanceType) ? instanceType.slice('ml.'.length) : instanceType;
}

/** Reads the line of a type. */
function read(name: string): InstanceTypeFacts | undefined {
  const line = lineOf(INSTANCE_TYPES, name);
  if (line === undefined) { return undefined; }
  const [architecture, vcpus, memoryGib, accelerators, cards, addresses, efa, offers] = line.split(' ');
  const [cardCount, interfacesPerCard] = cards.split('x').map(Number);
  const devices = accelerators === '-' ? 0 : Number(accelerators.slice(1));
  return {
    architecture: ({ x: 'x86_64', a: 'arm64' } as const)[architecture],
    size: vcpus === '?' ? undefined : {
      vcpus: Number(vcpus),
      memoryGib: Number(memoryGib),
      gpus: /^[NR]/.test(accelerators) ? devices : 0, // NVIDIA and AMD
      accelerators: devices,
    },
    network: cards === '?' ? undefined : { cards: cardCount, interfacesPerCard, addressesPerInterface: Number(addresses) },
    efaCards: efa === '?' ? undefined : efaCardsOf(efa),
    inCapacityBlocks: offers.includes('b'),
    inTrainingPlans: offers.includes('p'),
    inHyperPod: offers.includes('h'),
  };
}

/** The interfaces of `first-last/device`: cards with EFA, and in front of them the plain primary one where card 0 has none. */
function efaCardsOf(column: string): NetworkCardFacts[] {
  if (column === '-') { return []; }
  const [first, last, deviceIndex] = column.split(/[-/]/).map(Number);
  return Array.from({ length: last + 1 }, (_, card) => ({
    networkCardIndex: card, deviceIndex: card === 0 ? 0 : deviceIndex, efa: card >= first,
  }));
}

/** Interfaces on the first cards, all of them EFA: card 0 has device index 0 and the others have 1. */
export function efaOnEveryCard(count: number): NetworkCardFacts[] {
  return Array.from({ length: count }, (_, card) => ({ networkCardIndex: card, deviceIndex: card === 0 ? 0 : 1, efa: true }));
}

/** Whether two layouts have the same interfaces. */
export function isSameLayout(one: readonly NetworkCardFacts[], other: readonly NetworkCardFacts[]): boolean {
  return one.length === other.length && one.every((card, index) => {
    const { networkCardIndex, deviceIndex, efa } = other[index];
    return card.networkCardIndex === networkCardIndex && card.deviceIndex === deviceIndex && card.efa === efa;
  });
}

/**
 * The architecture of an instance type: from the catalogue, else from its name, where names tell.
 *
 * A `g` among the letters after the generation stands for Graviton. What follows a hyphen is the GPU, the memory or `flex`: of
 * GPUs, `gb` stands for Grace, which is Arm, and `b` for none.
 */
export function architectureOf(instanceType: string): CpuArchitecture | undefined {
  const known = factsOf(instanceType)?.architecture;
  if (known) { return known; }
  const parts = /^([a-z]+)\d{1,2}([a-z]*)(?:-([a-z0-9]+))?\./.exec(withoutMl(instanceType));
  if (!parts) { return undefined; }
  const [, family, capabilities, suffix = ''] = parts;
  if (family === 'mac' || !/^(?:flex|\d+tb|g?b\d+)?$/.test(suffix)) { return undefined; }
  return family === 'a' || capabilities.includes('g') || suffix.startsWith('gb') ? 'arm64' : 'x86_64';
}
