import { execFileSync } from 'child_process';
import { join } from 'path';
import { ClusterInstanceType, ReservedCapacityInstanceType } from '@aws-sdk/client-sagemaker';
import { InstanceType } from '../../src/hyperpod';
import { INSTANCE_TYPES } from '../../src/private/instance-catalogue';
import { architectureOf, factsOf, isSameLayout, type NetworkCardFacts } from '../../src/private/instance-types';
import { PlanInstanceType } from '../../src/training-plans';

const ROOT = join(__dirname, '..', '..');
const NAMES = INSTANCE_TYPES.trim().split('\n').map(line => line.split(' ')[0]);

/** Interfaces as `card/device`, with a `-` in front of plain ones. */
const layoutOf = (name: string) => factsOf(name)!.efaCards?.map(card => `${card.efa ? '' : '-'}${card.networkCardIndex}/${card.deviceIndex}`);

/** Runs a program that has the functions of the script. */
function runScript(program: string, input = ''): any {
  const source = `import { readFileSync } from 'node:fs';
    import * as script from ${JSON.stringify(join(ROOT, 'scripts', 'instance-types.mjs'))};
    const input = readFileSync(0, 'utf8');
    console.log(JSON.stringify(${program}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', source], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }));
}

describe('the catalogue', () => {
  test('is what the script makes of the data', () => {
    execFileSync(process.execPath, [join(ROOT, 'scripts', 'instance-types.mjs'), '--check'], { stdio: 'pipe' });
  });

  test('has each type once, in order', () => {
    expect(NAMES.length).toBeGreaterThan(1390);
    expect(NAMES).toEqual([...new Set(NAMES)].sort());
  });

  test('can be read in each line', () => {
    for (const name of NAMES) {
      const { architecture, size, network, efaCards } = factsOf(name)!;
      if (size) {
        expect([name, architecture]).not.toEqual([name, undefined]);
        expect([name, Object.values(size).every(Number.isFinite), size.gpus <= size.accelerators]).toEqual([name, true, true]);
      }
      if (network) { expect([name, Object.values(network).every(count => Number.isInteger(count) && count > 0)]).toEqual([name, true]); }
      for (const card of efaCards ?? []) {
        expect([name, card.networkCardIndex < network!.cards, card.deviceIndex < network!.interfacesPerCard]).toEqual([name, true, true]);
      }
    }
  });

  test('knows names of types alone, and those of SageMaker', () => {
    for (const name of ['', ' ', 'p5', 'p5.48xlarge ', 'p5.48xlarge x', '5.48xlarge', 'toString', '\np5.48xlarge', 'P5.48xlarge', 'ml.ml.p5.48xlarge']) {
      expect([name, factsOf(name)]).toEqual([name, undefined]);
    }
    expect(factsOf('ml.p5.48xlarge')).toBe(factsOf('p5.48xlarge'));
  });
});

describe('sizes', () => {
  test.each([
    ['p5.48xlarge', 192, 2048, 8, 8],
    ['p6-b300.48xlarge', 192, 4096, 8, 8],
    ['p6e-gb200.36xlarge', 144, 960, 4, 4],
    ['p3.16xlarge', 64, 488, 8, 8],
    ['trn2.48xlarge', 192, 2048, 0, 16],
    ['trn2.3xlarge', 12, 128, 0, 1],
    ['inf2.48xlarge', 192, 768, 0, 12],
    ['g4ad.8xlarge', 32, 128, 2, 2],
    ['g5g.16xlarge', 64, 128, 2, 2],
    ['g6f.large', 2, 8, 0, 0],
    ['hpc7a.12xlarge', 24, 768, 0, 0],
    ['c1.medium', 2, 1740 / 1024, 0, 0],
  ])('%s', (name, vcpus, memoryGib, gpus, accelerators) => {
    expect(factsOf(name)!.size).toEqual({ vcpus, memoryGib, gpus, accelerators });
  });

  test('a type without figures is unknown, and so is its EFA', () => {
    for (const name of ['dl1.24xlarge', 'f1.2xlarge', 'p6e-gb300.36xlarge']) {
      expect(factsOf(name)).toMatchObject({ size: undefined, efaCards: undefined });
    }
  });
});

describe('EFA layouts', () => {
  const cards = (count: number) => Array.from({ length: count }, (_, card) => (card === 0 ? '0/0' : `${card}/1`));

  test.each([
    ['p5.48xlarge', cards(32)], ['p5e.48xlarge', cards(32)], ['p5en.48xlarge', cards(16)], ['p6-b200.48xlarge', cards(8)],
    ['hpc6a.48xlarge', cards(1)], ['hpc6id.32xlarge', cards(2)], ['hpc7a.12xlarge', cards(2)], ['hpc7a.96xlarge', cards(2)], ['hpc8a.96xlarge', cards(2)],
    ['hpc7g.16xlarge', cards(1)], ['p4d.24xlarge', cards(4)], ['trn1.32xlarge', cards(8)], ['trn1n.32xlarge', cards(16)],
    ['trn2.48xlarge', cards(16)], ['g6e.48xlarge', cards(4)], ['c8gn.48xlarge', cards(2)], ['c5n.18xlarge', cards(1)],
    ['p5.4xlarge', cards(1)], ['c7i.large', []], ['g6e.4xlarge', []],
  ])('%s', (name, layout) => {
    expect(layoutOf(name)).toEqual(layout);
  });

  test('card 0 of p6-b300.48xlarge carries no EFA', () => {
    expect(layoutOf('p6-b300.48xlarge')).toEqual(['-0/0', ...Array.from({ length: 16 }, (_, index) => `${index + 1}/0`)]);
  });

  test('one that can\'t be rendered is unknown, not none', () => {
    expect(layoutOf('p6e-gb200.36xlarge')).toBeUndefined();
    expect(layoutOf('trn2.3xlarge')).toBeUndefined();
  });

  test('are compared card by card', () => {
    const card = (given: Partial<NetworkCardFacts>) => [{ networkCardIndex: 0, deviceIndex: 0, efa: true, ...given }];
    expect(isSameLayout(card({}), card({}))).toBe(true);
    expect(isSameLayout([], [])).toBe(true);
    for (const other of [card({ networkCardIndex: 1 }), card({ deviceIndex: 1 }), card({ efa: false }), [], [...card({}), ...card({})]]) {
      expect(isSameLayout(card({}), other)).toBe(false);
    }
  });
});

describe('offers', () => {
  const offered = (member: 'inCapacityBlocks' | 'inTrainingPlans' | 'inHyperPod') => NAMES.filter(name => factsOf(name)![member]);
  const constants = (type: object) => Object.values(type).map(({ value }) => String(value)).sort();
  const withoutMl = (names: object) => Object.values(names).map(name => name.slice(3)).sort();

  test('Capacity Blocks are of accelerated types', () => {
    expect(offered('inCapacityBlocks')).toEqual([
      'p4d.24xlarge', 'p4de.24xlarge', 'p5.48xlarge', 'p5.4xlarge', 'p5e.48xlarge', 'p5en.48xlarge', 'p6-b200.48xlarge', 'p6-b300.48xlarge',
      'p6e-gb200.36xlarge', 'trn1.32xlarge', 'trn2.3xlarge', 'trn2.48xlarge',
    ]);
  });

  test('the constants of HyperPod are types that it takes, whose figures are known', () => {
    for (const name of constants(InstanceType)) {
      expect([name, factsOf(name)]).toEqual([name, expect.objectContaining({ inHyperPod: true, size: expect.anything() })]);
    }
  });

  test('training plans and HyperPod have at least the types of the API that handlers are built with', () => {
    expect(offered('inTrainingPlans')).toEqual(expect.arrayContaining(withoutMl(ReservedCapacityInstanceType)));
    expect(offered('inHyperPod')).toEqual(expect.arrayContaining(withoutMl(ClusterInstanceType)));
    expect(offered('inTrainingPlans')).toHaveLength(11);
    expect(offered('inTrainingPlans').map(name => `ml.${name}`)).toEqual(constants(PlanInstanceType));
    expect(offered('inHyperPod').length).toBeLessThan(250);
  });
});

describe('architectures', () => {
  test.each([
    ['p6e-gb300.36xlarge', 'arm64'], ['p7e-gb400.72xlarge', 'arm64'], ['p7-b400.48xlarge', 'x86_64'], ['c9g.xlarge', 'arm64'], ['c99gn.xlarge', 'arm64'],
    ['c99i-flex.large', 'x86_64'], ['c99g-flex.large', 'arm64'], ['u99in-16tb.224xlarge', 'x86_64'], ['a9.large', 'arm64'], ['g99.xlarge', 'x86_64'],
    ['g99g.xlarge', 'arm64'], ['hpc99g.16xlarge', 'arm64'], ['trn9.48xlarge', 'x86_64'], ['ml.c99g.xlarge', 'arm64'], ['x8g.large', 'arm64'],
    ['p9e-vr200.36xlarge', undefined], ['mac9-m9.metal', undefined], ['mac2.metal', undefined], ['p5', undefined], ['', undefined],
  ])('%s: %s', (name, architecture) => {
    expect(architectureOf(name)).toBe(architecture);
  });

  test('names tell the same as the catalogue', () => {
    const wrong = NAMES.filter(name => factsOf(name)!.architecture !== undefined)
      .filter(name => ![factsOf(name)!.architecture, undefined].includes(architectureOf(name.replace(/\d+/, '99'))));
    expect(wrong).toEqual([]);
  });
});

describe('the script', () => {
  test('reads the labels and resources of Karpenter\'s page', () => {
    const page = [
      '## x9 Family', '### `x9.metal`', '#### Labels', ' | Label | Value |', ' |--|--|', ' |karpenter.k8s.aws/instance-cpu|64|',
      ' |karpenter.k8s.aws/instance-hypervisor||', ' |karpenter.k8s.aws/instance-memory|1024|', ' |kubernetes.io/arch|arm64|',
      '#### Resources', ' | Resource | Quantity |', ' |--|--|', ' |cpu|63770m|', ' |memory|900Mi|', ' |vpc.amazonaws.com/efa|2|',
      '### `x9.large`', '#### Labels', ' |karpenter.k8s.aws/instance-cpu|2|', ' |karpenter.k8s.aws/instance-gpu-count|1|',
      ' |karpenter.k8s.aws/instance-gpu-manufacturer|nvidia|', ' |karpenter.k8s.aws/instance-gpu-memory|512|', ' |karpenter.k8s.aws/instance-gpu-name|z1|',
      ' |karpenter.k8s.aws/instance-hypervisor|nitro|', ' |karpenter.k8s.aws/instance-memory|4096|', ' |kubernetes.io/arch|amd64|',
      '#### Resources', ' |cpu|1930m|', '',
    ].join('\n');
    expect(runScript('script.readKarpenter(input)', page)).toEqual({
      'x9.metal': { arch: 'arm64', bareMetal: true, efa: 2, memoryMiB: 1024, vcpus: 64 },
      'x9.large': { arch: 'amd64', gpu: { count: 1, manufacturer: 'nvidia', memoryMiB: 512, name: 'z1' }, memoryMiB: 4096, vcpus: 2 },
    });
    expect(() => runScript('script.readKarpenter(input)', '### `x9.metal`\n#### Labels\n')).toThrow('no architecture or vCPUs of x9.metal');
  });

  test('reads the limits of the VPC CNI', () => {
    const card = (index: number) => `\t\t\t{\n\t\t\t\tMaximumNetworkInterfaces: 4,\n\t\t\t\tNetworkCardIndex:         ${index},\n\t\t\t},\n`;
    const go = 'var x = map[string]Y{\n\t"x9.metal": {\n\t\tENILimit:                4,\n\t\tIPv4Limit:               50,\n'
      + `\t\tDefaultNetworkCardIndex: 0,\n\t\tNetworkCards: []NetworkCard{\n${card(0)}${card(1)}\t\t},\n\t\tIsBareMetal: true,\n\t},\n}\n`;
    expect(runScript('script.readVpcCni(input)', go)).toEqual({
      'x9.metal': { interfaces: 4, interfacesPerCard: [4, 4], ipv4PerInterface: 50, networkCards: 2 },
    });
  });

  const make = (types: object, more: object = {}) => {
    const input = {
      ec2: { sources: [], types },
      sageMaker: { sources: [], trainingPlans: [], hyperPod: [] },
      capacityBlocks: { sources: [], instanceTypes: [] },
      corrections: {},
      ...more,
    };
    return runScript('script.makeCatalogue(JSON.parse(input))', JSON.stringify(input)) as string;
  };
  const X9 = { arch: 'amd64', vcpus: 4, memoryMiB: 8192, interfacesPerCard: [2, 2], ipv4PerInterface: 10, efa: 2 };

  test('makes a line of a type, its corrections and its offers', () => {
    const corrections = { 'x9.xlarge': { gpu: { name: 'z1', manufacturer: 'nvidia', count: 2 } } };
    const capacityBlocks = { sources: [], instanceTypes: ['x9.xlarge'] };
    expect(make({ 'x9.xlarge': X9 }, { corrections, capacityBlocks })).toContain('\'\\n\\\nx9.xlarge x 4 8 N2 2x2 10 0-1/1 b\\n\\\n\'');
  });

  test('stops at what it can\'t tell', () => {
    expect(() => make({ 'x9.xlarge': { ...X9, efa: 1 } })).toThrow('x9.xlarge: 1 EFA devices on 2 cards need a correction');
    expect(() => make({ 'x9.xlarge': { ...X9, interfacesPerCard: [2, 1] } })).toThrow('x9.xlarge: cards with different numbers of interfaces');
    expect(() => make({ 'x9.xlarge': { ...X9, gpu: { manufacturer: 'acme', count: 1 } } })).toThrow('x9.xlarge: a new maker');
    expect(() => make({}, { capacityBlocks: { sources: [], instanceTypes: ['x9.large'] } })).toThrow('x9.large is offered');
  });
});
