import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { needsOf, type Need } from './authorization';
import { holds, JWT_KEY, matches, Synthesized, type Grant, type SynthesizedFunction } from './role';
import { slurmCluster } from './slurm';
import { PurchaseMode, UpfrontFee } from '../../src';
import * as blocks from '../../src/capacity-blocks';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import { COMPUTE_QUOTA_RESOURCE_TYPE } from '../../src/private/contracts/compute-quota';
import type { NodeOperationRequest, RemediationPolicy, RemediationStepAnswer } from '../../src/private/contracts/node-operations';
import { ACCOUNTING_RESOURCE_TYPE } from '../../src/private/contracts/pcs-accounting';
import { EXTENSION_RESOURCE_TYPE, PURCHASE_RESOURCE_TYPE } from '../../src/private/contracts/training-plan';
import { functionsOf, HANDLERS, type HandlerName, type LookupName } from '../../src/private/handlers/table';
import * as plans from '../../src/training-plans';
import { FakeAws } from '../aws/server';
import { CloudFormation } from '../driver/cloudformation';
import { EventMaker } from '../driver/events';
import { invoke } from '../driver/invoker';
import { boughtPlan, extension, extensionMarket } from '../driver/purchase/extensions';
import { market } from '../driver/purchase/plans';
import { START } from '../driver/purchase/world';
import { ResponseReceiver } from '../driver/receiver';
import { LAMBDA_CREDENTIALS } from '../driver/secrets';
import { definitionOf } from '../states/interpreter';

/*
 * What the handlers call is what their roles allow: nothing is missing, and nothing is there that nobody needs. The constructs
 * synthesize the roles and the requests, the shipped bundles run these requests, and the fake sees what they call.
 */

const PLACE = { account: '111122223333', region: 'us-east-1' };
const CLUSTERS = { pod: 'a1b2c3d4e5f6' };
const POD = `arn:aws:sagemaker:us-east-1:111122223333:cluster/${CLUSTERS.pod}`;
const PLAN = 'llm-2026-q1';
const BLOCK = 'cr-0123456789abcdef0';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const aws = new FakeAws({ secrets: { [LAMBDA_CREDENTIALS.AWS_ACCESS_KEY_ID]: LAMBDA_CREDENTIALS.AWS_SECRET_ACCESS_KEY } });
const receiver = new ResponseReceiver();
let incarnation = 0;

jest.setTimeout(120_000);
beforeAll(async () => {
  if (!existsSync(bundleOf('lookup'))) { throw new Error('no bundle to test: npm run bundle'); }
  await Promise.all([aws.start(), receiver.start()]);
});
afterAll(async () => Promise.all([aws.stop(), receiver.stop()]));
beforeEach(() => {
  aws.reset();
  receiver.reset();
});

const bundleOf = (kind: string) => join(__dirname, '..', '..', 'assets', kind, 'index.js');

/** Something that needs a handler, and what happens to it in its life. */
interface Case {
  readonly bundle: string;
  /** By their logical ids, the functions that run. */
  readonly functions: Readonly<Record<string, RegExp>>;
  build(stack: Stack): void;
  play(run: Play): Promise<void>;
}

/** How a case runs its functions. */
interface Play {
  readonly events: EventMaker;
  readonly synthesized: Synthesized;
  readonly stack: Stack;
  /** Runs a function once. */
  call<T>(name: string, event: object, startAt?: number): Promise<T>;
}

const pod = (scope: Stack, id: string) => hyperpod.Cluster.fromClusterArn(scope, id, POD);
const output = (scope: Stack, id: string, value: string | number) => new CfnOutput(scope, id, { value: String(value) });

/** The bundle of a handler, and its functions by their logical ids. */
function ofTable(name: HandlerName): Pick<Case, 'bundle' | 'functions'> {
  const { id, bundle } = HANDLERS[name];
  return { bundle, functions: Object.fromEntries(functionsOf(name).map(each => [each.entry, new RegExp(`^${id}([0-9a-f]{8})?${each.id}[0-9A-F]{8}$`)])) };
}

/** A case of a look-up: each of its custom resources is created, updated and deleted. */
function lookups(name: LookupName | 'offeringSearch', prepare: () => void, build: (stack: Stack) => void): Case {
  const { bundle, resourceType: type } = HANDLERS[name];
  return {
    ...ofTable(name),
    build,
    play: async ({ synthesized }) => {
      prepare();
      const all = synthesized.customResources(type);
      expect(all.length).toBeGreaterThan(0);
      for (const properties of all) {
        const lambda = { bundle: bundleOf(bundle), sagemakerUrl: aws.url, receiverPort: receiver.port, virtualTime: true, startAt: START };
        const cfn = new CloudFormation(receiver, lambda, { incarnation: ++incarnation, resourceType: type });
        expect((await cfn.create(properties)).reason).toBeUndefined();
        expect(await cfn.update({ ...properties, Refresh: '2' })).toMatchObject({ status: 'UPDATE_COMPLETE' });
        expect(await cfn.delete()).toMatchObject({ status: 'DELETE_COMPLETE' });
      }
    },
  };
}

/** A cluster of Slurm that is there, with its REST API and the key for its tokens. */
function putSlurm(): void {
  const secretVersion = '0f0e0d0c-0b0a-4908-8706-050403020100';
  const endpoints = [{ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port: String(aws.port) }];
  aws.pcs.clusters.push({ ...slurmCluster({ jwtAuth: { jwtKey: { secretArn: JWT_KEY, secretVersion } } }), endpoints });
  aws.slurm.key = Buffer.from('a key for tokens');
  aws.secretsmanager.set(JWT_KEY, secretVersion, aws.slurm.key.toString('base64'));
}

const slurm = (scope: Stack) => pcs.Cluster.fromClusterAttributes(scope, 'Slurm', {
  clusterArn: 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123',
  vpc: ec2.Vpc.fromVpcAttributes(scope, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: ['subnet-1111111111111111a'],
    privateSubnetRouteTableIds: ['rtb-1111111111111111a'],
  }),
  securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-0123456789abcdef0')],
});

const OFFERING = plans.Offering.search({
  instanceType: plans.PlanInstanceType.P5_48XLARGE,
  instanceCount: 4,
  durations: [Duration.days(14)],
  target: plans.TargetResource.HYPERPOD_CLUSTER,
});
const CAP = UpfrontFee.usd('120000.00');

const CASES: Readonly<Record<string, Case>> = {
  'look-ups of training plans': lookups('trainingPlansLookup', () => {
    aws.sagemaker.plans.set(PLAN, { TrainingPlanName: PLAN, Status: 'Active', TargetResources: ['hyperpod-cluster'], TotalInstanceCount: 4 });
  }, stack => {
    output(stack, 'PlanStatus', new plans.TrainingPlanLookup(stack, 'ByName', { trainingPlan: plans.TrainingPlanSelector.byName(PLAN) }).status);
    const trainingPlan = plans.TrainingPlanSelector.byCriteria({ statuses: [plans.TrainingPlanStatus.ACTIVE] });
    output(stack, 'FoundStatus', new plans.TrainingPlanLookup(stack, 'Found', { trainingPlan }).status);
    new plans.TrainingPlanAssertion(stack, 'Usable', { trainingPlan: plans.TrainingPlanSelector.byName(PLAN), guards: [] });
  }),

  'searches of offerings': lookups('offeringSearch', () => {
    aws.sagemaker.trainingPlans.offerings.push(...market());
    aws.sagemaker.plans.set('held', { TrainingPlanName: 'held', Status: 'Active' });
  }, stack => {
    output(stack, 'Offering', new plans.OfferingSearch(stack, 'Search', { offering: OFFERING }).trainingPlanOfferingId);
    new plans.PurchasedTrainingPlan(stack, 'DryRun', { trainingPlanName: 'held', offering: OFFERING, maxUpfrontFee: CAP, adoptExisting: true });
  }),

  'look-ups of Capacity Blocks': lookups('capacityBlocksLookup', () => {
    aws.ec2.blocks.reservations.push({
      id: BLOCK,
      instanceType: 'p5.48xlarge',
      instanceCount: 4,
      zone: 'us-east-1a',
      created: 0,
      start: 0,
      end: START + 86_400_000,
      tags: { 'cdk-hpc-clusters:capacity-block': 'llm' },
    });
  }, stack => {
    const { byCriteria, byPurchaseName, byReservationId } = blocks.CapacityBlockSelector;
    for (const [id, block] of Object.entries({
      BlockById: byReservationId(BLOCK), BlockByName: byPurchaseName('llm'), OnlyBlock: byCriteria({ statuses: [blocks.CapacityBlockStatus.ACTIVE] }),
    })) {
      output(stack, `${id}Status`, new blocks.CapacityBlockLookup(stack, id, { block }).status);
    }
    new blocks.CapacityBlockAssertion(stack, 'BlockUsable', { block: byReservationId(BLOCK), minInstances: 4 });
  }),

  'look-ups of AWS PCS': lookups('pcsLookup', () => {
    aws.pcs.clusters.push(slurmCluster());
  }, stack => {
    output(stack, 'SlurmStatus', new pcs.ClusterLookup(stack, 'Slurm', { clusterIdentifier: 'pcs_abc123' }).status);
    const cluster = pcs.Cluster.fromClusterArn(stack, 'SlurmRef', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123');
    const group = new pcs.ComputeNodeGroupLookup(stack, 'Group', { cluster, computeNodeGroupIdentifier: 'pcs_def456' });
    output(stack, 'GroupStatus', group.status);
    const known = pcs.ComputeNodeGroup.fromComputeNodeGroupArn(
      stack, 'Known', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123/computenodegroup/pcs_def456',
    );
    output(stack, 'Count', new pcs.ComputeNodeGroupInstancesLookup(stack, 'Instances', { computeNodeGroup: known }).count);
  }),

  'look-ups of HyperPod': lookups('hyperpodLookup', () => {
    putPod();
    aws.s3.buckets.add('lists').add('secret-lists');
    aws.sagemaker.quotas.put({ Name: 'research', ClusterArn: POD, ComputeQuotaTarget: { TeamName: 'research' }, ComputeQuotaConfig: {}, Status: 'Created', Tags: [] }, PLACE);
  }, stack => {
    output(stack, 'PodStatus', new hyperpod.ClusterLookup(stack, 'PodLookup', { clusterName: 'pod' }).status);
    const cluster = pod(stack, 'LookupPod');
    const bucket = s3.Bucket.fromBucketName(stack, 'Lists', 'lists');
    const parameter = ssm.StringParameter.fromStringParameterName(stack, 'List', '/lists/nodes');
    for (const [id, to] of Object.entries({
      Plain: undefined,
      Object: hyperpod.ClusterNodesOutput.toObject({ bucket, objectKey: 'nodes.json' }),
      Parameter: hyperpod.ClusterNodesOutput.toParameter({ parameter }),
    })) {
      output(stack, `${id}Count`, new hyperpod.ClusterNodesLookup(stack, `${id}Nodes`, { cluster, output: to }).count);
    }
    const computeQuota = hyperpod.ComputeQuotaSelector.byName({ cluster, computeQuotaName: 'research' });
    output(stack, 'QuotaId', new hyperpod.ComputeQuotaLookup(stack, 'QuotaByName', { computeQuota }).computeQuotaId);
  }),

  'watches of plans': {
    ...ofTable('planWatch'),
    build: stack => {
      new plans.TrainingPlanWatch(stack, 'Watch', { trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, 'Watched', PLAN) });
    },
    play: async ({ call }) => {
      aws.sagemaker.plans.set(PLAN, { TrainingPlanName: PLAN, Status: 'Active' });
      await call('handler', { TrainingPlanName: PLAN });
    },
  },

  'accounts and QOS of Slurm': {
    ...ofTable('pcsAccounting'),
    build: stack => {
      const cluster = slurm(stack);
      const qos = [new pcs.SlurmQos(stack, 'Batch', { cluster, priority: 1 })];
      new pcs.SlurmAccount(stack, 'Research', { cluster, users: pcs.AccountUsers.of('alice'), budget: pcs.GpuBudget.monthly({ gpuHours: 10 }), qos });
    },
    play: async ({ call, events, synthesized }) => {
      putSlurm();
      const [batch, account] = synthesized.customResources(ACCOUNTING_RESOURCE_TYPE);
      const research = { ...account, Account: { ...account.Account, Qos: ['batch'] } }; // what a reference becomes
      const step = async (event: object) => {
        const answer = await call<{ PhysicalResourceId: string; Failure?: string }>('onEvent', event);
        expect(answer.Failure).toBeUndefined();
        expect(await call('isComplete', { ...event, ...answer })).toMatchObject({ IsComplete: true });
        return answer.PhysicalResourceId;
      };
      await step(events.create(batch));
      const id = await step(events.create(research));
      expect(aws.slurm.accounts.map(({ name }) => name)).toEqual(['root', 'research']);
      await step(events.update(id, { ...research, Refresh: '2' }, research));
      await step(events.delete(id, research));
      expect(aws.slurm.accounts.map(({ name }) => name)).toEqual(['root']);
    },
  },

  'watches of accounts of Slurm': {
    ...ofTable('pcsUsageWatch'),
    build: stack => {
      const cluster = slurm(stack);
      new pcs.AccountUsageWatch(stack, 'Usage', { cluster, accounts: [pcs.SlurmAccount.fromAccountName(stack, 'Root', 'root')] });
    },
    play: async ({ call }) => {
      putSlurm();
      await call('handler', { ClusterId: 'pcs_abc123', Accounts: ['root'] });
    },
  },

  'quotas by API': {
    ...ofTable('computeQuota'),
    build: stack => {
      new hyperpod.ComputeQuota(stack, 'Quota', {
        cluster: pod(stack, 'QuotaPod'),
        team: hyperpod.Team.of('research'),
        resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 2 })],
        provisioning: hyperpod.QuotaProvisioning.API,
      });
    },
    play: async ({ call, events, synthesized }) => {
      const [plain] = synthesized.customResources(COMPUTE_QUOTA_RESOURCE_TYPE);
      const tagged = (...keys: string[]) => ({ ...plain, Tags: keys.map(Key => ({ Key, Value: 'x' })) });
      const step = async (event: object) => {
        const answer = await call<{ PhysicalResourceId: string }>('onEvent', event);
        for (let checks = 0; checks < 20; checks++) {
          const { IsComplete } = await call<{ IsComplete: boolean }>('isComplete', { ...event, ...answer });
          if (IsComplete) { return answer.PhysicalResourceId; }
        }
        throw new Error('never complete');
      };
      const id = await step(events.create(tagged('old')));
      await step(events.update(id, { ...tagged('new'), Description: 'changed' }, tagged('old')));
      await step(events.delete(id, tagged('new')));
      const name = plain.Name as string;
      aws.sagemaker.quotas.put({ Name: name, ClusterArn: POD, ComputeQuotaTarget: { TeamName: 'research' }, ComputeQuotaConfig: {}, Status: 'Created', Tags: [] }, PLACE);
      expect(await call('onEvent', events.create(plain))).toHaveProperty('Failure', expect.stringContaining('is taken by')); // by whom?
    },
  },

  'purchases': {
    ...ofTable('purchase'),
    build: stack => {
      new plans.PurchasedTrainingPlan(stack, 'Purchase', {
        trainingPlanName: 'bought', offering: OFFERING, maxUpfrontFee: CAP, mode: PurchaseMode.BUY,
      });
    },
    play: async ({ call, events, synthesized }) => {
      const [plain] = synthesized.customResources(PURCHASE_RESOURCE_TYPE);
      const tagged = (key: string) => ({ ...plain, Tags: { [key]: 'x' } });
      aws.sagemaker.trainingPlans.offerings.push(...market());
      const expected = { status: 'CREATE_IN_PROGRESS', type: PURCHASE_RESOURCE_TYPE };
      const create = events.create(tagged('old'));
      aws.cloudformation.set(create.StackId, create.LogicalResourceId, expected);
      const answer = await call<{ PhysicalResourceId: string }>('onEvent', create, START);
      await call('isComplete', { ...create, ...answer }, START);
      await call('onEvent', events.update(answer.PhysicalResourceId, tagged('new'), tagged('old')), START + 60_000);

      aws.reset(); // the name is taken by something that nobody can see
      aws.sagemaker.trainingPlans.offerings.push(...market());
      aws.cloudformation.set(create.StackId, create.LogicalResourceId, expected);
      aws.sagemaker.trainingPlans.behave({ world: 'C' });
      expect(await call('onEvent', events.create(tagged('old')), START)).toMatchObject({ Failure: expect.stringMatching(/^OUTCOME UNKNOWN/) });
      expect(await call('onEvent', events.create(tagged('old')), START + 30 * 60_000)).toMatchObject({ Failure: expect.stringMatching(/^OUTCOME UNKNOWN/) });
    },
  },

  'extensions': {
    ...ofTable('extension'),
    build: stack => {
      new plans.TrainingPlanExtension(stack, 'Extension', {
        trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, 'Extended', PLAN),
        extendTo: extension().ExtendTo,
        maxUpfrontFee: UpfrontFee.usd('60000.00'),
        mode: PurchaseMode.BUY,
      });
    },
    play: async ({ call, events, synthesized }) => {
      const [properties] = synthesized.customResources(EXTENSION_RESOURCE_TYPE);
      aws.sagemaker.trainingPlans.purchases.push(boughtPlan());
      aws.sagemaker.trainingPlans.extensionOfferings.set(PLAN, extensionMarket());
      const create = events.create(properties);
      aws.cloudformation.set(create.StackId, create.LogicalResourceId, { status: 'CREATE_IN_PROGRESS', type: EXTENSION_RESOURCE_TYPE });
      const answer = await call<{ PhysicalResourceId: string; Failure?: string }>('onExtend', create, START);
      expect(answer.Failure).toBeUndefined();
      await call('isExtended', { ...create, ...answer }, START + 60_000);
    },
  },

  'task states': {
    ...ofTable('nodeOperations'),
    build: stack => {
      const cluster = pod(stack, 'TaskPod');
      const nodes = hyperpod.NodeList.of('i-0123456789abcdef0');
      const chain = sfn.Chain
        .start(hyperpod.ListClusterNodes.jsonPath(stack, 'ListNodes', { cluster, resultPath: '$.a' }))
        .next(hyperpod.DescribeClusterNode.jsonPath(stack, 'DescribeNode', { cluster, node: hyperpod.ClusterNode.ofLogicalId('workers-1'), resultPath: '$.b' }))
        .next(hyperpod.RebootClusterNodes.jsonPath(stack, 'RebootNodes', { cluster, nodeIds: nodes, resultPath: '$.c' }))
        .next(hyperpod.ReplaceClusterNodes.jsonPath(stack, 'ReplaceNodes', { cluster, nodeIds: nodes, resultPath: '$.d' }))
        .next(hyperpod.NodeRepair.reboot(stack, 'Reboot', { cluster, nodes }))
        .next(hyperpod.NodeRepair.replace(stack, 'Replace', { cluster, nodes }));
      new sfn.StateMachine(stack, 'Tasks', { definitionBody: sfn.DefinitionBody.fromChainable(chain) });
    },
    play: async ({ call, stack }) => {
      const [one, two, three, four] = putPod();
      const requests = requestsIn(definitionOf(stack));
      expect(requests.map(({ Operation }) => Operation).sort())
        .toEqual(['DescribeNode', 'ListNodes', 'RebootNodes', 'RepairStep', 'RepairStep', 'ReplaceNodes']);
      const targets = [one, two, three, four];
      for (const request of requests) {
        const { Operation } = request;
        if (Operation === 'RepairStep') {
          await call('handler', { ...request, Nodes: [targets.shift()], Memo: {} });
        } else {
          await call('handler', Operation === 'RebootNodes' || Operation === 'ReplaceNodes' ? { ...request, NodeIds: [targets.shift()] } : request);
        }
      }
    },
  },

  'a remediation': remediation(hyperpod.RemediationMode.REPAIR),
  'a remediation that touches nothing': remediation(hyperpod.RemediationMode.REPORT),
};

function remediation(mode: hyperpod.RemediationMode): Case {
  const id = mode === hyperpod.RemediationMode.REPAIR ? 'Repairing' : 'Watching';
  return {
    bundle: 'node-operations',
    functions: { handler: new RegExp(`^${id}Operations`) },
    build: stack => {
      const limits = { maxNodesAtOnce: 4, maxPercentAtOnce: 100, maxNodesPerDay: 10, maxPercentPerDay: 100 };
      new hyperpod.NodeRemediation(stack, id, { cluster: pod(stack, `${id}Pod`), mode, limits });
    },
    play: async ({ call, stack }) => {
      const [one, two, three, four] = putPod();
      // a claim of a remediation that has gone, so that it is read, checked and taken over
      const claim = `/cdk-hpc-clusters/remediation/${CLUSTERS.pod}`;
      aws.ssm.values.set(`${claim}/1`, JSON.stringify({
        Stack: 'arn:aws:cloudformation:us-east-1:111122223333:stack/Former/1', Resource: 'Remediation', Since: '2026-01-01T00:00:00.000Z',
      }));
      const request = requestsIn(definitionOf(stack)).find(({ Operation }) => Operation === 'RemediationStep')!;
      expect((request as { Policy: RemediationPolicy }).Policy.DryRun).toBe(mode === hyperpod.RemediationMode.REPORT);
      const step = async (execution: string, event: object, memo: object = {}) => call<RemediationStepAnswer>('handler', {
        ...request, Execution: execution, Memo: memo, Event: { id: execution, time: new Date().toISOString(), ...event },
      });
      const unhealthy = (InstanceId: string, reason: string) => ({
        'detail-type': 'SageMaker HyperPod Cluster Node Health Event',
        'detail': { InstanceId, HealthSummary: { HealthStatus: 'Unhealthy', HealthStatusReason: reason, RepairAction: 'None' } },
      });
      await step('claim', unhealthy(four, 'NvidiaErrorReboot'));
      // who takes a claim over acts from the next day on
      const taken = aws.ssm.values.get(`${claim}/2`);
      if (taken !== undefined) { aws.ssm.values.set(`${claim}/2`, JSON.stringify({ ...JSON.parse(taken), Since: '2026-01-02T00:00:00.000Z' })); }
      for (const [execution, event] of [
        ['reboot', unhealthy(one, 'NvidiaErrorReboot')], ['replace', unhealthy(two, 'NvidiaErrorTerminate')],
      ] as const) {
        const first = await step(execution, event);
        if (!first.Done) {
          aws.sagemaker.hyperpod.pass(3600);
          await step(execution, event, first.Memo);
        }
      }
      aws.faults.next('DescribeClusterEvent', { kind: 'error', status: 400, code: 'ResourceNotFound', message: 'gone' });
      await step('event', {
        'detail-type': 'SageMaker HyperPod Cluster Event',
        'detail': { EventDetails: { EventId: '0f3a1c52-7b1e-4a3d-9c55-2f6d1e8b7a90', EventLevel: 'Error', InstanceId: three, Description: 'node is unhealthy', EventDetails: { EventMetadata: null } } },
      });
    },
  };
}

/** What the states of a definition send to the function, at any depth. */
function requestsIn(definition: unknown): NodeOperationRequest[] {
  if (typeof definition !== 'object' || definition === null) { return []; }
  const found = 'Operation' in definition ? [definition as NodeOperationRequest] : [];
  return [...found, ...Object.values(definition).flatMap(requestsIn)];
}

/** Makes the cluster, and says the ids of its instances. */
function putPod(): string[] {
  const cluster = aws.sagemaker.hyperpod.put({
    ClusterName: 'pod',
    ClusterId: CLUSTERS.pod,
    NodeProvisioningMode: 'Continuous',
    NodeRecovery: 'None',
    Orchestrator: { Eks: { ClusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/eks' } },
    InstanceGroups: [{ InstanceGroupName: 'workers', TargetCount: 6 }],
  }, PLACE);
  cluster.nodes.forEach((node, index) => { if (index !== 1) { node.LastSoftwareUpdateTime = node.LaunchTime; } });
  return cluster.nodes.map(({ InstanceId }) => InstanceId!);
}

/** What functions in a VPC are allowed besides. */
const VPC_ACTIONS = /^ec2:((Unassign|Assign)PrivateIpAddresses|(Create|Delete)NetworkInterface|Describe(NetworkInterfaces|Subnets))$/;

/** What roles allow although no call of a handler asks for it, and why. */
const WITHOUT_CALL: readonly (readonly [action: RegExp, pattern: RegExp, why: string])[] = [
  [/^logs:(CreateLogStream|PutLogEvents)$/, /Logs\w+\.Arn$/, 'Lambda writes what the function prints to the log group of the handler'],
  [
    /^sagemaker:CreateTrainingPlan$/, /:reserved-capacity\/\*$/,
    'both actions of a purchase are allowed on both resources: https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-iam-permissions.html',
  ],
  [
    /^sagemaker:CreateReservedCapacity$/, /:training-plan\/bought$/,
    'both actions of a purchase are allowed on both resources: https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-iam-permissions.html',
  ],
  [VPC_ACTIONS, /^\*$/, 'Lambda makes the network interfaces of a function in a VPC'],
  [/^sagemaker:CreateComputeQuota$/, /:compute-quota\/\*$/, 'the quota that is made, beside the cluster that it is of'],
  [
    /^pcs:(GetComputeNodeGroup|ListComputeNodeGroups)$/, /:cluster\/pcs_abc123(\/computenodegroup\/pcs_def456)?$/,
    'AWS does not say whether the cluster of a group, too, is asked about',
  ],
  [/^ssm:GetParametersByPath$/, /\/training-plan\/(bought|llm-2026-q1\/extend)\/\*$/, 'the records under the path that is asked for'],
];

/** Why a pattern has a `*`. */
const WILDCARDS: readonly (readonly [action: RegExp, pattern: RegExp, why: string])[] = [
  [/^sagemaker:(ExtendTrainingPlan|ListComputeQuotas|ListTrainingPlans|SearchTrainingPlanOfferings)$/, /^\*$/, 'SageMaker knows no resource for these'],
  [VPC_ACTIONS, /^\*$/, 'network interfaces have no names beforehand'],
  [/^ec2:Describe(CapacityReservations|Instances)$/, /^\*$/, 'EC2 knows no resource for these'],
  [/^sagemaker:DescribeCluster$/, /:cluster\/\*$/, 'a look-up has the name of a cluster, its ARN has an id that nobody knows yet'],
  [/^sagemaker:DescribeTrainingPlan$/, /:training-plan\/\*$/, 'a look-up by criteria reads what it finds'],
  [/^sagemaker:DescribeComputeQuota$/, /:compute-quota\/\*$/, 'the service makes the ids of quotas'],
  [/^sagemaker:(AddTags|DeleteTags|ListTags|(Create|Update|Delete)ComputeQuota)$/, /:compute-quota\/\*$/, 'the service makes the ids of quotas'],
  [/^sagemaker:(AddTags|CreateReservedCapacity|CreateTrainingPlan)$/, /:reserved-capacity\/\*$/, 'the service makes the ids of reserved capacities'],
  [/^ssm:PutParameter$/, /:parameter\/cdk-hpc-clusters\/remediation\/[a-z0-9]{12}\/\*$/, 'the records of the claim on one cluster'],
  [/^cloudformation:DescribeStackResource$/, /:stack\/\*$/, 'whoever holds the claim on a cluster may be in any stack of the account and Region'],
  [/^ssm:(GetParametersByPath|PutParameter)$/, /:parameter\/cdk-hpc-clusters\/training-plan\/[\w-]+(\/extend)?\/\*$/, 'the records of one plan'],
];

function explained(list: typeof WILDCARDS, { action, pattern }: Grant): (typeof WILDCARDS)[number] | undefined {
  return list.find(([actions, patterns]) => actions.test(action) && patterns.test(pattern));
}

const covers = ({ action, pattern, conditions }: Grant, need: Need) => (
  action === need.action && matches(pattern, need.resource) && holds(conditions, need.context));
const used = new Set<unknown>();

/** Synthesizes a case, runs its functions, and says per function what it needs and what it has. */
async function play(name: string): Promise<{ function: SynthesizedFunction; needs: Need[] }[]> {
  const { bundle, functions, build, play: run } = CASES[name];
  const events = new EventMaker({ incarnation: ++incarnation });
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: PLACE });
  build(stack);
  const synthesized = new Synthesized(stack, events.stackId);
  const found = Object.fromEntries(Object.entries(functions).map(([entry, logicalId]) => {
    const matching = synthesized.functions.filter(each => logicalId.test(each.logicalId));
    expect(matching.map(each => each.entry)).toEqual([entry]);
    return [entry, matching[0]];
  }));
  const needs: Record<string, Need[]> = Object.fromEntries(Object.keys(functions).map(entry => [entry, []]));
  let running = Object.keys(functions)[0];
  aws.onRequest = seen => needs[running].push(...needsOf(seen, CLUSTERS));
  await run({
    events,
    synthesized,
    stack,
    call: async (entry, event, startAt) => {
      running = entry;
      const { succeeded, result, log } = await invoke(event, {
        bundle: bundleOf(bundle),
        exported: entry,
        sagemakerUrl: aws.url,
        receiverPort: receiver.port,
        environment: found[entry].environment,
        timeoutMs: 600_000,
        ...startAt !== undefined && { startAt, virtualTime: true },
      });
      if (!succeeded) { throw new Error(log); }
      return result as never;
    },
  });
  aws.onRequest = undefined;
  return Object.entries(found).map(([entry, synthesizedFunction]) => ({ function: synthesizedFunction, needs: needs[entry] }));
}

describe.each(Object.keys(CASES))('the roles of %s', name => {
  let played: Awaited<ReturnType<typeof play>>;
  beforeEach(async () => { played ??= await play(name); });

  test('allow everything that is called', () => {
    for (const { function: { grants }, needs } of played) {
      expect(needs.length).toBeGreaterThan(0);
      expect(needs.filter(need => !grants.some(grant => covers(grant, need)))).toEqual([]);
    }
  });

  test('allow nothing else', () => {
    for (const { function: { grants }, needs } of played) {
      const unneeded = grants.filter(grant => !needs.some(need => covers(grant, need)));
      const reasons = unneeded.map(grant => explained(WITHOUT_CALL, grant));
      reasons.forEach(reason => used.add(reason));
      expect(unneeded.filter((_, index) => !reasons[index])).toEqual([]);
    }
  });

  test('have no `*` without a reason, and none in an action', () => {
    for (const { function: { grants } } of played) {
      expect(grants.filter(({ action }) => action.includes('*'))).toEqual([]);
      const wild = grants.filter(({ pattern }) => /[*?]/.test(pattern));
      const reasons = wild.map(grant => explained(WILDCARDS, grant));
      reasons.forEach(reason => used.add(reason));
      expect(wild.filter((_, index) => !reasons[index])).toEqual([]);
    }
  });
});

test('every reason is needed', () => {
  expect([...WITHOUT_CALL, ...WILDCARDS].filter(reason => !used.has(reason))).toEqual([]);
});

test('writing into a bucket with a key of its own needs that key, which S3 asks for', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: PLACE });
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Lists', {
    bucketName: 'lists', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY),
  });
  new hyperpod.ClusterNodesLookup(stack, 'Nodes', { cluster: pod(stack, 'Pod'), output: hyperpod.ClusterNodesOutput.toObject({ bucket, objectKey: 'nodes.json' }) });
  const [{ grants }] = new Synthesized(stack, 'stack').functions;
  expect(grants.filter(({ action }) => action.startsWith('kms:'))).toEqual([{ action: 'kms:GenerateDataKey', pattern: KEY }]);
});

test.each([['purchases', 'bought'], ['extensions', `${PLAN}/extend`]])('of %s, no record of the ledger can be overwritten', (name, record) => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: PLACE });
  CASES[name].build(stack);
  const writes = new Synthesized(stack, 'stack').functions.flatMap(({ grants }) => grants).filter(({ action }) => action === 'ssm:PutParameter');
  const resource = `arn:aws:ssm:us-east-1:111122223333:parameter/cdk-hpc-clusters/training-plan/${record}/1`;
  const allowed = (overwrite: string) => writes.some(grant => covers(grant, { action: 'ssm:PutParameter', resource, context: { 'ssm:Overwrite': overwrite } }));
  expect([allowed('false'), allowed('true')]).toEqual([true, false]);
});

/** What the state machine of a remediation does besides: it publishes its notices. */
const PUBLISH: Grant = { action: 'events:PutEvents', pattern: 'arn:aws:events:us-east-1:111122223333:event-bus/default' };

test.each(Object.keys(CASES))('of %s, CDK\'s framework and state machines call the functions behind them, and do nothing else', name => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: PLACE });
  CASES[name].build(stack);
  const synthesized = new Synthesized(stack, 'stack');
  const framework = synthesized.frameworkGrants;
  const ids = [...synthesized.functions, ...framework].map(({ logicalId }) => logicalId);
  for (const { logicalId, grants: all } of framework) {
    const grants = all.filter(({ action, pattern }) => !(/^(Repairing|Watching)/.test(logicalId) && action === PUBLISH.action && pattern === PUBLISH.pattern));
    expect(grants.filter(({ action }) => !/^(lambda:(InvokeFunction|GetFunction)|states:StartExecution)$/.test(action))).toEqual([]);
    expect(grants.filter(({ pattern }) => !ids.some(id => [id, `${id}.Arn`, `${id}.Arn:*`].includes(pattern) && id !== logicalId))).toEqual([]);
    expect(grants.length).toBeGreaterThan(0);
  }
});

test('every function of the library is judged', () => {
  const judged = Object.values(CASES).flatMap(({ functions }) => Object.values(functions));
  for (const { build } of Object.values(CASES)) {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: PLACE });
    build(stack);
    const others = new Synthesized(stack, 'stack').functions.filter(({ logicalId }) => !judged.some(id => id.test(logicalId)));
    expect(others).toEqual([]);
  }
});

test.each(Object.keys(HANDLERS) as HandlerName[])('each function of %s is judged', name => {
  const cases = Object.values(CASES).filter(({ bundle }) => bundle === HANDLERS[name].bundle);
  const judged = cases.flatMap(({ functions }) => Object.keys(functions));
  expect(judged).toEqual(expect.arrayContaining(functionsOf(name).map(({ entry }) => entry)));
});
