import { existsSync, statSync } from 'fs';
import { join } from 'path';
import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { adviseLayout, checkLayout } from './layouts';
import { fits } from '../../../private/contracts/forms';
import { isDryRun } from '../../../private/dry-runs';
import { checkForm } from '../../../private/forms';
import { architectureOf } from '../../../private/instance-types';
import { ssmParameterBehind } from '../../../private/places';
import { isConcrete, isDynamicReference, warn, type Problems } from '../../../private/problems';
import type { Rule } from '../../../private/rule';
import { faultOfScript, type ScriptFault } from '../../../private/script-files';
import { zoneOf } from '../../../private/subnets';
import type { InstanceGroupBaseOptions, InstanceGroupOptions } from '../../groups/vocabulary/instance-group';
import type { InstanceStorage } from '../../groups/vocabulary/instance-storage';
import type { InstanceType } from '../../groups/vocabulary/instance-type';
import type { LifecycleScripts } from '../../groups/vocabulary/lifecycle-scripts';
import type { NodeRollout } from '../../groups/vocabulary/node-updates';
import { PartitionLayout } from '../../groups/vocabulary/partition-layout';
import type { RestrictedInstanceGroupOptions, RestrictedLustreOptions } from '../../groups/vocabulary/restricted-instance-group';
import { RULES } from '../rules';

/** What groups are held to by their cluster. */
export interface GroupContext {
  readonly eks: boolean;
  /** Whether nodes are provisioned one by one, or undefined where the mode isn't known. */
  readonly continuous: boolean | undefined;
  readonly autoScaling: boolean;
  readonly vpc: boolean;
  readonly groupNames: ReadonlySet<string>;
}

const MAX_LABELS = 50;

/** What decides whether a group can be created. */
export function checkGroup(problems: Problems, context: GroupContext, name: string, options: InstanceGroupOptions): void {
  checkBase(problems, context, name, options);
  checkInstances(problems, context, options);
  checkCapacity(problems, context, name, options);
  checkOrchestration(problems, context, options);
  checkPartitions(problems, options);
  if (options.lifecycleScripts) { checkScripts(problems, options.lifecycleScripts); }
  if (!isDynamicReference(options.imageId)) { checkForm(problems, RULES.imageId, 'imageId', options.imageId); }
  checkForm(problems, RULES.imageRelease, 'imageReleaseVersion', options.imageReleaseVersion);
  checkForm(problems, RULES.partitionName, 'slurmNode.partitionName', options.slurmNode?._partitionName);
  const { scheduledUpdate, automaticPatching } = options;
  checkForm(problems, RULES.updateSchedule, 'scheduledUpdate.schedule', scheduledUpdate?.schedule);
  checkRollout(problems, 'scheduledUpdate', scheduledUpdate?.rollout);
  checkRollout(problems, 'automaticPatching', automaticPatching?.rollout);
}

/** What decides whether a restricted group can be created. */
export function checkRestrictedGroup(
  problems: Problems, context: GroupContext, name: string, options: RestrictedInstanceGroupOptions,
): void {
  checkBase(problems, context, name, options);
  checkForm(problems, RULES.instanceGroupCount, 'instanceCount', options.instanceCount);
  checkInstanceTypes(problems, 'instanceType', [options.instanceType], options.threadsPerCore);
  checkCapacity(problems, context, name, options);
  if (options.capacity?._choice.kind === 'spot') { problems.add(RULES.restrictedSpot, { property: 'capacity' }); }
  if (options.lustre) { checkRestrictedLustre(problems, 'lustre', options.lustre); }
}

/** The size as it is rendered, but for what isn't whole. */
function gibibytesOf({ size }: RestrictedLustreOptions): number {
  return size.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
}

/** What decides whether the file system of restricted groups can be created. */
export function checkRestrictedLustre(problems: Problems, property: string, lustre: RestrictedLustreOptions): void {
  const check = (name: string, value: number, min: number, max: number) => {
    if (isConcrete(value) && !(Number.isInteger(value) && value >= min && value <= max)) {
      problems.add(RULES.restrictedLustre, { property: `${property}.${name}`, got: value });
    }
  };
  check('size', gibibytesOf(lustre), 1200, 100_800);
  check('perUnitStorageThroughput', lustre.perUnitStorageThroughput, 125, 1000);
}

/** Whether the script that is run is among the files. */
export function checkScripts(problems: Problems, scripts: LifecycleScripts): void {
  const choice = scripts._choice;
  if (choice.kind !== 'asset' && choice.kind !== 'bucket') { return; }
  const { entryPoint } = choice;
  if (choice.kind === 'bucket' && isConcrete(choice.prefix)) { checkLocation(problems, choice.bucket.bucketName, choice.prefix); }
  if (isConcrete(entryPoint) && !fits(RULES.lifecycleEntryPoint.form!, entryPoint)) {
    problems.add(RULES.lifecycleEntryPoint, { property: 'lifecycleScripts.entryPoint', got: entryPoint });
  } else if (choice.kind === 'asset' && isConcrete(entryPoint) && !hasFile(choice.path, entryPoint)) {
    problems.add(RULES.lifecycleScriptMissing, { property: 'lifecycleScripts.entryPoint', got: entryPoint });
  } else if (faultOf(scripts) === 'lines') {
    problems.add(RULES.lifecycleScriptLines, { property: 'lifecycleScripts.entryPoint', got: entryPoint });
  }
}

/** What keeps the script of a folder of the app from being run. */
export function faultOf({ _choice: choice }: LifecycleScripts): ScriptFault | undefined {
  return choice.kind === 'asset' ? faultOfScript(join(choice.path, choice.entryPoint)) : undefined;
}

/** A name that isn't known yet has three characters at least. */
function checkLocation(problems: Problems, bucketName: string, prefix: string): void {
  const location = `s3://${isConcrete(bucketName) ? bucketName : 'xxx'}/${prefix}`;
  if (!fits(RULES.lifecycleLocation.form!, location)) {
    problems.add(RULES.lifecycleLocation, { property: 'lifecycleScripts.prefix', got: prefix });
  }
}

/** An archive is opened when it is copied; what is in it isn't looked at. */
function hasFile(path: string, entryPoint: string): boolean {
  if (!existsSync(path)) { return false; }
  return !statSync(path).isDirectory() || existsSync(join(path, entryPoint));
}

function checkBase(problems: Problems, context: GroupContext, name: string, options: InstanceGroupBaseOptions): void {
  checkForm(problems, RULES.entityName, 'instanceGroupName', name, { fix: 'choose such a name as the id, or give `instanceGroupName`' });
  if (isConcrete(name) && context.groupNames.has(name)) {
    problems.add(RULES.instanceGroupNameTwice, { property: 'instanceGroupName', got: name });
  }
  if (context.groupNames.size >= 100) { problems.add(RULES.instanceGroupLimit, { property: 'instanceGroups' }); }
  checkForm(problems, RULES.threadsPerCore, 'threadsPerCore', options.threadsPerCore);
  const checks = options.deepHealthChecks;
  if (isConcrete(checks) && checks.length > 3) { problems.add(RULES.deepHealthCheckCount, { property: 'deepHealthChecks', got: checks }); }
  for (const property of ['vpcSubnets', 'securityGroups'] as const) {
    if (options[property] && !context.vpc) { problems.add(RULES.networkWithoutVpc, { property }); }
  }
  checkSecurityGroupCount(problems, options.securityGroups);
  checkStorage(problems, context, options.storage ?? []);
}

/** The service takes 1 to 5 security groups. */
export function checkSecurityGroupCount(problems: Problems, securityGroups: unknown[] | undefined): void {
  if (securityGroups && (securityGroups.length < 1 || securityGroups.length > 5)) {
    problems.add(RULES.securityGroupCount, { property: 'securityGroups', got: securityGroups.length });
  }
}

/** Names have the form of SageMaker, and threads are those that the processor has. */
function checkInstanceTypes(problems: Problems, property: string, types: InstanceType[], threadsPerCore: number | undefined): void {
  types.forEach(type => checkForm(problems, RULES.instanceTypeName, property, type.value));
  const arm = types.find(type => isConcrete(type.value) && architectureOf(type.value) === 'arm64');
  if (threadsPerCore === 2 && arm) {
    problems.add(RULES.threadsPerCoreOnArm, { property: 'threadsPerCore', got: { threadsPerCore, instanceType: arm.value } });
  }
}

function checkInstances(problems: Problems, context: GroupContext, { instances, threadsPerCore }: InstanceGroupOptions): void {
  const { _instanceTypes: types, _count: count, _minCount: minCount, _flexible: flexible } = instances;
  checkForm(problems, RULES.instanceGroupCount, 'instances.count', count);
  checkForm(problems, RULES.instanceGroupCount, 'instances.minCount', minCount);
  checkInstanceTypes(problems, flexible ? 'instances.instanceTypes' : 'instances.instanceType', types, threadsPerCore);
  if (isConcrete(minCount) && isConcrete(count) && minCount > count) {
    problems.add(RULES.minCountAboveCount, { property: 'instances.minCount', got: minCount });
  }
  if (minCount !== undefined && context.continuous === false) { problems.add(RULES.continuousNeeded, { property: 'instances.minCount' }); }
  if (!flexible) { return; }
  const names = types.map(type => type.value);
  if (names.length < 1 || names.length > 20 || new Set(names).size < names.length) {
    problems.add(RULES.flexibleTypes, { property: 'instances.instanceTypes', got: names });
  }
  if (context.continuous === false) { problems.add(RULES.continuousNeeded, { property: 'instances' }); }
}

function checkCapacity(problems: Problems, context: GroupContext, name: string, options: InstanceGroupBaseOptions): void {
  if (options.capacity?._choice.kind === 'spot' && context.continuous === false) {
    problems.add(RULES.continuousNeeded, { property: 'capacity' });
  }
  const plan = options.capacity?._choice.kind === 'trainingPlan' ? options.capacity._choice.plan : undefined;
  if (plan && isDryRun(plan)) { problems.add(RULES.planIsDryRun, { property: 'capacity', got: { group: name, plan: plan.node.path } }); }
}

/** What only one of the orchestrators has. */
function checkOrchestration(problems: Problems, context: GroupContext, options: InstanceGroupOptions): void {
  const forbid = (rule: Rule, properties: (keyof InstanceGroupOptions)[]) => {
    for (const property of properties) {
      if (options[property] !== undefined) { problems.add(rule, { property }); }
    }
  };
  if (context.eks) {
    forbid(RULES.slurmOnly, ['slurmNode']);
  } else {
    forbid(RULES.eksOnly, ['labels', 'taints', 'partitions', 'imageReleaseVersion']);
  }
  const labels = Object.entries(options.labels ?? {});
  const { taints } = options;
  if (labels.length > MAX_LABELS) { problems.add(RULES.labelCount, { property: 'labels', got: labels.length }); }
  if (taints && taints.length > MAX_LABELS) { problems.add(RULES.labelCount, { property: 'taints', got: taints.length }); }
  for (const [key, value] of labels) {
    checkForm(problems, RULES.labelKey, 'labels', key);
    checkForm(problems, RULES.labelValue, `labels['${key}']`, value);
  }
  taints?.forEach(({ key, value }, index) => {
    checkForm(problems, RULES.labelKey, `taints[${index}].key`, key);
    checkForm(problems, RULES.labelValue, `taints[${index}].value`, value);
  });
}

function checkPartitions(problems: Problems, { partitions, instances, labels }: InstanceGroupOptions): void {
  if (!partitions) { return; }
  if (labels && Object.hasOwn(labels, PartitionLayout.LABEL_KEY)) {
    problems.add(RULES.partitionsTwice, { property: 'partitions', got: partitions.configName });
  }
  if (instances._flexible) {
    problems.add(RULES.partitionsFlexible, { property: 'partitions', got: partitions.configName });
  } else {
    checkLayout(problems, '', partitions, instances._instanceTypes[0]);
  }
}

function checkStorage(problems: Problems, context: GroupContext, storage: InstanceStorage[]): void {
  if (storage.length > 4) { problems.add(RULES.storageCount, { property: 'storage', got: storage.length }); }
  const kinds = storage.map(entry => entry._choice.kind);
  for (const kind of ['ebs', 'lustre', 'openZfs', 'root'] as const) {
    if (kinds.filter(other => other === kind).length > 1) { problems.add(RULES.storageTwice, { property: 'storage', got: kind }); }
  }
  storage.forEach(({ _choice: choice }, index) => {
    if (choice.kind === 'lustre' || choice.kind === 'openZfs') {
      if (!context.vpc) { problems.add(RULES.storageWithoutVpc, { property: `storage[${index}]` }); }
      checkForm(problems, RULES.storageDnsName, `storage[${index}].dnsName`, choice.dnsName);
      checkForm(problems, RULES.storageMountPath, `storage[${index}].mountPath`, choice.mountPath);
    }
    if (choice.kind === 'lustre') { checkForm(problems, RULES.storageMountName, `storage[${index}].mountName`, choice.mountName); }
    if (choice.kind === 'ebs' && !choice.size.isUnresolved()) {
      const size = choice.size.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
      if (!(Number.isInteger(size) && size >= 1 && size <= 16_384)) {
        problems.add(RULES.volumeSize, { property: `storage[${index}].size`, got: size });
      }
    }
  });
}

function checkRollout(problems: Problems, property: string, rollout: NodeRollout | undefined): void {
  if (!rollout) { return; }
  const { maxBatch, maxRollbackBatch, waitBetweenBatches, rollbackAlarms } = rollout;
  for (const [name, batch] of Object.entries({ maxBatch, maxRollbackBatch })) {
    if (!batch || !isConcrete(batch._value)) { continue; }
    const max = batch._type === 'CAPACITY_PERCENTAGE' ? 100 : Infinity;
    if (!(Number.isInteger(batch._value) && batch._value >= 1 && batch._value <= max)) {
      problems.add(RULES.rolloutBatch, { property: `${property}.rollout.${name}`, got: batch._value });
    }
  }
  if (maxRollbackBatch && !maxBatch) { problems.add(RULES.rolloutBatchMissing, { property: `${property}.rollout.maxBatch` }); }
  if (waitBetweenBatches && !waitBetweenBatches.isUnresolved()) {
    checkForm(problems, RULES.rolloutWait, `${property}.rollout.waitBetweenBatches`, waitBetweenBatches.toSeconds({ integral: false }));
  }
  if (rollbackAlarms && (rollbackAlarms.length < 1 || rollbackAlarms.length > 10)) {
    problems.add(RULES.rolloutAlarms, { property: `${property}.rollout.rollbackAlarms`, got: rollbackAlarms.length });
  }
}

/** Advice on the size and the throughput of the file system of restricted groups. */
export function adviseRestrictedLustre(scope: Construct, property: string, lustre: RestrictedLustreOptions): void {
  const { perUnitStorageThroughput } = lustre;
  const gibibytes = gibibytesOf(lustre);
  if (isConcrete(gibibytes) && gibibytes !== 1200 && gibibytes % 2400 !== 0) {
    warn(scope, RULES.restrictedLustreStep, { property: `${property}.size`, got: gibibytes });
  }
  if (isConcrete(perUnitStorageThroughput) && ![125, 250, 500, 1000].includes(perUnitStorageThroughput)) {
    warn(scope, RULES.restrictedLustreStep, { property: `${property}.perUnitStorageThroughput`, got: perUnitStorageThroughput });
  }
}

/** Advice on a group that can be created. */
export function adviseGroup(scope: Construct, context: GroupContext, options: InstanceGroupOptions): void {
  const types = options.instances._instanceTypes;
  adviseBase(scope, options, types);
  if (options.partitions) { adviseLayout(scope, '', options.partitions, types[0]); }
  if (options.capacity?._choice.kind === 'spot' && !context.eks) { warn(scope, RULES.spotOnSlurm, { property: 'capacity' }); }
  const values = [
    ...Object.entries(options.labels ?? {}).map(([key, value]) => [`labels['${key}']`, value]),
    ...(options.taints ?? []).map(({ value }, index) => [`taints[${index}].value`, value]),
  ];
  for (const [property, value] of values) {
    if (value === '') { warn(scope, RULES.labelValueEmpty, { property: property! }); }
  }
  const image = ssmParameterBehind(options.imageId);
  if (image?.startsWith('/aws/service/') && !image.includes('hyperpod')) { warn(scope, RULES.imageOfOthers, { property: 'imageId', got: image }); }
  if (options.deepHealthChecks?.length && options.taints?.length) { warn(scope, RULES.deepHealthCheckTaints, { property: 'taints' }); }
}

/** Advice on a restricted group that can be created. */
export function adviseRestrictedGroup(scope: Construct, context: GroupContext, options: RestrictedInstanceGroupOptions): void {
  adviseBase(scope, options, [options.instanceType]);
  if (options.lustre) { adviseRestrictedLustre(scope, 'lustre', options.lustre); }
  if (context.continuous || context.autoScaling) {
    warn(scope, RULES.restrictedContinuous, { property: context.autoScaling ? 'autoScaling' : 'nodeProvisioningMode' });
  }
}

function adviseBase(scope: Construct, options: InstanceGroupBaseOptions, types: RestrictedInstanceGroupOptions['instanceType'][]): void {
  const plain = types.find(type => type._facts?.accelerators === 0);
  if (options.deepHealthChecks?.length && plain) {
    warn(scope, RULES.deepHealthCheckType, { property: 'deepHealthChecks', got: plain.value });
  }
  const isUnsold = (type: RestrictedInstanceGroupOptions['instanceType']) => type._judged && !type._catalogueEntry?.inTrainingPlans;
  if (options.capacity?._choice.kind === 'trainingPlan' && types.length > 0 && types.every(isUnsold)) {
    warn(scope, RULES.planInstanceType, { property: 'capacity', got: types.map(type => type.value) });
  }
}

/** Advice on where the nodes of a training plan are. */
export function adviseSubnets(scope: Construct, options: InstanceGroupBaseOptions, selected: ec2.SelectedSubnets | undefined): void {
  if (options.capacity?._choice.kind !== 'trainingPlan' || !selected || selected.isPendingLookup) { return; }
  const zones = new Set(selected.subnets.map(zoneOf));
  if (zones.size > 1 && [...zones].every(isConcrete)) {
    warn(scope, RULES.planSubnets, { property: 'vpcSubnets', got: [...zones] });
  }
}
