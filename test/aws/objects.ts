import { ServiceError } from './service';

/** Amazon S3 as far as handlers call it: PUT of an object, with the bucket in the path. */
export class Objects {
  /** Contents by bucket and key: `bucket/folder/nodes.json`. */
  public readonly contents = new Map<string, string>();
  public readonly buckets = new Set<string>();

  /** Keeps an object. */
  public put({ Bucket, Key }: ObjectPath, body: string): void {
    if (!this.buckets.has(Bucket)) { throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404); }
    this.contents.set(`${Bucket}/${Key}`, body);
  }
}

/** Which object a path means. */
export interface ObjectPath {
  readonly Bucket: string;
  readonly Key: string;
}

export function objectPath(path: string): ObjectPath {
  const [, Bucket, ...key] = path.split('?')[0].split('/').map(decodeURIComponent);
  return { Bucket, Key: key.join('/') };
}

/** An error as S3 words it. */
export function objectError(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`;
}
