/** A class of tasks by their importance. */
export interface PriorityClass {
  /**
   * The name: 1 to 40 lower-case letters, digits and hyphens, with no hyphen at either end.
   *
   * Kubernetes knows the class as `<name>-priority`. `Team.podLabels()` makes the label that puts a pod into it.
   */
  readonly name: string;

  /** How important the tasks are: a whole number from 0 to 100, which is served first. */
  readonly weight: number;
}
