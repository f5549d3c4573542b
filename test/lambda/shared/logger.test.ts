import { log, type LogFields } from '../../../lambda/shared/logger';

test('writes what is allowed, on one line, and nothing else', () => {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(text => Boolean(written.push(String(text))));
  log('read', { operation: 'X', code: undefined, reason: 'a\nb', status: { hidden: 'secret' }, ResponseURL: 'https://secret' } as unknown as LogFields);
  log('read', { toString: 'secret', constructor: 'secret' } as unknown as LogFields);
  write.mockRestore();
  expect(written.pop()).toBe('{"step":"read"}\n');
  expect(written).toEqual(['{"step":"read","operation":"X","reason":"a\\nb"}\n']);
});

test('has sixteen fields to tell of', () => {
  const fields: Required<LogFields> = {
    requestType: 'Create',
    requestId: 'r',
    stack: 'Capacity',
    logicalId: 'Plan',
    physicalId: 'arn',
    record: '/plan/1',
    offering: 'tpo-1',
    fee: '1 USD',
    operation: 'Read',
    status: 'FAILED',
    code: 'X',
    reason: 'why',
    attempt: 1,
    attempts: 2,
    bytes: 3,
    milliseconds: 4,
  };
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  log('all', fields);
  expect(JSON.parse(String(write.mock.lastCall![0]))).toEqual({ step: 'all', ...fields });
  expect(Object.keys(fields)).toHaveLength(16);
  write.mockRestore();
});

test('cuts what is very long, which is no text of ours', () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  log('read', { reason: 'x'.repeat(1_000_000), operation: 'x'.repeat(4_096) });
  const line = JSON.parse(String(write.mock.lastCall![0])) as LogFields;
  expect([line.reason!.length, line.operation!.length]).toEqual([4_096, 4_096]);
  write.mockRestore();
});
