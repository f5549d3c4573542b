import type { FakeCluster } from '../aws/pcs';

/** A cluster of AWS PCS with a node group, as the service describes it. */
export function slurmCluster(slurmConfiguration: FakeCluster['slurmConfiguration'] = {}): FakeCluster {
  return {
    name: 'slurm',
    id: 'pcs_abc123',
    status: 'ACTIVE',
    slurmConfiguration,
    endpoints: [],
    computeNodeGroups: [{
      name: 'gpu',
      id: 'pcs_def456',
      status: 'ACTIVE',
      subnetIds: ['subnet-0a1b2c3d4e5f60718'],
      purchaseOption: 'ONDEMAND',
      customLaunchTemplate: { id: 'lt-1', version: '1' },
      iamInstanceProfileArn: 'arn:aws:iam::111122223333:instance-profile/aws-pcs/x',
      scalingConfiguration: { minInstanceCount: 0, maxInstanceCount: 1 },
      instanceConfigs: [{ instanceType: 'c7i.xlarge' }],
    }],
  };
}
