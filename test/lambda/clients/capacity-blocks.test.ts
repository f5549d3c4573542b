import { NormalizedSchema } from '@smithy/core/schema';
import MODEL from './ec2-model.json';
import { Service } from './service';
import * as blocks from '../../../lambda/clients/capacity-blocks';
import { EC2Client } from '../../../lambda/clients/ec2';
import { violations } from '../../aws/constraints';
import { ServiceModel } from '../../aws/service-models';

/*
 * `ec2-model.json` is what botocore's model of Amazon EC2 says of the operations that the client has. With AWS_SERVICE_MODELS, the
 * model itself is read, too, and has to say the same.
 */

interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string; readonly locationName?: string }>>;
  readonly member?: { readonly shape: string; readonly locationName?: string };
}

type Operation = keyof typeof MODEL.operations;
const SHAPES: Readonly<Record<string, ModelShape>> = MODEL.shapes;
const model = new ServiceModel(MODEL as never);
const service = new Service();

beforeEach(async () => service.start());
afterEach(async () => service.stop());

const WHEN = new Date('2026-12-05T11:30:00.000Z');
const FILTERS = [{ Name: 'state', Values: ['active', 'scheduled'] }, { Name: 'tag:a', Values: ['b'] }];
const PAGE = { MaxResults: 7, NextToken: 't1' };

/** Of each operation its command, and a request with all that the client knows of it. */
const REQUESTS: Record<Operation, readonly [new (input: never) => object, Record<string, unknown>]> = {
  DescribeCapacityReservations: [blocks.DescribeCapacityReservationsCommand, { CapacityReservationIds: ['cr-1', 'cr-2'], Filters: FILTERS, ...PAGE }],
  DescribeCapacityBlocks: [blocks.DescribeCapacityBlocksCommand, { CapacityBlockIds: ['cb-1', 'cb-2'], Filters: FILTERS, ...PAGE }],
  DescribeCapacityBlockStatus: [blocks.DescribeCapacityBlockStatusCommand, { CapacityBlockIds: ['cb-1'], Filters: FILTERS, ...PAGE }],
  DescribeCapacityBlockOfferings: [blocks.DescribeCapacityBlockOfferingsCommand, {
    CapacityDurationHours: 24,
    InstanceType: 'p5.48xlarge',
    InstanceCount: 4,
    StartDateRange: WHEN,
    EndDateRange: WHEN,
    UltraserverType: 'u-p6e-gb200x72',
    UltraserverCount: 1,
    ...PAGE,
  }],
  DescribeCapacityBlockExtensionOfferings: [
    blocks.DescribeCapacityBlockExtensionOfferingsCommand, { CapacityReservationId: 'cr-1', CapacityBlockExtensionDurationHours: 48, ...PAGE },
  ],
  DescribeCapacityBlockExtensionHistory: [
    blocks.DescribeCapacityBlockExtensionHistoryCommand, { CapacityReservationIds: ['cr-1'], Filters: FILTERS, ...PAGE },
  ],
};
const OPERATIONS = Object.keys(MODEL.operations) as Operation[];

/** A value of a shape, different for each path, and as XML. */
function sample(name: string, path: string): { readonly value: unknown; readonly xml: string } {
  const shape = SHAPES[name];
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members!).map(([member, { shape: of, locationName = member }]) => (
        { member, locationName, ...sample(of, `${path}/${member}`) }));
      return {
        value: Object.fromEntries(members.map(({ member, value }) => [member, value])),
        xml: members.map(({ locationName, xml }) => `<${locationName}>${xml}</${locationName}>`).join(''),
      };
    }
    case 'list': {
      const { shape: of, locationName } = shape.member!;
      const items = [0, 1].map(index => sample(of, `${path}/${index}`));
      return { value: items.map(({ value }) => value), xml: items.map(({ xml }) => `<${locationName}>${xml}</${locationName}>`).join('') };
    }
    case 'timestamp': {
      const value = new Date(WHEN.getTime() + path.length * 1000);
      return { value, xml: value.toISOString() };
    }
    case 'integer':
    case 'long': return { value: path.length, xml: String(path.length) };
    case 'boolean': return { value: true, xml: 'true' };
    default: return { value: path, xml: path };
  }
}

/** The paths of all that a schema knows: `CapacityReservations/Tags/Key`. */
function pathsOf(schema: NormalizedSchema, path: string[] = []): string[] {
  if (schema.isListSchema()) { return pathsOf(schema.getValueSchema(), path); }
  if (!schema.isStructSchema()) { return [path.join('/')]; }
  return [...schema.structIterator()].flatMap(([member, of]) => pathsOf(of, [...path, member]));
}

/** The paths of all that was read. */
function pathsIn(value: unknown, path: string[] = []): string[] {
  if (Array.isArray(value)) { return value.flatMap(item => pathsIn(item, path)); }
  if (typeof value !== 'object' || value === null || value instanceof Date) { return [path.join('/')]; }
  return Object.entries(value).filter(([member]) => member !== '$metadata').flatMap(([member, of]) => pathsIn(of, [...path, member]));
}

const xml = (operation: string, content: string) => (
  `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>${content}</${operation}Response>`
);

async function send(operation: Operation): Promise<Record<string, unknown>> {
  const [Command, input] = REQUESTS[operation];
  return new EC2Client({ maxAttempts: 1 }).send(new Command(input as never) as never) as unknown as Promise<Record<string, unknown>>;
}

describe.each(OPERATIONS)('%s', operation => {
  const inAnswer = MODEL.operations[operation].output.shape;

  test('is sent as the model of the service has it', async () => {
    service.answers = [{ body: xml(operation, '') }];
    await send(operation);
    const form = Object.fromEntries(new URLSearchParams(service.seen[0].body));
    expect(form).toMatchObject({ Action: operation, Version: MODEL.metadata.apiVersion });
    const received = model.fromForm(operation, form) as Record<string, unknown>;
    const dated = Object.fromEntries(Object.entries(received).map(([member, value]) => (
      [member, SHAPES[(SHAPES[MODEL.operations[operation].input.shape].members!)[member]?.shape]?.type === 'timestamp' ? new Date(value as string) : value])));
    expect(dated).toEqual(REQUESTS[operation][1]);
    expect(violations(received, model.input(operation))).toMatchObject({ broken: [], unknown: [] });
  });

  test('has every member that the client reads, under the name that the model has for it', async () => {
    const { value, xml: content } = sample(inAnswer, '');
    service.answers = [{ body: xml(operation, content) }];
    const read = await send(operation);
    expect(value).toMatchObject(Object.fromEntries(Object.entries(read).filter(([member]) => member !== '$metadata')));
    const [Command, input] = REQUESTS[operation];
    const { schema } = new Command(input as never) as unknown as { readonly schema: readonly unknown[] };
    const known = pathsOf(NormalizedSchema.of(schema[5] as never));
    expect(known.length).toBeGreaterThan(5);
    expect([...new Set(pathsIn(read))].sort()).toEqual([...known].sort());
  });

  test('tells an empty list from no answer', async () => {
    const [member, { locationName }] = Object.entries(SHAPES[inAnswer].members!).find(([, { shape }]) => SHAPES[shape].type === 'list')! as
      unknown as [string, { readonly locationName: string }];
    service.answers = [{ body: xml(operation, `<${locationName}/>`) }];
    expect((await send(operation))[member]).toEqual([]);
    for (const body of ['', xml(operation, '')]) {
      service.answers = [{ body }];
      expect((await send(operation))[member]).toBeUndefined();
    }
  });
});

(process.env.AWS_SERVICE_MODELS ? test : test.skip)('the extract says what the model says', () => {
  const whole = ServiceModel.read(process.env.AWS_SERVICE_MODELS!, 'ec2');
  for (const operation of OPERATIONS) {
    const { value } = sample(MODEL.operations[operation].output.shape, '');
    const asTold = JSON.parse(JSON.stringify(value)) as unknown;
    expect(violations(asTold, whole.output(operation))).toMatchObject({ unknown: [] });
    expect(Object.keys(whole.input(operation).members)).toEqual(Object.keys(model.input(operation).members));
  }
});
