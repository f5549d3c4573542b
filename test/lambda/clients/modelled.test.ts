import { Service, json } from './service';
import { computeQuotaService } from '../../../lambda/clients/compute-quotas';
import { nodeService } from '../../../lambda/clients/hyperpod-nodes';
import { hyperPodReader } from '../../../lambda/clients/hyperpod-reader';
import { pcsReader } from '../../../lambda/clients/pcs-reader';
import { parameterRecords } from '../../../lambda/clients/records';
import { stateTable } from '../../../lambda/clients/state-table';
import { trainingPlanReader } from '../../../lambda/clients/training-plan-reader';
import { planBuyer, planReader } from '../../../lambda/clients/training-plans';

/* What a service answers against its own model doesn't reach a handler. */

const service = new Service();
const never = new AbortController().signal;

beforeEach(async () => service.start());
afterEach(async () => service.stop());

/** What a read of an answer returns, without what the SDK says of the call. */
async function read(answer: object, ask: () => Promise<object | string | undefined>): Promise<unknown> {
  service.answers = [json(answer)];
  const result = await ask();
  return typeof result === 'object' && '$metadata' in result ? { ...result, $metadata: undefined } : result;
}

const ODD = { hidden: 'secret' };

test.each<[string, object, () => Promise<object | string | undefined>, unknown]>([
  ['null', { UpfrontFee: null, Status: 'Active', EndTime: null }, async () => planReader().describe('p'), { Status: 'Active' }],
  ['an object for a text', { UpfrontFee: ODD, Status: 'Active' }, async () => planReader().describe('p'), { Status: 'Active' }],
  ['a text for a number', { TotalInstanceCount: 'some', AvailableInstanceCount: 4 }, async () => trainingPlanReader().describeTrainingPlan('p', never), { AvailableInstanceCount: 4 }],
  ['a number for a text', { Status: 5, TrainingPlanName: 'p' }, async () => trainingPlanReader().describeTrainingPlan('p', never), { TrainingPlanName: 'p' }],
  ['null in a list of texts', { TargetResources: ['a', null, ODD] }, async () => trainingPlanReader().describeTrainingPlan('p', never), { TargetResources: ['a'] }],
  ['null in a list of objects', { InstanceGroups: [null, 'x', { InstanceGroupName: 'workers', CurrentCount: null }] }, async () => hyperPodReader().describeCluster('pod', never), { InstanceGroups: [{ InstanceGroupName: 'workers' }] }],
  ['a text for a list', { TargetResources: 'a', Status: 'Active' }, async () => trainingPlanReader().describeTrainingPlan('p', never), { Status: 'Active' }],
  ['a text for an object', { VpcConfig: 'a', ClusterName: 'pod' }, async () => hyperPodReader().describeCluster('pod', never), { ClusterName: 'pod' }],
  ['an object within objects', { ComputeQuotaConfig: { ComputeQuotaResources: [{ InstanceType: ODD, Count: 2 }] } }, async () => computeQuotaService().describe('i', never), { ComputeQuotaConfig: { ComputeQuotaResources: [{ Count: 2 }] } }],
  ['details of a node that are none', { NodeDetails: { InstanceId: ODD, NodeLogicalId: 'w-1' } }, async () => nodeService().describeNode('pod', { NodeId: 'i-1' }, never), { NodeLogicalId: 'w-1' }],
  ['a client of our own', { cluster: { name: ODD, id: 'pcs_1', errorInfo: [null, { code: 'X', message: null }] } }, async () => pcsReader().getCluster('c', never), { id: 'pcs_1', errorInfo: [{ code: 'X' }] }],
  ['an id of what was bought', { TrainingPlanArn: ODD }, async () => planBuyer().create({ TrainingPlanName: 'p', TrainingPlanOfferingId: 'o', Tags: [] }), ''],
])('%s is absent', async (_what, answer, ask, expected) => {
  expect(await read(answer, ask)).toEqual(expected);
});

test('a token that is none ends the pages, and is not sent', async () => {
  expect(await read({ TrainingPlanSummaries: [{ TrainingPlanName: 'p' }], NextToken: ODD }, async () => trainingPlanReader().listTrainingPlans(never))).toEqual([{ TrainingPlanName: 'p' }]);
  expect(await read({ TrainingPlanSummaries: [], NextToken: ODD }, async () => planReader().list())).toEqual([]);
  expect(service.seen).toHaveLength(2);
});

test('what the model promises stays: times, maps and unions', async () => {
  expect(await read({ EndTime: 1_796_124_600 }, async () => planReader().describe('p'))).toEqual({ EndTime: new Date(1_796_124_600_000) });
  expect(await read({ Item: { id: { S: 'x' }, version: { N: '3' }, json: { S: '{}' } } }, async () => stateTable('t').read('x'))).toEqual({ version: 3, json: '{}' });
  expect(await read({ Parameters: [{ Name: '/a', Value: 'v' }, null] }, async () => Object.fromEntries(await parameterRecords().readAll('/')))).toEqual({ '/a': 'v' });
});
