import * as sdk from '@aws-sdk/client-ssm';
import { Service, failure, json, type Answer } from './service';
import * as ours from '../../../lambda/clients/ssm';

/* Our client of Parameter Store is held to AWS's own: the ledger of purchases depends on it. */

const service = new Service();
const RECORD = { Name: '/a/1', Value: '{"kind":"INTENT","criteria":"4 × p5 “at most”"}', Type: 'String', Overwrite: false } as const;
const PAGE = { Path: '/a', Recursive: true, MaxResults: 10, NextToken: 't' };

beforeEach(async () => service.start());
afterEach(async () => service.stop());

/** What goes over the wire, and what comes of it. */
async function outcomeOf(ask: () => Promise<object>): Promise<object> {
  service.seen = [];
  const came = await ask().then(
    answer => ({ ...answer, $metadata: undefined }),
    ({ name, message, $fault, $metadata: { attempts, httpStatusCode: status } }: sdk.SSMServiceException) =>
      ({ name, message, $fault, attempts, status }),
  );
  const sent = service.seen.map(({ path, body, headers }) => ({
    path, body: JSON.parse(body) as object, target: headers['x-amz-target'], type: headers['content-type'], scope: /Credential=([^,]+)/.exec(String(headers.authorization))?.[1],
  }));
  return { came, sent };
}

const OPERATIONS: Record<string, { readonly sdk: () => Promise<object>; readonly ours: () => Promise<object> }> = {
  PutParameter: {
    sdk: async () => new sdk.SSMClient({ maxAttempts: 3 }).send(new sdk.PutParameterCommand(RECORD)),
    ours: async () => new ours.SSMClient({ maxAttempts: 3 }).send(new ours.PutParameterCommand(RECORD)),
  },
  GetParametersByPath: {
    sdk: async () => new sdk.SSMClient({ maxAttempts: 3 }).send(new sdk.GetParametersByPathCommand(PAGE)),
    ours: async () => new ours.SSMClient({ maxAttempts: 3 }).send(new ours.GetParametersByPathCommand(PAGE)),
  },
};

describe.each(Object.entries(OPERATIONS))('%s', (operation, clients) => {
  test.each<[string, Answer[]]>([
    ['an answer', [json(operation === 'PutParameter' ? { Version: 1 } : { Parameters: [{ Name: '/a/1', Value: 'ü' }, { Name: '/a/2', Value: '{}' }], NextToken: 'u' })]],
    ['an empty answer', [json({})]],
    ['a record that is there', [failure('ParameterAlreadyExists')]],
    ['a denial', [failure('AccessDeniedException')]],
    ['a limit', [failure('ParameterLimitExceeded')]],
    ['an error in a namespace', [failure('com.amazonaws.ssm#ParameterAlreadyExists')]],
    ['an error that nobody knows', [failure('SomethingNew', 409)]],
    ['throttles without end', [failure('ThrottlingException')]],
    ['a fault, then an answer', [failure('InternalServerError', 500), json({})]],
    ['a lost answer, then a refusal', ['reset', failure('ParameterAlreadyExists')]],
  ])('is sent and read as AWS\'s own client does it: %s', async (_what, answers) => {
    service.answers = [...answers];
    const expected = await outcomeOf(clients.sdk);
    service.answers = [...answers];
    expect(await outcomeOf(clients.ours)).toEqual(expected);
    expect(expected).toMatchObject({ sent: expect.arrayContaining([expect.objectContaining({ target: `AmazonSSM.${operation}` })]) });
  });
});
