import type { IResource, Reference } from 'aws-cdk-lib';
import { ArnFormat, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as eks from 'aws-cdk-lib/aws-eks';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { ComputeQuotaGrants } from './compute-quota-grants';
import { QuotaProvisioning } from './vocabulary/quota-provisioning';
import type { QuotaResource } from './vocabulary/quota-resource';
import type { ResourceSharing } from './vocabulary/resource-sharing';
import type { Team } from './vocabulary/team';
import type { ComputeQuotaAttribute, ComputeQuotaProperties } from '../../private/contracts/compute-quota';
import { HandlerProvider } from '../../private/handlers/handler-provider';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { validateTags } from '../../private/tags';
import { ClusterContext } from '../private/checks/context';
import { API_QUOTA_TAG_LIMITS, TAG_LIMITS, adviseQuota, checkEntity, checkQuota, checkSharedCluster } from '../private/checks/validation';
import { ApiComputeQuota, CfnComputeQuota, enabledOrDisabled } from '../private/rendering/l1';
import { quotaPermissions } from '../private/rendering/quota-permissions';
import { RULES } from '../private/rules';

/** A reference to a compute quota, of the shape that newer versions of aws-cdk-lib have for it. */
export interface ComputeQuotaReference {
  /** The ARN of the compute quota. */
  readonly computeQuotaArn: string;
}

/** Anything that has the ARN of a compute quota. */
export interface IComputeQuotaRef extends IConstruct, IEnvironmentAware {
  /** The reference to the quota. */
  readonly computeQuotaRef: ComputeQuotaReference;
}

/** A compute quota: what one team gets of a HyperPod cluster. */
export interface IComputeQuota extends IResource, IComputeQuotaRef {
  /**
   * The ARN of the quota.
   *
   * @attribute
   */
  readonly computeQuotaArn: string;

  /**
   * The id of the quota: 12 letters and digits.
   *
   * @attribute
   */
  readonly computeQuotaId: string;

  /** Permissions on the quota. */
  readonly grants: ComputeQuotaGrants;
}

/**
 * Whether tasks of a team are stopped for more important tasks of the same team.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ComputeQuotaConfig.html
 */
@checked('hyperpod.PreemptTeamTasks')
export class PreemptTeamTasks {
  /** Tasks are never stopped for others of the team. */
  public static readonly NEVER = new PreemptTeamTasks('Never');

  /** Tasks of lower priority are stopped for tasks of higher priority. */
  public static readonly LOWER_PRIORITY = new PreemptTeamTasks('LowerPriority');

  /**
   * A way of preemption that this library doesn't know. It isn't checked.
   *
   * @param value The way of preemption in the words of the service.
   */
  public static of(value: string): PreemptTeamTasks {
    return new PreemptTeamTasks(value);
  }

  /** @internal */
  public readonly _kind = 'hyperpod.PreemptTeamTasks';

  private constructor(
    /** The way of preemption in the words of the service. */
    public readonly value: string,
  ) {}
}

/** What a compute quota is like, whichever cluster it is of. */
export interface ComputeQuotaOptions {
  /**
   * The team that gets the quota. A team has one quota on a cluster.
   *
   * Another team replaces the quota: the new one is created first, so both exist for a moment.
   */
  readonly team: Team;

  /**
   * What the team gets, on up to 15 lines. It may be empty, for a team that only borrows.
   *
   * Updated in place.
   */
  readonly resources: QuotaResource[];

  /**
   * The name of the quota, unique in the cluster: 1 to 63 letters, digits and hyphens, with no hyphen at either end.
   *
   * Another name replaces the quota. If you set it, and some day want another team or move the construct to another place in
   * the tree, change the name in the same deployment: the new quota is created before the old one is deleted, and two quotas
   * of a cluster can't have one name.
   *
   * @default - made of the team's name and the address of the construct. It changes exactly when the quota has to be another
   * one, so replacement doesn't collide
   */
  readonly computeQuotaName?: string;

  /**
   * How much of the idle compute the team gets in relation to others: a whole number from 0, which is served last, to 100.
   *
   * It counts while fair share is enabled in the cluster's scheduler configuration, which it is by default. Updated in place.
   *
   * @default - 0, by SageMaker
   */
  readonly fairShareWeight?: number;

  /**
   * What happens to compute that the team doesn't use. Updated in place.
   *
   * @default - lend, and borrow up to 50 percent, by SageMaker
   */
  readonly sharing?: ResourceSharing;

  /**
   * Whether tasks of the team are stopped for more important ones of the same team. Updated in place.
   *
   * @default - PreemptTeamTasks.LOWER_PRIORITY, by SageMaker
   */
  readonly preemptTeamTasks?: PreemptTeamTasks;

  /**
   * Whether the quota is in force. Updated in place.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The task-governance add-on of the EKS cluster, where this app installs it: the quota is created after it, and deleted
   * before it.
   *
   * @default - the add-on is there already
   */
  readonly taskGovernance?: eks.IAddonRef;

  /**
   * What makes the quota. It is never chosen by itself.
   *
   * Where CloudFormation has no compute quotas, the API does. Both take the same properties, but are two resources to
   * CloudFormation: a change makes another quota, before the old one is deleted. The generated names differ; change a name
   * of yours in the same deployment. If SageMaker refuses a second quota for the team, remove the quota in one deployment and add it in
   * the next.
   *
   * @default QuotaProvisioning.CLOUDFORMATION
   */
  readonly provisioning?: QuotaProvisioning;

  /**
   * What the quota is for: up to 1024 characters on one line. Updated in place.
   *
   * @default - no description
   */
  readonly description?: string;
}

/** Properties of a compute quota. */
export interface ComputeQuotaProps extends ComputeQuotaOptions {
  /**
   * The cluster to share out. It must be orchestrated by Amazon EKS and have the task-governance add-on.
   *
   * Another cluster replaces the quota.
   */
  readonly cluster: sagemaker.IClusterRef;
}

abstract class ComputeQuotaBase extends Resource implements IComputeQuota {
  public abstract readonly computeQuotaArn: string;
  public abstract readonly computeQuotaId: string;

  public get grants(): ComputeQuotaGrants {
    return ComputeQuotaGrants.fromComputeQuota(this);
  }

  public get computeQuotaRef(): ComputeQuotaReference {
    return { computeQuotaArn: this.computeQuotaArn };
  }
}

/**
 * What one team gets of a HyperPod cluster: instances, accelerators, partitions of accelerators, vCPUs and memory, and how it
 * shares with other teams what it doesn't use.
 *
 * A quota costs nothing; the instances of the cluster do.
 *
 * @resource AWS::SageMaker::ComputeQuota
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-policies-compute-allocation.html
 *
 * @example
 * const pod = hyperpod.Cluster.fromClusterArn(this, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6');
 *
 * new hyperpod.ComputeQuota(this, 'Research', {
 *   cluster: pod,
 *   team: hyperpod.Team.of('research'),
 *   fairShareWeight: 40,
 *   resources: [
 *     hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5EN_48XLARGE, count: 2 }),
 *     hyperpod.QuotaResource.partitions({
 *       instanceType: hyperpod.InstanceType.P5_48XLARGE,
 *       profile: hyperpod.PartitionProfile.MIG_3G_40GB,
 *       count: 16,
 *     }),
 *   ],
 *   sharing: hyperpod.ResourceSharing.lendAndBorrow({ maxBorrowPercent: 100 }),
 * });
 */
@propertyInjectable
@checked('hyperpod.ComputeQuota')
export class ComputeQuota extends ComputeQuotaBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ComputeQuota';

  /** A quota that exists, by its ARN. Nothing is created. */
  public static fromComputeQuotaArn(scope: Construct, id: string, computeQuotaArn: string): IComputeQuota {
    return new ImportedComputeQuota(scope, id, computeQuotaArn);
  }

  /** A quota that exists in the account and Region of the scope, by its id. Nothing is created. */
  public static fromComputeQuotaId(scope: Construct, id: string, computeQuotaId: string): IComputeQuota {
    return new ImportedComputeQuota(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'compute-quota', resourceName: computeQuotaId,
    }));
  }

  /**
   * The name of the quota.
   *
   * @attribute
   */
  public readonly computeQuotaName: string;

  /** The team that has the quota. */
  public readonly team: Team;

  private readonly resource: CfnComputeQuota | ApiComputeQuota;

  constructor(scope: Construct, id: string, props: ComputeQuotaProps) {
    super(scope, id);

    const { cluster, team, fairShareWeight, resources, sharing } = props;
    const clusterArn = cluster.clusterRef.clusterArn;
    const quota = { teamName: team.teamName, fairShareWeight, resources, sharing };
    const problems = new Problems();
    checkEntity(problems, {
      clusterArn, nameProperty: 'computeQuotaName', name: props.computeQuotaName, description: props.description,
    });
    checkSharedCluster(problems, cluster, this);
    checkQuota(problems, quota);
    const context = ClusterContext.of(this, cluster);
    const byApi = props.provisioning === QuotaProvisioning.API;
    const name = props.computeQuotaName ?? this.generateName(team, byApi);
    if (context.hasQuotaNamed(name)) {
      problems.add(RULES.quotaNameTwice, { property: 'computeQuotaName', got: name });
    }
    problems.throwIfAny(this);

    this.team = team;
    this.computeQuotaName = name;
    adviseQuota(this, quota, byApi);
    context.addQuota({ construct: this, name, enabled: props.enabled ?? true, ...quota });

    const properties: ComputeQuotaProperties = {
      Name: name,
      Description: props.description,
      ClusterArn: clusterArn,
      ComputeQuotaTarget: { TeamName: team.teamName, FairShareWeight: fairShareWeight },
      ComputeQuotaConfig: {
        ComputeQuotaResources: resources.map(entry => entry._render()),
        ResourceSharingConfig: sharing?._render(),
        PreemptTeamTasks: props.preemptTeamTasks?.value,
      },
      ActivationState: enabledOrDisabled(props.enabled),
    };
    this.resource = byApi ? this.makeByApi(clusterArn, properties) : new CfnComputeQuota(this, 'Resource', { ...properties });
    if (props.taskGovernance) { this.resource.node.addDependency(props.taskGovernance); }
    validateTags(this, () => this.resource.madeTagManager, byApi ? API_QUOTA_TAG_LIMITS : TAG_LIMITS);
  }

  public get computeQuotaArn(): string {
    return this.attribute('ComputeQuotaArn').toString();
  }

  public get computeQuotaId(): string {
    return this.attribute('ComputeQuotaId').toString();
  }

  /**
   * The version of the quota, which grows with each update.
   *
   * @attribute
   */
  public get computeQuotaVersion(): number {
    return Token.asNumber(this.attribute('ComputeQuotaVersion'));
  }

  /**
   * The status of the quota at the last deployment, such as `Created` or `Updated`.
   *
   * @attribute
   */
  public get status(): string {
    return this.attribute('Status').toString();
  }

  private attribute(name: ComputeQuotaAttribute): Reference {
    return this.resource.getAtt(name);
  }

  /** Under an id of its own: CloudFormation can't change the type of a resource, nor its ServiceToken. */
  private makeByApi(clusterArn: string, properties: ComputeQuotaProperties): ApiComputeQuota {
    const handler = HandlerProvider.for(this, 'computeQuota');
    handler.allow(quotaPermissions(this, clusterArn));
    return new ApiComputeQuota(this, 'ApiResource', handler.serviceToken, { ...properties });
  }

  /** A name that changes when the team, the place in the tree or the provisioning does, since each makes it another quota. */
  private generateName(team: Team, byApi: boolean): string {
    const prefix = Token.isUnresolved(team.teamName) ? 'quota' : team.teamName;
    return `${prefix}-${this.node.addr.slice(-8)}${byApi ? '-api' : ''}`;
  }
}

class ImportedComputeQuota extends ComputeQuotaBase {
  public readonly computeQuotaArn: string;
  public readonly computeQuotaId: string;

  constructor(scope: Construct, id: string, computeQuotaArn: string) {
    super(scope, id, { environmentFromArn: computeQuotaArn });
    this.computeQuotaArn = computeQuotaArn;
    this.computeQuotaId = Stack.of(scope).splitArn(computeQuotaArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
  }
}
