/** Where a request is answered: its account, and the Region that it was signed for. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** An error as the service words it. */
export class ServiceError extends Error {
  /** Whose it was, as the SDK says: handlers that are called without it tell answers of the service by this. */
  public readonly $fault: 'client' | 'server';

  public constructor(
    public readonly code: string, message: string, public readonly status = 400, public readonly members: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = code;
    this.$fault = status < 500 ? 'client' : 'server';
  }
}

/** What the ARNs of a place begin with, up to the resource. */
export function arnPrefix({ account, region }: Place): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
  return `arn:${partition}:sagemaker:${region}:${account}:`;
}
