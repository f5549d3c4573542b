import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Cluster, FaultAction, NodeRemediation, RemediationMode, type NodeRemediationProps } from '../../../src/hyperpod';
import { definitionOf } from '../../states/interpreter';

const ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';
let stack: Stack;

beforeEach(() => { stack = new Stack(new App(), 'Stack'); });

function remediation(props: Partial<NodeRemediationProps> = {}): NodeRemediation {
  return new NodeRemediation(stack, 'Remediation', { cluster: Cluster.fromClusterArn(stack, 'Pod', ARN), ...props });
}
const policy = () => definitionOf(stack).States['Take step'].Parameters.Policy;
const actionsOf = (document: any) => document.Statement.flatMap((statement: any) => [statement.Action].flat());
const functionActions = () => {
  const [role] = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role')).filter(([id]) => id.includes('Operations'));
  return actionsOf(role[1].Properties.Policies[0].PolicyDocument);
};

test('reports by default, and then has no permission to touch a node', () => {
  remediation();
  expect(policy().DryRun).toBe(true);
  expect(functionActions().filter((action: string) => /Batch/.test(action))).toEqual([]);
});

test('may touch nodes of its cluster, and its own table, where it is told to', () => {
  remediation({ mode: RemediationMode.REPAIR });
  expect(policy().DryRun).toBe(false);
  expect(functionActions()).toEqual(expect.arrayContaining(['sagemaker:BatchRebootClusterNodes', 'sagemaker:BatchReplaceClusterNodes', 'dynamodb:PutItem']));
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  expect(text).not.toContain('"Resource":"*"');
});

test('listens to faults of nodes, to events of instances that are no mere news, and to the failure of the cluster', () => {
  remediation();
  const template = Template.fromStack(stack);
  const common = { source: ['aws.sagemaker'], resources: [ARN] };
  for (const pattern of [
    { 'detail-type': ['SageMaker HyperPod Cluster Node Health Event'], 'detail': { HealthSummary: { HealthStatus: ['Unhealthy', 'Healthy'] } } },
    {
      'detail-type': ['SageMaker HyperPod Cluster Event'],
      'detail': { EventDetails: { ResourceType: ['Instance'], EventLevel: ['Warn', 'Error', { exists: false }] } }, // older events have no level
    },
    { 'detail-type': ['SageMaker HyperPod Cluster State Change'], 'detail': { ClusterStatus: ['Failed'] } },
  ]) {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { ...common, ...pattern },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue(), RetryPolicy: { MaximumEventAgeInSeconds: 6 * 3600 } })],
    });
  }
  template.resourceCountIs('AWS::Events::Rule', 3);
});

test('keeps its state in one table that is paid by request and forgets', () => {
  remediation();
  const template = Template.fromStack(stack);
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Delete',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    },
  });
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { STATE_TABLE: { Ref: Match.stringLikeRegexp('State') } } } });
});

test('says what it was told', () => {
  remediation({
    mode: RemediationMode.REPAIR,
    limits: { maxNodesAtOnce: 2, maxPercentAtOnce: 20, maxNodesPerDay: 6, maxPercentPerDay: 30 },
    faultRules: [{ contains: 'Xid 119', action: FaultAction.ESCALATE }],
    maintenanceWindows: [{ start: '22:30', duration: Duration.hours(3), days: [6, 0] }],
    controllerGroups: ['head'],
    requirePatched: false,
    pollInterval: Duration.minutes(2),
    rebootTimeout: Duration.minutes(20),
    replaceTimeout: Duration.hours(2),
    recurrenceWindow: Duration.days(7),
  });
  expect(policy()).toEqual({
    DryRun: false,
    Rules: [{ Contains: 'Xid 119', Decision: 'Escalate' }],
    ControllerGroups: ['head'],
    MaxAtOnce: 2,
    MaxPercentAtOnce: 20,
    MaxPerDay: 6,
    MaxPercentPerDay: 30,
    Windows: [{ Days: [0, 6], StartMinute: 22 * 60 + 30, Minutes: 180 }],
    RequirePatched: false,
    PollSeconds: 120,
    RebootTimeoutSeconds: 1200,
    ReplaceTimeoutSeconds: 7200,
    MaxDelaySeconds: 8 * 86_400,
    RecurrenceSeconds: 7 * 86_400,
    MaxFaultAgeSeconds: 86_400,
  });
});

test('a window without days is there every day, and may have part of a minute', () => {
  remediation({ maintenanceWindows: [{ start: '09:05', duration: Duration.seconds(90) }] });
  expect(policy().Windows).toEqual([{ Days: [0, 1, 2, 3, 4, 5, 6], StartMinute: 9 * 60 + 5, Minutes: 1.5 }]);
});

test('lets a fault wait for a day, or for a week of windows and a day', () => {
  remediation();
  expect(policy().MaxDelaySeconds).toBe(86_400);
});

test('a topic is told besides EventBridge', () => {
  remediation({ topic: new sns.Topic(stack, 'Topic') });
  expect(definitionOf(stack).States['Send notice'].Parameters).toEqual({
    'TopicArn': expect.any(String),
    'Message.$': 'States.JsonToString($.Step.Notice)',
    'Subject.$': "States.Format('HyperPod node {}: {}', $.Step.Notice.InstanceId, $.Step.Notice.Kind)",
  });
});

/** What the state machine may do with topics and keys. */
function ofTopics(): Record<string, unknown>[] {
  const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Record<string, unknown>[]);
  return statements.filter(({ Action }) => /sns:|kms:/.test(JSON.stringify(Action)));
}

test.each<[string, () => sns.ITopicRef, string, object[]]>([
  ['a topic', () => new sns.Topic(stack, 'Topic'), 'TopicBFC7AF6E', []],
  ['a topic with a key of yours', () => new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'Key') }), 'TopicBFC7AF6E',
    [{ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Effect: 'Allow', Resource: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } }]],
  ['the L1 of a topic', () => new sns.CfnTopic(stack, 'Topic'), 'Topic', []],
])('%s may be published to by the state machine', (_, topic, id, ofKey) => {
  remediation({ topic: topic() });
  expect(definitionOf(stack).States['Send notice'].Parameters.TopicArn).toContain(id);
  expect(ofTopics()).toEqual([{ Action: 'sns:Publish', Effect: 'Allow', Resource: { Ref: id } }, ...ofKey]);
});

test('rules on its notices are about its cluster alone', () => {
  remediation().onNotice('Escalated', { target: new targets.SnsTopic(new sns.Topic(stack, 'Topic')), eventPattern: { detail: { Kind: ['Escalated'] } } });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      'source': ['cdk-hpc-clusters.hyperpod'], 'detail-type': ['HyperPod Node Remediation'], 'detail': { ClusterName: [ARN], Kind: ['Escalated'] },
    },
  });
});

test('notices go to a bus of yours, and the rules on them listen there', () => {
  const eventBus = new events.EventBus(stack, 'Bus');
  remediation({ eventBus }).onNotice('Escalated');
  expect(definitionOf(stack).States['Put notice'].Parameters.Entries[0].EventBusName).toEqual(expect.anything());
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
    EventBusName: { Ref: Match.stringLikeRegexp('^Bus') }, EventPattern: Match.objectLike({ source: ['cdk-hpc-clusters.hyperpod'] }),
  });
});

test('the state can be kept, and encrypted with a key of yours', () => {
  remediation({ removalPolicy: RemovalPolicy.RETAIN, encryptionKey: new kms.Key(stack, 'Key') });
  Template.fromStack(stack).hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Retain', Properties: { SSESpecification: Match.objectLike({ SSEEnabled: true }) },
  });
});

test('an L1 is looked after by its reference', () => {
  const pod = new sagemaker.CfnCluster(stack, 'L1', { instanceGroups: [] });
  new NodeRemediation(stack, 'Remediation', { cluster: pod });
  Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', { EventPattern: Match.objectLike({ resources: [{ Ref: 'L1' }] }) }); // its ARN
});

test.each<[string, (cluster: sagemaker.CfnCluster) => sagemaker.IClusterRef]>([
  ['the L1', cluster => cluster],
  ['the L1 by its attribute', cluster => Cluster.fromClusterArn(stack, 'Pod', cluster.attrClusterArn)],
])('a cluster isn\'t looked after twice: by its L1, and by %s', (_, other) => {
  const pod = new sagemaker.CfnCluster(stack, 'L1', { instanceGroups: [] });
  new NodeRemediation(stack, 'Remediation', { cluster: pod, mode: RemediationMode.REPAIR });
  new NodeRemediation(stack, 'Again', { cluster: other(pod), mode: RemediationMode.REPAIR });
  expect(() => Template.fromStack(stack)).toThrow('[hyperpod.remediationTwice]');
});

test('two remediations of two clusters have functions of their own', () => {
  remediation();
  new NodeRemediation(stack, 'Other', { cluster: Cluster.fromClusterArn(stack, 'Pod2', ARN.replace('a1b2', 'z9y8')) });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
});
