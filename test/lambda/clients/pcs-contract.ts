/*
 * What AWS PCS (API version 2023-02-10) calls the members of the operations that handlers use, and what they are. Written down
 * from the service's API reference: a test holds the client's schemas and the fake to it.
 *
 * https://docs.aws.amazon.com/pcs/latest/APIReference/Welcome.html
 */

/** A member: its type on the wire, or the members of its structure; a list has one element, which says what is in it. */
export type Shape = 'string' | 'number' | readonly [Shape] | { readonly [member: string]: Shape };

const NAMED = { name: 'string', id: 'string', arn: 'string', status: 'string' } as const;
const SECRET = { secretArn: 'string', secretVersion: 'string' } as const;
const ERROR_INFO = [{ code: 'string', message: 'string' }] as const;
const PAGE = { nextToken: 'string', maxResults: 'number' } as const;

/** Of each operation, what it takes and what of its answer is read. */
export const OPERATIONS: Record<string, { readonly input: Shape; readonly output: Shape }> = {
  GetCluster: {
    input: { clusterIdentifier: 'string' },
    output: {
      cluster: {
        ...NAMED,
        scheduler: { type: 'string', version: 'string' },
        size: 'string',
        slurmConfiguration: { authKey: SECRET, jwtAuth: { jwtKey: SECRET } },
        networking: { subnetIds: ['string'], securityGroupIds: ['string'], networkType: 'string' },
        endpoints: [{ type: 'string', privateIpAddress: 'string', publicIpAddress: 'string', ipv6Address: 'string', port: 'string' }],
        errorInfo: ERROR_INFO,
      },
    },
  },
  ListClusters: { input: PAGE, output: { clusters: [NAMED], nextToken: 'string' } },
  GetComputeNodeGroup: {
    input: { clusterIdentifier: 'string', computeNodeGroupIdentifier: 'string' },
    output: {
      computeNodeGroup: {
        ...NAMED,
        clusterId: 'string',
        amiId: 'string',
        subnetIds: ['string'],
        purchaseOption: 'string',
        customLaunchTemplate: { id: 'string', version: 'string' },
        iamInstanceProfileArn: 'string',
        scalingConfiguration: { minInstanceCount: 'number', maxInstanceCount: 'number' },
        instanceConfigs: [{ instanceType: 'string' }],
        errorInfo: ERROR_INFO,
      },
    },
  },
  ListComputeNodeGroups: { input: { clusterIdentifier: 'string', ...PAGE }, output: { computeNodeGroups: [NAMED], nextToken: 'string' } },
};

/** The errors of these operations, whose fault they are, and what they say besides their message. */
export const ERRORS: Record<string, { readonly fault: 'client' | 'server'; readonly members: { readonly [member: string]: Shape } }> = {
  AccessDeniedException: { fault: 'client', members: {} },
  ConflictException: { fault: 'client', members: { resourceId: 'string', resourceType: 'string' } },
  InternalServerException: { fault: 'server', members: {} },
  ResourceNotFoundException: { fault: 'client', members: { resourceId: 'string', resourceType: 'string' } },
  ThrottlingException: { fault: 'client', members: { retryAfterSeconds: 'number' } },
  ValidationException: { fault: 'client', members: { reason: 'string' } },
};

/** The errors that it is worth to repeat a request after. */
export const RETRIED = ['InternalServerException', 'ThrottlingException'];
