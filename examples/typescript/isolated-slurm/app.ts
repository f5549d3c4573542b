import { App, CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { pcs } from 'cdk-hpc-clusters';

/** The prefix list of Amazon S3 in us-east-1. For another Region: `aws ec2 describe-managed-prefix-lists`. */
const S3_PREFIX_LIST = 'pl-63a5400a';

/** A Slurm cluster in a network without any way to the internet, with nothing open but what it needs. */
class IsolatedSlurmStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    // One isolated subnet: no internet gateway, no NAT gateway.
    const vpc = new ec2.Vpc(this, 'Vpc', {
      availabilityZones: ['us-east-1a'],
      subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 20 }],
    });

    // One security group for the controller, one for nodes, and between them the ports of Slurm.
    const slurm = new pcs.Cluster(this, 'Slurm', {
      vpc,
      size: pcs.ClusterSize.SMALL,
      schedulerVersion: pcs.SlurmVersion.V25_11,
      traffic: pcs.SlurmTraffic.restrictive(),
      accounting: pcs.Accounting.standard({
        retention: Duration.days(365),
        enforcement: [pcs.AccountingEnforcement.ASSOCIATIONS, pcs.AccountingEnforcement.LIMITS],
      }),
      slurmRest: pcs.SlurmRest.STANDARD,
    });
    for (const logType of [pcs.ClusterLogType.SCHEDULER, pcs.ClusterLogType.SCHEDULER_AUDIT]) {
      // Log groups stay when a stack goes, unless they are told otherwise.
      const destination = pcs.LogDestination.cloudWatchLogs({ removalPolicy: RemovalPolicy.DESTROY });
      slurm.addLogDelivery(logType.value, { logType, destination });
    }

    // The only ways out: nodes register with PCS, and Session Manager reaches them. These are closed to everybody but nodes.
    const endpoints = Object.entries({
      Pcs: new ec2.InterfaceVpcEndpointAwsService('pcs'),
      Ssm: ec2.InterfaceVpcEndpointAwsService.SSM,
      SsmMessages: ec2.InterfaceVpcEndpointAwsService.SSM_MESSAGES,
    }).map(([name, service]) => vpc.addInterfaceEndpoint(name, { service, open: false }));
    endpoints.forEach(endpoint => slurm.nodeConnections.allowToDefaultPort(endpoint));

    // Lifecycle scripts and data come from buckets, by a gateway that costs nothing.
    const buckets = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    slurm.nodeConnections.allowTo(ec2.Peer.prefixList(S3_PREFIX_LIST), ec2.Port.HTTPS, 'Amazon S3');

    const login = slurm.addComputeNodeGroup('Login', {
      instanceTypes: [new ec2.InstanceType('c7i.xlarge')],
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.fixed(1),
      nodeRole: pcs.NodeRole.managed({ sessionManager: true }), // this group alone: the others keep the role of the cluster
    });
    // c6in.32xlarge has two EFA cards. These nodes get a third security group, since EFA needs everything open among them.
    const hpc = slurm.addComputeNodeGroup('Hpc', {
      instanceTypes: [new ec2.InstanceType('c6in.32xlarge')],
      launch: pcs.NodeLaunch.managed({ efa: pcs.Efa.cards({ count: 2 }) }),
      image: pcs.NodeImage.pcsReadyDlami(),
      scaling: pcs.Scaling.elastic(8),
    });
    slurm.addQueue('HpcQueue', { queueName: 'hpc', computeNodeGroups: [hpc], isDefault: true });

    // Nodes that start before the endpoints are there can't register.
    for (const group of [login, hpc]) { group.node.addDependency(buckets, ...endpoints); }

    Tags.of(this).add('project', 'weather');
    new CfnOutput(this, 'ClusterId', { value: slurm.clusterId });
    new CfnOutput(this, 'LoginNodeGroupId', { value: login.computeNodeGroupId });
  }
}

const app = new App();
new IsolatedSlurmStack(app, 'IsolatedSlurm', { env: { region: 'us-east-1' } });
app.synth();
