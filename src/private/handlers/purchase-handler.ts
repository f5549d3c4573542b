import { Duration, Lazy, RemovalPolicy, type CfnResource, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { RULES } from './rules';
import { addStatement, handlerFunction, handlerLogs, handlerProvider, handlerRole, sharedSecurityGroups } from './runtime';
import { LIMITS_VARIABLE, renderLimits, type SpendingLimit } from '../contracts/spending-limits';
import { fail } from '../problems';
import { singleton, singletonOf } from '../singleton';

/**
 * The ids below make the ServiceToken of every plan ever bought. CloudFormation can't change a ServiceToken, so none of them
 * changes within a major version (decisions/0004 and 0007).
 */
const KINDS: Record<PurchaseKind, Kind> = {
  purchase: {
    id: 'CdkHpcClustersTrainingPlansPurchase',
    entries: ['onEvent', 'isComplete'],
    what: 'Purchases of training plans',
    roles: ['Buys the training plans of this stack', 'Reads the training plans that this stack has bought'],
  },
  extension: {
    id: 'CdkHpcClustersTrainingPlansExtension',
    entries: ['onExtend', 'isExtended'],
    what: 'Extensions of training plans',
    roles: ['Extends training plans', 'Reads the training plans that this stack extends'],
  },
};
const BUNDLE = 'training-plan';

/** Longer than the ten minutes that the function gives itself, shorter than the 15 of the framework that waits for it. */
const PURCHASE_TIMEOUT = Duration.minutes(12);
const CHECK_TIMEOUT = Duration.minutes(2);

/** Purchase and payment together stay below the hour that a custom resource has. */
const PAYMENT_TIMEOUT = Duration.minutes(50);
const PAYMENT_INTERVAL = Duration.seconds(30);

/** CloudFormation's limit, said explicitly. */
export const PURCHASE_SERVICE_TIMEOUT_SECONDS = 3600;

/** A request that is older than this buys nothing: CloudFormation may long have given up on it. */
const LONGEST_DELAY = Duration.minutes(5);
/** Lambda's default. A repeated request is harmless, one that nobody answers blocks its stack for an hour. */
const REPETITIONS = 2;

/** What Lambda takes as the environment of a function: bytes of JSON. */
const LARGEST_ENVIRONMENT = 4096;

/** The audit log outlives its stack. */
const AUDIT = { retention: logs.RetentionDays.TEN_YEARS, removalPolicy: RemovalPolicy.RETAIN };

/** What money is spent on: each has functions and roles of its own. */
export type PurchaseKind = 'purchase' | 'extension';

interface Kind {
  readonly id: string;
  /** The functions of the bundle: one that spends, one that waits. */
  readonly entries: readonly [string, string];
  readonly what: string;
  readonly roles: readonly [string, string];
}

/** What a purchase adds to the roles. */
export interface PurchasePermissions {
  /** For the function that buys. */
  readonly buyer: iam.PolicyStatementProps[];
  /** For the function that waits for the payment. It can't buy. */
  readonly waiter: iam.PolicyStatementProps[];
}

/** What a purchase may cost and be, for the configuration of the function that buys. */
export interface PurchaseLimit extends SpendingLimit {
  readonly key: string;
}

/** The functions behind all purchases in a stack, or all extensions: one buys, one waits, and CDK's framework calls them. */
export class PurchaseHandler extends Construct {
  /** The handler of the stack that a construct is in, if it has been made. */
  public static of(scope: Construct, kind: PurchaseKind): PurchaseHandler | undefined {
    return singletonOf(scope, KINDS[kind].id);
  }

  /**
   * The handler of the stack that a construct is in, made when it is first needed.
   *
   * @param buyer the role of the function that buys; nothing is added to it
   */
  public static for(scope: Construct, kind: PurchaseKind, buyer?: iam.IRole): PurchaseHandler {
    return singleton(scope, KINDS[kind].id, stack => new PurchaseHandler(stack, KINDS[kind], buyer));
  }

  /** What purchases have as their ServiceToken. */
  public readonly serviceToken: string;
  /** What must be there before a purchase is requested: the function, configured for it, and the limits of its invocations. */
  public readonly prerequisites: readonly CfnResource[];

  private readonly buyerRole?: iam.Role;
  private readonly waiterRole: iam.Role;
  private readonly buying = new iam.PolicyDocument({ minimize: true });
  private readonly waiting = new iam.PolicyDocument({ minimize: true });
  private readonly limits = new Map<string, SpendingLimit>();

  private constructor(stack: Stack, { id, entries, what, roles }: Kind, public readonly buyer?: iam.IRole) {
    super(stack, id);
    markAsHandler(this);
    const options = handlerOptions(stack);
    const logGroup = handlerLogs(this, options, AUDIT); // what was bought, when and for whom
    const securityGroups = sharedSecurityGroups(this, options, 'Functions that buy training plans');
    const roleFor = (roleId: string, description: string, document: iam.PolicyDocument) => {
      return handlerRole(this, roleId, options, { description, policyName: 'Purchase', document, logGroup });
    };

    this.buyerRole = buyer ? undefined : roleFor('BuyerRole', roles[0], this.buying);
    this.waiterRole = roleFor('WaiterRole', roles[1], this.waiting);
    const shared = { bundle: BUNDLE, logGroup, securityGroups };
    const onEvent = handlerFunction(this, 'Buyer', options, {
      ...shared,
      description: `${what} of cdk-hpc-clusters: spends money`,
      entry: entries[0],
      timeout: PURCHASE_TIMEOUT,
      role: this.buyerRole ?? buyer!,
      environment: { [LIMITS_VARIABLE]: Lazy.string({ produce: () => renderLimits(this.limits) }) },
    });
    const isComplete = handlerFunction(this, 'Waiter', options, {
      ...shared,
      description: `${what} of cdk-hpc-clusters: waits for the payment`,
      entry: entries[1],
      timeout: CHECK_TIMEOUT,
      role: this.waiterRole,
    });
    const provider = handlerProvider(this, 'Provider', options, {
      onEvent, isComplete, timeout: PAYMENT_TIMEOUT, interval: PAYMENT_INTERVAL, logGroup, securityGroups,
    });
    const entry = provider.node.findChild('framework-onEvent') as lambda.Function;
    entry.configureAsyncInvoke({ maxEventAge: LONGEST_DELAY, retryAttempts: REPETITIONS });
    this.prerequisites = [entry.node.findChild('EventInvokeConfig'), onEvent].map(({ node }) => node.defaultChild as CfnResource);
    this.serviceToken = provider.serviceToken;
  }

  /** Lets the functions buy, and wait for, one plan more. A role that was given is left as it is. */
  public allow(scope: IConstruct, { key, ...limit }: PurchaseLimit, { buyer, waiter }: PurchasePermissions): void {
    this.limits.set(key, limit);
    const bytes = Buffer.byteLength(JSON.stringify({ [LIMITS_VARIABLE]: renderLimits(this.limits) }));
    if (bytes > LARGEST_ENVIRONMENT) { fail(scope, RULES.spendingLimitsTooLarge, { property: 'maxUpfrontFee', got: `${bytes} bytes for ${this.limits.size} of them` }); }
    if (this.buyerRole) { allow(this.buyerRole, this.buying, buyer); }
    allow(this.waiterRole, this.waiting, waiter);
  }
}

function allow(role: iam.Role, document: iam.PolicyDocument, permissions: iam.PolicyStatementProps[]): void {
  permissions.forEach(permission => addStatement(role, document, new iam.PolicyStatement(permission)));
}
