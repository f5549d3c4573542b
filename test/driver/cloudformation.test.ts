import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation, type Step } from './cloudformation';
import { ResponseReceiver } from './receiver';

/*
 * A resource that does as its properties say: its Id is the physical id, and Refuse names the request types that it refuses.
 * Crash ends the invocation without an answer.
 */
const RESOURCE = `
const { request } = require('https');
exports.handler = event => new Promise((resolve, reject) => {
  const { Id, Refuse = '', Crash } = event.ResourceProperties;
  if (Crash === 'true') { return reject(new Error('crash')); }
  const failed = Refuse.split(',').includes(event.RequestType);
  const body = JSON.stringify({
    Status: failed ? 'FAILED' : 'SUCCESS', Reason: failed ? 'refused' : undefined,
    PhysicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId : Id,
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, Data: { Id },
  });
  request(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '', 'content-length': body.length } }, resolve).end(body);
});
`;

const folder = mkdtempSync(join(tmpdir(), 'resource-'));
const receiver = new ResponseReceiver();
let incarnation = 0;

beforeAll(async () => {
  writeFileSync(join(folder, 'index.js'), RESOURCE);
  await receiver.start();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await receiver.stop();
});

function stack(): CloudFormation {
  const bundle = join(folder, 'index.js');
  return new CloudFormation(receiver, { bundle, receiverPort: receiver.port, sagemakerUrl: 'http://127.0.0.1:1' }, { incarnation: ++incarnation });
}

function told(steps: Step[]): string[] {
  return steps.map(({ event }) => `${event.RequestType} ${event.PhysicalResourceId ?? '-'} ${JSON.stringify(event.ResourceProperties.Id)}`);
}

test('a new physical id is a replacement: the old resource is deleted in the end', async () => {
  const cfn = stack();
  await cfn.create({ Id: 'a' });
  const outcome = await cfn.update({ Id: 'b' });
  expect(outcome.status).toBe('UPDATE_COMPLETE');
  expect(told(outcome.steps)).toEqual(['Update a "b"', 'Delete a "a"']);
  expect(cfn.physicalId).toBe('b');
});

test('a replacement is rolled back by an Update, and the new resource is deleted', async () => {
  const cfn = stack();
  await cfn.create({ Id: 'a' });
  const outcome = await cfn.update({ Id: 'b' }, true);
  expect(outcome.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(told(outcome.steps)).toEqual(['Update a "b"', 'Update b "a"', 'Delete b "b"']);
  expect(outcome.steps[1].event.OldResourceProperties).toMatchObject({ Id: 'b' });
  expect(cfn.attributes).toEqual({ Id: 'a' });
});

test('a Create that fails is followed by a Delete of the id that it answered with', async () => {
  const outcome = await stack().create({ Id: 'a', Refuse: 'Create' });
  expect(outcome).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: 'refused' });
  expect(told(outcome.steps)).toEqual(['Create - "a"', 'Delete a "a"']);
});

test('a rollback that is refused too leaves the stack stuck', async () => {
  const cfn = stack();
  await cfn.create({ Id: 'a', Refuse: 'Update' });
  expect((await cfn.update({ Id: 'a', Refuse: 'Update' })).status).toBe('UPDATE_ROLLBACK_FAILED');
});

test('a Delete that is refused fails', async () => {
  const cfn = stack();
  await cfn.create({ Id: 'a', Refuse: 'Delete' });
  expect(await cfn.delete()).toMatchObject({ status: 'DELETE_FAILED', reason: 'refused' });
});

test('an invocation that ends with an error is repeated twice, then CloudFormation waits in vain', async () => {
  const outcome = await stack().create({ Id: 'a', Crash: true });
  expect(outcome).toMatchObject({ status: 'ROLLBACK_COMPLETE', reason: 'CloudFormation did not receive a response from your Custom Resource' });
  expect(outcome.steps[0].invocations.map(({ succeeded }) => succeeded)).toEqual([false, false, false]);
});

test('properties arrive as strings, at any depth', async () => {
  const { event } = (await stack().create({ Id: 'a', Number: 5, Nested: { Yes: true, List: [1, 'b'] }, None: undefined })).steps[0];
  expect(event.ResourceProperties).toEqual({ ServiceToken: event.ServiceToken, Id: 'a', Number: '5', Nested: { Yes: 'true', List: ['1', 'b'] } });
});
