import * as iam from 'aws-cdk-lib/aws-iam';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { QUEUE_MANAGE_ACTIONS, QUEUE_READ_ACTIONS } from './private/perms';
import { checked } from '../private/inputs/checked';

/** Grants permissions on a queue. */
@checked('pcs.QueueGrants')
export class QueueGrants {
  /**
   * The grants of a queue, whoever made it.
   *
   * @param queue The queue.
   */
  public static fromQueue(queue: pcs.IQueueRef): QueueGrants {
    return new QueueGrants(queue);
  }

  private constructor(private readonly queue: pcs.IQueueRef) {}

  /**
   * Grants reading the queue and its tags to a principal.
   *
   * @param grantee The principal.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...QUEUE_READ_ACTIONS);
  }

  /**
   * Grants reading and changing the queue, but not deleting it, to a principal.
   *
   * @param grantee The principal.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.actions(grantee, ...QUEUE_READ_ACTIONS, ...QUEUE_MANAGE_ACTIONS);
  }

  /**
   * Grants any actions on the queue to a principal.
   *
   * @param grantee The principal.
   * @param actions The actions, for example `pcs:ListTagsForResource`.
   */
  public actions(grantee: iam.IGrantable, ...actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueRef.queueArn] });
  }
}
