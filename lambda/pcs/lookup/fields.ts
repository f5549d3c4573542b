import type { ClusterField, ComputeNodeGroupField, InstanceField } from '../../../src/private/contracts/pcs-lookup';
import type { Instance } from '../../clients/ec2';
import type { Cluster, ComputeNodeGroup, Endpoint, ErrorInfo } from '../../clients/pcs';
import { HandlerError } from '../../shared/errors';
import type { FieldReader, Fields } from '../../shared/fields';
import { plain, plainList } from '../../shared/plain';

type Readers<F extends string, T> = Record<F, FieldReader<T>>;

/** The daemons of Slurm, and what a cluster needs to have them. */
const DAEMONS = {
  SLURMCTLD: 'the cluster must be active',
  SLURMDBD: 'the cluster must be active and have accounting',
  SLURMRESTD: 'the cluster must be active and have the REST API',
};

const CLUSTER_READERS: Readers<ClusterField, Cluster> = {
  Arn: cluster => plain(cluster.arn),
  AuthKeySecretArn: cluster => present(cluster, 'authentication key', cluster.slurmConfiguration?.authKey?.secretArn),
  AuthKeySecretVersion: cluster => present(cluster, 'authentication key', cluster.slurmConfiguration?.authKey?.secretVersion),
  ErrorCodes: cluster => errors(cluster.errorInfo, 'code'),
  ErrorMessages: cluster => errors(cluster.errorInfo, 'message'),
  Id: cluster => plain(cluster.id),
  JwtKeySecretArn: cluster => present(cluster, 'JWT key', cluster.slurmConfiguration?.jwtAuth?.jwtKey?.secretArn),
  JwtKeySecretVersion: cluster => present(cluster, 'JWT key', cluster.slurmConfiguration?.jwtAuth?.jwtKey?.secretVersion),
  Name: cluster => plain(cluster.name),
  NetworkType: cluster => plain(cluster.networking?.networkType),
  SchedulerVersion: cluster => plain(cluster.scheduler?.version),
  SecurityGroupIds: cluster => plainList(cluster.networking?.securityGroupIds).join(','),
  Size: cluster => plain(cluster.size),
  SlurmctldAddress: cluster => address(cluster, 'SLURMCTLD'),
  SlurmctldIpv6Address: cluster => plain(endpoint(cluster, 'SLURMCTLD').ipv6Address),
  SlurmctldPort: cluster => plain(endpoint(cluster, 'SLURMCTLD').port),
  SlurmdbdAddress: cluster => address(cluster, 'SLURMDBD'),
  SlurmdbdIpv6Address: cluster => plain(endpoint(cluster, 'SLURMDBD').ipv6Address),
  SlurmdbdPort: cluster => plain(endpoint(cluster, 'SLURMDBD').port),
  SlurmrestdAddress: cluster => address(cluster, 'SLURMRESTD'),
  SlurmrestdIpv6Address: cluster => plain(endpoint(cluster, 'SLURMRESTD').ipv6Address),
  SlurmrestdPort: cluster => plain(endpoint(cluster, 'SLURMRESTD').port),
  Status: cluster => plain(cluster.status),
  SubnetId: cluster => plain(cluster.networking?.subnetIds?.[0]),
};
export const CLUSTER: Fields<Cluster> = { named: CLUSTER_READERS };

const COMPUTE_NODE_GROUP_READERS: Readers<ComputeNodeGroupField, ComputeNodeGroup> = {
  AmiId: group => plain(group.amiId),
  Arn: group => plain(group.arn),
  ClusterId: group => plain(group.clusterId),
  ErrorCodes: group => errors(group.errorInfo, 'code'),
  ErrorMessages: group => errors(group.errorInfo, 'message'),
  Id: group => plain(group.id),
  InstanceProfileArn: group => plain(group.iamInstanceProfileArn),
  InstanceTypes: group => plainList(group.instanceConfigs?.map(config => config.instanceType)).join(','),
  LaunchTemplateId: group => plain(group.customLaunchTemplate?.id),
  LaunchTemplateVersion: group => plain(group.customLaunchTemplate?.version),
  MaxInstanceCount: group => plain(group.scalingConfiguration?.maxInstanceCount),
  MinInstanceCount: group => plain(group.scalingConfiguration?.minInstanceCount),
  Name: group => plain(group.name),
  PurchaseOption: group => plain(group.purchaseOption),
  Status: group => plain(group.status),
  SubnetIds: group => plainList(group.subnetIds).join(','),
};
export const COMPUTE_NODE_GROUP: Fields<ComputeNodeGroup> = { named: COMPUTE_NODE_GROUP_READERS };

/** The instances of a node group: how many there are, and those that are to be named. */
export interface Instances {
  readonly count: number;
  readonly named: readonly Instance[];
}

const INSTANCES_READERS: Readers<InstanceField, Instances> = {
  Count: instances => plain(instances.count),
  InstanceIds: instances => instances.named.map(instance => plain(instance.InstanceId)).join(','),
  Ipv6Addresses: instances => instances.named.map(instance => plain(instance.Ipv6Address)).join(','),
  PrivateIpAddresses: instances => instances.named.map(instance => plain(instance.PrivateIpAddress)).join(','),
};
export const INSTANCES: Fields<Instances> = { named: INSTANCES_READERS };

/** Where a daemon listens: its IPv4 address, or its IPv6 address where it has no other. */
function address(cluster: Cluster, type: keyof typeof DAEMONS): string {
  const { privateIpAddress, ipv6Address } = endpoint(cluster, type);
  return plain(privateIpAddress) || plain(ipv6Address);
}

/** Whoever asks for an address is not served by an empty one. */
function endpoint(cluster: Cluster, type: keyof typeof DAEMONS): Endpoint {
  const found = cluster.endpoints?.find(each => each.type === type);
  if (!found) {
    throw new HandlerError('NoEndpoint', `it has no ${type} endpoint; ${DAEMONS[type]}, and ${state(cluster)}`);
  }
  return found;
}

function present(cluster: Cluster, what: string, value: string | undefined): string {
  if (!plain(value)) { throw new HandlerError('NoSecret', `it has no ${what}; ${state(cluster)}`); }
  return plain(value);
}

function state({ status, errorInfo = [] }: Cluster): string {
  const why = errorInfo.map(({ code, message }) => [code, message].map(plain).filter(Boolean).join(': ')).filter(Boolean).join('; ');
  return `it is ${plain(status) || 'in no status that is told'}${why && ` (${why})`}`;
}

function errors(errorInfo: readonly ErrorInfo[] | undefined, key: keyof ErrorInfo): string {
  return (errorInfo ?? []).map(error => plain(error[key])).join('\n');
}
