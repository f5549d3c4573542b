import { Throttle } from './throttle';

let time = 0;
const throttle = () => new Throttle({ rate: 2, burst: 3, now: () => time });
const accepted = (chooser: Throttle, operation: string, times: number) => (
  Array.from({ length: times }, () => chooser.choose(operation) === undefined));

test('as many as the bucket holds come at once, the others are throttled', () => {
  expect(accepted(throttle(), 'Read', 5)).toEqual([true, true, true, false, false]);
});

test('it fills at its rate, and no further than it holds', () => {
  const chooser = throttle();
  accepted(chooser, 'Read', 3);
  time += 499;
  expect(accepted(chooser, 'Read', 1)).toEqual([false]);
  time += 1;
  expect(accepted(chooser, 'Read', 2)).toEqual([true, false]);
  time += 60_000;
  expect(accepted(chooser, 'Read', 5)).toEqual([true, true, true, false, false]);
});

test('each operation has its own', () => {
  const chooser = throttle();
  accepted(chooser, 'Read', 3);
  expect(accepted(chooser, 'Write', 4)).toEqual([true, true, true, false]);
  expect(chooser.choose('Read')).toEqual({ kind: 'throttle' });
});
