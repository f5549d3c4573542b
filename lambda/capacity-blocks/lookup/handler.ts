import { FIELDS, subnetsIn, type Found } from './capacity-block';
import { EXPECTATIONS } from './expectation';
import { NO_SUCH_BLOCK, blockTarget, checkIsBlock, theOnlyBlock, type BlockTarget } from './selection';
import type { CapacityBlockLookupOperation } from '../../../src/private/contracts/capacity-block-lookup';
import type { CapacityBlockReader } from '../../clients/capacity-block-reader';
import type { CapacityReservation } from '../../clients/capacity-blocks';
import type { CustomResourceHandler, StackIdentity } from '../../shared/custom-resource';
import { HandlerError } from '../../shared/errors';
import { expectations } from '../../shared/expectations';
import { checkFields, selectFields } from '../../shared/fields';
import { lookups, type Operation } from '../../shared/lookups';
import { jitteredPause } from '../../shared/pause';
import { plain } from '../../shared/plain';
import { patiently } from '../../shared/reading';

/** EC2 is eventually consistent: a block that was bought a moment ago may not be seen yet. */
const VISIBLE_MS = 30_000;
const VISIBLE_PAUSE_MS = 5_000;

/** States from which no block comes back. */
const OVER = ['expired', 'failed', 'payment-failed', 'unavailable', 'cancelled'];

/**
 * Reads of Capacity Blocks at deploy time.
 *
 * A block that is over is read like any other, with a notice, and one that EC2 has forgotten is a failure only where the look-up is
 * created. An update of it succeeds: one that failed would fail again in the rollback, and the stack would be stuck.
 */
export function capacityBlockLookups(ec2: CapacityBlockReader): CustomResourceHandler {
  const operations: Record<CapacityBlockLookupOperation, Operation> = {
    AssertCapacityBlock: input => {
      const target = blockTarget(input);
      const judge = expectations(EXPECTATIONS, input, () => undefined);
      return {
        subject: target.subject,
        read: async signal => {
          judge(await find(ec2, target, signal));
          return {};
        },
      };
    },
    DescribeCapacityBlock: (input, fields, stack, isUpdate) => {
      const target = blockTarget(input);
      const subnets = subnetsIn(input);
      checkFields(FIELDS, fields);
      return {
        subject: target.subject,
        read: async signal => {
          const block = await find(ec2, target, signal).catch(error => {
            if (isUpdate && error instanceof HandlerError && error.code === NO_SUCH_BLOCK) { return undefined; }
            throw error;
          });
          const found: Found = block
            ? { block, subnets, isGone: false, notice: noticeOf(target, block) }
            : { block: remains(target, stack), subnets, isGone: true, notice: goneNotice(target) };
          return selectFields(FIELDS, found, fields);
        },
      };
    },
  };
  return lookups('Amazon EC2', operations);
}

/** The block that is meant. Where it isn't seen, it is asked for again for a while. */
async function find(ec2: CapacityBlockReader, target: BlockTarget, signal: AbortSignal): Promise<CapacityReservation> {
  const started = Date.now();
  for (;;) {
    try {
      return await ask(ec2, target, signal);
    } catch (error) {
      const isAbsent = error instanceof HandlerError && error.code === NO_SUCH_BLOCK;
      if (!isAbsent || signal.aborted || Date.now() - started >= VISIBLE_MS) { throw error; }
    }
    await jitteredPause(VISIBLE_PAUSE_MS, signal);
  }
}

async function ask(ec2: CapacityBlockReader, target: BlockTarget, signal: AbortSignal): Promise<CapacityReservation> {
  if (!('id' in target)) {
    const all = await patiently('DescribeCapacityReservations', signal, async () => ec2.reservations(signal));
    return theOnlyBlock(all, target.satisfies);
  }
  const found = await patiently('DescribeCapacityReservations', signal, async () => ec2.reservation(target.id, signal));
  if (!found) {
    throw new HandlerError(NO_SUCH_BLOCK, 'EC2 knows no such reservation here: the id is of another account or Region, or the block is over, '
      + 'which EC2 forgets after some time');
  }
  checkIsBlock(found);
  return found;
}

function noticeOf({ subject }: BlockTarget, { State, EndDate }: CapacityReservation): string {
  if (!OVER.includes(plain(State))) { return ''; }
  return `${subject} is over: its state is ${plain(State)}, its end ${plain(EndDate) || 'not told'}. Nothing can be launched in it.`;
}

function goneNotice({ subject }: BlockTarget): string {
  return `${subject} is not there any more: EC2 forgets a block some time after its end. Attributes are empty; the first of the subnets stands `
    + 'for the one in its zone. Nothing can be launched in it.';
}

/** What is known of a block that EC2 has forgotten: what it was looked up by, and that it has no instances. */
function remains(target: BlockTarget, { partition, region, account }: StackIdentity): CapacityReservation {
  const none = { AvailableInstanceCount: 0 };
  if (!('id' in target)) { return none; }
  const arn = `arn:${partition}:ec2:${region}:${account}:capacity-reservation/${target.id}`;
  return { ...none, CapacityReservationId: target.id, CapacityReservationArn: arn };
}
