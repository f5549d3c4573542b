import { Annotations, App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { PurchaseMode, UpfrontFee, hyperpod, training_plans } from 'cdk-hpc-clusters';

/**
 * Buys capacity in a zone of a VPC, and gives it to a HyperPod cluster in the subnet of that zone. **Deploying this spends money.**
 *
 * In one stack, a failure of the cluster rolls back after the plan was bought; the plan is kept, and the next deployment takes it over.
 */
class PlanForHyperPodStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 1 });
    const plan = new training_plans.PurchasedTrainingPlan(this, 'Reserve', {
      trainingPlanName: 'llm-2026-q2',
      offering: training_plans.Offering.search({
        instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
        instanceCount: 4,
        durations: [Duration.days(14)],
        startAfter: '2026-12-01T00:00:00Z',
        endBefore: '2027-01-15T00:00:00Z',
        target: training_plans.TargetResource.HYPERPOD_CLUSTER,
      }),
      vpc, // only capacity in its zones is bought
      maxUpfrontFee: UpfrontFee.usd('120000.00'),
      mode: PurchaseMode.BUY,
    });
    Annotations.of(plan).acknowledgeWarning('cdk-hpc-clusters:trainingPlans.sharedStack', 'the plan is kept when the cluster fails');

    const pod = new hyperpod.Cluster(this, 'Pod', { orchestrator: hyperpod.Orchestrator.slurm(), vpc });
    pod.addInstanceGroup('controller', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.M5_XLARGE, count: 1 }),
      slurmNode: hyperpod.SlurmNode.controller(),
    });
    const subnet = ec2.Subnet.fromSubnetId(this, 'PlanSubnet', plan.subnetId); // which one is known once the plan is bought
    Annotations.of(subnet).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', 'nobody asks for its route table');
    pod.addInstanceGroup('workers', {
      instances: hyperpod.Instances.ofType({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 4 }),
      slurmNode: hyperpod.SlurmNode.compute({ partitionName: 'gpu' }),
      capacity: hyperpod.Capacity.trainingPlan(plan),
      vpcSubnets: { subnets: [subnet] },
    });
    new CfnOutput(this, 'ClusterArn', { value: pod.clusterArn });
    new CfnOutput(this, 'Plan', { value: plan.notice });
  }
}

const app = new App();
new PlanForHyperPodStack(app, 'PlanForHyperPod', { env: { account: '111122223333', region: 'us-east-1' } }); // put your own here
app.synth();
