import { checked, listed, rows, typed, type Row } from './row';

const CLUSTER = ['pcs CreateCluster', 'AWS::PCS::Cluster'];
const GROUP = ['pcs CreateComputeNodeGroup', 'AWS::PCS::ComputeNodeGroup'];
const QUEUE = ['pcs CreateQueue', 'AWS::PCS::Queue'];
const READS = ['pcs GetCluster', 'pcs GetComputeNodeGroup', 'pcs ListClusters', 'pcs ListComputeNodeGroups'];

const FROM_VPC = typed('ids come from subnets and security groups of aws-cdk-lib; what an import says is taken as it is');
const RENDERED = typed('always rendered');
const SETTINGS = typed('a setting has a name and a value by its type, `{ [name: string]: string }`');

/** AWS PCS. */
export const PCS: readonly Row[] = [
  ...rows([...CLUSTER, ...GROUP, ...QUEUE], [
    ['clientToken', '*', listed('CloudFormation makes its own')],
    ['tags', 'size', checked('pcs.tagCount')],
    ['tags{key}', 'pattern', checked('pcs.tagText')],
    ['tags{key} tags{}', 'length', checked('pcs.tagText')],
    ['slurmConfiguration.*Settings[].parameterName slurmConfiguration.*Settings[].parameterValue', 'required', SETTINGS],
  ]),
  ...rows(CLUSTER, [
    ['clusterName', 'pattern length', checked('pcs.clusterName')],
    ['clusterName', 'required', typed('CloudFormation makes a name where none is given')],
    ['networking scheduler scheduler.type scheduler.version', 'required', RENDERED],
    ['networking.networkType', 'enum', typed('`NetworkType`')],
    ['networking.securityGroupIds[] networking.subnetIds[]', 'pattern', FROM_VPC],
    ['networking.subnetIds', 'size', checked('pcs.clusterSubnetMissing')],
    ['scheduler.type', 'enum', typed('always SLURM')],
    ['size', 'required enum', typed('`ClusterSize`, which is required')],
    ['slurmConfiguration.accounting.defaultPurgeTimeInDays', 'integer range', checked('pcs.accountingRetention', 'from 1 day on: without a retention, records are kept for ever')],
    ['slurmConfiguration.accounting.mode', 'required enum', typed('`Accounting`')],
    ['slurmConfiguration.jobSubmitPlugins**', '*', listed('the library doesn\'t offer it, since CloudFormation lacks it')],
    ['slurmConfiguration.scaleDownIdleTimeInSeconds', 'integer range', checked('pcs.idleTime')],
    ['slurmConfiguration.slurmRest.mode', 'required enum', typed('`SlurmRest`')],
    ['slurmConfiguration.AuthKey.** slurmConfiguration.JwtAuth.**', '*', listed('not rendered: the service makes it')],
  ]),
  ...rows(GROUP, [
    ['amiId', 'pattern', checked('pcs.imageId')],
    ['clusterIdentifier clusterId', 'required pattern', typed('`IClusterRef`; CloudFormation hands over the id')],
    ['computeNodeGroupName', 'pattern length', checked('pcs.nodeGroupName')],
    ['computeNodeGroupName', 'required', typed('CloudFormation makes a name where none is given')],
    ['customLaunchTemplate.id customLaunchTemplate.version', 'required', checked(['pcs.templateWithoutId', 'pcs.templateVersion'])],
    ['iamInstanceProfileArn', 'required pattern', typed('`NodeRole`: the ARN comes from an instance profile')],
    ['instanceConfigs subnetIds scalingConfiguration scalingConfiguration.*', 'required', RENDERED],
    ['instanceHealthChecks.**', '*', listed('the library doesn\'t offer it, since CloudFormation lacks it')],
    ['launchTemplateMode securityGroupIds[] sshKeyName', '*', listed('the library doesn\'t offer it: nodes have a launch template, which says it')],
    ['nodeLifecycleActions.scriptCachingPolicy', 'enum', typed('`ScriptCachingPolicy`')],
    ['nodeLifecycleActions.stages', 'required', RENDERED],
    ['nodeLifecycleActions.stages.*', 'size', checked('pcs.lifecycleScriptCount', 'an empty stage isn\'t rendered')],
    ['nodeLifecycleActions.stages.*[].arguments', 'size', checked('pcs.lifecycleScriptArguments')],
    ['nodeLifecycleActions.stages.*[].arguments[]', 'length', checked('pcs.lifecycleScriptArguments')],
    ['nodeLifecycleActions.stages.*[].executionPolicy', 'enum', typed('`ScriptExecutionPolicy`')],
    ['nodeLifecycleActions.stages.*[].name', 'pattern length', checked('pcs.lifecycleScriptName')],
    ['nodeLifecycleActions.stages.*[].name nodeLifecycleActions.stages.*[].scriptSource', 'required', typed('`NodeLifecycleScript`, where it is required')],
    ['nodeLifecycleActions.stages.*[].onError', 'enum', typed('`ScriptErrorAction`')],
    ['nodeLifecycleActions.stages.*[].scriptSource.checksum', 'pattern length', checked('pcs.lifecycleScriptChecksum')],
    ['nodeLifecycleActions.stages.*[].scriptSource.s3VersionId', 'length', checked('pcs.lifecycleScriptVersion')],
    ['nodeLifecycleActions.stages.*[].scriptSource.scriptLocation', 'pattern length', checked(['pcs.lifecycleScriptUrl', 'pcs.lifecycleScriptObject'])],
    ['nodeLifecycleActions.stages.*[].scriptSource.scriptLocation', 'required', typed('`ScriptSource`')],
    ['purchaseOption', 'enum', typed('`PurchaseOption`')],
    ['scalingConfiguration.*', 'integer range', checked('pcs.scalingCount')],
    ['slurmConfiguration.scaleDownIdleTimeInSeconds', 'integer range', checked('pcs.idleTime', 'from 1 second on: a group without takes that of the cluster')],
    ['slurmConfiguration.gresCustomSettings[]{key}', 'pattern', typed('`GresRecord`: names are its members')],
    ['spotOptions.allocationStrategy', 'enum', typed('`SpotAllocationStrategy`')],
  ]),
  ...rows(QUEUE, [
    ['clusterIdentifier clusterId', 'required pattern', typed('`IClusterRef`; CloudFormation hands over the id')],
    ['queueName', 'pattern length', checked('pcs.queueName')],
    ['queueName', 'required', typed('CloudFormation makes a name where none is given')],
  ]),
  ...rows(READS, [
    ['clusterIdentifier', 'required pattern', checked('pcs.clusterIdentifier', 'what is known at deployment only, the service judges')],
    ['computeNodeGroupIdentifier', 'required pattern', checked('pcs.nodeGroupIdentifier', 'what is known at deployment only, the service judges')],
    ['maxResults', '*', listed('handlers ask for pages of a size of their own, 100')],
  ]),
];
