import * as iam from 'aws-cdk-lib/aws-iam';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { QUEUE_MANAGE_ACTIONS, QUEUE_READ_ACTIONS } from './private/perms';

/** Grants permissions on a queue. */
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
   * Lets somebody see the queue and its tags.
   *
   * @param grantee Who.
   */
  public read(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, QUEUE_READ_ACTIONS);
  }

  /**
   * Lets somebody see and change the queue, but not delete it.
   *
   * @param grantee Who.
   */
  public manage(grantee: iam.IGrantable): iam.Grant {
    return this.grant(grantee, [...QUEUE_READ_ACTIONS, ...QUEUE_MANAGE_ACTIONS]);
  }

  private grant(grantee: iam.IGrantable, actions: string[]): iam.Grant {
    return iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [this.queue.queueRef.queueArn] });
  }
}
