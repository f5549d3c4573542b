// What the models of the services and the schemas of CloudFormation ask of values, by path.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Lists of values that are longer stand once, under their name. */
const SHORT = 12;

const ALL = true;

/**
 * What is walked: the requests of handlers, those that CloudFormation makes of what we render, and what states and endpoints get.
 * Members are named where a request has others that nothing of ours reaches.
 */
export const OPERATIONS = {
  pcs: {
    CreateCluster: ALL, CreateComputeNodeGroup: ALL, CreateQueue: ALL,
    GetCluster: ALL, GetComputeNodeGroup: ALL, ListClusters: ALL, ListComputeNodeGroups: ALL,
  },
  sagemaker: {
    CreateCluster: ALL, CreateClusterSchedulerConfig: ALL, CreateComputeQuota: ALL,
    UpdateComputeQuota: ALL, DeleteComputeQuota: ALL, DescribeComputeQuota: ALL, ListComputeQuotas: ALL,
    DescribeCluster: ALL, DescribeClusterEvent: ALL, DescribeClusterNode: ALL, ListClusterNodes: ALL,
    BatchRebootClusterNodes: ALL, BatchReplaceClusterNodes: ALL,
    SearchTrainingPlanOfferings: ALL, CreateTrainingPlan: ALL, ExtendTrainingPlan: ALL, DescribeTrainingPlan: ALL, ListTrainingPlans: ALL,
    DescribeTrainingPlanExtensionHistory: ALL, AddTags: ALL, DeleteTags: ALL, ListTags: ALL,
    CreateTrainingJob: [
      'ResourceConfig.InstanceType', 'ResourceConfig.InstanceCount', 'ResourceConfig.InstancePreferences', 'ResourceConfig.TrainingPlanArn',
      'ResourceConfig.VolumeSizeInGB', 'ResourceConfig.VolumeKmsKeyId',
    ],
    CreateEndpointConfig: ['ProductionVariants[].CapacityReservationConfig', 'ProductionVariants[].InstanceType'],
  },
  ec2: { DescribeInstances: ALL, DescribeCapacityReservations: ALL },
  ssm: { PutParameter: ALL, GetParametersByPath: ALL },
  cloudformation: { DescribeStackResource: ALL },
  dynamodb: { GetItem: ['TableName', 'Key'], PutItem: ['TableName', 'Item'] },
  secretsmanager: { GetSecretValue: ['SecretId', 'VersionId'] },
  s3: { PutObject: ['Bucket', 'Key', 'ContentType'] },
};

/** The types of CloudFormation that we make resources of. */
export const RESOURCES = [
  'AWS::PCS::Cluster', 'AWS::PCS::ComputeNodeGroup', 'AWS::PCS::Queue',
  'AWS::SageMaker::Cluster', 'AWS::SageMaker::ClusterSchedulerConfig', 'AWS::SageMaker::ComputeQuota',
  'AWS::EC2::InstanceConnectEndpoint', 'AWS::EC2::LaunchTemplate', 'AWS::EC2::PlacementGroup', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress',
  'AWS::EKS::AccessEntry', 'AWS::EKS::Addon', 'AWS::IAM::InstanceProfile', 'AWS::IAM::ServiceLinkedRole',
  'AWS::Logs::Delivery', 'AWS::Logs::DeliveryDestination', 'AWS::Logs::DeliverySource',
];

/**
 * The constraints of operations and of resource types: { enums, at: { 'pcs CreateCluster': { clusterName: { pattern, length } } } }.
 *
 * A path joins members by dots; `[]` is an entry of a list, `{}` a value of a map and `{key}` its key.
 */
export function extract({ botocore, schemas, operations = OPERATIONS, resources = RESOURCES }) {
  const enums = {};
  const at = {};
  for (const [service, names] of Object.entries(operations)) {
    const model = serviceModel(botocore, service);
    for (const [name, members] of Object.entries(names)) {
      const { input } = model.operations[name] ?? missing(`${service} has no operation ${name}`);
      at[`${service} ${name}`] = within(members, input ? ofShape(model, input.shape, enums) : {});
    }
  }
  const files = JSON.parse(readFileSync(join(schemas, 'providers', 'us-east-1.json'), 'utf8'));
  for (const type of resources) {
    const file = files[type] ?? missing(`CloudFormation has no type ${type}`);
    at[type] = sorted(ofSchema(JSON.parse(readFileSync(join(schemas, 'resources', `${file}.json`), 'utf8')), enums));
  }
  const used = new Set(Object.values(at).flatMap(paths => Object.values(paths).map(constraints => constraints.enum)));
  return { enums: sorted(Object.fromEntries(Object.entries(enums).filter(([name]) => used.has(name)))), at };
}

/** Text of an extract: a line for each path, so that changes can be read. */
export function stringify({ models, enums, at }) {
  const block = (object, write) => `{\n${Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}: ${write(value)}`).join(',\n')}\n}`;
  return `{"models": ${JSON.stringify(models)},\n"enums": ${block(enums, values => JSON.stringify(values))},\n"at": ${
    block(at, paths => block(paths, constraints => JSON.stringify(constraints)))}}\n`;
}

/** How a newer extract differs from an older one: lines, and whether any of them needs a person. */
export function compare(older, newer) {
  const lines = [];
  for (const source of new Set([...Object.keys(older.at), ...Object.keys(newer.at)])) {
    const [before, after] = [older.at[source] ?? {}, newer.at[source] ?? {}];
    for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [was, is] = [before[path], after[path]].map(value => value === undefined ? 'nothing' : JSON.stringify(value));
      if (was !== is) { lines.push(`${source} ${path}: ${was} became ${is}`); }
    }
  }
  const notes = [];
  for (const [name, values] of Object.entries(newer.enums)) {
    const known = older.enums[name] ?? [];
    const added = values.filter(value => !known.includes(value));
    const gone = known.filter(value => !values.includes(value));
    if (gone.length > 0) { lines.push(`${name} lost ${gone.join(', ')}`); }
    if (added.length > 0) { notes.push(`${name} got ${added.join(', ')}`); }
  }
  return { lines, notes };
}

function missing(text) { throw new Error(text); }

function sorted(object) { return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))); }

/** The constraints at and below some members; all of them where none are named. */
function within(members, found) {
  const wanted = path => members === true || members.some(member => path === member || /^[.[{]/.test(path.slice(member.length)) && path.startsWith(member));
  return sorted(Object.fromEntries(Object.entries(found).filter(([path]) => wanted(path))));
}

function serviceModel(folder, service) {
  const version = readdirSync(join(folder, service)).sort().at(-1);
  const file = join(folder, service, version, 'service-2.json');
  return JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8'));
}

/** `1..64`, `1..` or `..64`, or nothing where there is no bound. */
function bounds(min, max) {
  return min === undefined && max === undefined ? undefined : `${min ?? ''}..${max ?? ''}`;
}

function valuesOf(name, values, enums) {
  if (values === undefined || values.length <= SHORT) { return values; }
  const known = Object.entries(enums).find(([, others]) => JSON.stringify(others) === JSON.stringify(values));
  if (known) { return known[0]; }
  const free = enums[name] === undefined ? name : `${name} of CloudFormation`;
  enums[free] = values;
  return free;
}

const ANY_LENGTH = /^(\.\*|\[\\s\\S\]\*|\[\^\]\*|\[\\S\\s\]\*|\^\.\*\$)$/;

function compact(constraints) {
  const kept = Object.entries(constraints).filter(([, value]) => value !== undefined && value !== false);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function ofShape(model, root, enums) {
  const found = {};
  const visit = (name, path, required, parents) => {
    const { type, pattern, min, max, enum: values, members, required: needed = [], member, key, value } = model.shapes[name];
    const constraints = { required };
    if (type === 'string') {
      Object.assign(constraints, {
        pattern: pattern !== undefined && !ANY_LENGTH.test(pattern) && pattern, length: bounds(min, max), enum: valuesOf(name, values, enums),
      });
    }
    if (type === 'integer' || type === 'long') { Object.assign(constraints, { integer: true, range: bounds(min, max) }); }
    if (type === 'float' || type === 'double') { constraints.range = bounds(min, max); }
    if (type === 'list' || type === 'map') { constraints.size = bounds(min, max); }
    const kept = path === '' ? undefined : compact(constraints);
    if (kept) { found[path] = kept; }
    if (parents.includes(name)) { return; }
    const below = [...parents, name];
    for (const [part, { shape }] of Object.entries(members ?? {})) {
      visit(shape, path === '' ? part : `${path}.${part}`, needed.includes(part), below);
    }
    if (type === 'list') { visit(member.shape, `${path}[]`, false, below); }
    if (type === 'map') {
      visit(key.shape, `${path}{key}`, false, below);
      visit(value.shape, `${path}{}`, false, below);
    }
  };
  visit(root, '', false, []);
  return found;
}

/** How a schema combines members, which needs a look by a person. */
const COMBINATIONS = ['oneOf', 'anyOf', 'allOf', 'dependentRequired', 'dependentExcluded', 'requiredXor', 'requiredOr', 'not', 'if'];

function ofSchema(schema, enums) {
  const found = {};
  const readOnly = new Set((schema.readOnlyProperties ?? []).map(pointer => pointer.replace(/^\/properties\//, '').replace(/\/\*(?=\/|$)/g, '[]').replaceAll('/', '.').replaceAll('.[]', '[]')));
  const resolve = part => {
    const { $ref, ...rest } = part;
    return $ref === undefined ? part : { ...resolve($ref.slice(2).split('/').reduce((at, step) => at[step], schema)), ...rest, name: $ref.split('/').at(-1) };
  };
  const visit = (given, path, required, depth) => {
    const part = resolve(given);
    if (depth > 12 || readOnly.has(path)) { return; }
    const is = type => [part.type].flat().includes(type);
    const constraints = {
      required,
      pattern: part.pattern !== undefined && !ANY_LENGTH.test(part.pattern) && part.pattern,
      length: bounds(part.minLength, part.maxLength),
      enum: valuesOf(part.name ?? path.split('.').at(-1), part.enum ?? (part.const === undefined ? undefined : [part.const]), enums),
      integer: is('integer'),
      range: bounds(part.minimum, part.maximum) ?? bounds(part.exclusiveMinimum, part.exclusiveMaximum),
      multiple: part.multipleOf,
      size: bounds(part.minItems ?? part.minProperties, part.maxItems ?? part.maxProperties),
      unique: part.uniqueItems === true,
      combination: COMBINATIONS.filter(name => part[name] !== undefined).join(' ') || undefined,
    };
    const kept = path === '' ? undefined : compact(constraints);
    if (kept) { found[path] = kept; }
    for (const [name, member] of Object.entries(part.properties ?? {})) {
      visit(member, path === '' ? name : `${path}.${name}`, part.required?.includes(name) ?? false, depth + 1);
    }
    if (part.items) { visit(part.items, `${path}[]`, false, depth + 1); }
    for (const [pattern, value] of Object.entries(part.patternProperties ?? {})) {
      found[`${path}{key}`] = compact({ pattern: !ANY_LENGTH.test(pattern) && pattern }) ?? {};
      if (Object.keys(found[`${path}{key}`]).length === 0) { delete found[`${path}{key}`]; }
      visit(value, `${path}{}`, false, depth + 1);
    }
  };
  visit({ ...schema, type: 'object' }, '', false, 0);
  return found;
}
