/* HyperPod instance groups: ours, and what one writes by hand. They are parts of their cluster, of which each stack has one or more. */
'use strict';
const { Construct } = require('constructs');
const { Aws } = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');
const iam = require('aws-cdk-lib/aws-iam');
const sagemaker = require('aws-cdk-lib/aws-sagemaker');

/* As many as SageMaker takes: the other kinds have one cluster to a stack of 100, too. */
const PER_CLUSTER = 100;

const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
const VPC_ACTIONS = [
  'ec2:CreateNetworkInterface', 'ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission',
  'ec2:DescribeDhcpOptions', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs',
  'ec2:DetachNetworkInterface',
];

/* The names are those that ours have, so that templates are as long. */
function identity(scope, suffix) {
  return new iam.CfnRole(scope, `ExecutionRole${suffix}`, {
    assumeRolePolicyDocument: TRUST,
    managedPolicyArns: [`arn:${Aws.PARTITION}:iam::aws:policy/AmazonSageMakerClusterInstanceRolePolicy`],
    policies: [{
      policyName: 'HyperPod',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: VPC_ACTIONS, Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'ec2:CreateTags',
            Resource: `arn:${Aws.PARTITION}:ec2:us-east-1:${Aws.ACCOUNT_ID}:network-interface/*`,
          },
        ],
      },
    }],
  });
}

function cluster(scope, id, instanceGroups) {
  const group = new ec2.CfnSecurityGroup(scope, `SecurityGroup${id}`, {
    groupDescription: 'HyperPod nodes',
    vpcId: 'vpc-0123456789abcdef0',
    securityGroupEgress: [{ cidrIp: '0.0.0.0/0', description: 'Allow all outbound traffic by default', ipProtocol: '-1' }],
  });
  const among = { description: 'EFA and other traffic among nodes', ipProtocol: '-1', groupId: group.attrGroupId };
  const from = new ec2.CfnSecurityGroupIngress(scope, `FromItself${id}`, { ...among, sourceSecurityGroupId: group.attrGroupId });
  const to = new ec2.CfnSecurityGroupEgress(scope, `ToItself${id}`, { ...among, destinationSecurityGroupId: group.attrGroupId });
  const pod = new sagemaker.CfnCluster(scope, `Resource${id}`, {
    orchestrator: { slurm: { slurmConfigStrategy: 'Managed' } },
    vpcConfig: { subnets: ['subnet-0123456789abcdef0'], securityGroupIds: [group.attrGroupId] },
    instanceGroups,
  });
  pod.addResourceDependency(from);
  pod.addResourceDependency(to);
}

/* One of a cluster is the controller of Slurm. */
const slurm = first => first ? { nodeType: 'Controller' } : { nodeType: 'Compute', partitionNames: ['train'] };

const group = (name, role, first) => ({
  instanceGroupName: name, instanceType: 'ml.p5.48xlarge', instanceCount: 1, executionRole: role.attrArn, slurmConfig: slurm(first),
});

/* Calls back for each cluster with the numbers of its groups. */
function clusters(count, perCluster, make) {
  for (let first = 0; first < count; first += perCluster) {
    make(`Pod${first}`, Array.from({ length: Math.min(perCluster, count - first) }, (_, n) => first + n));
  }
}

const waysWith = perCluster => ({
  /* One resource for all groups of a cluster, with one role and one security group. */
  ours: (stack, vpc, count) => {
    const { hyperpod } = require('../../../lib');
    clusters(count, perCluster, (id, numbers) => {
      const pod = new hyperpod.Cluster(stack, id, { orchestrator: hyperpod.Orchestrator.slurm(), vpc });
      numbers.forEach((n, index) => pod.addInstanceGroup(`G${n}`, {
        instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 1 }),
        slurmNode: index === 0 ? hyperpod.SlurmNode.controller() : hyperpod.SlurmNode.compute({ partitionName: 'train' }),
      }));
    });
  },
  /* The same resources by hand, with a construct for each cluster and each group: what any construct library must pay. */
  wrapped: (stack, vpc, count) => {
    clusters(count, perCluster, (id, numbers) => {
      const scope = new Construct(stack, id);
      const role = identity(scope, '');
      cluster(scope, '', numbers.map((n, index) => {
        new Construct(scope, `G${n}`);
        return group(`G${n}`, role, index === 0);
      }));
    });
  },
  /* All directly in the stack. */
  flat: (stack, vpc, count) => {
    clusters(count, perCluster, (id, numbers) => {
      const role = identity(stack, id);
      cluster(stack, id, numbers.map((n, index) => group(`G${n}`, role, index === 0)));
    });
  },
});

module.exports = { ...waysWith(PER_CLUSTER), waysWith };
