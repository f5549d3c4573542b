/* PCS compute node groups: ours, and what one writes by hand for the same nodes. */
'use strict';
const { Construct } = require('constructs');
const ec2 = require('aws-cdk-lib/aws-ec2');
const iam = require('aws-cdk-lib/aws-iam');
const aws_pcs = require('aws-cdk-lib/aws-pcs');

const TRUST = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
/* The names are those that ours have, so that templates are as long. */
function shared(scope) {
  const group = new ec2.CfnSecurityGroup(scope, 'SecurityGroup', {
    groupDescription: 'Slurm controller and nodes',
    vpcId: 'vpc-0123456789abcdef0',
    securityGroupEgress: [{ cidrIp: '0.0.0.0/0', description: 'Allow all outbound traffic by default', ipProtocol: '-1' }],
  });
  const among = { description: 'Slurm and EFA traffic among members', ipProtocol: '-1', groupId: group.attrGroupId };
  const from = new ec2.CfnSecurityGroupIngress(scope, 'FromItself', { ...among, sourceSecurityGroupId: group.attrGroupId });
  const to = new ec2.CfnSecurityGroupEgress(scope, 'ToItself', { ...among, destinationSecurityGroupId: group.attrGroupId });
  const cluster = new aws_pcs.CfnCluster(scope, 'Resource', {
    size: 'MEDIUM',
    scheduler: { type: 'SLURM', version: '25.11' },
    networking: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: [group.attrGroupId] },
  });
  cluster.addResourceDependency(from);
  cluster.addResourceDependency(to);
  return { group, cluster };
}

function identity(scope, suffix, { cluster }) {
  const role = new iam.CfnRole(scope, `NodeRole${suffix}`, {
    path: '/aws-pcs/',
    assumeRolePolicyDocument: TRUST,
    policies: [{
      policyName: 'RegisterNodes',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'pcs:RegisterComputeNodeGroupInstance', Resource: cluster.attrArn }],
      },
    }],
  });
  return new iam.CfnInstanceProfile(scope, `NodeInstanceProfile${suffix}`, { path: '/aws-pcs/', roles: [role.ref] });
}

function group(scope, suffix, { group: security, cluster }, profile) {
  const template = new ec2.CfnLaunchTemplate(scope, `LaunchTemplate${suffix}`, {
    launchTemplateData: {
      securityGroupIds: [security.attrGroupId],
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required' },
    },
  });
  new aws_pcs.CfnComputeNodeGroup(scope, `Resource${suffix}`, {
    clusterId: cluster.attrId,
    iamInstanceProfileArn: profile.attrArn,
    customLaunchTemplate: { templateId: template.ref, version: template.attrLatestVersionNumber },
    instanceConfigs: [{ instanceType: 'c7i.xlarge' }],
    purchaseOption: 'ONDEMAND',
    scalingConfiguration: { minInstanceCount: 0, maxInstanceCount: 4 },
    subnetIds: ['subnet-0123456789abcdef0'],
    amiId: 'ami-0123456789abcdef0',
  });
}

module.exports = {
  /* Two resources per group, with role and profile for all: what we render. */
  ours: (stack, vpc, count) => {
    const { pcs } = require('../../../lib');
    const slurm = new pcs.Cluster(stack, 'Slurm', { vpc, size: pcs.ClusterSize.MEDIUM, schedulerVersion: pcs.SlurmVersion.V25_11 });
    for (let n = 0; n < count; n++) {
      slurm.addComputeNodeGroup(`G${n}`, {
        instanceTypes: [new ec2.InstanceType('c7i.xlarge')],
        image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'),
        scaling: pcs.Scaling.elastic(4),
      });
    }
  },
  /* The same resources by hand, each pair in a construct of its own: what any construct library must pay. */
  wrapped: (stack, vpc, count) => {
    const slurm = new Construct(stack, 'Slurm');
    const common = shared(slurm);
    const profile = identity(slurm, '', common);
    for (let n = 0; n < count; n++) { group(new Construct(slurm, `G${n}`), '', common, profile); }
  },
  /* As AWS's samples write it: a role and a profile for each group, all directly in the stack. */
  flat: (stack, vpc, count) => {
    const common = shared(stack);
    for (let n = 0; n < count; n++) { group(stack, `${n}`, common, identity(stack, `${n}`, common)); }
  },
};
