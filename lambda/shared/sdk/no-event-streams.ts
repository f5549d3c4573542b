/**
 * Stands in for the SDK's event streams when handlers are bundled: no operation that a handler calls has one, and the
 * SDK loads them only for those that do.
 */
export function eventStreamSerdeProvider(): never {
  throw new Error('event streams are not part of this bundle');
}

/** Never made: whoever needs it asks `eventStreamSerdeProvider` first. */
export class EventStreamSerde {}
