import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { ServiceException } from '@smithy/core/client';
import type { StaticOperationSchema } from '@smithy/types';
import { readConfig } from './config';
import { SchemaClient, baseError, commandBuilder, type ClientConfig } from './schema-client';

/*
 * The one read of Secrets Manager that handlers need, under the names of `@aws-sdk/client-secrets-manager` (decisions/0006).
 */

const NAMESPACE = 'com.amazonaws.secretsmanager';

/** The base of all errors of the service, whose `name` tells them apart. */
export class SecretsManagerServiceException extends ServiceException {}

/** A client of Secrets Manager. */
export class SecretsManagerClient extends SchemaClient {
  public constructor(config: ClientConfig = {}) {
    super({
      serviceId: 'Secrets Manager',
      endpointPrefix: 'secretsmanager',
      protocol: AwsJson1_1Protocol,
      namespace: NAMESPACE,
      version: '2017-10-17',
      serviceTarget: 'secretsmanager',
      errors: [baseError(NAMESPACE, 'SecretsManagerServiceException', SecretsManagerServiceException)],
    }, config);
  }
}

export interface GetSecretValueRequest {
  readonly SecretId: string;
  readonly VersionId?: string;
}

export interface GetSecretValueResponse {
  readonly SecretString?: string;
}

/* Schemas, in the form of the SDK's generated clients. A text that is nobody's to read is a text with the trait `sensitive`. */
const STRING = 0;
const SECRET = [0, NAMESPACE, 'SecretStringType', 8, 0];

const GET_SECRET_VALUE = [
  9, NAMESPACE, 'GetSecretValue', 0,
  [3, NAMESPACE, 'GetSecretValueRequest', 0, ['SecretId', 'VersionId'], [STRING, STRING]],
  [3, NAMESPACE, 'GetSecretValueResponse', 0, ['SecretString'], [SECRET]],
] as unknown as StaticOperationSchema;

export class GetSecretValueCommand
  extends commandBuilder('secretsmanager', 'SecretsManagerClient')<GetSecretValueRequest, GetSecretValueResponse>('GetSecretValue', GET_SECRET_VALUE) {}

/** Reads secrets. */
export interface SecretReader {
  /** The text of a secret, or of a version of it; undefined where it has none. */
  read(arn: string, version: string | undefined, signal: AbortSignal): Promise<string | undefined>;
}

/** A reader of secrets with a client of its own. */
export function secretReader(): SecretReader {
  const client = new SecretsManagerClient(readConfig());
  return {
    read: async (SecretId, VersionId, abortSignal) => {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionId }), { abortSignal });
      return SecretString;
    },
  };
}
