import { Resource, Token, Tokenization, type CfnResource, type Duration, type IResource } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import type { Construct } from 'constructs';
import type { AccountingAttribute } from '../../private/contracts/pcs-accounting';
import { checked } from '../../private/inputs/checked';
import { Problems } from '../../private/problems';
import { planAccess } from '../private/accounting/access';
import { ClusterAccounting, type QosEntry } from '../private/accounting/cluster-accounting';
import { checkEntry, makeEntry, orNone } from '../private/accounting/entry';
import { qosLimits } from '../private/accounting/limits';
import { adviseNeeds, checkNeeds } from '../private/accounting/needs';
import { adviseQos, checkQos } from '../private/accounting/qos-checks';
import { adviseQueues, orderQueues } from '../private/accounting/queue-checks';
import { contextOf } from '../private/context';
import type { AccountingEntryOptions } from '../vocabulary/accounting-entry';
import type { GpuBudget } from '../vocabulary/gpu-budget';
import { SlurmQosFlag, type SlurmQosPreemptMode } from '../vocabulary/qos-flag';
import type { SlurmQosLimits } from '../vocabulary/slurm-limits';

/** A quality of service of Slurm. */
export interface ISlurmQos extends IResource {
  /**
   * The name, which people pass to `sbatch --qos`.
   *
   * @attribute
   */
  readonly qosName: string;
}

/** What a quality of service is like. */
export interface SlurmQosOptions extends AccountingEntryOptions {
  /**
   * The name, which people pass to `sbatch --qos`: without capitals, since Slurm keeps names in lower case. Unique in the cluster.
   *
   * Another name makes another one, with no usage; see `removalPolicy` for what becomes of the old one. `normal` is there in each cluster,
   * and needs `adoptExisting`.
   *
   * @default - the id of the construct in lower case
   */
  readonly qosName?: string;

  /**
   * What it is for. This library adds a mark to it, by which it knows its own ones. Updated in place.
   *
   * @default - the mark alone
   */
  readonly description?: string;

  /**
   * How much priority its jobs have: a whole number, 0 or more. It counts by `PriorityWeightQOS` of the cluster. Updated in place.
   *
   * @default 0
   */
  readonly priority?: number;

  /**
   * Those whose jobs give way to its jobs. The cluster needs `PreemptType=preempt/qos`, in `slurmSettings.custom`. Updated in place.
   *
   * Slurm's REST API can't take the last one away. Where none is wanted any more, it stays, and `changes` has the command for a login node:
   * `sacctmgr modify qos <name> set preempt=`.
   *
   * @default - none
   */
  readonly preempts?: ISlurmQos[];

  /**
   * What happens to its jobs when they give way to others. Updated in place.
   *
   * @default - what the cluster has in `preemptMode`
   */
  readonly preemptMode?: SlurmQosPreemptMode;

  /**
   * The time that its jobs get between notice and end when they give way, in whole seconds. Updated in place.
   *
   * @default - none
   */
  readonly graceTime?: Duration;

  /**
   * How often each hour counts: 0.5 makes jobs half as dear, 0 free. 0 or more. Updated in place.
   *
   * @default 1
   */
  readonly usageFactor?: number;

  /**
   * Flags. Updated in place.
   *
   * @default - `DENY_ON_LIMIT` with a budget or limits, and `NO_DECAY` with a budget that is never filled up again
   */
  readonly flags?: SlurmQosFlag[];

  /**
   * The GPU hours that all its jobs together may use, whichever account they are of. Updated in place, and what has been used counts.
   *
   * The cluster gets the settings that budgets need, where it has no others: `AccountingStorageEnforce`, `AccountingStorageTRES`,
   * `PriorityDecayHalfLife` and `PriorityUsageResetPeriod`.
   *
   * @default - no budget
   */
  readonly budget?: GpuBudget;

  /**
   * Limits, which come before those of accounts. Updated in place; a limit that is left out is lifted.
   *
   * @default - none
   */
  readonly limits?: SlurmQosLimits;
}

/** Properties of a quality of service. */
export interface SlurmQosProps extends SlurmQosOptions {
  /** The cluster. It needs `accounting` and `slurmRest`. Another cluster needs another id of the construct. */
  readonly cluster: pcs.IClusterRef;
}

abstract class SlurmQosBase extends Resource implements ISlurmQos {
  public abstract readonly qosName: string;
}

/**
 * A quality of service (QOS) in the accounting database of a cluster: priority, preemption, limits and a budget that jobs have by its name.
 *
 * Experimental, as `SlurmAccount`, which says what comes with it and what it costs.
 *
 * Removed from the stack, it is deleted unless an account or another quality of service in the database names it, whether or not jobs have
 * used it: Slurm doesn't tell. What they have used of its budget goes with it; `removalPolicy: RemovalPolicy.RETAIN` keeps it.
 *
 * Accounts may use it that name it in `qos`; queues may be limited to it by `allowQos`, or have its limits by `qos`, of their
 * `slurmSettings`: with the name as this construct returns it, they are made after it.
 *
 * @resource AWS::CloudFormation::CustomResource
 * @see https://slurm.schedmd.com/qos.html
 *
 * @example
 * const interactive = new pcs.SlurmQos(this, 'Interactive', {
 *   cluster,
 *   priority: 100,
 *   limits: { maxWall: Duration.hours(4), maxTresPerUser: { 'gres/gpu': 2 } },
 * });
 * new pcs.SlurmAccount(this, 'Teaching', { cluster, qos: [interactive], defaultQos: interactive });
 */
@propertyInjectable
@checked('pcs.SlurmQos')
export class SlurmQos extends SlurmQosBase {
  /** Identifies this class to injectors of properties. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-hpc-clusters.pcs.SlurmQos';

  /**
   * A quality of service that exists already, by its name. Creates nothing.
   *
   * @param scope The scope of the reference.
   * @param id The id of the reference.
   * @param qosName The name.
   */
  public static fromQosName(scope: Construct, id: string, qosName: string): ISlurmQos {
    return new ImportedSlurmQos(scope, id, qosName);
  }

  private readonly resource: CfnResource;

  constructor(scope: Construct, id: string, props: SlurmQosProps) {
    super(scope, id);

    const { cluster, budget, flags, priority, usageFactor } = props;
    const context = contextOf(cluster);
    const problems = new Problems();
    const access = planAccess(problems, this, cluster, props.access);
    const accounting = ClusterAccounting.of(this, cluster);
    const entry: QosEntry = {
      kind: 'qos',
      construct: this,
      name: props.qosName ?? id.toLowerCase(),
      limits: qosLimits(this, problems, { property: 'limits', limits: props.limits, budgetProperty: 'budget', budget: budget?._choice }),
      budget: budget?._choice,
      preempts: (props.preempts?.length ?? 0) > 0,
    };
    checkEntry(problems, props);
    checkQos(problems, props, entry, accounting);
    checkNeeds(problems, entry, context, accounting);
    problems.throwIfAny(this);

    adviseQos(this, props, entry, context);
    accounting.add(entry);
    orderQueues(context.queues, [entry]);
    this.resource = makeEntry(this, accounting, access, props, {
      Kind: 'Qos',
      Qos: {
        Name: entry.name,
        Description: props.description,
        Priority: numeral(priority),
        Flags: orNone((flags ?? defaultFlags(entry)).map(({ value }) => value)),
        Preempt: props.preempts?.map(qos => qos.qosName),
        PreemptMode: props.preemptMode && [props.preemptMode.value],
        GraceTime: numeral(props.graceTime?.toSeconds()),
        UsageFactor: numeral(usageFactor),
        Limits: orNone(entry.limits),
      },
    });
    this.node.addValidation({
      validate: () => {
        if (accounting.isFirst(entry)) {
          adviseNeeds(this, context, accounting);
          adviseQueues(context, accounting);
        }
        return [];
      },
    });
  }

  public get qosName(): string {
    return this.attribute('Name').toString();
  }

  /**
   * What the last deployment changed in the database, or would change in `AccountingMode.PREVIEW`: a line for each change, as far as
   * there is room.
   *
   * @attribute
   */
  public get changes(): string {
    return this.attribute('Changes').toString();
  }

  /**
   * How many changes there were at the last deployment, or would be.
   *
   * @attribute
   */
  public get changeCount(): number {
    return Token.asNumber(this.attribute('ChangeCount'));
  }

  private attribute(name: AccountingAttribute): ReturnType<CfnResource['getAtt']> {
    return this.resource.getAtt(name);
  }
}

/** The flags of what has limits: a job that can never run is refused. */
function defaultFlags({ limits, budget }: QosEntry): SlurmQosFlag[] {
  return [
    ...Object.keys(limits).length > 0 ? [SlurmQosFlag.DENY_ON_LIMIT] : [],
    ...budget?.period === 'TOTAL' ? [SlurmQosFlag.NO_DECAY] : [],
  ];
}

function numeral(number: number | undefined): string | undefined {
  return number === undefined ? undefined : Tokenization.stringifyNumber(number);
}

class ImportedSlurmQos extends SlurmQosBase {
  constructor(scope: Construct, id: string, public readonly qosName: string) {
    super(scope, id);
  }
}
