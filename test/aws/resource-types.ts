import { randomBytes } from 'node:crypto';
import { UNKNOWN, type Shape, type Structure } from './constraints';
import { ServiceError, type Place } from './service';
import type { ServiceModel } from './service-models';

type Properties = Record<string, unknown>;
type Answer = Record<string, unknown>;

/** Calls an operation of a service. */
export type Call = (service: Provisioned, operation: string, input: Properties, place: Place) => Answer;

/** How CloudFormation makes a resource of a type: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ */
interface ResourceType {
  readonly service: Provisioned;
  /** What the operations are named after: Create…, Update…, Delete…. */
  readonly entity: string;
  /** Those that are named in another way. */
  readonly operations?: Partial<Record<'create' | 'update', string>>;
  /** Where the API has another name for a property, by its path. */
  readonly names?: Readonly<Record<string, string>>;
  /** Properties that are members of a structure in the API, which is named first. */
  readonly nested?: Readonly<Record<string, readonly [structure: string, member: string] | undefined>>;
  /** Members of properties that an update doesn't send, by their paths. */
  readonly fixed?: readonly string[];
  /** The property with the name, which CloudFormation makes up where there is none. */
  readonly name?: string;
  /** What comes of a creation. */
  readonly made: (answer: Answer, request: Properties) => Made;
  /** What an update needs besides what changes. */
  readonly reads?: { readonly operation: string; readonly update: (answer: Answer) => Properties };
}

/** The services that are called for resources. */
export type Provisioned = 'pcs' | 'sagemaker' | 'fsx' | 'logs';

/** The identity of a resource. */
interface Made {
  /** What a reference to it is. */
  readonly id: string;
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
    made: ({ ClusterArn }) => identified(ClusterArn, { ClusterArn, ClusterStatus: 'InService' }, { ClusterName: ClusterArn }),
  },
  'AWS::SageMaker::ComputeQuota': governance('ComputeQuota'),
  'AWS::SageMaker::ClusterSchedulerConfig': governance('ClusterSchedulerConfig'),
  'AWS::SageMaker::Model': serving('Model'),
  'AWS::SageMaker::EndpointConfig': serving('EndpointConfig'),
  'AWS::SageMaker::Endpoint': serving('Endpoint'),
  'AWS::FSx::FileSystem': {
    service: 'fsx',
    entity: 'FileSystem',
    fixed: ['LustreConfiguration.DeploymentType'],
    made: ({ FileSystem }) => {
      const { FileSystemId, DNSName, ResourceARN, LustreConfiguration: lustre } = FileSystem as Properties;
      const { MountName } = lustre as Properties;
      return identified(ResourceARN, { DNSName, ResourceARN, LustreMountName: MountName }, { FileSystemId }, FileSystemId);
    },
  },
  'AWS::Logs::DeliverySource': {
    service: 'logs',
    entity: 'DeliverySource',
    operations: { create: 'PutDeliverySource' },
    made: ({ deliverySource }) => ofLogs(deliverySource),
  },
  'AWS::Logs::DeliveryDestination': {
    service: 'logs',
    entity: 'DeliveryDestination',
    operations: { create: 'PutDeliveryDestination' },
    nested: { DestinationResourceArn: ['DeliveryDestinationConfiguration', 'DestinationResourceArn'] },
    made: ({ deliveryDestination }) => ofLogs(deliveryDestination),
  },
  'AWS::Logs::Delivery': {
    service: 'logs',
    entity: 'Delivery',
    operations: { update: 'UpdateDeliveryConfiguration' },
    nested: {
      S3SuffixPath: ['S3DeliveryConfiguration', 'SuffixPath'],
      S3EnableHiveCompatiblePath: ['S3DeliveryConfiguration', 'EnableHiveCompatiblePath'],
    },
    made: ({ delivery }) => {
      const { id, arn } = delivery as Properties;
      return identified(arn, { Arn: arn, DeliveryId: id }, { id }, id);
    },
  },
};

/** The types whose properties are judged by the model of the service. */
export const JUDGED_TYPES = Object.keys(TYPES);

function governance(entity: string): ResourceType {
  const [arn, id, version] = ['Arn', 'Id', 'Version'].map(part => `${entity}${part}`);
  return {
    service: 'sagemaker',
    entity,
    name: 'Name',
    made: answer => identified(answer[arn], { [arn]: answer[arn], [id]: answer[id], Status: 'Created' }, { [id]: answer[id] }),
    reads: { operation: `Describe${entity}`, update: description => ({ TargetVersion: description[version] }) },
  };
}

function serving(entity: string): ResourceType {
  const [arn, name] = [`${entity}Arn`, `${entity}Name`];
  return { service: 'sagemaker', entity, name, made: (answer, { [name]: given }) => identified(answer[arn], { [name]: given }, { [name]: given }) };
}

function ofLogs(entity: unknown): Made {
  const { name, arn } = entity as Properties;
  return identified(arn, { Arn: arn }, { name }, name);
}

function madeOfPcs(entity: unknown, ids: (id: string) => Properties): Made {
  const { arn, id, status } = entity as { arn: string; id: string; status: string };
  return identified(arn, { Arn: arn, Id: id, Status: status }, ids(id));
}

/** A resource that is referred to by its ARN, or by `id`. */
function identified(arn: unknown, attributes: Properties, ids: Properties, id = arn): Made {
  return { id: id as string, arn: arn as string, attributes, ids };
}

/** A request, and what its model says of it. */
export interface CreateRequest {
  readonly operation: string;
  readonly request: Properties;
  readonly shape: Structure;
}

/** The request that CloudFormation makes to create a resource with such properties. */
export function createRequest(type: string, properties: Properties, model: ServiceModel): CreateRequest {
  const { entity, names, nested, operations } = TYPES[type];
  const operation = operations?.create ?? `Create${entity}`;
  const shape = model.input(operation);
  return { operation, request: translate(nest(properties, nested), shape, names) as Properties, shape };
}

/** Properties with those that the API has in structures put there. */
function nest(properties: Properties, nested: ResourceType['nested'] = {}): Properties {
  const whole: Properties = {};
  for (const [property, value] of Object.entries(properties)) {
    const place = nested[property];
    if (place) {
      const [structure, member] = place;
      whole[structure] = { ...whole[structure] as Properties, [member]: value };
    } else {
      whole[property] = value;
    }
  }
  return whole;
}

/** Plays CloudFormation's handlers of resource types: properties become requests to the services. */
export class ResourceTypes {
  private readonly made = new Map<string, Made>();

  public constructor(private readonly model: (service: string) => ServiceModel, private readonly call: Call) {
  }

  public create(type: string, logicalId: string, properties: Properties, place: Place): Pick<Made, 'id' | 'attributes'> {
    const { service, name, made } = TYPES[type];
    const named = { ...name !== undefined && { [name]: `${logicalId.slice(0, 12)}-${randomBytes(5).toString('hex')}` }, ...properties };
    const { operation, request } = createRequest(type, named, this.model(service));
    const result = made(this.call(service, operation, request, place), request);
    if (this.made.has(result.id)) { throw new ServiceError('AlreadyExists', `${type} ${result.id} already exists`); }
    this.made.set(result.id, result);
    return result;
  }

  public update(type: string, id: string, old: Properties, properties: Properties, place: Place): Pick<Made, 'id' | 'attributes'> {
    const { service, entity, names, nested, fixed, operations, reads } = TYPES[type];
    const { arn, attributes, ids } = this.of(id);
    const { Tags: oldTags, ...oldRest } = old;
    const { Tags: newTags, ...newRest } = properties;
    if (!equal(oldTags, newTags)) { this.tag(service, arn, oldTags, newTags, place); }
    if (equal(oldRest, newRest)) { return { id, attributes }; }
    const operation = operations?.update ?? `Update${entity}`;
    const shape = this.model(service).input(operation);
    const request = translate(without(nest(newRest, nested), fixed), shape, names) as Properties;
    const known = Object.fromEntries(Object.entries(request).filter(([member]) => member in shape.members || `${member}!` in shape.members));
    const more = reads?.update(this.call(service, reads.operation, ids, place));
    this.call(service, operation, { ...known, ...ids, ...more }, place);
    return { id, attributes };
  }

  public delete(type: string, id: string, place: Place): void {
    const { service, entity } = TYPES[type];
    if (!this.made.has(id)) { return; } // it was never made, or is gone
    this.call(service, `Delete${entity}`, this.of(id).ids, place);
    this.made.delete(id);
  }

  private of(id: string): Made {
    const made = this.made.get(id);
    if (!made) { throw new ServiceError('ResourceNotFoundException', `${id} does not exist`); }
    return made;
  }

  private tag(service: Provisioned, arn: string, old: unknown, changed: unknown, place: Place): void {
    const [before, after] = [tagsOf(old), tagsOf(changed)];
    const { add, remove, resource, list, map, keys } = TAGGING[service];
    const gone = Object.keys(before).filter(key => !(key in after));
    if (gone.length > 0) { this.call(service, remove, { [resource]: arn, [keys]: gone }, place); }
    if (Object.keys(after).length > 0) {
      const tags = map ? { [map]: after } : { [list!]: Object.entries(after).map(([Key, Value]) => ({ Key, Value })) };
      this.call(service, add, { [resource]: arn, ...tags }, place);
    }
  }
}

/** How tags are changed. */
interface Tagging {
  readonly add: string;
  readonly remove: string;
  readonly resource: string;
  readonly keys: string;
  /** The member with tags: as pairs, or as a map. */
  readonly list?: string;
  readonly map?: string;
}

const TAG_RESOURCE = { add: 'TagResource', remove: 'UntagResource' };
const TAGGING: Readonly<Record<Provisioned, Tagging>> = {
  pcs: { ...TAG_RESOURCE, resource: 'resourceArn', keys: 'tagKeys', map: 'tags' },
  sagemaker: { add: 'AddTags', remove: 'DeleteTags', resource: 'ResourceArn', keys: 'TagKeys', list: 'Tags' },
  fsx: { ...TAG_RESOURCE, resource: 'ResourceARN', keys: 'TagKeys', list: 'Tags' },
  logs: { ...TAG_RESOURCE, resource: 'resourceArn', keys: 'tagKeys', map: 'tags' },
};

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
    case 'map': // tags are pairs in some types where the API has a map
      if (typeof value !== 'object' || value === null) { return value; }
      return Object.fromEntries(Object.entries(Array.isArray(value) ? tagsOf(value) : value)
        .map(([key, part]) => [key, translate(part, shape.of, names, path)]));
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
