import { outputOf } from '../../../../lambda/hyperpod/lookup/output';
import { NODE_FIELDS } from '../../../../src/private/contracts/hyperpod-lookup';

const { signal } = new AbortController();
const writer = { putParameter: jest.fn(), putObject: jest.fn() };
const output = (input: Record<string, string>) => outputOf(input, writer);
let lines: { readonly operation: string }[];

beforeEach(() => {
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(line => Boolean(lines.push(JSON.parse(String(line)))));
  writer.putParameter.mockResolvedValue(undefined);
  writer.putObject.mockResolvedValue(undefined);
});
afterEach(() => jest.restoreAllMocks());

test('nothing is written where nobody asks for it', () => {
  expect(output({})).toBeUndefined();
});

test('what is written of a node is what is wanted, else all', () => {
  expect(output({ OutputParameterName: '/nodes' })!.fields).toEqual(NODE_FIELDS);
  expect(output({ OutputBucketName: 'b', OutputObjectKey: 'k' })!.fields).toEqual(NODE_FIELDS);
  expect(output({ OutputParameterName: '/nodes', OutputFields: 'InstanceId,LaunchTime' })!.fields).toEqual(['InstanceId', 'LaunchTime']);
  expect(() => output({ OutputParameterName: '/nodes', OutputFields: 'Count' })).toThrow('unknown field: Count');
});

describe('a parameter', () => {
  test.each([[{}, 'Standard', 4_096], [{ OutputParameterTier: 'Advanced' }, 'Advanced', 8_192]] as const)('with %j is written if it fits', async (tier, name, room) => {
    const { write } = output({ OutputParameterName: '/nodes', ...tier })!;
    const document = 'é'.repeat(room / 2);
    await write(7, document, signal);
    expect(writer.putParameter).toHaveBeenCalledWith('/nodes', document, name, signal);
    expect(lines.map(({ operation }) => operation)).toEqual(['PutParameter']);
    await expect(write(7, `${document}x`, signal)).rejects.toMatchObject({
      code: 'OutputTooLarge',
      message: `the list of 7 nodes has ${room + 1} bytes, and a parameter of the tier ${name} takes ${room}; `
        + 'choose fewer `fields`, look up one instance group, or write to an object of a bucket',
    });
    expect(writer.putParameter).toHaveBeenCalledTimes(1);
  });

  test('of an unknown tier is refused at once', () => {
    expect(() => output({ OutputParameterName: '/nodes', OutputParameterTier: 'Moon' })).toThrow(expect.objectContaining({
      code: 'InvalidProperties', message: 'unknown tier: Moon; known are Standard, Advanced, Intelligent-Tiering',
    }));
  });
});

test('an object is written whatever its size', async () => {
  const document = 'x'.repeat(10_000);
  await output({ OutputBucketName: 'b', OutputObjectKey: 'k' })!.write(7, document, signal);
  expect(writer.putObject).toHaveBeenCalledWith('b', 'k', document, signal);
  expect(lines.map(({ operation }) => operation)).toEqual(['PutObject']);
  expect(() => output({ OutputBucketName: 'b' })).toThrow('the property OutputObjectKey is missing');
});

describe('what can not be written is told', () => {
  const failure = Object.assign(new Error('why'), { name: 'NoSuchBucket', $fault: 'client' });

  test('with its place', async () => {
    writer.putParameter.mockRejectedValue(failure);
    writer.putObject.mockRejectedValue(failure);
    await expect(output({ OutputParameterName: '/nodes' })!.write(1, '[]', signal)).rejects.toMatchObject({
      code: 'NoSuchBucket', message: "the list can't be written to parameter /nodes (NoSuchBucket: why)",
    });
    await expect(output({ OutputBucketName: 'b', OutputObjectKey: 'k' })!.write(1, '[]', signal)).rejects.toMatchObject({
      code: 'NoSuchBucket', message: "the list can't be written to object k of bucket b (NoSuchBucket: why)",
    });
  });

  test('by the deadline alone where that is over', async () => {
    writer.putObject.mockRejectedValue(failure);
    await expect(output({ OutputBucketName: 'b', OutputObjectKey: 'k' })!.write(1, '[]', AbortSignal.abort())).rejects.toBe(failure);
  });
});
