import { Fn, Resource } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { clusterArnOf, clusterIdOf, idOrAny } from './private/ids';
import { NODE_GROUP_LOOKUP_ACTIONS } from './private/perms';
import { checkPlace } from './private/place';
import { RULES } from './private/rules';
import type { ComputeNodeGroupField } from '../private/contracts/pcs-lookup';
import { checkForm } from '../private/forms';
import { Lookup } from '../private/handlers/lookup';
import { checked } from '../private/inputs/checked';
import { Problems } from '../private/problems';

/** Properties of a look-up of a node group. */
export interface ComputeNodeGroupLookupProps {
  /**
   * The cluster of the node group, in the account and Region of the stack.
   *
   * Where its id or that of the node group is known only at deployment, the look-up function may read those of every cluster: a
   * permission that waited for one would make all look-ups of the stack wait for it.
   */
  readonly cluster: pcs.IClusterRef;

  /**
   * The name or the id of the node group. Another one is looked up in place, and what uses the attributes is updated.
   */
  readonly computeNodeGroupIdentifier: string;

  /**
   * Any text. Another one makes the next deployment read the node group again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment.
   *
   * @default - read again only when the cluster, the identifier or the wanted attributes change
   */
  readonly refresh?: string;
}

/**
 * Reads a node group at deploy time.
 *
 * The deployment fails when the cluster has no such node group. The attributes are those of the moment of the read; only those are
 * read that are used somewhere in the app, and what the service doesn't say is an empty text. Deleting a look-up deletes nothing else.
 *
 * The first look-up of AWS PCS in a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all further
 * ones share it and add one custom resource each. It costs one short invocation per read.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_GetComputeNodeGroup.html
 *
 * @example
 * const login = new pcs.ComputeNodeGroupLookup(this, 'Login', { cluster, computeNodeGroupIdentifier: 'login' });
 * new CfnOutput(this, 'Status', { value: login.status });
 */
@propertyInjectable
@checked('pcs.ComputeNodeGroupLookup')
export class ComputeNodeGroupLookup extends Resource implements pcs.IComputeNodeGroupRef {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.ComputeNodeGroupLookup';

  private readonly lookup: Lookup<ComputeNodeGroupField>;

  constructor(scope: Construct, id: string, props: ComputeNodeGroupLookupProps) {
    super(scope, id);
    const problems = new Problems();
    checkForm(problems, RULES.nodeGroupIdentifier, 'computeNodeGroupIdentifier', props.computeNodeGroupIdentifier);
    checkPlace(problems, 'cluster', props.cluster, this);
    problems.throwIfAny(this);

    const clusterId = clusterIdOf(props.cluster);
    const clusterArn = clusterArnOf(this, clusterId);
    this.lookup = new Lookup(this, {
      handler: 'pcsLookup',
      operation: 'GetComputeNodeGroup',
      input: { ClusterIdentifier: clusterId, ComputeNodeGroupIdentifier: props.computeNodeGroupIdentifier },
      refresh: props.refresh,
      permissions: [{
        actions: NODE_GROUP_LOOKUP_ACTIONS,
        resources: [clusterArn, `${clusterArn}/computenodegroup/${idOrAny(props.computeNodeGroupIdentifier)}`],
      }],
    });
  }

  public get computeNodeGroupRef(): pcs.ComputeNodeGroupReference {
    return { computeNodeGroupArn: this.computeNodeGroupArn };
  }

  /**
   * The ARN.
   *
   * @attribute
   */
  public get computeNodeGroupArn(): string { return this.lookup.text('Arn'); }

  /**
   * The id: `pcs_…`.
   *
   * @attribute
   */
  public get computeNodeGroupId(): string { return this.lookup.text('Id'); }

  /**
   * The name.
   *
   * @attribute
   */
  public get computeNodeGroupName(): string { return this.lookup.text('Name'); }

  /**
   * The id of the cluster.
   *
   * @attribute
   */
  public get clusterId(): string { return this.lookup.text('ClusterId'); }

  /**
   * `ACTIVE`, `UPDATING`, `SUSPENDED` and so on. It says nothing of the health of nodes.
   *
   * @attribute
   */
  public get status(): string { return this.lookup.text('Status'); }

  /**
   * How instances are paid for: `ONDEMAND`, `SPOT`, `CAPACITY_BLOCK` or `INTERRUPTIBLE_CAPACITY_RESERVATION`.
   *
   * @attribute
   */
  public get purchaseOption(): string { return this.lookup.text('PurchaseOption'); }

  /**
   * The machine image. Empty where the launch template names it.
   *
   * @attribute
   */
  public get amiId(): string { return this.lookup.text('AmiId'); }

  /**
   * The instance types.
   *
   * @attribute
   */
  public get instanceTypes(): string[] { return Fn.split(',', this.lookup.text('InstanceTypes')); }

  /**
   * The subnets of the nodes.
   *
   * @attribute
   */
  public get subnetIds(): string[] { return Fn.split(',', this.lookup.text('SubnetIds')); }

  /**
   * The ARN of the instance profile.
   *
   * @attribute
   */
  public get instanceProfileArn(): string { return this.lookup.text('InstanceProfileArn'); }

  /**
   * The id of the launch template.
   *
   * @attribute
   */
  public get launchTemplateId(): string { return this.lookup.text('LaunchTemplateId'); }

  /**
   * The version of the launch template.
   *
   * @attribute
   */
  public get launchTemplateVersion(): string { return this.lookup.text('LaunchTemplateVersion'); }

  /**
   * The instances that are always there.
   *
   * @attribute
   */
  public get minInstanceCount(): number { return this.lookup.number('MinInstanceCount'); }

  /**
   * The most instances that there can be.
   *
   * @attribute
   */
  public get maxInstanceCount(): number { return this.lookup.number('MaxInstanceCount'); }

  /**
   * The codes of what is wrong with the node group, one a line. Empty where nothing is.
   *
   * @attribute
   */
  public get errorCodes(): string { return this.lookup.text('ErrorCodes'); }

  /**
   * Why the status is what it is: one message a line for each thing that is wrong with the node group. Empty where nothing is.
   *
   * @attribute
   */
  public get statusReason(): string { return this.lookup.text('ErrorMessages'); }
}
