/**
 * What of CloudFormation and of the AWS PCS API this library covers.
 *
 * The tests hold the table to the newest aws-cdk-lib and to the source; `docs/coverage-pcs.md` is made of it.
 */

/** What an update of a property does. */
export type UpdateBehaviour = 'in place' | 'replacement' | 'read only' | 'not kept';

/** A property of CloudFormation, or a field of the API, and what we make of it. */
export interface Coverage {
  /** For CloudFormation the name of the L1 interface, for the API the operation and direction. */
  readonly owner: string;
  readonly property: string;
  /** Our properties, as `Type.member`. Empty where there is none. */
  readonly ours: readonly string[];
  /** Why there is none, or what the reader should know. */
  readonly note?: string;
  readonly update: UpdateBehaviour;
}

type Row = readonly [property: string, ours: string | readonly string[], update: UpdateBehaviour, note?: string];

const IN_PLACE = 'in place';
const REPLACEMENT = 'replacement';
const READ_ONLY = 'read only';
const NODES_REPLACED = 'nodes are replaced when they are idle';
const SERVICE_STATE = 'state of the service, which CloudFormation can\'t return in a usable form';

function rows(owner: string, list: readonly Row[]): Coverage[] {
  return list.map(([property, ours, update, note]) => ({
    owner, property, ours: typeof ours === 'string' ? [ours] : ours, update, note,
  }));
}

const GENERATED = 'made by the service: an output, though CloudFormation types it as a property';

/** Every property and attribute of the three resource types. */
export const CLOUDFORMATION: readonly Coverage[] = [
  ...rows('CfnClusterProps', [
    ['name', 'ClusterProps.clusterName', REPLACEMENT],
    ['networking', ['ClusterProps.vpc', 'ClusterProps.vpcSubnets', 'ClusterProps.securityGroups', 'ClusterProps.networkType'], REPLACEMENT],
    ['scheduler', 'ClusterProps.schedulerVersion', IN_PLACE, 'upwards only'],
    ['size', 'ClusterProps.size', REPLACEMENT],
    [
      'slurmConfiguration',
      [
        'ClusterProps.accounting', 'ClusterProps.slurmRest', 'ClusterProps.scaleDownIdleTime', 'ClusterProps.slurmSettings',
        'ClusterProps.slurmdbdSettings', 'ClusterProps.cgroupSettings',
      ],
      IN_PLACE,
    ],
    ['tags', [], IN_PLACE, '`Tags.of(cluster)`'],
  ]),
  ...rows('CfnCluster.NetworkingProperty', [
    ['networkType', 'ClusterProps.networkType', REPLACEMENT],
    ['securityGroupIds', ['ClusterProps.securityGroups', 'ClusterProps.traffic'], REPLACEMENT],
    ['subnetIds', 'ClusterProps.vpcSubnets', REPLACEMENT, 'the first of the selection, since the service takes one'],
  ]),
  ...rows('CfnCluster.SchedulerProperty', [
    ['type', [], IN_PLACE, 'always SLURM, the only one'],
    ['version', 'ClusterProps.schedulerVersion', IN_PLACE, 'upwards only'],
  ]),
  ...rows('CfnCluster.SlurmConfigurationProperty', [
    ['accounting', 'ClusterProps.accounting', IN_PLACE],
    ['authKey', [], READ_ONLY, `${GENERATED}; \`ClusterLookup\` reads it`],
    ['cgroupCustomSettings', 'ClusterProps.cgroupSettings', IN_PLACE],
    ['jwtAuth', [], READ_ONLY, `${GENERATED}; \`ClusterLookup\` reads it`],
    ['scaleDownIdleTimeInSeconds', 'ClusterProps.scaleDownIdleTime', IN_PLACE],
    ['slurmCustomSettings', ['ClusterProps.slurmSettings', 'AccountingOptions.enforcement', 'RestrictiveTrafficOptions.srunPorts'], IN_PLACE],
    ['slurmdbdCustomSettings', 'ClusterProps.slurmdbdSettings', IN_PLACE],
    ['slurmRest', 'ClusterProps.slurmRest', IN_PLACE],
  ]),
  ...rows('CfnCluster.AccountingProperty', [
    ['defaultPurgeTimeInDays', 'AccountingOptions.retention', IN_PLACE],
    ['mode', ['Accounting.standard', 'Accounting.none'], IN_PLACE],
  ]),
  ...rows('CfnCluster.SlurmRestProperty', [['mode', 'ClusterProps.slurmRest', IN_PLACE]]),
  ...rows('CfnCluster.SlurmCustomSettingProperty', [
    ['parameterName', 'ClusterSlurmSettings.custom', IN_PLACE, 'or a typed member'],
    ['parameterValue', 'ClusterSlurmSettings.custom', IN_PLACE, 'or a typed member'],
  ]),
  ...rows('CfnCluster.SlurmdbdCustomSettingProperty', [
    ['parameterName', 'SlurmdbdSettings.custom', IN_PLACE, 'or a typed member'],
    ['parameterValue', 'SlurmdbdSettings.custom', IN_PLACE, 'or a typed member'],
  ]),
  ...rows('CfnCluster.CgroupCustomSettingProperty', [
    ['parameterName', 'CgroupSettings.custom', IN_PLACE, 'or a typed member'],
    ['parameterValue', 'CgroupSettings.custom', IN_PLACE, 'or a typed member'],
  ]),
  ...rows('CfnCluster.AuthKeyProperty', [
    ['secretArn', [], READ_ONLY, `${GENERATED}; \`ClusterLookup.authKeySecretArn\``],
    ['secretVersion', [], READ_ONLY, `${GENERATED}; \`ClusterLookup.authKeySecretVersion\``],
  ]),
  ...rows('CfnCluster.JwtAuthProperty', [['jwtKey', [], READ_ONLY, `${GENERATED}; \`ClusterLookup\` reads it`]]),
  ...rows('CfnCluster.JwtKeyProperty', [
    ['secretArn', [], READ_ONLY, `${GENERATED}; \`ClusterLookup.jwtKeySecretArn\``],
    ['secretVersion', [], READ_ONLY, `${GENERATED}; \`ClusterLookup.jwtKeySecretVersion\``],
  ]),
  ...rows('CfnCluster attributes', [
    ['attrArn', 'ICluster.clusterArn', READ_ONLY],
    ['attrEndpoints', [], READ_ONLY, `${SERVICE_STATE}; \`ClusterLookup\` reads it`],
    ['attrErrorInfo', [], READ_ONLY, `${SERVICE_STATE}; \`ClusterLookup\` reads it`],
    ['attrId', 'ICluster.clusterId', READ_ONLY],
    ['attrStatus', [], READ_ONLY, 'always ACTIVE where it can be read: CloudFormation waits for it'],
  ]),
  ...rows('CfnCluster.EndpointProperty', ['ipv6Address', 'port', 'privateIpAddress', 'publicIpAddress', 'type'].map(
    name => [name, [], READ_ONLY, `${SERVICE_STATE}; \`ClusterLookup\` reads it`] as const,
  )),
  ...rows('CfnCluster.ErrorInfoProperty', [
    ['code', [], READ_ONLY, `${SERVICE_STATE}; \`ClusterLookup.errorCodes\``],
    ['message', [], READ_ONLY, `${SERVICE_STATE}; \`ClusterLookup.statusReason\``],
  ]),
  ...rows('CfnComputeNodeGroupProps', [
    ['amiId', 'CommonNodeGroupOptions.image', IN_PLACE, NODES_REPLACED],
    ['clusterId', 'ComputeNodeGroupProps.cluster', REPLACEMENT],
    ['customLaunchTemplate', 'CommonNodeGroupOptions.launch', IN_PLACE, NODES_REPLACED],
    ['iamInstanceProfileArn', ['CommonNodeGroupOptions.nodeRole', 'ClusterProps.nodeRole'], IN_PLACE, NODES_REPLACED],
    ['instanceConfigs', 'ComputeNodeGroupOptions.instanceTypes', REPLACEMENT],
    ['name', 'CommonNodeGroupOptions.computeNodeGroupName', REPLACEMENT],
    ['nodeLifecycleActions', 'CommonNodeGroupOptions.lifecycleActions', IN_PLACE, NODES_REPLACED],
    ['purchaseOption', 'ComputeNodeGroupOptions.purchaseOption', IN_PLACE, 'for the same instance types'],
    ['scalingConfiguration', 'ComputeNodeGroupOptions.scaling', IN_PLACE, 'a lower maximum ends jobs on the nodes that go'],
    [
      'slurmConfiguration',
      ['ComputeNodeGroupOptions.slurmSettings', 'ComputeNodeGroupOptions.scaleDownIdleTime', 'ComputeNodeGroupOptions.gresRecords'],
      IN_PLACE,
    ],
    ['spotOptions', 'SpotPurchaseOptions.allocationStrategy', IN_PLACE],
    ['subnetIds', 'CommonNodeGroupOptions.vpcSubnets', IN_PLACE],
    ['tags', [], IN_PLACE, '`Tags.of(group)`'],
  ]),
  ...rows('CfnComputeNodeGroup.CustomLaunchTemplateProperty', [
    ['templateId', 'NodeLaunch.fromLaunchTemplate', IN_PLACE, NODES_REPLACED],
    ['version', 'LaunchTemplateOptions.version', IN_PLACE, 'always a number, so that a new one is seen'],
  ]),
  ...rows('CfnComputeNodeGroup.InstanceConfigProperty', [
    ['instanceType', 'ComputeNodeGroupOptions.instanceTypes', REPLACEMENT],
  ]),
  ...rows('CfnComputeNodeGroup.ScalingConfigurationProperty', [
    ['maxInstanceCount', ['Scaling.fixed', 'Scaling.elastic', 'ScalingRange.max'], IN_PLACE],
    ['minInstanceCount', ['Scaling.fixed', 'Scaling.elastic', 'ScalingRange.min'], IN_PLACE],
  ]),
  ...rows('CfnComputeNodeGroup.SpotOptionsProperty', [
    ['allocationStrategy', 'SpotPurchaseOptions.allocationStrategy', IN_PLACE],
  ]),
  ...rows('CfnComputeNodeGroup.SlurmConfigurationProperty', [
    ['gresCustomSettings', 'ComputeNodeGroupOptions.gresRecords', IN_PLACE],
    ['scaleDownIdleTimeInSeconds', 'ComputeNodeGroupOptions.scaleDownIdleTime', IN_PLACE],
    ['slurmCustomSettings', 'ComputeNodeGroupOptions.slurmSettings', IN_PLACE],
  ]),
  ...rows('CfnComputeNodeGroup.SlurmCustomSettingProperty', [
    ['parameterName', 'NodeSlurmSettings.custom', IN_PLACE, 'or a typed member'],
    ['parameterValue', 'NodeSlurmSettings.custom', IN_PLACE, 'or a typed member'],
  ]),
  ...rows('CfnComputeNodeGroup.NodeLifecycleActionsProperty', [
    ['scriptCachingPolicy', 'NodeLifecycleActions.cachingPolicy', IN_PLACE, NODES_REPLACED],
    [
      'stages',
      [
        'NodeLifecycleActions.nodeBootstrapped', 'NodeLifecycleActions.nodeReady', 'CommonNodeGroupOptions.storage', 'ClusterProps.storage',
      ], IN_PLACE, NODES_REPLACED,
    ],
  ]),
  ...rows('CfnComputeNodeGroup.NodeLifecycleStagesProperty', [
    [
      'nodeBootstrapped', ['NodeLifecycleActions.nodeBootstrapped', 'CommonNodeGroupOptions.storage', 'ClusterProps.storage'], IN_PLACE, NODES_REPLACED,
    ],
    ['nodeReady', 'NodeLifecycleActions.nodeReady', IN_PLACE, NODES_REPLACED],
  ]),
  ...rows('CfnComputeNodeGroup.NodeLifecycleScriptProperty', [
    ['arguments', 'NodeLifecycleScript.arguments', IN_PLACE, NODES_REPLACED],
    ['executionPolicy', 'NodeLifecycleScript.executionPolicy', IN_PLACE, NODES_REPLACED],
    ['name', 'NodeLifecycleScript.name', IN_PLACE, NODES_REPLACED],
    ['onError', 'NodeLifecycleScript.onError', IN_PLACE, NODES_REPLACED],
    ['scriptSource', 'NodeLifecycleScript.source', IN_PLACE, NODES_REPLACED],
  ]),
  ...rows('CfnComputeNodeGroup.ScriptSourceProperty', [
    ['checksum', ['BucketScriptOptions.checksum', 'UrlScriptOptions.checksum'], IN_PLACE, 'computed for local files'],
    ['s3VersionId', 'BucketScriptOptions.objectVersion', IN_PLACE, NODES_REPLACED],
    [
      'scriptLocation',
      [
        'ScriptSource.fromAsset', 'ScriptSource.fromBucket', 'ScriptSource.fromPcsRepository', 'ScriptSource.fromUrl',
        'MaintainedScript.configureCloudWatchLogs', 'MaintainedScript.configureEfsHomes', 'MaintainedScript.configureLdaps',
        'MaintainedScript.mountEfs', 'MaintainedScript.mountFsxLustre',
      ], IN_PLACE, NODES_REPLACED,
    ],
  ]),
  ...rows('CfnComputeNodeGroup attributes', [
    ['attrArn', 'IComputeNodeGroup.computeNodeGroupArn', READ_ONLY],
    ['attrErrorInfo', [], READ_ONLY, SERVICE_STATE],
    ['attrId', 'IComputeNodeGroup.computeNodeGroupId', READ_ONLY],
    ['attrStatus', [], READ_ONLY, 'always ACTIVE where it can be read: CloudFormation waits for it'],
  ]),
  ...rows('CfnComputeNodeGroup.ErrorInfoProperty', [
    ['code', [], READ_ONLY, SERVICE_STATE],
    ['message', [], READ_ONLY, SERVICE_STATE],
  ]),
  ...rows('CfnQueueProps', [
    ['clusterId', 'QueueProps.cluster', REPLACEMENT],
    ['computeNodeGroupConfigurations', ['QueueOptions.computeNodeGroups', 'Queue.addComputeNodeGroup'], IN_PLACE],
    ['name', 'QueueOptions.queueName', REPLACEMENT],
    ['slurmConfiguration', ['QueueOptions.slurmSettings', 'QueueOptions.isDefault'], IN_PLACE],
    ['tags', [], IN_PLACE, '`Tags.of(queue)`'],
  ]),
  ...rows('CfnQueue.ComputeNodeGroupConfigurationProperty', [
    ['computeNodeGroupId', 'QueueOptions.computeNodeGroups', IN_PLACE],
  ]),
  ...rows('CfnQueue.SlurmConfigurationProperty', [
    ['slurmCustomSettings', ['QueueOptions.slurmSettings', 'QueueOptions.isDefault'], IN_PLACE],
  ]),
  ...rows('CfnQueue.SlurmCustomSettingProperty', [
    ['parameterName', 'QueueSlurmSettings.custom', IN_PLACE, 'or a typed member'],
    ['parameterValue', 'QueueSlurmSettings.custom', IN_PLACE, 'or a typed member'],
  ]),
  ...rows('CfnQueue attributes', [
    ['attrArn', 'IQueue.queueArn', READ_ONLY],
    ['attrErrorInfo', [], READ_ONLY, SERVICE_STATE],
    ['attrId', 'IQueue.queueId', READ_ONLY],
    ['attrStatus', [], READ_ONLY, 'always ACTIVE where it can be read: CloudFormation waits for it'],
  ]),
  ...rows('CfnQueue.ErrorInfoProperty', [
    ['code', [], READ_ONLY, SERVICE_STATE],
    ['message', [], READ_ONLY, SERVICE_STATE],
  ]),
];

const TOKEN_NOTE = 'CloudFormation makes its own';

/** What can be set by both creating and updating a node group. */
const SETTABLE: readonly Row[] = [
  ['amiId', 'CommonNodeGroupOptions.image', IN_PLACE, NODES_REPLACED],
  ['subnetIds', 'CommonNodeGroupOptions.vpcSubnets', IN_PLACE],
  [
    'purchaseOption',
    [
      'PurchaseOption.onDemand', 'PurchaseOption.targetedReservation', 'PurchaseOption.reservationGroup', 'PurchaseOption.spot',
      'PurchaseOption.capacityBlock', 'PurchaseOption.inCapacityBlock', 'PurchaseOption.interruptibleReservation', 'PurchaseOption.of',
    ],
    IN_PLACE,
    'for the same instance types',
  ],
  ['customLaunchTemplate.id', ['NodeLaunch.managed', 'NodeLaunch.fromLaunchTemplate'], IN_PLACE, NODES_REPLACED],
  ['customLaunchTemplate.version', ['NodeLaunch.managed', 'LaunchTemplateOptions.version'], IN_PLACE, NODES_REPLACED],
  ['iamInstanceProfileArn', ['NodeRole.managed', 'NodeRole.fromRole', 'NodeRole.fromInstanceProfile'], IN_PLACE, NODES_REPLACED],
  ['scalingConfiguration.minInstanceCount', ['Scaling.fixed', 'ScalingRange.min'], IN_PLACE],
  ['scalingConfiguration.maxInstanceCount', ['Scaling.fixed', 'Scaling.elastic', 'ScalingRange.max'], IN_PLACE],
  ['spotOptions.allocationStrategy', 'SpotPurchaseOptions.allocationStrategy', IN_PLACE],
  ['slurmConfiguration.slurmCustomSettings.parameterName', 'NodeSlurmSettings.custom', IN_PLACE, 'or a typed member'],
  ['slurmConfiguration.slurmCustomSettings.parameterValue', 'NodeSlurmSettings.custom', IN_PLACE, 'or a typed member'],
];

/** What only creating a node group can set. */
const CREATE_ONLY: readonly Row[] = [
  ['clusterIdentifier', 'ComputeNodeGroupProps.cluster', REPLACEMENT],
  ['computeNodeGroupName', 'CommonNodeGroupOptions.computeNodeGroupName', REPLACEMENT],
  ['instanceConfigs.instanceType', 'ComputeNodeGroupOptions.instanceTypes', REPLACEMENT],
  ['tags', [], IN_PLACE, '`Tags.of(group)`; changed with TagResource'],
  ['clientToken', [], 'not kept', TOKEN_NOTE],
];

/** How a node group is told from others. */
const IDENTIFIERS: readonly Row[] = [
  ['clusterIdentifier', 'ComputeNodeGroupProps.cluster', REPLACEMENT],
  ['computeNodeGroupIdentifier', 'IComputeNodeGroup.computeNodeGroupId', READ_ONLY],
];

/** What the service tells about a node group: what was set, under its names here, and its state. */
const DESCRIBED: readonly Row[] = [
  ['name', 'CommonNodeGroupOptions.computeNodeGroupName', REPLACEMENT],
  ['id', 'IComputeNodeGroup.computeNodeGroupId', READ_ONLY],
  ['arn', 'IComputeNodeGroup.computeNodeGroupArn', READ_ONLY],
  ['clusterId', 'ComputeNodeGroupProps.cluster', REPLACEMENT],
  ['createdAt', [], READ_ONLY, SERVICE_STATE],
  ['modifiedAt', [], READ_ONLY, SERVICE_STATE],
  ['status', [], READ_ONLY, SERVICE_STATE],
  ...SETTABLE,
  ['instanceConfigs.instanceType', 'ComputeNodeGroupOptions.instanceTypes', REPLACEMENT],
  ['errorInfo.code', [], READ_ONLY, SERVICE_STATE],
  ['errorInfo.message', [], READ_ONLY, SERVICE_STATE],
];

/** Every field of the three operations on a node group, as of the release that added Capacity Blocks (2025-09-17). */
export const API: readonly Coverage[] = [
  ...rows('CreateComputeNodeGroup request', [...CREATE_ONLY, ...SETTABLE]),
  ...rows('CreateComputeNodeGroup response', DESCRIBED),
  ...rows('GetComputeNodeGroup request', IDENTIFIERS),
  ...rows('GetComputeNodeGroup response', DESCRIBED),
  ...rows('UpdateComputeNodeGroup request', [...IDENTIFIERS, ...SETTABLE, ['clientToken', [], 'not kept', TOKEN_NOTE]]),
  ...rows('UpdateComputeNodeGroup response', DESCRIBED),
];

/** The table as a page of Markdown. */
export function renderCoverage(): string {
  return [
    '# Coverage of AWS PCS',
    '',
    'What of CloudFormation and of the API the constructs offer, and what an update does.',
    '"In place" keeps the resource; "replacement" makes a new one and deletes the old; "not kept" is of one request only.',
    '',
    '## CloudFormation',
    '',
    ...sections(CLOUDFORMATION),
    '## API',
    '',
    ...sections(API),
  ].join('\n');
}

function sections(coverage: readonly Coverage[]): string[] {
  const owners = [...new Set(coverage.map(row => row.owner))];
  return owners.flatMap(owner => [
    `### ${owner}`,
    '',
    '| property | here | update | note |',
    '|---|---|---|---|',
    ...coverage.filter(row => row.owner === owner).map(row =>
      `| \`${row.property}\` | ${row.ours.map(name => `\`${name}\``).join(', ') || 'none'} | ${row.update} | ${row.note ?? ''} |`),
    '',
  ]);
}
