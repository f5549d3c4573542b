/**
 * Whether SageMaker repairs nodes by itself.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateCluster.html
 */
export enum NodeRecovery {
  /** Nodes that fail their health checks are rebooted or replaced. */
  AUTOMATIC = 'Automatic',

  /** Nodes that fail their health checks are labelled, and nothing else. */
  NONE = 'None',
}

/**
 * How SageMaker makes instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateCluster.html
 */
export enum NodeProvisioningMode {
  /** Each instance as soon as there is capacity for it. */
  CONTINUOUS = 'Continuous',
}
