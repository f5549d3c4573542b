// What the engine and our start script together do with custom resources, step by step: docs/deploy-local.md has the table.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT, ROOT, texts } from './cloud.mjs';

const STACK = 'Semantics';
const WAIT_MS = 30_000;

export class Semantics {
  constructor(cloud) {
    this.cloud = cloud;
    this.log = cloud.path('logs', 'custom-resources.jsonl');
  }

  /** Creates or updates a stack with custom resources, and returns how it ended and what was sent to them. */
  async deploy(resources) {
    const custom = Object.entries(resources).map(([id, { after, ...properties }]) => [id, {
      Type: 'Custom::Semantics',
      DependsOn: after,
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, ServiceTimeout: 3, Log: this.log, ...properties },
    }]);
    const template = {
      Resources: {
        Function: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Runtime: 'nodejs24.x',
            Handler: 'index.handler',
            Role: `arn:aws:iam::${ACCOUNT}:role/semantics`,
            Code: { ZipFile: readFileSync(join(ROOT, 'test', 'e2e', 'custom-resource.cjs'), 'utf8') },
          },
        },
        ...Object.fromEntries(custom),
      },
    };
    const action = await this.cloud.stack(STACK) === undefined ? 'CreateStack' : 'UpdateStack';
    return this.#change(action, { TemplateBody: JSON.stringify(template) });
  }

  async remove() {
    return this.#change('DeleteStack', {});
  }

  async #change(action, parameters) {
    writeFileSync(this.log, '');
    const answer = await this.cloud.query('cloudformation', action, { StackName: STACK, ...parameters });
    assert.doesNotMatch(answer, /<Error>/);
    let status;
    for (const end = Date.now() + WAIT_MS; Date.now() < end; await sleep(100)) {
      status = (await this.cloud.stack(STACK))?.status;
      if (status === undefined || /_(COMPLETE|FAILED)$/.test(status)) {
        break;
      }
    }
    const sent = readFileSync(this.log, 'utf8').trim().split('\n').filter(Boolean).map(line => JSON.parse(line));
    return { status, sent, reasons: await this.#events('ResourceStatusReason') };
  }

  async eventTimes() {
    return this.#events('Timestamp');
  }

  async #events(element) {
    return texts(await this.cloud.query('cloudformation', 'DescribeStackEvents', { StackName: STACK }), element);
  }
}

/** Each check is a statement of the table, and what proves it. They build on each other. */
export const CHECKS = {
  'a failed Create is followed by a Delete with the id of its answer, before what was created earlier is deleted': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'a', Value: '1' }, B: { Id: 'b', Value: '1', Answer: 'FAILED', after: 'A' } });
    assert.equal(status, 'ROLLBACK_COMPLETE');
    assert.deepEqual(sent.map(({ request, id }) => [request, id]), [['Create', undefined], ['Create', undefined], ['Delete', 'b'], ['Delete', 'a']]);
    await engine.remove();
  },
  'a Create without an answer fails after ServiceTimeout, and is followed by a Delete with an id that was made up': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'a', Value: '1', Answer: 'nothing' } });
    assert.equal(status, 'ROLLBACK_COMPLETE');
    assert.deepEqual(sent.map(({ request }) => request), ['Create', 'Delete']);
    assert.match(sent[1].id, /^Semantics-A-/);
    await engine.remove();
  },
  'an answer without a physical id is refused': async engine => {
    const { status, reasons } = await engine.deploy({ A: { Id: 'a', Value: '1', Answer: 'no id' } });
    assert.equal(status, 'ROLLBACK_COMPLETE');
    assert.ok(reasons.includes('Invalid PhysicalResourceId'), reasons.join('\n'));
    await engine.remove();
  },
  'an answer of more than 4096 bytes is refused': async engine => {
    const { status, reasons } = await engine.deploy({ A: { Id: 'a', Value: '1', Answer: 'too long' } });
    assert.equal(status, 'ROLLBACK_COMPLETE');
    assert.ok(reasons.includes('Response object is too long.'), reasons.join('\n'));
    await engine.remove();
  },
  'a resource in creation is CREATE_IN_PROGRESS in DescribeStackResource; values of properties arrive as strings': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'a', Value: 1 } });
    assert.equal(status, 'CREATE_COMPLETE');
    assert.deepEqual(sent, [{ request: 'Create', resource: 'A', value: '1', status: 'CREATE_IN_PROGRESS' }]);
  },
  'so is one that an update of the stack creates; what exists is UPDATE_IN_PROGRESS, and gets the old properties too': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'a', Value: '2' }, B: { Id: 'b', Value: '2', after: 'A' } });
    assert.equal(status, 'UPDATE_COMPLETE');
    assert.deepEqual(sent, [
      { request: 'Update', resource: 'A', id: 'a', value: '2', old: '1', status: 'UPDATE_IN_PROGRESS' },
      { request: 'Create', resource: 'B', value: '2', status: 'CREATE_IN_PROGRESS' },
    ]);
  },
  'events have times of their own': async engine => {
    const times = await engine.eventTimes();
    assert.deepEqual(times, [...new Set(times)].sort().reverse(), 'the newest first');
  },
  'what doesn\'t change is left alone': async engine => {
    const { sent } = await engine.deploy({ A: { Id: 'a', Value: '2' }, B: { Id: 'b', Value: '3', after: 'A' } });
    assert.deepEqual(sent.map(({ request, resource }) => [request, resource]), [['Update', 'B']]);
  },
  'another physical id means replacement: the old id is deleted with the old properties, when all else is done': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'other', Value: '4' }, B: { Id: 'b', Value: '4', after: 'A' } });
    assert.equal(status, 'UPDATE_COMPLETE');
    assert.deepEqual(sent.map(({ request, id, value }) => [request, id, value]), [['Update', 'a', '4'], ['Update', 'b', '4'], ['Delete', 'a', '2']]);
  },
  'a failed Update is sent back with old and new swapped, and so is what was updated before it': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'other', Value: '5' }, B: { Id: 'b', Value: '5', Answer: 'FAILED', after: 'A' } });
    assert.equal(status, 'UPDATE_ROLLBACK_COMPLETE');
    assert.deepEqual(sent.map(({ request, resource, value, old }) => [request, resource, value, old]), [
      ['Update', 'A', '5', '4'], ['Update', 'B', '5', '4'], ['Update', 'A', '4', '5'], ['Update', 'B', '4', '5'],
    ]);
  },
  'a Create that fails in an update of the stack is followed by a Delete, after the updates were sent back': async engine => {
    const { status, sent } = await engine.deploy({
      A: { Id: 'other', Value: '6' }, B: { Id: 'b', Value: '4', after: 'A' }, C: { Id: 'c', Value: '6', Answer: 'FAILED', after: 'B' },
    });
    assert.equal(status, 'UPDATE_ROLLBACK_COMPLETE');
    assert.deepEqual(sent.map(({ request, resource, value }) => [request, resource, value]), [
      ['Update', 'A', '6'], ['Create', 'C', '6'], ['Update', 'A', '4'], ['Delete', 'C', '6'],
    ]);
  },
  'a resource that leaves the template is deleted': async engine => {
    const { status, sent } = await engine.deploy({ A: { Id: 'other', Value: '4' } });
    assert.equal(status, 'UPDATE_COMPLETE');
    assert.deepEqual(sent.map(({ request, id }) => [request, id]), [['Delete', 'b']]);
  },
  'a deleted stack deletes what is left': async engine => {
    const { sent } = await engine.remove();
    assert.deepEqual(sent.map(({ request, id, status }) => [request, id, status]), [['Delete', 'other', 'DELETE_IN_PROGRESS']]);
  },
};
