import { AwsRestXmlProtocol } from '@aws-sdk/core/protocols';
import { ServiceException } from '@smithy/core/client';
import type { StaticStructureSchema } from '@smithy/types';
import { SchemaClient, baseError, commandBuilder, type ClientConfig } from './schema-client';

/*
 * The one write to Amazon S3 that handlers need, under the names of `@aws-sdk/client-s3`, which would make a handler larger by
 * two thirds (decisions/0006). Buckets stand in the path, which all of their names allow.
 */

const NAMESPACE = 'com.amazonaws.s3';

/** The base of all errors of the service, which has no others: their `name` tells them apart. */
export class S3ServiceException extends ServiceException {}

/** A client of Amazon S3. */
export class S3Client extends SchemaClient {
  public constructor(config: ClientConfig = {}) {
    super({
      serviceId: 'S3',
      signingEscapePath: false,
      endpointPrefix: 's3',
      protocol: AwsRestXmlProtocol,
      namespace: NAMESPACE,
      version: '2006-03-01',
      serviceTarget: 'AmazonS3',
      xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
      errors: [baseError(NAMESPACE, 'S3ServiceException', S3ServiceException)],
    }, config);
  }
}

export interface PutObjectRequest {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: Uint8Array;
  readonly ContentType?: string;
}

/* Schemas, in the form of the SDK's generated clients. */
const STRING = 0;
const BLOB = 21;

const PUT_OBJECT_REQUEST = [
  3, NAMESPACE, 'PutObjectRequest', 0,
  ['Bucket', 'Key', 'Body', 'ContentType'],
  [[STRING, { httpLabel: 1 }], [STRING, { httpLabel: 1 }], [BLOB, { httpPayload: 1 }], [STRING, { httpHeader: 'Content-Type' }]],
] as unknown as StaticStructureSchema;
const PUT_OBJECT_OUTPUT = [3, NAMESPACE, 'PutObjectOutput', 0, [], []] as unknown as StaticStructureSchema;

export class PutObjectCommand extends commandBuilder('AmazonS3', 'S3Client')<PutObjectRequest, object>(
  'PutObject', [9, NAMESPACE, 'PutObject', { http: ['PUT', '/{Bucket}/{Key+}?x-id=PutObject', 200] }, PUT_OBJECT_REQUEST, PUT_OBJECT_OUTPUT],
) {}
