import { join } from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';

const ID = 'CdkHpcClustersNodeOperations';
/** The bundle, as far from lib/private/handlers as it is from src/private/handlers. */
const BUNDLE = join(__dirname, '..', '..', '..', 'assets', 'node-operations');
/** A step reads all pages of a list and makes four calls at most, each with its retries. */
const TIMEOUT = Duration.minutes(3);

/** What Lambda needs of EC2 to run a function in a VPC. Its network interfaces have no names beforehand. */
const VPC_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The function behind operations on nodes: one per stack for task states and workflows, one of its own for each remediation, which
 * acts without being asked and therefore may touch its cluster and its table only.
 */
export class NodeOperationsHandler extends Construct {
  /** The function that the task states of a stack share, made when the first one needs it. */
  public static for(scope: Construct): NodeOperationsHandler {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(ID) as NodeOperationsHandler | undefined)
      ?? new NodeOperationsHandler(stack, ID, 'Operations on HyperPod nodes for the state machines of this stack');
  }

  public readonly handler: lambda.Function;
  private readonly allowed = new Set<string>();
  private readonly document = new iam.PolicyDocument({ minimize: true });
  private readonly role: iam.Role;

  public constructor(scope: Construct, id: string, description: string, environment?: Record<string, string>) {
    super(scope, id);
    markAsHandler(this);
    const options = handlerOptions(Stack.of(this));
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: options.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: options.logRemovalPolicy ?? RemovalPolicy.DESTROY,
      encryptionKey: options.logEncryptionKey,
    });
    this.document.addStatements(new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }));
    if (options.vpc) {
      this.document.addStatements(new iam.PolicyStatement({ actions: VPC_ACTIONS, resources: ['*'] }));
    }
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description,
      inlinePolicies: { Nodes: this.document },
      permissionsBoundary: options.permissionsBoundary,
    });
    this.handler = new lambda.Function(this, 'Function', {
      description,
      runtime: lambda.Runtime.NODEJS_22_X, // a literal: "latest" would change templates on an upgrade of aws-cdk-lib
      handler: 'index.handler',
      code: lambda.Code.fromAsset(BUNDLE),
      role: this.role,
      logGroup,
      environment,
      timeout: TIMEOUT,
      memorySize: 256,
      vpc: options.vpc,
      vpcSubnets: options.vpcSubnets,
      securityGroups: options.securityGroups,
      reservedConcurrentExecutions: options.reservedConcurrentExecutions,
    });
  }

  /** Lets the function do something more. */
  public allow(actions: string[], resources: string[]): void {
    const key = JSON.stringify(Stack.of(this).resolve([actions, resources]));
    if (this.allowed.has(key)) { return; }
    this.allowed.add(key);
    const statement = new iam.PolicyStatement({ actions, resources });
    if (this.role.node.tryFindChild(`PrecreatedRole${this.role.node.id}`)) {
      this.role.addToPrincipalPolicy(statement); // Role.customizeRoles: for CDK's report of what the role must allow
    }
    this.document.addStatements(statement);
  }
}
