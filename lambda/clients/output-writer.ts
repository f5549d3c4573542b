import { readConfig } from './read-config';
import { PutObjectCommand, S3Client } from './s3';
import { PutParameterCommand, SSMClient } from './ssm';

/** Clients for what reads are written to. Both overwrite, so that the SDK may repeat them as it repeats reads. */
export function outputWriter() {
  const ssm = new SSMClient(readConfig());
  const s3 = new S3Client(readConfig());
  return {
    putParameter: async (name: string, value: string, tier: string, abortSignal: AbortSignal) => {
      const command = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Tier: tier, Overwrite: true });
      await ssm.send(command, { abortSignal });
    },
    putObject: async (Bucket: string, Key: string, body: string, abortSignal: AbortSignal) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(body), ContentType: 'application/json' }), { abortSignal });
    },
  };
}
