import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { addStatement, handlerFunction, handlerLogs, handlerRole } from './runtime';
import { HYPERPOD_LOOKUP_RESOURCE_TYPE } from '../contracts/hyperpod-lookup';
import { TRAINING_PLANS_LOOKUP_RESOURCE_TYPE } from '../contracts/lookup';
import { PCS_LOOKUP_RESOURCE_TYPE } from '../contracts/pcs-lookup';
import { OFFERING_SEARCH_RESOURCE_TYPE } from '../contracts/training-plan';
import { singleton } from '../singleton';

/**
 * The construct ids below make the logical ids, and with them the ServiceToken of every look-up ever deployed.
 * CloudFormation can't change a ServiceToken, so none of them changes within a major version (decisions/0004).
 */
interface HandlerKind {
  readonly id: string;
  /** The folder of the bundle in assets/. */
  readonly bundle: string;
  readonly description: string;
  /** The CloudFormation type of its custom resources. */
  readonly resourceType: string;
  /*
   * IAM takes 10,240 characters of policies within a role and 6,144 in a managed policy. The statements of the logs and the VPC
   * have 700 together.
   */
  readonly inlineStatements: number;
  readonly managedStatements: number;
}

/** The kinds of look-ups. Each has a bundle of its own, so that a change to one doesn't change the templates of the others. */
export const LOOKUPS = {
  trainingPlans: {
    id: 'CdkHpcClustersTrainingPlansLookup',
    bundle: 'lookup',
    description: 'Look-ups of cdk-hpc-clusters: reads of training plans at deploy time',
    resourceType: TRAINING_PLANS_LOOKUP_RESOURCE_TYPE,
    inlineStatements: 45, // one about a training plan has 200 characters at most
    managedStatements: 30,
  },
  hyperpod: {
    id: 'CdkHpcClustersHyperPodLookup',
    bundle: 'hyperpod-lookup',
    description: 'Look-ups of cdk-hpc-clusters: reads of HyperPod at deploy time',
    resourceType: HYPERPOD_LOOKUP_RESOURCE_TYPE,
    inlineStatements: 25, // one about an object of a bucket has 320 characters, unless its key is very long
    managedStatements: 15,
  },
  pcs: {
    id: 'CdkHpcClustersPcsLookup',
    bundle: 'pcs-lookup',
    description: 'Look-ups of cdk-hpc-clusters: reads of AWS PCS at deploy time',
    resourceType: PCS_LOOKUP_RESOURCE_TYPE,
    inlineStatements: 25, // one about a node group, with the list of those of its cluster, has 320 characters at most
    managedStatements: 15,
  },
  offerings: {
    id: 'CdkHpcClustersTrainingPlansOfferingSearch',
    bundle: 'offering-search',
    description: 'Searches of training plan offerings of cdk-hpc-clusters: reads at deploy time, buys nothing',
    resourceType: OFFERING_SEARCH_RESOURCE_TYPE,
    inlineStatements: 25, // those of a dry run about one plan have 350 characters at most
    managedStatements: 15,
  },
} satisfies Record<string, HandlerKind>;

/** What a handler looks up. */
export type LookupKind = keyof typeof LOOKUPS;

/** Below the ServiceTimeout of a look-up, so that the handler itself reports what took so long. */
const TIMEOUT = Duration.minutes(2);

/** The function behind all look-ups of one kind in a stack. */
export class LookupHandler extends Construct {
  /** The handler of the stack that a construct is in, made when it is first needed. */
  public static for(scope: Construct, kind: LookupKind): LookupHandler {
    return singleton(scope, LOOKUPS[kind].id, stack => new LookupHandler(stack, LOOKUPS[kind]));
  }

  /** What look-ups have as their ServiceToken. Whoever refers to it waits for the permissions too. */
  public readonly serviceToken: string;

  private readonly role: iam.Role;
  private readonly inline = new iam.PolicyDocument({ minimize: true });
  /** What further permissions go into, and how many statements it still takes. */
  private open: { readonly document: iam.PolicyDocument; room: number };
  private readonly allowed = new Set<string>();

  private constructor(stack: Stack, private readonly kind: HandlerKind) {
    super(stack, kind.id);
    this.open = { document: this.inline, room: kind.inlineStatements };
    markAsHandler(this);
    const options = handlerOptions(stack);

    const logGroup = handlerLogs(this, options);
    this.role = handlerRole(this, 'Role', options, {
      description: 'Reads for the look-ups of this stack', policyName: 'Lookup', document: this.inline, logGroup,
    });
    const handler = handlerFunction(this, 'Function', options, {
      description: kind.description, bundle: kind.bundle, entry: 'handler', timeout: TIMEOUT, role: this.role, logGroup,
    });
    this.serviceToken = handler.functionArn;
  }

  /** Lets the function read something more. */
  public allow(actions: string[], resources: string[]): void {
    const key = JSON.stringify(Stack.of(this).resolve([actions, resources]));
    if (this.allowed.has(key)) { return; }
    this.allowed.add(key);
    const statement = new iam.PolicyStatement({ actions, resources });
    if (this.open.room === 0) {
      const document = new iam.PolicyDocument({ minimize: true });
      this.role.addManagedPolicy(new iam.ManagedPolicy(this, `More${this.allowed.size}`, { document }));
      this.open = { document, room: this.kind.managedStatements };
    }
    addStatement(this.role, this.open.document, statement);
    this.open.room--;
  }
}
