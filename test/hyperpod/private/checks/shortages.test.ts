import { App, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  Cluster, ComputeQuota, InstanceType, PartitionLayout, PartitionProfile, QuotaResource, ResourceSharing, Team,
  type ClusterInstanceGroupAttributes,
} from '../../../../src/hyperpod';

const { P5_48XLARGE, P5EN_48XLARGE, M5_LARGE } = InstanceType;
const { MIG_1G_10GB, MIG_2G_20GB, MIG_4G_40GB } = PartitionProfile;

/** Four teams on P5 and P5en: whole instances, accelerators and three profiles. */
function share(developmentSlices: number): Stack {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  const cluster = Cluster.fromClusterAttributes(stack, 'Pod', {
    clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6',
    instanceGroups: [
      { instanceType: P5EN_48XLARGE, instanceCount: 6 },
      { instanceType: P5_48XLARGE, instanceCount: 2 },
      {
        instanceType: P5_48XLARGE,
        instanceCount: 2,
        partitions: PartitionLayout.mixed([
          { profile: MIG_1G_10GB, count: 1 }, { profile: MIG_2G_20GB, count: 1 }, { profile: MIG_4G_40GB, count: 1 },
        ]),
      },
    ],
  });
  const teams: Record<string, QuotaResource[]> = {
    pretraining: [QuotaResource.instances({ instanceType: P5EN_48XLARGE, count: 4 })],
    research: [
      QuotaResource.instances({ instanceType: P5EN_48XLARGE, count: 2 }),
      QuotaResource.accelerators({ instanceType: P5_48XLARGE, count: 10 }),
    ],
    serving: [
      QuotaResource.accelerators({ instanceType: P5_48XLARGE, count: 6 }),
      QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_4G_40GB, count: 16 }),
    ],
    development: [
      QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_1G_10GB, count: developmentSlices }),
      QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_2G_20GB, count: 16 }),
    ],
  };
  for (const [name, resources] of Object.entries(teams)) {
    new ComputeQuota(stack, name, { cluster, team: Team.of(name), resources, sharing: ResourceSharing.lendAndBorrow() });
  }
  return stack;
}

test('four teams that take all that the cluster has', () => {
  Template.fromStack(share(16)).resourceCountIs('AWS::SageMaker::ComputeQuota', 4);
});

test('four teams that take one partition more', () => {
  let message = '';
  try { Template.fromStack(share(17)); } catch (error) { message = (error as Error).message; }
  expect(message).toContain('[hyperpod.quotasAboveCapacity] `resources`');
  expect(message).toContain('"instanceType":"ml.p5.48xlarge","resource":"mig-1g.10gb","promised":17,"capacity":16,"quotas":["Stack/research",');
  expect(message.match(/quotasAboveCapacity/g)).toHaveLength(1);
});

/** What there is too little of for one quota. */
function shortages(instanceGroups: ClusterInstanceGroupAttributes[], resources: QuotaResource[]): object[] {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack');
  const clusterArn = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
  const cluster = Cluster.fromClusterAttributes(stack, 'Pod', { clusterArn, instanceGroups });
  new ComputeQuota(stack, 'Quota', { cluster, team: Team.of('research'), resources });
  let message = '';
  try { Template.fromStack(stack); } catch (error) { message = (error as Error).message; }
  return [...message.matchAll(/got: (\{.*?\}); /g)].map(([, json]) => JSON.parse(json) as object);
}

describe('one shortage is told, though it brings others:', () => {
  const p5 = { instanceType: P5_48XLARGE, instanceCount: 1 };
  const divided = { ...p5, partitions: PartitionLayout.uniform(MIG_2G_20GB) };
  const m5 = { instanceType: M5_LARGE, instanceCount: 1 };
  test.each<[string, number, number, ClusterInstanceGroupAttributes, QuotaResource]>([
    ['instances', 2, 1, p5, QuotaResource.instances({ instanceType: P5_48XLARGE, count: 2 })],
    ['instances', 3, 1, m5, QuotaResource.instances({ instanceType: M5_LARGE, count: 3 })],
    ['accelerators', 9, 8, p5, QuotaResource.accelerators({ instanceType: P5_48XLARGE, count: 9 })],
    ['mig-2g.20gb', 25, 24, divided, QuotaResource.partitions({ instanceType: P5_48XLARGE, profile: MIG_2G_20GB, count: 25 })],
    ['vcpus', 2.5, 2, m5, QuotaResource.compute({ instanceType: M5_LARGE, vcpus: 2.5 })],
    ['memoryGib', 9, 8, m5, QuotaResource.compute({ instanceType: M5_LARGE, memory: Size.gibibytes(9) })],
  ])('%s, %d of %d', (resource, promised, capacity, group, demand) => {
    const { instanceType: { value: instanceType } } = group;
    expect(shortages([group], [demand])).toEqual([{ instanceType, resource, promised, capacity, quotas: ['Stack/Quota'] }]);
  });
});
