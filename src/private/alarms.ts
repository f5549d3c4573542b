import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Problems } from './problems';
import type { Rule } from './rule';

/** Notifies a topic when alarms go into ALARM and when they go back to OK. */
export function notifyTopic(alarms: readonly cloudwatch.Alarm[], topic: sns.ITopicRef | undefined): void {
  if (!topic) { return; }
  for (const alarm of alarms) {
    alarm.addAlarmAction(actionOf(topic));
    alarm.addOkAction(actionOf(topic));
  }
}

/** How often alarms look at their metrics. */
export const ALARM_PERIOD = Duration.minutes(5);

/** An alarm looks at whole periods, and at one day at most. How many they are has to be known at synthesis. */
export function checkAlarmTimes(problems: Problems, rule: Rule, times: Record<string, Duration>): void {
  for (const [property, time] of Object.entries(times)) {
    const minutes = time.isUnresolved() ? NaN : time.toMinutes({ integral: false });
    if (!(minutes >= ALARM_PERIOD.toMinutes() && minutes <= 24 * 60 && minutes % ALARM_PERIOD.toMinutes() === 0)) {
      problems.add(rule, { property, got: time.isUnresolved() ? 'a time that is known at deployment' : `${minutes} minutes` });
    }
  }
}

/** Notifies a topic when an alarm has no data any more. */
export function notifyOfMissingData(alarm: cloudwatch.Alarm | undefined, topic: sns.ITopicRef | undefined): void {
  if (topic) { alarm?.addInsufficientDataAction(actionOf(topic)); }
}

function actionOf(topic: sns.ITopicRef): cloudwatch.IAlarmAction {
  return { bind: () => ({ alarmActionArn: topic.topicRef.topicArn }) };
}

/** The state of alarms, in half the width of a dashboard; nothing where there are none. */
export function alarmStatus(alarms: cloudwatch.IAlarm[]): cloudwatch.AlarmStatusWidget[] {
  return alarms.length === 0 ? [] : [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: 12, height: 6 })];
}

/** A graph of half the width of a dashboard. */
export function graph(title: string, left: cloudwatch.IMetric[], more: Partial<cloudwatch.GraphWidgetProps> = {}): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({ title, left, width: 12, height: 6, leftYAxis: { min: 0 }, ...more });
}
