/** Whether SageMaker repairs nodes by itself. */
export enum NodeRecovery {
  /** Nodes that fail their health checks are rebooted or replaced. */
  AUTOMATIC = 'Automatic',

  /** Nodes that fail their health checks are labelled, and nothing else. */
  NONE = 'None',
}

/** How SageMaker makes instances. */
export enum NodeProvisioningMode {
  /** Each instance as soon as there is capacity for it. */
  CONTINUOUS = 'Continuous',
}
