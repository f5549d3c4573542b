/* L2s of aws-cdk-lib against their own resources by hand, for comparison: each pair renders the same resource types. */
'use strict';
const { Construct } = require('constructs');
const batch = require('aws-cdk-lib/aws-batch');
const ec2 = require('aws-cdk-lib/aws-ec2');
const iam = require('aws-cdk-lib/aws-iam');
const lambda = require('aws-cdk-lib/aws-lambda');

const times = (count, make) => { for (let n = 0; n < count; n++) { make(n); } };
const TRUST = service => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] });

module.exports = {
  'function-l2': (stack, vpc, count) => times(count, n => new lambda.Function(stack, `F${n}`, {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => {};'),
  })),
  'function-l1': (stack, vpc, count) => times(count, n => {
    const scope = new Construct(stack, `F${n}`);
    const role = new iam.CfnRole(scope, 'Role', {
      assumeRolePolicyDocument: TRUST('lambda.amazonaws.com'),
      managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    });
    new lambda.CfnFunction(scope, 'Resource', {
      runtime: 'nodejs22.x', handler: 'index.handler', role: role.attrArn, code: { zipFile: 'exports.handler = async () => {};' },
    }).addResourceDependency(role);
  }),
  'template-l2': (stack, vpc, count) => times(count, n => new ec2.LaunchTemplate(stack, `T${n}`, {
    instanceType: new ec2.InstanceType('c7i.xlarge'), requireImdsv2: true,
  })),
  'template-l1': (stack, vpc, count) => times(count, n => {
    const name = { key: 'Name', value: `${stack.node.id}/T${n}` };
    new ec2.CfnLaunchTemplate(new Construct(stack, `T${n}`), 'Resource', {
      launchTemplateData: {
        instanceType: 'c7i.xlarge',
        metadataOptions: { httpTokens: 'required' },
        tagSpecifications: [{ resourceType: 'instance', tags: [name] }, { resourceType: 'volume', tags: [name] }],
      },
      tagSpecifications: [{ resourceType: 'launch-template', tags: [name] }],
    });
  }),
  'batch-l2': (stack, vpc, count) => times(count, n => new batch.ManagedEc2EcsComputeEnvironment(stack, `B${n}`, { vpc })),
  'batch-l1': (stack, vpc, count) => times(count, n => {
    const scope = new Construct(stack, `B${n}`);
    const group = new ec2.CfnSecurityGroup(scope, 'SecurityGroup', { groupDescription: 'Batch', vpcId: vpc.vpcId });
    const role = new iam.CfnRole(scope, 'InstanceProfileRole', {
      assumeRolePolicyDocument: TRUST('ec2.amazonaws.com'),
      managedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role'],
    });
    const profile = new iam.CfnInstanceProfile(scope, 'InstanceProfile', { roles: [role.ref] });
    new batch.CfnComputeEnvironment(scope, 'Resource', {
      type: 'managed',
      computeResources: {
        type: 'EC2', maxvCpus: 256, minvCpus: 0, instanceTypes: ['optimal'], allocationStrategy: 'BEST_FIT_PROGRESSIVE',
        instanceRole: profile.attrArn, securityGroupIds: [group.attrGroupId], subnets: ['subnet-0123456789abcdef0'],
      },
    });
  }),
};
