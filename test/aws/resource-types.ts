import { randomBytes } from 'node:crypto';
import { UNKNOWN, type Shape, type Structure } from './constraints';
import { ServiceError, type Place } from './service';
import type { ServiceModel } from './service-models';

type Properties = Record<string, unknown>;
type Answer = Record<string, unknown>;

/** Calls an operation of a service. */
export type Call = (service: string, operation: string, input: Properties, place: Place) => Answer;

/** How CloudFormation makes a resource of a type: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ */
interface ResourceType {
  readonly service: 'pcs' | 'sagemaker';
  /** What the operations are named after: Create…, Update…, Delete…. */
  readonly entity: string;
  /** Where the API has another name for a property, by its path. */
  readonly names?: Readonly<Record<string, string>>;
  /** Members of properties that an update doesn't send, by their paths. */
  readonly fixed?: readonly string[];
  /** The property with the name, which CloudFormation makes up where there is none. */
  readonly name: string;
  /** What comes of a creation. */
  readonly made: (answer: Answer, request: Properties) => Made;
  /** What an update needs besides what changes. */
  readonly reads?: { readonly operation: string; readonly update: (answer: Answer) => Properties };
}

/** The identity of a resource. */
interface Made {
  readonly arn: string;
  readonly attributes: Properties;
  /** How updates and deletions name it. */
  readonly ids: Properties;
}

const OF_CLUSTER = { ClusterId: 'clusterIdentifier' } as const;

const TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::PCS::Cluster': {
    service: 'pcs',
    entity: 'Cluster',
    name: 'Name',
    names: { Name: 'clusterName' },
    fixed: ['Scheduler.Type'],
    made: ({ cluster }) => madeOfPcs(cluster, id => ({ clusterIdentifier: id })),
  },
  'AWS::PCS::ComputeNodeGroup': {
    service: 'pcs',
    entity: 'ComputeNodeGroup',
    name: 'Name',
    names: { ...OF_CLUSTER, 'Name': 'computeNodeGroupName', 'CustomLaunchTemplate.TemplateId': 'id' },
    made: ({ computeNodeGroup }, { clusterIdentifier: of }) => (
      madeOfPcs(computeNodeGroup, id => ({ clusterIdentifier: of, computeNodeGroupIdentifier: id }))),
  },
  'AWS::PCS::Queue': {
    service: 'pcs',
    entity: 'Queue',
    name: 'Name',
    names: { ...OF_CLUSTER, Name: 'queueName' },
    made: ({ queue }, { clusterIdentifier }) => madeOfPcs(queue, id => ({ clusterIdentifier, queueIdentifier: id })),
  },
  'AWS::SageMaker::Cluster': {
    service: 'sagemaker',
    entity: 'Cluster',
    name: 'ClusterName',
    made: ({ ClusterArn }) => ({ arn: ClusterArn as string, attributes: { ClusterArn, ClusterStatus: 'InService' }, ids: { ClusterName: ClusterArn } }),
  },
  'AWS::SageMaker::ComputeQuota': governance('ComputeQuota'),
  'AWS::SageMaker::ClusterSchedulerConfig': governance('ClusterSchedulerConfig'),
};

/** The types whose properties are judged by the model of the service. */
export const JUDGED_TYPES = Object.keys(TYPES);

function governance(entity: string): ResourceType {
  const [arn, id, version] = ['Arn', 'Id', 'Version'].map(part => `${entity}${part}`);
  return {
    service: 'sagemaker',
    entity,
    name: 'Name',
    made: answer => ({ arn: answer[arn] as string, attributes: { [arn]: answer[arn], [id]: answer[id], Status: 'Created' }, ids: { [id]: answer[id] } }),
    reads: { operation: `Describe${entity}`, update: description => ({ TargetVersion: description[version] }) },
  };
}

function madeOfPcs(entity: unknown, ids: (id: string) => Properties): Made {
  const { arn, id, status } = entity as { arn: string; id: string; status: string };
  return { arn, attributes: { Arn: arn, Id: id, Status: status }, ids: ids(id) };
}

/** A request, and what its model says of it. */
export interface CreateRequest {
  readonly operation: string;
  readonly request: Properties;
  readonly shape: Structure;
}

/** The request that CloudFormation makes to create a resource with such properties. */
export function createRequest(type: string, properties: Properties, model: ServiceModel): CreateRequest {
  const { entity, names } = TYPES[type];
  const operation = `Create${entity}`;
  const shape = model.input(operation);
  return { operation, request: translate(properties, shape, names) as Properties, shape };
}

/** Plays CloudFormation's handlers of resource types: properties become requests to the services. */
export class ResourceTypes {
  private readonly made = new Map<string, Made>();

  public constructor(private readonly model: (service: string) => ServiceModel, private readonly call: Call) {
  }

  public create(type: string, logicalId: string, properties: Properties, place: Place): Pick<Made, 'arn' | 'attributes'> {
    const { service, name, made } = TYPES[type];
    const named = { [name]: `${logicalId.slice(0, 12)}-${randomBytes(5).toString('hex')}`, ...properties };
    const { operation, request } = createRequest(type, named, this.model(service));
    const result = made(this.call(service, operation, request, place), request);
    this.made.set(result.arn, result);
    return result;
  }

  public update(type: string, arn: string, old: Properties, properties: Properties, place: Place): Pick<Made, 'arn' | 'attributes'> {
    const { service, entity, names, fixed, reads } = TYPES[type];
    const { attributes, ids } = this.of(arn);
    const { Tags: oldTags, ...oldRest } = old;
    const { Tags: newTags, ...newRest } = properties;
    if (!equal(oldTags, newTags)) { this.tag(service, arn, oldTags, newTags, place); }
    if (equal(oldRest, newRest)) { return { arn, attributes }; }
    const shape = this.model(service).input(`Update${entity}`);
    const request = translate(without(newRest, fixed), shape, names) as Properties;
    const known = Object.fromEntries(Object.entries(request).filter(([member]) => member in shape.members || `${member}!` in shape.members));
    const more = reads?.update(this.call(service, reads.operation, ids, place));
    this.call(service, `Update${entity}`, { ...known, ...ids, ...more }, place);
    return { arn, attributes };
  }

  public delete(type: string, arn: string, place: Place): void {
    const { service, entity } = TYPES[type];
    if (!this.made.has(arn)) { return; } // it was never made, or is gone
    this.call(service, `Delete${entity}`, this.of(arn).ids, place);
    this.made.delete(arn);
  }

  private of(arn: string): Made {
    const made = this.made.get(arn);
    if (!made) { throw new ServiceError('ResourceNotFoundException', `${arn} does not exist`); }
    return made;
  }

  private tag(service: string, arn: string, old: unknown, changed: unknown, place: Place): void {
    const [before, after] = [tagsOf(old), tagsOf(changed)];
    const gone = Object.keys(before).filter(key => !(key in after));
    const pcs = service === 'pcs';
    if (gone.length > 0) {
      this.call(service, pcs ? 'UntagResource' : 'DeleteTags', pcs ? { resourceArn: arn, tagKeys: gone } : { ResourceArn: arn, TagKeys: gone }, place);
    }
    if (Object.keys(after).length > 0) {
      const list = Object.entries(after).map(([Key, Value]) => ({ Key, Value }));
      this.call(service, pcs ? 'TagResource' : 'AddTags', pcs ? { resourceArn: arn, tags: after } : { ResourceArn: arn, Tags: list }, place);
    }
  }
}

/** Tags are a map or a list of pairs. */
function tagsOf(tags: unknown): Record<string, string> {
  return Array.isArray(tags)
    ? Object.fromEntries((tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]))
    : { ...tags as Record<string, string> };
}

function without(properties: Properties, paths: readonly string[] = [], before = ''): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !paths.includes(before + key)).map(([key, value]) => (
    [key, typeof value === 'object' && value !== null && !Array.isArray(value) ? without(value as Properties, paths, `${before}${key}.`) : value])));
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Properties in the words of the API: names differ in their first letter, or as the type says; numbers and texts are taken for each
 * other, as CloudFormation does. What the shape doesn't have keeps its name, and is found out by the judge.
 */
function translate(value: unknown, shape: Shape, names: Readonly<Record<string, string>> = {}, path = ''): unknown {
  if (isIntrinsic(value)) { return UNKNOWN; }
  switch (shape.type) {
    case 'structure':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([property, part]) => {
          const name = names[path + property] ?? property;
          const member = memberOf(shape, name);
          return member ? [member.name, translate(part, member.shape, names, `${path}${property}.`)] : [name, part];
        }))
        : value;
    case 'list':
      return Array.isArray(value) ? value.map(part => translate(part, shape.of, names, path)) : value;
    case 'map':
      return typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, translate(part, shape.of, names, path)]))
        : value;
    case 'integer':
    case 'float':
      return typeof value === 'string' && /^-?[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : value;
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    default:
      return value;
  }
}

/** A member whose name differs from that of the property in its first letter at most. */
function memberOf(shape: Structure, property: string): { name: string; shape: Shape } | undefined {
  const folded = (name: string) => name[0].toLowerCase() + name.slice(1);
  const key = Object.keys(shape.members).find(one => folded(one.replace(/!$/, '')) === folded(property));
  return key === undefined ? undefined : { name: key.replace(/!$/, ''), shape: shape.members[key] };
}

/** What only a deployment knows: the value of a function, or of a parameter that is named in a text. */
function isIntrinsic(value: unknown): boolean {
  if (typeof value === 'string') { return value.includes('{{resolve:'); }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { return false; }
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0].startsWith('Fn::'));
}
