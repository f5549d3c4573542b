import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ssmLedger } from '../../../lambda/clients/ssm-ledger';
import { stackReader } from '../../../lambda/clients/stack-reader';
import { planBuyer, planReader, planTagger } from '../../../lambda/clients/training-plans';

interface Seen {
  readonly target: string;
  readonly body: string;
}

type Answer = { readonly status?: number; readonly body: string } | 'reset';

const environment = { ...process.env };
let server: Server;
let seen: Seen[];
/** What is answered, in order; the last one again and again. */
let answers: Answer[];

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ target: String(request.headers['x-amz-target'] ?? '').split('.').at(-1)!, body: Buffer.concat(chunks).toString() });
      const answer = answers.length > 1 ? answers.shift()! : answers[0];
      if (answer === 'reset') {
        request.socket.destroy();
      } else {
        response.writeHead(answer.status ?? 200, { 'content-type': answer.body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1' });
        response.end(answer.body);
      }
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});

afterEach(async () => {
  process.env = { ...environment };
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

const json = (content: object, status?: number): Answer => ({ status, body: JSON.stringify(content) });
const failure = (type: string, status = 400): Answer => json({ __type: type, message: `it says ${type}` }, status);

describe('a purchase', () => {
  const request = { TrainingPlanName: 'p', TrainingPlanOfferingId: 'tpo-1', Tags: [{ Key: 'a', Value: 'b' }] };

  test('returns the ARN', async () => {
    answers = [json({ TrainingPlanArn: 'arn' })];
    expect(await planBuyer().create(request)).toBe('arn');
    expect(seen).toEqual([{ target: 'CreateTrainingPlan', body: JSON.stringify(request) }]);
  });

  test('has a connection of its own: one that has gone meanwhile would leave its outcome unknown', async () => {
    answers = [json({ TrainingPlanArn: 'arn' })];
    const connections = jest.fn();
    server.on('connection', connections);
    const buyer = planBuyer();
    await buyer.create(request);
    await buyer.create(request);
    expect(connections).toHaveBeenCalledTimes(2);
  });

  test.each<[string, Answer]>([
    ['a reset', 'reset'],
    ['a server error', failure('InternalFailure', 500)],
    ['a throttle', failure('ThrottlingException')],
    ['an answer that is none', { body: 'oops' }],
  ])('is one HTTP request whatever the environment says: %s', async (_what, answer) => {
    process.env.AWS_MAX_ATTEMPTS = '9';
    answers = [answer];
    await expect(planBuyer().create(request)).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });
});

test('reads are repeated, and take all pages', async () => {
  const reader = planReader();
  answers = [failure('ThrottlingException'), 'reset', json({ TrainingPlanSummaries: [{ TrainingPlanName: 'a' }], NextToken: 't' }), json({ TrainingPlanSummaries: [{ TrainingPlanName: 'b' }] })];
  expect((await reader.list()).map(plan => plan.TrainingPlanName)).toEqual(['a', 'b']);
  answers = [json({ Tags: [{ Key: 'a', Value: '1' }], NextToken: 't' }), json({ Tags: [{ Key: 'b', Value: '2' }] })];
  expect(await reader.tags('arn:aws:sagemaker:us-east-1:111122223333:training-plan/p')).toEqual([{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }]);
  answers = [json({ TrainingPlanOfferings: [] })];
  expect((await reader.search({ DurationHours: 24 })).TrainingPlanOfferings).toEqual([]);
  answers = [json({ TrainingPlanName: 'p', Status: 'Active', StartTime: 1_796_124_600 })];
  expect(await reader.describe('p')).toMatchObject({ Status: 'Active', StartTime: new Date('2026-12-01T11:30:00Z') });
  expect(seen.map(({ target }) => target)).toEqual([
    ...Array(4).fill('ListTrainingPlans') as string[], 'ListTags', 'ListTags', 'SearchTrainingPlanOfferings', 'DescribeTrainingPlan',
  ]);
});

test('tags', async () => {
  answers = [json({})];
  await planTagger().addTags('arn', [{ Key: 'a', Value: 'b' }]);
  await planTagger().deleteTags('arn', ['a']);
  expect(seen.map(({ target, body }) => [target, JSON.parse(body) as object])).toEqual([
    ['AddTags', { ResourceArn: 'arn', Tags: [{ Key: 'a', Value: 'b' }] }],
    ['DeleteTags', { ResourceArn: 'arn', TagKeys: ['a'] }],
  ]);
});

describe('the ledger', () => {
  test('writes what is not there yet', async () => {
    answers = [json({ Version: 1 })];
    expect(await ssmLedger().put('/a/1', 'v')).toBe(true);
    expect(JSON.parse(seen[0].body)).toEqual({ Name: '/a/1', Value: 'v', Type: 'String', Overwrite: false });
  });

  test('leaves what is there, also when it came there by an attempt whose answer was lost', async () => {
    answers = ['reset', failure('ParameterAlreadyExists')];
    expect(await ssmLedger().put('/a/1', 'v')).toBe(false);
    expect(seen).toHaveLength(2);
  });

  test('tells any other failure', async () => {
    answers = [failure('AccessDeniedException')];
    await expect(ssmLedger().put('/a/1', 'v')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('is read from all pages', async () => {
    answers = [json({ Parameters: [{ Name: '/a/1', Value: 'v' }], NextToken: 't' }), json({ Parameters: [{ Name: '/a/1/sent', Value: 'w' }] })];
    expect(await ssmLedger().readAll('/a')).toEqual(new Map([['/a/1', 'v'], ['/a/1/sent', 'w']]));
    expect(JSON.parse(seen[0].body)).toMatchObject({ Path: '/a', Recursive: true });
  });
});

describe('the stack', () => {
  const error = (message: string, status = 400, code = 'ValidationError'): Answer => ({
    status, body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  });
  const found: Answer = {
    body: '<DescribeStackResourceResponse><DescribeStackResourceResult><StackResourceDetail><ResourceStatus>CREATE_IN_PROGRESS</ResourceStatus>'
      + '</StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>',
  };

  test('says the status of a resource', async () => {
    answers = [error('slow down', 400, 'Throttling'), found];
    expect(await stackReader().resourceStatus('arn:stack', 'Plan')).toBe('CREATE_IN_PROGRESS');
    expect(seen.at(-1)!.body).toContain('LogicalResourceId=Plan');
  });

  test.each(['Resource Plan does not exist for stack Capacity', "Stack 'Capacity' does not exist"])('has no such resource: %s', async message => {
    answers = [error(message)];
    expect(await stackReader().resourceStatus('arn:stack', 'Plan')).toBeUndefined();
  });

  test('tells any other failure', async () => {
    answers = [error('no', 403, 'AccessDenied')];
    await expect(stackReader().resourceStatus('arn:stack', 'Plan')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
