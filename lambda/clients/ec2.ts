import { AwsEc2QueryProtocol } from '@aws-sdk/core/protocols';
import { createPaginator } from '@smithy/core';
import { ServiceException } from '@smithy/core/client';
import type { StaticListSchema, StaticStructureSchema } from '@smithy/types';
import { SchemaClient, baseError, commandBuilder, type ClientConfig } from './schema-client';

/*
 * The client of Amazon EC2 and its read of instances, under the names of `@aws-sdk/client-ec2`, which has three times the size of a whole
 * handler: all of the service's types come with any command (decisions/0006). Reads of Capacity Blocks are in `capacity-blocks.ts`.
 */

export const NAMESPACE = 'com.amazonaws.ec2';

/** The base of all errors of the service, which has no others: their `name` tells them apart. */
export class EC2ServiceException extends ServiceException {}

/** A client of Amazon EC2. */
export class EC2Client extends SchemaClient {
  public constructor(config: ClientConfig = {}) {
    super({
      serviceId: 'EC2',
      endpointPrefix: 'ec2',
      protocol: AwsEc2QueryProtocol,
      namespace: NAMESPACE,
      version: '2016-11-15',
      serviceTarget: 'AmazonEC2',
      xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15',
      errors: [baseError(NAMESPACE, 'EC2ServiceException', EC2ServiceException)],
    }, config);
  }
}

/** An instance, as far as handlers read it. */
export interface Instance {
  readonly InstanceId?: string;
  readonly LaunchTime?: Date;
  readonly PrivateIpAddress?: string;
  readonly Ipv6Address?: string;
}

/** A filter of what is described. */
export interface Filter {
  readonly Name: string;
  readonly Values: string[];
}

export interface DescribeInstancesRequest { readonly Filters?: Filter[]; readonly MaxResults?: number; readonly NextToken?: string }
export interface DescribeInstancesResult { readonly Reservations?: { readonly Instances?: Instance[] }[]; readonly NextToken?: string }

/* Schemas, in the form of the SDK's generated clients. On the wire, requests and answers have names of their own. */
export const STRING = 0;
export const NUMBER = 1;
export const DATE_TIME = 5;

/** A member under the name that it has on the wire, and, where that differs, in a request. */
export function named(schema: unknown, xmlName: string, ec2QueryName?: string) {
  return [schema, { xmlName, ...ec2QueryName && { ec2QueryName } }];
}

export function structure(name: string, members: Readonly<Record<string, unknown>>): StaticStructureSchema {
  return [3, NAMESPACE, name, 0, Object.keys(members), Object.values(members)] as StaticStructureSchema;
}

export function list(name: string, item: unknown, itemName: string): StaticListSchema {
  return [1, NAMESPACE, name, 0, named(item, itemName)] as StaticListSchema;
}

/** The filters of a request. */
export const FILTERS = named(list('FilterList', structure('Filter', {
  Name: STRING, Values: named(list('ValueStringList', STRING, 'item'), 'Value'),
}), 'Filter'), 'Filter');
const INSTANCE = structure('Instance', {
  InstanceId: named(STRING, 'instanceId'),
  LaunchTime: named(DATE_TIME, 'launchTime'),
  PrivateIpAddress: named(STRING, 'privateIpAddress'),
  Ipv6Address: named(STRING, 'ipv6Address'),
});
const RESERVATION = structure('Reservation', { Instances: named(list('InstanceList', INSTANCE, 'item'), 'instancesSet') });

const DESCRIBE_INSTANCES_REQUEST = structure('DescribeInstancesRequest', {
  Filters: FILTERS,
  MaxResults: named(NUMBER, 'maxResults', 'MaxResults'),
  NextToken: named(STRING, 'nextToken', 'NextToken'),
});
const DESCRIBE_INSTANCES_RESULT = structure('DescribeInstancesResult', {
  Reservations: named(list('ReservationList', RESERVATION, 'item'), 'reservationSet'),
  NextToken: named(STRING, 'nextToken'),
});

export class DescribeInstancesCommand extends commandBuilder('AmazonEC2', 'EC2Client')<DescribeInstancesRequest, DescribeInstancesResult>(
  'DescribeInstances', [9, NAMESPACE, 'DescribeInstances', 0, DESCRIBE_INSTANCES_REQUEST, DESCRIBE_INSTANCES_RESULT],
) {}

export const paginateDescribeInstances = createPaginator<
  { client: EC2Client; pageSize?: number }, DescribeInstancesRequest, DescribeInstancesResult & { $metadata: object }
>(EC2Client, DescribeInstancesCommand, 'NextToken', 'NextToken', 'MaxResults');
