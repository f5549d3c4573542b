import { existsSync, statSync } from 'fs';
import { join } from 'path';
import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { isConcrete, warn, type Problems } from '../../private/problems';
import type { Rule } from '../../private/rule';
import { isMadeUpZone, zoneOf } from '../../private/subnets';
import type { InstanceGroupBaseOptions, InstanceGroupOptions } from '../instance-group';
import type { InstanceStorage } from '../instance-storage';
import type { Instances } from '../instances';
import type { LifecycleScripts } from '../lifecycle-scripts';
import type { NodeRollout } from '../node-updates';
import { PartitionLayout } from '../partition-layout';
import type { RestrictedInstanceGroupOptions, RestrictedLustreOptions } from '../restricted-instance-group';
import { requireKinds, type Kinded } from './kinds';
import { adviseLayout, checkLayout } from './layouts';
import { RULES } from './rules';
import { isEntityName } from './validation';

/** What groups are held to by their cluster. */
export interface GroupContext {
  readonly eks: boolean;
  /** Whether nodes are provisioned one by one, or undefined where the mode isn't known. */
  readonly continuous: boolean | undefined;
  readonly autoScaling: boolean;
  readonly vpc: boolean;
  readonly groupNames: ReadonlySet<string>;
}

const IMAGE_ID = /^(?:ami-[0-9a-fA-F]{8,17}|default)$/;
const IMAGE_RELEASE = /^\d+\.\d+\.\d+$/;
const CRON = /^cron\(.+\)$/;
const MAX_LABELS = 50;
const MAX_LABEL_VALUE = 63;

/** Refuses options of a group that the wrong class has made. */
export function requireGroupKinds(scope: Construct, options: InstanceGroupOptions): void {
  requireKinds(scope, [
    ...baseKinds(options),
    ['instances', options.instances, 'hyperpod.Instances'],
    ['partitions', options.partitions, 'hyperpod.PartitionLayout'],
    ['slurmNode', options.slurmNode, 'hyperpod.SlurmNode'],
    ['lifecycleScripts', options.lifecycleScripts, 'hyperpod.LifecycleScripts'],
    ['networkInterfaceType', options.networkInterfaceType, 'hyperpod.NetworkInterfaceType'],
    ['automaticPatching.strategy', options.automaticPatching?.strategy, 'hyperpod.PatchingStrategy'],
    ...(options.taints ?? []).map(({ effect }, index): Kinded => [`taints[${index}].effect`, effect, 'hyperpod.TaintEffect']),
    ...[options.scheduledUpdate?.rollout, options.automaticPatching?.rollout].flatMap((rollout, index): Kinded[] => {
      const property = `${index === 0 ? 'scheduledUpdate' : 'automaticPatching'}.rollout`;
      return [
        [`${property}.maxBatch`, rollout?.maxBatch, 'hyperpod.BatchSize'],
        [`${property}.maxRollbackBatch`, rollout?.maxRollbackBatch, 'hyperpod.BatchSize'],
      ];
    }),
  ]);
  requireKinds(scope, [
    ['instances.instanceTypes', options.instances._instanceTypes, 'hyperpod.InstanceType'],
    ...stageKind(options.lifecycleScripts),
  ]);
}

/** Refuses options of a restricted group that the wrong class has made. */
export function requireRestrictedGroupKinds(scope: Construct, options: RestrictedInstanceGroupOptions): void {
  requireKinds(scope, [...baseKinds(options), ['instanceType', options.instanceType, 'hyperpod.InstanceType']]);
}

function baseKinds(options: InstanceGroupBaseOptions): Kinded[] {
  return [
    ['capacity', options.capacity, 'hyperpod.Capacity'],
    ['storage', options.storage, 'hyperpod.InstanceStorage'],
    ['deepHealthChecks', options.deepHealthChecks, 'hyperpod.DeepHealthCheck'],
  ];
}

/** The stage of scripts, where there are some. */
export function stageKind(scripts: LifecycleScripts | undefined): Kinded[] {
  const choice = scripts?._choice;
  return choice?.kind === 'asset' || choice?.kind === 'bucket' ? [['lifecycleScripts.stage', choice.stage, 'hyperpod.LifecycleStage']] : [];
}

/** What decides whether a group can be created. */
export function checkGroup(problems: Problems, context: GroupContext, name: string, options: InstanceGroupOptions): void {
  checkBase(problems, context, name, options);
  checkInstances(problems, context, options.instances);
  checkCapacity(problems, context, options);
  checkOrchestration(problems, context, options);
  checkPartitions(problems, options);
  if (options.lifecycleScripts) { checkScripts(problems, options.lifecycleScripts); }
  if (isConcrete(options.imageId) && !IMAGE_ID.test(options.imageId)) {
    problems.add(RULES.imageId, { property: 'imageId', got: options.imageId });
  }
  if (isConcrete(options.imageReleaseVersion) && !IMAGE_RELEASE.test(options.imageReleaseVersion)) {
    problems.add(RULES.imageRelease, { property: 'imageReleaseVersion', got: options.imageReleaseVersion });
  }
  const { scheduledUpdate, automaticPatching } = options;
  if (isConcrete(scheduledUpdate?.schedule) && !CRON.test(scheduledUpdate.schedule)) {
    problems.add(RULES.updateSchedule, { property: 'scheduledUpdate.schedule', got: scheduledUpdate.schedule });
  }
  checkRollout(problems, 'scheduledUpdate', scheduledUpdate?.rollout);
  checkRollout(problems, 'automaticPatching', automaticPatching?.rollout);
}

/** What decides whether a restricted group can be created. */
export function checkRestrictedGroup(
  problems: Problems, context: GroupContext, name: string, options: RestrictedInstanceGroupOptions,
): void {
  checkBase(problems, context, name, options);
  checkCount(problems, 'instanceCount', options.instanceCount);
  checkCapacity(problems, context, options);
  if (options.capacity?._choice.kind === 'spot') { problems.add(RULES.restrictedSpot, { property: 'capacity' }); }
  if (options.lustre) { checkRestrictedLustre(problems, 'lustre', options.lustre); }
}

/** What decides whether the file system of restricted groups can be created. */
export function checkRestrictedLustre(problems: Problems, property: string, lustre: RestrictedLustreOptions): void {
  const check = (name: string, value: number, min: number, max: number) => {
    if (isConcrete(value) && !(Number.isInteger(value) && value >= min && value <= max)) {
      problems.add(RULES.restrictedLustre, { property: `${property}.${name}`, got: value });
    }
  };
  check('sizeGib', lustre.sizeGib, 1200, 100_800);
  check('perUnitStorageThroughput', lustre.perUnitStorageThroughput, 125, 1000);
}

/** Whether the script that is run is among the files. */
export function checkScripts(problems: Problems, scripts: LifecycleScripts): void {
  const choice = scripts._choice;
  if (choice.kind !== 'asset' && choice.kind !== 'bucket') { return; }
  const { entryPoint } = choice;
  if (isConcrete(entryPoint) && !(entryPoint.length >= 1 && entryPoint.length <= 128)) {
    problems.add(RULES.lifecycleEntryPoint, { property: 'lifecycleScripts.entryPoint', got: entryPoint });
  } else if (choice.kind === 'asset' && !hasFile(choice.path, entryPoint)) {
    problems.add(RULES.lifecycleScriptMissing, { property: 'lifecycleScripts.entryPoint', got: entryPoint });
  }
}

/** An archive is opened when it is copied; what is in it isn't looked at. */
function hasFile(path: string, entryPoint: string): boolean {
  if (!existsSync(path)) { return false; }
  return !statSync(path).isDirectory() || existsSync(join(path, entryPoint));
}

function checkBase(problems: Problems, context: GroupContext, name: string, options: InstanceGroupBaseOptions): void {
  if (isConcrete(name) && !isEntityName(name)) {
    problems.add(RULES.entityName, { property: 'instanceGroupName', got: name, fix: 'choose such a name as the id, or give `instanceGroupName`' });
  }
  if (isConcrete(name) && context.groupNames.has(name)) {
    problems.add(RULES.instanceGroupNameTwice, { property: 'instanceGroupName', got: name });
  }
  if (context.groupNames.size >= 100) { problems.add(RULES.instanceGroupLimit, { property: 'instanceGroups' }); }
  const { threadsPerCore } = options;
  if (isConcrete(threadsPerCore) && ![1, 2].includes(threadsPerCore)) {
    problems.add(RULES.threadsPerCore, { property: 'threadsPerCore', got: threadsPerCore });
  }
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

function checkCount(problems: Problems, property: string, count: number | undefined): void {
  if (isConcrete(count) && !(Number.isInteger(count) && count >= 0 && count <= 6758)) {
    problems.add(RULES.instanceGroupCount, { property, got: count });
  }
}

function checkInstances(problems: Problems, context: GroupContext, instances: Instances): void {
  const { _instanceTypes: types, _count: count, _minCount: minCount, _flexible: flexible } = instances;
  checkCount(problems, 'instances.count', count);
  checkCount(problems, 'instances.minCount', minCount);
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

function checkCapacity(problems: Problems, context: GroupContext, options: InstanceGroupBaseOptions): void {
  if (options.capacity?._choice.kind === 'spot' && context.continuous === false) {
    problems.add(RULES.continuousNeeded, { property: 'capacity' });
  }
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
    if (isConcrete(value) && value.length > MAX_LABEL_VALUE) {
      problems.add(RULES.labelValue, { property: `labels['${key}']`, got: value });
    }
  }
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
  for (const kind of ['lustre', 'openZfs', 'root'] as const) {
    if (kinds.filter(other => other === kind).length > 1) { problems.add(RULES.storageTwice, { property: 'storage', got: kind }); }
  }
  storage.forEach(({ _choice: choice }, index) => {
    if ((choice.kind === 'lustre' || choice.kind === 'openZfs') && !context.vpc) {
      problems.add(RULES.storageWithoutVpc, { property: `storage[${index}]` });
    }
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
  if (waitBetweenBatches && !waitBetweenBatches.isUnresolved() && waitBetweenBatches.toSeconds() > 3600) {
    problems.add(RULES.rolloutWait, { property: `${property}.rollout.waitBetweenBatches`, got: waitBetweenBatches.toSeconds() });
  }
  if (rollbackAlarms && (rollbackAlarms.length < 1 || rollbackAlarms.length > 10)) {
    problems.add(RULES.rolloutAlarms, { property: `${property}.rollout.rollbackAlarms`, got: rollbackAlarms.length });
  }
}

/** Advice on a group that can be created. */
export function adviseGroup(scope: Construct, context: GroupContext, options: InstanceGroupOptions): void {
  const types = options.instances._instanceTypes;
  adviseBase(scope, options, types);
  if (options.partitions) { adviseLayout(scope, '', options.partitions, types[0]); }
  if (options.capacity?._choice.kind === 'spot' && !context.eks) { warn(scope, RULES.spotOnSlurm, { property: 'capacity' }); }
  if (options.deepHealthChecks?.length && options.taints?.length) { warn(scope, RULES.deepHealthCheckTaints, { property: 'taints' }); }
}

/** Advice on a restricted group that can be created. */
export function adviseRestrictedGroup(scope: Construct, context: GroupContext, options: RestrictedInstanceGroupOptions): void {
  adviseBase(scope, options, [options.instanceType]);
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
  if (zones.size > 1 && [...zones].every(zone => isConcrete(zone) && !isMadeUpZone(zone))) {
    warn(scope, RULES.planSubnets, { property: 'vpcSubnets', got: [...zones] });
  }
}
