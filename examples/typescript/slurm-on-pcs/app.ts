import { App, CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { pcs } from 'cdk-hpc-clusters';

/** The reservation that the H100 nodes run in: bought beforehand, in EC2, for a fixed time. Put your own here. */
const CAPACITY_BLOCK = { capacityReservationId: 'cr-0123456789abcdef0', instanceCount: 4, availabilityZone: 'us-east-1a' };

/** A Slurm cluster with a login node, spot nodes for CPU jobs and H100 nodes from a capacity block, behind two queues. */
class SlurmStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 1 });

    const slurm = new pcs.Cluster(this, 'Slurm', {
      vpc,
      size: pcs.ClusterSize.SMALL, // 32 nodes at most, over all groups
      schedulerVersion: pcs.SlurmVersion.V25_11,
      accounting: pcs.Accounting.standard({ retention: Duration.days(365) }),
    });

    // One small instance that is always there, in a public subnet. Nobody gets in from outside until you allow it.
    const login = slurm.addComputeNodeGroup('Login', {
      instanceTypes: [new ec2.InstanceType('c7i.xlarge')],
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.fixed(1),
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    });

    // Starts at nothing, grows with the queue. Types of the same size: the scheduler takes what spot has.
    const cpu = slurm.addComputeNodeGroup('Cpu', {
      instanceTypes: ['c7i.8xlarge', 'c7a.8xlarge', 'm7i.8xlarge'].map(name => new ec2.InstanceType(name)),
      purchaseOption: pcs.PurchaseOption.spot(),
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.elastic(16),
    });

    // The block's zone picks the subnet, its instance type and id go into the launch template, and so do 32 EFA cards.
    const h100 = slurm.addComputeNodeGroup('H100', {
      instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
      purchaseOption: pcs.PurchaseOption.capacityBlock(CAPACITY_BLOCK),
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.fixed(CAPACITY_BLOCK.instanceCount),
    });

    slurm.addQueue('CpuQueue', { queueName: 'cpu', computeNodeGroups: [cpu], isDefault: true });
    slurm.addQueue('GpuQueue', { queueName: 'gpu', computeNodeGroups: [h100] });

    Tags.of(this).add('project', 'weather');
    new CfnOutput(this, 'ClusterId', { value: slurm.clusterId });
    new CfnOutput(this, 'LoginNodeGroupId', { value: login.computeNodeGroupId });
  }
}

const app = new App();
new SlurmStack(app, 'SlurmOnPcs', { env: { region: 'us-east-1' } });
app.synth();
