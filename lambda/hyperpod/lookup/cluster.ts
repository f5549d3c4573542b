import {
  INSTANCE_GROUP_FIELDS, instanceGroupField, type ClusterField, type InstanceGroupField,
} from '../../../src/private/contracts/hyperpod-lookup';
import type { ClusterDescription, InstanceGroup } from '../../clients/hyperpod-reader';
import { HandlerError } from '../../shared/errors';
import type { FieldReader, Fields } from '../../shared/fields';
import { plain, plainList } from '../../shared/plain';

/** How each field is read from the answer of DescribeCluster. What the service leaves out is an empty text. */
const READERS: Record<ClusterField, FieldReader<ClusterDescription>> = {
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
  SecurityGroupIds: (group, cluster) => plainList(group.OverrideVpcConfig?.SecurityGroupIds).join(',') || READERS.SecurityGroupIds(cluster),
  Status: group => plain(group.Status),
  SubnetIds: (group, cluster) => plainList(group.OverrideVpcConfig?.Subnets).join(',') || READERS.SubnetIds(cluster),
  TargetCount: group => plain(group.TargetCount),
  TrainingPlanArn: group => plain(group.TrainingPlanArn),
  TrainingPlanStatus: group => plain(group.TrainingPlanStatus),
};

/** The fields of a cluster, and those of its instance groups by their names. */
export const FIELDS: Fields<ClusterDescription> = {
  named: READERS,
  made: {
    called: 'fields of instance groups',
    find: name => {
      const [, group, field] = name.split('/') as [string, string, InstanceGroupField];
      if (!INSTANCE_GROUP_FIELDS.includes(field) || instanceGroupField(group, field) !== name) { return undefined; }
      return cluster => GROUP_FIELDS[field](groupOf(cluster, group), cluster);
    },
  },
};

function groupsOf(cluster: ClusterDescription): InstanceGroup[] {
  return [...cluster.InstanceGroups ?? [], ...cluster.RestrictedInstanceGroups ?? []];
}

function groupOf(cluster: ClusterDescription, name: string): InstanceGroup {
  const found = groupsOf(cluster).find(group => group.InstanceGroupName === name);
  if (!found) {
    throw new HandlerError('NoInstanceGroup', `it has no instance group "${name}"; it has: ${READERS.InstanceGroupNames(cluster) || 'none'}`);
  }
  return found;
}

/** Whoever asks for it is not served by an empty text. */
function present(value: string, code: string, otherwise: string): string {
  if (!value) { throw new HandlerError(code, otherwise); }
  return value;
}
