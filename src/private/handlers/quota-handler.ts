import { Duration, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { addStatement, handlerFunction, handlerLogs, handlerProvider, handlerRole, sharedSecurityGroups } from './runtime';
import { singleton } from '../singleton';

/**
 * The ids below make the ServiceToken of every quota that is provisioned by API. CloudFormation can't change a ServiceToken, so none of
 * them changes within a major version (decisions/0004 and 0008).
 */
const ID = 'CdkHpcClustersHyperPodComputeQuota';
const BUNDLE = 'compute-quota';

/** Shorter than the 15 minutes of the framework's function that waits for it. */
const REQUEST_TIMEOUT = Duration.minutes(10);
const CHECK_TIMEOUT = Duration.minutes(2);

/** Quotas take seconds to minutes. Request and wait together stay below the hour that a custom resource has. */
const READY_TIMEOUT = Duration.minutes(45);
const READY_INTERVAL = Duration.seconds(15);

/** CloudFormation's limit, said explicitly. */
export const QUOTA_SERVICE_TIMEOUT_SECONDS = 3600;

/** The functions behind all quotas of a stack that are provisioned by API: one that changes, one that waits, and the framework of CDK. */
export class QuotaHandler extends Construct {
  /** The handler of the stack that a construct is in, made when it is first needed. */
  public static for(scope: Construct): QuotaHandler {
    return singleton(scope, ID, stack => new QuotaHandler(stack));
  }

  /** What quotas have as their ServiceToken. */
  public readonly serviceToken: string;

  private readonly changerRole: iam.Role;
  private readonly changing = new iam.PolicyDocument({ minimize: true });

  private constructor(stack: Stack) {
    super(stack, ID);
    markAsHandler(this);
    const options = handlerOptions(stack);
    const logGroup = handlerLogs(this, options);
    const roleFor = (id: string, description: string, document: iam.PolicyDocument) => {
      return handlerRole(this, id, options, { description, policyName: 'ComputeQuota', document, logGroup });
    };
    /* The service makes the ids of quotas. */
    const quotas = stack.formatArn({ service: 'sagemaker', resource: 'compute-quota', resourceName: '*' });
    const waiting = new iam.PolicyDocument({ minimize: true });

    this.changerRole = roleFor('ChangerRole', 'Makes, changes and deletes the compute quotas of this stack', this.changing);
    const waiterRole = roleFor('WaiterRole', 'Reads the compute quotas of this stack', waiting);
    addStatement(waiterRole, waiting, new iam.PolicyStatement({ actions: ['sagemaker:DescribeComputeQuota'], resources: [quotas] }));
    for (const [actions, resource] of [[CHANGE_ACTIONS, quotas], [LIST_ACTIONS, '*']] as const) {
      addStatement(this.changerRole, this.changing, new iam.PolicyStatement({ actions: [...actions], resources: [resource] }));
    }
    const securityGroups = sharedSecurityGroups(this, options, 'Functions that make compute quotas');
    const shared = { bundle: BUNDLE, logGroup, securityGroups };
    const provider = handlerProvider(this, 'Provider', options, {
      onEvent: handlerFunction(this, 'Changer', options, {
        ...shared,
        description: 'Compute quotas of cdk-hpc-clusters: makes, changes and deletes them',
        entry: 'onEvent',
        timeout: REQUEST_TIMEOUT,
        role: this.changerRole,
      }),
      isComplete: handlerFunction(this, 'Waiter', options, {
        ...shared,
        description: 'Compute quotas of cdk-hpc-clusters: waits until they are ready',
        entry: 'isComplete',
        timeout: CHECK_TIMEOUT,
        role: waiterRole,
      }),
      timeout: READY_TIMEOUT,
      interval: READY_INTERVAL,
      logGroup,
      securityGroups,
    });
    this.serviceToken = provider.serviceToken;
  }

  /** Lets the function make quotas of a cluster. */
  public allowCluster(clusterArn: string): void {
    const statement = new iam.PolicyStatement({ actions: ['sagemaker:CreateComputeQuota'], resources: [clusterArn] });
    addStatement(this.changerRole, this.changing, statement);
  }
}

/** What makes, changes and deletes quotas, with their tags, of which one says whose a quota is. */
const CHANGE_ACTIONS = [
  'sagemaker:AddTags',
  'sagemaker:CreateComputeQuota',
  'sagemaker:DeleteComputeQuota',
  'sagemaker:DeleteTags',
  'sagemaker:DescribeComputeQuota',
  'sagemaker:ListTags',
  'sagemaker:UpdateComputeQuota',
];

/** What finds a quota by its name. It can't be limited. */
const LIST_ACTIONS = ['sagemaker:ListComputeQuotas'];
