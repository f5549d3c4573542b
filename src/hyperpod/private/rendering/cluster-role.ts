import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { NODE_SCALING_ACTIONS } from '../facts/perms';

/**
 * What SageMaker does when it scales a cluster. The cluster has no ARN yet when its role is made.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-autoscaling-iam.html
 */
export function scalingDocument(scope: Construct): iam.PolicyDocument {
  const clusters = Stack.of(scope).formatArn({ service: 'sagemaker', resource: 'cluster', resourceName: '*' });
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({ actions: NODE_SCALING_ACTIONS, resources: [clusters] })],
  });
}

/** Encrypting the volumes of nodes with keys of yours: by grants that SageMaker makes for AWS services. */
export function volumeKeyStatements(keyArns: string[]): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['kms:DescribeKey'], resources: keyArns }),
    new iam.PolicyStatement({
      actions: ['kms:CreateGrant'],
      resources: keyArns,
      conditions: {
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
        StringLike: { 'kms:ViaService': ['sagemaker.*.amazonaws.com', 'sagemaker.*.amazonaws.com.cn'] },
      },
    }),
  ];
}

/** Reading the password of a database. */
export function secretStatements(secret: secretsmanager.ISecret): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], resources: [secret.secretArn] }),
    ...secret.encryptionKey
      ? [new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [secret.encryptionKey.keyArn] })]
      : [],
  ];
}
