/*
 * The events of Capacity Blocks on the default bus. The pages of AWS disagree on the names of the first two, so rules take either.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ec2.html
 */

/** Where they come from. */
export const EVENT_SOURCE = 'aws.ec2';

/** A block has begun. */
export const DELIVERED = ['Capacity Block Reservation Delivered', 'Capacity Block Delivered'];

/** A block ends in 40 minutes. */
export const EXPIRATION_WARNING = ['Capacity Block Reservation Expiration Warning', 'Capacity Block Expiration Warning'];

/** An instance in a reservation is taken back. */
export const INTERRUPTION_WARNING = ['EC2 Capacity Reservation Instance Interruption Warning'];

/** What AWS does by itself, by AWS CloudTrail. */
export const SERVICE_EVENT = ['AWS Service Event via CloudTrail'];
