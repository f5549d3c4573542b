/** A training plan of the fake. Times are ISO 8601; the wire has seconds since 1970. */
export interface Plan {
  readonly TrainingPlanName: string;
  readonly Status: 'Pending' | 'Active' | 'Scheduled' | 'Expired' | 'Failed';
  readonly StatusMessage?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
  readonly UpfrontFee?: string;
  readonly CurrencyCode?: string;
  readonly TotalInstanceCount?: number;
  readonly AvailableInstanceCount?: number;
  readonly InUseInstanceCount?: number;
  readonly UnhealthyInstanceCount?: number;
  readonly AvailableSpareInstanceCount?: number;
  readonly TotalUltraServerCount?: number;
  readonly TargetResources?: string[];
  readonly ReservedCapacitySummaries?: ReservedCapacity[];
}

/** A block of capacity of a plan. */
export interface ReservedCapacity {
  readonly ReservedCapacityArn?: string;
  readonly InstanceType: string;
  readonly TotalInstanceCount: number;
  readonly Status: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly DurationHours?: number;
  readonly DurationMinutes?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
}

/** Where a request is answered: its account, and the Region that it was signed for. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** An error as the service words it. */
export class ServiceError extends Error {
  public constructor(public readonly code: string, message: string, public readonly status = 400) {
    super(message);
  }
}

/** From the service model, which doesn't anchor its patterns, while the service does. */
const NAME_OR_ARN = /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:training-plan\/)?[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/;

/** SageMaker as far as handlers call it: protocol AWS JSON 1.1, target `SageMaker.<operation>`. */
export class SageMaker {
  public readonly plans = new Map<string, Plan>();

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, place: Place): object {
    switch (operation) {
      case 'DescribeTrainingPlan':
        return this.describeTrainingPlan(input, place);
      default:
        throw new ServiceError('UnknownOperationException', '');
    }
  }

  private describeTrainingPlan(input: Record<string, unknown>, place: Place): object {
    const given = matching(input, 'TrainingPlanName', NAME_OR_ARN, 2048);
    const prefix = `arn:${partition(place.region)}:sagemaker:${place.region}:${place.account}:training-plan/`;
    const name = given.startsWith(prefix) ? given.slice(prefix.length) : given;
    const plan = this.plans.get(name);
    if (!plan) {
      throw new ServiceError('ResourceNotFound', `Training plan ${name} not found`);
    }
    return { TrainingPlanArn: prefix + name, ...onTheWire(plan) };
  }
}

function matching(input: Record<string, unknown>, member: string, pattern: RegExp, longest: number): string {
  const value = input[member];
  const path = member[0].toLowerCase() + member.slice(1);
  const refuse = (shown: unknown, constraint: string) =>
    new ServiceError('ValidationException', `1 validation error detected: Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
  if (value === undefined || value === null) {
    throw refuse('null', 'Member must not be null');
  }
  if (typeof value !== 'string') {
    throw new ServiceError('SerializationException', `STRING_VALUE expected for ${member}`);
  }
  if (value.length < 1 || value.length > longest) {
    throw refuse(`'${value}'`, `Member must have length between 1 and ${longest}`);
  }
  if (!pattern.test(value)) {
    throw refuse(`'${value}'`, `Member must satisfy regular expression pattern: ${pattern.source}`);
  }
  return value;
}

/** Times as seconds since 1970, everything else as it is. */
function onTheWire(value: object): object {
  return JSON.parse(JSON.stringify(value, (key, part: unknown) => (/^(Start|End)Time$/.test(key) ? Date.parse(String(part)) / 1000 : part)));
}

function partition(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
