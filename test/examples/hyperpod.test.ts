import type { Template } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

const cluster = (template: Template) => Object.values(template.findResources('AWS::SageMaker::Cluster'))[0];

describe('hyperpod-eks', () => {
  let template: Template;
  beforeAll(() => { template = exampleTemplate('hyperpod-eks'); });

  test('four teams get all that the groups have, to the last partition', () => {
    const has: Record<string, number> = {};
    const perGpu: Record<string, Record<string, number>> = {
      'all-3g.40gb': { 'mig-3g.40gb': 2 },
      'mixed-1-1g.10gb-1-2g.20gb-1-4g.40gb': { 'mig-1g.10gb': 1, 'mig-2g.20gb': 1, 'mig-4g.40gb': 1 },
    };
    for (const group of cluster(template).Properties.InstanceGroups.filter((entry: any) => entry.InstanceType === 'ml.p5.48xlarge')) {
      const layout = group.KubernetesConfig?.Labels['nvidia.com/mig.config'];
      for (const [what, count] of Object.entries(layout ? perGpu[layout] : { accelerators: 1 })) {
        has[what] = (has[what] ?? 0) + 8 * group.InstanceCount * count;
      }
    }
    const promised: Record<string, number> = {};
    for (const { Properties } of Object.values(template.findResources('AWS::SageMaker::ComputeQuota'))) {
      for (const { Count, Accelerators, AcceleratorPartition } of Properties.ComputeQuotaConfig.ComputeQuotaResources) {
        const what = AcceleratorPartition?.Type ?? 'accelerators';
        promised[what] = (promised[what] ?? 0) + (AcceleratorPartition?.Count ?? Accelerators ?? 8 * Count);
      }
    }
    template.resourceCountIs('AWS::SageMaker::ComputeQuota', 4);
    expect(promised).toEqual(has);
  });

  test('P5 instances come from training plans, and are tested before they take work', () => {
    const groups = cluster(template).Properties.InstanceGroups.filter((group: any) => group.InstanceType === 'ml.p5.48xlarge');
    expect(groups.map((group: any) => JSON.stringify(group.TrainingPlanArn).replace(/.*training-plan\/|"[\]}]*$/g, ''))).toEqual(
      ['llm-2026-q1', 'llm-2026-q1-shared', 'llm-2026-q1-shared']);
    for (const group of groups) { expect(group.OnStartDeepHealthChecks).toEqual(['InstanceStress', 'InstanceConnectivity']); }
  });

  test('quotas and policy come after the add-on, and the add-on after the nodes', () => {
    const [addonId, addon] = Object.entries(template.findResources('AWS::EKS::Addon'))[0];
    expect(addon.DependsOn).toEqual(Object.keys(template.findResources('AWS::SageMaker::Cluster')));
    for (const type of ['AWS::SageMaker::ComputeQuota', 'AWS::SageMaker::ClusterSchedulerConfig']) {
      for (const resource of Object.values(template.findResources(type))) { expect(resource.DependsOn).toEqual([addonId]); }
    }
  });
});

describe('hyperpod-slurm', () => {
  let template: Template;
  beforeAll(() => { template = exampleTemplate('hyperpod-slurm'); });

  test('controller, login and compute groups, all with their files on Lustre', () => {
    const groups = cluster(template).Properties.InstanceGroups;
    expect(groups.map((group: any) => [group.SlurmConfig.NodeType, ...group.SlurmConfig.PartitionNames ?? []].join(' ')))
      .toEqual(['Controller', 'Login', 'Compute gpu', 'Compute cpu']);
    const [fileSystem] = Object.keys(template.findResources('AWS::FSx::FileSystem'));
    for (const group of groups) {
      expect(group.InstanceStorageConfigs[0].FsxLustreConfig.MountName).toEqual({ 'Fn::GetAtt': [fileSystem, 'LustreMountName'] });
    }
  });

  test('nodes may reach Lustre', () => {
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(rule => rule.Properties);
    expect(rules.filter(rule => JSON.stringify(rule.SourceSecurityGroupId).includes('Pod')).map(rule => rule.FromPort)).toEqual(
      expect.arrayContaining([988, 1018]));
  });
});
