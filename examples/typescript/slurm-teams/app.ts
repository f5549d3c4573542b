import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { pcs } from 'cdk-hpc-clusters';

/** A Slurm cluster that two teams share, each with GPU hours for each month. Nodes and queues are those of slurm-on-pcs. */
class SlurmTeamsStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'], natGateways: 1 });
    const slurm = new pcs.Cluster(this, 'Slurm', {
      vpc,
      size: pcs.ClusterSize.SMALL,
      schedulerVersion: pcs.SlurmVersion.V25_11,
      accounting: pcs.Accounting.standard({ retention: Duration.days(365) }),
      slurmRest: pcs.SlurmRest.STANDARD,
      slurmSettings: { preemptMode: ['REQUEUE'], custom: { PreemptType: 'preempt/qos' } },
    });

    // Interactive jobs are short and small, and others give way to them.
    const batch = slurm.addQos('Batch', { preemptMode: pcs.SlurmQosPreemptMode.REQUEUE });
    const interactive = slurm.addQos('Interactive', {
      priority: 100,
      preempts: [batch],
      limits: { maxWall: Duration.hours(4), maxTresPerUser: { 'gres/gpu': 2 } },
    });

    // The lab has a budget, and each team a part of it.
    const lab = slurm.addAccount('Lab', { budget: pcs.GpuBudget.monthly({ gpuHours: 6000 }), qos: [batch, interactive], defaultQos: batch });
    const research = slurm.addAccount('Research', {
      parent: lab,
      users: pcs.AccountUsers.of('alice', 'bob'),
      budget: pcs.GpuBudget.monthly({ gpuHours: 5000 }),
      fairShareWeight: 80,
      limits: { grpTres: { 'gres/gpu': 32 } },
    });
    const teaching = slurm.addAccount('Teaching', {
      parent: lab,
      users: pcs.AccountUsers.fromAsset(join(__dirname, 'teaching.csv')),
      budget: pcs.GpuBudget.monthly({ gpuHours: 500 }),
      fairShareWeight: 20,
    });

    // Who pays is told before a budget is used up.
    const usage = new pcs.AccountUsageWatch(this, 'Usage', {
      cluster: slurm,
      accounts: [lab, research, teaching],
      budgetPercents: [80, 100],
      topic: new sns.Topic(this, 'Budgets'),
    });
    new pcs.CapacityDashboard(this, 'Capacity', { cluster: slurm, usageWatch: usage, missingAlarm: false, idleAlarm: false });

    new CfnOutput(this, 'ClusterId', { value: slurm.clusterId });
    new CfnOutput(this, 'ResearchChanges', { value: research.changes });
    Tags.of(this).add('project', 'llm');
  }
}

const app = new App();
new SlurmTeamsStack(app, 'SlurmTeams', { env: { region: 'us-east-1' } });
app.synth();
