import { ServiceError, type Place } from './service';

type Input = Record<string, unknown>;

interface Source {
  readonly name: string;
  readonly arn: string;
}

interface Delivery {
  readonly id: string;
  readonly deliverySourceName: string;
  readonly deliveryDestinationArn: string;
}

/** Deliveries of CloudWatch Logs as CloudFormation makes them: sources and destinations have names, and stay while they are in use. */
export class LogDeliveries {
  private readonly sources = new Map<string, Source>();
  private readonly destinations = new Map<string, Source>();
  private readonly deliveries = new Map<string, Delivery>();
  private count = 0;

  private readonly operations: Record<string, (input: Input, place: Place) => object> = {
    PutDeliverySource: ({ name, resourceArn, logType }, place) => {
      const source = { name: name as string, arn: arn('delivery-source', name, place), resourceArns: [resourceArn], logType };
      this.sources.set(source.name, source);
      return { deliverySource: source };
    },
    PutDeliveryDestination: ({ name, outputFormat, deliveryDestinationConfiguration }, place) => {
      const destination = { name: name as string, arn: arn('delivery-destination', name, place), outputFormat, deliveryDestinationConfiguration };
      this.destinations.set(destination.name, destination);
      return { deliveryDestination: destination };
    },
    CreateDelivery: ({ tags: _, ...input }, place) => {
      const { deliverySourceName: source, deliveryDestinationArn: destination } = input as unknown as Delivery;
      found('delivery source', this.sources.get(source), source);
      found('delivery destination', [...this.destinations.values()].find(one => one.arn === destination), destination);
      if ([...this.deliveries.values()].some(one => one.deliverySourceName === source && one.deliveryDestinationArn === destination)) {
        throw new ServiceError('ConflictException', `${source} is delivered to ${destination} already`);
      }
      const id = (++this.count).toString().padStart(16, '0');
      const delivery = { ...input, id, arn: arn('delivery', id, place), deliverySourceName: source, deliveryDestinationArn: destination };
      this.deliveries.set(id, delivery);
      return { delivery };
    },
    UpdateDeliveryConfiguration: ({ id, ...changed }) => {
      this.deliveries.set(id as string, { ...found('delivery', this.deliveries.get(id as string), id), ...changed });
      return {};
    },
    DeleteDelivery: ({ id }) => this.drop('delivery', this.deliveries, id, () => false),
    DeleteDeliverySource: ({ name }) => this.drop('delivery source', this.sources, name, one => one.deliverySourceName === name),
    DeleteDeliveryDestination: ({ name }) => (
      this.drop('delivery destination', this.destinations, name, one => one.deliveryDestinationArn === this.destinations.get(name as string)!.arn)),
    TagResource: () => ({}),
    UntagResource: () => ({}),
  };

  /** The ids of all that there is. */
  public get ids(): string[] {
    return [this.sources, this.destinations, this.deliveries].flatMap(things => [...things.keys()]);
  }

  public clear(): void {
    [this.sources, this.destinations, this.deliveries].forEach(things => things.clear());
  }

  /** Answers a request. */
  public call(operation: string, input: Input, place: Place): object {
    return this.operations[operation](input, place);
  }

  private drop(what: string, things: Map<string, unknown>, id: unknown, uses: (delivery: Delivery) => boolean): object {
    found(what, things.get(id as string), id);
    const user = [...this.deliveries.values()].find(uses);
    if (user) { throw new ServiceError('ConflictException', `${what} ${id as string} is still in use by delivery ${user.id}`); }
    things.delete(id as string);
    return {};
  }
}

function arn(kind: string, name: unknown, { account, region }: Place): string {
  return `arn:aws:logs:${region}:${account}:${kind}:${name as string}`;
}

function found<T>(what: string, thing: T | undefined, id: unknown): T {
  if (thing === undefined) { throw new ServiceError('ResourceNotFoundException', `${what} ${id as string} does not exist`); }
  return thing;
}
