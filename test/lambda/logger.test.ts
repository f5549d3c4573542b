import { log, type LogFields } from '../../lambda/shared/logger';

test('writes what is allowed, on one line, and nothing else', () => {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation(text => Boolean(written.push(String(text))));
  log('read', { operation: 'X', code: undefined, reason: 'a\nb', status: { hidden: 'secret' }, ResponseURL: 'https://secret' } as unknown as LogFields);
  write.mockRestore();
  expect(written).toEqual(['{"step":"read","operation":"X","reason":"a\\nb"}\n']);
});
