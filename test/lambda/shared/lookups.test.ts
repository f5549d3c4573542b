import { HandlerError } from '../../../lambda/shared/errors';
import { lookups, type Operation } from '../../../lambda/shared/lookups';

const stack = { partition: 'aws', region: 'us-east-1', account: '111122223333', name: 'Capacity' };
const { signal } = new AbortController();
const read = jest.fn();
const describePlan = jest.fn<ReturnType<Operation>, Parameters<Operation>>(() => ({ subject: 'plan "a"', read }));
const handler = lookups('SageMaker', { DescribePlan: describePlan, AssertPlan: describePlan });
const apply = async (properties: Record<string, unknown>) => handler.apply({ stack, properties }, signal);

test('has a physical id of stack and resource', () => {
  expect(handler.physicalId(stack, 'Plan', {})).toBe('Capacity/Plan');
});

test('an operation is understood with its input, its fields and its place, and read in its time', async () => {
  describePlan.mockReturnValue({ subject: 'plan "a"', read });
  read.mockResolvedValue({ Status: 'Active' });
  expect(await apply({ Operation: 'DescribePlan', Input: { Name: 'a' }, Fields: 'Status,EndTime' })).toEqual({ Status: 'Active' });
  expect(describePlan).toHaveBeenCalledWith({ Name: 'a' }, ['Status', 'EndTime'], stack, false);
  expect(read).toHaveBeenCalledWith(signal);
});

test.each(['Moon', 'toString'])('the operation %s is unknown', async Operation => {
  await expect(apply({ Operation, Input: {} })).rejects.toMatchObject({
    code: 'InvalidProperties', message: `unknown operation: ${Operation}; known are DescribePlan, AssertPlan`,
  });
});

test.each([[{ Input: {} }, 'the property Operation is missing'], [{ Operation: 'DescribePlan' }, 'the property Input must be an object']])(
  'properties %j are refused', async (properties, message) => {
    await expect(apply(properties)).rejects.toMatchObject({ code: 'InvalidProperties', message });
  });

test('a failure is told with what was read and where', async () => {
  read.mockRejectedValue(Object.assign(new Error('why'), { name: 'TimeoutError', $metadata: { attempts: 2 } }));
  await expect(apply({ Operation: 'DescribePlan', Input: {} })).rejects.toThrow(
    'plan "a" in account 111122223333, Region us-east-1: no answer after 2 attempts; a function in a VPC needs a way to the API of SageMaker');
});

test('a failure is told with what the operation says besides, and with the service that it asks', async () => {
  const failed = Object.assign(new Error('why'), { name: 'TimeoutError', $metadata: { attempts: 2 } });
  const aside = jest.fn(async () => ', which has no nodes');
  describePlan.mockReturnValueOnce({ subject: 'plan "a"', read, aside, api: 'Amazon EC2' });
  read.mockRejectedValue(failed);
  await expect(apply({ Operation: 'DescribePlan', Input: {} })).rejects.toThrow(
    'plan "a" in account 111122223333, Region us-east-1, which has no nodes: no answer after 2 attempts; a function in a VPC needs a way to the API of Amazon EC2');
  expect(aside).toHaveBeenCalledWith(failed, signal);
});

test.each([[new HandlerError('TooFew', 'there is 1'), 'there is 1'], [undefined, 'no answer within 105 s; a function in a VPC needs a way to the API of SageMaker']])(
  'at the deadline, what the operation knows of it is told: %s', async (known, message) => {
    const applyWithin = async (within: AbortSignal) => handler.apply({ stack, properties: { Operation: 'DescribePlan', Input: {} } }, within);
    describePlan.mockReturnValue({ subject: 'plan "a"', read, late: () => known });
    read.mockRejectedValue(Object.assign(new Error('why'), { name: 'AbortError' }));
    const late = AbortSignal.abort(new HandlerError('Timeout', 'no answer within 105 s'));
    await expect(applyWithin(late)).rejects.toThrow(`plan "a" in account 111122223333, Region us-east-1: ${message}`);
    await expect(applyWithin(signal)).rejects.not.toThrow('there is 1');
  });

test('what is wrong with the input is told as it is, before anything is read', async () => {
  describePlan.mockImplementation(() => { throw new HandlerError('InvalidProperties', 'unknown field: Moon'); });
  await expect(apply({ Operation: 'DescribePlan', Input: {} })).rejects.toThrow(/^unknown field: Moon$/);
  expect(read).not.toHaveBeenCalled();
});
