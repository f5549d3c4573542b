/*
 * Makes src/private/instance-catalogue.ts of data/instance-types, whose README says where the data comes from.
 *
 *   node scripts/instance-types.mjs            writes the catalogue
 *   node scripts/instance-types.mjs --check    fails where the catalogue isn't what the data makes
 *   node scripts/instance-types.mjs --read --karpenter <file>@<revision> --vpc-cni <file>@<revision> --sagemaker <file>@<version>
 *                                              reads newer sources into data/instance-types
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { CORRECTIONS } from '../data/instance-types/corrections.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const data = join(root, 'data', 'instance-types');
const catalogue = join(root, 'src', 'private', 'instance-catalogue.ts');

/* ---- Reading the sources ---- */

/** The rows of a Markdown table with two columns, whose labels lose the prefix that most of them have. */
function rowsOf(table) {
  return new Map([...table.matchAll(/^ \|([^|]+)\|([^|]*)\|$/gm)].map(([, key, value]) => [key.replace('karpenter.k8s.aws/instance-', ''), value]));
}

/** The types of Karpenter's reference, by name: of each a table of labels and one of resources. */
export function readKarpenter(markdown) {
  const types = {};
  for (const section of markdown.split(/^### `/m).slice(1)) {
    const [labels, resources = new Map()] = section.split('#### Resources').map(rowsOf);
    const number = key => (labels.has(key) ? Number(labels.get(key)) : undefined);
    const device = (kind, more) => (labels.has(`${kind}-name`)
      ? { count: number(`${kind}-count`), manufacturer: labels.get(`${kind}-manufacturer`), ...more, name: labels.get(`${kind}-name`) }
      : undefined);
    const name = section.slice(0, section.indexOf('`'));
    types[name] = {
      accelerator: device('accelerator'),
      arch: labels.get('kubernetes.io/arch'),
      bareMetal: labels.get('hypervisor') ? undefined : true,
      efa: resources.has('vpc.amazonaws.com/efa') ? Number(resources.get('vpc.amazonaws.com/efa')) : undefined,
      gpu: device('gpu', { memoryMiB: number('gpu-memory') }),
      memoryMiB: number('memory'),
      vcpus: number('cpu'),
    };
    if (types[name].arch === undefined || !(types[name].vcpus > 0)) { throw new Error(`no architecture or vCPUs of ${name}: has the page changed?`); }
  }
  return types;
}

/** The limits of the VPC CNI, by name: entries of a Go map. */
export function readVpcCni(go) {
  const types = {};
  for (const [, name, body] of go.matchAll(/^\t"([^"]+)": \{\n([\s\S]*?)^\t\},$/gm)) {
    const number = key => Number(new RegExp(`^\\t\\t${key}:\\s*(-?\\d+),`, 'm').exec(body)[1]);
    const interfacesPerCard = [];
    for (const [, interfaces, card] of body.matchAll(/MaximumNetworkInterfaces:\s*(\d+),\s*NetworkCardIndex:\s*(\d+),/g)) {
      interfacesPerCard[Number(card)] = Number(interfaces);
    }
    types[name] = { interfaces: number('ENILimit'), interfacesPerCard, ipv4PerInterface: number('IPv4Limit'), networkCards: interfacesPerCard.length };
  }
  return types;
}

/** The two enumerations of SageMaker's service model, without `ml.`. */
export function readSageMaker(model) {
  const names = shape => model.shapes[shape].enum.map(name => name.replace(/^ml\./, '')).sort();
  return { trainingPlans: names('ReservedCapacityInstanceType'), hyperPod: names('ClusterInstanceType') };
}

/** Objects whose members, and theirs, are in the order of the alphabet. */
function sorted(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return value; }
  return Object.fromEntries(Object.keys(value).sort().filter(key => value[key] !== undefined).map(key => [key, sorted(value[key])]));
}

function read(options) {
  const given = name => {
    if (options[name] === undefined) { return undefined; }
    const [, path, revision] = /^(.*)@([^@/]+)$/.exec(options[name]) ?? [];
    if (path === undefined) { throw new Error(`--${name} needs a file and its revision: <file>@<revision>`); }
    const bytes = readFileSync(path);
    return { text: (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(), revision };
  };
  const [karpenter, vpcCni, sageMaker] = [given('karpenter'), given('vpc-cni'), given('sagemaker')];
  if ((karpenter === undefined) !== (vpcCni === undefined)) { throw new Error('--karpenter and --vpc-cni belong together'); }
  if (karpenter) {
    const [ofKarpenter, ofVpcCni] = [readKarpenter(karpenter.text), readVpcCni(vpcCni.text)];
    const names = [...new Set([...Object.keys(ofKarpenter), ...Object.keys(ofVpcCni)])].sort();
    const lines = names.map(name => `  ${JSON.stringify(name)}: ${JSON.stringify(sorted({ ...ofVpcCni[name], ...ofKarpenter[name] }))}`);
    const sources = [`aws/karpenter-provider-aws@${karpenter.revision}`, `aws/amazon-vpc-cni-k8s@${vpcCni.revision}`];
    writeFileSync(join(data, 'ec2.json'), `{"sources": ${JSON.stringify(sources)}, "types": {\n${lines.join(',\n')}\n}}\n`);
  }
  if (sageMaker) {
    const lists = { sources: [`botocore ${sageMaker.revision}`], ...readSageMaker(JSON.parse(sageMaker.text)) };
    writeFileSync(join(data, 'sagemaker.json'), `${JSON.stringify(lists, undefined, 1)}\n`);
  }
}

/* ---- Making the catalogue ---- */

const ARCHITECTURES = { amd64: 'x', arm64: 'a' };
const MAKERS = { nvidia: 'N', amd: 'R', aws: 'A', qualcomm: 'Q', habana: 'H' };

/** The columns of a type after its name. */
function columns(type) {
  const isKnown = type.vcpus !== undefined;
  const { interfacesPerCard: cards, unknown = [] } = type;
  const device = type.gpu ?? type.accelerator;
  if (device && !(device.manufacturer in MAKERS)) { throw new Error(`a new maker of accelerators: ${device.manufacturer}`); }
  if (cards && cards.some(interfaces => interfaces !== cards[0])) { throw new Error('cards with different numbers of interfaces need a correction'); }
  return [
    type.arch === undefined ? '?' : ARCHITECTURES[type.arch],
    isKnown ? type.vcpus : '?',
    isKnown ? type.memoryMiB / 1024 : '?',
    device ? `${MAKERS[device.manufacturer]}${device.count}` : isKnown ? '-' : '?',
    cards ? `${cards.length}x${cards[0]}` : '?',
    type.ipv4PerInterface ?? '?',
    !isKnown || unknown.includes('efa') ? '?' : efaColumn(type),
  ];
}

/** The cards with EFA, and the device index of their interfaces on all cards but the first: `0-31/1`. */
function efaColumn({ efa, efaCards, interfacesPerCard: cards }) {
  if (efaCards) { return `${efaCards.first}-${efaCards.last}/${efaCards.deviceIndex}`; }
  if (!efa) { return '-'; }
  if (efa !== cards.length) { throw new Error(`${efa} EFA devices on ${cards.length} cards need a correction`); }
  /* 1, as AWS's guides have it, unless a card takes one interface alone. */
  return `0-${efa - 1}/${Math.min(1, cards[0] - 1)}`;
}

export function makeCatalogue({ ec2, sageMaker, capacityBlocks, corrections }) {
  const types = Object.fromEntries(Object.entries(ec2.types).map(([name, type]) => [name, { ...type }]));
  for (const [name, correction] of Object.entries(corrections)) { types[name] = { ...types[name], ...correction }; }
  const offers = [['b', capacityBlocks.instanceTypes], ['p', sageMaker.trainingPlans], ['h', sageMaker.hyperPod]];
  for (const name of offers.flatMap(([, names]) => names)) {
    if (!(name in types)) { throw new Error(`${name} is offered, and nothing is known of it: add it to the corrections`); }
  }
  const lines = Object.keys(types).sort().map(name => {
    try {
      const offered = offers.filter(([, names]) => names.includes(name)).map(([letter]) => letter).join('');
      return [name, ...columns(types[name]), offered || '-'].join(' ');
    } catch (error) {
      throw new Error(`${name}: ${error.message}`);
    }
  });
  const sources = [...ec2.sources, ...sageMaker.sources, ...capacityBlocks.sources, 'data/instance-types/corrections.mjs'];
  return `/*
 * Generated by scripts/instance-types.mjs. Don't edit: see data/instance-types/README.md.
 *
${sources.map(source => ` * - ${source}`).join('\n')}
 */

/**
 * A line for each EC2 instance type, in columns that \`./instance-types\` reads: name, architecture (\`x\` or \`a\`), vCPUs, memory in
 * GiB, accelerators after the letter of their maker, network cards and interfaces on each, IPv4 addresses of an interface, cards with
 * EFA and the device index there, and who offers the type: \`b\` Capacity Blocks, \`p\` training plans, \`h\` HyperPod. \`-\` is none, \`?\` unknown.
 */
export const INSTANCE_TYPES: string = '\\n\\
${lines.map(line => `${line}\\n\\
`).join('')}';
`;
}

function main(args) {
  const options = {};
  for (let index = 0; index < args.length; index++) {
    const name = args[index].replace(/^--/, '');
    if (['read', 'check'].includes(name)) { options[name] = true; } else { options[name] = args[++index]; }
  }
  if (options.read) { return read(options); }
  const json = name => JSON.parse(readFileSync(join(data, name), 'utf8'));
  const made = makeCatalogue({ ec2: json('ec2.json'), sageMaker: json('sagemaker.json'), capacityBlocks: json('capacity-blocks.json'), corrections: CORRECTIONS });
  if (!options.check) { return writeFileSync(catalogue, made); }
  if (readFileSync(catalogue, 'utf8') !== made) {
    throw new Error('src/private/instance-catalogue.ts is not what data/instance-types makes: run node scripts/instance-types.mjs');
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) { main(process.argv.slice(2)); }
