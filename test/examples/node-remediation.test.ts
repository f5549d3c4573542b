import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { NodeRemediationStack } from '../../examples/typescript/node-remediation/node-remediation-stack';

function synthesize(repair: boolean): Template {
  return Template.fromStack(new NodeRemediationStack(new App({ analyticsReporting: false }), 'NodeRemediation', {
    clusterArn: 'arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl', repair,
  }));
}

/** The actions that touch nodes, of the functions that may do them. */
function touching(template: Template): string[] {
  return Object.entries(template.findResources('AWS::IAM::Role')).flatMap(([id, { Properties }]) => (
    JSON.stringify(Properties.Policies ?? []).match(/sagemaker:Batch\w+/g) ?? []).map(action => `${id.replace(/\w{8}$/, '')} ${action}`)).sort();
}

test('while it reports, only the state machine that people start may touch nodes', () => {
  expect(touching(synthesize(false))).toEqual(['CdkHpcClustersHyperPodNodeOperationsRole sagemaker:BatchReplaceClusterNodes']);
});

test('when it repairs, its own function may, too', () => {
  expect(touching(synthesize(true))).toEqual([
    'CdkHpcClustersHyperPodNodeOperationsRole sagemaker:BatchReplaceClusterNodes',
    'RemediationOperationsRole sagemaker:BatchRebootClusterNodes',
    'RemediationOperationsRole sagemaker:BatchReplaceClusterNodes',
  ]);
});

test('people hear of what they have to do, and of nothing else', () => {
  synthesize(true).hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { Kind: ['Escalated', 'Refused'] } },
    Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Oncall') } })],
  });
});
