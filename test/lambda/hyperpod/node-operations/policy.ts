import type { RemediationPolicy } from '../../../../src/private/contracts/node-operations';

/** A policy that lets all nodes be repaired at any time. */
export const POLICY: RemediationPolicy = {
  DryRun: false,
  Rules: [],
  ControllerGroups: [],
  MaxAtOnce: 10,
  MaxPercentAtOnce: 100,
  MaxPerDay: 10,
  MaxPercentPerDay: 100,
  Windows: [],
  RequirePatched: false,
  PollSeconds: 60,
  RebootTimeoutSeconds: 20 * 60,
  ReplaceTimeoutSeconds: 90 * 60,
  MaxDelaySeconds: 24 * 60 * 60,
  RecurrenceSeconds: 24 * 60 * 60,
  MaxFaultAgeSeconds: 24 * 60 * 60,
};
