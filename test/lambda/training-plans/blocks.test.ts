import type { ReservedCapacityOffering } from '@aws-sdk/client-sagemaker';
import { alwaysHave, block, common, instant, minutesOf, span, type Block } from '../../../lambda/training-plans/blocks';

const DAY = Date.parse('2026-12-01T00:00:00Z');
const at = (hours: number) => DAY + hours * 3_600_000;

const made = (changes: Partial<Block> = {}): Block => ({
  instanceType: 'ml.p5.48xlarge', instances: 4, ultraServers: 0, zone: 'us-east-1a', zoneId: 'use1-az4', start: at(0), end: at(24), minutes: 1440, ...changes,
});
const have = (count: number, ...blocks: Partial<Block>[]) => alwaysHave(blocks.map(made), count, ({ instances }) => instances);

describe('a block', () => {
  test('of an offering', () => {
    expect(block({
      InstanceType: 'ml.p5.48xlarge', InstanceCount: 4, AvailabilityZone: 'us-east-1a', DurationHours: 24, DurationMinutes: 30, StartTime: new Date(at(0)), EndTime: new Date(at(24)),
    })).toEqual(made({ zoneId: '', minutes: 1470, ultraServerType: undefined }));
  });

  test('of a plan', () => {
    expect(block({
      ReservedCapacityArn: 'arn',
      Status: 'Active',
      InstanceType: 'ml.p5.48xlarge',
      TotalInstanceCount: 4,
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: 'use1-az4',
      UltraServerType: 'u',
      UltraServerCount: 2,
    })).toEqual(made({ ultraServerType: 'u', ultraServers: 2, start: undefined, end: undefined, minutes: 0 }));
  });

  test.each([{}, { InstanceCount: undefined }, { TotalInstanceCount: undefined, AvailabilityZoneId: undefined }])('that says nothing (%j) matches nothing', source => {
    expect(block(source as ReservedCapacityOffering)).toEqual({
      instanceType: '', instances: 0, ultraServerType: undefined, ultraServers: 0, zone: '', zoneId: '', start: undefined, end: undefined, minutes: 0,
    });
  });

  test.each<[string, number | undefined, number | undefined, number]>([
    ['whole minutes', DAY, DAY + 90.5 * 60_000, 90],
    ['nothing backwards', at(1), at(0), 0],
    ['nothing without a start', undefined, at(1), 0],
    ['nothing without an end', at(0), undefined, 0],
  ])('that says no duration lasts from its start to its end: %s', (_what, start, end, minutes) => {
    const date = (time?: number) => time === undefined ? undefined : new Date(time);
    expect(block({ InstanceType: 'ml.p5.48xlarge', InstanceCount: 1, StartTime: date(start), EndTime: date(end) }).minutes).toBe(minutes);
  });
});

test.each([[undefined, undefined, undefined], [2, undefined, 120], [undefined, 5, 5], [2, 5, 125], [0, undefined, 0]])('%p hours and %p minutes', (hours, minutes, expected) => {
  expect(minutesOf(hours, minutes)).toBe(expected);
});

describe('there are always as many', () => {
  test.each<[string, Partial<Block>[]]>([
    ['in one block', [{}]],
    ['in one block of no length', [{ end: at(0) }]],
    ['in blocks that follow at once', [{}, { start: at(24), end: at(48) }]],
    ['in two zones at one time', [{ instances: 1 }, { instances: 3 }]],
    ['in blocks that say no start', [{ start: undefined }, {}]],
    ['in blocks that say no end', [{}, { end: undefined }]],
    ['in a later block that says no end', [{}, { start: at(24), end: undefined }]],
  ])('%s', (_what, blocks) => {
    expect(have(4, ...blocks)).toBe(true);
  });

  test.each<[string, Partial<Block>[]]>([
    ['in none', []],
    ['in one that has fewer', [{ instances: 3 }]],
    ['where a later one has fewer', [{}, { start: at(24), end: at(48), instances: 3 }]],
    ['where an earlier one has fewer', [{ instances: 3 }, { start: at(24), end: at(48) }]],
    ['where two at one time have too many', [{}, { start: at(12), end: at(36) }]],
    ['where one that says no time has fewer', [{ start: undefined }, { instances: 3 }]],
  ])('not %s', (_what, blocks) => {
    expect(have(4, ...blocks)).toBe(false);
  });
});

test('what all agree on', () => {
  const zone = (...zones: string[]) => common(zones.map(each => made({ zone: each })), each => each.zone);
  expect([zone(), zone('a'), zone('a', 'a'), zone('a', 'b')]).toEqual(['', 'a', 'a', '']);
});

test('the first and the last instant', () => {
  expect(span([])).toEqual({ start: undefined, end: undefined });
  expect(span([made({ start: undefined, end: undefined })])).toEqual({ start: undefined, end: undefined });
  const blocks = [made({ start: at(5), end: at(6) }), made({ start: at(1), end: at(9) }), made({ start: undefined, end: at(7) })];
  expect(span(blocks)).toEqual({ start: at(1), end: at(9) });
});

test('an instant', () => {
  expect([instant(undefined), instant(DAY), instant(new Date(DAY)), instant(DAY + 500)])
    .toEqual(['', '2026-12-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-12-01T00:00:00.500Z']);
});
