import { App, CfnOutput, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as fsx from 'aws-cdk-lib/aws-fsx';
import type { Construct } from 'constructs';
import { pcs } from 'cdk-hpc-clusters';

/** A Slurm cluster for simulations: login, tightly coupled HPC nodes and general nodes, with shared homes and scratch space. */
class HpcStorageStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 });
    const subnet = { subnets: [vpc.privateSubnets[0]] };

    // Homes on EFS, scratch on Lustre. An example cleans up: to keep files, put file systems and VPC into a stack of their own.
    const homes = new efs.FileSystem(this, 'Homes', { vpc, encrypted: true, removalPolicy: RemovalPolicy.DESTROY });
    const scratch = new fsx.LustreFileSystem(this, 'Scratch', {
      vpc,
      vpcSubnet: vpc.privateSubnets[0],
      storageCapacityGiB: 1200,
      lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 },
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // All nodes mount them when they boot. A node that can't goes on without.
    const onError = pcs.ScriptErrorAction.CONTINUE;
    const slurm = new pcs.Cluster(this, 'Slurm', {
      vpc,
      size: pcs.ClusterSize.SMALL,
      schedulerVersion: pcs.SlurmVersion.V25_11,
      storage: [
        pcs.NodeStorage.efsHomes(homes, { onError }),
        pcs.NodeStorage.lustre(scratch, { mountPath: '/shared', directoryMode: '1777', onError }),
      ],
    });
    const image = pcs.NodeImage.pcsReadyDlami();

    const login = slurm.addComputeNodeGroup('Login', {
      instanceTypes: [new ec2.InstanceType('m7a.xlarge')],
      image,
      scaling: pcs.Scaling.fixed(1),
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    });

    // hpc7a has two EFA cards, and gets a cluster placement group, since it is On-Demand.
    const hpc = slurm.addComputeNodeGroup('Hpc', {
      instanceTypes: [new ec2.InstanceType('hpc7a.96xlarge')],
      image,
      scaling: pcs.Scaling.elastic(16),
      vpcSubnets: subnet,
    });

    const general = slurm.addComputeNodeGroup('General', {
      instanceTypes: [new ec2.InstanceType('m7a.4xlarge')],
      image,
      scaling: pcs.Scaling.elastic(8),
    });

    slurm.addQueue('HpcQueue', { queueName: 'hpc', computeNodeGroups: [hpc] });
    slurm.addQueue('GeneralQueue', { queueName: 'general', computeNodeGroups: [general], isDefault: true });

    Tags.of(this).add('project', 'simulation');
    new CfnOutput(this, 'ClusterId', { value: slurm.clusterId });
    new CfnOutput(this, 'LoginNodeGroupId', { value: login.computeNodeGroupId });
  }
}

const app = new App();
new HpcStorageStack(app, 'HpcStorage'); // deploy it in a Region that has hpc7a, such as us-east-2
app.synth();
