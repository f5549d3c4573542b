/** A resource of SageMaker, by its ARN. */
export interface SageMakerArn {
  readonly region: string;
  readonly account: string;
  /** Its name or its id, whichever the ARN has. */
  readonly name: string;
}

/** What stands before the name in an ARN. */
export type ArnKind = 'cluster' | 'compute-quota' | 'training-plan';

/** The parts of `arn:<partition>:sagemaker:<Region>:<account>:<kind>/<name>`. Undefined for any other text. */
export function sageMakerArn(kind: ArnKind, arn: string): SageMakerArn | undefined {
  const [, region, account, found, name] = /^arn:[^:]+:sagemaker:([^:]*):([^:]*):([^:/]+)\/(.+)$/.exec(arn) ?? [];
  return found === kind ? { region, account, name } : undefined;
}
