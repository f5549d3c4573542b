import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { ServiceException } from '@smithy/core/client';
import { TypeRegistry } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import { SchemaClient, commandBuilder, type ClientConfig } from './schema-client';

/*
 * The one write to Parameter Store that look-ups need, under the names of `@aws-sdk/client-ssm`, which would take as much of their
 * bundle as SageMaker: all of the service's types come with any command.
 */

const NAMESPACE = 'com.amazonaws.ssm';
const SYNTHETIC = 'smithy.ts.sdk.synthetic.com.amazonaws.ssm';

/** The base of all errors of the service, which has no others: their `name` tells them apart. */
export class SSMServiceException extends ServiceException {}

const ERRORS = new TypeRegistry(SYNTHETIC);
ERRORS.registerError([-3, SYNTHETIC, 'SSMServiceException', 0, [], []], SSMServiceException);

/** A client of Systems Manager. */
export class SSMClient extends SchemaClient {
  public constructor(config: ClientConfig = {}) {
    super({
      serviceId: 'SSM',
      signingName: 'ssm',
      endpointPrefix: 'ssm',
      protocol: AwsJson1_1Protocol,
      namespace: NAMESPACE,
      version: '2014-11-06',
      serviceTarget: 'AmazonSSM',
      errors: [ERRORS],
    }, config);
  }
}

export interface PutParameterRequest {
  readonly Name: string;
  readonly Value: string;
  readonly Type?: string;
  readonly Tier?: string;
  readonly Overwrite?: boolean;
}

/* Schemas, in the form of the SDK's generated clients. */
const STRING = 0;
const BOOLEAN = 2;

const PUT_PARAMETER = [
  9, NAMESPACE, 'PutParameter', 0,
  [3, NAMESPACE, 'PutParameterRequest', 0, ['Name', 'Value', 'Type', 'Tier', 'Overwrite'], [STRING, STRING, STRING, STRING, BOOLEAN]],
  [3, NAMESPACE, 'PutParameterResult', 0, [], []],
] as unknown as StaticOperationSchema;

export class PutParameterCommand extends commandBuilder('AmazonSSM', 'SSMClient')<PutParameterRequest, object>('PutParameter', PUT_PARAMETER) {}
