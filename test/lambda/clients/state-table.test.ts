import { Service, failure, json } from './service';
import { stateTable } from '../../../lambda/clients/state-table';

const service = new Service();

beforeEach(async () => service.start());
afterEach(async () => {
  jest.restoreAllMocks();
  await service.stop();
});

const calls = () => service.seen.map(({ target, body }) => [target, JSON.parse(body) as object]);

describe('the state in a table', () => {
  test('is read as it is after all writes', async () => {
    service.answers = [json({ Item: { id: { S: 'a' }, version: { N: '3' }, json: { S: '{}' } } })];
    expect(await stateTable('table').read('a')).toEqual({ version: 3, json: '{}' });
    expect(calls()).toEqual([['GetItem', { TableName: 'table', Key: { id: { S: 'a' } }, ConsistentRead: true }]]);
    service.answers = [json({})];
    expect(await stateTable('table').read('a')).toBeUndefined();
  });

  test.each([
    [0, { ConditionExpression: 'attribute_not_exists(id)' }],
    [3, { ConditionExpression: 'version = :expected', ExpressionAttributeValues: { ':expected': { N: '3' } } }],
  ])('is written where version %i is the last', async (version, condition) => {
    service.answers = [json({})];
    expect(await stateTable('table').write('a', version, '{}', 99)).toBe(true);
    expect(calls()).toEqual([['PutItem', {
      TableName: 'table', Item: { id: { S: 'a' }, version: { N: String(version + 1) }, json: { S: '{}' }, expires: { N: '99' } }, ...condition,
    }]]);
  });

  test('stays where another version is, and where it is refused', async () => {
    service.answers = [failure('ConditionalCheckFailedException')];
    expect(await stateTable('table').write('a', 1, '{}', 99)).toBe(false);
    service.answers = [failure('AccessDeniedException')];
    await expect(stateTable('table').write('a', 1, '{}', 99)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
