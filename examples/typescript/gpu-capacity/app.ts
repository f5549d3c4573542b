import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { pcs } from 'cdk-hpc-clusters';

/** What was reserved in EC2 beforehand, all in one zone. Put your own here. */
const ZONE = 'us-east-1a';
const H100_BLOCK = { capacityReservationId: 'cr-0123456789abcdef0', instanceCount: 8, availabilityZone: ZONE };
const H200_BLOCK = { capacityReservationId: 'cr-0fedcba9876543210', instanceCount: 4, availabilityZone: ZONE };
const ON_DEMAND_RESERVATION = 'cr-0aaaabbbbccccdddd';

/** Three ways to get P5 nodes into one Slurm cluster: two capacity blocks, and On-Demand instances in a targeted reservation. */
class GpuCapacityStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: [ZONE, 'us-east-1b'], natGateways: 1 });
    const slurm = new pcs.Cluster(this, 'Slurm', {
      vpc,
      size: pcs.ClusterSize.MEDIUM,
      schedulerVersion: pcs.SlurmVersion.V25_11,
    });
    const image = pcs.NodeImage.pcsReadyDlami();

    // P5: 32 EFA cards. The zone picks the subnet; the block brings its own placement.
    const h100 = slurm.addComputeNodeGroup('H100', {
      instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
      purchaseOption: pcs.PurchaseOption.capacityBlock(H100_BLOCK),
      image,
      scaling: pcs.Scaling.fixed(H100_BLOCK.instanceCount),
      slurmSettings: { features: ['h100', 'block'] },
    });

    // P5en: 16 EFA cards.
    const h200 = slurm.addComputeNodeGroup('H200', {
      instanceTypes: [new ec2.InstanceType('p5en.48xlarge')],
      purchaseOption: pcs.PurchaseOption.capacityBlock(H200_BLOCK),
      image,
      scaling: pcs.Scaling.fixed(H200_BLOCK.instanceCount),
      slurmSettings: { features: ['h200', 'block'] },
    });

    // On-Demand P5 in a targeted reservation that was created in this placement group.
    const placementGroup = new ec2.PlacementGroup(this, 'Near', { strategy: ec2.PlacementGroupStrategy.CLUSTER });
    const onDemand = slurm.addComputeNodeGroup('OnDemand', {
      instanceTypes: [new ec2.InstanceType('p5.48xlarge')],
      purchaseOption: pcs.PurchaseOption.targetedReservation({ capacityReservationId: ON_DEMAND_RESERVATION }),
      launch: pcs.NodeLaunch.managed({ placement: pcs.NodePlacement.group(placementGroup) }),
      image,
      scaling: pcs.Scaling.elastic(4),
      vpcSubnets: { availabilityZones: [ZONE], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      slurmSettings: { features: ['h100', 'ondemand'] },
    });

    // Jobs choose with --constraint=h100 or =h200.
    slurm.addQueue('Gpu', { queueName: 'gpu', computeNodeGroups: [h100, h200, onDemand], isDefault: true });

    Tags.of(this).add('project', 'llm');
    new CfnOutput(this, 'ClusterId', { value: slurm.clusterId });
  }
}

const app = new App();
new GpuCapacityStack(app, 'GpuCapacity', { env: { region: 'us-east-1' } });
app.synth();
