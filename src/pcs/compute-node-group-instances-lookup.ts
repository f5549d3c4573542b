import { Fn, Tokenization } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { nodeGroupIdOf } from './private/ids';
import { INSTANCE_LOOKUP_ACTIONS } from './private/perms';
import { checkPlace } from './private/place';
import { RULES } from './private/rules';
import type { InstanceField } from '../private/contracts/pcs-lookup';
import { Lookup } from '../private/handlers/lookup';
import { checked } from '../private/inputs/checked';
import { isConcrete, Problems } from '../private/problems';

/** Properties of a look-up of instances. */
export interface ComputeNodeGroupInstancesLookupProps {
  /** The node group, in the account and Region of the stack. */
  readonly computeNodeGroup: pcs.IComputeNodeGroupRef;

  /**
   * How many instances to wait for, at most about a minute and a half: EC2 starts them after the node group is there.
   *
   * The deployment fails where there are fewer then.
   *
   * @default - whatever there is, nothing too
   */
  readonly minInstances?: number;

  /**
   * How many instances to name, the oldest first. `count` counts them all.
   *
   * An answer to CloudFormation has room for about 140 instances with one attribute. The deployment fails where there are more.
   *
   * @default - all
   */
  readonly maxInstances?: number;

  /**
   * Any text. Another one makes the next deployment read the instances again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment. A replaced
   * instance doesn't change anything about it.
   *
   * @default - read again only when the node group or the wanted attributes change
   */
  readonly refresh?: string;
}

/**
 * Reads the instances of a node group at deploy time, by the tag that the service puts on them.
 *
 * Meant for groups whose instances stay, such as login nodes. Instances that are starting or running count. Deleting a look-up
 * deletes nothing else.
 *
 * The first look-up of AWS PCS in a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all further
 * ones share it and add one custom resource each. The function may call `ec2:DescribeInstances`, which can't be limited to some
 * instances. It costs one short invocation per read.
 *
 * @see https://docs.aws.amazon.com/pcs/latest/userguide/working-with_login-nodes.html
 *
 * @example
 * import { Fn } from 'aws-cdk-lib';
 *
 * declare const login: pcs.ComputeNodeGroup;
 *
 * const instances = new pcs.ComputeNodeGroupInstancesLookup(this, 'LoginNodes', { computeNodeGroup: login, minInstances: 1 });
 * new CfnOutput(this, 'LoginNode', { value: Fn.select(0, instances.instanceIds) });
 */
@propertyInjectable
@checked('pcs.ComputeNodeGroupInstancesLookup')
export class ComputeNodeGroupInstancesLookup extends Construct {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.ComputeNodeGroupInstancesLookup';

  private readonly lookup: Lookup<InstanceField>;

  constructor(scope: Construct, id: string, props: ComputeNodeGroupInstancesLookupProps) {
    super(scope, id);
    const { minInstances, maxInstances } = props;
    const problems = new Problems();
    const given = [minInstances, maxInstances].filter(isConcrete);
    const inOrder = !isConcrete(minInstances) || !isConcrete(maxInstances) || minInstances <= maxInstances;
    if (!given.every(count => Number.isInteger(count) && count >= 1) || !inOrder) {
      problems.add(RULES.instanceCounts, { property: 'minInstances, maxInstances', got: { minInstances, maxInstances } });
    }
    checkPlace(problems, 'computeNodeGroup', props.computeNodeGroup, this);
    problems.throwIfAny(this);

    this.lookup = new Lookup(this, {
      handler: 'pcsLookup',
      operation: 'DescribeInstances',
      input: {
        ComputeNodeGroupId: nodeGroupIdOf(props.computeNodeGroup),
        ...minInstances !== undefined && { AtLeast: Tokenization.stringifyNumber(minInstances) },
        ...maxInstances !== undefined && { AtMost: Tokenization.stringifyNumber(maxInstances) },
      },
      refresh: props.refresh,
      permissions: [{ actions: INSTANCE_LOOKUP_ACTIONS, resources: ['*'] }],
    });
  }

  /**
   * How many instances are starting or running.
   *
   * @attribute
   */
  public get count(): number { return this.lookup.number('Count'); }

  /**
   * The ids of the instances, the oldest first: a list with one empty string if there are none.
   *
   * @attribute
   */
  public get instanceIds(): string[] { return Fn.split(',', this.lookup.text('InstanceIds')); }

  /**
   * The private IPv4 addresses of the instances, in the order of their ids.
   *
   * @attribute
   */
  public get privateIpAddresses(): string[] { return Fn.split(',', this.lookup.text('PrivateIpAddresses')); }

  /**
   * The IPv6 addresses of the instances, in the order of their ids. An empty text for an instance that has none.
   *
   * @attribute
   */
  public get ipv6Addresses(): string[] { return Fn.split(',', this.lookup.text('Ipv6Addresses')); }
}
