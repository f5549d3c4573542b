import type { Versioned } from '../../../../lambda/clients/state-table';
import { mutate } from '../../../../lambda/hyperpod/node-operations/state';

let item: Versioned | undefined;
let writes: unknown[][];
/** How many writes somebody else is faster than. */
let lost: number;
let pauses: number[];
const store = {
  read: async () => item,
  write: async (...written: [string, number, string, number]) => {
    writes.push(written);
    if (lost-- > 0) { return false; }
    const [, version, json] = written;
    item = { version: version + 1, json };
    return true;
  },
};
const increase = async () => mutate<number, string>(store, 'counter', () => 1_999, found => ({ item: (found ?? 0) + 1, result: `was ${found}` }));

beforeEach(() => {
  [item, writes, lost, pauses] = [undefined, [], 0, []];
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, pause: number) => {
    pauses.push(pause);
    setImmediate(work);
  }) as never);
});
afterEach(() => jest.restoreAllMocks());

const KEPT = 1 + 45 * 24 * 3600;

test('a new item is written as the first, and kept for 45 days', async () => {
  expect(await increase()).toBe('was undefined');
  expect(writes).toEqual([['counter', 0, '1', KEPT]]);
});

test('an item is changed by what it is', async () => {
  item = { version: 7, json: '41' };
  expect(await increase()).toBe('was 41');
  expect(writes).toEqual([['counter', 7, '42', KEPT]]);
});

test('nothing is written where nothing changes', async () => {
  expect(await mutate(store, 'counter', () => 0, () => ({ result: 'x' }))).toBe('x');
  expect(writes).toEqual([]);
});

test('when somebody else was faster, it begins again, after pauses that grow', async () => {
  lost = 3;
  await increase();
  expect(writes).toHaveLength(4);
  expect(pauses).toEqual([20, 40, 60]);
});

test('it gives up when somebody else always is', async () => {
  lost = 25;
  await expect(increase()).rejects.toMatchObject({ code: 'StateContended', message: 'counter was changed by others 25 times in a row' });
  expect(writes).toHaveLength(25);
});
