import { Duration, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { addStatement, handlerFunction, handlerLogs, handlerRole } from './runtime';
import { singleton } from '../singleton';

const ID = 'CdkHpcClustersTrainingPlansWatch';

/** What ten attempts at a throttled service take, and a little more. */
const TIMEOUT = Duration.minutes(2);

/** The function behind all watches of training plans in a stack. */
export class PlanWatchHandler extends Construct {
  /** The handler of the stack that a construct is in, made when it is first needed. */
  public static for(scope: Construct): PlanWatchHandler {
    return singleton(scope, ID, stack => new PlanWatchHandler(stack));
  }

  public readonly function: lambda.Function;

  private readonly role: iam.Role;
  private readonly policy = new iam.PolicyDocument({ minimize: true });

  private constructor(stack: Stack) {
    super(stack, ID);
    markAsHandler(this);
    const options = handlerOptions(stack);
    const logGroup = handlerLogs(this, options);
    this.role = handlerRole(this, 'Role', options, {
      description: 'Describes the training plans that this stack watches', policyName: 'Watch', document: this.policy, logGroup,
    });
    this.function = handlerFunction(this, 'Function', options, {
      description: 'Watches of training plans of cdk-hpc-clusters: publishes metrics',
      bundle: 'plan-watch',
      entry: 'handler',
      timeout: TIMEOUT,
      role: this.role,
      logGroup,
    });
  }

  /** Lets the function describe one plan more. */
  public allow(actions: string[], planArn: string): void {
    addStatement(this.role, this.policy, new iam.PolicyStatement({ actions, resources: [planArn] }));
  }
}
