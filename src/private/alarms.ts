import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';

/** Tells a topic when alarms speak and when they fall silent. */
export function tellTopic(alarms: readonly cloudwatch.Alarm[], topic: sns.ITopicRef | undefined): void {
  if (!topic) { return; }
  const { topicArn: alarmActionArn } = topic.topicRef;
  for (const alarm of alarms) {
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn }) });
    alarm.addOkAction({ bind: () => ({ alarmActionArn }) });
  }
}

/** A graph of half the width of a dashboard. */
export function graph(title: string, left: cloudwatch.IMetric[], more: Partial<cloudwatch.GraphWidgetProps> = {}): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 }, ...more });
}
