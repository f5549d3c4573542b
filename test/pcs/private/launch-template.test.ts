import { App, Duration, Size, Stack, Tags, aws_ec2 as ec2, aws_kms as kms } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { BLOCK, clusterIn, concreteStack, nodes, onePrivateSubnet, types, vpcIn } from '../fixture';

/** The data of the launch template of a node group in one private subnet, and the stack's template. */
function launch(options: Partial<pcs.ComputeNodeGroupOptions>, stack = concreteStack()): { data: Record<string, any>; template: Template } {
  const vpc = vpcIn(stack);
  clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes({ vpcSubnets: onePrivateSubnet(vpc), ...options }));
  const template = Template.fromStack(stack);
  const [[, resource]] = Object.entries(template.findResources('AWS::EC2::LaunchTemplate')).filter(([id]) => id.startsWith('ClusterNodes'));
  return { data: resource.Properties.LaunchTemplateData, template };
}

const managed = (options: pcs.ManagedNodeLaunchOptions) => ({ launch: pcs.NodeLaunch.managed(options) });

/** The cards of a template as [card, device, kind]. */
const cardsOf = (data: Record<string, any>) =>
  (data.NetworkInterfaces ?? []).map((item: any) => [item.NetworkCardIndex, item.DeviceIndex, item.InterfaceType ?? 'plain']);

describe('the template of a Capacity Block', () => {
  const { data } = launch({
    instanceTypes: types('p5.48xlarge'),
    image: pcs.NodeImage.pcsReadyDlami(),
    purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, instanceCount: 4, availabilityZone: 'us-east-1a' }),
    scaling: pcs.Scaling.fixed(4),
  });

  test('holds what the service demands and nothing that it ignores or refuses', () => {
    expect(Object.keys(data).sort()).toEqual([
      'BlockDeviceMappings', 'CapacityReservationSpecification', 'InstanceMarketOptions', 'InstanceType', 'MetadataOptions',
      'NetworkInterfaces',
    ]);
  });

  test('names market, reservation and type', () => {
    expect(data.InstanceMarketOptions).toEqual({ MarketType: 'capacity-block' });
    expect(data.CapacityReservationSpecification).toEqual({ CapacityReservationTarget: { CapacityReservationId: BLOCK } });
    expect(data.InstanceType).toBe('p5.48xlarge');
  });

  test('has security groups on each of its 32 cards', () => {
    expect(data.NetworkInterfaces).toHaveLength(32);
    for (const [index, card] of data.NetworkInterfaces.entries()) {
      expect(card).toEqual({
        NetworkCardIndex: index,
        DeviceIndex: index === 0 ? 0 : 1,
        InterfaceType: 'efa',
        Groups: [{ 'Fn::GetAtt': [expect.stringContaining('SecurityGroup'), 'GroupId'] }],
        DeleteOnTermination: true,
      });
    }
  });

  test('asks for IMDSv2 and an encrypted root volume', () => {
    expect(data.MetadataOptions).toEqual({ HttpEndpoint: 'enabled', HttpTokens: 'required' });
    expect(data.BlockDeviceMappings).toEqual([{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true, DeleteOnTermination: true } }]);
  });
});

test('the template of plain nodes is small', () => {
  const { data } = launch({});
  expect(Object.keys(data).sort()).toEqual(['MetadataOptions', 'SecurityGroupIds']);
});

describe('reservations', () => {
  test.each<[string, pcs.PurchaseOption, object]>([
    [
      'a targeted reservation', pcs.PurchaseOption.targetedReservation({ capacityReservationId: BLOCK }),
      { CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: BLOCK } } },
    ],
    [
      'a group of reservations', pcs.PurchaseOption.reservationGroup({ resourceGroupArn: 'arn:aws:resource-groups:us-east-1:111122223333:group/x' }),
      {
        CapacityReservationSpecification: {
          CapacityReservationTarget: { CapacityReservationResourceGroupArn: 'arn:aws:resource-groups:us-east-1:111122223333:group/x' },
        },
      },
    ],
    [
      'an interruptible reservation', pcs.PurchaseOption.interruptibleReservation({ capacityReservationId: BLOCK }),
      {
        CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: BLOCK } },
        InstanceMarketOptions: { MarketType: 'interruptible-capacity-reservation' },
      },
    ],
    [
      'an option of the future',
      pcs.PurchaseOption.of('NEW', { marketType: 'new', capacityReservationId: 'x', resourceGroupArn: 'y', namesInstanceType: true }),
      {
        CapacityReservationSpecification: {
          CapacityReservationTarget: { CapacityReservationId: 'x', CapacityReservationResourceGroupArn: 'y' },
        },
        InstanceMarketOptions: { MarketType: 'new' },
        InstanceType: 'c7i.xlarge',
      },
    ],
  ])('%s is in the template as the service wants it', (_name, purchaseOption, expected) => {
    const { data } = launch({ purchaseOption });
    const { MetadataOptions, SecurityGroupIds, ...rest } = data;
    expect(rest).toEqual(expected);
  });

  test.each([
    [pcs.PurchaseOption.targetedReservation({ capacityReservationId: BLOCK }), 'ONDEMAND'],
    [pcs.PurchaseOption.reservationGroup({ resourceGroupArn: 'arn:aws:resource-groups:x:y:group/z' }), 'ONDEMAND'],
    [pcs.PurchaseOption.interruptibleReservation({ capacityReservationId: BLOCK }), 'INTERRUPTIBLE_CAPACITY_RESERVATION'],
  ])('the node group names the purchase option (%#)', (purchaseOption, expected) => {
    const { template } = launch({ purchaseOption });
    template.hasResourceProperties('AWS::PCS::ComputeNodeGroup', { PurchaseOption: expected });
  });
});

describe('EFA', () => {
  test.each([
    ['p5.48xlarge', 32], ['p5e.48xlarge', 32], ['p5en.48xlarge', 16], ['p6-b200.48xlarge', 8], ['hpc6a.48xlarge', 1],
    ['hpc6id.32xlarge', 2], ['hpc7a.12xlarge', 2], ['hpc7a.96xlarge', 2], ['hpc8a.96xlarge', 2], ['hpc7g.4xlarge', 1], ['hpc7g.16xlarge', 1],
    ['p4d.24xlarge', 4], ['p4de.24xlarge', 4], ['trn1.32xlarge', 8], ['trn2.48xlarge', 16], ['g6e.48xlarge', 4], ['g6e.24xlarge', 2], ['c8gn.48xlarge', 2],
    ['m6in.32xlarge', 2], ['c5n.18xlarge', 1], ['c7i.48xlarge', 1], ['c7i.metal-48xl', 1], ['u7in-16tb.224xlarge', 2],
  ])('%s has %d cards, all of them EFA', (type, count) => {
    const { data } = launch({ instanceTypes: types(type) });
    expect(cardsOf(data)).toEqual(Array.from({ length: count }, (_, card) => [card, card === 0 ? 0 : 1, 'efa']));
    expect(data).not.toHaveProperty('SecurityGroupIds');
  });

  test('p6-b300.48xlarge has a plain card and 16 EFA ones', () => {
    const { data } = launch({ instanceTypes: types('p6-b300.48xlarge') });
    expect(cardsOf(data)).toEqual(Array.from({ length: 17 }, (_, card) => [card, 0, card === 0 ? 'plain' : 'efa']));
  });

  test('the first cards are those with EFA', () => {
    const cards = (count: number, ...names: string[]) =>
      cardsOf(launch({ instanceTypes: types(...names), ...managed({ efa: pcs.Efa.cards({ count }) }) }).data);
    expect(cards(2, 'p6-b300.48xlarge')).toEqual([[0, 0, 'plain'], [1, 0, 'efa'], [2, 0, 'efa']]);
    expect(cards(16, 'p6-b300.48xlarge')).toHaveLength(17);
    expect(cards(2, 'p5.48xlarge', 'p5en.48xlarge')).toEqual([[0, 0, 'efa'], [1, 1, 'efa']]);
    expect(cards(2, 'p6-b200.48xlarge', 'p6-b300.48xlarge')).toEqual([[0, 0, 'efa'], [1, 1, 'efa']]);
    expect(cards(2, 'p5.48xlarge', 'p9.48xlarge')).toEqual([[0, 0, 'efa'], [1, 1, 'efa']]);
    expect(cards(3, 'hpc7a.96xlarge')).toEqual([[0, 0, 'efa'], [1, 1, 'efa'], [2, 1, 'efa']]);
  });

  test('one card works in a public subnet, too', () => {
    const stack = concreteStack();
    const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC, availabilityZones: ['us-east-1a'] };
    expect(cardsOf(launch({ instanceTypes: types('hpc6a.48xlarge'), vpcSubnets }, stack).data)).toEqual([[0, 0, 'efa']]);
    expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('efa')).length).toBe(0);
  });

  test.each([['g6.xlarge'], ['g6e.4xlarge'], ['c7i.xlarge']])('%s has none unless told', type => {
    expect(cardsOf(launch({ instanceTypes: types(type) }).data)).toEqual([]);
    expect(cardsOf(launch({ instanceTypes: types(type), ...managed({ efa: pcs.Efa.cards({ count: 4 }) }) }).data))
      .toEqual([[0, 0, 'efa'], [1, 1, 'efa'], [2, 1, 'efa'], [3, 1, 'efa']]);
  });

  test('types of one layout have its cards', () => {
    expect(cardsOf(launch({ instanceTypes: types('p5.48xlarge', 'p5e.48xlarge') }).data)).toHaveLength(32);
  });

  test('types of several layouts have none', () => {
    expect(cardsOf(launch({ instanceTypes: types('p5.48xlarge', 'p5en.48xlarge') }).data)).toEqual([]);
  });

  test('can be laid out card by card', () => {
    const { data } = launch(managed({
      efa: pcs.Efa.layout([{ networkCardIndex: 0, efa: false }, { networkCardIndex: 1 }, { networkCardIndex: 2, deviceIndex: 3 }]),
    }));
    expect(cardsOf(data)).toEqual([[0, 0, 'plain'], [1, 1, 'efa'], [2, 3, 'efa']]);
  });

  test('is left out where subnets don\'t allow it', () => {
    expect(cardsOf(launch({ instanceTypes: types('p5.48xlarge'), vpcSubnets: undefined }).data)).toEqual([]);
  });
});

describe('placement', () => {
  const hpc = { instanceTypes: types('hpc7a.96xlarge') };

  test('On-Demand nodes with EFA get a cluster placement group', () => {
    const { data, template } = launch(hpc);
    const [id] = Object.keys(template.findResources('AWS::EC2::PlacementGroup', { Properties: { Strategy: 'cluster' } }));
    expect(data.Placement.GroupName).toEqual({ Ref: id });
  });

  test.each<[string, Partial<pcs.ComputeNodeGroupOptions>]>([
    ['without EFA', {}],
    ['on spot instances', { ...hpc, purchaseOption: pcs.PurchaseOption.spot() }],
    ['in a reservation', { ...hpc, purchaseOption: pcs.PurchaseOption.targetedReservation({ capacityReservationId: BLOCK }) }],
    ['in a group of reservations', {
      ...hpc, purchaseOption: pcs.PurchaseOption.reservationGroup({ resourceGroupArn: 'arn:aws:resource-groups:x:y:group/z' }),
    }],
    ['in a Capacity Block', { ...hpc, purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK }) }],
    ['that want none', { ...hpc, ...managed({ placement: pcs.NodePlacement.none() }) }],
  ])('nodes %s get none', (_name, options) => {
    const { data, template } = launch(options);
    expect(data).not.toHaveProperty('Placement');
    template.resourceCountIs('AWS::EC2::PlacementGroup', 0);
  });

  test('a given placement group is used', () => {
    const stack = concreteStack();
    const placementGroup = ec2.PlacementGroup.fromPlacementGroupName(stack, 'Placement', 'mine');
    const { data } = launch({
      ...hpc,
      purchaseOption: pcs.PurchaseOption.targetedReservation({ capacityReservationId: BLOCK }),
      ...managed({ placement: pcs.NodePlacement.group(placementGroup) }),
    }, stack);
    expect(data.Placement).toEqual({ GroupName: 'mine' });
  });
});

describe('user data', () => {
  /** The text before it is encoded. Parts that are encoded themselves are joined into it at deployment. */
  const decode = (data: Record<string, any>): string => {
    const text = data.UserData['Fn::Base64'];
    return typeof text === 'string' ? text : text['Fn::Join'][1].map((part: any) => part['Fn::Base64'] ?? part).join('');
  };

  test('a script becomes a part that runs after registration', () => {
    const userData = ec2.UserData.forLinux();
    userData.addCommands('echo one');
    const stack = concreteStack();
    const vpc = vpcIn(stack);
    clusterIn(stack, { vpc }).addComputeNodeGroup('Nodes', nodes(managed({ userData })));
    userData.addCommands('echo two');
    const [resource] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate'));
    const text = decode(resource.Properties.LaunchTemplateData);
    expect(text).toMatch(/^Content-Type: multipart\/mixed; boundary=/);
    expect(text).toContain('Content-Type: text/x-shellscript; charset="utf-8"');
    expect(text).toContain('#!/bin/bash\necho one\necho two');
  });

  test('cloud-init configuration becomes a part that runs before registration', () => {
    const text = '#cloud-config\nwrite_files: [{ path: /a, content: "Content-Type: multipart/mixed" }]';
    const { data } = launch(managed({ userData: ec2.UserData.custom(text) }));
    expect(decode(data)).toContain('Content-Type: text/cloud-config; charset="utf-8"');
  });

  test('parts are used as they are', () => {
    const userData = new ec2.MultipartUserData();
    userData.addPart(ec2.MultipartBody.fromRawBody({ contentType: 'text/cloud-config', body: 'packages: [jq]' }));
    const { data } = launch(managed({ userData }));
    expect(decode(data).match(/multipart\/mixed/g)).toHaveLength(1);
    expect(decode(data)).toContain('packages: [jq]');
  });
});

test('the rest of the options', () => {
  const stack = concreteStack();
  const { data } = launch({
    image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0', { rootDeviceName: '/dev/xvda' }),
    ...managed({
      keyPair: ec2.KeyPair.fromKeyPairName(stack, 'Key', 'admin'),
      metadataHopLimit: 2,
      detailedMonitoring: true,
      instanceTags: { project: 'fusion' },
      rootVolume: {
        size: Size.gibibytes(200),
        volumeType: ec2.EbsDeviceVolumeType.GP3,
        iops: 4000,
        throughput: 250,
        encryptionKey: kms.Key.fromKeyArn(stack, 'Kms', 'arn:aws:kms:us-east-1:111122223333:key/abc'),
      },
    }),
  }, stack);
  expect(data).toMatchObject({
    KeyName: 'admin',
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
    Monitoring: { Enabled: true },
    TagSpecifications: [
      { ResourceType: 'instance', Tags: [{ Key: 'project', Value: 'fusion' }] },
      { ResourceType: 'volume', Tags: [{ Key: 'project', Value: 'fusion' }] },
    ],
    BlockDeviceMappings: [{
      DeviceName: '/dev/xvda',
      Ebs: {
        Encrypted: true,
        VolumeSize: 200,
        VolumeType: 'gp3',
        Iops: 4000,
        Throughput: 250,
        KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/abc',
      },
    }],
  });
});

describe('launch details', () => {
  test('a number of cores is told with the one thread that AWS PCS gives a core', () => {
    expect(launch(managed({ coreCount: 2 })).data.CpuOptions).toEqual({ CoreCount: 2, ThreadsPerCore: 1 });
  });

  test.each([[true, 'enabled'], [false, 'disabled']])('tags can be read on the node, or not: %s', (instanceMetadataTags, expected) => {
    expect(launch(managed({ instanceMetadataTags })).data.MetadataOptions.InstanceMetadataTags).toBe(expected);
  });

  test.each([true, false])('the address of a plain node is told at its one interface, which has the security groups: %s', associatePublicIpAddress => {
    const { data } = launch({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, ...managed({ associatePublicIpAddress }) });
    expect(data.NetworkInterfaces).toEqual([{
      DeviceIndex: 0,
      AssociatePublicIpAddress: associatePublicIpAddress,
      Groups: [{ 'Fn::GetAtt': [expect.stringContaining('SecurityGroup'), 'GroupId'] }],
      DeleteOnTermination: true,
    }]);
    expect(data).not.toHaveProperty('SecurityGroupIds');
  });

  test('the address of a node with one EFA card is told at that card', () => {
    const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC, availabilityZones: ['us-east-1a'] };
    const { data } = launch({ instanceTypes: types('hpc6a.48xlarge'), vpcSubnets, ...managed({ associatePublicIpAddress: true }) });
    expect(data.NetworkInterfaces).toEqual([expect.objectContaining({ InterfaceType: 'efa', AssociatePublicIpAddress: true })]);
  });

  test('no card of several is told to have none, which is so by itself', () => {
    const { data } = launch({ instanceTypes: types('p5.48xlarge'), ...managed({ associatePublicIpAddress: false }) });
    expect(data.NetworkInterfaces.filter((card: object) => 'AssociatePublicIpAddress' in card)).toEqual([]);
  });

  test('data volumes stand beside the root volume, encrypted and gone with the node', () => {
    const { data } = launch({
      image: pcs.NodeImage.pcsReadyDlami(),
      ...managed({
        dataVolumes: [
          { deviceName: '/dev/sdf', size: Size.gibibytes(500), volumeType: ec2.EbsDeviceVolumeType.GP3, iops: 6000, throughput: 400 },
          { deviceName: '/dev/sdg', size: Size.tebibytes(1) },
        ],
      }),
    });
    const kept = { Encrypted: true, DeleteOnTermination: true };
    expect(data.BlockDeviceMappings).toEqual([
      { DeviceName: '/dev/sda1', Ebs: kept },
      { DeviceName: '/dev/sdf', Ebs: { ...kept, VolumeSize: 500, VolumeType: 'gp3', Iops: 6000, Throughput: 400 } },
      { DeviceName: '/dev/sdg', Ebs: { ...kept, VolumeSize: 1024 } },
    ]);
  });

  test('data volumes need no image whose root device is known', () => {
    const { data } = launch(managed({ dataVolumes: [{ deviceName: '/dev/sdf', size: Size.gibibytes(8) }] }));
    expect(data.BlockDeviceMappings.map((device: any) => device.DeviceName)).toEqual(['/dev/sdf']);
  });

  test('a key of a data volume that keeps AWS PCS out is told', () => {
    const stack = concreteStack();
    launch(managed({ dataVolumes: [{ deviceName: '/dev/sdf', size: Size.gibibytes(8), encryptionKey: new kms.Key(stack, 'Key') }] }), stack);
    Annotations.fromStack(stack).hasWarning('/Stack/Cluster/Nodes', Match.stringLikeRegexp('pcs.keyPolicy'));
  });
});

describe('tags of instances and volumes', () => {
  const tagsOf = (data: Record<string, any>) => data.TagSpecifications?.map((entry: any) => [
    entry.ResourceType, Object.fromEntries(entry.Tags.map((tag: any) => [tag.Key, tag.Value])),
  ]);
  const tagged = (add: (stack: Stack) => void, options: Partial<pcs.ComputeNodeGroupOptions> = {}) => {
    const stack = concreteStack();
    add(stack);
    return tagsOf(launch(options, stack).data);
  };

  test('are those of the construct tree, of the app and of the group alike', () => {
    const tags = tagged(stack => {
      Tags.of(stack.node.root).add('project', 'fusion');
      Tags.of(stack).add('owner', 'physics');
    });
    expect(tags).toEqual(['instance', 'volume'].map(type => [type, { owner: 'physics', project: 'fusion' }]));
  });

  test('of the launch options hold where the tree has the same key', () => {
    const tags = tagged(stack => Tags.of(stack).add('project', 'fusion'), managed({ instanceTags: { project: 'fission', Name: 'login' } }));
    expect(tags).toEqual(['instance', 'volume'].map(type => [type, { project: 'fission', Name: 'login' }]));
  });

  test('leave out what is kept from launch templates', () => {
    const excludeResourceTypes = ['AWS::EC2::LaunchTemplate'];
    expect(tagged(stack => Tags.of(stack).add('commit', 'f11cb66', { excludeResourceTypes }))).toBeUndefined();
  });

  test('are those of aws-cdk-lib\'s own launch template', () => {
    const stack = concreteStack();
    Tags.of(stack).add('project', 'fusion');
    Tags.of(stack).add('owner', 'physics');
    new ec2.LaunchTemplate(stack, 'Theirs');
    const { data, template } = launch({}, stack);
    const [theirs] = Object.values(template.findResources('AWS::EC2::LaunchTemplate')).map(({ Properties }) => Properties.LaunchTemplateData)
      .filter(other => JSON.stringify(other) !== JSON.stringify(data)).map(tagsOf);
    expect(theirs.map(([type, { Name: _, ...tags }]: any) => [type, tags])).toEqual(tagsOf(data));
  });
});

test('two synths of one program are equal byte by byte', () => {
  const synth = () => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'us-east-1' } });
    const vpc = vpcIn(stack);
    const cluster = clusterIn(stack, { vpc, scaleDownIdleTime: Duration.minutes(5) });
    const group = cluster.addComputeNodeGroup('Nodes', nodes({
      instanceTypes: types('p5.48xlarge'),
      vpcSubnets: onePrivateSubnet(vpc),
      ...managed({ userData: ec2.UserData.forLinux() }),
      lifecycleActions: { nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(`${__dirname}/../scripts/hello.sh`) }] },
    }));
    cluster.addQueue('Queue', { computeNodeGroups: [group] });
    return JSON.stringify(Template.fromStack(stack).toJSON());
  };
  expect(synth()).toBe(synth());
});
