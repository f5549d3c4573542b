import { execFileSync } from 'child_process';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import { Cluster, ClusterSchedulerConfig, ComputeQuota, InstanceType, PartitionProfile, QuotaResource, ResourceSharing, Team } from '../../../../src/hyperpod';
import { CfnCluster } from '../../../../src/hyperpod/private/rendering/cfn-cluster';

/**
 * The two types that the oldest supported aws-cdk-lib lacks are rendered without their classes. What we render is what the
 * classes of the newest aws-cdk-lib render.
 */
const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

/** What a construct of ours adds to a template, without its logical id. */
function renderOurs(make: (stack: Stack) => IConstruct): unknown {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack');
  make(stack);
  Tags.of(stack).add('b', '2');
  Tags.of(stack).add('a', '1');
  return Object.values(Template.fromStack(stack).toJSON().Resources)[0];
}

/** The same of a class of the newest aws-cdk-lib, in a process of its own: two versions don't get along in one. */
function renderNewest(className: string, props: object): unknown {
  const program = `
    const { App, Stack, Tags } = require('cdk-newest');
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Stack');
    new (require('cdk-newest/aws-sagemaker').${className})(stack, 'Resource', ${JSON.stringify(props)});
    Tags.of(stack).add('b', '2');
    Tags.of(stack).add('a', '1');
    process.stdout.write(JSON.stringify(Object.values(app.synth().getStackByName('Stack').template.Resources)[0]));
  `;
  return JSON.parse(execFileSync(process.execPath, ['-e', program], { cwd: __dirname, encoding: 'utf8', env: process.env }));
}

test('AWS::SageMaker::ComputeQuota', () => {
  const limit = { instanceType: InstanceType.P5_48XLARGE, count: 8 };
  expect(renderOurs(stack => new ComputeQuota(stack, 'Quota', {
    cluster: Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN),
    computeQuotaName: 'research',
    team: Team.of('research'),
    fairShareWeight: 40,
    enabled: false,
    resources: [
      QuotaResource.instances({ instanceType: InstanceType.P5EN_48XLARGE, count: 1 }),
      QuotaResource.accelerators({ instanceType: InstanceType.P5_48XLARGE, count: 4, vcpus: 0.5 }),
      QuotaResource.partitions({ instanceType: InstanceType.P5_48XLARGE, profile: PartitionProfile.MIG_3G_40GB, count: 2 }),
    ],
    sharing: ResourceSharing.lendAndBorrow({ maxBorrowPercent: 100, absoluteBorrowLimits: [QuotaResource.accelerators(limit)] }),
  }))).toEqual(renderNewest('CfnComputeQuota', {
    clusterArn: CLUSTER_ARN,
    name: 'research',
    computeQuotaTarget: { teamName: 'research', fairShareWeight: 40 },
    activationState: 'Disabled',
    computeQuotaConfig: {
      computeQuotaResources: [
        { instanceType: 'ml.p5en.48xlarge', count: 1 },
        { instanceType: 'ml.p5.48xlarge', accelerators: 4, vCpu: 0.5 },
        { instanceType: 'ml.p5.48xlarge', acceleratorPartition: { type: 'mig-3g.40gb', count: 2 } },
      ],
      resourceSharingConfig: {
        strategy: 'LendAndBorrow', borrowLimit: 100, absoluteBorrowLimits: [{ instanceType: 'ml.p5.48xlarge', accelerators: 8 }],
      },
    },
  }));
});

test('AWS::SageMaker::ClusterSchedulerConfig', () => {
  expect(renderOurs(stack => new ClusterSchedulerConfig(stack, 'Policy', {
    cluster: Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN),
    clusterSchedulerConfigName: 'policy',
    description: 'who goes first',
    priorityClasses: [{ name: 'training', weight: 70 }],
    fairShare: true,
    idleResourceSharing: false,
  }))).toEqual(renderNewest('CfnClusterSchedulerConfig', {
    clusterArn: CLUSTER_ARN,
    name: 'policy',
    description: 'who goes first',
    schedulerConfig: { priorityClasses: [{ name: 'training', weight: 70 }], fairShare: 'Enabled', idleResourceSharing: 'Disabled' },
  }));
});

test('AWS::SageMaker::Cluster, with what its class lacked at first', () => {
  const deploymentConfig = {
    rollingUpdatePolicy: { maximumBatchSize: { type: 'INSTANCE_COUNT', value: 1 } },
    autoRollbackConfiguration: [{ alarmName: 'loss' }],
  };
  const group = { instanceCount: 1, executionRole: 'arn:aws:iam::111122223333:role/pod', instanceType: 'ml.p5.48xlarge' };
  // The type of the class that this is compiled with may lack some of it.
  const props: any = {
    orchestrator: { slurm: { accountingDatabase: { endpoint: 'db.internal', port: 3306, name: 'acct', secretArn: 'arn:secret' } } },
    instanceGroups: [
      { ...group, instanceGroupName: 'plain', capacityRequirements: { spot: {} } },
      {
        ...group,
        instanceGroupName: 'patched',
        imageReleaseVersion: '1.2.3',
        autoPatchConfig: { patchingStrategy: 'WhenIdle', patchSchedule: { nextPatchDate: '2027-01-01T00:00:00Z' }, deploymentConfig },
      },
    ],
  };
  expect(renderOurs(stack => new CfnCluster(stack, 'Resource', props))).toEqual(renderNewest('CfnCluster', props));
});
