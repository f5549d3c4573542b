/*
 * What a compute quota that is provisioned by API says to its handler, and what comes back. A quota that was made years ago is
 * still updated with the properties that it was made with: members are only ever added. All values arrive as strings.
 */

/** The CloudFormation type of a quota that is provisioned by API. */
export const COMPUTE_QUOTA_RESOURCE_TYPE = 'Custom::HpcHyperPodComputeQuota';

/** The properties: those of `AWS::SageMaker::ComputeQuota`, which are those of CreateComputeQuota. */
export interface ComputeQuotaProperties {
  readonly Name: string;
  readonly Description?: string;
  readonly ClusterArn: string;
  readonly ComputeQuotaTarget: object;
  readonly ComputeQuotaConfig: object;
  readonly ActivationState?: string;
  readonly Tags?: readonly QuotaTag[];
}

/** A tag. */
export interface QuotaTag {
  readonly Key: string;
  readonly Value: string;
}

/** The tag that says which custom resource made a quota: `<the last part of the stack's id>/<logical id>`. No update touches it. */
export const QUOTA_OWNER_TAG = 'cdk-hpc-clusters:owner';

/** The attributes, those of the CloudFormation type that constructs use. */
export const COMPUTE_QUOTA_ATTRIBUTES = ['ComputeQuotaArn', 'ComputeQuotaId', 'ComputeQuotaVersion', 'Status'] as const;

/** An attribute. */
export type ComputeQuotaAttribute = typeof COMPUTE_QUOTA_ATTRIBUTES[number];
