import { App, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { HandlerDefaults } from '../../../../src';
import { Cluster, ComputeQuota, InstanceType, QuotaProvisioning, QuotaResource, Team, type ComputeQuotaProps } from '../../../../src/hyperpod';

const CLUSTER_ARN = 'arn:aws:sagemaker:eu-west-3:111122223333:cluster/a1b2c3d4e5f6';
const TYPE = 'Custom::HpcHyperPodComputeQuota';

let stack: Stack;

beforeEach(() => {
  stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: { account: '111122223333', region: 'eu-west-3' } });
});

function quota(team = 'research', props: Partial<ComputeQuotaProps> = {}): ComputeQuota {
  return new ComputeQuota(stack, `Quota-${team}`, {
    cluster: Cluster.fromClusterArn(stack, `Cluster-${team}`, CLUSTER_ARN),
    team: Team.of(team),
    resources: [QuotaResource.instances({ instanceType: InstanceType.P5_48XLARGE, count: 2 })],
    provisioning: QuotaProvisioning.API,
    ...props,
  });
}

const actionsOf = (template: Template, role: string) => {
  const [, found] = Object.entries(template.findResources('AWS::IAM::Role')).find(([id]) => id.includes(role))!;
  return (found.Properties.Policies[0].PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[])
    .flatMap(({ Action, Resource }) => [Action].flat().filter(action => action.startsWith('sagemaker:')).map(action => [action, JSON.stringify(Resource)]));
};

test('the properties are those of the CloudFormation type, with tags', () => {
  const made = quota('research', { fairShareWeight: 40, enabled: false });
  Tags.of(stack).add('project', 'llm');
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SageMaker::ComputeQuota', 0);
  const [{ Properties: { ServiceToken, ServiceTimeout, ...properties } }] = Object.values(template.findResources(TYPE));
  expect(properties).toEqual({
    Name: made.computeQuotaName,
    ClusterArn: CLUSTER_ARN,
    ActivationState: 'Disabled',
    ComputeQuotaTarget: { TeamName: 'research', FairShareWeight: 40 },
    ComputeQuotaConfig: { ComputeQuotaResources: [{ InstanceType: 'ml.p5.48xlarge', Count: 2 }] },
    Tags: [{ Key: 'project', Value: 'llm' }],
  });
  expect([ServiceToken, ServiceTimeout]).not.toContain(undefined);
  expect(stack.resolve(made.computeQuotaArn)['Fn::GetAtt'][1]).toBe('ComputeQuotaArn');
});

test('both ways have names of their own, so that a change does not collide', () => {
  expect(quota().computeQuotaName).toMatch(/^research-[0-9a-f]{8}-api$/);
  expect(quota('ops', { provisioning: QuotaProvisioning.CLOUDFORMATION }).computeQuotaName).toMatch(/^ops-[0-9a-f]{8}$/);
});

test('both ways have logical ids of their own', () => {
  quota('research');
  quota('ops', { provisioning: QuotaProvisioning.CLOUDFORMATION });
  const template = Template.fromStack(stack);
  expect(Object.keys(template.findResources(TYPE))[0]).toMatch(/^QuotaresearchApiResource/);
  expect(Object.keys(template.findResources('AWS::SageMaker::ComputeQuota'))[0]).toMatch(/^Quotaops[0-9A-F]{8}$/);
});

test('CloudFormation makes a quota unless something else is said, in every Region', () => {
  quota('ops', { provisioning: undefined });
  const template = Template.fromStack(stack);
  expect(Object.values(template.toJSON().Resources).map((resource: any) => resource.Type)).toEqual(['AWS::SageMaker::ComputeQuota']);
});

test('all quotas of a stack share the functions', () => {
  quota('a');
  quota('b');
  const template = Template.fromStack(stack);
  template.resourceCountIs(TYPE, 2);
  template.resourceCountIs('AWS::Lambda::Function', 5);
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  template.resourceCountIs('AWS::Logs::LogGroup', 1);
});

test('who waits can only read, and nothing is allowed on more than quotas but to list them', () => {
  quota();
  const template = Template.fromStack(stack);
  expect(actionsOf(template, 'WaiterRole')).toEqual([['sagemaker:DescribeComputeQuota', expect.stringContaining(':compute-quota/*')]]);
  const changing = actionsOf(template, 'ChangerRole');
  expect([...new Set(changing.map(([action]) => action))].sort()).toEqual([
    'sagemaker:AddTags', 'sagemaker:CreateComputeQuota', 'sagemaker:DeleteComputeQuota', 'sagemaker:DeleteTags', 'sagemaker:DescribeComputeQuota',
    'sagemaker:ListComputeQuotas', 'sagemaker:ListTags', 'sagemaker:UpdateComputeQuota',
  ]);
  expect(changing.filter(([, resource]) => !resource.includes(':compute-quota/*'))).toEqual([
    ['sagemaker:ListComputeQuotas', '"*"'], ['sagemaker:CreateComputeQuota', JSON.stringify(CLUSTER_ARN)],
  ]);
});

test('the state machine keeps no log, since its history answers CloudFormation', () => {
  quota();
  Template.fromStack(stack).hasResourceProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: Match.absent() });
});

test('the functions are as HandlerDefaults say', () => {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
  const boundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
  HandlerDefaults.configure(stack, { vpc, permissionsBoundary: boundary });
  quota();
  const template = Template.fromStack(stack);
  const functions = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) => id.startsWith('CdkHpc'));
  expect(functions.map(([, { Properties }]) => Properties.VpcConfig?.SubnetIds.length)).toEqual([2, 2, 2, 2, 2]);
  expect(Object.keys(template.findResources('AWS::EC2::SecurityGroup'))).toHaveLength(1);
  const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('CdkHpc'));
  expect(new Set(roles.map(([, { Properties }]) => JSON.stringify(Properties.PermissionsBoundary)))).toEqual(
    new Set([JSON.stringify(stack.resolve(boundary.managedPolicyArn))]),
  );
});
