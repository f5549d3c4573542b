import { Annotations, App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { training_plans } from 'cdk-hpc-clusters';

/** A bucket with the lifecycle scripts of the nodes. Put your own here. */
const SCRIPTS = 's3://sagemaker-lifecycle-111122223333/base';

/**
 * Buys capacity in a zone of a VPC, and gives it to a HyperPod cluster in the subnet of that zone. **Deploying this spends money.**
 *
 * In one stack, a failure of the cluster rolls back after the plan was bought; the plan is kept, and the next deployment takes it over.
 */
class PlanForHyperPodStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 1 });
    const nodes = new ec2.SecurityGroup(this, 'Nodes', { vpc, description: 'HyperPod nodes' });
    nodes.connections.allowInternally(ec2.Port.allTraffic(), 'EFA and NCCL between nodes');

    const plan = new training_plans.PurchasedTrainingPlan(this, 'Reserve', {
      trainingPlanName: 'llm-2026-q2',
      offering: training_plans.Offering.search({
        instanceType: training_plans.PlanInstanceType.ML_P5_48XLARGE,
        instanceCount: 4,
        durations: [Duration.days(14)],
        startAfter: '2026-12-01T00:00:00Z',
        endBefore: '2027-01-15T00:00:00Z',
        target: training_plans.TargetResource.HYPERPOD_CLUSTER,
      }),
      vpc, // only capacity in its zones is bought
      maxUpfrontFee: training_plans.UpfrontFee.usd('120000.00'),
      mode: training_plans.PurchaseMode.BUY,
    });
    Annotations.of(plan).acknowledgeWarning('cdk-hpc-clusters:trainingPlans.sharedStack', 'the plan is kept when the cluster fails');

    const role = new iam.Role(this, 'NodeRole', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSageMakerClusterInstanceRolePolicy')],
    });
    const subnets = vpc.selectSubnets().subnetIds;
    const lifeCycleConfig = { sourceS3Uri: SCRIPTS, onCreate: 'on_create.sh' };
    const cluster = new sagemaker.CfnCluster(this, 'Cluster', {
      vpcConfig: { securityGroupIds: [nodes.securityGroupId], subnets },
      instanceGroups: [
        { instanceGroupName: 'controller', instanceType: 'ml.m5.xlarge', instanceCount: 1, executionRole: role.roleArn, lifeCycleConfig },
        {
          instanceGroupName: 'workers',
          instanceType: 'ml.p5.48xlarge',
          instanceCount: 4,
          executionRole: role.roleArn,
          lifeCycleConfig,
          trainingPlanArn: plan.trainingPlanArn,
          overrideVpcConfig: { securityGroupIds: [nodes.securityGroupId], subnets: [plan.subnetId] }, // the zone is known once it is bought
        },
      ],
    });
    new CfnOutput(this, 'ClusterArn', { value: cluster.attrClusterArn });
    new CfnOutput(this, 'Plan', { value: plan.notice });
  }
}

const app = new App();
new PlanForHyperPodStack(app, 'PlanForHyperPod', { env: { account: '111122223333', region: 'us-east-1' } }); // put your own here
app.synth();
