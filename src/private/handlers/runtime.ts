import { join } from 'path';
import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
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

/** What a function may do before it does anything for us: write its log, and be in its VPC. */
export function runtimeStatements(logGroup: logs.ILogGroup, options: HandlerOptions): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    ...options.vpc ? [new iam.PolicyStatement({ actions: VPC_ACTIONS, resources: ['*'] })] : [],
  ];
}

/** A function of ours. */
export interface HandlerFunction {
  readonly description: string;
  /** The folder of the bundle in assets/. */
  readonly bundle: string;
  /** The name that the bundle exports it under. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly role: iam.IRole;
  readonly logGroup: logs.ILogGroup;
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** Makes a function of ours, as the stack wants it. */
export function handlerFunction(scope: Construct, id: string, options: HandlerOptions, made: HandlerFunction): lambda.Function {
  return new lambda.Function(scope, id, {
    description: made.description,
    runtime: lambda.Runtime.NODEJS_22_X, // a literal: "latest" would change templates on an upgrade of aws-cdk-lib
    handler: `index.${made.entry}`,
    code: lambda.Code.fromAsset(join(BUNDLES, made.bundle)),
    role: made.role,
    logGroup: made.logGroup,
    timeout: made.timeout,
    memorySize: 256,
    vpc: options.vpc,
    vpcSubnets: options.vpcSubnets,
    securityGroups: made.securityGroups ?? options.securityGroups,
    reservedConcurrentExecutions: options.reservedConcurrentExecutions,
  });
}

/** Adds a statement to a policy of a role, and to CDK's report of what a role must allow that `Role.customizeRoles` gave away. */
export function addStatement(role: iam.Role, document: iam.PolicyDocument, statement: iam.PolicyStatement): void {
  document.addStatements(statement);
  if (role.node.tryFindChild(`PrecreatedRole${role.node.id}`)) { role.addToPrincipalPolicy(statement); }
}
