import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { hyperpod } from 'cdk-hpc-clusters';

export interface NodeRemediationStackProps extends StackProps {
  readonly clusterArn: string;
  /** Whether nodes are touched. Otherwise notices say what would be done. */
  readonly repair: boolean;
}

/** Broken nodes of a HyperPod cluster are repaired at night, and by hand at any time. */
export class NodeRemediationStack extends Stack {
  constructor(scope: Construct, id: string, props: NodeRemediationStackProps) {
    super(scope, id, props);

    const cluster = hyperpod.Cluster.fromClusterArn(this, 'Cluster', props.clusterArn);
    const oncall = new sns.Topic(this, 'Oncall', { enforceSSL: true });

    // By itself: a reboot first, a replacement when the fault comes back, two nodes of a group at once and six a night.
    const remediation = new hyperpod.NodeRemediation(this, 'Remediation', {
      cluster,
      mode: props.repair ? hyperpod.RemediationMode.REPAIR : hyperpod.RemediationMode.REPORT,
      limits: { maxNodesAtOnce: 2, maxPercentAtOnce: 10, maxNodesPerDay: 6 },
      maintenanceWindows: [{ start: '22:00', duration: Duration.hours(8) }],
      faultRules: [
        { contains: 'Xid 119', action: hyperpod.FaultAction.ESCALATE }, // the driver's firmware: a reboot doesn't help
        { contains: 'Xid 79', action: hyperpod.FaultAction.REPLACE }, // the GPU fell off the bus too often here
      ],
    });
    // People hear of what they have to do. All other notices are on the event bus.
    remediation.onNotice('People', {
      eventPattern: { detail: { Kind: ['Escalated', 'Refused'] } },
      target: new targets.SnsTopic(oncall),
    });
    remediation.metricFailed().createAlarm(this, 'RemediationFailed', { threshold: 1, evaluationPeriods: 1 });

    // By hand: aws stepfunctions start-execution --input '{ "nodes": ["i-0123456789abcdef0", ...] }', as many as there are.
    const replace = hyperpod.NodeRepair.replace(this, 'Replace', {
      cluster,
      nodes: hyperpod.NodeList.fromJsonPathAt('$.nodes'),
      maxNodesAtOnce: 10,
      failOnFailedNodes: true,
    });
    const byHand = new sfn.StateMachine(this, 'ReplaceNodes', { definitionBody: sfn.DefinitionBody.fromChainable(replace) });
    new CfnOutput(this, 'ReplaceNodesArn', { value: byHand.stateMachineArn });
  }
}
