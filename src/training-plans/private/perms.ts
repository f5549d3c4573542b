/**
 * What describes one plan. It can be granted on the ARN of a plan.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export const READ_ACTIONS = ['sagemaker:DescribeTrainingPlan'];
