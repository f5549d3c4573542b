import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { createPaginator } from '@smithy/core';
import { ServiceException } from '@smithy/core/client';
import type { StaticOperationSchema } from '@smithy/types';
import { SchemaClient, baseError, commandBuilder, type ClientConfig } from './schema-client';

/*
 * What handlers need of Parameter Store, under the names of `@aws-sdk/client-ssm`, which would add 64,000 bytes to a bundle: the errors
 * and many types of the whole service come with any command (decisions/0006).
 */

const NAMESPACE = 'com.amazonaws.ssm';

/** The base of all errors of the service, which has no others: their `name` tells them apart. */
export class SSMServiceException extends ServiceException {}

/** A client of Systems Manager. */
export class SSMClient extends SchemaClient {
  public constructor(config: ClientConfig = {}) {
    super({
      serviceId: 'SSM',
      endpointPrefix: 'ssm',
      protocol: AwsJson1_1Protocol,
      namespace: NAMESPACE,
      version: '2014-11-06',
      serviceTarget: 'AmazonSSM',
      errors: [baseError(NAMESPACE, 'SSMServiceException', SSMServiceException)],
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

export interface PutParameterResult {
  readonly Version?: number;
}

export interface GetParametersByPathRequest {
  readonly Path: string;
  readonly Recursive?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface GetParametersByPathResult {
  readonly Parameters?: readonly { readonly Name?: string; readonly Value?: string }[];
  readonly NextToken?: string;
}

/* Schemas, in the form of the SDK's generated clients. */
const STRING = 0;
const NUMBER = 1;
const BOOLEAN = 2;

const PUT_PARAMETER = [
  9, NAMESPACE, 'PutParameter', 0,
  [3, NAMESPACE, 'PutParameterRequest', 0, ['Name', 'Value', 'Type', 'Tier', 'Overwrite'], [STRING, STRING, STRING, STRING, BOOLEAN]],
  [3, NAMESPACE, 'PutParameterResult', 0, ['Version'], [NUMBER]],
] as unknown as StaticOperationSchema;

export class PutParameterCommand
  extends commandBuilder('AmazonSSM', 'SSMClient')<PutParameterRequest, PutParameterResult>('PutParameter', PUT_PARAMETER) {}

const PARAMETER = [3, NAMESPACE, 'Parameter', 0, ['Name', 'Value'], [STRING, STRING]];
const GET_PARAMETERS_BY_PATH = [
  9, NAMESPACE, 'GetParametersByPath', 0,
  [3, NAMESPACE, 'GetParametersByPathRequest', 0, ['Path', 'Recursive', 'MaxResults', 'NextToken'], [STRING, BOOLEAN, NUMBER, STRING]],
  [3, NAMESPACE, 'GetParametersByPathResult', 0, ['Parameters', 'NextToken'], [[1, NAMESPACE, 'ParameterList', 0, PARAMETER], STRING]],
] as unknown as StaticOperationSchema;

export class GetParametersByPathCommand
  extends commandBuilder('AmazonSSM', 'SSMClient')<GetParametersByPathRequest, GetParametersByPathResult>('GetParametersByPath', GET_PARAMETERS_BY_PATH) {}

export const paginateGetParametersByPath = /* @__PURE__ */ createPaginator<
  { client: SSMClient; pageSize?: number }, GetParametersByPathRequest, GetParametersByPathResult & { $metadata: object }
>(SSMClient, GetParametersByPathCommand, 'NextToken', 'NextToken', 'MaxResults');
