import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation } from './cloudformation';
import type { Target } from './events';
import type { InvokerOptions } from './invoker';
import { ResponseReceiver } from './receiver';
import { LAMBDA_CREDENTIALS } from './secrets';
import { FakeAws } from '../aws/server';

const ASSETS = join(__dirname, '..', '..', 'assets');

/** Pauses between retries and the budget of two minutes pass at once. */
export const FAST = { virtualTime: true };

/** What a test of look-ups works with. */
export interface LookupRig {
  readonly aws: FakeAws;
  readonly receiver: ResponseReceiver;
  /** A new stack with one custom resource, whose handler is the shipped bundle. */
  stack(lambda?: Partial<InvokerOptions>, target?: Target): CloudFormation;
}

/** Starts the fake and the receiver for a test file, makes each test begin afresh, and finds answers that nobody would understand. */
export function lookupRig(handler = 'lookup'): LookupRig {
  const bundle = join(ASSETS, handler, 'index.js');
  const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
  const receiver = new ResponseReceiver();
  let incarnation = 0;

  beforeAll(async () => {
    if (!existsSync(bundle)) { throw new Error('no bundle to test: npm run bundle'); }
    await Promise.all([aws.start(), receiver.start()]);
  });
  afterAll(async () => Promise.all([aws.stop(), receiver.stop()]));
  beforeEach(() => {
    aws.reset();
    receiver.reset();
  });
  afterEach(() => expect(receiver.refused).toEqual([]));

  return {
    aws,
    receiver,
    stack: (lambda = {}, target = {}) => {
      const options = { bundle, sagemakerUrl: aws.url, receiverPort: receiver.port, region: target.region, ...lambda };
      return new CloudFormation(receiver, options, { incarnation: ++incarnation, ...target });
    },
  };
}
