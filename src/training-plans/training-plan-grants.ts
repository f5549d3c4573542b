import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { buyerPermissions, READ_ACTIONS } from './private/perms';
import type { ITrainingPlanRef } from './training-plan';

/**
 * Permissions on a training plan.
 */
export class TrainingPlanGrants {
  /**
   * Grants for a plan of this library, or for anything that has the ARN of one.
   */
  public static fromTrainingPlan(plan: ITrainingPlanRef): TrainingPlanGrants {
    return new TrainingPlanGrants(plan);
  }

  private constructor(private readonly plan: ITrainingPlanRef) {}

  /**
   * Lets a principal describe the plan: status, times, counts, fee, and where its capacity is.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: READ_ACTIONS,
      resourceArns: [this.plan.trainingPlanRef.trainingPlanArn],
    });
  }

  /**
   * Lets a principal buy a plan of this name, in the account and Region of the plan: **spend money**. Meant for a role that is given
   * to `PurchasedTrainingPlan` as its `purchaseRole`.
   *
   * It allows to search offerings, to create and tag this plan with its reserved capacities, to write the ledger of this plan, and
   * to ask CloudFormation about the resources of any stack. The log of the function comes besides: give the role the managed policy
   * `service-role/AWSLambdaBasicExecutionRole`.
   */
  public purchase(grantee: iam.IGrantable): iam.Grant {
    const { trainingPlanArn } = this.plan.trainingPlanRef;
    const stack = Stack.of(this.plan);
    const { account, region } = this.plan.env;
    const permissions = buyerPermissions(this.plan, {
      account,
      region,
      planArn: trainingPlanArn,
      planName: stack.splitArn(trainingPlanArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!,
      stackArn: stack.formatArn({ service: 'cloudformation', account, region, resource: 'stack', resourceName: '*' }),
    });
    return permissions
      .map(({ actions, resources, conditions }) => iam.Grant.addToPrincipal({ grantee, actions, resourceArns: resources, conditions }))
      .reduce((all, grant) => all.combine(grant));
  }
}
