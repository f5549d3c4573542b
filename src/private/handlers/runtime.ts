import { join } from 'path';
import { RemovalPolicy, type Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import type { Bundle } from './table';
import type { HandlerOptions } from '../../handler-defaults';

/** The bundles, as far from lib/private/handlers as they are from src/private/handlers. */
const BUNDLES = join(__dirname, '..', '..', '..', 'assets');

/** What Lambda needs of EC2 to run a function in a VPC. Its network interfaces have no names beforehand. */
const VPC_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** How long logs are kept where the stack doesn't say, and what becomes of them, whatever it says. */
export interface LogKeeping {
  readonly retention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The network of what a handler is for. */
export interface HandlerNetwork {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly securityGroups: ec2.ISecurityGroup[];
}

/** Makes what a network needs below a handler, and tells it. */
export type NetworkMaker = (handler: Construct) => HandlerNetwork;

/** Options of a handler whose network isn't that of the other handlers of its stack. */
export function inNetwork(options: HandlerOptions, network: HandlerNetwork): HandlerOptions {
  return { ...options, vpcSubnets: undefined, ...network };
}

/** The log group of a handler. */
export function handlerLogs(scope: Construct, options: HandlerOptions, kept?: LogKeeping): logs.LogGroup {
  return new logs.LogGroup(scope, 'Logs', {
    retention: options.logRetention ?? kept?.retention ?? logs.RetentionDays.ONE_MONTH,
    removalPolicy: kept?.removalPolicy ?? options.logRemovalPolicy ?? RemovalPolicy.DESTROY,
    encryptionKey: options.logEncryptionKey,
  });
}

/** The role of a function of ours. */
export interface HandlerRole {
  readonly description: string;
  /** The name of its policy, which is part of it: the function waits for it, and the stack has one resource less. */
  readonly policyName: string;
  /** The policy, which may grow until synthesis. */
  readonly document: iam.PolicyDocument;
  readonly logGroup: logs.ILogGroup;
}

/** Makes a role that may write its log, and be in its VPC. */
export function handlerRole(scope: Construct, id: string, options: HandlerOptions, made: HandlerRole): iam.Role {
  made.document.addStatements(
    new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [made.logGroup.logGroupArn] }),
    ...options.vpc ? [new iam.PolicyStatement({ actions: VPC_ACTIONS, resources: ['*'] })] : [],
  );
  return new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    description: made.description,
    inlinePolicies: { [made.policyName]: made.document },
    permissionsBoundary: options.permissionsBoundary,
  });
}

/** What a function of ours is made of. */
export interface FunctionParts {
  readonly description: string;
  readonly bundle: Bundle;
  /** The name that the bundle exports it under. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly role: iam.IRole;
  readonly logGroup: logs.ILogGroup;
  readonly environment?: Record<string, string>;
}

/** Makes a function of ours, as the stack wants it. */
export function makeFunction(scope: Construct, id: string, options: HandlerOptions, made: FunctionParts): lambda.Function {
  return new lambda.Function(scope, id, {
    description: made.description,
    runtime: lambda.Runtime.NODEJS_24_X, // a literal: "latest" would change templates on an upgrade of aws-cdk-lib
    handler: `index.${made.entry}`,
    code: lambda.Code.fromAsset(join(BUNDLES, made.bundle)),
    role: made.role,
    logGroup: made.logGroup,
    environment: made.environment,
    timeout: made.timeout,
    memorySize: 256,
    vpc: options.vpc,
    vpcSubnets: options.vpcSubnets,
    securityGroups: options.securityGroups,
    reservedConcurrentExecutions: options.reservedConcurrentExecutions,
  });
}

/** What the CDK's `Provider` is made of: a function of ours that begins, and one that waits. */
export interface ProviderParts {
  readonly begins: lambda.Function;
  readonly waits: lambda.Function;
  readonly timeout: Duration;
  readonly interval: Duration;
  readonly logGroup: logs.ILogGroup;
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** Makes the framework of CDK around two functions, as the stack wants it. */
export function makeProvider(scope: Construct, id: string, options: HandlerOptions, made: ProviderParts): Provider {
  const provider = new Provider(scope, id, {
    onEventHandler: made.begins,
    isCompleteHandler: made.waits,
    totalTimeout: made.timeout,
    queryInterval: made.interval,
    disableWaiterStateMachineLogging: true, // its history has the URL that answers CloudFormation
    logGroup: made.logGroup,
    vpc: options.vpc,
    vpcSubnets: options.vpcSubnets,
    securityGroups: made.securityGroups,
  });
  if (options.permissionsBoundary) {
    iam.PermissionsBoundary.of(scope).apply(options.permissionsBoundary); // the roles of the framework have no property for it
  }
  return provider;
}

/** One group for the five functions of a provider: by themselves, they would have one each. */
export function sharedSecurityGroups(
  scope: Construct, { vpc, securityGroups }: HandlerOptions, description: string,
): ec2.ISecurityGroup[] | undefined {
  return !vpc || securityGroups ? securityGroups : [new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description })];
}

/** Adds a statement to a policy of a role, and to CDK's report of what a role must allow that `Role.customizeRoles` gave away. */
export function addStatement(role: iam.Role, document: iam.PolicyDocument, statement: iam.PolicyStatement): void {
  document.addStatements(statement);
  if (role.node.tryFindChild(`PrecreatedRole${role.node.id}`)) { role.addToPrincipalPolicy(statement); }
}
