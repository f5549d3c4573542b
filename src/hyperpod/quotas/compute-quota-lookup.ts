import { Resource, Size, Stack } from 'aws-cdk-lib';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { ComputeQuotaReference, IComputeQuota } from './compute-quota';
import { ComputeQuotaGrants } from './compute-quota-grants';
import type { ComputeQuotaSelector } from './vocabulary/compute-quota-selector';
import { Team } from './vocabulary/team';
import { quotaEntryField, type ComputeQuotaField, type QuotaEntryField, type QuotaEntryKey } from '../../private/contracts/hyperpod-lookup';
import { Lookup } from '../../private/handlers/lookup';
import { checked } from '../../private/inputs/checked';
import { Problems, fail, isConcrete } from '../../private/problems';
import type { InstanceType } from '../groups/vocabulary/instance-type';
import type { PartitionProfile } from '../groups/vocabulary/partition-profile';
import { checkSelector } from '../private/checks/validation';
import { COMPUTE_QUOTA_LIST_ACTIONS, COMPUTE_QUOTA_READ_ACTIONS } from '../private/facts/perms';
import { RULES } from '../private/rules';

/** Properties of a look-up of a compute quota. */
export interface ComputeQuotaLookupProps {
  /**
   * The quota, in the account and Region of the stack.
   *
   * Another one is looked up in place, and what uses the attributes is updated.
   */
  readonly computeQuota: ComputeQuotaSelector;

  /**
   * Any text. Another one makes the next deployment read the quota again.
   *
   * CloudFormation runs a look-up when it is created and when something about it changes, not on every deployment.
   *
   * @default - read again only when the quota or the wanted attributes change
   */
  readonly refresh?: string;
}

/** The partitions whose entry of a quota is read. */
export interface AllocatedPartitionsOptions {
  /** The type of the instances whose GPUs are partitioned. */
  readonly instanceType: InstanceType;

  /** The profile of the partitions. */
  readonly profile: PartitionProfile;
}

/**
 * Reads a compute quota at deploy time, among others what SageMaker filled in: the vCPUs and the memory of each entry.
 *
 * The deployment fails when there is no such quota in the account and Region, or when it has been deleted. The attributes are
 * those of the moment of the read; only those are read that are used somewhere in the app, and what the service doesn't say is
 * an empty text. Deleting a look-up deletes nothing else.
 *
 * A quota that the same app creates can be looked up by its `computeQuotaArn`: the read waits for it. The function may then read
 * every quota of the account and Region, as with a name.
 *
 * The first look-up of HyperPod in a stack brings a Lambda function with a role and a log group (see `HandlerDefaults`); all further ones
 * share it and add one custom resource each. It costs one short invocation per read.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeComputeQuota.html
 *
 * @example
 * const pod = hyperpod.Cluster.fromClusterArn(this, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6');
 * const research = new hyperpod.ComputeQuotaLookup(this, 'Research', {
 *   computeQuota: hyperpod.ComputeQuotaSelector.byName({ cluster: pod, computeQuotaName: 'research' }),
 * });
 * const gpus = research.accelerators(hyperpod.InstanceType.P5_48XLARGE);
 *
 * new CfnOutput(this, 'Queue', { value: research.team.localQueue });
 * new CfnOutput(this, 'Gpus', { value: `${gpus.count} with ${gpus.vcpus} vCPUs` });
 */
@propertyInjectable
@checked('hyperpod.ComputeQuotaLookup')
export class ComputeQuotaLookup extends Resource implements IComputeQuota {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ComputeQuotaLookup';

  private readonly lookup: Lookup<string>;

  constructor(scope: Construct, id: string, props: ComputeQuotaLookupProps) {
    super(scope, id);
    const problems = new Problems();
    checkSelector(problems, props.computeQuota, Stack.of(this));
    problems.throwIfAny(this);

    const { arn, id: quotaId, name } = props.computeQuota._selection;
    // by name, the id is known only at deployment, and a quota of the app may wait for look-ups, whose function would wait for itself
    const quotaArn = isConcrete(arn) ? arn : Stack.of(this).formatArn({ service: 'sagemaker', resource: 'compute-quota', resourceName: quotaId ?? '*' });
    this.lookup = new Lookup(this, {
      handler: 'hyperpodLookup',
      operation: 'DescribeComputeQuota',
      input: {
        ...arn !== undefined && { ComputeQuotaArn: arn },
        ...quotaId !== undefined && { ComputeQuotaId: quotaId },
        ...name && { ClusterArn: name.cluster.clusterRef.clusterArn, Name: name.computeQuotaName },
      },
      refresh: props.refresh,
      permissions: [
        { actions: COMPUTE_QUOTA_READ_ACTIONS, resources: [quotaArn] },
        ...name ? [{ actions: COMPUTE_QUOTA_LIST_ACTIONS, resources: ['*'] }] : [],
      ],
    });
  }

  /**
   * The ARN, as the service says it. Whoever uses it waits for the look-up.
   *
   * @attribute
   */
  public get computeQuotaArn(): string { return this.text('ComputeQuotaArn'); }

  /**
   * The id: 12 letters and digits.
   *
   * @attribute
   */
  public get computeQuotaId(): string { return this.text('ComputeQuotaId'); }

  /** The reference to the quota. */
  public get computeQuotaRef(): ComputeQuotaReference { return { computeQuotaArn: this.computeQuotaArn }; }

  /** Permissions on the quota. */
  public get grants(): ComputeQuotaGrants { return ComputeQuotaGrants.fromComputeQuota(this); }

  /**
   * The name of the quota.
   *
   * @attribute
   */
  public get computeQuotaName(): string { return this.text('Name'); }

  /**
   * The ARN of the cluster that the quota shares out.
   *
   * @attribute
   */
  public get clusterArn(): string { return this.text('ClusterArn'); }

  /**
   * The version of the quota, which grows with each update.
   *
   * @attribute
   */
  public get computeQuotaVersion(): number { return this.number('ComputeQuotaVersion'); }

  /**
   * The status: `Created` or `Updated` for a quota in force, `Creating`, `Updating` or `Deleting` for one in change, or one of the
   * failed states such as `CreateFailed`.
   *
   * @attribute
   */
  public get status(): string { return this.text('Status'); }

  /**
   * The reason why the last change of the quota failed.
   *
   * @attribute
   */
  public get statusReason(): string { return this.text('FailureReason'); }

  /**
   * What the quota is for.
   *
   * @attribute
   */
  public get description(): string { return this.text('Description'); }

  /**
   * Whether the quota is in force: `Enabled` or `Disabled`.
   *
   * @attribute
   */
  public get activationState(): string { return this.text('ActivationState'); }

  /** The team that has the quota, with its namespace and its queue. */
  public get team(): Team { return Team.of(this.text('TeamName')); }

  /**
   * How much of the idle compute the team gets in relation to others: 0 to 100.
   *
   * @attribute
   */
  public get fairShareWeight(): number { return this.number('FairShareWeight'); }

  /**
   * What happens to compute that the team doesn't use: `LendAndBorrow`, `Lend` or `DontLend`.
   *
   * @attribute
   */
  public get sharingStrategy(): string { return this.text('Strategy'); }

  /**
   * How much of each resource the team may borrow, in percent of its own quota.
   *
   * @attribute
   */
  public get maxBorrowPercent(): number { return this.number('BorrowLimit'); }

  /**
   * Whether tasks of the team are stopped for more important ones of the same team: `LowerPriority` or `Never`.
   *
   * @attribute
   */
  public get preemptTeamTasks(): string { return this.text('PreemptTeamTasks'); }

  /**
   * The whole instances of a type that the team gets.
   *
   * The deployment fails where something of it is used and the quota has no such entry, or several.
   */
  public instances(instanceType: InstanceType): AllocatedResource {
    return this.entry({ kind: 'Instances', instanceType: instanceType.value });
  }

  /**
   * The whole accelerators of a type of instances that the team gets.
   *
   * The deployment fails where something of it is used and the quota has no such entry, or several.
   */
  public accelerators(instanceType: InstanceType): AllocatedResource {
    return this.entry({ kind: 'Accelerators', instanceType: instanceType.value });
  }

  /**
   * The vCPUs and the memory without accelerators that the team gets of a type of instances.
   *
   * The deployment fails where something of it is used and the quota has no such entry, or several.
   */
  public compute(instanceType: InstanceType): AllocatedResource {
    return this.entry({ kind: 'Compute', instanceType: instanceType.value });
  }

  /**
   * The partitions of one profile that the team gets of a type of instances.
   *
   * The deployment fails where something of it is used and the quota has no such entry, or several.
   */
  public partitions(options: AllocatedPartitionsOptions): AllocatedResource {
    return this.entry({ kind: 'Partitions', instanceType: options.instanceType.value, profile: options.profile.value });
  }

  private entry(key: QuotaEntryKey): AllocatedResource {
    for (const name of [key.instanceType, key.profile]) {
      if (name !== undefined && !isConcrete(name)) {
        fail(this, RULES.lookupEntryUnknown, { property: key.kind.toLowerCase(), got: name });
      }
    }
    return AllocatedResource._of(field => this.lookup.number(quotaEntryField(key, field)));
  }

  private text(field: ComputeQuotaField): string { return this.lookup.text(field); }

  private number(field: ComputeQuotaField): number { return this.lookup.number(field); }
}

/** One entry of a quota as SageMaker has it: what was asked for, and what SageMaker filled in. */
@checked('hyperpod.AllocatedResource')
export class AllocatedResource {
  /** @internal */
  public static _of(read: (field: QuotaEntryField) => number): AllocatedResource {
    return new AllocatedResource(read);
  }

  private constructor(private readonly read: (field: QuotaEntryField) => number) {}

  /** How many instances, accelerators or partitions. 0 for vCPUs and memory without accelerators. */
  public get count(): number { return this.read('Count'); }

  /** How many vCPUs go with them, given or filled in. It may be a fraction. */
  public get vcpus(): number { return this.read('VCpu'); }

  /** How much memory goes with them, given or filled in. */
  public get memory(): Size { return Size.gibibytes(this.read('MemoryInGiB')); }
}
