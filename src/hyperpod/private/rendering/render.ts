import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { MountedFileSystem } from './instance-groups';
import type { NodeProvisioningMode } from '../../clusters/vocabulary/node-provisioning';
import { SlurmConfigStrategy, type Orchestrator } from '../../clusters/vocabulary/orchestrator';
import type { InstanceGroupBaseOptions, InstanceGroupOptions, NodeTaint } from '../../groups/vocabulary/instance-group';
import type { InstanceStorage } from '../../groups/vocabulary/instance-storage';
import type { AutomaticPatching, NodeRollout } from '../../groups/vocabulary/node-updates';
import type { RestrictedInstanceGroupOptions, RestrictedLustreOptions } from '../../groups/vocabulary/restricted-instance-group';

/** What a group gets from its cluster. */
export interface GroupSetting {
  readonly name: string;
  readonly executionRoleArn: string;
  readonly overrideVpcConfig?: sagemaker.CfnCluster.VpcConfigProperty;
  readonly lifeCycleConfig?: sagemaker.CfnCluster.ClusterLifeCycleConfigProperty;
}

/** Properties of groups that the oldest supported aws-cdk-lib doesn't know yet. */
export interface NewerGroupProperties {
  readonly imageReleaseVersion?: string;
  readonly autoPatchConfig?: object;
}

/** An instance group as CloudFormation has it. */
export function renderGroup(
  setting: GroupSetting, options: InstanceGroupOptions,
): sagemaker.CfnCluster.ClusterInstanceGroupProperty & NewerGroupProperties {
  const { instances, partitions, slurmNode, scheduledUpdate } = options;
  const labels = { ...options.labels, ...partitions?.nodeLabels };
  const kubernetes = { labels: Object.keys(labels).length > 0 ? labels : undefined, taints: unlessEmpty(options.taints)?.map(renderTaint) };
  return {
    instanceCount: instances._count,
    minInstanceCount: instances._minCount,
    instanceType: instances._flexible ? undefined : instances._instanceTypes[0].value,
    instanceRequirements: instances._flexible ? { instanceTypes: instances._instanceTypes.map(type => type.value) } : undefined,
    capacityRequirements: renderCapacity(options),
    lifeCycleConfig: setting.lifeCycleConfig,
    kubernetesConfig: kubernetes.labels || kubernetes.taints ? kubernetes : undefined,
    slurmConfig: slurmNode && {
      nodeType: slurmNode._nodeType,
      partitionNames: slurmNode._partitionName === undefined ? undefined : [slurmNode._partitionName],
    },
    networkInterface: options.networkInterfaceType && { interfaceType: options.networkInterfaceType.value },
    imageId: options.imageId,
    imageReleaseVersion: options.imageReleaseVersion,
    scheduledUpdateConfig: scheduledUpdate && {
      scheduleExpression: scheduledUpdate.schedule,
      deploymentConfig: renderRollout(scheduledUpdate.rollout),
    },
    autoPatchConfig: options.automaticPatching && renderPatching(options.automaticPatching),
    ...renderBase(setting, options), // last: in front, V8 takes a hundred times as long to make the object
  };
}

/** A restricted instance group as CloudFormation has it. */
export function renderRestrictedGroup(
  setting: GroupSetting, options: RestrictedInstanceGroupOptions,
): sagemaker.CfnCluster.ClusterRestrictedInstanceGroupProperty {
  return {
    instanceCount: options.instanceCount,
    instanceType: options.instanceType.value,
    environmentConfig: options.lustre && { fSxLustreConfig: renderLustre(options.lustre) },
    ...renderBase(setting, options),
  };
}

/** The file system of restricted groups as CloudFormation has it. */
export function renderLustre(options: RestrictedLustreOptions): sagemaker.CfnCluster.FSxLustreConfigProperty {
  return { sizeInGiB: options.size.toGibibytes(), perUnitStorageThroughput: options.perUnitStorageThroughput };
}

/**
 * The orchestrator as CloudFormation has it. A cluster whose Slurm is set up by lifecycle scripts has none: the service refuses one
 * beside `provisioning_parameters.json`, and where no group is a controller.
 */
export function renderOrchestrator(
  { _choice: choice }: Orchestrator, mode: NodeProvisioningMode | undefined, isSetUpByApi: boolean,
): sagemaker.CfnCluster.OrchestratorProperty | undefined {
  if (choice.kind === 'eks') { return { eks: { clusterArn: choice.cluster.clusterRef.clusterArn } }; }
  if (!isSetUpByApi) { return undefined; }
  const { accountingDatabase: database, configStrategy } = choice.options;
  const slurm = {
    // The service asks for a strategy, and refuses one with continuous provisioning. Nothing is known of other modes.
    slurmConfigStrategy: configStrategy?.value ?? (mode ? undefined : SlurmConfigStrategy.MERGE.value),
    accountingDatabase: database && {
      endpoint: database.endpoint, port: database.port, name: database.databaseName, secretArn: database.secret.secretArn,
    },
  };
  return { slurm };
}

function renderBase(setting: GroupSetting, options: InstanceGroupBaseOptions) {
  const capacity = options.capacity?._choice;
  return {
    instanceGroupName: setting.name,
    executionRole: setting.executionRoleArn,
    overrideVpcConfig: setting.overrideVpcConfig,
    threadsPerCore: options.threadsPerCore,
    onStartDeepHealthChecks: unlessEmpty(options.deepHealthChecks)?.map(check => check.value),
    instanceStorageConfigs: unlessEmpty(options.storage)?.map(renderStorage),
    trainingPlanArn: capacity?.kind === 'trainingPlan' ? capacity.plan.trainingPlanRef.trainingPlanArn : undefined,
  };
}

/** A list, or undefined where it has nothing, since the service refuses some lists that are empty. */
function unlessEmpty<T>(list: T[] | undefined): T[] | undefined {
  return list?.length ? list : undefined;
}

function renderCapacity(options: InstanceGroupOptions): sagemaker.CfnCluster.ClusterCapacityRequirementsProperty | undefined {
  switch (options.capacity?._choice.kind) {
    case 'spot': return { spot: {} };
    case 'onDemand': return { onDemand: {} };
    default: return undefined;
  }
}

function renderTaint({ key, value, effect }: NodeTaint): sagemaker.CfnCluster.ClusterKubernetesTaintProperty {
  return { key, value, effect: effect.value };
}

function renderStorage({ _choice: choice }: InstanceStorage): sagemaker.CfnCluster.ClusterInstanceStorageConfigProperty {
  switch (choice.kind) {
    case 'ebs':
      return { ebsVolumeConfig: { volumeSizeInGb: choice.size.toGibibytes(), volumeKmsKeyId: choice.encryptionKey?.keyRef.keyArn } };
    case 'root':
      return { ebsVolumeConfig: { rootVolume: true, volumeKmsKeyId: choice.encryptionKey.keyRef.keyArn } };
    case 'lustre':
      return { fsxLustreConfig: { dnsName: choice.dnsName, mountName: choice.mountName, mountPath: choice.mountPath } };
    case 'openZfs':
      return { fsxOpenZfsConfig: { dnsName: choice.dnsName, mountPath: choice.mountPath } };
  }
}

/** The file systems that storage mounts, by the port that they listen on: that of Lustre, or of NFS. */
export function fileSystemsOf(storage: InstanceStorage[] | undefined): MountedFileSystem[] {
  return (storage ?? []).flatMap(({ _choice: choice }) => {
    if (choice.kind !== 'lustre' && choice.kind !== 'openZfs') { return []; }
    return [{ dnsName: choice.dnsName, port: choice.kind === 'lustre' ? 988 : 2049 }];
  });
}

function renderPatching(patching: AutomaticPatching): object {
  return {
    patchingStrategy: patching.strategy.value,
    deploymentConfig: renderRollout(patching.rollout),
  };
}

function renderRollout(rollout: NodeRollout | undefined): sagemaker.CfnCluster.DeploymentConfigProperty | undefined {
  if (!rollout) { return undefined; }
  const { maxBatch, maxRollbackBatch } = rollout;
  return {
    rollingUpdatePolicy: maxBatch && {
      maximumBatchSize: { type: maxBatch._type, value: maxBatch._value },
      rollbackMaximumBatchSize: maxRollbackBatch && { type: maxRollbackBatch._type, value: maxRollbackBatch._value },
    },
    waitIntervalInSeconds: rollout.waitBetweenBatches?.toSeconds(),
    autoRollbackConfiguration: rollout.rollbackAlarms?.map(alarm => ({ alarmName: alarm.alarmRef.alarmName })),
  };
}
