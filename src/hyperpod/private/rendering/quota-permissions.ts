import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ProviderPermissions } from '../../../private/handlers/handler-provider';
import { API_QUOTA_CHANGE_ACTIONS } from '../facts/perms';

/**
 * What the functions may do that make the quotas of a cluster by the API. The service makes the ids of quotas, and finding them by name
 * can't be limited.
 */
export function quotaPermissions(scope: Construct, clusterArn: string): ProviderPermissions {
  const quotas = Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'compute-quota', resourceName: '*' });
  return {
    begins: [
      { actions: API_QUOTA_CHANGE_ACTIONS, resources: [quotas] },
      { actions: ['sagemaker:ListComputeQuotas'], resources: ['*'] },
      { actions: ['sagemaker:CreateComputeQuota'], resources: [clusterArn] },
    ],
    waits: [{ actions: ['sagemaker:DescribeComputeQuota'], resources: [quotas] }],
  };
}
