import { Service, failure, json } from './service';
import { parameterRecords } from '../../../lambda/clients/records';

const service = new Service();

beforeEach(async () => service.start());
afterEach(async () => {
  jest.restoreAllMocks();
  await service.stop();
});

const calls = () => service.seen.map(({ target, body }) => [target, JSON.parse(body) as object]);

describe('the ledger', () => {
  test('writes what is not there yet', async () => {
    service.answers = [json({ Version: 1 })];
    expect(await parameterRecords().put('/a/1', 'v')).toBe(true);
    expect(JSON.parse(service.seen[0].body)).toEqual({ Name: '/a/1', Value: 'v', Type: 'String', Overwrite: false });
  });

  test('leaves what is there, also when it came there by an attempt whose answer was lost', async () => {
    service.answers = ['reset', failure('ParameterAlreadyExists')];
    expect(await parameterRecords().put('/a/1', 'v')).toBe(false);
    expect(service.seen).toHaveLength(2);
  });

  test('tells any other failure', async () => {
    service.answers = [failure('AccessDeniedException')];
    await expect(parameterRecords().put('/a/1', 'v')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('is read from all pages', async () => {
    service.answers = [json({ Parameters: [{ Name: '/a/1', Value: 'v' }], NextToken: 't' }), json({ Parameters: [{ Name: '/a/1/sent', Value: 'w' }] })];
    expect(await parameterRecords().readAll('/a')).toEqual(new Map([['/a/1', 'v'], ['/a/1/sent', 'w']]));
    expect(calls()).toEqual([
      ['GetParametersByPath', { Path: '/a', Recursive: true, MaxResults: 10 }],
      ['GetParametersByPath', { Path: '/a', Recursive: true, MaxResults: 10, NextToken: 't' }],
    ]);
  });

  test('that has no records has none', async () => {
    service.answers = [json({})];
    expect(await parameterRecords().readAll('/a')).toEqual(new Map());
  });

  test('keeps a record of which there is no text', async () => {
    service.answers = [json({ Parameters: [{ Name: '/a/1' }, { Value: 'w' }] })];
    expect(await parameterRecords().readAll('/a')).toEqual(new Map([['/a/1', ''], ['', 'w']]));
  });
});
