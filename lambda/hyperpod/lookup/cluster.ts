import {
  INSTANCE_GROUP_FIELDS, instanceGroupField, type ClusterField, type InstanceGroupField,
} from '../../../src/private/contracts/hyperpod-lookup';
import type { ClusterDescription, InstanceGroup } from '../../clients/hyperpod-reader';
import { HandlerError } from '../../shared/errors';
import { plain, plainList } from '../../shared/plain';

/** How each field is read from the answer of DescribeCluster. What the service leaves out is an empty text. */
const FIELDS: Record<ClusterField, (cluster: ClusterDescription) => string> = {
  AutoScalingMode: cluster => plain(cluster.AutoScaling?.Mode),
  AutoScalingStatus: cluster => plain(cluster.AutoScaling?.Status),
  ClusterArn: cluster => plain(cluster.ClusterArn),
  ClusterId: cluster => plain(plain(cluster.ClusterArn).split('/')[1]),
  ClusterName: cluster => plain(cluster.ClusterName),
  ClusterRole: cluster => plain(cluster.ClusterRole),
  ClusterStatus: cluster => plain(cluster.ClusterStatus),
  EksClusterArn: cluster => present(plain(cluster.Orchestrator?.Eks?.ClusterArn), 'NoEksCluster', 'it has no EKS cluster: its nodes are orchestrated by Slurm'),
  FailureMessage: cluster => plain(cluster.FailureMessage),
  InstanceGroupNames: cluster => groupsOf(cluster).map(group => plain(group.InstanceGroupName)).sort().join(','),
  NodeProvisioningMode: cluster => plain(cluster.NodeProvisioningMode),
  NodeRecovery: cluster => plain(cluster.NodeRecovery),
  Orchestrator: cluster => (cluster.Orchestrator?.Eks ? 'Eks' : 'Slurm'),
  SecurityGroupIds: cluster => present(plainList(cluster.VpcConfig?.SecurityGroupIds).join(','), 'NoVpc', NO_VPC),
  SubnetIds: cluster => present(plainList(cluster.VpcConfig?.Subnets).join(','), 'NoVpc', NO_VPC),
  TieredStorageMode: cluster => plain(cluster.TieredStorageConfig?.Mode),
};

const NO_VPC = 'it has no VPC of yours: its nodes are in that of SageMaker';

const GROUP_FIELDS: Record<InstanceGroupField, (group: InstanceGroup, cluster: ClusterDescription) => string> = {
  CurrentCount: group => plain(group.CurrentCount),
  CurrentImageReleaseVersion: group => plain(group.CurrentImageReleaseVersion),
  DesiredImageReleaseVersion: group => plain(group.DesiredImageReleaseVersion),
  ExecutionRole: group => plain(group.ExecutionRole),
  ImageVersionStatus: group => plain(group.ImageVersionStatus),
  InstanceType: group => plain(group.InstanceType),
  InstanceTypes: group => plainList(group.InstanceRequirements?.DesiredInstanceTypes).join(',') || plain(group.InstanceType),
  MinCount: group => plain(group.MinCount),
  SecurityGroupIds: (group, cluster) => plainList(group.OverrideVpcConfig?.SecurityGroupIds).join(',') || FIELDS.SecurityGroupIds(cluster),
  Status: group => plain(group.Status),
  SubnetIds: (group, cluster) => plainList(group.OverrideVpcConfig?.Subnets).join(',') || FIELDS.SubnetIds(cluster),
  TargetCount: group => plain(group.TargetCount),
  TrainingPlanArn: group => plain(group.TrainingPlanArn),
  TrainingPlanStatus: group => plain(group.TrainingPlanStatus),
};

interface GroupRequest {
  readonly group: string;
  readonly field: InstanceGroupField;
}

/** The wanted fields of a cluster, as attributes of a custom resource. */
export function selectFields(cluster: ClusterDescription, wanted: readonly string[]): Record<string, string> {
  return Object.fromEntries(wanted.map(name => {
    const asked = known(name);
    return [name, typeof asked === 'string' ? FIELDS[asked](cluster) : GROUP_FIELDS[asked.field](groupOf(cluster, asked.group), cluster)];
  }));
}

/** Refuses what is neither a field of a cluster nor one of an instance group. */
export function known(name: string): ClusterField | GroupRequest {
  if (Object.hasOwn(FIELDS, name)) { return name as ClusterField; }
  const [, group, field] = name.split('/') as [string, string, InstanceGroupField];
  if (INSTANCE_GROUP_FIELDS.includes(field) && instanceGroupField(group, field) === name) { return { group, field }; }
  throw new HandlerError('InvalidProperties', `unknown field: ${name}; known are ${Object.keys(FIELDS).join(', ')} and fields of instance groups`);
}

function groupsOf(cluster: ClusterDescription): InstanceGroup[] {
  return [...cluster.InstanceGroups ?? [], ...cluster.RestrictedInstanceGroups ?? []];
}

function groupOf(cluster: ClusterDescription, name: string): InstanceGroup {
  const found = groupsOf(cluster).find(group => group.InstanceGroupName === name);
  if (!found) {
    throw new HandlerError('NoInstanceGroup', `it has no instance group "${name}"; it has: ${FIELDS.InstanceGroupNames(cluster) || 'none'}`);
  }
  return found;
}

/** Whoever asks for it is not served by an empty text. */
function present(value: string, code: string, otherwise: string): string {
  if (!value) { throw new HandlerError(code, otherwise); }
  return value;
}
