import type { ReservedCapacityField } from '../../../private/contracts/lookup';
import { checked } from '../../../private/inputs/checked';

/** How the fields of a reserved capacity are read. */
interface Reader {
  text(field: ReservedCapacityField): string;
  number(field: ReservedCapacityField): number;
}

/**
 * One of the reserved capacities that a training plan is made of, as a look-up reads it.
 *
 * The deployment fails where something of it is used and the plan has no capacity of this index.
 */
@checked('training_plans.ReservedCapacity')
export class ReservedCapacity {
  /** @internal */
  public static _of(reader: Reader): ReservedCapacity {
    return new ReservedCapacity(reader);
  }

  private constructor(private readonly reader: Reader) {}

  /** The ARN. */
  public get reservedCapacityArn(): string { return this.reader.text('ReservedCapacityArn'); }

  /** `Pending`, `Active`, `Scheduled`, `Expired` or `Failed`. */
  public get status(): string { return this.reader.text('Status'); }

  /** The Availability Zone, such as `us-east-1a`. */
  public get availabilityZone(): string { return this.reader.text('AvailabilityZone'); }

  /** The id of the Availability Zone, such as `use1-az4`, which means the same zone in every account. */
  public get availabilityZoneId(): string { return this.reader.text('AvailabilityZoneId'); }

  /** The type of the instances, such as `ml.p5.48xlarge`. */
  public get instanceType(): string { return this.reader.text('InstanceType'); }

  /** The number of instances. */
  public get totalInstanceCount(): number { return this.reader.number('TotalInstanceCount'); }

  /** The type of the UltraServers, such as `ml.u-p6e-gb200x72`. */
  public get ultraServerType(): string { return this.reader.text('UltraServerType'); }

  /** The number of UltraServers. */
  public get ultraServerCount(): number { return this.reader.number('UltraServerCount'); }

  /** When it begins: ISO 8601 in UTC. */
  public get startTime(): string { return this.reader.text('StartTime'); }

  /** When it ends: ISO 8601 in UTC. */
  public get endTime(): string { return this.reader.text('EndTime'); }

  /** The whole hours that it lasts. */
  public get durationHours(): number { return this.reader.number('DurationHours'); }

  /** The minutes that it lasts beyond `durationHours`: 0 to 59. */
  public get durationMinutes(): number { return this.reader.number('DurationMinutes'); }
}
