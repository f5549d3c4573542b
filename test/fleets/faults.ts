/** Where a remediation waits for the world. */
export const POINTS = [
  'DescribeCluster', 'DescribeClusterNode', 'ListClusterNodes', 'BatchRebootClusterNodes', 'BatchReplaceClusterNodes',
  'read', 'write', 'read claim', 'write claim', 'DescribeStackResource',
] as const;
export type Point = typeof POINTS[number];

/** What can happen there. What ends with `-after` happens when the call has had its effect. */
export const KINDS = [
  'throttle', 'denied', 'error', 'error-after', 'reset-after',
  /** The answer comes a minute late. */
  'slow',
  /** The answer is that of two minutes ago. */
  'stale',
  /** The function dies, and the step is tried again. */
  'die', 'die-after',
  /** The execution dies, and nobody goes on. */
  'kill', 'kill-after',
] as const;
export type Kind = typeof KINDS[number];

/** A fault that strikes the n-th call of a point. */
export interface PlannedFault {
  readonly point: Point;
  readonly kind: Kind;
  readonly nth: number;
}

const STALE: readonly Point[] = ['DescribeCluster', 'DescribeClusterNode', 'ListClusterNodes', 'read claim'];

/** Whether a fault can happen at a point: state is read consistently, and only reads can be old. */
export function isPossible(point: Point, kind: Kind): boolean {
  return kind !== 'stale' || STALE.includes(point);
}

/** All faults at all points. */
export const CELLS = POINTS.flatMap(point => KINDS.filter(kind => isPossible(point, kind)).map(kind => ({ point, kind })));
