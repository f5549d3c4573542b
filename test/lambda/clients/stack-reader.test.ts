import { Service, type Answer } from './service';
import { stackReader } from '../../../lambda/clients/stack-reader';

const service = new Service();

beforeEach(async () => service.start());
afterEach(async () => {
  jest.restoreAllMocks();
  await service.stop();
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
    service.answers = [error('slow down', 400, 'Throttling'), found];
    expect(await stackReader().resource('arn:stack', 'Plan')).toMatchObject({ status: 'CREATE_IN_PROGRESS' });
    expect(Object.fromEntries(new URLSearchParams(service.seen.at(-1)!.body))).toEqual({
      Action: 'DescribeStackResource', Version: '2010-05-15', StackName: 'arn:stack', LogicalResourceId: 'Plan',
    });
  });

  test('that tells nothing of a resource has no status of it', async () => {
    service.answers = [{ body: '<DescribeStackResourceResponse><DescribeStackResourceResult/></DescribeStackResourceResponse>' }];
    expect(await stackReader().resource('arn:stack', 'Plan')).toBeUndefined();
  });

  test.each(['Resource Plan does not exist for stack Capacity', "Stack 'Capacity' does not exist"])('has no such resource: %s', async message => {
    service.answers = [error(message)];
    expect(await stackReader().resource('arn:stack', 'Plan')).toBeUndefined();
  });

  test.each([['AccessDenied', 403, 'no'], ['AccessDenied', 403, 'the role does not exist'], ['ValidationError', 400, 'no']])(
    'tells any other failure: %s %i %s', async (name, status, message) => {
      service.answers = [error(message, status, name)];
      await expect(stackReader().resource('arn:stack', 'Plan')).rejects.toMatchObject({ name });
    });
});
