import type * as pcs from 'aws-cdk-lib/aws-pcs';

/**
 * Properties that CloudFormation takes and that the oldest supported version of aws-cdk-lib has no class members for. Newer
 * versions have them, and take them this way as well.
 */
export interface NodeGroupGaps {
  readonly nodeLifecycleActions?: object;
  readonly gresCustomSettings?: Record<string, string | undefined>[];
}

/** Writes such properties into the resource. */
export function fillGaps(resource: pcs.CfnComputeNodeGroup, gaps: NodeGroupGaps): void {
  if (gaps.nodeLifecycleActions) {
    resource.addPropertyOverride('NodeLifecycleActions', gaps.nodeLifecycleActions);
  }
  if (gaps.gresCustomSettings) {
    resource.addPropertyOverride('SlurmConfiguration.GresCustomSettings', gaps.gresCustomSettings);
  }
}
