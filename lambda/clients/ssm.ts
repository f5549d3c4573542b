import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { ServiceException } from '@smithy/core/client';
import { TypeRegistry } from '@smithy/core/schema';
import type { StaticOperationSchema } from '@smithy/types';
import { RequestHandler } from './http';
import { SchemaClient, commandBuilder, type ClientConfig } from './schema-client';
import type { ClaimStore } from '../node-operations/claim';

/*
 * What look-ups and claims need of Parameter Store, under the names of `@aws-sdk/client-ssm`, which would take as much of their
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

export interface PutParameterResult {
  readonly Version?: number;
}

export interface GetParametersByPathRequest {
  readonly Path: string;
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
  [3, NAMESPACE, 'GetParametersByPathRequest', 0, ['Path', 'MaxResults', 'NextToken'], [STRING, NUMBER, STRING]],
  [3, NAMESPACE, 'GetParametersByPathResult', 0, ['Parameters', 'NextToken'], [[1, NAMESPACE, 'ParameterList', 0, PARAMETER], STRING]],
] as unknown as StaticOperationSchema;

export class GetParametersByPathCommand
  extends commandBuilder('AmazonSSM', 'SSMClient')<GetParametersByPathRequest, GetParametersByPathResult>('GetParametersByPath', GET_PARAMETERS_BY_PATH) {}

const CONNECT_MS = 3_000;
const REQUEST_MS = 10_000;
const ATTEMPTS = 6;
/** The most that a page can have. */
const PAGE = 10;

/** Records as parameters, none of which is ever changed. */
export function claimRecords(): ClaimStore {
  const ssm = new SSMClient({
    maxAttempts: ATTEMPTS,
    requestHandler: new RequestHandler({ connectMs: CONNECT_MS, requestMs: REQUEST_MS }),
  });
  return {
    put: async (name, value) => {
      try {
        const { Version } = await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: false }));
        return Version === 1; // any other version is one of a record that was there
      } catch (error) {
        if ((error as Error).name === 'ParameterAlreadyExists') { return false; }
        throw error;
      }
    },
    readAll: async path => {
      const records = new Map<string, string>();
      let token: string | undefined;
      do {
        const page = await ssm.send(new GetParametersByPathCommand({ Path: path, MaxResults: PAGE, NextToken: token }));
        for (const { Name, Value } of page.Parameters ?? []) { records.set(Name ?? '', Value ?? ''); }
        token = page.NextToken;
      } while (token);
      return records;
    },
  };
}
