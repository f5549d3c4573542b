import { OBJECTS, REFERENCES } from './types';
import { lineOf } from '../lines';
import { resourceBehind } from '../places';

interface Mistaken {
  /** The service that is asked for. */
  readonly service: string;
  /** The one that was given. */
  readonly other: string;
}

/**
 * The service that an object is known to be of, where its type asks for one of another service.
 *
 * Clusters of PCS, HyperPod and EKS all have a `clusterRef`, which says what they are called and not what they are. They are told apart
 * by the members of their interfaces, and by the ARN in the reference: its text, or the L1 that it comes from. What neither of them
 * tells passes.
 */
export function otherServiceOf(type: string, value: object): Mistaken | undefined {
  if (!(type in REFERENCES)) { return undefined; }
  const fitting = FITTING.get(value);
  if (fitting?.has(type)) { return undefined; }
  const [name, service, ...others] = REFERENCES[type].split(' ');
  const known = [...servicesByMembers(name, value), ...servicesByArn(name, value)];
  const other = known.find(each => others.includes(each));
  if (other !== undefined && !known.includes(service)) { return { service, other }; }
  if (fitting) { fitting.add(type); } else { FITTING.set(value, new Set([type])); }
  return undefined;
}

/** The types that objects were found to be of: one cluster is given to many quotas. */
const FITTING = new WeakMap<object, Set<string>>();

/** The services of the interfaces, richer than the reference alone, all of whose members an object has. */
function servicesByMembers(name: string, value: object): string[] {
  return richerThan(name).filter(({ members }) => members.every(member => member in value)).map(({ service }) => service);
}

interface Richer {
  readonly service: string;
  readonly members: readonly string[];
}

const RICHER = new Map<string, readonly Richer[]>();

/** The interfaces that have more members than a reference, by its name. */
function richerThan(name: string): readonly Richer[] {
  let richer = RICHER.get(name);
  if (!richer) {
    richer = Object.entries(REFERENCES).map(([type, text]) => ({ text: text.split(' '), members: lineOf(OBJECTS, type)! }))
      .filter(({ text: [reference], members }) => reference === name && members !== name)
      .map(({ text: [, service], members }) => ({ service, members: members.split(' ') }));
    RICHER.set(name, richer);
  }
  return richer;
}

function servicesByArn(name: string, value: object): string[] {
  return Object.entries(referenceOf(name, value)).filter(([key, arn]) => key.endsWith('Arn') && typeof arn === 'string').flatMap(([, arn]) => {
    const resource = resourceBehind(arn as string);
    /* The ARN may be an attribute of anything, such as the output of a stack. */
    if (resource) { return name in resource ? [resource.cfnResourceType.split('::')[1].toLowerCase()] : []; }
    return /^arn:[^:]*:([a-z0-9-]+):/.exec(arn as string)?.slice(1) ?? [];
  });
}

/** What an object gives as its reference. Imports of aws-cdk-lib throw where they don't know it. */
function referenceOf(name: string, value: object): object {
  try {
    const reference = (value as Record<string, unknown>)[name];
    return typeof reference === 'object' && reference !== null ? reference : {};
  } catch {
    return {};
  }
}
