import { readFileSync } from 'fs';
import { join } from 'path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

const FILES = ['typescript/research-group/app.ts', 'python/research-group/app.py'];

describe.each(FILES)('%s', file => {
  const text = readFileSync(join(__dirname, '..', '..', 'examples', file), 'utf8');

  test('is under 60 lines, none of them overlong', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(60);
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(160);
  });

  test('has no script, policy or rule that is written by hand', () => {
    expect(text).not.toMatch(/PolicyStatement|PolicyDocument|\biam\b|add_?to_?\w*policy|#!|ScriptSource|lifecycle_?actions|user_?data|allow_?\w*from|SecurityGroup|security_group/i);
  });
});

describe('research-group', () => {
  let template: Template;
  let groups: Record<string, any>;
  beforeAll(() => {
    template = exampleTemplate('research-group');
    groups = Object.fromEntries(Object.entries(template.findResources('AWS::PCS::ComputeNodeGroup')).map(([id, group]) => [id.slice('Slurm'.length, -8), group]));
  });

  test('has login, spot and GPU nodes, of which the last are in the block', () => {
    const bought = Object.entries(groups).map(([id, { Properties: group }]) => [id, [group.PurchaseOption, group.ScalingConfiguration]]);
    expect(Object.fromEntries(bought)).toEqual({
      Login: ['ONDEMAND', { MinInstanceCount: 1, MaxInstanceCount: 1 }],
      Spot: ['SPOT', { MinInstanceCount: 0, MaxInstanceCount: 16 }],
      Gpus: ['CAPACITY_BLOCK', { MinInstanceCount: 2, MaxInstanceCount: 2 }],
    });
  });

  test('mounts homes and scratch, where people may write, on all of them, once these are there', () => {
    const targets = Object.keys(template.findResources('AWS::EFS::MountTarget'));
    for (const { Properties, DependsOn } of Object.values(groups)) {
      const scripts: any[] = Properties.NodeLifecycleActions.Stages.NodeBootstrapped;
      expect(scripts.map(script => script.Name)).toEqual(['mount-home', 'mount-scratch', 'mode-scratch']);
      expect(scripts[2].Arguments).toEqual(['--path', '/scratch', '--mode', '1777']);
      expect(DependsOn).toEqual(expect.arrayContaining(targets));
    }
  });

  test('keeps jobs off the login nodes', () => {
    const ofQueues = JSON.stringify(template.findResources('AWS::PCS::Queue'));
    expect(ofQueues).toContain('SlurmGpus');
    expect(ofQueues).not.toContain('SlurmLogin');
  });

  test('tags cluster, groups, instances and volumes with what the budget counts', () => {
    template.hasResourceProperties('AWS::Budgets::Budget', { Budget: { CostFilters: { TagKeyValue: ['user:project$weather'] } } });
    template.allResourcesProperties('AWS::PCS::Cluster', { Tags: { project: 'weather' } });
    template.allResourcesProperties('AWS::PCS::ComputeNodeGroup', { Tags: { project: 'weather' } });
    const tags = [{ Key: 'project', Value: 'weather' }];
    template.allResourcesProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { TagSpecifications: ['instance', 'volume'].map(ResourceType => ({ ResourceType, Tags: tags })) },
    });
    for (const type of ['AWS::EFS::FileSystem', 'AWS::FSx::FileSystem']) {
      expect(JSON.stringify(template.findResources(type))).toContain('{"Key":"project","Value":"weather"}');
    }
  });

  test('delivers a log, and alarms', () => {
    template.hasResourceProperties('AWS::Logs::DeliverySource', { LogType: 'PCS_SCHEDULER_LOGS' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IdleCapacity', Namespace: 'AWS/PCS' });
  });

  test('lets nobody in from outside', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))) { expect(Properties).not.toHaveProperty('CidrIp'); }
    template.allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });
});
