import {
  App, CfnParameter, CustomResource, Duration, Fn, Size, Stack, aws_ec2 as ec2, aws_efs as efs, aws_eks as eks, aws_eks_v2 as eks_v2,
  aws_fsx as fsx, aws_iam as iam, aws_lambda as lambda, aws_s3 as s3, aws_s3_deployment as s3deploy, aws_sagemaker as sagemaker,
} from 'aws-cdk-lib';
import { judge } from './harness';
import { OPEN, isolated as isolatedVpc, openAmong } from './networks';
import { PurchaseMode, UpfrontFee } from '../../src';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import * as plans from '../../src/training-plans';

const ENV = { account: '111122223333', region: 'us-east-1' };
const P5 = [new ec2.InstanceType('p5.48xlarge')];
const AMI = pcs.NodeImage.fromAmiId('ami-0123456789abcdef0');

const vpcOf = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
const isolated = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', {
  maxAzs: 1, natGateways: 0, subnetConfiguration: [{ name: 'Nodes', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
});
const slurm = (stack: Stack, vpc: ec2.IVpc, props: Partial<pcs.ClusterProps> = {}) => new pcs.Cluster(stack, 'Slurm', {
  vpc, size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11, ...props,
});
const nodes = (options: Partial<pcs.ComputeNodeGroupOptions> = {}): pcs.ComputeNodeGroupOptions => ({
  instanceTypes: P5, image: AMI, scaling: pcs.Scaling.elastic(4), ...options,
});
const pod = (stack: Stack, vpc: ec2.IVpc, props: Partial<hyperpod.ClusterProps> = {}) => new hyperpod.Cluster(stack, 'Pod', {
  vpc, orchestrator: hyperpod.Orchestrator.slurm(), ...props,
});
const workers = (options: Partial<hyperpod.InstanceGroupOptions> = {}): hyperpod.InstanceGroupOptions => ({
  instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4 }),
  slurmNode: hyperpod.SlurmNode.compute({ partitionName: 'gpu' }),
  ...options,
});
const head: hyperpod.InstanceGroupOptions = {
  instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_LARGE, count: 1 }),
  slurmNode: hyperpod.SlurmNode.controller(),
};
const purchases = (stack: Stack) => new Stack(stack.node.root as App, 'Purchases', { env: ENV });
const bought = (stack: Stack, target: plans.TargetResource) => new plans.PurchasedTrainingPlan(purchases(stack), 'Plan', {
  trainingPlanName: 'llm',
  offering: plans.Offering.search({
    instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 4, durations: [Duration.days(7)], target,
  }),
  maxUpfrontFee: UpfrontFee.usd('120000.00'),
  mode: PurchaseMode.BUY,
});
const eksOf = (stack: Stack, vpc: ec2.IVpc) => eks.Cluster.fromClusterAttributes(stack, 'Eks', {
  clusterName: 'platform', vpc, clusterSecurityGroupId: 'sg-0123456789abcdef0',
});

const ofType = (name: string, count: number) => hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.of(name), count });
const open = (stack: Stack, vpc: ec2.IVpc) => openAmong(new ec2.SecurityGroup(stack, 'Open', { vpc }), 'ingress', 'egress');
const ebs = (gib: number) => [hyperpod.InstanceStorage.ebsVolume({ size: Size.gibibytes(gib) })];
const kubectl = (stack: Stack) => lambda.LayerVersion.fromLayerVersionArn(stack, 'Kubectl', 'arn:aws:lambda:us-east-1:111122223333:layer:kubectl:1');
const lustre = (stack: Stack, vpc: ec2.IVpc) => new fsx.LustreFileSystem(stack, 'Files', {
  vpc,
  vpcSubnet: vpc.privateSubnets[0],
  storageCapacityGiB: 1200,
  lustreConfiguration: { deploymentType: fsx.LustreDeploymentType.SCRATCH_2 },
});
const types = (...names: string[]) => names.map(name => new ec2.InstanceType(name));
/** User data in the form that the service asks for, in one text with references. */
const multipart = (command: string) => ec2.UserData.custom(Fn.join('\n', [
  'Content-Type: multipart/mixed; boundary="=="', 'MIME-Version: 1.0', '', '--==', 'Content-Type: text/x-shellscript', '', '#!/bin/bash', command, '--==--', '',
]));

/** What strangers have made of these services in public, in our words and without what was wrong with it. */
const SETUPS: Record<string, (stack: Stack) => void> = {
  'Graviton nodes and a login node that mount one Lustre file system by user data': stack => {
    const vpc = vpcOf(stack);
    const group = open(stack, vpc);
    const role = new iam.Role(stack, 'Role', { path: '/aws-pcs/', assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    const cluster = slurm(stack, vpc, {
      securityGroups: [group], slurmRest: pcs.SlurmRest.STANDARD, nodeRole: pcs.NodeRole.fromRole(role),
    });
    const files = lustre(stack, vpc);
    files.connections.allowDefaultPortFrom(cluster);
    const launch = (Name: string) => pcs.NodeLaunch.managed({
      userData: multipart(`mount -t lustre ${files.dnsName}@tcp:/${files.mountName} /fsx`), instanceTags: { Name },
    });
    cluster.addComputeNodeGroup('Login', nodes({ instanceTypes: types('t3.medium'), scaling: pcs.Scaling.fixed(1), launch: launch('login') }));
    const compute = cluster.addComputeNodeGroup('Compute', nodes({ instanceTypes: types('hpc7g.4xlarge'), scaling: pcs.Scaling.elastic(10), launch: launch('compute') }));
    cluster.addQueue('Queue', { computeNodeGroups: [compute] });
  },
  'L1 security groups, an endpoint of one\'s own and scripts of two origins': stack => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1'] });
    const l1 = (id: string, from: (group: ec2.CfnSecurityGroup) => string) => {
      const group = new ec2.CfnSecurityGroup(stack, id, { groupDescription: id, vpcId: vpc.vpcId, securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '0.0.0.0/0' }] });
      new ec2.CfnSecurityGroupIngress(stack, `${id}In`, { groupId: group.ref, ipProtocol: '-1', sourceSecurityGroupId: from(group) });
      return group;
    };
    const members = l1('Members', group => group.ref);
    const endpoint = l1('EndpointGroup', () => members.ref);
    new ec2.CfnVPCEndpoint(stack, 'Endpoint', {
      serviceName: `com.amazonaws.${stack.region}.pcs`,
      vpcId: vpc.vpcId,
      vpcEndpointType: 'Interface',
      subnetIds: ['subnet-1'],
      securityGroupIds: [endpoint.ref],
      privateDnsEnabled: true,
    });
    const cluster = slurm(stack, vpc, {
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Given', members.ref)],
      accounting: pcs.Accounting.standard({ retention: Duration.days(365) }),
      nodeRole: pcs.NodeRole.managed({ path: '/', roleName: 'AWSPCS-eda', sessionManager: true }),
    });
    const script = { name: 'logs', source: pcs.ScriptSource.fromPcsRepository('configure-cloudwatch-logs-v1-latest.sh') };
    const compute = cluster.addComputeNodeGroup('Compute', nodes({
      instanceTypes: types('r7iz.8xlarge', 'r7i.8xlarge'), purchaseOption: pcs.PurchaseOption.spot(), lifecycleActions: { nodeBootstrapped: [script] },
    }));
    cluster.addQueue('Queue', { computeNodeGroups: [compute] });
    for (const [id, logType] of Object.entries({ Scheduler: pcs.ClusterLogType.SCHEDULER, Jobs: pcs.ClusterLogType.JOB_COMPLETION })) {
      cluster.addLogDelivery(id, { logType, destination: pcs.LogDestination.cloudWatchLogs() });
    }
  },
  'a quality of service that is set up before the queue that denies it': stack => {
    const cluster = slurm(stack, vpcOf(stack), { accounting: pcs.Accounting.standard(), slurmRest: pcs.SlurmRest.STANDARD });
    const records = new CustomResource(stack, 'Records', { serviceToken: 'arn:aws:lambda:us-east-1:111122223333:function:records', properties: { id: cluster.clusterId } });
    const compute = cluster.addComputeNodeGroup('Compute', nodes({ instanceTypes: types('c7i.xlarge') }));
    const queue = cluster.addQueue('Queue', { computeNodeGroups: [compute], slurmSettings: { custom: { DenyQos: 'preempt' } } });
    [compute, queue].forEach(construct => construct.node.addDependency(records));
  },
  'a public login node with homes on EFS, and the ports of Slurm alone': stack => {
    const vpc = vpcOf(stack);
    const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
    const ports = [ec2.Port.tcp(2049), ec2.Port.tcpRange(6817, 6819), ec2.Port.tcpRange(60001, 63000)];
    ports.forEach(port => { group.addIngressRule(group, port); });
    const files = new efs.FileSystem(stack, 'Homes', { vpc, securityGroup: group });
    const cluster = slurm(stack, vpc, { securityGroups: [group] });
    const launch = pcs.NodeLaunch.managed({ metadataHopLimit: 2, userData: multipart(`mount -t efs ${files.fileSystemId} /home`) });
    cluster.addComputeNodeGroup('Login', nodes({
      instanceTypes: types('t3.small'), scaling: pcs.Scaling.fixed(1), vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, launch,
    }));
    cluster.addComputeNodeGroup('Compute', nodes({ instanceTypes: types('c5.large'), launch }));
  },
  'a launch template of one\'s own with all cards of a block': stack => {
    const vpc = vpcOf(stack);
    const group = open(stack, vpc);
    const template = new ec2.CfnLaunchTemplate(stack, 'Template', {
      launchTemplateData: {
        instanceType: 'p5.48xlarge',
        instanceMarketOptions: { marketType: 'capacity-block' },
        capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: 'cr-0123456789abcdef0' } },
        networkInterfaces: Array.from({ length: 32 }, (_, index) => ({
          deviceIndex: index === 0 ? 0 : 1, networkCardIndex: index, interfaceType: 'efa', groups: [group.securityGroupId],
        })),
      },
    });
    slurm(stack, vpc, { securityGroups: [group] }).addComputeNodeGroup('Gpu', nodes({
      purchaseOption: pcs.PurchaseOption.capacityBlock({ capacityReservationId: 'cr-0123456789abcdef0' }),
      scaling: pcs.Scaling.fixed(1),
      launch: pcs.NodeLaunch.fromLaunchTemplate(template),
    }));
  },
  'a closed network with a group for each kind of node': stack => {
    const vpc = isolatedVpc(stack);
    const [endpoint, controller, login, compute] = ['Endpoint', 'Controller', 'Login', 'Compute']
      .map(id => new ec2.SecurityGroup(stack, `${id}Group`, { vpc, allowAllOutbound: false }));
    [login, compute].forEach(group => {
      group.connections.allowTo(endpoint, ec2.Port.HTTPS);
      group.connections.allowTo(controller, ec2.Port.tcp(6817));
      group.connections.allowFrom(controller, ec2.Port.tcp(6818));
    });
    compute.connections.allowInternally(ec2.Port.allTraffic());
    vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs'), securityGroups: [endpoint], open: false });
    const cluster = slurm(stack, vpc, { securityGroups: [controller] });
    cluster.addComputeNodeGroup('Login', nodes({ instanceTypes: types('c6a.xlarge'), scaling: pcs.Scaling.fixed(1), securityGroups: [login] }));
    cluster.addComputeNodeGroup('Compute', nodes({ instanceTypes: types('hpc8a.96xlarge'), securityGroups: [compute] }));
  },
  'Trainium on spot on a private EKS cluster, with scripts that the app brings into a bucket': stack => {
    const vpc = vpcOf(stack);
    const cluster = new eks_v2.Cluster(stack, 'Eks', {
      vpc,
      version: eks_v2.KubernetesVersion.V1_34,
      kubectlProviderOptions: { kubectlLayer: kubectl(stack) },
      endpointAccess: eks_v2.EndpointAccess.PRIVATE,
      defaultCapacityType: eks_v2.DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
    });
    const chart = cluster.addHelmChart('Dependencies', { chart: 'hyperpod', repository: 'https://example.com' });
    const bucket = new s3.Bucket(stack, 'Scripts');
    new s3deploy.BucketDeployment(stack, 'Fill', { sources: [s3deploy.Source.data('on_create.sh', '#!/bin/bash\n')], destinationBucket: bucket });
    const trainium = pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(cluster, { dependencies: [chart], accessEntries: true }),
      executionRole: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      nodeProvisioningMode: hyperpod.NodeProvisioningMode.CONTINUOUS,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ControlPlane', cluster.clusterSecurityGroupId), open(stack, vpc)],
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket, prefix: '' }),
    });
    trainium.addInstanceGroup('workers', { instances: ofType('ml.trn1.32xlarge', 2), capacity: hyperpod.Capacity.spot(), storage: ebs(500) });
  },
  'Slurm set up by the API, with Lustre that lets the cluster in': stack => {
    const vpc = vpcOf(stack);
    const cluster = pod(stack, vpc, { securityGroups: [open(stack, vpc)] });
    const files = lustre(stack, vpc);
    files.connections.allowFrom(cluster, ec2.Port.allTraffic());
    const storage = [...ebs(500), hyperpod.InstanceStorage.lustre({ dnsName: files.dnsName, mountName: files.mountName })];
    cluster.addInstanceGroup('head', { ...head, threadsPerCore: 1, storage });
    cluster.addInstanceGroup('workers', workers({ instances: ofType('ml.g6e.12xlarge', 2), threadsPerCore: 1, storage }));
  },
  'a group of none on an EKS cluster of which names alone are known': stack => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'] });
    pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(eks.Cluster.fromClusterAttributes(stack, 'Eks', { clusterName: 'ml' })),
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0')],
      executionRole: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/ml', { mutable: false }),
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: s3.Bucket.fromBucketName(stack, 'Scripts', `core-${stack.account}`), prefix: 'hyperpod/' }),
    }).addInstanceGroup('workers', { instances: ofType('ml.g5.2xlarge', 0) });
  },
  'Karpenter with a group for each zone': stack => {
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'] });
    const cluster = pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(eksOf(stack, vpc)),
      nodeProvisioningMode: hyperpod.NodeProvisioningMode.CONTINUOUS,
      autoScaling: hyperpod.AutoScaling.karpenter({ role: iam.Role.fromRoleArn(stack, 'Scaler', 'arn:aws:iam::111122223333:role/scaler') }),
    });
    vpc.privateSubnets.forEach((subnet, index) => {
      cluster.addInstanceGroup(`zone${index}`, { instances: ofType('ml.p5.48xlarge', 0), threadsPerCore: 1, vpcSubnets: { subnets: [subnet] } });
    });
  },
  'a restricted group in one of several zones, on an EKS cluster that a function sets up': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const cluster = new eks.Cluster(stack, 'Eks', {
      vpc,
      version: eks.KubernetesVersion.V1_32,
      kubectlLayer: kubectl(stack),
      defaultCapacity: 0,
      authenticationMode: eks.AuthenticationMode.API_AND_CONFIG_MAP,
    });
    const chart = new CustomResource(stack, 'Chart', { serviceToken: 'arn:aws:lambda:us-east-1:111122223333:function:helm' });
    pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(cluster, { dependencies: [chart, cluster.awsAuth] }), securityGroups: [open(stack, vpc)],
    }).addRestrictedInstanceGroup('customization', {
      instanceType: hyperpod.InstanceType.P5_48XLARGE,
      instanceCount: 2,
      threadsPerCore: 1,
      storage: ebs(500),
      lustre: { size: Size.gibibytes(9600), perUnitStorageThroughput: 250 },
      vpcSubnets: { subnets: [vpc.privateSubnets[1]] },
    });
  },
  'one node that is controller and worker, in the default security group of the VPC': stack => {
    const vpc = vpcOf(stack);
    pod(stack, vpc, {
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Default', vpc.vpcDefaultSecurityGroup)],
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: new s3.Bucket(stack, 'Scripts'), prefix: 'lifecycle' }),
    }).addInstanceGroup('worker', { instances: ofType('ml.g5.2xlarge', 1) });
  },
  'workers on a plan in a Local Zone, with Lustre in its parent zone': stack => {
    const vpc = vpcOf(stack);
    const zone = new ec2.PrivateSubnet(stack, 'LocalZone', { vpcId: vpc.vpcId, availabilityZone: 'us-east-1-dfw-2a', cidrBlock: '10.0.250.0/24' });
    zone.addDefaultNatRoute('nat-0123456789abcdef0');
    const cluster = pod(stack, vpc, { vpcSubnets: { subnets: [zone] } });
    const files = lustre(stack, vpc);
    files.connections.allowDefaultPortFrom(cluster);
    const storage = [hyperpod.InstanceStorage.lustre({ dnsName: files.dnsName, mountName: files.mountName })];
    cluster.addInstanceGroup('head', { ...head, storage });
    const plan = plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'flexible');
    cluster.addInstanceGroup('workers', workers({ instances: ofType('ml.p5e.48xlarge', 2), capacity: hyperpod.Capacity.trainingPlan(plan), storage }));
  },
  'types, numbers and sizes that are parameters of the template': stack => {
    const number = (id: string, value: number) => new CfnParameter(stack, id, { type: 'Number', default: value }).valueAsNumber;
    const text = (id: string, value: string) => new CfnParameter(stack, id, { default: value }).valueAsString;
    const cluster = pod(stack, vpcOf(stack), {
      clusterName: Fn.sub('${AWS::StackName}-pod'),
      executionRole: new iam.Role(stack, 'Role', { path: '/hyperpod/', assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: new s3.Bucket(stack, 'Scripts'), prefix: 'base' }),
    });
    cluster.addInstanceGroup('workers', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.of(text('Type', 'ml.p5.48xlarge')), count: number('Count', 2) }),
      storage: ebs(number('Gib', 500)),
      capacity: hyperpod.Capacity.trainingPlan(plans.TrainingPlan.fromTrainingPlanArn(stack, 'Plan', text('PlanArn', ''))),
    });
    cluster.addInstanceGroup('head', { instances: ofType('ml.m5.2xlarge', 1) });
  },
  'nodes of EKS in addresses of their own, with scripts at the root of a bucket': stack => {
    const vpc = vpcOf(stack);
    const block = new ec2.CfnVPCCidrBlock(stack, 'Block', { vpcId: vpc.vpcId, cidrBlock: '10.2.0.0/16' });
    const subnet = new ec2.CfnSubnet(stack, 'Nodes', { vpcId: vpc.vpcId, cidrBlock: '10.2.0.0/16', availabilityZoneId: 'use1-az2' });
    subnet.addResourceDependency(block);
    const table = new ec2.CfnRouteTable(stack, 'Table', { vpcId: vpc.vpcId });
    new ec2.CfnRoute(stack, 'Route', { routeTableId: table.ref, destinationCidrBlock: '0.0.0.0/0', natGatewayId: 'nat-0123456789abcdef0' });
    new ec2.CfnSubnetRouteTableAssociation(stack, 'Association', { subnetId: subnet.ref, routeTableId: table.ref });
    pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(eksOf(stack, vpc)),
      vpcSubnets: { subnets: [ec2.Subnet.fromSubnetId(stack, 'Given', subnet.ref)] },
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: new s3.Bucket(stack, 'Scripts'), prefix: '' }),
    }).addInstanceGroup('workers', {
      instances: ofType('ml.g5.8xlarge', 2), threadsPerCore: 2, deepHealthChecks: [hyperpod.DeepHealthCheck.INSTANCE_STRESS], storage: ebs(100),
    });
  },
  'two groups of a Slurm cluster on two plans': stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const cluster = pod(stack, vpc);
    cluster.addInstanceGroup('head', head);
    vpc.privateSubnets.forEach((subnet, index) => {
      const plan = plans.TrainingPlan.fromTrainingPlanName(stack, `Plan${index}`, `plan-${index}`);
      cluster.addInstanceGroup(`group${index}`, workers({
        slurmNode: hyperpod.SlurmNode.compute({ partitionName: `part${index}` }), capacity: hyperpod.Capacity.trainingPlan(plan), vpcSubnets: { subnets: [subnet] },
      }));
    });
  },
};

/** Apps that are right. Each warning of one would teach people to pass over warnings. */
const APPS: Record<string, (stack: Stack) => void> = {
  'nodes with EFA in the network of the cluster': stack => { slurm(stack, vpcOf(stack)).addComputeNodeGroup('Nodes', nodes()); },
  'nodes with EFA under restrictive traffic': stack => {
    const cluster = slurm(stack, vpcOf(stack), { traffic: pcs.SlurmTraffic.restrictive() });
    cluster.addComputeNodeGroup('Nodes', nodes());
    cluster.nodeConnections.allowToAnyIpv4(ec2.Port.HTTPS);
  },
  ...Object.fromEntries(Object.entries(OPEN).map(([name, groups]) => [`a Slurm cluster with ${name}`, (stack: Stack) => {
    const vpc = vpcOf(stack);
    slurm(stack, vpc, { securityGroups: groups(stack, vpc) }).addComputeNodeGroup('Nodes', nodes());
  }])),
  ...Object.fromEntries(Object.entries(OPEN).map(([name, groups]) => [`a HyperPod cluster with ${name}`, (stack: Stack) => {
    const vpc = vpcOf(stack);
    const cluster = pod(stack, vpc, { securityGroups: groups(stack, vpc) });
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
  }])),
  'an isolated Slurm cluster with the endpoint': stack => {
    const vpc = isolated(stack);
    vpc.addInterfaceEndpoint('Pcs', { service: new ec2.InterfaceVpcEndpointAwsService('pcs') });
    slurm(stack, vpc).addComputeNodeGroup('Nodes', nodes());
  },
  'an isolated HyperPod cluster with a gateway to S3': stack => {
    const vpc = isolated(stack);
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    const cluster = pod(stack, vpc);
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
  },
  'a HyperPod cluster on a plan that another stack buys': stack => {
    const cluster = pod(stack, vpcOf(stack));
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers({ capacity: hyperpod.Capacity.trainingPlan(bought(stack, plans.TargetResource.HYPERPOD_CLUSTER)) }));
  },
  'a job on a plan that another stack buys': stack => {
    new plans.TrainingJobResources({
      trainingPlan: bought(stack, plans.TargetResource.TRAINING_JOB), instanceType: plans.PlanInstanceType.P5_48XLARGE, instanceCount: 4,
    }).render();
  },
  'an endpoint on a plan that another stack buys': stack => {
    const config = new sagemaker.CfnEndpointConfig(stack, 'Config', {
      productionVariants: [{ variantName: 'main', modelName: 'llm', instanceType: 'ml.p5.48xlarge', initialInstanceCount: 4 }],
    });
    config.with(new plans.EndpointTrainingPlan({ trainingPlan: bought(stack, plans.TargetResource.ENDPOINT) }));
  },
  'a HyperPod cluster on an EKS cluster that exists': stack => {
    const vpc = vpcOf(stack);
    pod(stack, vpc, { orchestrator: hyperpod.Orchestrator.eks(eksOf(stack, vpc)) }).addInstanceGroup('workers', workers({ slurmNode: undefined }));
  },
  'a HyperPod cluster that Karpenter scales': stack => {
    const vpc = vpcOf(stack);
    pod(stack, vpc, {
      orchestrator: hyperpod.Orchestrator.eks(eksOf(stack, vpc)),
      autoScaling: hyperpod.AutoScaling.karpenter(),
      nodeProvisioningMode: hyperpod.NodeProvisioningMode.CONTINUOUS,
    }).addInstanceGroup('workers', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 0 }),
      storage: [hyperpod.InstanceStorage.ebsVolume({ size: Size.gibibytes(500) })],
    });
  },
  'a remediation of a cluster without recovery': stack => {
    const cluster = pod(stack, vpcOf(stack), { nodeRecovery: hyperpod.NodeRecovery.NONE });
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
    new hyperpod.NodeRemediation(stack, 'Remediation', { cluster, mode: hyperpod.RemediationMode.REPAIR, controllerGroups: ['head'] });
  },
  'a HyperPod cluster with scripts in a bucket and a role of the app': stack => {
    const cluster = pod(stack, vpcOf(stack), {
      executionRole: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }),
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({ bucket: new s3.Bucket(stack, 'Scripts'), prefix: 'base' }),
    });
    cluster.addInstanceGroup('head', head);
    cluster.addInstanceGroup('workers', workers());
  },
};

test.each(Object.entries({ ...APPS, ...SETUPS }))('%s synthesizes without an error or a warning', (_name, program) => {
  const { error, warnings } = judge(program, true);
  expect({ error, warnings: warnings.filter(text => text.includes('cdk-hpc-clusters:')) }).toEqual({ error: undefined, warnings: [] });
});
