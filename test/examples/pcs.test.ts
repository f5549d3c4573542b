import { Match, type Template } from 'aws-cdk-lib/assertions';
import { exampleTemplate } from './example-template';

type Properties = Record<string, any>;

/** The data of the launch template of each node group, by the node group's construct id. */
function launchTemplates(template: Template): Record<string, Properties> {
  const templates = template.findResources('AWS::EC2::LaunchTemplate');
  const groups = template.findResources('AWS::PCS::ComputeNodeGroup');
  return Object.fromEntries(Object.entries(groups).map(([id, { Properties: group }]) => [
    id.replace(/^Slurm(.*)[0-9A-F]{8}$/, '$1'),
    templates[group.CustomLaunchTemplate.TemplateId.Ref].Properties.LaunchTemplateData,
  ]));
}

function cards(data: Properties): [number, number, string][] {
  return data.NetworkInterfaces.map((card: Properties) => [card.NetworkCardIndex, card.DeviceIndex, card.InterfaceType]);
}

describe('gpu-capacity', () => {
  let template: Template;
  let data: Record<string, Properties>;
  beforeAll(() => {
    template = exampleTemplate('gpu-capacity');
    data = launchTemplates(template);
  });

  test.each([['H100', 32], ['H200', 16], ['OnDemand', 32]])('%s has EFA on all of its %d cards, and device index 0 on the first alone', (group, count) => {
    expect(cards(data[group])).toEqual(Array.from({ length: count }, (_, card) => [card, card === 0 ? 0 : 1, 'efa']));
  });

  test.each([
    ['H100', 'cr-0123456789abcdef0', 'p5.48xlarge'],
    ['H200', 'cr-0fedcba9876543210', 'p5en.48xlarge'],
  ])('%s is launched in its capacity block, without a placement group', (group, capacityReservationId, instanceType) => {
    expect(data[group]).toMatchObject({
      InstanceType: instanceType,
      InstanceMarketOptions: { MarketType: 'capacity-block' },
      CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: capacityReservationId } },
    });
    expect(data[group]).not.toHaveProperty('Placement');
  });

  test('the On-Demand group is launched in the targeted reservation and its placement group, with no market type', () => {
    expect(data.OnDemand).toMatchObject({
      CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: 'cr-0aaaabbbbccccdddd' } },
      Placement: { GroupName: { 'Fn::GetAtt': [expect.stringMatching(/^Near/), 'GroupName'] } },
    });
    expect(data.OnDemand).not.toHaveProperty('InstanceMarketOptions');
    expect(data.OnDemand).not.toHaveProperty('InstanceType');
    template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', { PurchaseOption: 'ONDEMAND', ScalingConfiguration: { MinInstanceCount: 0, MaxInstanceCount: 4 } });
  });

  test('every group is in the one private subnet of the zone', () => {
    for (const { Properties: group } of Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'))) {
      expect(group.SubnetIds).toEqual([{ Ref: expect.stringMatching(/^VpcPrivateSubnet1/) }]);
    }
  });
});

describe('hpc-storage', () => {
  let template: Template;
  let data: Record<string, Properties>;
  beforeAll(() => {
    template = exampleTemplate('hpc-storage');
    data = launchTemplates(template);
  });

  test('the HPC group alone has EFA, on two cards, and a placement group', () => {
    expect(cards(data.Hpc)).toEqual([[0, 0, 'efa'], [1, 1, 'efa']]);
    expect(data.Hpc).toHaveProperty('Placement.GroupName');
    for (const group of [data.Login, data.General]) {
      expect(group).not.toHaveProperty('NetworkInterfaces');
      expect(group).not.toHaveProperty('Placement');
    }
  });

  test('all nodes mount the homes and the scratch space at every boot, and open it for all users', () => {
    const script = { OnError: 'CONTINUE', ExecutionPolicy: 'EVERY_BOOT' };
    template.allResourcesProperties('AWS::PCS::ComputeNodeGroup', {
      NodeLifecycleActions: {
        Stages: {
          NodeBootstrapped: [
            Match.objectLike({ ...script, Name: 'mount-home', Arguments: Match.arrayWith(['--efs-id', { Ref: Match.stringLikeRegexp('^Homes') }]) }),
            Match.objectLike({
              ...script,
              Name: 'mount-shared',
              Arguments: Match.arrayWith(['--mount-name', { 'Fn::GetAtt': [Match.stringLikeRegexp('^Scratch'), 'LustreMountName'] }]),
            }),
            Match.objectLike({ ...script, Name: 'mode-shared', Arguments: ['--path', '/shared', '--mode', '1777'] }),
          ],
        },
      },
    });
  });

  test('nodes wait for the way to the homes', () => {
    const targets = Object.keys(template.findResources('AWS::EFS::MountTarget'));
    for (const group of Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'))) {
      expect(group.DependsOn).toEqual(expect.arrayContaining(targets));
    }
  });

  test('two queues, of which one takes the jobs that name none', () => {
    template.hasResourceProperties('AWS::PCS::Queue', { Name: 'hpc', SlurmConfiguration: Match.absent() });
    template.hasResourceProperties('AWS::PCS::Queue', { Name: 'general', SlurmConfiguration: { SlurmCustomSettings: [{ ParameterName: 'Default', ParameterValue: 'YES' }] } });
  });

  test('nobody outside of the VPC gets in', () => {
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(rule => rule.Properties);
    for (const group of Object.values(template.findResources('AWS::EC2::SecurityGroup'))) {
      rules.push(...(group.Properties.SecurityGroupIngress ?? []));
    }
    expect(rules).not.toHaveLength(0);
    for (const rule of rules) {
      expect(rule).not.toHaveProperty('CidrIp');
      expect(rule).toHaveProperty('SourceSecurityGroupId');
    }
  });
});

describe('slurm-teams', () => {
  let template: Template;
  beforeAll(() => { template = exampleTemplate('slurm-teams'); });

  const accounts = () => Object.values(template.findResources('Custom::HpcPcsAccounting')).map(({ Properties: { Account } }) => Account as Properties | undefined)
    .filter((account): account is Properties => account !== undefined);

  test('each team has its users, its part of the lab, and its GPU hours in minutes', () => {
    expect(Object.fromEntries(accounts().map(({ Name, Users, Limits }) => [Name, [Users, Limits.GrpTRESMins]]))).toEqual({
      lab: [undefined, 'gres/gpu=360000'],
      research: [['alice', 'bob'], 'gres/gpu=300000'],
      teaching: [['carol', 'dave'], 'gres/gpu=30000'],
    });
    const [lab] = Object.keys(template.findResources('Custom::HpcPcsAccounting', { Properties: { Account: { Name: 'lab' } } }));
    expect(accounts().filter(({ Name }) => Name !== 'lab').map(({ Parent }) => Parent['Fn::GetAtt'][0])).toEqual([lab, lab]);
  });

  test('the cluster holds jobs to the budgets, month by month, beside what its owner has set', () => {
    const [{ Properties: cluster }] = Object.values(template.findResources('AWS::PCS::Cluster'));
    const settings = cluster.SlurmConfiguration.SlurmCustomSettings as { ParameterName: string; ParameterValue: string }[];
    expect(Object.fromEntries(settings.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]))).toEqual({
      AccountingStorageEnforce: 'associations,limits,qos,safe',
      AccountingStorageTRES: 'gres/gpu',
      PreemptMode: 'REQUEUE',
      PreemptType: 'preempt/qos',
      PriorityDecayHalfLife: '0',
      PriorityUsageResetPeriod: 'MONTHLY',
    });
  });

  test('interactive jobs come first, and are short and small', () => {
    template.hasResourceProperties('Custom::HpcPcsAccounting', {
      Qos: { Name: 'interactive', Priority: '100', Flags: ['DenyOnLimit'], Limits: { MaxWallDurationPerJob: '240', MaxTRESPerUser: 'gres/gpu=2' } },
    });
  });

  test('there are two alarms on each of the three budgets', () => template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'BudgetUsedPercent' }, 6));
});
