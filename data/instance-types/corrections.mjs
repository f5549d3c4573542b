/*
 * What the tables lack or have wrong. Members of a type replace those of the tables; `efaCards` says which network cards carry EFA, with
 * which device index, where that doesn't follow from the numbers; `unknown` takes members away.
 */
const NVIDIA = (name, count) => ({ name, manufacturer: 'nvidia', count });

export const CORRECTIONS = {
  /*
   * One interface on a card, by the table: a limit that EC2's EFA team calls wrong (aws/aws-parallelcluster, cli/src/pcluster/templates/queues_stack.py),
   * and AWS's samples for PCS use device index 1 of card 1.
   */
  'hpc6id.32xlarge': { interfacesPerCard: [2, 2] },

  /* 17 cards and 16 EFA devices: card 0 has none, and the others take them at device index 0. AWS's words in aws/aws-parallelcluster#7143. */
  'p6-b300.48xlarge': { efaCards: { first: 1, last: 16, deviceIndex: 0 } },

  /*
   * Not in the tables. EC2's page on accelerated types has the figures. 17 cards, of which the odd ones take interfaces of type
   * `efa-only` alone (aws/aws-parallelcluster#6930), so that no layout of interfaces of type `efa` uses all of them.
   */
  'p6e-gb200.36xlarge': { arch: 'arm64', vcpus: 144, memoryMiB: 983_040, gpu: NVIDIA('gb200', 4), unknown: ['efa'] },

  /* Not in the tables. Grace processors, as in GB200; the rest isn't confirmed. */
  'p6e-gb300.36xlarge': { arch: 'arm64' },

  /* Not in Karpenter's table, which leaves out types that only some Regions have. EC2's page on accelerated types has the figures. */
  'trn2.3xlarge': { arch: 'amd64', vcpus: 12, memoryMiB: 131_072, accelerator: { name: 'trainium2', manufacturer: 'aws', count: 1 }, unknown: ['efa'] },

  /* Not in Karpenter's table. EC2's page on accelerated types has the figures; of the family, p3dn.24xlarge alone has EFA. */
  'p3.2xlarge': { arch: 'amd64', vcpus: 8, memoryMiB: 62_464, gpu: NVIDIA('v100', 1) },
  'p3.8xlarge': { arch: 'amd64', vcpus: 32, memoryMiB: 249_856, gpu: NVIDIA('v100', 4) },
  'p3.16xlarge': { arch: 'amd64', vcpus: 64, memoryMiB: 499_712, gpu: NVIDIA('v100', 8) },
};
