import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ERRORS, OPERATIONS, RETRIED, type Shape } from './pcs-contract';
import { DescribeInstancesCommand, EC2Client, EC2ServiceException, paginateDescribeInstances } from '../../../lambda/clients/ec2';
import * as pcs from '../../../lambda/clients/pcs';
import type { ClientConfig, SchemaClient } from '../../../lambda/clients/schema-client';
import { FakeAws } from '../../aws/server';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const aws = new FakeAws({ secrets: { [credentials.accessKeyId]: credentials.secretAccessKey } });

beforeAll(async () => aws.start());
afterAll(async () => aws.stop());
beforeEach(() => {
  aws.reset();
  aws.pcs.pageSize = 100;
  aws.pcs.clusters.push({ name: 'slurm', id: 'pcs_abc123', status: 'ACTIVE', computeNodeGroups: [{ name: 'login', id: 'pcs_def456', status: 'ACTIVE' }] });
});

const config = (more: ClientConfig = {}): ClientConfig => ({ region: 'us-east-1', endpoint: aws.url, credentials, maxAttempts: 3, ...more });
const client = (more?: ClientConfig) => new pcs.PCSClient(config(more));

const COMMANDS: Record<string, new (input: never) => never> = {
  GetCluster: pcs.GetClusterCommand,
  ListClusters: pcs.ListClustersCommand,
  GetComputeNodeGroup: pcs.GetComputeNodeGroupCommand,
  ListComputeNodeGroups: pcs.ListComputeNodeGroupsCommand,
} as never;

/** What a request looks like, and an answer to it, without any logic behind. */
async function exchange<T>(answer: { status?: number; body: object }, use: (url: string) => Promise<T>) {
  const seen: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const result = await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch((error: Error) => error);
    return { seen, result };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A value of a shape, different for each path. */
function sample(shape: Shape, path = ''): unknown {
  if (shape === 'string') { return `s${path}`; }
  if (shape === 'number') { return path.length; }
  if (Array.isArray(shape)) { return [sample((shape as readonly [Shape])[0], `${path}/0`), sample((shape as readonly [Shape])[0], `${path}/1`)]; }
  return Object.fromEntries(Object.entries(shape).map(([member, of]) => [member, sample(of, `${path}/${member}`)]));
}

describe('the contract', () => {
  test.each(Object.entries(OPERATIONS))('%s sends and reads every member under the name that the service has for it', async (operation, { input, output }) => {
    const given = sample(input);
    const answer = sample(output) as object;
    const { seen, result } = await exchange({ body: { ...answer, moon: 'unknown members are left out' } }, async endpoint =>
      client({ endpoint }).send(new COMMANDS[operation](given as never)));
    expect(seen).toHaveLength(1);
    expect(seen[0].body).toEqual(given);
    expect(seen[0].headers).toMatchObject({
      'x-amz-target': `AWSParallelComputingService.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      'authorization': expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/us-east-1\/pcs\/aws4_request, /),
    });
    const { $metadata, ...read } = result as unknown as Record<string, unknown>;
    expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 1 });
    expect(read).toEqual(answer);
  });

  test.each(Object.entries(ERRORS))('%s is an error of its own class, with its members', async (name, { fault, members }) => {
    const more = sample(members) as object;
    const { seen, result } = await exchange({ status: fault === 'client' ? 400 : 500, body: { __type: name, message: 'why', ...more } }, async endpoint =>
      client({ endpoint, maxAttempts: 2 }).send(new pcs.GetClusterCommand({ clusterIdentifier: 'slurm' })));
    expect(result).toBeInstanceOf(pcs[name as keyof typeof pcs]);
    expect(result).toBeInstanceOf(pcs.PCSServiceException);
    expect(result).toMatchObject({ name, message: 'why', $fault: fault, ...more });
    expect(seen).toHaveLength(RETRIED.includes(name) ? 2 : 1);
  });

  test('an error that nobody knows is one of the service', async () => {
    const { result } = await exchange({ status: 400, body: { __type: 'MoonException', message: 'why' } }, async endpoint =>
      client({ endpoint }).send(new pcs.GetClusterCommand({ clusterIdentifier: 'slurm' })));
    expect(result).toMatchObject({ name: 'MoonException', message: 'why' });
  });

  test('the fake answers with what the contract names', async () => {
    const { output } = OPERATIONS.GetComputeNodeGroup;
    const group = {
      ...sample((output as { computeNodeGroup: Shape }).computeNodeGroup) as { name: string; id: string; status: string },
      status: 'ACTIVE',
      amiId: 'ami-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef0'],
      purchaseOption: 'ONDEMAND',
      iamInstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/AWSPCS-login',
    };
    aws.pcs.clusters.push({ name: 'full', id: 'pcs_full', status: 'ACTIVE', computeNodeGroups: [{ ...group, name: 'login', id: 'pcs_def456' }] });
    const { computeNodeGroup } = await client().send(new pcs.GetComputeNodeGroupCommand({ clusterIdentifier: 'full', computeNodeGroupIdentifier: 'login' }));
    expect(computeNodeGroup).toEqual({
      ...group, name: 'login', id: 'pcs_def456', clusterId: 'pcs_full', arn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_full/computenodegroup/pcs_def456',
    });
  });
});

describe('retries', () => {
  test('what is throttled, reset or fails inside the service is repeated', async () => {
    aws.faults.next('GetCluster', { kind: 'throttle' }, { kind: 'reset' }, { kind: 'error', status: 500, code: 'InternalServerException' });
    await client({ maxAttempts: 5 }).send(new pcs.GetClusterCommand({ clusterIdentifier: 'slurm' }));
    expect(aws.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4].map(attempt => `attempt=${attempt}; max=5`));
  });

  test('what is refused isn\'t', async () => {
    await expect(client().send(new pcs.GetClusterCommand({ clusterIdentifier: 'no-such' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException', resourceId: 'no-such', resourceType: 'cluster', $metadata: { attempts: 1, httpStatusCode: 400 },
    });
  });

  test('end with the last attempt', async () => {
    aws.faults.always('GetCluster', { kind: 'throttle' });
    await expect(client({ maxAttempts: 2 }).send(new pcs.GetClusterCommand({ clusterIdentifier: 'slurm' }))).rejects.toBeInstanceOf(pcs.ThrottlingException);
    expect(aws.requests).toHaveLength(2);
  });
});

describe('paging', () => {
  test('goes through all pages of clusters and node groups', async () => {
    aws.pcs.pageSize = 2;
    const names = ['a1', 'b2', 'c3', 'd4', 'e5'].map(end => `name-${end}`);
    aws.pcs.clusters.length = 0;
    aws.pcs.clusters.push(...names.map(name => ({
      name, id: `pcs_${name.slice(-2)}`, status: 'ACTIVE', computeNodeGroups: names.map(group => ({ name: group, id: `pcs_${group.slice(-2)}`, status: 'ACTIVE' })),
    })));
    const clusters: unknown[] = [];
    for await (const page of pcs.paginateListClusters({ client: client() }, {})) { clusters.push(page.clusters?.map(({ name }) => name)); }
    expect(clusters).toEqual([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
    const groups: unknown[] = [];
    for await (const page of pcs.paginateListComputeNodeGroups({ client: client(), pageSize: 1 }, { clusterIdentifier: names[0] })) {
      groups.push(...page.computeNodeGroups?.map(({ name }) => name) ?? []);
    }
    expect(groups).toEqual(names);
  });
});

describe('endpoints', () => {
  const hostOf = async (sdk: SchemaClient, command: never) => {
    let host = '';
    sdk.middlewareStack.add(() => async args => {
      host = (args.request as { hostname: string }).hostname;
      throw new Error('far enough');
    }, { step: 'finalizeRequest', priority: 'low' });
    await expect(sdk.send(command)).rejects.toThrow('far enough');
    return host;
  };
  const get = () => new pcs.GetClusterCommand({ clusterIdentifier: 'slurm' }) as never;

  test.each<[string, ClientConfig]>([
    ['pcs.us-east-1.amazonaws.com', { region: 'us-east-1' }],
    ['pcs.cn-north-1.amazonaws.com.cn', { region: 'cn-north-1' }],
    ['pcs.us-gov-west-1.amazonaws.com', { region: 'us-gov-west-1' }],
    ['pcs.us-east-1.api.aws', { region: 'us-east-1', useDualstackEndpoint: true }],
    ['pcs-fips.us-gov-west-1.amazonaws.com', { region: 'us-gov-west-1', useFipsEndpoint: true }],
  ])('%s', async (host, more) => {
    expect(await hostOf(new pcs.PCSClient({ credentials, ...more }), get())).toBe(host);
  });

  test('Amazon EC2 has the same pattern', async () => {
    expect(await hostOf(new EC2Client({ credentials, region: 'cn-north-1' }), new DescribeInstancesCommand({}) as never)).toBe('ec2.cn-north-1.amazonaws.com.cn');
  });

  test('AWS_ENDPOINT_URL_PCS goes before', async () => {
    process.env.AWS_ENDPOINT_URL_PCS = aws.url;
    try {
      const { cluster } = await new pcs.PCSClient({ credentials, region: 'us-east-1' }).send(new pcs.GetClusterCommand({ clusterIdentifier: 'slurm' }));
      expect(cluster).toMatchObject({ name: 'slurm', id: 'pcs_abc123' });
    } finally {
      delete process.env.AWS_ENDPOINT_URL_PCS;
    }
  });
});

describe('Amazon EC2', () => {
  const ec2 = (more?: ClientConfig) => new EC2Client(config(more));
  const filters = [{ Name: 'tag:team', Values: ['hpc', 'web'] }, { Name: 'instance-state-name', Values: ['running'] }];

  test('instances are filtered, paged and read', async () => {
    aws.ec2.pageSize = 2;
    for (const end of ['1', '2', '3']) {
      aws.ec2.instances.push({
        instanceId: `i-${end}`, launchTime: `2026-11-01T00:00:0${end}.000Z`, privateIpAddress: `10.0.0.${end}`, ipv6Address: `2001:db8::${end}`, tags: { team: 'hpc' },
      });
    }
    aws.ec2.instances.push({ instanceId: 'i-4', tags: { team: 'other' } }, { instanceId: 'i-5', state: 'stopped', tags: { team: 'hpc' } });
    const pages = [];
    for await (const page of paginateDescribeInstances({ client: ec2() }, { Filters: filters })) { pages.push(page.Reservations); }
    expect(pages.map(page => page?.length)).toEqual([2, 1]);
    expect(pages.flat()[0]).toEqual({
      Instances: [{ InstanceId: 'i-1', LaunchTime: new Date('2026-11-01T00:00:01Z'), PrivateIpAddress: '10.0.0.1', Ipv6Address: '2001:db8::1' }],
    });
    expect(aws.requests[0]).toMatchObject({
      operation: 'DescribeInstances',
      input: { 'Action': 'DescribeInstances', 'Version': '2016-11-15', 'Filter.1.Name': 'tag:team', 'Filter.1.Value.1': 'hpc', 'Filter.1.Value.2': 'web' },
    });
  });

  test('no instances are no reservations', async () => {
    expect((await ec2().send(new DescribeInstancesCommand({}))).Reservations ?? []).toEqual([]);
  });

  test('throttling is repeated, errors have their names', async () => {
    aws.faults.next('DescribeInstances', { kind: 'throttle' });
    await ec2().send(new DescribeInstancesCommand({}));
    expect(aws.requests).toHaveLength(2);
    aws.faults.next('DescribeInstances', { kind: 'error', status: 403, code: 'UnauthorizedOperation', message: 'no' });
    const error: unknown = await ec2().send(new DescribeInstancesCommand({})).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UnauthorizedOperation', message: 'no' });
    expect(error).toBeInstanceOf(EC2ServiceException);
  });
});
