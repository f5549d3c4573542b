/* The catalogue of instance types (data/instance-types) against the sources that it is made of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSageMaker, readVpcCni } from '../../instance-types.mjs';
import { decisionOn } from './tables.mjs';

/** A module of Go with the limits of network interfaces, in which the Go proxy serves what the repository has. */
export const VPC_CNI = { module: 'github.com/aws/amazon-vpc-cni-k8s', file: 'pkg/vpc/vpc_ip_resource_limit.go' };

const read = (root, name) => JSON.parse(readFileSync(join(root, 'data', 'instance-types', name), 'utf8'));

/** `offers` has the lists of SageMaker's model, `names` all types that EC2's model has, `limits` the text of the VPC CNI's table. */
export async function catalogueOf({ root, sageMaker, ec2, limits }) {
  const { CORRECTIONS } = await import('../../../data/instance-types/corrections.mjs');
  return {
    known: { ...read(root, 'sagemaker.json'), types: read(root, 'ec2.json').types, corrections: CORRECTIONS },
    offers: readSageMaker(sageMaker), names: ec2.shapes.InstanceType.enum, limits: readVpcCni(limits),
  };
}

/** Facts of the catalogue: those that are recorded say what its sources have that it hasn't. */
export function factsOfCatalogue({ known, names, limits }) {
  const facts = { 'types that EC2 has': {}, 'limits of the VPC CNI': {} };
  for (const name of names.filter(type => !(type in known.types) && !(type in known.corrections))) { facts['types that EC2 has'][name] = ''; }
  for (const [name, found] of Object.entries(limits)) {
    const ours = known.types[name];
    const other = Object.keys(found).filter(member => JSON.stringify(ours?.[member]) !== JSON.stringify(found[member]));
    if (ours === undefined) { facts['limits of the VPC CNI'][name] = ''; } else if (other.length > 0) {
      facts['limits of the VPC CNI'][name] = other.map(member => `${member} ${JSON.stringify(ours[member])} here, ${JSON.stringify(found[member])} there`).join('; ');
    }
  }
  return facts;
}

const PLACES = { offers: 'data/instance-types/sagemaker.json', types: 'data/instance-types/ec2.json' };

/** What the sources have and the catalogue hasn't, unless it is recorded, and the other way round. */
export function itemsOfCatalogue(tables, recorded, catalogue) {
  const { known, offers } = catalogue;
  const items = [];
  for (const [list, words] of [['hyperPod', 'HyperPod takes'], ['trainingPlans', 'training plans reserve']]) {
    const differ = (kind, from, to) => from.filter(name => !to.includes(name)).forEach(name => items.push({
      source: 'instance types', kind, what: `${name}, which ${words}`, names: [name], at: [], places: [PLACES.offers],
    }));
    differ('new', offers[list], known[list]);
    differ('gone', known[list], offers[list]);
  }
  for (const [subject, parts] of Object.entries(factsOfCatalogue(catalogue))) {
    const base = { source: 'instance types', recordedIn: 'instance types', at: [], places: [PLACES.types] };
    const unrecorded = Object.keys(parts).filter(name => recorded?.[subject]?.[name] !== parts[name]);
    for (const part of unrecorded.filter(name => parts[name] !== '')) {
      items.push({ ...base, kind: 'changed', what: `${part}, by the ${subject}`, is: parts[part], names: [part], facts: [{ subject, part }] });
    }
    for (const [family, names] of byFamily(unrecorded.filter(name => parts[name] === ''))) {
      const decisions = names.map(name => decisionOn(tables, 'instance types', name));
      items.push({
        ...base, kind: 'new', what: `${family} among the ${subject}: ${names.join(', ')}`, names, facts: names.map(part => ({ subject, part })),
        ...decisions.every(Boolean) && { decision: Object.entries(decisions[0].verdict)[0].join(': ').replace(/^why/, 'not ours'), decidedIn: decisions[0].file },
      });
    }
  }
  return items;
}

function byFamily(names) {
  const families = new Map();
  for (const name of names) { families.set(name.split('.')[0], [...families.get(name.split('.')[0]) ?? [], name]); }
  return families;
}
