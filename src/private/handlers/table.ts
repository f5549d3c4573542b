import { CAPACITY_BLOCKS_LOOKUP_RESOURCE_TYPE } from '../contracts/capacity-block-lookup';
import { COMPUTE_QUOTA_RESOURCE_TYPE } from '../contracts/compute-quota';
import { HYPERPOD_LOOKUP_RESOURCE_TYPE } from '../contracts/hyperpod-lookup';
import { TRAINING_PLANS_LOOKUP_RESOURCE_TYPE } from '../contracts/lookup';
import { ACCOUNTING_RESOURCE_TYPE } from '../contracts/pcs-accounting';
import { PCS_LOOKUP_RESOURCE_TYPE } from '../contracts/pcs-lookup';
import { EXTENSION_RESOURCE_TYPE, OFFERING_SEARCH_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE } from '../contracts/training-plan';

/*
 * Every handler of the library. Constructs, bundles, lint, examples and tests read this table: a new handler is a row, a folder of lambda/
 * and what is tested of both.
 */

/** The folder in assets/ of each bundle, and the one of lambda/ that it is made of. A change to one bundle changes no other. */
export const BUNDLES = {
  'lookup': 'training-plans/lookup',
  'offering-search': 'training-plans/offering-search',
  'plan-watch': 'training-plans/watch',
  'training-plan': 'training-plans/purchase',
  'hyperpod-lookup': 'hyperpod/lookup',
  'compute-quota': 'hyperpod/quota',
  'node-operations': 'hyperpod/node-operations',
  'pcs-accounting': 'pcs/accounting',
  'pcs-lookup': 'pcs/lookup',
  'capacity-block-lookup': 'capacity-blocks/lookup',
  'pcs-usage-watch': 'pcs/usage-watch',
} as const;

/** The folder of a bundle in assets/. */
export type Bundle = keyof typeof BUNDLES;

interface Row {
  /**
   * The id of the construct. It makes the logical ids, and with them the ServiceToken of every custom resource ever deployed.
   * CloudFormation can't change a ServiceToken, so none of the ids changes within a major version (decisions/0004).
   */
  readonly id: string;
  readonly bundle: Bundle;
  /** The type of its custom resources in CloudFormation. Unset for handlers without. */
  readonly resourceType?: string;
  /** The name of the policy within each role. */
  readonly policyName: string;
}

/** A function, made once per stack. */
export interface FunctionRow extends Row {
  readonly kind: 'function';
  readonly function: { readonly entry: string; readonly description: string; readonly minutes: number };
  readonly role: string;
  /*
   * IAM takes 10,240 characters of policies within a role and 6,144 in a managed policy. The statements of the logs and the VPC
   * have 700 together.
   */
  readonly statements?: { readonly inline: number; readonly managed: number };
}

/** A function of a provider: the ids of the function and its role, what the bundle exports, and how long it may take. */
export interface ProvidedFunction {
  readonly id: string;
  readonly entry: string;
  readonly description: string;
  readonly minutes: number;
  readonly role: { readonly id: string; readonly description: string };
}

/** Two functions that the CDK's `Provider` calls: one that begins a change, one that waits until it is complete. */
export interface ProviderRow extends Row {
  readonly kind: 'provider';
  readonly resourceType: string;
  readonly begins: ProvidedFunction;
  readonly waits: ProvidedFunction;
  /** How long the change may take, with `begins`: together below the hour that a custom resource has. */
  readonly minutes: number;
  readonly intervalSeconds: number;
  readonly securityGroup: string;
  /** Whether `begins` spends money. */
  readonly spends?: boolean;
}

/** Shorter than the 15 minutes of the framework's function that waits for it. */
const CHECK_MINUTES = 2;
/** Below the ServiceTimeout of a look-up, so that the handler itself reports what took so long. */
const LOOKUP_MINUTES = 2;
/**
 * Purchases: longer than the ten minutes that the function gives itself. With the payment, they stay below the hour of a custom resource.
 */
const SPENDING = { minutes: 12, payment: { minutes: 50, intervalSeconds: 30, securityGroup: 'Functions that buy training plans', spends: true } };
const READS = 'Reads for the look-ups of this stack';

export const HANDLERS = {
  trainingPlansLookup: {
    kind: 'function',
    id: 'CdkHpcClustersTrainingPlansLookup',
    bundle: 'lookup',
    resourceType: TRAINING_PLANS_LOOKUP_RESOURCE_TYPE,
    function: { entry: 'handler', description: 'Look-ups of cdk-hpc-clusters: reads of training plans at deploy time', minutes: LOOKUP_MINUTES },
    role: READS,
    policyName: 'Lookup',
    statements: { inline: 45, managed: 30 }, // one about a training plan has 200 characters at most
  },
  hyperpodLookup: {
    kind: 'function',
    id: 'CdkHpcClustersHyperPodLookup',
    bundle: 'hyperpod-lookup',
    resourceType: HYPERPOD_LOOKUP_RESOURCE_TYPE,
    function: { entry: 'handler', description: 'Look-ups of cdk-hpc-clusters: reads of HyperPod at deploy time', minutes: LOOKUP_MINUTES },
    role: READS,
    policyName: 'Lookup',
    statements: { inline: 25, managed: 15 }, // one about an object of a bucket has 320 characters, unless its key is very long
  },
  pcsLookup: {
    kind: 'function',
    id: 'CdkHpcClustersPcsLookup',
    bundle: 'pcs-lookup',
    resourceType: PCS_LOOKUP_RESOURCE_TYPE,
    function: { entry: 'handler', description: 'Look-ups of cdk-hpc-clusters: reads of AWS PCS at deploy time', minutes: LOOKUP_MINUTES },
    role: READS,
    policyName: 'Lookup',
    statements: { inline: 25, managed: 15 }, // one about a node group, with the list of those of its cluster, has 320 characters at most
  },
  capacityBlocksLookup: {
    kind: 'function',
    id: 'CdkHpcClustersCapacityBlocksLookup',
    bundle: 'capacity-block-lookup',
    resourceType: CAPACITY_BLOCKS_LOOKUP_RESOURCE_TYPE,
    function: { entry: 'handler', description: 'Look-ups of cdk-hpc-clusters: reads of Capacity Blocks at deploy time', minutes: LOOKUP_MINUTES },
    role: READS,
    policyName: 'Lookup', // one statement, whatever is looked up: EC2 limits the reading of reservations to none
  },
  offeringSearch: {
    kind: 'function',
    id: 'CdkHpcClustersTrainingPlansOfferingSearch',
    bundle: 'offering-search',
    resourceType: OFFERING_SEARCH_RESOURCE_TYPE,
    function: {
      entry: 'handler', description: 'Searches of training plan offerings of cdk-hpc-clusters: reads at deploy time, buys nothing', minutes: LOOKUP_MINUTES,
    },
    role: READS,
    policyName: 'Lookup',
    statements: { inline: 25, managed: 15 }, // those of a dry run about one plan have 350 characters at most
  },
  planWatch: {
    kind: 'function',
    id: 'CdkHpcClustersTrainingPlansWatch',
    bundle: 'plan-watch',
    /* What ten attempts at a throttled service take, and a little more. */
    function: { entry: 'handler', description: 'Watches of training plans of cdk-hpc-clusters: publishes metrics', minutes: 2 },
    role: 'Describes the training plans that this stack watches',
    policyName: 'Watch',
  },
  nodeOperations: {
    kind: 'function',
    id: 'CdkHpcClustersHyperPodNodeOperations',
    bundle: 'node-operations',
    /* A step reads all pages of two lists and makes some twenty calls at most, each with its retries. */
    function: { entry: 'handler', description: 'Operations on HyperPod nodes for the state machines of this stack', minutes: 3 },
    role: 'Operations on HyperPod nodes for the state machines of this stack',
    policyName: 'Nodes',
  },
  pcsUsageWatch: {
    kind: 'function',
    id: 'CdkHpcClustersPcsUsageWatch',
    bundle: 'pcs-usage-watch',
    function: { entry: 'handler', description: 'Watches of accounts and QOS of Slurm of cdk-hpc-clusters: publishes metrics', minutes: 2 },
    role: 'Reads what accounts and QOS of a cluster have used',
    policyName: 'UsageWatch',
  },
  computeQuota: {
    kind: 'provider',
    id: 'CdkHpcClustersHyperPodComputeQuota',
    bundle: 'compute-quota',
    resourceType: COMPUTE_QUOTA_RESOURCE_TYPE,
    policyName: 'ComputeQuota',
    begins: {
      id: 'Changer',
      entry: 'onEvent',
      description: 'Compute quotas of cdk-hpc-clusters: makes, changes and deletes them',
      minutes: 10,
      role: { id: 'ChangerRole', description: 'Makes, changes and deletes the compute quotas of this stack' },
    },
    waits: {
      id: 'Waiter',
      entry: 'isComplete',
      description: 'Compute quotas of cdk-hpc-clusters: waits until they are ready',
      minutes: CHECK_MINUTES,
      role: { id: 'WaiterRole', description: 'Reads the compute quotas of this stack' },
    },
    minutes: 45, // quotas take seconds to minutes
    intervalSeconds: 15,
    securityGroup: 'Functions that make compute quotas',
  },
  pcsAccounting: {
    kind: 'provider',
    id: 'CdkHpcClustersPcsAccounting',
    bundle: 'pcs-accounting',
    resourceType: ACCOUNTING_RESOURCE_TYPE,
    policyName: 'Accounting',
    begins: {
      id: 'Changer',
      entry: 'onEvent',
      description: 'Slurm accounts and QOS of cdk-hpc-clusters: makes, changes and deletes them',
      minutes: 10,
      role: { id: 'ChangerRole', description: 'Makes, changes and deletes the Slurm accounts and QOS of this stack' },
    },
    /* It goes on with what the other one began. */
    waits: {
      id: 'Waiter',
      entry: 'isComplete',
      description: 'Slurm accounts and QOS of cdk-hpc-clusters: goes on until they are as wanted',
      minutes: 5,
      role: { id: 'WaiterRole', description: 'Changes the Slurm accounts and QOS of this stack until they are as wanted' },
    },
    minutes: 45, // the update of a cluster, and jobs that are waited for
    intervalSeconds: 15,
    securityGroup: 'Functions that ask the REST API of Slurm',
  },
  purchase: {
    kind: 'provider',
    id: 'CdkHpcClustersTrainingPlansPurchase',
    bundle: 'training-plan',
    resourceType: PURCHASE_RESOURCE_TYPE,
    policyName: 'Purchase',
    begins: {
      id: 'Buyer',
      entry: 'onEvent',
      description: 'Purchases of training plans of cdk-hpc-clusters: spends money',
      minutes: SPENDING.minutes,
      role: { id: 'BuyerRole', description: 'Buys the training plans of this stack' },
    },
    waits: {
      id: 'Waiter',
      entry: 'isComplete',
      description: 'Purchases of training plans of cdk-hpc-clusters: waits for the payment',
      minutes: CHECK_MINUTES,
      role: { id: 'WaiterRole', description: 'Reads the training plans that this stack has bought' },
    },
    ...SPENDING.payment,
  },
  extension: {
    kind: 'provider',
    id: 'CdkHpcClustersTrainingPlansExtension',
    bundle: 'training-plan',
    resourceType: EXTENSION_RESOURCE_TYPE,
    policyName: 'Purchase',
    begins: {
      id: 'Buyer',
      entry: 'onExtend',
      description: 'Extensions of training plans of cdk-hpc-clusters: spends money',
      minutes: SPENDING.minutes,
      role: { id: 'BuyerRole', description: 'Extends training plans' },
    },
    waits: {
      id: 'Waiter',
      entry: 'isExtended',
      description: 'Extensions of training plans of cdk-hpc-clusters: waits for the payment',
      minutes: CHECK_MINUTES,
      role: { id: 'WaiterRole', description: 'Reads the training plans that this stack extends' },
    },
    ...SPENDING.payment,
  },
} as const satisfies Record<string, FunctionRow | ProviderRow>;

type Rows = typeof HANDLERS;
/** A handler of the library. */
export type HandlerName = keyof Rows;
/** A handler that is one function. */
export type FunctionName = { [N in HandlerName]: Rows[N]['kind'] extends 'function' ? N : never }[HandlerName];
/** A handler with the CDK's `Provider`. */
export type ProviderName = Exclude<HandlerName, FunctionName>;
/** A handler that reads what a `Lookup` asks for. */
export type LookupName = Extract<FunctionName, `${string}Lookup`>;

/** How long CloudFormation waits for a look-up. Its default is an hour. */
export const LOOKUP_SERVICE_TIMEOUT_SECONDS = 300;
/** How long CloudFormation waits for a provider: its limit, said explicitly. */
export const PROVIDER_SERVICE_TIMEOUT_SECONDS = 3600;

/** The functions of a handler, as the ids of their constructs and what the bundle exports. */
export function functionsOf(name: HandlerName): { readonly id: string; readonly entry: string; readonly description: string }[] {
  const row: FunctionRow | ProviderRow = HANDLERS[name];
  return row.kind === 'function' ? [{ id: 'Function', ...row.function }] : [row.begins, row.waits];
}
