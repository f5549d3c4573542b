import type { ReservedCapacityOffering, ReservedCapacitySummary } from '@aws-sdk/client-sagemaker';

/** Reserved capacity of one type in one zone, from one instant to another: of an offering, or of a plan. */
export interface Block {
  readonly instanceType: string;
  readonly instances: number;
  readonly ultraServerType?: string;
  readonly ultraServers: number;
  readonly zone: string;
  readonly zoneId: string;
  /** Milliseconds since 1970. */
  readonly start?: number;
  readonly end?: number;
  readonly minutes: number;
}

/** Reads a block of an offering or of a plan. What the service leaves out is zero or empty, which matches nothing. */
export function block(source: ReservedCapacityOffering | ReservedCapacitySummary): Block {
  const start = source.StartTime?.getTime();
  const end = source.EndTime?.getTime();
  return {
    instanceType: source.InstanceType ?? '',
    instances: ('InstanceCount' in source ? source.InstanceCount : 'TotalInstanceCount' in source ? source.TotalInstanceCount : 0) ?? 0,
    ultraServerType: source.UltraServerType,
    ultraServers: source.UltraServerCount ?? 0,
    zone: source.AvailabilityZone ?? '',
    zoneId: ('AvailabilityZoneId' in source ? source.AvailabilityZoneId : undefined) ?? '',
    start,
    end,
    minutes: minutesOf(source.DurationHours, source.DurationMinutes)
      ?? (start !== undefined && end !== undefined ? Math.max(0, Math.floor((end - start) / 60_000)) : 0),
  };
}

/** A duration that is given in hours, and minutes beyond them. */
export function minutesOf(hours: number | undefined, minutes: number | undefined): number | undefined {
  return hours === undefined && minutes === undefined ? undefined : (hours ?? 0) * 60 + (minutes ?? 0);
}

/**
 * Whether there are exactly so many at every moment that the blocks cover: blocks after each other have the whole count each, blocks
 * at one time (in several zones) have it together. Blocks without times can't be added up, and count each for itself.
 */
export function alwaysHave(blocks: readonly Block[], count: number, read: (block: Block) => number): boolean {
  if (blocks.length === 0) { return false; }
  if (blocks.length === 1 || blocks.some(({ start, end }) => start === undefined || end === undefined)) {
    return blocks.every(each => read(each) === count);
  }
  return blocks.every(({ start }) => blocks
    .filter(other => other.start! <= start! && start! < other.end!)
    .reduce((sum, other) => sum + read(other), 0) === count);
}

/** What all blocks agree on; empty where they differ. */
export function common(blocks: readonly Block[], read: (block: Block) => string): string {
  const values = new Set(blocks.map(read));
  return values.size === 1 ? [...values][0] : '';
}

/** The first and the last instant of blocks, where they say them. */
export function span(blocks: readonly Block[]): { readonly start?: number; readonly end?: number } {
  const starts = blocks.flatMap(({ start }) => start ?? []);
  const ends = blocks.flatMap(({ end }) => end ?? []);
  return {
    start: starts.length > 0 ? Math.min(...starts) : undefined,
    end: ends.length > 0 ? Math.max(...ends) : undefined,
  };
}

/** ISO 8601 in UTC, without a fraction where there is none. */
export function instant(time: number | Date | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString().replace('.000Z', 'Z');
}
