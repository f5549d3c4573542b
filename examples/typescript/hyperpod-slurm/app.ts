import { App, CfnOutput, RemovalPolicy, Size, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import type { Construct } from 'constructs';
import { hyperpod } from 'cdk-hpc-clusters';

/** A Slurm cluster that HyperPod keeps healthy: a controller, a login node, P5 nodes and CPU nodes, with their files on FSx for Lustre. */
class HyperPodSlurmStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    // One zone: EFA and Lustre are fast within it alone. A P5 node takes 32 addresses, so the subnet is large.
    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 },
        { name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
    });

    const pod = new hyperpod.Cluster(this, 'Pod', {
      orchestrator: hyperpod.Orchestrator.slurm(),
      vpc,
      nodeProvisioningMode: hyperpod.NodeProvisioningMode.CONTINUOUS,
      nodeRecovery: hyperpod.NodeRecovery.AUTOMATIC,
    });

    // An example cleans up: to keep files, put the file system and the VPC into a stack of their own.
    const files = new fsx.LustreFileSystem(this, 'Files', {
      vpc,
      vpcSubnet: vpc.privateSubnets[0],
      storageCapacityGiB: 1200,
      lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.PERSISTENT_2, perUnitStorageThroughput: 250 },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    files.connections.allowFrom(pod, ec2.Port.tcp(988), 'Lustre');
    files.connections.allowFrom(pod, ec2.Port.tcpRange(1018, 1023), 'Lustre');
    const lustre = hyperpod.InstanceStorage.lustre({ dnsName: files.dnsName, mountName: files.mountName });

    pod.addInstanceGroup('controller', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_4XLARGE, count: 1 }),
      slurmNode: hyperpod.SlurmNode.controller(),
      storage: [lustre],
    });
    pod.addInstanceGroup('login', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_4XLARGE, count: 1 }),
      slurmNode: hyperpod.SlurmNode.login(),
      storage: [lustre],
    });
    pod.addInstanceGroup('gpu', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4, minCount: 2 }),
      slurmNode: hyperpod.SlurmNode.compute({ partitionName: 'gpu' }),
      storage: [lustre, hyperpod.InstanceStorage.ebsVolume({ size: Size.gibibytes(500) })],
      threadsPerCore: 1,
    });
    pod.addInstanceGroup('cpu', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.C5_18XLARGE, count: 2 }),
      slurmNode: hyperpod.SlurmNode.compute({ partitionName: 'cpu' }),
      storage: [lustre],
    });

    new CfnOutput(this, 'ClusterArn', { value: pod.clusterArn });
    Tags.of(this).add('project', 'simulation');
  }
}

const app = new App();
new HyperPodSlurmStack(app, 'HyperPodSlurm', { env: { region: 'us-east-1' } });
app.synth();
