import type { Cluster, ComputeNodeGroup } from '../../../../lambda/clients/pcs';
import { CLUSTER, COMPUTE_NODE_GROUP, INSTANCES } from '../../../../lambda/pcs/lookup/fields';
import { checkFields, selectFields } from '../../../../lambda/shared/fields';
import { CLUSTER_FIELDS, COMPUTE_NODE_GROUP_FIELDS, INSTANCE_FIELDS } from '../../../../src/private/contracts/pcs-lookup';

const errorInfo = [{ code: 'A', message: 'first' }, { code: 'B', message: 'second' }, {}];
const cluster: Cluster = {
  arn: 'arn:cluster',
  id: 'pcs_a',
  name: 'hpc',
  status: 'ACTIVE',
  size: 'SMALL',
  scheduler: { version: '25.11' },
  slurmConfiguration: { authKey: { secretArn: 'arn:auth', secretVersion: '1' }, jwtAuth: { jwtKey: { secretArn: 'arn:jwt', secretVersion: '2' } } },
  networking: { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1', 'sg-2'], networkType: 'IPV4' },
  endpoints: [
    { type: 'SLURMCTLD', privateIpAddress: '10.0.0.1', ipv6Address: 'fd00::1', port: '6817' },
    { type: 'SLURMDBD', privateIpAddress: '', ipv6Address: 'fd00::2', port: '6819' },
    { type: 'SLURMRESTD', port: '6820' },
  ],
  errorInfo,
};
const group: ComputeNodeGroup = {
  amiId: 'ami-1',
  arn: 'arn:group',
  clusterId: 'pcs_a',
  errorInfo,
  iamInstanceProfileArn: 'arn:profile',
  id: 'pcs_g',
  instanceConfigs: [{ instanceType: 'c7i.xlarge' }, { instanceType: 'c7a.xlarge' }],
  customLaunchTemplate: { id: 'lt-1', version: '3' },
  scalingConfiguration: { minInstanceCount: 0, maxInstanceCount: 4 },
  name: 'workers',
  purchaseOption: 'ONDEMAND',
  status: 'ACTIVE',
  subnetIds: ['subnet-1', 'subnet-2'],
};

test('every field of a cluster', () => {
  expect(selectFields(CLUSTER, cluster, CLUSTER_FIELDS)).toEqual({
    Arn: 'arn:cluster',
    AuthKeySecretArn: 'arn:auth',
    AuthKeySecretVersion: '1',
    ErrorCodes: 'A\nB\n',
    ErrorMessages: 'first\nsecond\n',
    Id: 'pcs_a',
    JwtKeySecretArn: 'arn:jwt',
    JwtKeySecretVersion: '2',
    Name: 'hpc',
    NetworkType: 'IPV4',
    SchedulerVersion: '25.11',
    SecurityGroupIds: 'sg-1,sg-2',
    Size: 'SMALL',
    SlurmctldAddress: '10.0.0.1',
    SlurmctldIpv6Address: 'fd00::1',
    SlurmctldPort: '6817',
    SlurmdbdAddress: 'fd00::2',
    SlurmdbdIpv6Address: 'fd00::2',
    SlurmdbdPort: '6819',
    SlurmrestdAddress: '',
    SlurmrestdIpv6Address: '',
    SlurmrestdPort: '6820',
    Status: 'ACTIVE',
    SubnetId: 'subnet-1',
  });
});

test('every field of a node group', () => {
  expect(selectFields(COMPUTE_NODE_GROUP, group, COMPUTE_NODE_GROUP_FIELDS)).toEqual({
    AmiId: 'ami-1',
    Arn: 'arn:group',
    ClusterId: 'pcs_a',
    ErrorCodes: 'A\nB\n',
    ErrorMessages: 'first\nsecond\n',
    Id: 'pcs_g',
    InstanceProfileArn: 'arn:profile',
    InstanceTypes: 'c7i.xlarge,c7a.xlarge',
    LaunchTemplateId: 'lt-1',
    LaunchTemplateVersion: '3',
    MaxInstanceCount: '4',
    MinInstanceCount: '0',
    Name: 'workers',
    PurchaseOption: 'ONDEMAND',
    Status: 'ACTIVE',
    SubnetIds: 'subnet-1,subnet-2',
  });
});

test('every field of instances, with a place for each that has none of it', () => {
  const named = [{ InstanceId: 'i-1', PrivateIpAddress: '10.0.0.1' }, { InstanceId: 'i-2', Ipv6Address: 'fd00::2' }];
  expect(selectFields(INSTANCES, { count: 3, named }, INSTANCE_FIELDS)).toEqual({
    Count: '3', InstanceIds: 'i-1,i-2', Ipv6Addresses: ',fd00::2', PrivateIpAddresses: '10.0.0.1,',
  });
});

test('what the service leaves out is an empty text, but for what only an active cluster has', () => {
  const plain = CLUSTER_FIELDS.filter(field => !/Secret|^Slurm/.test(field));
  expect(new Set(Object.values(selectFields(CLUSTER, {}, plain)))).toEqual(new Set(['']));
  expect(new Set(Object.values(selectFields(CLUSTER, { networking: {}, scheduler: {} }, plain)))).toEqual(new Set(['']));
  expect(new Set(Object.values(selectFields(COMPUTE_NODE_GROUP, {}, COMPUTE_NODE_GROUP_FIELDS)))).toEqual(new Set(['']));
});

describe('whoever asks for what is not there yet is told why', () => {
  const creating = { status: 'CREATING', errorInfo: [{ code: 'A', message: 'slow' }, { code: 'B', message: 'late' }] };

  test.each([
    ['SlurmctldAddress', 'it has no SLURMCTLD endpoint; the cluster must be active, and it is CREATING'],
    ['SlurmdbdPort', 'it has no SLURMDBD endpoint; the cluster must be active and have accounting, and it is CREATING'],
    ['SlurmrestdIpv6Address', 'it has no SLURMRESTD endpoint; the cluster must be active and have the REST API, and it is CREATING'],
  ])('%s', (field, message) => {
    for (const endpoints of [undefined, []]) {
      expect(() => selectFields(CLUSTER, { status: 'CREATING', endpoints }, [field])).toThrow(expect.objectContaining({ code: 'NoEndpoint', message }));
    }
  });

  test.each([
    ['AuthKeySecretArn', 'authentication key'], ['AuthKeySecretVersion', 'authentication key'], ['JwtKeySecretArn', 'JWT key'], ['JwtKeySecretVersion', 'JWT key'],
  ])('%s', (field, what) => {
    for (const slurmConfiguration of [undefined, {}, { authKey: {}, jwtAuth: {} }, { jwtAuth: { jwtKey: {} } }]) {
      expect(() => selectFields(CLUSTER, { ...creating, slurmConfiguration }, [field])).toThrow(expect.objectContaining({
        code: 'NoSecret', message: `it has no ${what}; it is CREATING (A: slow; B: late)`,
      }));
    }
  });
});

test.each(['Moon', 'toString'])('the field %s is unknown', field => {
  expect(() => checkFields(INSTANCES, ['Count', field])).toThrow(expect.objectContaining({
    code: 'InvalidProperties', message: `unknown field: ${field}; known are Count, InstanceIds, Ipv6Addresses, PrivateIpAddresses`,
  }));
  expect(() => checkFields(INSTANCES, INSTANCE_FIELDS)).not.toThrow();
});
