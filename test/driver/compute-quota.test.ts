import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormation } from './cloudformation';
import type { Target } from './events';
import { provider, type ProviderOptions } from './provider';
import { ResponseReceiver } from './receiver';
import { LAMBDA_CREDENTIALS } from './secrets';
import type { Quota, QuotaStatus } from '../aws/compute-quotas';
import type { Fault } from '../aws/faults';
import { FakeAws } from '../aws/server';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'compute-quota', 'index.js');
const CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
const OWNER = 'cdk-hpc-clusters:owner';

const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
const receiver = new ResponseReceiver();
const { quotas } = aws.sagemaker;
let incarnation = 0;

jest.setTimeout(120_000); // each request is several processes, one after the other

beforeAll(async () => {
  if (!existsSync(BUNDLE)) { throw new Error('no bundle to test: npm run bundle'); }
  await Promise.all([aws.start(), receiver.start()]);
});
afterAll(async () => Promise.all([aws.stop(), receiver.stop()]));
beforeEach(() => {
  aws.reset();
  receiver.reset();
});
afterEach(() => expect(receiver.refused).toEqual([]));

function stack(lambda: Partial<ProviderOptions> = {}, target: Target = {}): CloudFormation {
  const entry = provider({ bundle: BUNDLE, sagemakerUrl: aws.url, receiverPort: receiver.port, virtualTime: true, ...lambda });
  return new CloudFormation(receiver, entry, { incarnation: ++incarnation, resourceType: 'Custom::HpcHyperPodComputeQuota', ...target });
}

/** Properties as the construct renders them. */
function wanted(more: Record<string, unknown> = {}, resources: object[] = [{ InstanceType: 'ml.p5.48xlarge', Count: 2 }]) {
  return {
    Name: 'research',
    ClusterArn: CLUSTER,
    ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 40 },
    ComputeQuotaConfig: { ComputeQuotaResources: resources, ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 100 } },
    ...more,
  };
}

const PLACE = { account: '111122223333', region: 'us-east-1' };
const put = (Status: QuotaStatus, ...Tags: { Key: string; Value: string }[]) => {
  quotas.put({ Name: 'research', ClusterArn: CLUSTER, ComputeQuotaTarget: { TeamName: 'research' }, ComputeQuotaConfig: {}, Status, Tags }, PLACE);
};
const changes = () => aws.requests.map(({ operation }) => operation).filter(operation => /^(Create|Update|Delete)ComputeQuota$/.test(operation));
const reads = (operation: string) => aws.requests.filter(request => request.operation === operation).length;
const all = () => quotas.all().filter(({ Status }) => Status !== 'Deleted');
const theOnly = (): Quota => {
  expect(all()).toHaveLength(1);
  return all()[0];
};

describe('the life of a quota', () => {
  test('it is created with its numbers as numbers, and has its attributes', async () => {
    const cfn = stack();
    expect(await cfn.create(wanted({ Description: 'large models', ActivationState: 'Disabled', Tags: [{ Key: 'team', Value: 'a' }] }, [
      { InstanceType: 'ml.p5.48xlarge', Accelerators: 4, VCpu: 90.5, MemoryInGiB: 1.5 },
      { InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 16 } },
    ]))).toMatchObject({ status: 'CREATE_COMPLETE' });
    const quota = theOnly();
    expect(quota).toMatchObject({
      Name: 'research',
      Description: 'large models',
      ActivationState: 'Disabled',
      ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 40 },
      ComputeQuotaConfig: {
        ComputeQuotaResources: [{ Accelerators: 4, VCpu: 90.5, MemoryInGiB: 1.5 }, { AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 16 } }],
        ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 100 },
      },
      Tags: expect.arrayContaining([{ Key: 'team', Value: 'a' }, { Key: OWNER, Value: `${cfn.events.stackId.split('/')[2]}/PlanDAF4E53A` }]),
    });
    expect(cfn.physicalId).toBe(quota.ComputeQuotaArn);
    expect(cfn.attributes).toEqual({
      ComputeQuotaArn: quota.ComputeQuotaArn, ComputeQuotaId: quota.ComputeQuotaId, ComputeQuotaVersion: '1', Status: 'Created',
    });
  });

  test('creation, update and deletion wait until the service is done', async () => {
    quotas.readsUntilDone = 3;
    const cfn = stack();
    expect((await cfn.create(wanted())).status).toBe('CREATE_COMPLETE');
    expect(theOnly().Status).toBe('Created');
    expect((await cfn.update(wanted({ ActivationState: 'Disabled' }))).status).toBe('UPDATE_COMPLETE');
    expect(cfn.attributes).toMatchObject({ ComputeQuotaVersion: '2', Status: 'Updated' });
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
    expect(all()).toEqual([]);
  });

  test('what is not wanted any more goes back to the default of the service', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Description: 'old', ActivationState: 'Disabled' }));
    await cfn.update({ ...wanted(), ComputeQuotaTarget: { TeamName: 'research' }, ComputeQuotaConfig: { ComputeQuotaResources: [] } });
    expect(theOnly()).toMatchObject({
      Description: '',
      ActivationState: 'Enabled',
      ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 0 },
      ComputeQuotaConfig: { ComputeQuotaResources: [], ResourceSharingConfig: { Strategy: 'LendAndBorrow', BorrowLimit: 50 }, PreemptTeamTasks: 'LowerPriority' },
    });
  });

  test('tags follow those of the stack; the owner and those of others stay', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] }));
    quotas.addTags({ ResourceArn: cfn.physicalId, Tags: [{ Key: 'of-others', Value: 'x' }] }, PLACE);
    await cfn.update(wanted({ Tags: [{ Key: 'b', Value: '3' }, { Key: 'c', Value: '4' }] }));
    const tags = Object.fromEntries(theOnly().Tags!.map(({ Key, Value }) => [Key, Value]));
    expect(tags).toEqual({ 'b': '3', 'c': '4', 'of-others': 'x', [OWNER]: expect.any(String) });
  });

  test.each([
    ['name', { Name: 'other' }],
    ['team', { ComputeQuotaTarget: { TeamName: 'other' } }],
    ['cluster', { ClusterArn: CLUSTER.replace('a1b2', 'z9z9') }],
  ])('another %s is another quota, and the old one is deleted in the end', async (what, change) => {
    const cfn = stack();
    await cfn.create(wanted());
    const old = cfn.physicalId;
    const outcome = await cfn.update(wanted({ ...what === 'team' && { Name: 'research-2' }, ...change }));
    expect(outcome.status).toBe('UPDATE_COMPLETE');
    expect(cfn.physicalId).not.toBe(old);
    expect(theOnly().ComputeQuotaArn).toBe(cfn.physicalId);
  });

  test('a quota that somebody deleted is made again by an update, and its deletion is a success', async () => {
    const cfn = stack();
    await cfn.create(wanted());
    quotas.clear();
    expect((await cfn.update(wanted({ Description: 'new' }))).status).toBe('UPDATE_COMPLETE');
    expect(theOnly().Description).toBe('new');
    quotas.clear();
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
  });
});

describe('versions', () => {
  test('an update names the version that is there', async () => {
    const cfn = stack();
    await cfn.create(wanted());
    quotas.change(cfn.physicalId!, { ComputeQuotaVersion: 7 });
    expect((await cfn.update(wanted({ Description: 'new' }))).status).toBe('UPDATE_COMPLETE');
    expect(aws.requests.find(({ operation }) => operation === 'UpdateComputeQuota')!.input).toMatchObject({ TargetVersion: 7 });
    expect(cfn.attributes.ComputeQuotaVersion).toBe('8');
  });

  test('a conflict makes it read the version again', async () => {
    const cfn = stack();
    await cfn.create(wanted());
    aws.faults.next('UpdateComputeQuota', { kind: 'error', status: 400, code: 'ConflictException', message: 'changed in between' });
    expect((await cfn.update(wanted({ Description: 'new' }))).status).toBe('UPDATE_COMPLETE');
    expect(changes()).toEqual(['CreateComputeQuota', 'UpdateComputeQuota', 'UpdateComputeQuota']);
    expect(theOnly()).toMatchObject({ Description: 'new', ComputeQuotaVersion: 2 });
  });

  test('a conflict that does not end fails the deployment in time', async () => {
    const cfn = stack();
    await cfn.create(wanted());
    aws.faults.always('UpdateComputeQuota', { kind: 'error', status: 400, code: 'ConflictException', message: 'changed in between' });
    const { answer } = await cfn.request(cfn.events.update(cfn.physicalId!, wanted({ Description: 'new' }), wanted()));
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: cfn.physicalId, Reason: expect.stringMatching(/^no answer within 105 s/) });
  });

  test('an update waits for one that somebody else has begun', async () => {
    const cfn = stack();
    await cfn.create(wanted());
    quotas.readsUntilDone = 3;
    quotas.update({ ComputeQuotaId: theOnly().ComputeQuotaId, TargetVersion: 1, Description: 'of others' }, PLACE);
    aws.requests.length = 0;
    expect((await cfn.update(wanted({ Description: 'ours' }))).status).toBe('UPDATE_COMPLETE');
    expect(changes()).toEqual(['UpdateComputeQuota']); // not one that is refused
    expect(theOnly()).toMatchObject({ Description: 'ours', ComputeQuotaVersion: 3 });
  });

  test('an update that fails says why, and is rolled back', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Description: 'old' }));
    quotas.failNext('Update', 'the webhook of Kueue does not answer');
    expect(await cfn.update(wanted({ Description: 'new' }))).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE',
      reason: expect.stringMatching(/^compute quota "research" \(\w{12}\) is in status UpdateFailed: the webhook of Kueue does not answer/),
    });
    expect(theOnly()).toMatchObject({ Description: 'old', Status: 'Updated', ComputeQuotaVersion: 3 });
  });

  test('an update that fails without a new version is known by its time, and not waited for', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Description: 'old' }));
    quotas.failedUpdatesLoseVersion = true;
    quotas.failNext('Update', 'the webhook of Kueue does not answer');
    expect(await cfn.update(wanted({ Description: 'new' }))).toMatchObject({
      status: 'UPDATE_ROLLBACK_COMPLETE', reason: expect.stringContaining('is in status UpdateFailed: the webhook of Kueue does not answer'),
    });
    expect(theOnly()).toMatchObject({ Description: 'old', Status: 'Updated', ComputeQuotaVersion: 2 });
  });

  test('the failure of an older update is none of this one', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Description: 'old' }));
    quotas.failedUpdatesLoseVersion = true;
    quotas.failNext('Update', 'a bad day');
    await cfn.request(cfn.events.update(cfn.physicalId!, wanted({ Description: 'other' }), wanted({ Description: 'old' })));
    expect(theOnly().Status).toBe('UpdateFailed');
    quotas.readsUntilDone = 2;
    expect((await cfn.update(wanted({ Description: 'new' }))).status).toBe('UPDATE_COMPLETE');
    expect(theOnly()).toMatchObject({ Description: 'new', Status: 'Updated' });
  });

  test('an update is rolled back with old and new swapped', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Description: 'old', Tags: [{ Key: 'a', Value: '1' }] }));
    expect((await cfn.update(wanted({ Description: 'new', Tags: [] }), true)).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(theOnly()).toMatchObject({ Description: 'old', Tags: expect.arrayContaining([{ Key: 'a', Value: '1' }]) });
  });

  test('a replacement is rolled back to the quota that is still there', async () => {
    const cfn = stack();
    await cfn.create(wanted({ Description: 'old' }));
    const old = cfn.physicalId;
    expect((await cfn.update(wanted({ Name: 'other' }), true)).status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cfn.physicalId).toBe(old);
    expect(theOnly()).toMatchObject({ ComputeQuotaArn: old, Name: 'research', Description: 'old' });
  });
});

describe('a creation that fails', () => {
  test('says why, and leaves nothing', async () => {
    quotas.failNext('Create', 'the cluster has no task governance');
    expect(await stack().create(wanted())).toMatchObject({
      status: 'ROLLBACK_COMPLETE', reason: expect.stringContaining('is in status CreateFailed: the cluster has no task governance'),
    });
    expect(all()).toEqual([]);
  });

  test('what it left behind is removed by the next creation of the same resource', async () => {
    const cfn = stack();
    quotas.failNext('Create', 'no task governance');
    const first = await cfn.request(cfn.events.create(wanted())); // rollback is disabled: no Delete follows
    expect(first.answer!.Status).toBe('FAILED');
    expect(theOnly().Status).toBe('CreateFailed');
    quotas.readsUntilDone = 2;
    expect((await cfn.create(wanted())).status).toBe('CREATE_COMPLETE');
    expect(theOnly()).toMatchObject({ Status: 'Created', ComputeQuotaArn: cfn.physicalId });
  });

  test.each(['CreateFailed', 'Created'] as const)('one in status %s that another stack made is left alone', async Status => {
    put(Status, { Key: OWNER, Value: 'another/PlanDAF4E53A' });
    const { status, reason } = await stack().create(wanted());
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^the name "research" is taken by arn:aws:\S+:compute-quota\/\w+ in status \w+, which another made; delete it, or /);
    expect(theOnly().Status).toBe(Status);
    expect(changes()).toEqual(['CreateComputeQuota']);
  });

  test('a quota without tags is nobody\'s, so not ours', async () => {
    put('CreateFailed');
    expect((await stack().create(wanted())).status).toBe('ROLLBACK_COMPLETE');
    expect(theOnly().Status).toBe('CreateFailed');
  });

  test('a conflict about something else than the name is told as it is', async () => {
    aws.faults.next('CreateComputeQuota', { kind: 'error', status: 400, code: 'ConflictException', message: 'the team has a quota' });
    expect((await stack().create(wanted())).reason).toMatch(/^no quota "research" is there, .* the team "research" \(the team has a quota\)/);
  });
});

describe('twice is once', () => {
  test('an answer that is lost makes no second quota', async () => {
    const cfn = stack();
    const event = cfn.events.create(wanted());
    const [first, second] = [await cfn.request(event), await cfn.request(event)];
    expect(second.answer).toEqual(first.answer);
    expect(receiver.answersTo(event)).toHaveLength(2);
    expect(theOnly().ComputeQuotaArn).toBe(first.answer!.PhysicalResourceId);
  });

  test('a creation whose answer is lost is found again by its owner', async () => {
    aws.faults.next('CreateComputeQuota', { kind: 'reset', accepted: true });
    const cfn = stack();
    expect((await cfn.create(wanted())).status).toBe('CREATE_COMPLETE');
    expect(theOnly().ComputeQuotaArn).toBe(cfn.physicalId);
  });

  test.each<[string, Extract<Fault, { kind: 'error' | 'reset' }>]>([
    ['a server error', { kind: 'error', status: 500, code: 'InternalFailure' }],
    ['503', { kind: 'error', status: 503, code: 'ServiceUnavailable' }],
    ['a broken connection', { kind: 'reset' }],
  ])('a creation that is accepted and always answered by %s leaves nothing when it is rolled back', async (_what, fault) => {
    aws.faults.next('CreateComputeQuota', { ...fault, accepted: true });
    aws.faults.always('CreateComputeQuota', fault);
    quotas.readsUntilDone = 2;
    const cfn = stack();
    const { status, steps } = await cfn.create(wanted());
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(steps[1].answer!.Status).toBe('SUCCESS');
    expect(quotas.all()).not.toHaveLength(0); // it was made
    expect(all()).toEqual([]);
  });

  test('that of another with the same name stays', async () => {
    put('Created', { Key: OWNER, Value: 'another/PlanDAF4E53A' });
    aws.faults.always('CreateComputeQuota', { kind: 'error', status: 500, code: 'InternalFailure' });
    const cfn = stack();
    expect((await cfn.create(wanted())).status).toBe('ROLLBACK_COMPLETE');
    expect(theOnly().Tags).toEqual([{ Key: OWNER, Value: 'another/PlanDAF4E53A' }]);
  });

  test('a Delete that comes twice is a success twice', async () => {
    const cfn = stack();
    await cfn.create(wanted());
    const event = cfn.events.delete(cfn.physicalId!, wanted());
    for (const { answer } of [await cfn.request(event), await cfn.request(event)]) { expect(answer!.Status).toBe('SUCCESS'); }
    expect(changes()).toEqual(['CreateComputeQuota', 'DeleteComputeQuota']);
  });

  test('a Delete of what was never made is a success, and only looks for it', async () => {
    const cfn = stack();
    const { answer } = await cfn.request(cfn.events.delete('AWSCDK::CustomResourceProviderFramework::CREATE_FAILED', wanted()));
    const other = await cfn.request(cfn.events.delete('something-else', wanted()));
    expect([answer!.Status, other.answer!.Status]).toEqual(['SUCCESS', 'SUCCESS']);
    expect(new Set(aws.requests.map(({ operation }) => operation))).toEqual(new Set(['ListComputeQuotas']));
  });
});

describe('a bad day', () => {
  test('throttling, broken connections and server errors are got through', async () => {
    for (const operation of ['CreateComputeQuota', 'DescribeComputeQuota', 'UpdateComputeQuota', 'DeleteComputeQuota']) {
      aws.faults.next(operation, { kind: 'throttle' }, { kind: 'reset' }, { kind: 'error', status: 500, code: 'InternalFailure' });
    }
    const cfn = stack();
    expect((await cfn.create(wanted())).status).toBe('CREATE_COMPLETE');
    expect((await cfn.update(wanted({ Description: 'new' }))).status).toBe('UPDATE_COMPLETE');
    expect((await cfn.delete()).status).toBe('DELETE_COMPLETE');
  });

  test('a permission that is still spreading is waited for, and one that is missing is named', async () => {
    const denied = { kind: 'error', status: 400, code: 'AccessDeniedException', message: 'not authorized' } as const;
    aws.faults.next('CreateComputeQuota', denied, denied);
    expect((await stack().create(wanted())).status).toBe('CREATE_COMPLETE');
    aws.faults.always('CreateComputeQuota', denied);
    expect((await stack().create(wanted({ Name: 'other' }))).reason).toMatch(/^AccessDeniedException: not authorized/);
  });

  test('a quota that never gets ready fails the deployment', async () => {
    quotas.readsUntilDone = 1000;
    const cfn = stack({ checks: 3 });
    const { answer } = await cfn.request(cfn.events.create(wanted()));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: 'Operation timed out', PhysicalResourceId: theOnly().ComputeQuotaArn });
    expect(reads('DescribeComputeQuota')).toBe(3);
  });

  test('16 resources are refused by the service, and the stack rolls back', async () => {
    const sizes = ['xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge', '48xlarge'];
    const types = ['g5', 'g6'].flatMap(family => sizes.map(size => ({ InstanceType: `ml.${family}.${size}`, Count: 1 })));
    expect((await stack().create(wanted({}, types.slice(1)))).status).toBe('CREATE_COMPLETE');
    aws.reset();
    expect(await stack().create(wanted({}, types))).toMatchObject({
      status: 'ROLLBACK_COMPLETE', reason: expect.stringMatching(/^ValidationException: 1 validation error detected: .*less than or equal to 15/),
    });
    expect(all()).toEqual([]);
  });

  test('the longest reasons fit into an answer, and keep their beginning', async () => {
    quotas.failNext('Create', `ü"\\${'🧨'.repeat(1021)}`); // 1024 characters, more than 4096 bytes
    const { reason, status } = await stack().create(wanted());
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(reason).toMatch(/^compute quota "research" \(\w{12}\) is in status CreateFailed: ü"\\🧨/u);
  });

  test('properties that say nothing of sense are refused, and nothing is made of them', async () => {
    expect((await stack().create(wanted({ ComputeQuotaTarget: { TeamName: 'a', FairShareWeight: 'much' } }))).reason)
      .toMatch(/^the property FairShareWeight must be a number/);
    expect((await stack().create({ ...wanted(), ComputeQuotaConfig: 'x' })).reason).toMatch(/^the property ComputeQuotaConfig must be an object/);
    expect((await stack().create(wanted({ Tags: 'x' }))).reason).toMatch(/^the property Tags must be a list/);
    expect(new Set(aws.requests.map(({ operation }) => operation))).toEqual(new Set(['ListComputeQuotas'])); // the rollbacks look for what may have been made
  });

  test('logs and answers have no secret', async () => {
    aws.faults.next('CreateComputeQuota', { kind: 'error', status: 403, code: 'InvalidSignatureException' });
    const cfn = stack();
    const event = cfn.events.create(wanted({ Description: 'hunter2-of-somebody' }));
    await cfn.request(event);
    for (const secret of [...Object.values(LAMBDA_CREDENTIALS), 'hunter2', 'X-Amz-Signature', new URL(event.ResponseURL).pathname]) {
      expect(cfn.log + JSON.stringify(receiver.answers)).not.toContain(secret);
    }
  });
});
