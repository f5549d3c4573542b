/*
 * What handlers must be allowed to do. EC2 can limit the reading of reservations to none.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */

/** What reads reservations, those of blocks among them. */
export const READ_ACTIONS = ['ec2:DescribeCapacityReservations'];
