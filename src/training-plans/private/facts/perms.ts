import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { LEDGER_PREFIX } from '../../../private/contracts/training-plan';

/*
 * What has a resource in the authorization reference is allowed on that resource alone.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */

/** What describes one plan. It can be granted on the ARN of a plan. */
export const READ_ACTIONS = ['sagemaker:DescribeTrainingPlan'];

/** What finds plans. It can't be limited to some. */
export const LIST_ACTIONS = ['sagemaker:ListTrainingPlans'];

/** What finds offerings. It has no resource. */
export const SEARCH_ACTIONS = ['sagemaker:SearchTrainingPlanOfferings'];

/** What tells whose a plan is. */
const OWNERSHIP_ACTIONS = [...READ_ACTIONS, 'sagemaker:ListTags'];

/**
 * What buys a plan, which comes with reserved capacities whose names nobody knows beforehand.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-iam-permissions.html
 */
const BUY_ACTIONS = ['sagemaker:CreateReservedCapacity', 'sagemaker:CreateTrainingPlan'];

/** What reads all records of a plan in the ledger, by their path. */
const LEDGER_READ_ACTIONS = ['ssm:GetParametersByPath'];

/** What writes a record. Each is written once, and nothing deletes one. */
const LEDGER_WRITE_ACTIONS = ['ssm:PutParameter'];

/**
 * No record is overwritten, not even by code that asks for it: that would let a plan be bought again.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policy-conditions.html
 */
const ONCE = { StringNotEquals: { 'ssm:Overwrite': ['true'] } };

/** Something that is allowed. */
export interface Permission {
  readonly actions: string[];
  readonly resources: string[];
  readonly conditions?: Record<string, Record<string, string[]>>;
}

/** Which purchase a permission is for. */
export interface PurchaseScope {
  readonly planArn: string;
  readonly planName: string;
  readonly account: string;
  readonly region: string;
  /** The ARN of the stacks that may ask for it. */
  readonly stackArn: string;
}

/** What the function that buys a plan must be allowed to do. */
export function buyerPermissions(scope: IConstruct, about: PurchaseScope): Permission[] {
  const reserved = arn(scope, about, 'sagemaker', 'reserved-capacity', '*');
  const [path, records] = ledgerArns(scope, about);
  return [
    { actions: BUY_ACTIONS, resources: [about.planArn, reserved] },
    {
      actions: ['sagemaker:AddTags'],
      resources: [reserved],
      conditions: { StringEquals: { 'sagemaker:TaggingAction': ['CreateReservedCapacity', 'CreateTrainingPlan'] } },
    },
    { actions: [...OWNERSHIP_ACTIONS, 'sagemaker:AddTags', 'sagemaker:DeleteTags'], resources: [about.planArn] },
    { actions: [...SEARCH_ACTIONS, ...LIST_ACTIONS], resources: ['*'] }, // neither has a resource
    { actions: LEDGER_READ_ACTIONS, resources: [path, records] },
    { actions: LEDGER_WRITE_ACTIONS, resources: [records], conditions: ONCE },
    { actions: ['cloudformation:DescribeStackResource'], resources: [about.stackArn] },
  ];
}

/** What the function that waits for the payment of a plan must be allowed to do. */
export function waiterPermissions({ planArn }: PurchaseScope): Permission[] {
  return [{ actions: READ_ACTIONS, resources: [planArn] }];
}

/** What shows the extensions of a plan. */
const HISTORY_ACTIONS = ['sagemaker:DescribeTrainingPlanExtensionHistory'];

/** What the function that extends a plan must be allowed to do. `ExtendTrainingPlan` names an offering alone: no plan can limit it. */
export function extenderPermissions(scope: IConstruct, about: PurchaseScope): Permission[] {
  const [path, records] = ledgerArns(scope, about, '/extend');
  return [
    { actions: ['sagemaker:ExtendTrainingPlan', ...SEARCH_ACTIONS], resources: ['*'] },
    { actions: [...READ_ACTIONS, ...HISTORY_ACTIONS], resources: [about.planArn] },
    { actions: LEDGER_READ_ACTIONS, resources: [path, records] },
    { actions: LEDGER_WRITE_ACTIONS, resources: [records], conditions: ONCE },
    { actions: ['cloudformation:DescribeStackResource'], resources: [about.stackArn] },
  ];
}

/** What the function that waits for the payment of an extension must be allowed to do. */
export function extensionWaiterPermissions({ planArn }: PurchaseScope): Permission[] {
  return [{ actions: [...READ_ACTIONS, ...HISTORY_ACTIONS], resources: [planArn] }];
}

/** What a dry run of an extension reads. */
export function extensionDryRunPermissions({ planArn }: PurchaseScope): Permission[] {
  return [{ actions: SEARCH_ACTIONS, resources: ['*'] }, { actions: READ_ACTIONS, resources: [planArn] }];
}

/** What a dry run of a purchase reads: offerings, and whether the name is free. */
export function dryRunPermissions({ planArn }: PurchaseScope): Permission[] {
  return [
    { actions: SEARCH_ACTIONS, resources: ['*'] },
    { actions: OWNERSHIP_ACTIONS, resources: [planArn] },
  ];
}

/** The path of a plan in the ledger, which `GetParametersByPath` asks for, and what is in it. */
function ledgerArns(scope: IConstruct, about: PurchaseScope, part = ''): [path: string, records: string] {
  const path = `${LEDGER_PREFIX.slice(1)}${about.planName}${part}`;
  return [arn(scope, about, 'ssm', 'parameter', path), arn(scope, about, 'ssm', 'parameter', `${path}/*`)];
}

function arn(scope: IConstruct, { account, region }: PurchaseScope, service: string, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service, account, region, resource, resourceName });
}
/**
 * What runs on the capacity of a plan. SageMaker checks these on the plan and its reserved capacities as well as on the job or
 * the cluster.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-iam-permissions.html
 */
export const USE_ACTIONS = ['sagemaker:CreateCluster', 'sagemaker:CreateTrainingJob', 'sagemaker:UpdateCluster'];
