import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { isIntrinsic } from '../../../private/problems';

/**
 * `AWS::SageMaker::Cluster` with what the class of the oldest supported aws-cdk-lib drops: `ImageReleaseVersion` and
 * `AutoPatchConfig` of instance groups, stages of lifecycle scripts that it doesn't know, and `AccountingDatabase` of Slurm. Newer
 * classes render the same.
 */
export class CfnCluster extends sagemaker.CfnCluster {
  protected renderProperties(properties: Record<string, any>): Record<string, any> {
    const rendered = super.renderProperties(properties);
    (properties.instanceGroups as Record<string, any>[] | undefined)?.forEach((group, index) => {
      const target = rendered.InstanceGroups[index];
      if (group.imageReleaseVersion !== undefined) { target.ImageReleaseVersion ??= group.imageReleaseVersion; }
      for (const [key, part] of Object.entries(group.lifeCycleConfig ?? {})) { target.LifeCycleConfig[capitalized(key)] ??= part; }
      if (group.autoPatchConfig !== undefined) { target.AutoPatchConfig ??= capitalizeKeys(group.autoPatchConfig); }
    });
    const database = properties.orchestrator?.slurm?.accountingDatabase;
    if (database !== undefined) { rendered.Orchestrator.Slurm.AccountingDatabase ??= capitalizeKeys(database); }
    return rendered;
  }
}

/** Properties as CloudFormation writes them. Values that CloudFormation computes are left as they are. */
function capitalizeKeys(value: any): any {
  if (Array.isArray(value)) { return value.map(capitalizeKeys); }
  if (value === null || typeof value !== 'object') { return value; }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [
    capitalized(key), isIntrinsic(part) ? part : capitalizeKeys(part),
  ]));
}

function capitalized(key: string): string {
  return key[0].toUpperCase() + key.slice(1);
}
