import type { Seen } from '../aws/server';

/** An action, and the resource that IAM asks about. */
export interface Need {
  readonly action: string;
  /** `*` where the action knows no resource. */
  readonly resource: string;
  /** The condition keys of the action that our policies use. */
  readonly context?: Readonly<Record<string, string>>;
}

type Input = Readonly<Record<string, any>>;

const PLACE = 'us-east-1:111122223333';
const sagemaker = (resource: string) => `arn:aws:sagemaker:${PLACE}:${resource}`;
const plan = ({ TrainingPlanName }: Input) => sagemaker(`training-plan/${TrainingPlanName}`);
const quota = ({ ComputeQuotaId }: Input) => sagemaker(`compute-quota/${ComputeQuotaId}`);
const pcsCluster = ({ clusterIdentifier }: Input) => `arn:aws:pcs:${PLACE}:cluster/${clusterIdentifier}`;
const table = ({ TableName }: Input) => `arn:aws:dynamodb:${PLACE}:table/${TableName}`;
const parameter = (name: string) => `arn:aws:ssm:${PLACE}:parameter${name}`;
const any = () => '*';

/**
 * What IAM asks about each call, by the service authorization reference: the action of its own name on this resource.
 *
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsparallelcomputingservice.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
const CALLS: Readonly<Record<string, readonly [service: string, resource: (input: Input, clusters: Clusters) => string]>> = {
  AddTags: ['sagemaker', ({ ResourceArn }) => ResourceArn],
  BatchRebootClusterNodes: ['sagemaker', podCluster],
  BatchReplaceClusterNodes: ['sagemaker', podCluster],
  CreateComputeQuota: ['sagemaker', ({ ClusterArn }) => ClusterArn],
  CreateTrainingPlan: ['sagemaker', plan],
  DeleteComputeQuota: ['sagemaker', quota],
  DeleteTags: ['sagemaker', ({ ResourceArn }) => ResourceArn],
  DescribeCluster: ['sagemaker', podCluster],
  DescribeClusterEvent: ['sagemaker', podCluster],
  DescribeClusterNode: ['sagemaker', podCluster],
  DescribeComputeQuota: ['sagemaker', quota],
  DescribeTrainingPlan: ['sagemaker', plan],
  DescribeTrainingPlanExtensionHistory: ['sagemaker', ({ TrainingPlanArn }) => TrainingPlanArn],
  ExtendTrainingPlan: ['sagemaker', any],
  ListClusterNodes: ['sagemaker', podCluster],
  ListComputeQuotas: ['sagemaker', any],
  ListTags: ['sagemaker', ({ ResourceArn }) => ResourceArn],
  ListTrainingPlans: ['sagemaker', any],
  SearchTrainingPlanOfferings: ['sagemaker', any],
  UpdateComputeQuota: ['sagemaker', quota],

  GetCluster: ['pcs', pcsCluster],
  GetComputeNodeGroup: ['pcs', input => `${pcsCluster(input)}/computenodegroup/${input.computeNodeGroupIdentifier}`],
  ListComputeNodeGroups: ['pcs', pcsCluster],

  GetSecretValue: ['secretsmanager', ({ SecretId }) => SecretId],

  DescribeCapacityReservations: ['ec2', any],
  DescribeInstances: ['ec2', any],
  DescribeStackResource: ['cloudformation', ({ StackName }) => StackName],
  GetItem: ['dynamodb', table],
  PutItem: ['dynamodb', table],
  GetParametersByPath: ['ssm', ({ Path }) => parameter(Path)],
  PutObject: ['s3', ({ Bucket, Key }) => `arn:aws:s3:::${Bucket}/${Key}`],
  PutParameter: ['ssm', ({ Name }) => parameter(Name)],
};

/** The ids of HyperPod clusters by their names: requests may have names, ARNs have ids. */
export type Clusters = Readonly<Record<string, string>>;

function podCluster({ ClusterName }: Input, clusters: Clusters): string {
  return ClusterName.startsWith('arn:') ? ClusterName : sagemaker(`cluster/${clusters[ClusterName]}`);
}

/** What a request needs. */
export function needsOf({ operation, input }: Seen, clusters: Clusters): Need[] {
  if (/ slurm(db)?\//.test(operation)) { return []; } // slurmrestd asks for a token, not for IAM
  const call = CALLS[operation];
  if (!call) { throw new Error(`say in CALLS what IAM asks about ${operation}`); }
  const [service, resource] = call;
  const context = operation === 'PutParameter' ? { 'ssm:Overwrite': String(input.Overwrite ?? false) } : undefined;
  return [{ action: `${service}:${operation}`, resource: resource(input, clusters), ...context && { context } }, ...besides(operation, input)];
}

/** What a request needs besides the action of its own name. */
function besides(operation: string, input: Input): Need[] {
  const tagged = (...resources: string[]) => (input.Tags
    ? resources.map(resource => ({ action: 'sagemaker:AddTags', resource, context: { 'sagemaker:TaggingAction': operation } }))
    : []);
  switch (operation) {
    case 'CreateTrainingPlan': { // https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-iam-permissions.html
      const capacity = sagemaker('reserved-capacity/a1b2c3d4e5f6');
      return [{ action: 'sagemaker:CreateReservedCapacity', resource: capacity }, ...tagged(plan(input), capacity)];
    }
    case 'CreateComputeQuota': return tagged(sagemaker('compute-quota/a1b2c3d4e5f6'));
    default: return [];
  }
}
