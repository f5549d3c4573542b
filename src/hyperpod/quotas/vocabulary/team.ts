import { checked } from '../../../private/inputs/checked';

/** What the labels of a pod say beside its queue. */
export interface PodLabelOptions {
  /**
   * The name of a priority class of the cluster's scheduler configuration, as it is written there: `training`.
   *
   * @default - no priority class
   */
  readonly priorityClass?: string;
}

/**
 * A team that shares a HyperPod cluster with others.
 *
 * SageMaker makes a Kubernetes namespace and a Kueue queue for each team that has a compute quota. This class knows their
 * names, so that jobs can be pointed at them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-policies-compute-allocation.html
 */
@checked('hyperpod.Team')
export class Team {
  /**
   * A team by its name.
   *
   * @param teamName 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end. The quota that takes the
   * team checks it.
   */
  public static of(teamName: string): Team {
    return new Team(teamName);
  }

  /**
   * The name of the Kubernetes object behind a priority class: `training` becomes `training-priority`.
   *
   * @param priorityClass The name as it is written in the cluster's scheduler configuration.
   */
  public static workloadPriorityClass(priorityClass: string): string {
    return `${priorityClass}-priority`;
  }

  /** The name of the team. */
  public readonly teamName: string;

  /** The Kubernetes namespace of the team: `hyperpod-ns-<team>`. */
  public readonly kubernetesNamespace: string;

  /** The Kueue queue to which the team's jobs are submitted: `hyperpod-ns-<team>-localqueue`. */
  public readonly localQueue: string;

  /** @internal */
  public readonly _kind = 'hyperpod.Team';

  private constructor(teamName: string) {
    this.teamName = teamName;
    this.kubernetesNamespace = `hyperpod-ns-${teamName}`;
    this.localQueue = `${this.kubernetesNamespace}-localqueue`;
  }

  /**
   * The labels that put a pod or a job into the team's queue. The pod must be in the team's namespace, too.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-tasks-scheduling.html
   */
  public podLabels(options: PodLabelOptions = {}): Record<string, string> {
    const labels: Record<string, string> = { 'kueue.x-k8s.io/queue-name': this.localQueue };
    if (options.priorityClass !== undefined) {
      labels['kueue.x-k8s.io/priority-class'] = Team.workloadPriorityClass(options.priorityClass);
    }
    return labels;
  }
}
