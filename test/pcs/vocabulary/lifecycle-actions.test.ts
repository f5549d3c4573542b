import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lazy, Stack, aws_iam as iam, aws_kms as kms, aws_s3 as s3, type App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as pcs from '../../../src/pcs';
import { clusterIn, concreteStack, nodes } from '../fixture';

const HELLO = `${__dirname}/../scripts/hello.sh`;
const ASSETS = 'cdk-hnb659fds-assets-111122223333-us-east-1';

/** The lifecycle actions as rendered, and the statements of the policy of nodes. */
function synthesize(
  lifecycleActions: pcs.NodeLifecycleActions, options: Partial<pcs.ComputeNodeGroupOptions> = {}, stack: Stack = concreteStack(),
): { actions: any; statements: any[]; template: Template } {
  clusterIn(stack).addComputeNodeGroup('Nodes', nodes({ lifecycleActions, ...options }));
  const template = Template.fromStack(stack);
  const [group] = Object.values(template.findResources('AWS::PCS::ComputeNodeGroup'));
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
  return {
    actions: group.Properties.NodeLifecycleActions, statements: policy?.Properties.PolicyDocument.Statement ?? [], template,
  };
}

test('everything about a script is rendered, in order', () => {
  const { actions } = synthesize({
    cachingPolicy: pcs.ScriptCachingPolicy.REFRESH_ON_REBOOT,
    nodeBootstrapped: [
      {
        name: 'second first',
        source: pcs.ScriptSource.fromUrl('https://example.com/a.sh', { checksum: 'a'.repeat(64) }),
        arguments: ['--now'],
        onError: pcs.ScriptErrorAction.STOP_SEQUENCE,
        executionPolicy: pcs.ScriptExecutionPolicy.EVERY_BOOT,
      },
      { name: 'a', source: pcs.ScriptSource.fromUrl('https://example.com/b.sh'), arguments: [] },
    ],
  });
  expect(actions).toEqual({
    ScriptCachingPolicy: 'REFRESH_ON_REBOOT',
    Stages: {
      NodeBootstrapped: [
        {
          Name: 'second first',
          ScriptSource: { ScriptLocation: 'https://example.com/a.sh', Checksum: 'a'.repeat(64) },
          Arguments: ['--now'],
          OnError: 'STOP_SEQUENCE',
          ExecutionPolicy: 'EVERY_BOOT',
        },
        { Name: 'a', ScriptSource: { ScriptLocation: 'https://example.com/b.sh' } },
      ],
    },
  });
});

test('stages without scripts render nothing, though caching is chosen', () => {
  expect(synthesize({ cachingPolicy: pcs.ScriptCachingPolicy.CACHE_ONCE, nodeReady: [] }).actions).toBeUndefined();
});

describe('a local file', () => {
  test('is an asset whose checksum is that of its bytes', () => {
    const { actions } = synthesize({ nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(HELLO) }] });
    const { ScriptLocation, Checksum } = actions.Stages.NodeReady[0].ScriptSource;
    expect(ScriptLocation).toMatch(new RegExp(`^s3://${ASSETS}/[0-9a-f]{64}\\.sh$`));
    expect(Checksum).toBe(createHash('sha256').update(readFileSync(HELLO)).digest('hex'));
    expect(ScriptLocation).not.toContain(Checksum);
  });

  test('has another checksum when it changes', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'pcs-')), 'a.sh');
    const checksum = (content: string) => {
      writeFileSync(path, content);
      return synthesize({ nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromAsset(path) }] }).actions.Stages.NodeReady[0].ScriptSource.Checksum;
    };
    expect(checksum('one')).toBe('7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed');
    expect(checksum('two')).toBe('3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3');
  });

  test('has 2 MiB at most', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'pcs-')), 'a.sh');
    const ofSize = (size: number) => () => {
      writeFileSync(path, Buffer.alloc(size));
      return synthesize({ nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromAsset(path) }] });
    };
    expect(ofSize(2 * 1024 * 1024)).not.toThrow();
    expect(ofSize(2 * 1024 * 1024 + 1)).toThrow('[pcs.lifecycleScriptFile] `lifecycleActions.nodeReady[0].source` ');
  });

  test('is readable for nodes, and nothing else of the bucket is', () => {
    const { actions, statements, template } = synthesize({ nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(HELLO) }] });
    const key = actions.Stages.NodeReady[0].ScriptSource.ScriptLocation.slice('s3://'.length);
    expect(statements).toEqual([{
      Action: 's3:GetObject',
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${key}`]] },
    }]);
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
    template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: [policy] });
  });

  test('is decrypted only with a key that is named', () => {
    const stack = concreteStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc');
    const { statements } = synthesize({
      nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(HELLO, { encryptionKey }) }],
    }, {}, stack);
    expect(statements[1]).toEqual({ Action: 'kms:Decrypt', Effect: 'Allow', Resource: 'arn:aws:kms:us-east-1:111122223333:key/abc' });
  });

  test('may be used twice, and groups share the policy', () => {
    const stack = concreteStack();
    const cluster = clusterIn(stack);
    const hello = { name: 'hello', source: pcs.ScriptSource.fromAsset(HELLO) };
    for (const id of ['A', 'B']) {
      cluster.addComputeNodeGroup(id, nodes({ lifecycleActions: { nodeBootstrapped: [hello], nodeReady: [hello] } }));
    }
    expect(cluster.node.tryFindChild('NodePolicy')).toBeDefined();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 1);
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(policy.Properties.PolicyDocument.Statement).toHaveLength(1);
  });
});

describe('an object in a bucket', () => {
  test('is readable for nodes with the key of the bucket', () => {
    const stack = concreteStack();
    const bucket = new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS });
    const { actions, statements } = synthesize({
      nodeReady: [{
        name: 'x', source: pcs.ScriptSource.fromBucket({ bucket, objectKey: 'a/b.sh', objectVersion: 'v1', checksum: 'b'.repeat(64) }),
      }],
    }, {}, stack);
    expect(actions.Stages.NodeReady[0].ScriptSource).toEqual({
      ScriptLocation: { 'Fn::Join': ['', ['s3://', stack.resolve(bucket.bucketName), '/a/b.sh']] },
      S3VersionId: 'v1',
      Checksum: 'b'.repeat(64),
    });
    expect(statements).toEqual([
      { Action: 's3:GetObjectVersion', Effect: 'Allow', Resource: stack.resolve(bucket.arnForObjects('a/b.sh')) },
      { Action: 'kms:Decrypt', Effect: 'Allow', Resource: stack.resolve(bucket.encryptionKey!.keyArn) },
    ]);
  });

  test('has the key that is named rather than that of the bucket', () => {
    const stack = concreteStack();
    const bucket = new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS });
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc');
    const { statements } = synthesize({
      nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromBucket({ bucket, objectKey: 'a.sh', encryptionKey }) }],
    }, {}, stack);
    expect(statements[1]).toEqual({ Action: 'kms:Decrypt', Effect: 'Allow', Resource: 'arn:aws:kms:us-east-1:111122223333:key/abc' });
  });

  test('without a key needs none', () => {
    const stack = concreteStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'scripts');
    const { statements } = synthesize({
      nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromBucket({ bucket, objectKey: 'a.sh' }) }],
    }, {}, stack);
    expect(statements.map(statement => statement.Action)).toEqual(['s3:GetObject']);
  });
});

test('a script of AWS comes from the bucket of the Region', () => {
  const { actions, statements } = synthesize({
    nodeBootstrapped: [{ name: 'efs', source: pcs.ScriptSource.fromPcsRepository('configure-efs-homes-v1-latest.sh') }],
  });
  const path = 'aws-pcs-repo-us-east-1/aws-pcs-node-lifecycle-scripts/configure-efs-homes-v1-latest.sh';
  expect(actions.Stages.NodeBootstrapped[0].ScriptSource).toEqual({ ScriptLocation: `s3://${path}` });
  expect(statements[0].Resource).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${path}`]] });
});

test('names and arguments may be known at deployment only', () => {
  const name = Lazy.string({ produce: () => 'later' });
  const { actions } = synthesize({ nodeReady: [{ name, source: pcs.ScriptSource.fromAsset(HELLO), arguments: [name] }] });
  expect(actions.Stages.NodeReady[0]).toMatchObject({ Name: 'later', Arguments: ['later'] });
});

test('a script on the web needs no permission', () => {
  const { statements, template } = synthesize({ nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromUrl('https://example.com/a.sh') }] });
  expect(statements).toEqual([]);
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

test('the role of a given instance profile is allowed to read scripts', () => {
  const stack = concreteStack();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'), path: '/aws-pcs/' });
  const profile = new iam.InstanceProfile(stack, 'Profile', { role });
  const { statements } = synthesize({ nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromAsset(HELLO) }] }, {
    nodeRole: pcs.NodeRole.fromInstanceProfile(profile),
  }, stack);
  expect(statements.map(statement => statement.Action)).toEqual(['s3:GetObject']);
});

test('what a given instance profile allows is left to the user where its role isn\'t known', () => {
  const stack = concreteStack();
  const profile = iam.InstanceProfile.fromInstanceProfileArn(stack, 'Profile', 'arn:aws:iam::111122223333:instance-profile/nodes');
  const { actions, template } = synthesize({ nodeReady: [{ name: 'x', source: pcs.ScriptSource.fromAsset(HELLO) }] }, {
    nodeRole: pcs.NodeRole.fromInstanceProfile(profile),
  }, stack);
  expect(actions.Stages.NodeReady).toHaveLength(1);
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

test('nodes in another stack than their cluster have a policy in their stack', () => {
  const stack = concreteStack();
  const cluster = clusterIn(stack);
  const other = new Stack(stack.node.root as App, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
  new pcs.ComputeNodeGroup(other, 'Nodes', {
    cluster, ...nodes({ lifecycleActions: { nodeReady: [{ name: 'hello', source: pcs.ScriptSource.fromAsset(HELLO) }] } }),
  });
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  const template = Template.fromStack(other);
  template.resourceCountIs('AWS::IAM::Policy', 1);
  const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
  template.hasResource('AWS::PCS::ComputeNodeGroup', { DependsOn: [policy] });
});

test('scripts share the statements of their role', () => {
  const stack = concreteStack();
  const bucket = s3.Bucket.fromBucketName(stack, 'Scripts', 'scripts');
  const { statements } = synthesize({
    nodeReady: ['a.sh', 'b.sh'].map(objectKey => ({ name: objectKey[0], source: pcs.ScriptSource.fromBucket({ bucket, objectKey }) })),
  }, {}, stack);
  expect(statements).toEqual([{
    Action: 's3:GetObject', Effect: 'Allow', Resource: ['a.sh', 'b.sh'].map(key => stack.resolve(bucket.arnForObjects(key))),
  }]);
});
