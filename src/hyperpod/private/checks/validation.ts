import { Stack, Token } from 'aws-cdk-lib';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { CapacityHolder } from './shortages';
import { RESERVED_TAG, TAG_KEY, TAG_VALUE, fits } from '../../../private/contracts/forms';
import { checkForm } from '../../../private/forms';
import { isElsewhere, isOfOtherPlace } from '../../../private/places';
import type { Problems } from '../../../private/problems';
import { isConcrete, warn } from '../../../private/problems';
import type { TagLimits } from '../../../private/tags';
import type { ClusterNodesOutput } from '../../nodes/vocabulary/cluster-nodes-output';
import type { ComputeQuotaSelector } from '../../quotas/vocabulary/compute-quota-selector';
import type { PriorityClass } from '../../quotas/vocabulary/priority-class';
import type { QuotaResource } from '../../quotas/vocabulary/quota-resource';
import type { ResourceSharing } from '../../quotas/vocabulary/resource-sharing';
import { RULES } from '../rules';

/** A time of ISO 8601, with its zone; a day is its beginning in UTC. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

const MAX_PRIORITY_CLASSES = 10;
const MAX_RESOURCES = 15;
const MAX_AMOUNT = 10_000_000;

/**
 * The Regions that the documentation of the CloudFormation type lists:
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_sagemaker.CfnComputeQuota.html
 */
const QUOTA_REGIONS = [
  'ap-northeast-1', 'ap-south-1', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'eu-central-1', 'eu-north-1', 'eu-south-2',
  'eu-west-1', 'eu-west-2', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2',
];

/** What SageMaker takes as tags. */
export const TAG_LIMITS: TagLimits = { key: TAG_KEY, value: TAG_VALUE, count: 50, text: RULES.tagText, tooMany: RULES.tagCount };

/** What is left of it for a quota that a function of ours makes, which says by a tag whose it is. */
export const API_QUOTA_TAG_LIMITS: TagLimits = { ...TAG_LIMITS, count: TAG_LIMITS.count - 1, reserved: RESERVED_TAG };

/** What a quota and a scheduler configuration have in common. */
export interface EntityInput {
  readonly clusterArn: string;
  /** The name of the property that holds the name. */
  readonly nameProperty: string;
  readonly name?: string;
  readonly description?: string;
}

/** Whether a name is one that a cluster, an instance group or a quota can have. */
export function isEntityName(name: string): boolean {
  return fits(RULES.entityName.form!, name);
}

function checkClusterArn(problems: Problems, clusterArn: string): void {
  checkForm(problems, RULES.clusterArnFormat, 'cluster', clusterArn);
}

function checkEntityName(problems: Problems, property: string, name: string | undefined): void {
  checkForm(problems, RULES.entityName, property, name);
}

export function checkEntity(problems: Problems, input: EntityInput): void {
  checkClusterArn(problems, input.clusterArn);
  checkEntityName(problems, input.nameProperty, input.name);
  checkForm(problems, RULES.descriptionText, 'description', input.description);
}

/** Refuses to share out a cluster that is elsewhere, or one of this app that isn't orchestrated by EKS. */
export function checkSharedCluster(problems: Problems, cluster: sagemaker.IClusterRef, user: Construct): void {
  if (isElsewhere(cluster.env, user)) {
    problems.add(RULES.quotaElsewhere, { property: 'cluster', got: cluster.env, fix: 'make it in a stack of that account and Region' });
  }
  if ((cluster as Partial<CapacityHolder>)._orchestratorKind === 'slurm') {
    problems.add(RULES.quotaOnSlurm, { property: 'cluster' });
  }
}

/** What decides whether a look-up can find its quota. */
export function checkSelector(problems: Problems, selector: ComputeQuotaSelector, stack: Stack): void {
  const { arn, id, name } = selector._selection;
  checkForm(problems, RULES.quotaId, 'computeQuota', id);
  if (arn !== undefined) { checkQuotaArn(problems, arn, stack); }
  if (name) {
    checkClusterArn(problems, name.cluster.clusterRef.clusterArn);
    checkForm(problems, RULES.entityName, 'computeQuotaName', name.computeQuotaName, { fix: 'take `Name` from `aws sagemaker list-compute-quotas`' });
  }
}

function checkQuotaArn(problems: Problems, arn: string, stack: Stack): void {
  checkForm(problems, RULES.quotaArn, 'computeQuota', arn);
  if (isOfOtherPlace('compute-quota', arn, stack)) { problems.add(RULES.quotaElsewhere, { property: 'computeQuota', got: arn }); }
}

/** What decides whether a look-up can read nodes. */
export interface NodesQuestion {
  readonly clusterArn: string;
  readonly instanceGroupName?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
  readonly output?: ClusterNodesOutput;
}

export function checkNodesQuestion(problems: Problems, question: NodesQuestion, stack: Stack): void {
  checkClusterArn(problems, question.clusterArn);
  checkEntityName(problems, 'instanceGroupName', question.instanceGroupName);
  if (isOfOtherPlace('cluster', question.clusterArn, stack)) {
    problems.add(RULES.quotaElsewhere, { property: 'cluster', got: question.clusterArn });
  }
  checkNodeTimes(problems, question);
  const key = question.output?._objectKey;
  if (isConcrete(key) && (!/^[^*?$]+$/.test(key) || Buffer.byteLength(key) > 1024)) {
    problems.add(RULES.nodesObjectKey, { property: 'output', got: key });
  }
}

/** Checks between which times nodes that are listed were created. */
export function checkNodeTimes(problems: Problems, question: Pick<NodesQuestion, 'createdAfter' | 'createdBefore'>): void {
  const times = (['createdAfter', 'createdBefore'] as const).map(property => {
    const time = question[property];
    if (!isConcrete(time)) { return undefined; }
    const read = INSTANT.test(time) ? Date.parse(time) : NaN;
    if (Number.isNaN(read)) { problems.add(RULES.nodesTime, { property, got: time }); }
    return read;
  });
  const [after, before] = times;
  if (after !== undefined && before !== undefined && after >= before) {
    problems.add(RULES.nodesTimesInOrder, { property: 'createdAfter', got: question.createdAfter });
  }
}

/** What decides whether a scheduler configuration can be created. */
export function checkPriorityClasses(problems: Problems, priorityClasses: readonly PriorityClass[]): void {
  if (priorityClasses.length > MAX_PRIORITY_CLASSES) {
    problems.add(RULES.priorityClassCount, { property: 'priorityClasses', got: priorityClasses.length });
  }
  priorityClasses.forEach(({ name, weight }, index) => {
    checkForm(problems, RULES.priorityClassName, `priorityClasses[${index}].name`, name);
    checkForm(problems, RULES.priorityClassWeight, `priorityClasses[${index}].weight`, weight);
  });
}

/** Advice on priority classes that can be created. */
export function advisePriorityClasses(scope: Construct, priorityClasses: readonly PriorityClass[]): void {
  const seen = new Set<string>();
  priorityClasses.forEach(({ name }, index) => {
    if (isConcrete(name) && seen.has(name)) {
      warn(scope, RULES.priorityClassTwice, { property: `priorityClasses[${index}].name`, got: name });
    }
    seen.add(name);
  });
}

/** What decides whether a quota can be created. */
export interface QuotaInput {
  readonly teamName: string;
  readonly fairShareWeight?: number;
  readonly resources: QuotaResource[];
  readonly sharing?: ResourceSharing;
}

export function checkQuota(problems: Problems, input: QuotaInput): void {
  checkForm(problems, RULES.teamName, 'team', input.teamName);
  checkForm(problems, RULES.fairShareWeight, 'fairShareWeight', input.fairShareWeight);
  checkResources(problems, 'resources', input.resources);
  if (input.sharing) { checkSharing(problems, input.sharing); }
}

function checkSharing(problems: Problems, sharing: ResourceSharing): void {
  const percent = sharing._maxBorrowPercent;
  const limits = sharing._absoluteBorrowLimits;
  if (sharing.value === 'Lend' || sharing.value === 'DontLend') {
    if (percent !== undefined) {
      problems.add(RULES.borrowLimitWithoutBorrowing, { property: 'sharing.maxBorrowPercent', got: percent });
    }
    if (limits !== undefined) {
      problems.add(RULES.borrowLimitWithoutBorrowing, { property: 'sharing.absoluteBorrowLimits' });
    }
  }
  checkForm(problems, RULES.borrowPercent, 'sharing.maxBorrowPercent', percent);
  checkResources(problems, 'sharing.absoluteBorrowLimits', limits ?? []);
}

function checkResources(problems: Problems, property: string, resources: QuotaResource[]): void {
  if (resources.length > MAX_RESOURCES) {
    problems.add(RULES.quotaResourceCount, { property, got: resources.length });
  }
  resources.forEach((resource, index) => checkResource(problems, `${property}[${index}]`, resource));
}

function checkResource(problems: Problems, property: string, resource: QuotaResource): void {
  const { _counted: kind, _count: count, _vcpus: vcpus, _memoryGib: memory, _profile: profile, instanceType } = resource;
  const checkAmount = (name: string, amount: number | undefined, whole: boolean) => {
    if (isConcrete(amount) && !(amount >= 0 && amount <= MAX_AMOUNT && (!whole || Number.isInteger(amount)))) {
      problems.add(RULES.quotaAmount, { property: `${property}.${name}`, got: amount });
    }
  };
  checkAmount('count', count, true);
  checkAmount('vcpus', vcpus, false);
  checkAmount('memory', memory, false);
  if (kind === 'compute' && vcpus === undefined && memory === undefined) {
    problems.add(RULES.quotaComputeEmpty, { property });
  }
  checkForm(problems, RULES.instanceTypeName, `${property}.instanceType`, instanceType.value);
  const gpu = instanceType._migGpu;
  if (profile?._judged && gpu && !gpu.profiles.has(profile.value)) {
    problems.add(RULES.profileNotOnInstanceType, {
      property: `${property}.profile`,
      got: profile.value,
      fix: `choose one that ${instanceType.value} has: ${[...gpu.profiles.keys()].join(', ')}`,
    });
  }
}

/** Advice on a quota that can be created. */
export function adviseQuota(scope: Construct, input: QuotaInput, byApi: boolean): void {
  const region = Stack.of(scope).region;
  if (!byApi && !Token.isUnresolved(region) && !QUOTA_REGIONS.includes(region)) {
    warn(scope, RULES.quotaRegion, { property: 'region', got: region });
  }
  adviseResources(scope, 'resources', input.resources);
  input.resources.forEach((resource, index) => {
    const { _count: count, _vcpus: vcpus, _memoryGib: memory } = resource;
    const amounts = [count, vcpus, memory].filter(amount => amount !== undefined);
    // Without a count, of vCPUs and memory that which isn't given comes from the other.
    if (count === 0 || (count === undefined && amounts.every(amount => amount === 0))) {
      warn(scope, RULES.quotaAmountZero, { property: `resources[${index}]`, got: resource.instanceType.value });
    }
  });
  if (input.sharing) { adviseSharing(scope, input.sharing); }
}

function adviseSharing(scope: Construct, sharing: ResourceSharing): void {
  const percent = sharing._maxBorrowPercent;
  if (isConcrete(percent) && (percent < 1 || percent > 500)) {
    warn(scope, RULES.borrowPercentUndocumented, { property: 'sharing.maxBorrowPercent', got: percent });
  }
  adviseResources(scope, 'sharing.absoluteBorrowLimits', sharing._absoluteBorrowLimits ?? []);
}

function adviseResources(scope: Construct, property: string, resources: QuotaResource[]): void {
  const seen = new Set<string>();
  resources.forEach((resource, index) => {
    const { _counted: kind, _profile: profile, instanceType } = resource;
    const key = [kind, instanceType.value, profile?.value].join(' ');
    if (seen.has(key)) {
      warn(scope, RULES.quotaResourceTwice, { property: `${property}[${index}]`, got: instanceType.value });
    }
    seen.add(key);
    if (kind === 'accelerators' && instanceType._facts?.accelerators === 0) {
      warn(scope, RULES.quotaAcceleratorsMissing, { property: `${property}[${index}].instanceType`, got: instanceType.value });
    }
    if (kind === 'partitions' && instanceType._judged && !instanceType._migGpu) {
      warn(scope, RULES.partitionsUnknown, { property: `${property}[${index}].instanceType`, got: instanceType.value });
    }
    if (profile && !profile._inQuotas) {
      warn(scope, RULES.quotaProfileNotInApi, { property: `${property}[${index}].profile`, got: profile.value });
    }
  });
}
