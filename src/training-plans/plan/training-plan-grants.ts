import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ITrainingPlanRef } from './vocabulary/training-plan-ref';
import { checked } from '../../private/inputs/checked';
import { buyerPermissions, extenderPermissions, READ_ACTIONS, USE_ACTIONS, type Permission, type PurchaseScope } from '../private/facts/perms';

/**
 * Permissions on a training plan.
 */
@checked('training_plans.TrainingPlanGrants')
export class TrainingPlanGrants {
  /**
   * Grants for a plan of this library, or for anything that has the ARN of one.
   */
  public static fromTrainingPlan(plan: ITrainingPlanRef): TrainingPlanGrants {
    return new TrainingPlanGrants(plan);
  }

  private constructor(private readonly plan: ITrainingPlanRef) {}

  /**
   * Grants describing the plan to a principal: status, times, counts, fee, and where its capacity is.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...READ_ACTIONS);
  }

  /**
   * Grants running training jobs and HyperPod instance groups on the capacity of the plan to a principal.
   *
   * SageMaker asks for the permission to create a job, or to create or update a cluster, on the plan and on its reserved capacities,
   * besides that on the job or the cluster, which isn't given here. The ids of reserved capacities are random, so it is for
   * those of all plans of the account and Region.
   *
   * It does not let anybody buy or extend a plan.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-iam-permissions.html
   * @param grantee The principal.
   */
  public use(grantee: iam.IGrantable): iam.Grant {
    const { account, region } = this.plan.env;
    const capacities = Stack.of(this.plan).formatArn({
      service: 'sagemaker', resource: 'reserved-capacity', resourceName: '*', account, region,
    });
    return iam.Grant.addToPrincipal({ grantee, actions: USE_ACTIONS, resourceArns: [this.planArn, capacities] });
  }

  /**
   * Grants any actions on the plan to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, for example `sagemaker:ListTags`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.planArn] });
  }

  /**
   * Grants buying a plan of this name, in the account and Region of the plan, to a principal: **to spend money**. Meant for a role that
   * is given to `PurchasedTrainingPlan` as its `purchaseRole`.
   *
   * It allows to search offerings, to create and tag this plan with its reserved capacities, to write the ledger of this plan, and
   * to ask CloudFormation about the resources of any stack. The log of the function comes besides: give the role the managed policy
   * `service-role/AWSLambdaBasicExecutionRole`.
   *
   * @param grantee The principal.
   */
  public purchase(grantee: iam.IGrantable): iam.Grant {
    return this.spend(grantee, buyerPermissions(this.plan, this.scope));
  }

  /**
   * Grants extending the plan to a principal: **to spend money**. Meant for a role that is given to `TrainingPlanExtension` as its
   * `extensionRole`.
   *
   * **It can extend every plan of the account and Region**, since SageMaker can't limit `ExtendTrainingPlan` to a plan. What the role is
   * used for is up to who may assume it. The log of the function comes besides: give the role the managed policy
   * `service-role/AWSLambdaBasicExecutionRole`.
   *
   * @param grantee The principal.
   */
  public extend(grantee: iam.IGrantable): iam.Grant {
    return this.spend(grantee, extenderPermissions(this.plan, this.scope));
  }

  private spend(grantee: iam.IGrantable, permissions: Permission[]): iam.Grant {
    return permissions
      .map(({ actions, resources, conditions }) => iam.Grant.addToPrincipal({ grantee, actions, resourceArns: resources, conditions }))
      .reduce((all, grant) => all.combine(grant));
  }

  /** The plan, for a role that serves any stack. */
  private get scope(): PurchaseScope {
    const stack = Stack.of(this.plan);
    const { account, region } = this.plan.env;
    return {
      account,
      region,
      planArn: this.planArn,
      planName: stack.splitArn(this.planArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!,
      stackArn: stack.formatArn({ service: 'cloudformation', account, region, resource: 'stack', resourceName: '*' }),
    };
  }

  private get planArn(): string {
    return this.plan.trainingPlanRef.trainingPlanArn;
  }
}
