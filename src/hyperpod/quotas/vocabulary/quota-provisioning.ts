/**
 * What makes a compute quota.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateComputeQuota.html
 */
export enum QuotaProvisioning {
  /**
   * CloudFormation, by its own resource type.
   *
   * It is documented for 15 Regions.
   */
  CLOUDFORMATION = 'CLOUDFORMATION',

  /**
   * Lambda functions of this library, by the SageMaker API, in every Region that has HyperPod.
   *
   * The first quota of a stack brings them: a function that makes, changes and deletes quotas, one that waits, and three functions and
   * a state machine of the AWS CDK that call them. They cost by the second that they run.
   */
  API = 'API',
}
