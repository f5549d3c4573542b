import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3_assets from 'aws-cdk-lib/aws-s3-assets';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { MAINTAINED_SCRIPTS } from './facts/maintained-scripts';
import { RULES } from './rules';
import { normalize } from './storage';
import { fits } from '../../private/contracts/forms';
import { checkForm } from '../../private/forms';
import { isConcrete, warn, type Problems } from '../../private/problems';
import { faultOfScript } from '../../private/script-files';
import type { NodeLifecycleActions, NodeLifecycleScript, ScriptChoice } from '../vocabulary/lifecycle-actions';
import type { ScriptPermission } from '../vocabulary/maintained-script';

const STAGES = ['nodeBootstrapped', 'nodeReady'] as const;
/** The most scripts of a stage. */
export const MAX_SCRIPTS = 20;
const MAX_ARGUMENTS = 20;
const MAX_ARGUMENT_LENGTH = 256;
/** The scripts that AWS publishes, in whichever version. */
const PUBLISHED = new RegExp(String.raw`^(?:${MAINTAINED_SCRIPTS.join('|')})-v\d[\w.-]*\.sh$`);
const MAX_SCRIPT_BYTES = 2 * 1024 * 1024;

/** Checks lifecycle actions before anything is created. */
export function checkLifecycleActions(problems: Problems, scope: Construct, actions: NodeLifecycleActions): void {
  for (const stage of STAGES) {
    const scripts = actions[stage] ?? [];
    if (scripts.length > MAX_SCRIPTS) {
      problems.add(RULES.lifecycleScriptCount, { property: `lifecycleActions.${stage}`, got: scripts.length });
    }
    const names = new Set<string>();
    scripts.forEach((script, index) => {
      const property = `lifecycleActions.${stage}[${index}]`;
      checkScript(problems, scope, property, script);
      if (isConcrete(script.name) && names.has(script.name)) {
        problems.add(RULES.lifecycleScriptNameTwice, { property: `${property}.name`, got: script.name });
      }
      names.add(script.name);
    });
  }
}

/** Uploads what has to be uploaded, allows nodes to read it, and makes the property of CloudFormation. */
export function renderLifecycleActions(
  scope: Construct, actions: NodeLifecycleActions, clusterId: string, allow: (statement: iam.PolicyStatement) => void,
): object | undefined {
  const render = (stage: typeof STAGES[number]) => {
    const scripts = actions[stage] ?? [];
    return scripts.length === 0 ? undefined : scripts.map((script, index) => ({
      Name: script.name,
      ScriptSource: renderSource(scope, `${stage}${index}`, script.source._choice, clusterId, allow),
      Arguments: script.arguments?.length ? script.arguments : undefined,
      OnError: script.onError?.value,
      ExecutionPolicy: script.executionPolicy?.value,
    }));
  };
  const stages = { NodeBootstrapped: render('nodeBootstrapped'), NodeReady: render('nodeReady') };
  if (stages.NodeBootstrapped === undefined && stages.NodeReady === undefined) { return undefined; }
  return { ScriptCachingPolicy: actions.cachingPolicy?.value, Stages: stages };
}

/** The names of the buckets that scripts are taken from. */
export function bucketsOf(actions: NodeLifecycleActions | undefined): string[] {
  return STAGES.flatMap(stage => actions?.[stage] ?? []).flatMap(({ source: { _choice: choice } }) =>
    choice.kind === 'bucket' ? [choice.bucket.bucketRef.bucketName] : []);
}

/** The services that nodes call for their scripts, by the last parts of the names of their endpoint services. */
export function servicesOf(actions: NodeLifecycleActions | undefined): string[] {
  const choices = STAGES.flatMap(stage => actions?.[stage] ?? []).map(({ source: { _choice: choice } }) => choice);
  const services = choices.flatMap(choice => {
    if (choice.kind === 'url') { return []; }
    const permission = choice.kind === 'repository' ? choice.permission?.kind : undefined;
    return ['s3', ...permission === 'logGroup' ? ['logs'] : [], ...permission === 'secret' ? ['secretsmanager'] : []];
  });
  return [...new Set(services)];
}

function renderSource(
  scope: Construct, id: string, choice: ScriptChoice, clusterId: string, allow: (statement: iam.PolicyStatement) => void,
): object {
  switch (choice.kind) {
    case 'asset': {
      const asset = new s3_assets.Asset(scope, id, { path: choice.path });
      allowRead(allow, asset.bucket.arnForObjects(asset.s3ObjectKey), choice.encryptionKey);
      return {
        ScriptLocation: asset.s3ObjectUrl,
        Checksum: createHash('sha256').update(readFileSync(choice.path)).digest('hex'),
      };
    }
    case 'bucket': {
      const { bucketArn, bucketName } = choice.bucket.bucketRef;
      const key = choice.encryptionKey ?? (choice.bucket as Partial<s3.IBucket>).encryptionKey;
      allowRead(allow, `${bucketArn}/${choice.objectKey}`, key, choice.objectVersion !== undefined);
      return {
        ScriptLocation: `s3://${bucketName}/${choice.objectKey}`,
        S3VersionId: choice.objectVersion,
        Checksum: choice.checksum,
      };
    }
    case 'repository': {
      const stack = Stack.of(scope);
      const path = `aws-pcs-repo-${stack.region}/aws-pcs-node-lifecycle-scripts/${choice.fileName}`;
      allowRead(allow, `arn:${stack.partition}:s3:::${path}`);
      if (choice.permission) { statementsFor(stack, choice.permission, clusterId).forEach(allow); }
      return { ScriptLocation: `s3://${path}` };
    }
    case 'url':
      return { ScriptLocation: choice.url, Checksum: choice.checksum };
  }
}

function allowRead(
  allow: (statement: iam.PolicyStatement) => void, objectArn: string, key?: kms.IKeyRef, versioned = false,
): void {
  allow(new iam.PolicyStatement({ actions: [versioned ? 's3:GetObjectVersion' : 's3:GetObject'], resources: [objectArn] }));
  if (key) {
    allow(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyRef.keyArn] }));
  }
}

/** What a script is allowed besides to be read. */
function statementsFor(stack: Stack, permission: ScriptPermission, clusterId: string): iam.PolicyStatement[] {
  switch (permission.kind) {
    case 'fileSystem': {
      const { fileSystem, write, root, accessPoint } = permission;
      return [new iam.PolicyStatement({
        actions: ['Mount', ...write ? ['Write'] : [], ...root ? ['RootAccess'] : []].map(action => `elasticfilesystem:Client${action}`),
        resources: [fileSystem.fileSystemRef.fileSystemArn],
        conditions: accessPoint && { StringEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.accessPointRef.accessPointArn } },
      })];
    }
    case 'secret': {
      const secret = permission.secret as secretsmanager.ISecretRef & Partial<secretsmanager.ISecret>;
      const key = permission.encryptionKey ?? secret.encryptionKey;
      const arn = arnOfSecret(secret, stack);
      return [
        new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [arn] }),
        ...key ? [new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyRef.keyArn] })] : [],
      ];
    }
    case 'logGroup': {
      const name = permission.logGroup?.logGroupRef.logGroupName ?? `/aws/pcs/${clusterId}/lifecycle`;
      const arn = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
      return [new iam.PolicyStatement({
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], resources: [arn, `${arn}:*`],
      })];
    }
  }
}

/** Imported secrets may be known by their name alone, or by an ARN without the six characters that end it. */
function arnOfSecret(secret: secretsmanager.ISecretRef & Partial<secretsmanager.ISecret>, stack: Stack): string {
  if (secret.secretArn === undefined || secret.secretFullArn !== undefined) { return secret.secretRef.secretId; }
  const known = `${secret.secretArn}-??????`;
  return Token.isUnresolved(secret.secretArn) || secret.secretArn.startsWith('arn:')
    ? known
    : stack.formatArn({ service: 'secretsmanager', resource: 'secret', resourceName: known, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}

function checkScript(problems: Problems, scope: Construct, property: string, script: NodeLifecycleScript): void {
  checkForm(problems, RULES.lifecycleScriptName, `${property}.name`, script.name);
  const args = script.arguments;
  if (isConcrete(args) && (args.length > MAX_ARGUMENTS || args.some(isTooLong))) {
    problems.add(RULES.lifecycleScriptArguments, { property: `${property}.arguments` });
  }
  const choice = script.source._choice;
  if (choice.kind === 'repository') {
    const { mountPath, directory } = choice;
    checkForm(problems, RULES.storageMountPath, `${property}.arguments`, mountPath === undefined ? undefined : normalize(mountPath));
    checkForm(problems, RULES.ldapUri, `${property}.arguments`, directory?.ldapUri);
    checkForm(problems, RULES.ldapSearchBase, `${property}.arguments`, directory?.searchBase);
  }
  checkSource(problems, scope, `${property}.source`, choice);
}

function isTooLong(argument: string): boolean {
  return isConcrete(argument) && [...argument].length > MAX_ARGUMENT_LENGTH;
}

/** A name of a bucket that isn't known yet has three characters at least. */
function checkObject(problems: Problems, property: string, bucketName: string, key: string): void {
  const address = `s3://${bucketName}/${key}`;
  if (!fits(RULES.lifecycleScriptObject.form!, address)) { problems.add(RULES.lifecycleScriptObject, { property, got: address }); }
}

function checkSource(problems: Problems, scope: Construct, property: string, choice: ScriptChoice): void {
  if (choice.kind === 'asset') {
    const file = statSync(choice.path, { throwIfNoEntry: false });
    if (!file?.isFile() || file.size > MAX_SCRIPT_BYTES) {
      problems.add(RULES.lifecycleScriptFile, { property, got: choice.path });
      return;
    }
    const fault = faultOfScript(choice.path);
    if (fault === 'lines') { problems.add(RULES.lifecycleScriptLines, { property, got: choice.path }); }
    if (fault === 'interpreter') { warn(scope, RULES.lifecycleScriptInterpreter, { property, got: choice.path }); }
    return;
  }
  if (choice.kind === 'url') { checkForm(problems, RULES.lifecycleScriptUrl, property, choice.url); }
  if ('checksum' in choice) { checkForm(problems, RULES.lifecycleScriptChecksum, `${property}.checksum`, choice.checksum); }
  if (choice.kind === 'bucket') {
    const { bucketName } = choice.bucket.bucketRef;
    checkForm(problems, RULES.lifecycleScriptVersion, `${property}.objectVersion`, choice.objectVersion);
    if (isConcrete(choice.objectKey)) { checkObject(problems, property, isConcrete(bucketName) ? bucketName : 'xxx', choice.objectKey); }
  }
  if (choice.kind === 'repository' && isConcrete(choice.fileName)) {
    checkObject(problems, property, 'aws-pcs-repo-us-east-1', `aws-pcs-node-lifecycle-scripts/${choice.fileName}`);
    if (!PUBLISHED.test(choice.fileName)) { warn(scope, RULES.lifecycleScriptUnknown, { property, got: choice.fileName }); }
  }
  if (choice.kind === 'bucket') {
    const bucketRegion = choice.bucket.env.region;
    const region = Stack.of(scope).region;
    if (!Token.isUnresolved(bucketRegion) && !Token.isUnresolved(region) && bucketRegion !== region) {
      warn(scope, RULES.lifecycleScriptRegion, { property, got: bucketRegion });
    }
  }
}
