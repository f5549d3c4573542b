/**
 * Where each field of CloudFormation and of the SageMaker API is found in `hyperpod`. `coverage.test.ts` holds it to the
 * installed aws-cdk-lib and AWS SDK, and to our own sources, both ways.
 */

/** What an update of a CloudFormation property does. Some that CloudFormation takes for updates, SageMaker refuses. */
export type UpdateBehaviour = 'in place' | 'replacement' | 'refused by SageMaker';

/** A field that users reach by members of ours, each written as `Class.member`. */
export interface Offered {
  readonly ours: readonly string[];
  readonly update?: UpdateBehaviour;
}

/** A field that users don't reach, and why. */
export interface NotOffered {
  readonly why: string;
}

export type Coverage = Record<string, Offered | NotOffered>;

const offered = (...ours: string[]): Offered => ({ ours });
const inPlace = (...ours: string[]): Offered => ({ ours, update: 'in place' });
const replacement = (...ours: string[]): Offered => ({ ours, update: 'replacement' });
const refused = (...ours: string[]): Offered => ({ ours, update: 'refused by SageMaker' });
const because = (why: string): NotOffered => ({ why });

/** The fields of a shape that stands in a field of another one. */
function within(prefix: string, fields: Coverage): Coverage {
  return Object.fromEntries(Object.entries(fields).map(([name, coverage]) => [`${prefix}.${name}`, coverage]));
}

/** The same fields with the first letter as the API has it. */
function capitalized(fields: Coverage): Coverage {
  return Object.fromEntries(Object.entries(fields).map(([path, coverage]) => [
    path.split('.').map(name => name[0].toUpperCase() + name.slice(1)).join('.'), coverage,
  ]));
}

/** The same fields where an update has no meaning. */
function withoutUpdate(fields: Coverage): Coverage {
  return Object.fromEntries(Object.entries(fields).map(([path, coverage]) => [path, 'ours' in coverage ? { ours: coverage.ours } : coverage]));
}

const AMOUNT: Coverage = {
  instanceType: inPlace('InstanceAmount.instanceType', 'AcceleratorAmount.instanceType', 'ComputeAmount.instanceType', 'PartitionAmount.instanceType'),
  count: inPlace('InstanceAmount.count'),
  accelerators: inPlace('AcceleratorAmount.count'),
  vCpu: inPlace('AcceleratorAmount.vcpus', 'ComputeAmount.vcpus', 'PartitionAmount.vcpus'),
  memoryInGiB: inPlace('AcceleratorAmount.memory', 'ComputeAmount.memory', 'PartitionAmount.memory'),
  acceleratorPartition: inPlace('QuotaResource.partitions'),
  ...within('acceleratorPartition', {
    type: inPlace('PartitionAmount.profile'),
    count: inPlace('PartitionAmount.count'),
  }),
};

const QUOTA_CONFIG: Coverage = {
  computeQuotaConfig: inPlace('ComputeQuotaOptions.resources', 'ComputeQuotaOptions.sharing', 'ComputeQuotaOptions.preemptTeamTasks'),
  ...within('computeQuotaConfig', {
    computeQuotaResources: inPlace('ComputeQuotaOptions.resources'),
    ...within('computeQuotaResources', AMOUNT),
    resourceSharingConfig: inPlace('ComputeQuotaOptions.sharing'),
    ...within('resourceSharingConfig', {
      strategy: inPlace('ResourceSharing.lendAndBorrow', 'ResourceSharing.lend', 'ResourceSharing.dontLend', 'ResourceSharingOptions.strategy'),
      borrowLimit: inPlace('BorrowOptions.maxBorrowPercent'),
      absoluteBorrowLimits: inPlace('BorrowOptions.absoluteBorrowLimits'),
      ...within('absoluteBorrowLimits', AMOUNT),
    }),
    preemptTeamTasks: inPlace('ComputeQuotaOptions.preemptTeamTasks'),
  }),
};

const QUOTA_TARGET: Coverage = {
  computeQuotaTarget: replacement('ComputeQuotaOptions.team'),
  ...within('computeQuotaTarget', {
    teamName: replacement('ComputeQuotaOptions.team'),
    fairShareWeight: inPlace('ComputeQuotaOptions.fairShareWeight'),
  }),
};

const TIMESTAMP = 'a deployment has no use for it; `Fn::GetAtt` on the resource gives it';

const ROLLOUT: Coverage = {
  deploymentConfig: inPlace('ScheduledNodeUpdate.rollout', 'AutomaticPatching.rollout'),
  ...within('deploymentConfig', {
    'rollingUpdatePolicy': inPlace('NodeRollout.maxBatch'),
    ...within('rollingUpdatePolicy', {
      'maximumBatchSize': inPlace('NodeRollout.maxBatch'),
      'maximumBatchSize.type': inPlace('BatchSize.instances', 'BatchSize.percent'),
      'maximumBatchSize.value': inPlace('BatchSize.instances', 'BatchSize.percent'),
      'rollbackMaximumBatchSize': inPlace('NodeRollout.maxRollbackBatch'),
      'rollbackMaximumBatchSize.type': inPlace('BatchSize.instances', 'BatchSize.percent'),
      'rollbackMaximumBatchSize.value': inPlace('BatchSize.instances', 'BatchSize.percent'),
    }),
    'waitIntervalInSeconds': inPlace('NodeRollout.waitBetweenBatches'),
    'autoRollbackConfiguration': inPlace('NodeRollout.rollbackAlarms'),
    'autoRollbackConfiguration.alarmName': inPlace('NodeRollout.rollbackAlarms'),
  }),
};

const GROUP_BASE: Coverage = {
  'currentCount': because('CloudFormation reads it; `ClusterNodesLookup` tells the nodes'),
  'executionRole': inPlace('InstanceGroupBaseOptions.executionRole', 'ClusterProps.executionRole', 'IInstanceGroup.executionRole'),
  'instanceGroupName': inPlace('InstanceGroupBaseOptions.instanceGroupName', 'IInstanceGroup.instanceGroupName'),
  'instanceStorageConfigs': inPlace('InstanceGroupBaseOptions.storage'),
  ...within('instanceStorageConfigs', {
    'ebsVolumeConfig': inPlace('InstanceStorage.ebsVolume', 'InstanceStorage.rootVolume'),
    'ebsVolumeConfig.rootVolume': inPlace('InstanceStorage.rootVolume'),
    'ebsVolumeConfig.volumeKmsKeyId': inPlace('EbsVolumeOptions.encryptionKey', 'RootVolumeOptions.encryptionKey'),
    'ebsVolumeConfig.volumeSizeInGb': inPlace('EbsVolumeOptions.size'),
    'fsxLustreConfig': inPlace('InstanceStorage.lustre'),
    'fsxLustreConfig.dnsName': inPlace('LustreMount.dnsName'),
    'fsxLustreConfig.mountName': inPlace('LustreMount.mountName'),
    'fsxLustreConfig.mountPath': inPlace('LustreMount.mountPath'),
    'fsxOpenZfsConfig': inPlace('InstanceStorage.openZfs'),
    'fsxOpenZfsConfig.dnsName': inPlace('OpenZfsMount.dnsName'),
    'fsxOpenZfsConfig.mountPath': inPlace('OpenZfsMount.mountPath'),
  }),
  'onStartDeepHealthChecks': inPlace('InstanceGroupBaseOptions.deepHealthChecks'),
  'overrideVpcConfig': refused('InstanceGroupBaseOptions.vpcSubnets', 'InstanceGroupBaseOptions.securityGroups'),
  'overrideVpcConfig.securityGroupIds': refused('InstanceGroupBaseOptions.securityGroups'),
  'overrideVpcConfig.subnets': refused('InstanceGroupBaseOptions.vpcSubnets'),
  'threadsPerCore': refused('InstanceGroupBaseOptions.threadsPerCore'),
  'trainingPlanArn': refused('InstanceGroupBaseOptions.capacity', 'Capacity.trainingPlan'),
};

const GROUP: Coverage = {
  ...GROUP_BASE,
  'instanceCount': inPlace('InstancesOfTypeOptions.count', 'FlexibleInstancesOptions.count'),
  'minInstanceCount': inPlace('InstancesOfTypeOptions.minCount', 'FlexibleInstancesOptions.minCount'),
  'instanceType': refused('InstanceGroupOptions.instances', 'InstancesOfTypeOptions.instanceType'),
  'instanceRequirements': inPlace('Instances.flexible'),
  'instanceRequirements.instanceTypes': inPlace('FlexibleInstancesOptions.instanceTypes'),
  'capacityRequirements': refused('InstanceGroupBaseOptions.capacity'),
  'capacityRequirements.onDemand': refused('Capacity.onDemand'),
  'capacityRequirements.spot': refused('Capacity.spot'),
  'lifeCycleConfig': inPlace('InstanceGroupOptions.lifecycleScripts', 'ClusterProps.lifecycleScripts'),
  'lifeCycleConfig.onCreate': inPlace('LifecycleScriptOptions.entryPoint', 'LifecycleScriptOptions.stage'),
  'lifeCycleConfig.onInitComplete': inPlace('LifecycleScriptOptions.entryPoint', 'LifecycleScriptOptions.stage'),
  'lifeCycleConfig.sourceS3Uri': inPlace('LifecycleScripts.fromAsset', 'LifecycleScripts.fromBucket'),
  'kubernetesConfig': inPlace('InstanceGroupOptions.labels', 'InstanceGroupOptions.taints', 'InstanceGroupOptions.partitions'),
  ...within('kubernetesConfig', {
    'labels': inPlace('InstanceGroupOptions.labels', 'InstanceGroupOptions.partitions'),
    'taints': inPlace('InstanceGroupOptions.taints'),
    'taints.effect': inPlace('NodeTaint.effect'),
    'taints.key': inPlace('NodeTaint.key'),
    'taints.value': inPlace('NodeTaint.value'),
  }),
  'slurmConfig': refused('InstanceGroupOptions.slurmNode'),
  'slurmConfig.nodeType': refused('SlurmNode.controller', 'SlurmNode.login', 'SlurmNode.compute'),
  'slurmConfig.partitionNames': inPlace('SlurmComputeOptions.partitionName'),
  'networkInterface': inPlace('InstanceGroupOptions.networkInterfaceType'),
  'networkInterface.interfaceType': inPlace('InstanceGroupOptions.networkInterfaceType'),
  'imageId': inPlace('InstanceGroupOptions.imageId'),
  'imageReleaseVersion': inPlace('InstanceGroupOptions.imageReleaseVersion'),
  'scheduledUpdateConfig': inPlace('InstanceGroupOptions.scheduledUpdate'),
  ...within('scheduledUpdateConfig', { scheduleExpression: inPlace('ScheduledNodeUpdate.schedule'), ...ROLLOUT }),
  'autoPatchConfig': inPlace('InstanceGroupOptions.automaticPatching'),
  ...within('autoPatchConfig', {
    'patchingStrategy': inPlace('AutomaticPatching.strategy'),
    'patchSchedule': because('it has nothing but the date of the next patch'),
    'patchSchedule.nextPatchDate': because('CloudFormation can only read it: SageMaker sets the date, and UpdateCluster of the API moves it'),
    ...ROLLOUT,
  }),
};

const LUSTRE: Coverage = {
  'fSxLustreConfig': inPlace('RestrictedInstanceGroupOptions.lustre', 'RestrictedSharedEnvironment.lustre'),
  'fSxLustreConfig.perUnitStorageThroughput': inPlace('RestrictedLustreOptions.perUnitStorageThroughput'),
  'fSxLustreConfig.sizeInGiB': inPlace('RestrictedLustreOptions.size'),
};

/** The CloudFormation types that we render: their properties, and as `attr…` their attributes. */
export const CLOUDFORMATION: Record<string, Coverage> = {
  Cluster: {
    'clusterName': replacement('ClusterProps.clusterName'),
    'orchestrator': replacement('ClusterProps.orchestrator'),
    ...within('orchestrator', {
      'eks': replacement('Orchestrator.eks'),
      'eks.clusterArn': replacement('Orchestrator.eks'),
      'slurm': inPlace('Orchestrator.slurm'),
      'slurm.slurmConfigStrategy': inPlace('SlurmOrchestratorOptions.configStrategy'),
      'slurm.accountingDatabase': inPlace('SlurmOrchestratorOptions.accountingDatabase'),
      'slurm.accountingDatabase.endpoint': inPlace('SlurmAccountingDatabase.endpoint'),
      'slurm.accountingDatabase.name': inPlace('SlurmAccountingDatabase.databaseName'),
      'slurm.accountingDatabase.port': inPlace('SlurmAccountingDatabase.port'),
      'slurm.accountingDatabase.secretArn': inPlace('SlurmAccountingDatabase.secret'),
    }),
    'vpcConfig': replacement('ClusterProps.vpc'),
    'vpcConfig.securityGroupIds': replacement('ClusterProps.securityGroups'),
    'vpcConfig.subnets': replacement('ClusterProps.vpcSubnets'),
    'nodeRecovery': inPlace('ClusterProps.nodeRecovery'),
    'nodeProvisioningMode': inPlace('ClusterProps.nodeProvisioningMode'),
    'autoScaling': inPlace('ClusterProps.autoScaling'),
    'autoScaling.autoScalerType': inPlace('AutoScaling.karpenter'),
    'autoScaling.mode': inPlace('AutoScaling.karpenter', 'AutoScaling.disabled'),
    'clusterRole': inPlace('KarpenterOptions.role', 'Cluster.clusterRole'),
    'tieredStorageConfig': inPlace('ClusterProps.tieredStorage'),
    'tieredStorageConfig.instanceMemoryAllocationPercentage': inPlace('TieredStorageOptions.instanceMemoryPercent'),
    'tieredStorageConfig.mode': inPlace('TieredStorage.enabled', 'TieredStorage.disabled'),
    'instanceGroups': inPlace('Cluster.addInstanceGroup'),
    ...within('instanceGroups', GROUP),
    'restrictedInstanceGroups': inPlace('Cluster.addRestrictedInstanceGroup'),
    ...within('restrictedInstanceGroups', {
      ...GROUP_BASE,
      instanceCount: inPlace('RestrictedInstanceGroupOptions.instanceCount'),
      instanceType: refused('RestrictedInstanceGroupOptions.instanceType'),
      environmentConfig: inPlace('RestrictedInstanceGroupOptions.lustre'),
      ...within('environmentConfig', LUSTRE),
    }),
    'restrictedInstanceGroupsConfig': inPlace('ClusterProps.restrictedEnvironment'),
    'restrictedInstanceGroupsConfig.sharedEnvironmentConfig': inPlace('ClusterProps.restrictedEnvironment'),
    ...within('restrictedInstanceGroupsConfig.sharedEnvironmentConfig', {
      ...LUSTRE,
      fSxLustreDeletionPolicy: inPlace('RestrictedSharedEnvironment.lustreDeletionPolicy'),
    }),
    'tags': because('`Tags.of()` reaches it'),
    'attrClusterArn': offered('Cluster.clusterArn', 'ICluster.clusterArn'),
    'attrClusterStatus': offered('Cluster.status'),
    'attrCreationTime': because(TIMESTAMP),
    'attrFailureMessage': because('a cluster that CloudFormation has created has none; `Fn::GetAtt` on the resource gives it'),
  },
  ComputeQuota: {
    name: replacement('ComputeQuotaOptions.computeQuotaName'),
    clusterArn: replacement('ComputeQuotaProps.cluster'),
    description: inPlace('ComputeQuotaOptions.description'),
    activationState: inPlace('ComputeQuotaOptions.enabled'),
    ...QUOTA_TARGET,
    ...QUOTA_CONFIG,
    tags: because('`Tags.of()` reaches it'),
    attrComputeQuotaArn: offered('ComputeQuota.computeQuotaArn', 'IComputeQuota.computeQuotaArn'),
    attrComputeQuotaId: offered('ComputeQuota.computeQuotaId', 'IComputeQuota.computeQuotaId'),
    attrComputeQuotaVersion: offered('ComputeQuota.computeQuotaVersion'),
    attrStatus: offered('ComputeQuota.status'),
    attrCreationTime: because(TIMESTAMP),
    attrLastModifiedTime: because(TIMESTAMP),
  },
  ClusterSchedulerConfig: {
    name: replacement('ClusterSchedulerConfigOptions.clusterSchedulerConfigName'),
    clusterArn: replacement('ClusterSchedulerConfigProps.cluster'),
    description: inPlace('ClusterSchedulerConfigOptions.description'),
    schedulerConfig: inPlace(
      'ClusterSchedulerConfigOptions.priorityClasses', 'ClusterSchedulerConfigOptions.fairShare', 'ClusterSchedulerConfigOptions.idleResourceSharing'),
    ...within('schedulerConfig', {
      priorityClasses: inPlace('ClusterSchedulerConfigOptions.priorityClasses'),
      ...within('priorityClasses', {
        name: inPlace('PriorityClass.name'),
        weight: inPlace('PriorityClass.weight'),
      }),
      fairShare: inPlace('ClusterSchedulerConfigOptions.fairShare'),
      idleResourceSharing: inPlace('ClusterSchedulerConfigOptions.idleResourceSharing'),
    }),
    tags: because('`Tags.of()` reaches it'),
    attrClusterSchedulerConfigArn: offered(
      'ClusterSchedulerConfig.clusterSchedulerConfigArn', 'IClusterSchedulerConfig.clusterSchedulerConfigArn'),
    attrClusterSchedulerConfigId: offered(
      'ClusterSchedulerConfig.clusterSchedulerConfigId', 'IClusterSchedulerConfig.clusterSchedulerConfigId'),
    attrClusterSchedulerConfigVersion: offered('ClusterSchedulerConfig.clusterSchedulerConfigVersion'),
    attrStatus: offered('ClusterSchedulerConfig.status'),
    attrCreationTime: because(TIMESTAMP),
  },
};

const TAGS: Coverage = {
  Tags: because('`Tags.of()` reaches it'),
  ...within('Tags', { Key: because('`Tags.of()` reaches it'), Value: because('`Tags.of()` reaches it') }),
};

const ARN_AND_ID: Coverage = {
  ComputeQuotaArn: offered('ComputeQuota.computeQuotaArn', 'IComputeQuota.computeQuotaArn'),
  ComputeQuotaId: offered('ComputeQuota.computeQuotaId', 'IComputeQuota.computeQuotaId'),
};

const LIMITS = 'they are what the template says';
const HANDLER = 'CloudFormation does it';
const AUDIT = 'who did what is for AWS CloudTrail; `Fn::GetAtt` doesn\'t give it';
const ONE_NAME = 'the name and the cluster find the one quota that there is';
const PAGING = 'the look-up reads every page';
const BY_LOOKUP = 'the look-up takes it from DescribeComputeQuota';

/** Every field at or below a field, for one and the same reason. */
function allBecause(why: string, fields: Coverage): Coverage {
  return Object.fromEntries(Object.keys(fields).map(path => [path, because(why)]));
}

const USER_CONTEXT: Coverage = {
  UserProfileArn: because(AUDIT),
  UserProfileName: because(AUDIT),
  DomainId: because(AUDIT),
  IamIdentity: because(AUDIT),
  ...within('IamIdentity', { Arn: because(AUDIT), PrincipalId: because(AUDIT), SourceIdentity: because(AUDIT) }),
};

const ENTRY_METHODS = [
  'ComputeQuotaLookup.instances', 'ComputeQuotaLookup.accelerators', 'ComputeQuotaLookup.compute', 'ComputeQuotaLookup.partitions',
];

/** What an entry of a quota is asked for by, and what is read of it. */
const READ_AMOUNT: Coverage = {
  InstanceType: offered(...ENTRY_METHODS),
  Count: offered('ComputeQuotaLookup.instances', 'AllocatedResource.count'),
  Accelerators: offered('ComputeQuotaLookup.accelerators', 'AllocatedResource.count'),
  VCpu: offered('AllocatedResource.vcpus'),
  MemoryInGiB: offered('AllocatedResource.memory'),
  AcceleratorPartition: offered('ComputeQuotaLookup.partitions'),
  ...within('AcceleratorPartition', {
    Type: offered('AllocatedPartitionsOptions.profile'),
    Count: offered('AllocatedResource.count'),
  }),
};

const READ_CONFIG: Coverage = {
  ComputeQuotaConfig: offered(...ENTRY_METHODS, 'ComputeQuotaLookup.sharingStrategy', 'ComputeQuotaLookup.preemptTeamTasks'),
  ...within('ComputeQuotaConfig', {
    ComputeQuotaResources: offered(...ENTRY_METHODS),
    ...within('ComputeQuotaResources', READ_AMOUNT),
    ResourceSharingConfig: offered('ComputeQuotaLookup.sharingStrategy', 'ComputeQuotaLookup.maxBorrowPercent'),
    ...within('ResourceSharingConfig', {
      Strategy: offered('ComputeQuotaLookup.sharingStrategy'),
      BorrowLimit: offered('ComputeQuotaLookup.maxBorrowPercent'),
      AbsoluteBorrowLimits: because(LIMITS),
      ...allBecause(LIMITS, within('AbsoluteBorrowLimits', READ_AMOUNT)),
    }),
    PreemptTeamTasks: offered('ComputeQuotaLookup.preemptTeamTasks'),
  }),
};

const STATE: Coverage = {
  ComputeQuotaArn: offered('ComputeQuota.computeQuotaArn', 'ComputeQuotaLookup.computeQuotaArn'),
  ComputeQuotaId: offered('ComputeQuota.computeQuotaId', 'ComputeQuotaLookup.computeQuotaId'),
  Name: offered('ComputeQuota.computeQuotaName', 'ComputeQuotaLookup.computeQuotaName'),
  ComputeQuotaVersion: offered('ComputeQuota.computeQuotaVersion', 'ComputeQuotaLookup.computeQuotaVersion'),
  Status: offered('ComputeQuota.status', 'ComputeQuotaLookup.status'),
  ClusterArn: offered('ComputeQuotaLookup.clusterArn'),
  ...READ_CONFIG,
  ComputeQuotaTarget: offered('ComputeQuota.team', 'ComputeQuotaLookup.team'),
  ...within('ComputeQuotaTarget', {
    TeamName: offered('ComputeQuota.team', 'ComputeQuotaLookup.team'), FairShareWeight: offered('ComputeQuotaLookup.fairShareWeight'),
  }),
  ActivationState: offered('ComputeQuotaLookup.activationState'),
  CreationTime: because(TIMESTAMP),
  LastModifiedTime: because(TIMESTAMP),
};

/** Fields of a summary: what tells which quota it is, and the rest. */
const IDENTITY = ['ComputeQuotaId', 'Name', 'Status'];
const SUMMARY: Coverage = {
  ...allBecause(BY_LOOKUP, STATE),
  ...Object.fromEntries(IDENTITY.map(name => [name, offered('ComputeQuotaSelector.byName')])),
};

const EVERY_NODE = 'the list is sorted by group, age and id, whatever the order of the pages';

/** Rebooting and replacing have the same fields. What the service answers is the result of the state. */
function changeOfNodes(verb: 'Reboot' | 'Replace'): Record<string, Coverage> {
  const result = (...more: string[]) => offered(`${verb}ClusterNodes.jsonPath`, `${verb}ClusterNodes.jsonata`, ...more);
  const failed = (id: string) => ({ [id]: result(), ErrorCode: result(), Message: result() });
  return {
    [`Batch${verb}ClusterNodesRequest`]: {
      ClusterName: offered(`${verb}ClusterNodesProps.cluster`, `NodeRepair${verb}Props.cluster`),
      NodeIds: offered(`${verb}ClusterNodesProps.nodeIds`, `NodeRepair${verb}Props.nodes`),
      NodeLogicalIds: offered(`${verb}ClusterNodesProps.nodeLogicalIds`, `NodeRepair${verb}Props.nodes`),
    },
    [`Batch${verb}ClusterNodesResponse`]: {
      Successful: result(),
      Failed: result(`${verb}ClusterNodesProps.failOnFailedNodes`),
      ...within('Failed', failed('NodeId')),
      FailedNodeLogicalIds: result(`${verb}ClusterNodesProps.failOnFailedNodes`),
      ...within('FailedNodeLogicalIds', failed('NodeLogicalId')),
      SuccessfulNodeLogicalIds: result(),
    },
  };
}

/** The operations of the SageMaker API, by the name of their request and response shapes. */
export const OPERATIONS: Record<string, Coverage> = {
  CreateComputeQuotaRequest: {
    Name: offered('ComputeQuotaOptions.computeQuotaName'),
    Description: offered('ComputeQuotaOptions.description'),
    ClusterArn: offered('ComputeQuotaProps.cluster'),
    ...withoutUpdate(capitalized(QUOTA_CONFIG)),
    ...withoutUpdate(capitalized(QUOTA_TARGET)),
    ActivationState: offered('ComputeQuotaOptions.enabled'),
    ...TAGS,
  },
  CreateComputeQuotaResponse: ARN_AND_ID,
  DescribeComputeQuotaRequest: {
    ComputeQuotaId: offered('ComputeQuotaSelector.byId', 'ComputeQuotaSelector.byArn', 'ComputeQuotaGrants.read'),
    ComputeQuotaVersion: because('the newest version is the one in force'),
  },
  DescribeComputeQuotaResponse: {
    ...STATE,
    Description: offered('ComputeQuotaLookup.description'),
    FailureReason: offered('ComputeQuotaLookup.statusReason'),
    CreatedBy: because(AUDIT),
    ...within('CreatedBy', USER_CONTEXT),
    LastModifiedBy: because(AUDIT),
    ...within('LastModifiedBy', USER_CONTEXT),
  },
  ListComputeQuotasRequest: {
    CreatedAfter: because(ONE_NAME),
    CreatedBefore: because(ONE_NAME),
    NameContains: offered('NamedComputeQuota.computeQuotaName'),
    Status: because(ONE_NAME),
    ClusterArn: offered('NamedComputeQuota.cluster'),
    SortBy: because(ONE_NAME),
    SortOrder: because(ONE_NAME),
    NextToken: because(PAGING),
    MaxResults: because(PAGING),
  },
  ListComputeQuotasResponse: {
    ComputeQuotaSummaries: offered('ComputeQuotaSelector.byName'),
    ...within('ComputeQuotaSummaries', SUMMARY),
    NextToken: because(PAGING),
  },
  UpdateComputeQuotaRequest: {
    ComputeQuotaId: offered('ComputeQuota.computeQuotaId', 'ComputeQuotaGrants.manage'),
    TargetVersion: because(HANDLER),
    ...withoutUpdate(capitalized(QUOTA_CONFIG)),
    ...withoutUpdate(capitalized(QUOTA_TARGET)),
    ActivationState: offered('ComputeQuotaOptions.enabled'),
    Description: offered('ComputeQuotaOptions.description'),
  },
  UpdateComputeQuotaResponse: {
    ComputeQuotaArn: offered('ComputeQuota.computeQuotaArn'),
    ComputeQuotaVersion: offered('ComputeQuota.computeQuotaVersion'),
  },
  ListClusterNodesRequest: {
    ClusterName: offered('ClusterNodesLookupProps.cluster', 'ListClusterNodesProps.cluster'),
    CreationTimeAfter: offered('ClusterNodesLookupProps.createdAfter', 'ListClusterNodesProps.createdAfter'),
    CreationTimeBefore: offered('ClusterNodesLookupProps.createdBefore', 'ListClusterNodesProps.createdBefore'),
    InstanceGroupNameContains: offered('ClusterNodesLookupProps.instanceGroupName', 'ListClusterNodesProps.instanceGroupNameContains'),
    MaxResults: because(PAGING),
    NextToken: because(PAGING),
    SortBy: because(EVERY_NODE),
    SortOrder: because(EVERY_NODE),
    IncludeNodeLogicalIds: offered('ClusterNodesLookupProps.includePending', 'ClusterNodesLookup.nodeLogicalIds', 'ListClusterNodesProps.includeNodeLogicalIds'),
  },
  ListClusterNodesResponse: {
    NextToken: because(PAGING),
    ClusterNodeSummaries: offered('ClusterNodesLookup.count', 'ClusterNodesLookupProps.output', 'ListClusterNodes.jsonPath'),
    ...within('ClusterNodeSummaries', {
      InstanceGroupName: offered('ClusterNodesLookup.instanceGroupNames', 'NodeField.INSTANCE_GROUP_NAME'),
      InstanceId: offered('ClusterNodesLookup.instanceIds', 'NodeField.INSTANCE_ID'),
      NodeLogicalId: offered('ClusterNodesLookup.nodeLogicalIds', 'NodeField.NODE_LOGICAL_ID'),
      InstanceType: offered('ClusterNodesLookup.instanceTypes', 'NodeField.INSTANCE_TYPE'),
      LaunchTime: offered('ClusterNodesLookup.launchTimes', 'NodeField.LAUNCH_TIME'),
      LastSoftwareUpdateTime: offered('ClusterNodesLookup.lastSoftwareUpdateTimes', 'NodeField.LAST_SOFTWARE_UPDATE_TIME'),
      InstanceStatus: offered('ClusterNodesLookup.instanceStatuses', 'NodeField.INSTANCE_STATUS'),
      ...within('InstanceStatus', {
        Status: offered('ClusterNodesLookup.instanceStatuses', 'NodeField.INSTANCE_STATUS'),
        Message: offered('ClusterNodesLookup.instanceStatusMessages', 'NodeField.INSTANCE_STATUS_MESSAGE'),
      }),
      UltraServerInfo: offered('ClusterNodesLookup.ultraServerIds', 'NodeField.ULTRA_SERVER_ID'),
      ...within('UltraServerInfo', {
        Id: offered('ClusterNodesLookup.ultraServerIds', 'NodeField.ULTRA_SERVER_ID'),
        Type: offered('ClusterNodesLookup.ultraServerTypes', 'NodeField.ULTRA_SERVER_TYPE'),
      }),
      PrivateDnsHostname: offered('ClusterNodesLookup.privateDnsHostnames', 'NodeField.PRIVATE_DNS_HOSTNAME'),
      CurrentImageReleaseVersion: offered('ClusterNodesLookup.currentImageReleaseVersions', 'NodeField.CURRENT_IMAGE_RELEASE_VERSION'),
      ImageVersionStatus: offered('ClusterNodesLookup.imageVersionStatuses', 'NodeField.IMAGE_VERSION_STATUS'),
    }),
  },
  ...changeOfNodes('Reboot'),
  ...changeOfNodes('Replace'),
};

/** What becomes of a node that was not taken, by the code that the service gives it. */
export const NODE_ERROR_CODES: Record<string, string> = {
  InstanceIdInUse: '`NodeRepair` and `NodeRemediation` ask again after a pause',
  InstanceIdNotFound: 'never asked again: failed in `NodeRepair`, a notice `Ended` of `NodeRemediation`',
  InternalServerError: '`NodeRepair` and `NodeRemediation` ask again after a pause',
  InvalidInstanceStatus: '`NodeRepair` and `NodeRemediation` ask again after a pause',
};

/** The coverage as a page for readers. */
export function renderCoverage(): string {
  const lines = [
    '# HyperPod: where each field is found',
    '',
    'Every property and attribute of the CloudFormation types, and every field of the operations of the SageMaker API',
    'that this version uses.',
    '"Replacement" means that CloudFormation creates a new resource before it deletes the old one.',
  ];
  for (const [type, fields] of Object.entries(CLOUDFORMATION)) {
    lines.push('', `## AWS::SageMaker::${type}`, '', '| Field | In `hyperpod` | Update |', '|---|---|---|');
    for (const [path, coverage] of Object.entries(fields)) {
      lines.push(`| \`${path}\` | ${show(coverage)} | ${'ours' in coverage ? coverage.update ?? '-' : '-'} |`);
    }
  }
  for (const [shape, fields] of Object.entries(OPERATIONS)) {
    lines.push('', `## ${shape}`, '', '| Field | In `hyperpod` |', '|---|---|');
    for (const [path, coverage] of Object.entries(fields)) { lines.push(`| \`${path}\` | ${show(coverage)} |`); }
  }
  lines.push('', '## Codes of nodes that were not rebooted or replaced', '', '| Code | What follows |', '|---|---|');
  for (const [code, follows] of Object.entries(NODE_ERROR_CODES)) { lines.push(`| ${code} | ${follows} |`); }
  return lines.join('\n') + '\n';
}

function show(coverage: Offered | NotOffered): string {
  return 'ours' in coverage ? coverage.ours.map(member => `\`${member}\``).join(', ') : `not offered: ${coverage.why}`;
}
