import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { hyperpod, training_plans } from 'cdk-hpc-clusters';

/** What is there already. Put your own here. */
const PLAN = 'llm-2026-q1';
const EKS_CLUSTER = 'ml-platform';
const VPC_ID = 'vpc-0a1b2c3d4e5f60718';
const SUBNET_ID = 'subnet-0a1b2c3d4e5f60718';
const ROUTE_TABLE_ID = 'rtb-0a1b2c3d4e5f60718';
const SECURITY_GROUP_ID = 'sg-0a1b2c3d4e5f60718';
const SCRIPTS_BUCKET = 'ml-platform-lifecycle-scripts';
const ZONE = 'us-east-1a';

/** A HyperPod cluster on a plan that was bought before: read at deployment, and asserted before the cluster is made or changed. */
class PlanHyperPodStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
      trainingPlan: training_plans.TrainingPlanSelector.byName(PLAN),
    });

    const cluster = new hyperpod.Cluster(this, 'Pod', {
      orchestrator: hyperpod.Orchestrator.eks(eks.Cluster.fromClusterAttributes(this, 'Eks', { clusterName: EKS_CLUSTER })),
      vpc: ec2.Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: VPC_ID, availabilityZones: [ZONE], privateSubnetIds: [SUBNET_ID], privateSubnetRouteTableIds: [ROUTE_TABLE_ID] }),
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(this, 'SecurityGroup', SECURITY_GROUP_ID)],
      lifecycleScripts: hyperpod.LifecycleScripts.fromBucket({
        bucket: s3.Bucket.fromBucketName(this, 'Scripts', SCRIPTS_BUCKET), prefix: 'eks/v1',
      }),
    });
    cluster.addInstanceGroup('workers', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4 }),
      capacity: hyperpod.Capacity.trainingPlan(plan),
    });

    // An expired plan, or one of another zone, fails here at once instead of an hour later.
    new training_plans.TrainingPlanAssertion(this, 'PlanIsUsable', {
      trainingPlan: training_plans.TrainingPlanSelector.byName(PLAN),
      target: training_plans.TargetResource.HYPERPOD_CLUSTER,
      instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
      minTotalInstances: 4,
      availabilityZones: [ZONE],
      guards: [cluster],
    });

    new CfnOutput(this, 'EndsAt', { value: plan.endTime });
    new CfnOutput(this, 'Capacity', { value: plan.availabilityZone });
  }
}

const app = new App();
new PlanHyperPodStack(app, 'PlanHyperPod', { env: { region: 'us-east-1' } });
app.synth();
