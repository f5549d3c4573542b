import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import { createPaginator } from '@smithy/core';
import { ServiceException } from '@smithy/core/client';
import { TypeRegistry } from '@smithy/core/schema';
import type { StaticErrorSchema, StaticListSchema, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { SchemaClient, baseError, commandBuilder, type ClientConfig } from './schema-client';

/*
 * The reads of AWS Parallel Computing Service, under the names of `@aws-sdk/client-pcs`: where that package can be had, its
 * import takes the place of this file. `test/lambda/clients/pcs-contract.ts` says what the service calls its members.
 */

/** A client of AWS Parallel Computing Service. */
export class PCSClient extends SchemaClient {
  public constructor(config: ClientConfig = {}) {
    super({
      serviceId: 'PCS',
      endpointPrefix: 'pcs',
      protocol: AwsJson1_0Protocol,
      namespace: NAMESPACE,
      version: '2023-02-10',
      serviceTarget: 'AWSParallelComputingService',
      errors: [baseError(NAMESPACE, 'PCSServiceException', PCSServiceException), ERRORS],
    }, config);
  }
}

/** Why something isn't as it should be, in the words of the service. */
export interface ErrorInfo {
  readonly code?: string;
  readonly message?: string;
}

/** Where a daemon of Slurm listens. */
export interface Endpoint {
  /** SLURMCTLD, SLURMDBD or SLURMRESTD. */
  readonly type?: string;
  /** Empty for clusters with IPv6. */
  readonly privateIpAddress?: string;
  readonly publicIpAddress?: string;
  readonly ipv6Address?: string;
  readonly port?: string;
}

/** A key in Secrets Manager. */
export interface KeySecret {
  readonly secretArn?: string;
  readonly secretVersion?: string;
}

/** A cluster. */
export interface Cluster {
  readonly name?: string;
  readonly id?: string;
  readonly arn?: string;
  readonly status?: string;
  readonly scheduler?: { readonly type?: string; readonly version?: string };
  readonly size?: string;
  readonly slurmConfiguration?: { readonly authKey?: KeySecret; readonly jwtAuth?: { readonly jwtKey?: KeySecret } };
  readonly networking?: { readonly subnetIds?: string[]; readonly securityGroupIds?: string[]; readonly networkType?: string };
  readonly endpoints?: Endpoint[];
  readonly errorInfo?: ErrorInfo[];
}

/** A node group. */
export interface ComputeNodeGroup {
  readonly name?: string;
  readonly id?: string;
  readonly arn?: string;
  readonly clusterId?: string;
  readonly status?: string;
  readonly amiId?: string;
  readonly subnetIds?: string[];
  readonly purchaseOption?: string;
  readonly customLaunchTemplate?: { readonly id?: string; readonly version?: string };
  readonly iamInstanceProfileArn?: string;
  readonly scalingConfiguration?: { readonly minInstanceCount?: number; readonly maxInstanceCount?: number };
  readonly instanceConfigs?: { readonly instanceType?: string }[];
  readonly errorInfo?: ErrorInfo[];
}

/** What a list says of a cluster or node group. */
export interface Summary {
  readonly name?: string;
  readonly id?: string;
  readonly arn?: string;
  readonly status?: string;
}

export interface GetClusterRequest { readonly clusterIdentifier: string }
export interface GetClusterResponse { readonly cluster?: Cluster }
export interface ListClustersRequest { readonly nextToken?: string; readonly maxResults?: number }
export interface ListClustersResponse { readonly clusters?: Summary[]; readonly nextToken?: string }
export interface GetComputeNodeGroupRequest { readonly clusterIdentifier: string; readonly computeNodeGroupIdentifier: string }
export interface GetComputeNodeGroupResponse { readonly computeNodeGroup?: ComputeNodeGroup }
export interface ListComputeNodeGroupsRequest extends ListClustersRequest { readonly clusterIdentifier: string }
export interface ListComputeNodeGroupsResponse { readonly computeNodeGroups?: Summary[]; readonly nextToken?: string }

const NAMESPACE = 'com.amazonaws.pcs';

/* Schemas, in the form of the SDK's generated clients: what a member is, by number or by another schema. */
const STRING = 0;
const NUMBER = 1;
type Members = Readonly<Record<string, unknown>>;

function structure(name: string, members: Members): StaticStructureSchema {
  return [3, NAMESPACE, name, 0, Object.keys(members), Object.values(members)] as StaticStructureSchema;
}

function list(name: string, item: unknown): StaticListSchema {
  return [1, NAMESPACE, name, 0, item] as StaticListSchema;
}

function operation(name: string, input: Members, output: Members): StaticOperationSchema {
  return [9, NAMESPACE, name, 0, structure(`${name}Request`, input), structure(`${name}Response`, output)];
}

const STRINGS = list('StringList', STRING);
const PAGE = { nextToken: STRING, maxResults: NUMBER };
const ERROR_INFO = list('ErrorInfoList', structure('ErrorInfo', { code: STRING, message: STRING }));
const SECRET = { secretArn: STRING, secretVersion: STRING };

const CLUSTER = structure('Cluster', {
  name: STRING,
  id: STRING,
  arn: STRING,
  status: STRING,
  scheduler: structure('Scheduler', { type: STRING, version: STRING }),
  size: STRING,
  slurmConfiguration: structure('ClusterSlurmConfiguration', {
    authKey: structure('SlurmAuthKey', SECRET),
    jwtAuth: structure('JwtAuth', { jwtKey: structure('JwtKey', SECRET) }),
  }),
  networking: structure('Networking', { subnetIds: STRINGS, securityGroupIds: STRINGS, networkType: STRING }),
  endpoints: list('Endpoints', structure('Endpoint', {
    type: STRING, privateIpAddress: STRING, publicIpAddress: STRING, ipv6Address: STRING, port: STRING,
  })),
  errorInfo: ERROR_INFO,
});

const COMPUTE_NODE_GROUP = structure('ComputeNodeGroup', {
  name: STRING,
  id: STRING,
  arn: STRING,
  clusterId: STRING,
  status: STRING,
  amiId: STRING,
  subnetIds: STRINGS,
  purchaseOption: STRING,
  customLaunchTemplate: structure('CustomLaunchTemplate', { id: STRING, version: STRING }),
  iamInstanceProfileArn: STRING,
  scalingConfiguration: structure('ScalingConfiguration', { minInstanceCount: NUMBER, maxInstanceCount: NUMBER }),
  instanceConfigs: list('InstanceList', structure('InstanceConfig', { instanceType: STRING })),
  errorInfo: ERROR_INFO,
});

const SUMMARY = { name: STRING, id: STRING, arn: STRING, status: STRING };

const command = commandBuilder('AWSParallelComputingService', 'PCSClient');

export class GetClusterCommand extends command<GetClusterRequest, GetClusterResponse>(
  'GetCluster', operation('GetCluster', { clusterIdentifier: STRING }, { cluster: CLUSTER }),
) {}

export class ListClustersCommand extends command<ListClustersRequest, ListClustersResponse>(
  'ListClusters', operation('ListClusters', PAGE, { clusters: list('ClusterList', structure('ClusterSummary', SUMMARY)), nextToken: STRING }),
) {}

export class GetComputeNodeGroupCommand extends command<GetComputeNodeGroupRequest, GetComputeNodeGroupResponse>(
  'GetComputeNodeGroup',
  operation('GetComputeNodeGroup', { clusterIdentifier: STRING, computeNodeGroupIdentifier: STRING }, { computeNodeGroup: COMPUTE_NODE_GROUP }),
) {}

export class ListComputeNodeGroupsCommand extends command<ListComputeNodeGroupsRequest, ListComputeNodeGroupsResponse>(
  'ListComputeNodeGroups', operation('ListComputeNodeGroups', { clusterIdentifier: STRING, ...PAGE }, {
    computeNodeGroups: list('ComputeNodeGroupList', structure('ComputeNodeGroupSummary', SUMMARY)), nextToken: STRING,
  }),
) {}

export const paginateListClusters = createPaginator<
  { client: PCSClient; pageSize?: number }, ListClustersRequest, ListClustersResponse & { $metadata: object }
>(PCSClient, ListClustersCommand, 'nextToken', 'nextToken', 'maxResults');

export const paginateListComputeNodeGroups = createPaginator<
  { client: PCSClient; pageSize?: number }, ListComputeNodeGroupsRequest, ListComputeNodeGroupsResponse & { $metadata: object }
>(PCSClient, ListComputeNodeGroupsCommand, 'nextToken', 'nextToken', 'maxResults');

/** The base of all errors of the service. */
export class PCSServiceException extends ServiceException {}

/** There is no such resource. */
export class ResourceNotFoundException extends PCSServiceException {
  public override readonly name = 'ResourceNotFoundException';
  public readonly resourceId?: string;
  public readonly resourceType?: string;
}

/** The caller may not do this. */
export class AccessDeniedException extends PCSServiceException {
  public override readonly name = 'AccessDeniedException';
}

/** The service asks for patience. */
export class ThrottlingException extends PCSServiceException {
  public override readonly name = 'ThrottlingException';
  public readonly retryAfterSeconds?: number;
}

/** The request isn't as the service wants it. */
export class ValidationException extends PCSServiceException {
  public override readonly name = 'ValidationException';
  public readonly reason?: string;
}

/** The resource is in a state in which this can't be done. */
export class ConflictException extends PCSServiceException {
  public override readonly name = 'ConflictException';
  public readonly resourceId?: string;
  public readonly resourceType?: string;
}

/** The service failed. */
export class InternalServerException extends PCSServiceException {
  public override readonly name = 'InternalServerException';
}

const ERRORS = new TypeRegistry(NAMESPACE);
const RESOURCE = { resourceId: STRING, resourceType: STRING };
for (const [name, type, fault, members] of [
  ['ResourceNotFoundException', ResourceNotFoundException, 'client', RESOURCE],
  ['AccessDeniedException', AccessDeniedException, 'client', {}],
  ['ThrottlingException', ThrottlingException, 'client', { retryAfterSeconds: NUMBER }],
  ['ValidationException', ValidationException, 'client', { reason: STRING }],
  ['ConflictException', ConflictException, 'client', RESOURCE],
  ['InternalServerException', InternalServerException, 'server', {}],
] as const) {
  const schemas = [STRING, ...Object.values<number>(members)];
  const schema = [-3, NAMESPACE, name, { error: fault }, ['message', ...Object.keys(members)], schemas];
  ERRORS.registerError(schema as unknown as StaticErrorSchema, type);
}
