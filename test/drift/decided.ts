/*
 * What this library makes of the operations, types and members that AWS offers: ours, or why not. `npm run drift` reports what has no row
 * here or in a coverage table, and isn't in the recorded baseline. `docs/drift.md` says how a row comes in.
 */

/** What somebody decided. */
export type Verdict =
  /** It is used or offered, and where. */
  | { readonly ours: string }
  | { readonly why: string };

export interface Row {
  /** The source that `npm run drift -- --json` prints: a service, `types`, a type of CloudFormation, `aws-cdk-lib`, `instance types`. */
  readonly source: string;
  /**
   * Names with blanks between: operations, `Operation!Error`, `Shape.member`, `Shape=value`, types of CloudFormation, paths of their
   * properties, `path=value`, classes and their members, instance types. A `*` stands for anything.
   */
  readonly names: string;
  readonly verdict: Verdict;
  /** An operation or a type beside which it would stand, where it has no place yet. */
  readonly beside?: string;
}

/** Operations that CloudFormation calls for what is rendered, besides those that `scripts/lib/constraints.mjs` has. */
export interface Use {
  readonly service: string;
  readonly operations: string;
  /** The type of CloudFormation whose provider calls them. */
  readonly through: string;
}

/** The services whose operations are watched for new ones. Of other services, the operations in use are watched. */
export const WATCHED_OPERATIONS: Readonly<Record<string, RegExp>> = {
  pcs: /./,
  sagemaker: /./,
  ec2: /CapacityBlock|CapacityReservation|InstanceTopology/,
};

/** The types of CloudFormation that are watched for new ones. */
export const WATCHED_TYPES = /^AWS::(PCS|SageMaker)::|^AWS::EC2::Capacity/;

/** The modules of aws-cdk-lib that are watched for new classes. */
export const WATCHED_MODULES: readonly string[] = ['aws-pcs', 'aws-sagemaker'];

/** Lists of values of services that data/instance-types holds: they are told from there. */
export const CATALOGUED: readonly string[] = ['ClusterInstanceType', 'ReservedCapacityInstanceType', 'InstanceType'];

export const USED: readonly Use[] = [
  { service: 'pcs', operations: 'CreateCluster GetCluster UpdateCluster DeleteCluster', through: 'AWS::PCS::Cluster' },
  { service: 'pcs', operations: 'CreateComputeNodeGroup GetComputeNodeGroup UpdateComputeNodeGroup DeleteComputeNodeGroup', through: 'AWS::PCS::ComputeNodeGroup' },
  { service: 'pcs', operations: 'CreateQueue GetQueue UpdateQueue DeleteQueue', through: 'AWS::PCS::Queue' },
  { service: 'pcs', operations: 'TagResource UntagResource ListTagsForResource', through: 'AWS::PCS::Cluster' },
  { service: 'sagemaker', operations: 'CreateCluster DescribeCluster UpdateCluster DeleteCluster', through: 'AWS::SageMaker::Cluster' },
  {
    service: 'sagemaker',
    operations: 'CreateClusterSchedulerConfig DescribeClusterSchedulerConfig UpdateClusterSchedulerConfig DeleteClusterSchedulerConfig',
    through: 'AWS::SageMaker::ClusterSchedulerConfig',
  },
  { service: 'sagemaker', operations: 'CreateComputeQuota DescribeComputeQuota UpdateComputeQuota DeleteComputeQuota', through: 'AWS::SageMaker::ComputeQuota' },
];

const ours = (where: string): Verdict => ({ ours: where });
const because = (why: string): Verdict => ({ why });

const CONSOLE = 'a deployment has no use for lists: a construct knows what it made, and a look-up finds one thing by its name';
const BY_HAND = 'done once and by hand: it changes nodes outside CloudFormation, whose next update of the cluster wins';
const ONE_BY_ONE = 'DescribeTrainingPlan says it of the plan and of each of its blocks';
const RESERVATIONS = 'reservations are made and changed by their owners; node groups use them by their ids';

export const DECIDED: readonly Row[] = [
  /* Operations. */
  { source: 'pcs', names: 'ListQueues', verdict: because(CONSOLE), beside: 'GetQueue' },
  { source: 'pcs', names: 'RegisterComputeNodeGroupInstance', verdict: because('nodes call it themselves, with the permission that the role of the group has') },
  { source: 'sagemaker', names: 'ListClusters ListClusterSchedulerConfigs ListClusterEvents', verdict: because(CONSOLE), beside: 'DescribeCluster' },
  { source: 'sagemaker', names: 'BatchAddClusterNodes BatchDeleteClusterNodes UpdateClusterSoftware', verdict: because(`${BY_HAND}; grants of a cluster name the actions`), beside: 'UpdateCluster' },
  { source: 'sagemaker', names: 'MoveClusterNodes', verdict: because(`${BY_HAND}; nodes that are being moved are left alone by repairs`), beside: 'BatchReplaceClusterNodes' },
  {
    source: 'sagemaker',
    names: 'AttachClusterNodeVolume DetachClusterNodeVolume AttachClusterNodeNetworkInterface',
    verdict: because('the CSI driver of EBS and people call them; `ClusterGrants.actions` takes them by name'),
    beside: 'DescribeClusterNode',
  },
  { source: 'sagemaker', names: 'StartClusterHealthCheck', verdict: because('a person or a pipeline starts it; `ClusterGrants.actions` takes it by name'), beside: 'BatchReplaceClusterNodes' },
  { source: 'sagemaker', names: 'DescribeClusterOperation ListClusterOperations', verdict: because('they tell of a change while it goes on; CloudFormation waits for the end of it'), beside: 'DescribeCluster' },
  {
    source: 'sagemaker',
    names: 'CreateClusterExtension UpdateClusterExtension DeleteClusterExtension DescribeClusterExtension ListClusterExtensions ListClusterExtensionVersions',
    verdict: because('CloudFormation has a type for them, which is not offered yet'),
    beside: 'CreateCluster',
  },
  { source: 'sagemaker', names: 'DescribeReservedCapacity', verdict: because(ONE_BY_ONE), beside: 'DescribeTrainingPlan' },
  { source: 'sagemaker', names: 'ListUltraServersByReservedCapacity', verdict: because('single UltraServers are not read'), beside: 'DescribeTrainingPlan' },
  {
    source: 'ec2',
    names: 'DescribeCapacityBlockExtensionHistory DescribeCapacityBlockExtensionOfferings DescribeCapacityBlockOfferings DescribeCapacityBlockStatus DescribeCapacityBlocks PurchaseCapacityBlock PurchaseCapacityBlockExtension',
    verdict: because('DescribeCapacityReservations tells what a look-up has of a block; blocks are neither searched for nor bought yet'),
    beside: 'DescribeCapacityReservations',
  },
  {
    source: 'ec2',
    names: 'AcceptCapacityReservationBillingOwnership AssociateCapacityReservationBillingOwner CancelCapacityReservation CancelCapacityReservationFleets CreateCapacityReservation CreateCapacityReservationBySplitting CreateCapacityReservationCancellationQuote CreateCapacityReservationDateChangeQuote CreateCapacityReservationFleet CreateInterruptibleCapacityReservationAllocation DescribeCapacityReservationBillingRequests DescribeCapacityReservationCancellationQuotes DescribeCapacityReservationDateChangeQuotes DescribeCapacityReservationFleets DescribeCapacityReservationTopology DescribeInstanceTopology DisassociateCapacityReservationBillingOwner GetCapacityReservationUsage GetGroupsForCapacityReservation ModifyCapacityReservation ModifyCapacityReservationFleet ModifyInstanceCapacityReservationAttributes MoveCapacityReservationInstances RejectCapacityReservationBillingOwnership UpdateInterruptibleCapacityReservationAllocation',
    verdict: because(RESERVATIONS),
  },

  /* Members and values. */
  { source: 'pcs', names: '*.instanceHealthChecks *.jobSubmitPlugins', verdict: because('CloudFormation has no property for it yet, and nothing that users can\'t wait for') },
  { source: 'sagemaker', names: 'ClusterInstanceStatus=DetachInProgress ClusterInstanceStatus=AttachInProgress', verdict: ours('a node that is being moved is busy to repairs') },

  {
    source: 'sagemaker',
    names: 'TrainingInstanceType=* ProductionVariantInstanceType=*',
    verdict: because('endpoints and jobs take the type of their plan; others come by `of()`'),
  },
  { source: 'types', names: '*InstanceType*=*', verdict: because('the catalogue follows botocore, and types that it lacks come by `of()`') },

  /* Types of CloudFormation, which are classes of aws-cdk-lib as well, and members of those classes. */
  { source: 'types', names: 'AWS::EC2::CapacityReservation AWS::EC2::CapacityReservationFleet', verdict: because(RESERVATIONS) },
  { source: 'types', names: 'AWS::EC2::CapacityManagerDataExport', verdict: because('reports for an account, and nothing of a cluster') },
  { source: 'types', names: 'AWS::SageMaker::Extension', verdict: because('not offered yet'), beside: 'AWS::SageMaker::Cluster' },
  {
    source: 'types',
    names: 'AWS::SageMaker::Action AWS::SageMaker::Artifact AWS::SageMaker::Context AWS::SageMaker::Experiment AWS::SageMaker::ExperimentTrialComponent AWS::SageMaker::TrialComponent',
    verdict: because('lineage and experiments: records of training, wherever it runs'),
  },
  { source: 'types', names: 'AWS::SageMaker::AIWorkloadConfig AWS::SageMaker::ModelCardExportJob', verdict: because('models and their benchmarks, and nothing of a cluster') },
  { source: 'types', names: 'AWS::SageMaker::HumanTaskUi AWS::SageMaker::Workforce', verdict: because('people who label data') },
  {
    source: 'aws-cdk-lib',
    names: 'CfnPlacementGroupProps.parentGroupId CfnPlacementGroup.attrGroupId',
    verdict: because('the placement group of a node group is in no other one, and is known by its name'),
  },
];
