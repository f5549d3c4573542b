import { App, Stack, aws_ec2 as ec2, type StackProps } from 'aws-cdk-lib';
import * as pcs from '../../src/pcs';

/** A stack whose account and Region are known. */
export function concreteStack(region = 'us-east-1'): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region } });
}

/** A stack that fits any account and Region. */
export function agnosticStack(props: StackProps = {}): Stack {
  return new Stack(new App({ analyticsReporting: false }), 'Stack', props);
}

/** A VPC with a public and a private subnet in each of two zones. */
export function vpcIn(stack: Stack, availabilityZones = ['us-east-1a', 'us-east-1b']): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones,
    publicSubnetIds: ['subnet-0000000000000000a', 'subnet-0000000000000000b'],
    publicSubnetRouteTableIds: ['rtb-0000000000000000a', 'rtb-0000000000000000b'],
    privateSubnetIds: ['subnet-1111111111111111a', 'subnet-1111111111111111b'],
    privateSubnetRouteTableIds: ['rtb-1111111111111111a', 'rtb-1111111111111111b'],
  });
}

/** One private subnet, as EFA wants it. */
export function onePrivateSubnet(vpc: ec2.IVpc): ec2.SubnetSelection {
  return { subnets: [vpc.privateSubnets[0]] };
}

export function clusterIn(stack: Stack, props: Partial<pcs.ClusterProps> = {}): pcs.Cluster {
  return new pcs.Cluster(stack, props.clusterName ?? 'Cluster', {
    vpc: props.vpc ?? vpcIn(stack),
    size: pcs.ClusterSize.SMALL,
    schedulerVersion: pcs.SlurmVersion.V25_11,
    ...props,
  });
}

/** A cluster whose accounting database can be reached. */
export function accountingClusterIn(stack: Stack, props: Partial<pcs.ClusterProps> = {}): pcs.Cluster {
  return clusterIn(stack, { accounting: pcs.Accounting.standard(), slurmRest: pcs.SlurmRest.STANDARD, ...props });
}

/** The options of a node group that no rule objects to. */
export function nodes(options: Partial<pcs.ComputeNodeGroupOptions> = {}): pcs.ComputeNodeGroupOptions {
  return {
    instanceTypes: types('c7i.xlarge'),
    image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'),
    scaling: pcs.Scaling.elastic(4),
    ...options,
  };
}

export function types(...names: string[]): ec2.InstanceType[] {
  return names.map(name => new ec2.InstanceType(name));
}

export const BLOCK = 'cr-0123456789abcdef0';
