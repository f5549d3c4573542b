import { MARKS } from './marks';
import { CAPACITY_BLOCKS_LOOKUP_RESOURCE_TYPE } from '../../../src/private/contracts/capacity-block-lookup';
import { COMPUTE_QUOTA_RESOURCE_TYPE } from '../../../src/private/contracts/compute-quota';
import { HYPERPOD_LOOKUP_RESOURCE_TYPE } from '../../../src/private/contracts/hyperpod-lookup';
import { TRAINING_PLANS_LOOKUP_RESOURCE_TYPE } from '../../../src/private/contracts/lookup';
import { ACCOUNTING_RESOURCE_TYPE } from '../../../src/private/contracts/pcs-accounting';
import { PCS_LOOKUP_RESOURCE_TYPE } from '../../../src/private/contracts/pcs-lookup';
import { EXTENSION_RESOURCE_TYPE, OFFERING_SEARCH_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE } from '../../../src/private/contracts/training-plan';
import type { Bundle } from '../../../src/private/handlers/table';
import type { FakeAws } from '../../aws/server';
import type { CustomResourceEvent, EventMaker } from '../../driver/events';
import { asserting, finding, reading, readingQuota } from '../../driver/lookup-properties';
import { boughtPlan, extension, extensionMarket, idOf } from '../../driver/purchase/extensions';
import { environmentFor } from '../../driver/purchase/limits';
import { ARN, CRITERIA, market, NAME, purchase } from '../../driver/purchase/plans';
import { START } from '../../driver/purchase/world';
import { POLICY } from '../../lambda/hyperpod/node-operations/policy';
import { slurmCluster } from '../slurm';

/** Makes what a function is called with. */
export type MakeEvent = (events: EventMaker) => object;

/** A folder of lambda/, and how its functions are called. */
export interface Kind {
  /** Of the custom resource, where there is one. */
  readonly resourceType?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** How long its functions may take. @default 120_000 */
  readonly timeoutMs?: number;
  /** What there is before each call. */
  readonly prepare: (aws: FakeAws) => void;
  /** Calls of each function of the bundle, by its name. */
  readonly functions: Readonly<Record<string, readonly MakeEvent[]>>;
}

const PLACE = { account: '111122223333', region: 'us-east-1' };
const POD = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const QUOTA = 'arn:aws:sagemaker:us-east-1:111122223333:compute-quota/q00000000001';

/** What a user writes and nobody else needs to read. */
const PRIVATE = { Unrelated: MARKS.property, Nested: { List: [{ Deep: MARKS.property }] } };

/** The events of a custom resource with such properties, in its life. */
function life(properties: object, physicalId = 'Stack/PlanDAF4E53A'): MakeEvent[] {
  const whole = { ...properties, ...PRIVATE };
  return [
    events => events.create(whole),
    events => events.update(physicalId, whole, { ...whole, Old: MARKS.property }),
    events => events.delete(physicalId, whole),
  ];
}

/** The same, for the function that waits: with what the first one returned. */
function waited(properties: object, physicalId: string, returned: object = {}): MakeEvent[] {
  return life(properties, physicalId).map(make => events => ({ ...make(events), PhysicalResourceId: physicalId, ...returned }));
}

function putPod(aws: FakeAws): string[] {
  const cluster = aws.sagemaker.hyperpod.put({
    ClusterName: 'pod',
    ClusterId: 'a1b2c3d4e5f6',
    NodeProvisioningMode: 'Continuous',
    NodeRecovery: 'None',
    Orchestrator: { Eks: { ClusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/eks' } },
    InstanceGroups: [{ InstanceGroupName: 'workers', TargetCount: 130 }],
  }, PLACE);
  return cluster.nodes.map(({ InstanceId }) => InstanceId!);
}

function putQuota(aws: FakeAws): void {
  aws.sagemaker.quotas.put({
    Name: 'research',
    ClusterArn: POD,
    ComputeQuotaTarget: { TeamName: 'research' },
    ComputeQuotaConfig: {},
    Description: MARKS.property,
    Status: 'Created',
    Tags: [{ Key: 'private', Value: MARKS.property }],
  }, PLACE);
}

const slurmSecret = (kind: string) => ({ secretArn: `arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!${kind}-${MARKS.slurmKey}`, secretVersion: MARKS.slurmKey });

/** A cluster of Slurm whose slurmrestd is the fake, with what a stranger made in its database. */
function putSlurm(aws: FakeAws): void {
  const [secretArn, secretVersion] = ['arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!jwt-abc', '0f0e0d0c-0b0a-4908-8706-050403020100'];
  aws.pcs.clusters.push({
    ...slurmCluster({ jwtAuth: { jwtKey: { secretArn, secretVersion } } }), endpoints: [{ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port: String(aws.port) }],
  });
  aws.slurm.key = Buffer.from(MARKS.slurmKey);
  aws.secretsmanager.set(secretArn, secretVersion, aws.slurm.key.toString('base64'));
  aws.slurm.accounts.push({ associations: [], coordinators: [], description: MARKS.property, name: 'stranger', organization: MARKS.property, flags: [] });
}

const ACCOUNT_WANTED = {
  Kind: 'Account',
  ClusterId: 'pcs_abc123',
  Account: { Name: 'research', Description: MARKS.property, Organization: MARKS.property, Users: ['alice', 'bob'], Limits: { GrpTRESMins: 'gres/gpu=60' } },
};
const QOS_WANTED = { Kind: 'Qos', ClusterId: 'pcs_abc123', Qos: { Name: 'batch', Description: MARKS.property, Flags: ['DenyOnLimit'], Limits: { MaxJobsPerUser: '4' } } };
const BEGUN = { StartedAt: new Date(START).toISOString(), Changed: [], ChangedCount: '0' };

const QUOTA_WANTED = {
  Name: 'research',
  ClusterArn: POD,
  Description: MARKS.property,
  ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 40 },
  ComputeQuotaConfig: { ComputeQuotaResources: [{ InstanceType: 'ml.p5.48xlarge', Count: 2 }], ResourceSharingConfig: { Strategy: 'Lend' } },
  Tags: [{ Key: 'private', Value: MARKS.property }],
};
const BUYING = purchase({ Tags: { private: MARKS.property } });
const STARTED = { StartedAt: new Date(START).toISOString() };

const lookup = (Operation: string, Input: object, ...fields: string[]) => ({ ServiceTimeout: 300, Operation, Input, Fields: fields.join(',') });

const SHORT_POLICY = {
  ...POLICY, MaxAtOnce: 4, RebootTimeoutSeconds: 600, ReplaceTimeoutSeconds: 600, MaxDelaySeconds: 600, RecurrenceSeconds: 600,
};

/** The ids of the nodes that `putPod` makes are always the same. */
const NODE = 'i-00000000000000001';

const ALL = {
  'lookup': {
    resourceType: TRAINING_PLANS_LOOKUP_RESOURCE_TYPE,
    prepare: aws => {
      aws.sagemaker.plans.set(NAME, { TrainingPlanName: NAME, Status: 'Active', TargetResources: ['hyperpod-cluster'], TotalInstanceCount: 4, StatusMessage: 'fine' });
    },
    functions: {
      handler: [
        ...life(reading(NAME, 'Status', 'StartTime', 'TotalInstanceCount')),
        ...life(finding({ Find: 'true', Statuses: 'Active' }, 'Status')),
        ...life(asserting({ ExpectedStatuses: 'Active' })),
        ...life(reading('no-such-plan', 'Status')),
      ],
    },
  },

  'hyperpod-lookup': {
    resourceType: HYPERPOD_LOOKUP_RESOURCE_TYPE,
    prepare: aws => {
      putPod(aws);
      putQuota(aws);
      aws.s3.buckets.add('lists');
    },
    functions: {
      handler: [
        ...life(lookup('DescribeCluster', { ClusterName: 'pod' }, 'ClusterStatus', 'EksClusterArn')),
        ...life(lookup('ListClusterNodes', { ClusterName: POD }, 'Count')),
        ...life(lookup('ListClusterNodes', { ClusterName: POD, OutputParameterName: '/lists/nodes' }, 'Count')),
        ...life(lookup('ListClusterNodes', { ClusterName: POD, OutputBucketName: 'lists', OutputObjectKey: 'nodes.json' }, 'Count')),
        ...life(readingQuota({ ClusterArn: POD, Name: 'research' }, 'ComputeQuotaId', 'Status')),
      ],
    },
  },

  'pcs-lookup': {
    resourceType: PCS_LOOKUP_RESOURCE_TYPE,
    prepare: aws => {
      aws.pcs.clusters.push(slurmCluster({ authKey: slurmSecret('slurm-secret'), jwtAuth: { jwtKey: slurmSecret('jwt-secret') } }));
    },
    functions: {
      handler: [
        ...life(lookup('GetCluster', { ClusterIdentifier: 'pcs_abc123' }, 'Status', 'Size')),
        ...life(lookup('GetCluster', { ClusterIdentifier: 'pcs_abc123' }, 'Status', 'SlurmctldAddress')),
        ...life(lookup('GetComputeNodeGroup', { ClusterIdentifier: 'pcs_abc123', ComputeNodeGroupIdentifier: 'pcs_def456' }, 'Status')),
        ...life(lookup('GetComputeNodeGroup', { ClusterIdentifier: 'pcs_abc123', ComputeNodeGroupIdentifier: 'other' }, 'Status')),
        ...life(lookup('DescribeInstances', { ComputeNodeGroupId: 'pcs_def456' }, 'Count', 'InstanceIds')),
      ],
    },
  },

  'capacity-block-lookup': {
    resourceType: CAPACITY_BLOCKS_LOOKUP_RESOURCE_TYPE,
    prepare: aws => {
      aws.ec2.blocks.reservations.push({
        id: 'cr-0123456789abcdef0',
        instanceType: 'p5.48xlarge',
        instanceCount: 4,
        zone: 'us-east-1a',
        created: 0,
        start: START,
        end: START + 86_400_000,
        tags: { 'private': MARKS.property, 'cdk-hpc-clusters:capacity-block': 'llm' },
      });
    },
    functions: {
      handler: [
        ...life(lookup('DescribeCapacityBlock', { CapacityReservationId: 'cr-0123456789abcdef0' }, 'State', 'InstanceCount')),
        ...life(lookup('DescribeCapacityBlock', { PurchaseName: 'llm', Subnets: [{ SubnetId: 'subnet-1', AvailabilityZone: 'us-east-1b' }] }, 'SubnetId')),
        ...life(lookup('DescribeCapacityBlock', { Find: 'true', States: 'failed' }, 'State', 'Notice')),
        ...life(lookup('AssertCapacityBlock', { CapacityReservationId: 'cr-0123456789abcdef0', ExpectedMinInstanceCount: '8' })),
      ],
    },
  },

  'pcs-accounting': {
    resourceType: ACCOUNTING_RESOURCE_TYPE,
    prepare: putSlurm,
    functions: {
      onEvent: [...life(ACCOUNT_WANTED, 'pcs_abc123/account/research'), ...life(QOS_WANTED, 'pcs_abc123/qos/batch'), ...life({ ...ACCOUNT_WANTED, Mode: 'PREVIEW' }, 'pcs_abc123/account/research')],
      isComplete: [...waited(ACCOUNT_WANTED, 'pcs_abc123/account/research', BEGUN), ...waited(QOS_WANTED, 'pcs_abc123/qos/batch', BEGUN)],
    },
  },

  'pcs-usage-watch': {
    prepare: aws => {
      putSlurm(aws);
      aws.slurm.used.set('root', { 'gres/gpu': 3600 });
    },
    functions: {
      handler: [
        () => ({ ClusterId: 'pcs_abc123', Accounts: ['root', 'no-such-account'], ...PRIVATE }),
        () => ({ ClusterId: 'pcs_none', Accounts: ['root'], Identity: { UserName: 'root', Uid: '0', Gid: '0' }, ...PRIVATE }),
      ],
    },
  },

  'offering-search': {
    resourceType: OFFERING_SEARCH_RESOURCE_TYPE,
    prepare: aws => {
      aws.sagemaker.trainingPlans.offerings.push(...market());
      aws.sagemaker.plans.set('held', { TrainingPlanName: 'held', Status: 'Active' });
    },
    functions: { handler: [...life({ Offering: CRITERIA }), ...life({ ...BUYING, TrainingPlanName: 'held' }), ...life({ ...BUYING, Offering: { ...CRITERIA, InstanceCount: '64' } })] },
  },

  'compute-quota': {
    resourceType: COMPUTE_QUOTA_RESOURCE_TYPE,
    prepare: putQuota,
    functions: {
      onEvent: [...life({ ...QUOTA_WANTED, Name: 'other' }, QUOTA), ...life(QUOTA_WANTED, QUOTA)],
      isComplete: waited(QUOTA_WANTED, QUOTA, { ExpectedVersion: '1' }),
    },
  },

  'training-plan': {
    resourceType: PURCHASE_RESOURCE_TYPE,
    environment: environmentFor(BUYING, { ...BUYING, TrainingPlanName: 'held' }, heldExtension()),
    timeoutMs: 12 * 60_000,
    prepare: aws => {
      const { trainingPlans } = aws.sagemaker;
      trainingPlans.offerings.push(...market());
      trainingPlans.extensionOfferings.set('held', extensionMarket());
      trainingPlans.purchases.push({ ...boughtPlan(), name: 'held', arn: ARN.replace(NAME, 'held') });
    },
    functions: {
      onEvent: [...life(BUYING, ARN), ...life({ ...BUYING, TrainingPlanName: 'held', AdoptExisting: 'true' }, ARN.replace(NAME, 'held'))],
      isComplete: [...waited(BUYING, ARN, STARTED), ...waited({ ...BUYING, TrainingPlanName: 'held' }, ARN.replace(NAME, 'held'), { ...STARTED, Data: { Notice: '' } })],
      onExtend: life(heldExtension(), idOf(heldExtension())),
      isExtended: waited(heldExtension(), idOf(heldExtension()), STARTED),
    },
  },

  'plan-watch': {
    prepare: aws => { aws.sagemaker.plans.set(NAME, { TrainingPlanName: NAME, Status: 'Active', TargetResources: ['hyperpod-cluster'], TotalInstanceCount: 4 }); },
    functions: { handler: [() => ({ TrainingPlanName: NAME, ...PRIVATE }), () => ({ TrainingPlanName: 'no-such-plan', ...PRIVATE })] },
  },

  'node-operations': {
    environment: { STATE_TABLE: 'state' },
    prepare: aws => { putPod(aws); },
    functions: {
      handler: [
        () => ({ Operation: 'ListNodes', ClusterName: POD, IncludeNodeLogicalIds: true, ...PRIVATE }),
        () => ({ Operation: 'DescribeNode', ClusterName: POD, NodeLogicalId: 'workers-1', ...PRIVATE }),
        () => ({ Operation: 'RebootNodes', ClusterName: POD, NodeIds: [NODE], ...PRIVATE }),
        () => ({ Operation: 'ReplaceNodes', ClusterName: POD, NodeIds: [NODE, 'i-0fffffffffffffff0'], FailOnFailedNodes: true, ...PRIVATE }),
        () => ({
          Operation: 'RepairStep',
          ClusterName: POD,
          Action: 'Reboot',
          Nodes: [NODE],
          MaxAtOnce: 1,
          PollSeconds: 60,
          TimeoutSeconds: 600,
          RequirePatched: false,
          FailOnFailedNodes: true,
          ControllerGroups: [],
          Memo: {},
          ...PRIVATE,
        }),
        () => ({
          Operation: 'RemediationStep',
          ClusterName: POD,
          Policy: SHORT_POLICY,
          Execution: 'arn:aws:states:us-east-1:111122223333:execution:Remediation:e-1',
          Memo: {},
          Event: {
            'id': 'e-1',
            'time': new Date(START).toISOString(),
            'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
            'resources': [MARKS.property],
            'detail': {
              InstanceId: NODE,
              HealthSummary: { HealthStatus: 'Unhealthy', HealthStatusReason: 'NvidiaErrorReboot', RepairAction: 'None', ...PRIVATE },
              ...PRIVATE,
            },
          },
          ...PRIVATE,
        }),
      ],
    },
  },
} satisfies Record<Bundle, Kind>;

/** Each bundle of the table. */
export const KINDS: Readonly<Record<string, Kind>> = ALL;

function heldExtension(): ReturnType<typeof extension> {
  return extension({ TrainingPlanName: 'held', TrainingPlanArn: ARN.replace(NAME, 'held') });
}

/** What the event of a custom resource makes true in AWS: CloudFormation waits for it. */
export function announce(aws: FakeAws, event: object): void {
  const { RequestType, StackId, LogicalResourceId, ResourceType, ResourceProperties } = event as Partial<CustomResourceEvent>;
  if (![RequestType, StackId, LogicalResourceId].every(each => typeof each === 'string')) { return; }
  const type = typeof ResourceProperties === 'object' && 'ExtendTo' in (ResourceProperties ?? {}) ? EXTENSION_RESOURCE_TYPE : ResourceType;
  aws.cloudformation.set(StackId!, LogicalResourceId!, { status: `${RequestType!.toUpperCase()}_IN_PROGRESS`, type });
}
