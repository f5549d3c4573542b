import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { configureHandlers } from './private/handlers/options';
import { checked } from './private/inputs/checked';

/**
 * How the Lambda functions behind this library's custom resources are made.
 *
 * All of it can be changed later, in place.
 */
export interface HandlerOptions {
  /**
   * The VPC to run in.
   *
   * The functions call AWS APIs and answer CloudFormation through Amazon S3. So their subnets need a way out: a NAT gateway,
   * or interface endpoints for the APIs and a gateway endpoint for S3 whose policy lets CloudFormation's buckets through.
   * Without it a deployment hangs until the timeout of the custom resource, five minutes for a look-up.
   *
   * @default - not in a VPC
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-vpce-bucketnames.html
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets to run in. Only together with `vpc`.
   *
   * @default - the VPC's private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups of the functions. Only together with `vpc`.
   *
   * @default - a new group for each function, closed to the inside and open to the outside
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * How long the log of a function is kept.
   *
   * @default RetentionDays.ONE_MONTH, and RetentionDays.TEN_YEARS for purchases
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * What becomes of the log of a function that only reads, when its stack is deleted. The log of purchases is always kept.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly logRemovalPolicy?: RemovalPolicy;

  /**
   * The key that encrypts the logs: those from then on, when it changes.
   *
   * Its policy must let CloudWatch Logs use it; that isn't added here, because a policy that names the log group
   * would make a circle.
   *
   * @default - encrypted with a key that CloudWatch Logs owns
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly logEncryptionKey?: kms.IKey;

  /**
   * The permissions boundary of the functions' roles.
   *
   * A boundary set by `iam.PermissionsBoundary.of()` on the stack or the app reaches them without this.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * How many instances of one function may run at a time. It is taken from what the account has for all functions. The functions of
   * CDK's provider framework, which call those of a purchase, aren't limited.
   *
   * CloudFormation starts many custom resources of a stack at once. Those above this number wait, and Lambda tries again.
   *
   * @default - no reservation
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;
}

/**
 * Configures the Lambda functions that this library makes for what CloudFormation can't do, such as look-ups.
 *
 * There is one function per stack and kind, made when the first construct needs it. What isn't configured has defaults
 * that work in every account; the functions cost nothing while they don't run.
 *
 * @example
 * import { HandlerDefaults } from 'cdk-hpc-clusters';
 *
 * HandlerDefaults.configure(this, { vpc, logRetention: logs.RetentionDays.ONE_YEAR });
 */
@checked('HandlerDefaults')
export class HandlerDefaults {
  /**
   * Sets options for all handlers within a stack, a stage, an app or a construct around stacks.
   *
   * Each option is taken from the nearest construct that sets it, from the stack outwards; `vpc`, `vpcSubnets` and
   * `securityGroups` go together. A second call for the same construct overrides what it sets again.
   *
   * Fails inside a stack, and when a handler within the scope has been made already.
   */
  public static configure(scope: IConstruct, options: HandlerOptions): void {
    configureHandlers(scope, options);
  }

  private constructor() {}
}
