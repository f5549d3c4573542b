import type { Notice, NoticeKind } from '../../../../src/private/contracts/node-operations';
import type { ClusterFailure } from '../fault';
import type { Obstacle } from '../nodes';
import type { Incident, Step } from '../state';

/* Reasons that people are told of, and that more than one place needs. */

export const RECURS: Obstacle = { reason: 'RecursAfterReplacement', message: 'the node was replaced a short while ago and is broken again' };
export const WELL: Obstacle = { reason: 'WellAgain', message: 'the node was said to be well again before anything was done' };
export const GONE: Obstacle = { reason: 'ReplacedMeanwhile', message: 'the instance is no longer part of the cluster' };
export const CLUSTER_GONE: Obstacle = { reason: 'ClusterGone', message: 'the cluster has been deleted' };
export const NOT_IN_TABLE: Obstacle = { reason: 'NotInTable', message: 'the decision table has no line for such a fault' };
export const LEFT_TO_PEOPLE: Obstacle = { reason: 'LeftToPeople', message: 'the decision table leaves such a fault to people' };
export const AMID_REBOOT: Obstacle = {
  reason: 'FaultDuringReboot',
  message: 'a fault was reported about the time at which the node was being rebooted, and nothing says whether it has gone; nothing more was done',
};
export const UNANSWERED: Obstacle = {
  reason: 'RebootUnknown',
  message: 'the service was to be asked to reboot the node, its answer is not known, and the node was never seen to go down; nothing more was done',
};

/** The longest text of a notice or of an incident. */
export const SHOWN = 500;

/** A notice about the node of an incident. */
export function noticeOf(kind: NoticeKind, incident: Incident, { reason, message }: Obstacle, { cluster }: Step): Notice {
  return {
    Kind: kind,
    Reason: reason,
    Message: `${incident.instanceId} of group ${incident.group}: ${message}`.slice(0, SHOWN),
    ClusterName: cluster,
    InstanceGroupName: incident.group,
    InstanceId: incident.instanceId,
    NodeLogicalId: incident.logicalId,
    Action: incident.want,
    Fault: incident.reason,
  };
}

/** A notice about a cluster that has failed: no node of it can be repaired. */
export function clusterNotice({ message }: ClusterFailure, { cluster }: Step): Notice {
  return {
    Kind: 'Escalated',
    Reason: 'ClusterFailed',
    Message: `the cluster has failed${message === '' ? '' : `: ${message}`}`.slice(0, SHOWN),
    ClusterName: cluster,
    InstanceGroupName: '',
    InstanceId: '',
    NodeLogicalId: '',
    Action: 'Escalate',
    Fault: message.slice(0, SHOWN),
  };
}
