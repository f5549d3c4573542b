import { Duration, Lazy, RemovalPolicy, Stack, type CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { RULES } from './rules';
import { addStatement, handlerLogs, handlerRole, inNetwork, makeFunction, makeProvider, sharedSecurityGroups, type NetworkMaker } from './runtime';
import { HANDLERS, type ProvidedFunction, type ProviderName, type ProviderRow } from './table';
import { LIMITS_VARIABLE, renderLimits, type SpendingLimit } from '../contracts/spending-limits';
import { fail } from '../problems';
import { singleton, singletonOf } from '../singleton';

export type { HandlerNetwork, NetworkMaker } from './runtime';

/** A request that is older than this buys nothing: CloudFormation may long have given up on it. */
const LONGEST_DELAY = Duration.minutes(5);
/** Lambda's default. A repeated request is harmless, one that nobody answers blocks its stack for an hour. */
const REPETITIONS = 2;

/** What Lambda takes as the environment of a function: bytes of JSON. */
const LARGEST_ENVIRONMENT = 4096;

/** The log says what was bought, when and for whom: it outlives its stack. */
const AUDIT = { retention: logs.RetentionDays.TEN_YEARS, removalPolicy: RemovalPolicy.RETAIN };

/** What a custom resource adds to the roles. */
export interface ProviderPermissions {
  /** For the function that begins. */
  readonly begins: iam.PolicyStatementProps[];
  /** For the function that waits. */
  readonly waits: iam.PolicyStatementProps[];
}

/** What a purchase may cost and be, for the configuration of the function that buys. */
export interface PurchaseLimit extends SpendingLimit {
  readonly key: string;
}

/** A handler of two functions, one that begins a change and one that waits for it, with the framework of CDK that calls them. */
export class HandlerProvider extends Construct {
  /** The handler of the stack that a construct is in, if it has been made. */
  public static of(scope: Construct, name: ProviderName): HandlerProvider | undefined {
    return singletonOf(scope, HANDLERS[name].id);
  }

  /**
   * The handler of the stack that a construct is in, made when it is first needed.
   *
   * @param beginsAs the role of the function that begins; nothing is added to it
   */
  public static for(scope: Construct, name: ProviderName, beginsAs?: iam.IRole): HandlerProvider {
    const row: ProviderRow = HANDLERS[name];
    return singleton(scope, row.id, stack => new HandlerProvider(stack, row.id, row, beginsAs));
  }

  /**
   * The handler of a stack for one thing alone, in whose network its functions are. The framework is where other handlers are.
   *
   * @param key what tells it from those of other things in the stack; it makes logical ids
   */
  public static within(scope: Construct, name: ProviderName, key: string, network: NetworkMaker): HandlerProvider {
    const row: ProviderRow = HANDLERS[name];
    const id = row.id + key;
    return singleton(scope, id, stack => new HandlerProvider(stack, id, row, undefined, network));
  }

  /** What custom resources have as their ServiceToken. */
  public readonly serviceToken: string;
  /** What must be there before money is spent: the function, configured for it, and the limits of its invocations. */
  public readonly prerequisites: readonly CfnResource[];

  private readonly role?: iam.Role;
  private readonly waiterRole: iam.Role;
  private readonly beginning = new iam.PolicyDocument({ minimize: true });
  private readonly waiting = new iam.PolicyDocument({ minimize: true });
  private readonly allowed = new Set<string>();
  private readonly limits = new Map<string, SpendingLimit>();

  private constructor(stack: Stack, ownId: string, row: ProviderRow, public readonly beginsAs?: iam.IRole, network?: NetworkMaker) {
    super(stack, ownId);
    markAsHandler(this);
    const options = handlerOptions(stack);
    const logGroup = handlerLogs(this, options, row.spends ? AUDIT : undefined);
    const securityGroups = sharedSecurityGroups(this, options, row.securityGroup);
    const placed = network ? inNetwork(options, network(this)) : { ...options, securityGroups };
    const roleFor = ({ role: { id, description } }: ProvidedFunction, document: iam.PolicyDocument) => {
      return handlerRole(this, id, placed, { description, policyName: row.policyName, document, logGroup });
    };
    const functionFor = ({ id, entry, description, minutes }: ProvidedFunction, role: iam.IRole, environment?: Record<string, string>) => {
      return makeFunction(this, id, placed, {
        description, bundle: row.bundle, entry, timeout: Duration.minutes(minutes), role, logGroup, environment,
      });
    };

    this.role = beginsAs ? undefined : roleFor(row.begins, this.beginning);
    this.waiterRole = roleFor(row.waits, this.waiting);
    const begins = functionFor(row.begins, this.role ?? beginsAs!, row.spends ? {
      [LIMITS_VARIABLE]: Lazy.string({ produce: () => renderLimits(this.limits) }),
    } : undefined);
    const waits = functionFor(row.waits, this.waiterRole);
    const provider = makeProvider(this, 'Provider', options, {
      begins, waits, timeout: Duration.minutes(row.minutes), interval: Duration.seconds(row.intervalSeconds), logGroup, securityGroups,
    });
    this.serviceToken = provider.serviceToken;
    if (row.spends) {
      const entry = provider.node.findChild('framework-onEvent') as lambda.Function;
      entry.configureAsyncInvoke({ maxEventAge: LONGEST_DELAY, retryAttempts: REPETITIONS });
      this.prerequisites = [entry.node.findChild('EventInvokeConfig'), begins].map(({ node }) => node.defaultChild as CfnResource);
    } else {
      this.prerequisites = [];
    }
  }

  /** Lets the functions do something more. A role that was given is left as it is. */
  public allow({ begins, waits }: ProviderPermissions): void {
    if (this.role) { this.add(this.role, this.beginning, begins); }
    this.add(this.waiterRole, this.waiting, waits);
  }

  /** Lets the function that buys spend no more than this on one plan more. */
  public limit(scope: IConstruct, { key, ...limit }: PurchaseLimit): void {
    this.limits.set(key, limit);
    const bytes = Buffer.byteLength(JSON.stringify({ [LIMITS_VARIABLE]: renderLimits(this.limits) }));
    if (bytes > LARGEST_ENVIRONMENT) { fail(scope, RULES.spendingLimitsTooLarge, { property: 'maxUpfrontFee', got: `${bytes} bytes for ${this.limits.size} of them` }); }
  }

  private add(role: iam.Role, document: iam.PolicyDocument, permissions: iam.PolicyStatementProps[]): void {
    for (const permission of permissions) {
      const key = JSON.stringify([role.node.id, Stack.of(this).resolve(permission)]);
      if (this.allowed.has(key)) { continue; }
      this.allowed.add(key);
      addStatement(role, document, new iam.PolicyStatement(permission));
    }
  }
}
