import { setTimeout as sleep } from 'node:timers/promises';
import { known, selectFields } from './training-plan';
import type { LookupOperation } from '../../src/private/contracts/lookup';
import type { TrainingPlanDescription, TrainingPlanReader } from '../clients/sagemaker';
import { commaList, record, text, type Properties } from '../shared/coerce';
import type { CustomResourceHandler, Request, StackIdentity } from '../shared/custom-resource';
import { HandlerError, failureOf } from '../shared/errors';
import { log } from '../shared/logger';

/** A permission that came with this very deployment may take this long to be known everywhere in IAM. */
const PROPAGATION_MS = 30_000;
const PROPAGATION_PAUSE_MS = 3_000;
const VPC_HINT = 'a function in a VPC needs a way to the API of SageMaker';

type Operation = (input: Properties, fields: readonly string[], request: Request, signal: AbortSignal) => Promise<Record<string, string>>;

/** Reads at deploy time. It changes nothing, so a Delete has nothing to do, and twice is as good as once. */
export class LookupHandler implements CustomResourceHandler {
  private readonly operations: Record<LookupOperation, Operation> = {
    DescribeTrainingPlan: async (input, fields, request, signal) => this.describeTrainingPlan(input, fields, request, signal),
  };

  public constructor(private readonly sagemaker: TrainingPlanReader) {}

  public physicalId(stack: StackIdentity, logicalId: string): string {
    return `${stack.name}/${logicalId}`;
  }

  public async apply(request: Request, signal: AbortSignal): Promise<Record<string, string>> {
    const operation = text(request.properties, 'Operation');
    if (!Object.hasOwn(this.operations, operation)) {
      throw new HandlerError('InvalidProperties', `unknown operation: ${operation}; known are ${Object.keys(this.operations).join(', ')}`);
    }
    const input = record(request.properties, 'Input');
    const fields = commaList(request.properties, 'Fields');
    return this.operations[operation as LookupOperation](input, fields, request, signal);
  }

  private async describeTrainingPlan(input: Properties, fields: readonly string[], request: Request, signal: AbortSignal) {
    const name = text(input, 'TrainingPlanName');
    fields.forEach(known); // before the service is asked
    const plan = `training plan "${name}" in account ${request.stack.account}, Region ${request.stack.region}`;
    try {
      return selectFields(await this.read(name, signal), fields);
    } catch (error) {
      if (signal.aborted) {
        const { code, message } = signal.reason as HandlerError;
        throw new HandlerError(code, `${plan}: ${message}; ${VPC_HINT}`);
      }
      if (error instanceof HandlerError) { throw new HandlerError(error.code, `${plan}: ${error.message}`); }
      const { code, message, kind, attempts } = failureOf(error);
      const said = `${code}: ${message}`;
      switch (kind) {
        case 'not-found':
          throw new HandlerError(code, `${plan} does not exist (${said})`);
        case 'denied':
          throw new HandlerError(code, `${plan}: the look-up function may not read it (${said})`);
        case 'throttled':
          throw new HandlerError(code, `${plan}: still throttled after ${attempts} attempts; deploy again (${said})`);
        case 'unreachable':
          throw new HandlerError(code, `${plan}: no answer after ${attempts} attempts; ${VPC_HINT} (${said})`);
        default:
          throw new HandlerError(code, `${plan}: ${said}`);
      }
    }
  }

  /** Asks the service, and asks again while a new permission spreads. What else is worth repeating, the client repeats. */
  private async read(name: string, signal: AbortSignal): Promise<TrainingPlanDescription> {
    const started = Date.now();
    for (;;) {
      try {
        const description = await this.sagemaker.describeTrainingPlan(name, signal);
        log('read', { operation: 'DescribeTrainingPlan', milliseconds: Date.now() - started });
        return description;
      } catch (error) {
        const { code, kind, attempts } = failureOf(error);
        log('read', { operation: 'DescribeTrainingPlan', code, attempts, milliseconds: Date.now() - started });
        if (kind !== 'denied' || Date.now() - started > PROPAGATION_MS) { throw error; }
        await sleep(PROPAGATION_PAUSE_MS * (0.5 + Math.random()), undefined, { signal });
      }
    }
  }
}
