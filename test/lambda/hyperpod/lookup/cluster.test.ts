import type { ClusterDescription } from '../../../../lambda/clients/hyperpod-reader';
import { FIELDS } from '../../../../lambda/hyperpod/lookup/cluster';
import { checkFields, selectFields } from '../../../../lambda/shared/fields';
import { CLUSTER_FIELDS, INSTANCE_GROUP_FIELDS } from '../../../../src/private/contracts/hyperpod-lookup';

const CLUSTER = {
  AutoScaling: { Mode: 'Enable', Status: 'InService' },
  ClusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abc',
  ClusterName: 'pod',
  ClusterRole: 'arn:role',
  ClusterStatus: 'InService',
  Orchestrator: { Eks: { ClusterArn: 'arn:eks' } },
  FailureMessage: 'none yet',
  InstanceGroups: [
    {
      InstanceGroupName: 'workers',
      CurrentCount: 3,
      CurrentImageReleaseVersion: '1.0',
      DesiredImageReleaseVersion: '1.1',
      ExecutionRole: 'arn:execution',
      ImageVersionStatus: 'UpdateAvailable',
      InstanceType: 'ml.p5.48xlarge',
      MinCount: 0,
      OverrideVpcConfig: { SecurityGroupIds: ['sg-3', 'sg-4'], Subnets: ['subnet-3', 'subnet-4'] },
      Status: 'InService',
      TargetCount: 4,
      TrainingPlanArn: 'arn:plan',
      TrainingPlanStatus: 'Active',
    },
    { InstanceGroupName: 'flexible', InstanceRequirements: { DesiredInstanceTypes: ['ml.g5.xlarge', 'ml.g6.xlarge'] } },
  ],
  RestrictedInstanceGroups: [{ InstanceGroupName: 'nova' }],
  NodeProvisioningMode: 'Continuous',
  NodeRecovery: 'None',
  VpcConfig: { SecurityGroupIds: ['sg-1', 'sg-2'], Subnets: ['subnet-1', 'subnet-2'] },
  TieredStorageConfig: { Mode: 'Disable' },
} as unknown as ClusterDescription;
const SILENT = {} as ClusterDescription;
const ofGroup = (cluster: object, group: string) => {
  const values = selectFields(FIELDS, cluster as ClusterDescription, INSTANCE_GROUP_FIELDS.map(field => `Groups/${group}/${field}`));
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.split('/')[2], value]));
};

test('every field of a cluster', () => {
  expect(selectFields(FIELDS, CLUSTER, CLUSTER_FIELDS)).toEqual({
    AutoScalingMode: 'Enable',
    AutoScalingStatus: 'InService',
    ClusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abc',
    ClusterId: 'abc',
    ClusterName: 'pod',
    ClusterRole: 'arn:role',
    ClusterStatus: 'InService',
    EksClusterArn: 'arn:eks',
    FailureMessage: 'none yet',
    InstanceGroupNames: 'flexible,nova,workers',
    NodeProvisioningMode: 'Continuous',
    NodeRecovery: 'None',
    Orchestrator: 'Eks',
    SecurityGroupIds: 'sg-1,sg-2',
    SubnetIds: 'subnet-1,subnet-2',
    TieredStorageMode: 'Disable',
  });
});

test('what the service leaves out is an empty text', () => {
  const optional = CLUSTER_FIELDS.filter(field => !['EksClusterArn', 'SecurityGroupIds', 'SubnetIds', 'Orchestrator'].includes(field));
  expect(new Set(Object.values(selectFields(FIELDS, SILENT, optional)))).toEqual(new Set(['']));
  expect(selectFields(FIELDS, { RestrictedInstanceGroups: [{ InstanceGroupName: 'nova' }] } as ClusterDescription, ['InstanceGroupNames'])).toEqual({ InstanceGroupNames: 'nova' });
  expect(selectFields(FIELDS, { InstanceGroups: [{}] } as ClusterDescription, ['InstanceGroupNames'])).toEqual({ InstanceGroupNames: '' });
});

test('a cluster without EKS is one of Slurm', () => {
  for (const Orchestrator of [undefined, {}]) { expect(selectFields(FIELDS, { ...SILENT, Orchestrator }, ['Orchestrator'])).toEqual({ Orchestrator: 'Slurm' }); }
});

test.each([
  ['EksClusterArn', 'NoEksCluster', 'it has no EKS cluster: its nodes are orchestrated by Slurm'],
  ['SecurityGroupIds', 'NoVpc', 'it has no VPC of yours: its nodes are in that of SageMaker'],
  ['SubnetIds', 'NoVpc', 'it has no VPC of yours: its nodes are in that of SageMaker'],
])('whoever asks for %s of a cluster that has none is told why', (field, code, message) => {
  for (const cluster of [{}, { Orchestrator: {}, VpcConfig: {} }, { VpcConfig: { SecurityGroupIds: [], Subnets: [] } }]) {
    expect(() => selectFields(FIELDS, cluster as ClusterDescription, [field])).toThrow(expect.objectContaining({ code, message }));
  }
});

describe('an instance group', () => {
  test('has every field', () => {
    expect(ofGroup(CLUSTER, 'workers')).toEqual({
      CurrentCount: '3',
      CurrentImageReleaseVersion: '1.0',
      DesiredImageReleaseVersion: '1.1',
      ExecutionRole: 'arn:execution',
      ImageVersionStatus: 'UpdateAvailable',
      InstanceType: 'ml.p5.48xlarge',
      InstanceTypes: 'ml.p5.48xlarge',
      MinCount: '0',
      SecurityGroupIds: 'sg-3,sg-4',
      Status: 'InService',
      SubnetIds: 'subnet-3,subnet-4',
      TargetCount: '4',
      TrainingPlanArn: 'arn:plan',
      TrainingPlanStatus: 'Active',
    });
  });

  test.each(['flexible', 'nova'])('%s has the network of its cluster, and nothing of what it does not say', group => {
    const { InstanceTypes, SecurityGroupIds, SubnetIds, ...others } = ofGroup(CLUSTER, group);
    expect([InstanceTypes, SecurityGroupIds, SubnetIds]).toEqual([group === 'nova' ? '' : 'ml.g5.xlarge,ml.g6.xlarge', 'sg-1,sg-2', 'subnet-1,subnet-2']);
    expect(new Set(Object.values(others))).toEqual(new Set(['']));
  });

  test.each([{ OverrideVpcConfig: {} }, { OverrideVpcConfig: undefined, InstanceRequirements: {} }])('with %j has it, too', more => {
    const cluster = { ...CLUSTER, InstanceGroups: [{ InstanceGroupName: 'workers', ...more }] };
    expect(ofGroup(cluster, 'workers')).toMatchObject({ InstanceTypes: '', SecurityGroupIds: 'sg-1,sg-2', SubnetIds: 'subnet-1,subnet-2' });
  });

  test.each([[CLUSTER, 'flexible, nova, workers'], [SILENT, 'none']])('that is not there is told beside those that are', (cluster, names) => {
    expect(() => selectFields(FIELDS, cluster, ['Groups/login/Status'])).toThrow(expect.objectContaining({
      code: 'NoInstanceGroup', message: `it has no instance group "login"; it has: ${names.replaceAll(', ', ',')}`,
    }));
  });
});

test.each(['Moon', 'toString', 'Groups', 'Groups/workers', 'Groups/workers/Moon', 'Groups/workers/Status/x', 'Group/workers/Status'])('the field %s is unknown', field => {
  expect(() => checkFields(FIELDS, [field])).toThrow(expect.objectContaining({
    code: 'InvalidProperties', message: `unknown field: ${field}; known are ${CLUSTER_FIELDS.join(', ')} and fields of instance groups`,
  }));
});
