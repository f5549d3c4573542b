import { App, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { BLOCK, clusterIn, concreteStack, nodes, types, vpcIn } from './fixture';
import { CapacityBlock, CapacityBlockLookup, CapacityBlockSelector, type ICapacityBlockRef } from '../../src/capacity-blocks';
import * as pcs from '../../src/pcs';

const BY_ID = CapacityBlockSelector.byReservationId(BLOCK);
const ENV = { account: '111122223333', region: 'us-east-1' };

let stack: Stack;
let vpc: ec2.IVpc;
beforeEach(() => {
  stack = concreteStack();
  vpc = vpcIn(stack);
});

/** A node group in a block, and the launch template that it has. */
function inBlock(block: ICapacityBlockRef, options: Partial<pcs.ComputeNodeGroupOptions> = {}, of = stack) {
  clusterIn(of, { vpc }).addComputeNodeGroup('Gpu', nodes({
    instanceTypes: types('p5.48xlarge'), purchaseOption: pcs.PurchaseOption.inCapacityBlock(block), ...options,
  }));
  const template = Template.fromStack(of);
  const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
  const [launch] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
  return { template, group, launch: launch?.Properties.LaunchTemplateData };
}

const attribute = (name: string) => ({ 'Fn::GetAtt': [expect.stringMatching(/^Block/), name] });

test('in an imported block is rendered as by its id, size and zone', () => {
  const known = { capacityReservationId: BLOCK, instanceType: new ec2.InstanceType('p5.48xlarge'), instanceCount: 4, availabilityZone: 'us-east-1b' };
  const { template } = inBlock(CapacityBlock.fromCapacityBlockAttributes(stack, 'Block', known));
  stack = concreteStack();
  vpc = vpcIn(stack);
  const byStruct = pcs.PurchaseOption.capacityBlock({ capacityReservationId: BLOCK, instanceCount: 4, availabilityZone: 'us-east-1b' });
  const other = inBlock(CapacityBlock.fromCapacityReservationId(stack, 'Unused', BLOCK), { purchaseOption: byStruct });
  expect(template.toJSON()).toEqual(other.template.toJSON());
  expect(other.group.Properties.SubnetIds).toEqual(['subnet-1111111111111111b']);
});

test('in a block that is looked up has its reservation and its subnet, and waits for it', () => {
  const { group, launch } = inBlock(new CapacityBlockLookup(stack, 'Block', { block: BY_ID, vpc }));
  expect(launch).toMatchObject({
    InstanceMarketOptions: { MarketType: 'capacity-block' },
    CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: attribute('CapacityReservationId') } },
    InstanceType: 'p5.48xlarge',
  });
  expect(group.Properties).toMatchObject({ PurchaseOption: 'CAPACITY_BLOCK', SubnetIds: [attribute('SubnetId')] });
  expect(group.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^Block[0-9A-F]{8}$/)]));
  expect(launch.NetworkInterfaces).toHaveLength(32); // one subnet: EFA on all cards
});

test('waits for a look-up also with a launch template of others', () => {
  const launchTemplate = ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Theirs', { launchTemplateId: 'lt-0123456789abcdef0', versionNumber: '1' });
  const { group } = inBlock(new CapacityBlockLookup(stack, 'Block', { block: BY_ID }), {
    launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate),
  });
  expect(group.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^Block[0-9A-F]{8}$/)]));
});

test('uses the subnets that are asked for rather than that of the block', () => {
  const { group, template } = inBlock(new CapacityBlockLookup(stack, 'Block', { block: BY_ID, vpc }), {
    vpcSubnets: { subnets: [vpc.privateSubnets[0]] },
  });
  expect(group.Properties.SubnetIds).toEqual(['subnet-1111111111111111a']);
  expect(Object.values(template.findResources('Custom::HpcCapacityBlocksLookup'))[0].Properties.Fields).toBe('CapacityReservationId,SubnetId');
});

test('uses the subnets as selected where a look-up has none', () => {
  const { group } = inBlock(new CapacityBlockLookup(stack, 'Block', { block: BY_ID }), { launch: pcs.NodeLaunch.managed({ efa: pcs.Efa.none() }) });
  expect(group.Properties.SubnetIds).toEqual(['subnet-1111111111111111a', 'subnet-1111111111111111b']);
});

test('keeps the routes of a VPC of the app before its nodes', () => {
  vpc = new ec2.Vpc(stack, 'Network', { maxAzs: 2 });
  const { group } = inBlock(new CapacityBlockLookup(stack, 'Block', { block: BY_ID, vpc }));
  expect(group.Properties.SubnetIds).toEqual([attribute('SubnetId')]);
  expect(group.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/PrivateSubnet1DefaultRoute/), expect.stringMatching(/PrivateSubnet2DefaultRoute/)]));
});

test('is in a block of another stack by its exports', () => {
  const app = new App({ analyticsReporting: false });
  const [capacity, other] = ['Capacity', 'Slurm'].map(id => new Stack(app, id, { env: ENV }));
  vpc = vpcIn(other);
  const block = new CapacityBlockLookup(capacity, 'Block', { block: BY_ID, subnets: [ec2.Subnet.fromSubnetAttributes(capacity, 'Subnet', { subnetId: 'subnet-1', availabilityZone: 'us-east-1a' })] });
  const { group } = inBlock(block, {}, other);
  expect(group.Properties.SubnetIds).toEqual([{ 'Fn::ImportValue': expect.stringMatching(/^Capacity:ExportsOutputFnGetAttBlock\w+SubnetId/) }]);
  Template.fromStack(capacity).hasResourceProperties('Custom::HpcCapacityBlocksLookup', { Fields: 'CapacityReservationId,SubnetId' });
  expect(other.dependencies).toContain(capacity);
});

test('takes whatever has the reservation of a block', () => {
  class Theirs extends Stack implements ICapacityBlockRef {
    public readonly capacityBlockRef = { capacityReservationId: Fn.importValue('block'), subnetId: 'subnet-1111111111111111b' };
  }
  const { group, launch } = inBlock(new Theirs(stack, 'Theirs', { env: ENV }));
  expect(launch.CapacityReservationSpecification).toEqual({ CapacityReservationTarget: { CapacityReservationId: { 'Fn::ImportValue': 'block' } } });
  expect(group.Properties.SubnetIds).toEqual(['subnet-1111111111111111b']);
});

test('a launch template that names another reservation is refused', () => {
  const launchTemplate = new ec2.CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: {
      instanceMarketOptions: { marketType: 'capacity-block' },
      capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: 'cr-0fedcba9876543210' } },
      instanceType: 'p5.48xlarge',
    },
  });
  const block = CapacityBlock.fromCapacityReservationId(stack, 'Block', BLOCK);
  expect(() => inBlock(block, { launch: pcs.NodeLaunch.fromLaunchTemplate(launchTemplate) })).toThrow('[pcs.templateReservation]');
});
