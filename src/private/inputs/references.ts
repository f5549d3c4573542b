import { OBJECTS, REFERENCES } from './types';
import { resourceBehind } from '../places';

/**
 * The service that an object is known to be of, where its type asks for one of another service.
 *
 * Clusters of PCS, HyperPod and EKS all have a `clusterRef`, which says what they are called and not what they are. They are told apart by
 * the members of their interfaces, and by the ARN in the reference: its text, or the L1 that it comes from. What neither of them tells passes.
 */
export function otherServiceOf(type: string, value: object): { readonly service: string; readonly other: string } | undefined {
  if (!(type in REFERENCES)) { return undefined; }
  const [name, service, ...others] = REFERENCES[type].split(' ');
  const known = [...servicesByMembers(name, value), ...servicesByArn(name, value)];
  const other = known.find(each => others.includes(each));
  return other === undefined || known.includes(service) ? undefined : { service, other };
}

/** The services of the interfaces, richer than the reference alone, all of whose members an object has. */
function servicesByMembers(name: string, value: object): string[] {
  return Object.keys(REFERENCES).flatMap(type => {
    const [reference, service] = REFERENCES[type].split(' ');
    return reference === name && OBJECTS[type] !== name && OBJECTS[type].split(' ').every(member => member in value) ? [service] : [];
  });
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
