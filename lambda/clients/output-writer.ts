import { readConfig } from './config';
import { PutObjectCommand, S3Client } from './s3';
import { PutParameterCommand, SSMClient } from './ssm';

/** What handlers write lists to. */
export interface OutputWriter {
  /** Overwrites a parameter. */
  putParameter(name: string, value: string, tier: string, signal: AbortSignal): Promise<void>;
  /** Overwrites an object. */
  putObject(bucket: string, key: string, body: string, signal: AbortSignal): Promise<void>;
}

/** Clients for what reads are written to. Both overwrite, so that the SDK may repeat them as it repeats reads. */
export function outputWriter(): OutputWriter {
  const ssm = new SSMClient(readConfig());
  const s3 = new S3Client(readConfig());
  return {
    putParameter: async (name, value, tier, abortSignal) => {
      const command = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Tier: tier, Overwrite: true });
      await ssm.send(command, { abortSignal });
    },
    putObject: async (Bucket, Key, body, abortSignal) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(body), ContentType: 'application/json' }), { abortSignal });
    },
  };
}
