import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { ACCOUNTING_RESOURCE_TYPE } from '../../../src/private/contracts/pcs-accounting';
import { accountingClusterIn, concreteStack } from '../fixture';

/** The properties of the custom resource of a QOS, by its name. */
function entryOf(stack: Stack, name: string): Record<string, any> {
  const [{ Properties: { ServiceToken, ServiceTimeout, ...properties } }] = Object.values(
    Template.fromStack(stack).findResources(ACCOUNTING_RESOURCE_TYPE, { Properties: { Qos: { Name: name } } }),
  );
  return properties;
}

test('a QOS has only what was asked for, and is called like its construct', () => {
  const stack = concreteStack();
  const cluster = accountingClusterIn(stack);
  cluster.addQos('High');
  expect(entryOf(stack, 'high')).toEqual({ Kind: 'Qos', ClusterId: stack.resolve(cluster.clusterId), Qos: { Name: 'high' } });
});

test('a QOS says all of it in the words of its handler', () => {
  const stack = concreteStack();
  const cluster = accountingClusterIn(stack, { slurmSettings: { preemptMode: ['REQUEUE'], custom: { PreemptType: 'preempt/qos' } } });
  const low = cluster.addQos('Low');
  cluster.addQos('High', {
    qosName: 'urgent',
    description: 'demos',
    priority: 1000,
    preempts: [low, pcs.SlurmQos.fromQosName(stack, 'Normal', 'normal')],
    preemptMode: pcs.SlurmQosPreemptMode.CANCEL,
    graceTime: Duration.minutes(2),
    usageFactor: 2.5,
    flags: [pcs.SlurmQosFlag.OVER_PART_QOS, pcs.SlurmQosFlag.of('Relative')],
    limits: {
      grpTres: { 'gres/gpu': 64 },
      grpTresRunMins: { cpu: 60_000 },
      maxWall: Duration.hours(2),
      maxJobsPerUser: 4,
      maxJobsPerAccount: 8,
      maxSubmitJobsPerUser: 40,
      maxSubmitJobsPerAccount: 80,
      maxTresPerUser: { 'gres/gpu': 8 },
      maxTresPerAccount: { 'gres/gpu': 32 },
      minTresPerJob: { 'gres/gpu': 1 },
      custom: { MaxJobsAccruePerUser: '2' },
    },
    removalPolicy: RemovalPolicy.RETAIN,
    waitForJobs: false,
    adoptExisting: false,
  });
  expect(entryOf(stack, 'urgent')).toEqual({
    Kind: 'Qos',
    ClusterId: stack.resolve(cluster.clusterId),
    OnDelete: 'RETAIN',
    ActiveJobs: 'REFUSE',
    Adopt: 'false',
    Qos: {
      Name: 'urgent',
      Description: 'demos',
      Priority: '1000',
      Preempt: [stack.resolve(low.qosName), 'normal'],
      PreemptMode: ['cancel'],
      GraceTime: '120',
      UsageFactor: '2.5',
      Flags: ['OverPartQOS', 'Relative'],
      Limits: {
        GrpTRES: 'gres/gpu=64',
        GrpTRESRunMins: 'cpu=60000',
        MaxWallDurationPerJob: '120',
        MaxJobsPerUser: '4',
        MaxJobsPerAccount: '8',
        MaxSubmitJobsPerUser: '40',
        MaxSubmitJobsPerAccount: '80',
        MaxTRESPerUser: 'gres/gpu=8',
        MaxTRESPerAccount: 'gres/gpu=32',
        MinTRESPerJob: 'gres/gpu=1',
        MaxJobsAccruePerUser: '2',
      },
    },
  });
});

describe('without flags of its own', () => {
  test.each<[string, pcs.SlurmQosOptions, string[] | undefined]>([
    ['no limits', { priority: 1 }, undefined],
    ['a limit: what can never run is refused', { limits: { maxJobsPerUser: 1 } }, ['DenyOnLimit']],
    ['a budget', { budget: pcs.GpuBudget.monthly({ gpuHours: 1 }) }, ['DenyOnLimit']],
    ['a budget that is never filled up', { budget: pcs.GpuBudget.total({ gpuHours: 1 }) }, ['DenyOnLimit', 'NoDecay']],
    ['a limit and no flags, said explicitly', { limits: { maxJobsPerUser: 1 }, flags: [] }, undefined],
  ])('%s', (_what, options, flags) => {
    const stack = concreteStack();
    accountingClusterIn(stack).addQos('High', options);
    expect(entryOf(stack, 'high').Qos.Flags).toEqual(flags);
  });
});

test('a budget that is never filled up needs no period, and leaves usage as it decays', () => {
  const stack = concreteStack();
  accountingClusterIn(stack).addQos('Grant', { budget: pcs.GpuBudget.total({ gpuHours: 20 }) });
  const [cluster] = Object.values(Template.fromStack(stack).findResources('AWS::PCS::Cluster'));
  expect(cluster.Properties.SlurmConfiguration.SlurmCustomSettings).toEqual([
    { ParameterName: 'AccountingStorageTRES', ParameterValue: 'gres/gpu' },
    { ParameterName: 'AccountingStorageEnforce', ParameterValue: 'associations,limits,qos,safe' },
  ]);
});

test('what the deployment changed can be told', () => {
  const stack = concreteStack();
  const qos = accountingClusterIn(stack).addQos('High', { mode: pcs.AccountingMode.PREVIEW });
  new CfnOutput(stack, 'Changes', { value: `${qos.changeCount}: ${qos.changes}` });
  expect(entryOf(stack, 'high').Mode).toBe('PREVIEW');
  expect(JSON.stringify(Template.fromStack(stack).toJSON().Outputs)).toMatch(/ClusterHigh\w+","ChangeCount.*ClusterHigh\w+","Changes/);
});
