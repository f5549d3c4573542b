import { Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import { ClusterBase } from './cluster-base';
import { provideContext } from './private/context';
import { clusterArnOf } from './private/ids';
import { CLUSTER_LOOKUP_ACTIONS } from './private/perms';
import { RULES } from './private/rules';
import type { ClusterField } from '../private/contracts/pcs-lookup';
import { checkForm } from '../private/forms';
import { Lookup } from '../private/handlers/lookup';
import { checked } from '../private/inputs/checked';
import { Problems } from '../private/problems';

/** Properties of a look-up of a cluster. */
export interface ClusterLookupProps {
  /**
   * The name or the id of the cluster, in the account and Region of the stack.
   *
   * With a name, or where it is known only at deployment, the look-up function may read every cluster of the account and Region.
   * Another cluster is looked up in place, and what uses the attributes is updated.
   */
  readonly clusterIdentifier: string;

  /**
   * The VPC of the cluster, for node groups that are added to it.
   *
   * @default - must be given for each node group
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The security groups of the cluster, for node groups that are added to it.
   *
   * @default - must be given for each node group
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Any text. Another one makes the next deployment read the cluster again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment.
   *
   * @default - read again only when the identifier or the wanted attributes change
   */
  readonly refresh?: string;
}

/**
 * Reads a cluster at deploy time: what CloudFormation doesn't return, such as the addresses of its controller.
 *
 * The deployment fails when there is no such cluster in the account and Region, and when an attribute is used that the cluster
 * doesn't have, such as the address of the REST API of a cluster without one, or of any daemon of a suspended cluster. The
 * attributes are those of the moment of the read; only those are read that are used somewhere in the app. Deleting a look-up
 * deletes nothing else.
 *
 * For a cluster of the same stack, pass its `clusterId`.
 *
 * The first look-up of AWS PCS in a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all further
 * ones share it and add one custom resource each. It costs one short invocation per read.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/pcs/latest/APIReference/API_GetCluster.html
 *
 * @example
 * const found = new pcs.ClusterLookup(this, 'Found', { clusterIdentifier: cluster.clusterId });
 * new CfnOutput(this, 'Controller', { value: `${found.slurmctldAddress}:${found.slurmctldPort}` });
 */
@propertyInjectable
@checked('pcs.ClusterLookup')
export class ClusterLookup extends ClusterBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.ClusterLookup';

  /** The security groups that were passed. */
  public readonly connections: ec2.Connections;

  private readonly lookup: Lookup<ClusterField>;

  constructor(scope: Construct, id: string, props: ClusterLookupProps) {
    super(scope, id);
    const problems = new Problems();
    checkForm(problems, RULES.clusterIdentifier, 'clusterIdentifier', props.clusterIdentifier);
    problems.throwIfAny(this);

    this.connections = new ec2.Connections({ securityGroups: props.securityGroups });
    this.lookup = new Lookup(this, {
      handler: 'pcsLookup',
      operation: 'GetCluster',
      input: { ClusterIdentifier: props.clusterIdentifier },
      refresh: props.refresh,
      permissions: [{
        actions: CLUSTER_LOOKUP_ACTIONS,
        resources: [clusterArnOf(this, props.clusterIdentifier)],
      }],
    });
    provideContext(this, { vpc: props.vpc, securityGroups: props.securityGroups ?? [], nodeGroups: [], queues: [] });
  }

  public get clusterArn(): string { return this.lookup.text('Arn'); }

  public get clusterId(): string { return this.lookup.text('Id'); }

  /**
   * The name.
   *
   * @attribute
   */
  public get clusterName(): string { return this.lookup.text('Name'); }

  /**
   * `ACTIVE`, `UPDATING`, `SUSPENDED` and so on. A cluster is suspended some time after the end of life of its Slurm version.
   *
   * @attribute
   */
  public get status(): string { return this.lookup.text('Status'); }

  /**
   * `SMALL`, `MEDIUM` or `LARGE`.
   *
   * @attribute
   */
  public get size(): string { return this.lookup.text('Size'); }

  /**
   * The version of Slurm, such as `25.11`.
   *
   * @attribute
   */
  public get schedulerVersion(): string { return this.lookup.text('SchedulerVersion'); }

  /**
   * `IPV4` or `IPV6`.
   *
   * @attribute
   */
  public get networkType(): string { return this.lookup.text('NetworkType'); }

  /**
   * The subnet of the controller.
   *
   * @attribute
   */
  public get subnetId(): string { return this.lookup.text('SubnetId'); }

  /**
   * The security groups of the controller.
   *
   * @attribute
   */
  public get securityGroupIds(): string[] { return Fn.split(',', this.lookup.text('SecurityGroupIds')); }

  /**
   * The address of the controller: IPv4, or IPv6 where the cluster has no other.
   *
   * @attribute
   */
  public get slurmctldAddress(): string { return this.lookup.text('SlurmctldAddress'); }

  /**
   * The IPv6 address of the controller. Empty for clusters with IPv4.
   *
   * @attribute
   */
  public get slurmctldIpv6Address(): string { return this.lookup.text('SlurmctldIpv6Address'); }

  /**
   * The port of the controller.
   *
   * @attribute
   */
  public get slurmctldPort(): number { return this.lookup.number('SlurmctldPort'); }

  /**
   * The address of the accounting database: IPv4, or IPv6 where the cluster has no other. Fails without accounting.
   *
   * @attribute
   */
  public get slurmdbdAddress(): string { return this.lookup.text('SlurmdbdAddress'); }

  /**
   * The IPv6 address of the accounting database. Empty for clusters with IPv4. Fails without accounting.
   *
   * @attribute
   */
  public get slurmdbdIpv6Address(): string { return this.lookup.text('SlurmdbdIpv6Address'); }

  /**
   * The port of the accounting database. Fails without accounting.
   *
   * @attribute
   */
  public get slurmdbdPort(): number { return this.lookup.number('SlurmdbdPort'); }

  /**
   * The address of the REST API: IPv4, or IPv6 where the cluster has no other. Fails without the REST API.
   *
   * @attribute
   */
  public get slurmrestdAddress(): string { return this.lookup.text('SlurmrestdAddress'); }

  /**
   * The IPv6 address of the REST API. Empty for clusters with IPv4. Fails without the REST API.
   *
   * @attribute
   */
  public get slurmrestdIpv6Address(): string { return this.lookup.text('SlurmrestdIpv6Address'); }

  /**
   * The port of the REST API. Fails without the REST API.
   *
   * @attribute
   */
  public get slurmrestdPort(): number { return this.lookup.number('SlurmrestdPort'); }

  /**
   * The ARN of the secret with the key by which the daemons of Slurm know each other.
   *
   * @attribute
   */
  public get authKeySecretArn(): string { return this.lookup.text('AuthKeySecretArn'); }

  /**
   * The version of the secret with the key by which the daemons of Slurm know each other.
   *
   * @attribute
   */
  public get authKeySecretVersion(): string { return this.lookup.text('AuthKeySecretVersion'); }

  /**
   * The ARN of the secret with the key that signs tokens for the REST API. Fails where there is none.
   *
   * @attribute
   */
  public get jwtKeySecretArn(): string { return this.lookup.text('JwtKeySecretArn'); }

  /**
   * The version of the secret with the key that signs tokens for the REST API. Fails where there is none.
   *
   * @attribute
   */
  public get jwtKeySecretVersion(): string { return this.lookup.text('JwtKeySecretVersion'); }

  /**
   * The codes of what is wrong with the cluster, one a line. Empty where nothing is.
   *
   * @attribute
   */
  public get errorCodes(): string { return this.lookup.text('ErrorCodes'); }

  /**
   * Why the status is what it is: one message a line for each thing that is wrong with the cluster. Empty where nothing is.
   *
   * @attribute
   */
  public get statusReason(): string { return this.lookup.text('ErrorMessages'); }
}
