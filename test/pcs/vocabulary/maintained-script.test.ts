import { Stack, aws_ec2 as ec2, aws_efs as efs, aws_kms as kms, aws_logs as logs, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import * as pcs from '../../../src/pcs';
import { clusterIn, concreteStack, nodes } from '../fixture';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/abc';

/** How a script is rendered, and what the role of nodes is allowed for it, besides to read it. */
function rendered(make: (stack: Stack) => pcs.NodeLifecycleScript): { script: any; allowed: any[]; stack: Stack } {
  const stack = concreteStack();
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions: { nodeBootstrapped: [make(stack)] } }));
  const template = Template.fromStack(stack);
  const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  const [, ...allowed] = policy.Properties.PolicyDocument.Statement;
  return { script: group.Properties.NodeLifecycleActions.Stages.NodeBootstrapped[0], allowed, stack };
}

const ldaps = (options: Partial<pcs.ConfigureLdapsOptions> = {}) => pcs.MaintainedScript.configureLdaps({
  ldapUri: 'ldaps://directory.example.com', searchBase: 'dc=example,dc=com', ...options,
});
const files = (stack: Stack) => efs.FileSystem.fromFileSystemAttributes(stack, 'Files', {
  fileSystemId: 'fs-0123456789abcdef0', securityGroup: ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0'),
});

test('a script is pinned to its first version, and has the name, the version and the policies that it is given', () => {
  const { script } = rendered(() => ldaps());
  expect(script).toEqual({
    Name: 'configure-ldaps',
    ScriptSource: { ScriptLocation: 's3://aws-pcs-repo-us-east-1/aws-pcs-node-lifecycle-scripts/configure-ldaps-v1.0.0.sh' },
    Arguments: ['--ldap-uri', 'ldaps://directory.example.com', '--search-base', 'dc=example,dc=com'],
  });
  expect(rendered(() => ldaps({
    name: 'users',
    scriptVersion: pcs.MaintainedScriptVersion.V1_LATEST,
    onError: pcs.ScriptErrorAction.STOP_SEQUENCE,
    executionPolicy: pcs.ScriptExecutionPolicy.EVERY_BOOT,
  })).script).toMatchObject({
    Name: 'users',
    ScriptSource: { ScriptLocation: expect.stringMatching(/\/configure-ldaps-v1-latest\.sh$/) },
    OnError: 'STOP_SEQUENCE',
    ExecutionPolicy: 'EVERY_BOOT',
  });
});

describe('the secret of a directory', () => {
  test('may be read with the key that it has', () => {
    const { script, allowed, stack } = rendered(scope => ldaps({
      secret: new secretsmanager.Secret(scope, 'Secret', { encryptionKey: kms.Key.fromKeyArn(scope, 'Key', KEY) }),
    }));
    const secret = { Ref: stack.getLogicalId(stack.node.findChild('Secret').node.defaultChild as secretsmanager.CfnSecret) };
    expect(script.Arguments.slice(-2)).toEqual(['--secret-arn', secret]);
    expect(allowed).toEqual([
      { Action: 'secretsmanager:GetSecretValue', Effect: 'Allow', Resource: secret },
      { Action: 'kms:Decrypt', Effect: 'Allow', Resource: KEY },
    ]);
  });

  test('has a key that is named, where it isn\'t known by itself', () => {
    const { allowed } = rendered(scope => ldaps({
      secret: secretsmanager.Secret.fromSecretCompleteArn(scope, 'Secret', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:users-abcdef'),
      encryptionKey: kms.Key.fromKeyArn(scope, 'Key', KEY),
    }));
    expect(allowed.map(({ Resource }) => Resource)).toEqual(['arn:aws:secretsmanager:us-east-1:111122223333:secret:users-abcdef', KEY]);
  });

  test('is allowed with whatever ends its ARN, where it is known by its name', () => {
    const { allowed, stack } = rendered(scope => ldaps({ secret: secretsmanager.Secret.fromSecretNameV2(scope, 'Secret', 'users') }));
    expect(stack.resolve(allowed[0].Resource)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:us-east-1:111122223333:secret:users-??????']],
    });
  });

  test('is allowed by an ARN, also where the old import by name says the name alone', () => {
    const { allowed, stack } = rendered(scope => {
      const old = secretsmanager.Secret as unknown as {
        fromSecretName(scope: Construct, id: string, name: string): secretsmanager.ISecret;
      };
      return ldaps({ secret: old.fromSecretName(scope, 'Secret', 'users') });
    });
    expect(stack.resolve(allowed[0].Resource)).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:us-east-1:111122223333:secret:users-??????']],
    });
  });

  test('is nobody\'s where there is none', () => {
    expect(rendered(() => ldaps()).allowed).toEqual([]);
  });
});

test('a log group that is given is the one that nodes may write to', () => {
  const { script, allowed } = rendered(scope => pcs.MaintainedScript.configureCloudWatchLogs({
    logGroup: logs.LogGroup.fromLogGroupName(scope, 'Logs', '/nodes'),
  }));
  expect(script.Arguments).toEqual(['--log-group-name', '/nodes']);
  const arn = (end: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:logs:us-east-1:111122223333:log-group:/nodes${end}`]] });
  expect(allowed).toEqual([{
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: [arn(''), arn(':*')],
  }]);
});

test.each<[string, string[] | undefined, string[] | undefined]>([
  ['its own options', undefined, ['Mount', 'Write', 'RootAccess']],
  ['no options', [], ['Mount', 'Write', 'RootAccess']],
  ['the role', ['tls', 'iam'], ['Mount', 'Write', 'RootAccess']],
  ['the role, for reading', ['tls', 'iam', 'ro'], ['Mount', 'RootAccess']],
  ['no role', ['tls'], undefined],
])('EFS that is mounted with %s is what nodes are allowed', (_, options, actions) => {
  const { script, allowed } = rendered(scope => pcs.MaintainedScript.mountEfs({ fileSystem: files(scope), mountPoint: '/tools', options }));
  expect(script.Arguments.slice(4)).toEqual(options?.length ? ['--options', options.join()] : []);
  expect(allowed.map(({ Action }) => Action)).toEqual(actions ? [actions.map(action => `elasticfilesystem:Client${action}`)] : []);
});
