import { CapacityBlocks } from './capacity-blocks';
import { ServiceError, type Place } from './service';

/** An instance of the fake. */
export interface FakeInstance {
  readonly instanceId: string;
  /** @default 'running' */
  readonly state?: string;
  readonly launchTime?: string;
  readonly privateIpAddress?: string;
  readonly ipv6Address?: string;
  readonly tags?: Record<string, string>;
}

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** Amazon EC2 as far as handlers call it: the query protocol, whose requests are forms and whose answers are XML. */
export class Ec2 {
  public readonly instances: FakeInstance[] = [];
  /** How many reservations an answer has at most. */
  public pageSize = 1000;
  public readonly blocks: CapacityBlocks;

  public constructor(now: () => number, account: () => string) {
    this.blocks = new CapacityBlocks(now, account);
  }

  /** Answers a request with XML. */
  public call(operation: string, input: Record<string, string>, { region }: Place): string {
    const ofBlocks = this.blocks.call(operation, input, region);
    if (ofBlocks !== undefined) { return answer(operation, ofBlocks); }
    if (operation !== 'DescribeInstances') { throw new ServiceError('InvalidAction', `The action ${operation} is not valid for this web service.`); }
    const filters = filtersOf(input);
    const found = this.instances.filter(instance => filters.every(({ name, values }) => values.includes(valueOf(instance, name) ?? '')));
    const start = Number(input.NextToken ?? 0);
    const end = start + Math.min(Number(input.MaxResults ?? this.pageSize), this.pageSize);
    const next = end < found.length ? `<nextToken>${end}</nextToken>` : '';
    const reservations = found.slice(start, end).map(instance => `<item><instancesSet>${instanceXml(instance)}</instancesSet></item>`);
    return answer(operation, `<reservationSet>${reservations.join('')}</reservationSet>${next}`);
  }
}

function answer(operation: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="${NAMESPACE}"><requestId>1</requestId>${content}</${operation}Response>`;
}

/** An error in the form of the query protocol. */
export function ec2Error(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors>`
    + '<RequestID>1</RequestID></Response>';
}

function filtersOf(input: Record<string, string>): { name: string; values: string[] }[] {
  const names = Object.entries(input).filter(([key]) => /^Filter\.\d+\.Name$/.test(key));
  return names.map(([key, name]) => {
    const prefix = key.replace(/Name$/, 'Value.');
    return { name, values: Object.entries(input).filter(([other]) => other.startsWith(prefix)).map(([, value]) => value) };
  });
}

function valueOf(instance: FakeInstance, filter: string): string | undefined {
  if (filter === 'instance-state-name') { return instance.state ?? 'running'; }
  if (filter.startsWith('tag:')) { return instance.tags?.[filter.slice('tag:'.length)]; }
  throw new ServiceError('InvalidParameterValue', `The filter '${filter}' is invalid`);
}

function instanceXml({ instanceId, state = 'running', launchTime, privateIpAddress, ipv6Address }: FakeInstance): string {
  const members = { instanceId, launchTime, privateIpAddress, ipv6Address };
  const texts = Object.entries(members).filter(([, value]) => value !== undefined).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<item>${texts.join('')}<instanceState><code>16</code><name>${state}</name></instanceState></item>`;
}
