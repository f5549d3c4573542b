import type { IResource } from 'aws-cdk-lib';
import { ArnFormat, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as eks from 'aws-cdk-lib/aws-eks';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { IEnvironmentAware } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { ClusterSchedulerConfigGrants } from './cluster-scheduler-config-grants';
import type { PriorityClass } from './vocabulary/priority-class';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { validateTags } from '../../private/tags';
import { ClusterContext } from '../private/checks/context';
import { TAG_LIMITS, advisePriorityClasses, checkEntity, checkPriorityClasses, checkSharedCluster } from '../private/checks/validation';
import { CfnClusterSchedulerConfig, enabledOrDisabled } from '../private/rendering/l1';
import { RULES } from '../private/rules';

/** A reference to a scheduler configuration, of the shape that newer versions of aws-cdk-lib have for it. */
export interface ClusterSchedulerConfigReference {
  /** The ARN of the scheduler configuration. */
  readonly clusterSchedulerConfigArn: string;
}

/** Anything that has the ARN of a scheduler configuration. */
export interface IClusterSchedulerConfigRef extends IConstruct, IEnvironmentAware {
  /** The reference to the scheduler configuration. */
  readonly clusterSchedulerConfigRef: ClusterSchedulerConfigReference;
}

/** A scheduler configuration: in which order a HyperPod cluster serves tasks. */
export interface IClusterSchedulerConfig extends IResource, IClusterSchedulerConfigRef {
  /**
   * The ARN of the scheduler configuration.
   *
   * @attribute
   */
  readonly clusterSchedulerConfigArn: string;

  /**
   * The id of the scheduler configuration: 12 letters and digits.
   *
   * @attribute
   */
  readonly clusterSchedulerConfigId: string;

  /** Permissions on the scheduler configuration. */
  readonly grants: ClusterSchedulerConfigGrants;
}

/** What a scheduler configuration is like, whichever cluster it is of. */
export interface ClusterSchedulerConfigOptions {
  /**
   * The name of the scheduler configuration, unique in the cluster: 1 to 63 letters, digits and hyphens, with no hyphen at
   * either end.
   *
   * Another name replaces the scheduler configuration: the new one is created first, so both exist for a moment.
   *
   * @default - made of the address of the construct
   */
  readonly clusterSchedulerConfigName?: string;

  /**
   * Classes of tasks by their importance, up to 10. Updated in place.
   *
   * @default - no classes: first come, first served
   */
  readonly priorityClasses?: PriorityClass[];

  /**
   * Whether idle compute goes to teams by the fair-share weight of their quotas. If not, it goes to whoever comes first.
   *
   * Updated in place.
   *
   * @default - enabled, by SageMaker
   */
  readonly fairShare?: boolean;

  /**
   * Whether teams may borrow compute that no quota allocates. Updated in place.
   *
   * @default - disabled, by SageMaker
   */
  readonly idleResourceSharing?: boolean;

  /**
   * The task-governance add-on of the EKS cluster, where this app installs it: the scheduler configuration is created after
   * it, and deleted before it.
   *
   * @default - the add-on is there already
   */
  readonly taskGovernance?: eks.IAddonRef;

  /**
   * What the scheduler configuration is for: up to 1024 characters on one line. Updated in place.
   *
   * @default - no description
   */
  readonly description?: string;
}

/** Properties of a scheduler configuration. */
export interface ClusterSchedulerConfigProps extends ClusterSchedulerConfigOptions {
  /**
   * The cluster to configure. It must be orchestrated by Amazon EKS and have the task-governance add-on. A cluster has one
   * scheduler configuration.
   *
   * Another cluster replaces the scheduler configuration.
   */
  readonly cluster: sagemaker.IClusterRef;
}

abstract class ClusterSchedulerConfigBase extends Resource implements IClusterSchedulerConfig {
  public abstract readonly clusterSchedulerConfigArn: string;
  public abstract readonly clusterSchedulerConfigId: string;

  public get grants(): ClusterSchedulerConfigGrants {
    return ClusterSchedulerConfigGrants.fromClusterSchedulerConfig(this);
  }

  public get clusterSchedulerConfigRef(): ClusterSchedulerConfigReference {
    return { clusterSchedulerConfigArn: this.clusterSchedulerConfigArn };
  }
}

/**
 * In which order a HyperPod cluster serves tasks: priority classes, and how idle compute is shared. The console calls it the
 * cluster policy.
 *
 * It costs nothing.
 *
 * @resource AWS::SageMaker::ClusterSchedulerConfig
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-eks-operate-console-ui-governance-policies.html
 *
 * @example
 * const pod = hyperpod.Cluster.fromClusterArn(this, 'Pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6');
 *
 * new hyperpod.ClusterSchedulerConfig(this, 'Policy', {
 *   cluster: pod,
 *   priorityClasses: [
 *     { name: 'inference', weight: 100 },
 *     { name: 'training', weight: 70 },
 *     { name: 'experiment', weight: 10 },
 *   ],
 *   idleResourceSharing: true,
 * });
 */
@propertyInjectable
@checked('hyperpod.ClusterSchedulerConfig')
export class ClusterSchedulerConfig extends ClusterSchedulerConfigBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.hyperpod.ClusterSchedulerConfig';

  /** A scheduler configuration that exists, by its ARN. Nothing is created. */
  public static fromClusterSchedulerConfigArn(scope: Construct, id: string, clusterSchedulerConfigArn: string): IClusterSchedulerConfig {
    return new ImportedClusterSchedulerConfig(scope, id, clusterSchedulerConfigArn);
  }

  /** A scheduler configuration that exists in the account and Region of the scope, by its id. Nothing is created. */
  public static fromClusterSchedulerConfigId(scope: Construct, id: string, clusterSchedulerConfigId: string): IClusterSchedulerConfig {
    return new ImportedClusterSchedulerConfig(scope, id, Stack.of(scope).formatArn({
      service: 'sagemaker', resource: 'cluster-scheduler-config', resourceName: clusterSchedulerConfigId,
    }));
  }

  public readonly clusterSchedulerConfigArn: string;
  public readonly clusterSchedulerConfigId: string;

  /**
   * The name of the scheduler configuration.
   *
   * @attribute
   */
  public readonly clusterSchedulerConfigName: string;

  /**
   * The version of the scheduler configuration, which grows with each update.
   *
   * @attribute
   */
  public readonly clusterSchedulerConfigVersion: number;

  /**
   * The status of the scheduler configuration at the last deployment, such as `Created` or `Updated`.
   *
   * @attribute
   */
  public readonly status: string;

  constructor(scope: Construct, id: string, props: ClusterSchedulerConfigProps) {
    super(scope, id);

    const { cluster, priorityClasses, fairShare } = props;
    const clusterArn = cluster.clusterRef.clusterArn;
    const name = props.clusterSchedulerConfigName ?? `policy-${this.node.addr.slice(-8)}`;
    const context = ClusterContext.of(this, cluster);
    const problems = new Problems();
    checkEntity(problems, {
      clusterArn, nameProperty: 'clusterSchedulerConfigName', name: props.clusterSchedulerConfigName, description: props.description,
    });
    checkSharedCluster(problems, cluster, this);
    checkPriorityClasses(problems, priorityClasses ?? []);
    if (context.hasSchedulerConfigNamed(name)) {
      problems.add(RULES.schedulerConfigNameTwice, { property: 'clusterSchedulerConfigName', got: name });
    }
    problems.throwIfAny(this);

    this.clusterSchedulerConfigName = name;
    advisePriorityClasses(this, priorityClasses ?? []);
    context.addSchedulerConfig({ construct: this, name, fairShare });

    const resource = new CfnClusterSchedulerConfig(this, 'Resource', {
      Name: name,
      Description: props.description,
      ClusterArn: clusterArn,
      SchedulerConfig: {
        PriorityClasses: priorityClasses?.map(entry => ({ Name: entry.name, Weight: entry.weight })),
        FairShare: enabledOrDisabled(fairShare),
        IdleResourceSharing: enabledOrDisabled(props.idleResourceSharing),
      },
    });
    if (props.taskGovernance) { resource.node.addDependency(props.taskGovernance); }
    validateTags(this, () => resource.madeTagManager, TAG_LIMITS);

    this.clusterSchedulerConfigArn = resource.getAtt('ClusterSchedulerConfigArn').toString();
    this.clusterSchedulerConfigId = resource.getAtt('ClusterSchedulerConfigId').toString();
    this.clusterSchedulerConfigVersion = Token.asNumber(resource.getAtt('ClusterSchedulerConfigVersion'));
    this.status = resource.getAtt('Status').toString();
  }
}

class ImportedClusterSchedulerConfig extends ClusterSchedulerConfigBase {
  public readonly clusterSchedulerConfigArn: string;
  public readonly clusterSchedulerConfigId: string;

  constructor(scope: Construct, id: string, clusterSchedulerConfigArn: string) {
    super(scope, id, { environmentFromArn: clusterSchedulerConfigArn });
    this.clusterSchedulerConfigArn = clusterSchedulerConfigArn;
    this.clusterSchedulerConfigId = Stack.of(scope).splitArn(clusterSchedulerConfigArn, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
  }
}
