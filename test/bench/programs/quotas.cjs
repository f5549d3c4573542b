/* HyperPod compute quotas: ours, and what one writes by hand. */
'use strict';
const { Construct } = require('constructs');
const { CfnResource } = require('aws-cdk-lib');

const CLUSTER = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

/* The whole name, as ours is made. */
const suffix = '-0a1b2c3d';

function quota(scope, id, team) {
  new CfnResource(scope, id, {
    type: 'AWS::SageMaker::ComputeQuota',
    properties: {
      Name: `${team}${suffix}`,
      ClusterArn: CLUSTER,
      ComputeQuotaTarget: { TeamName: team, FairShareWeight: 40 },
      ComputeQuotaConfig: { ComputeQuotaResources: [{ InstanceType: 'ml.p5.48xlarge', AcceleratorPartition: { Type: 'mig-3g.40gb', Count: 4 } }] },
    },
  });
}

module.exports = {
  ours: (stack, vpc, count) => {
    const { hyperpod } = require('../../../lib');
    const cluster = hyperpod.Cluster.fromClusterArn(stack, 'Pod', CLUSTER);
    for (let n = 0; n < count; n++) {
      new hyperpod.ComputeQuota(stack, `Q${n}`, {
        cluster,
        team: hyperpod.Team.of(`team-${stack.node.id.toLowerCase()}-${n}`),
        fairShareWeight: 40,
        resources: [hyperpod.QuotaResource.partitions({
          instanceType: hyperpod.InstanceType.P5_48XLARGE, profile: hyperpod.PartitionProfile.MIG_3G_40GB, count: 4,
        })],
      });
    }
  },
  wrapped: (stack, vpc, count) => {
    for (let n = 0; n < count; n++) { quota(new Construct(stack, `Q${n}`), 'Resource', `team-${stack.node.id.toLowerCase()}-${n}`); }
  },
  flat: (stack, vpc, count) => {
    for (let n = 0; n < count; n++) { quota(stack, `Q${n}`, `team-${stack.node.id.toLowerCase()}-${n}`); }
  },
  /* An app without any of them. */
  none: () => {},
};
