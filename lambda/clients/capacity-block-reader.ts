import { DescribeCapacityReservationsCommand, paginateDescribeCapacityReservations, type CapacityReservation } from './capacity-blocks';
import { readConfig } from './config';
import { EC2Client } from './ec2';
import { allOf } from './paging';

/** The reads of capacity reservations that handlers need. */
export interface CapacityBlockReader {
  /** A reservation by its id. Undefined where EC2 knows none: some time after its end, it forgets a block. */
  reservation(id: string, signal: AbortSignal): Promise<CapacityReservation | undefined>;
  /** All reservations of the account and Region, and those that others share with it, from all pages. */
  reservations(signal: AbortSignal): Promise<CapacityReservation[]>;
}

const NOT_FOUND = 'InvalidCapacityReservationId.NotFound';

/** Clients for reads. */
export function capacityBlockReader(): CapacityBlockReader {
  const ec2 = new EC2Client(readConfig());
  return {
    reservation: async (id, abortSignal) => {
      try {
        const answer = await ec2.send(new DescribeCapacityReservationsCommand({ CapacityReservationIds: [id] }), { abortSignal });
        return told(answer.CapacityReservations).find(reservation => reservation.CapacityReservationId === id);
      } catch (error) {
        if ((error as Error).name === NOT_FOUND) { return undefined; }
        throw error;
      }
    },
    reservations: async abortSignal => {
      const pages = paginateDescribeCapacityReservations({ client: ec2, pageSize: 1000 }, {}, { abortSignal });
      return allOf(pages, page => told(page.CapacityReservations));
    },
  };
}

/** The list of an answer. One without it is none of EC2: an empty one, such as of a proxy, says nothing about what there is. */
function told<T>(items: T[] | undefined): T[] {
  if (items === undefined) { throw Object.assign(new Error('the answer has no list'), { $metadata: {} }); } // as the SDK's, of what it can't read
  return items;
}
