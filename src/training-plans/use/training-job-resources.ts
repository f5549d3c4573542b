import { SizeRoundingBehavior, type Size } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { checkForm } from '../../private/forms';
import { checked } from '../../private/inputs/checked';
import { areApart, isElsewhere } from '../../private/places';
import { Problems, isConcrete, warn } from '../../private/problems';
import type { PlanInstanceType } from '../offering/vocabulary/plan-instance-type';
import { TargetResource } from '../offering/vocabulary/target-resource';
import type { ITrainingPlanRef } from '../plan/vocabulary/training-plan-ref';
import { adviseOnCount, findBought } from '../private/checks/validation';
import { RULES } from '../private/rules';

/** What SageMaker takes of instance preferences. */
const PREFERENCES = 5;

/**
 * Instances that a training job falls back to.
 */
export interface TrainingJobFallback {
  /**
   * The type of the instances. Each type of a job can stand there once.
   */
  readonly instanceType: PlanInstanceType;

  /**
   * How many instances of the type the job gets.
   */
  readonly instanceCount: number;

  /**
   * A training plan whose capacity is taken.
   *
   * @default - On-Demand instances, which cost by the second
   */
  readonly trainingPlan?: ITrainingPlanRef;
}

/**
 * The instances of a training job that runs on a training plan.
 */
export interface TrainingJobResourcesProps {
  /**
   * The plan: one that was bought for the target `training-job`. The job waits while the plan is `Scheduled`.
   */
  readonly trainingPlan: ITrainingPlanRef;

  /**
   * The type of the plan's instances.
   */
  readonly instanceType: PlanInstanceType;

  /**
   * How many instances of the plan the job gets.
   */
  readonly instanceCount: number;

  /**
   * Up to four other types that the job starts on, the first that has capacity, when the plan has none.
   *
   * @default - none: the job waits for the plan
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/train-instance-preferences.html
   */
  readonly fallbacks?: TrainingJobFallback[];

  /**
   * The size of the storage volume, in whole GiB. Types with instance storage have no volume.
   *
   * @default - none
   */
  readonly volumeSize?: Size;

  /**
   * The key that encrypts the volume. It can't be given for types with instance storage.
   *
   * @default - a key that AWS owns
   */
  readonly volumeEncryptionKey?: kms.IKeyRef;
}

/**
 * The instances of a SageMaker training job that runs on a training plan, as the job's `ResourceConfig`.
 *
 * CloudFormation has no training jobs, and the Step Functions task of aws-cdk-lib for them has no training plan: `render()` goes
 * into the JSON of a `CustomState`, or wherever else `CreateTrainingJob` is called. Whoever calls it needs `grants.use`.
 *
 * Jobs lose the instances of a plan from 30 minutes before the end of the plan, so write checkpoints.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-utilization-for-training-jobs.html
 *
 * @example
 * const plan = training_plans.TrainingPlan.fromTrainingPlanName(this, 'Plan', 'llm-2026-q1');
 * const resources = new training_plans.TrainingJobResources({
 *   trainingPlan: plan,
 *   instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
 *   instanceCount: 4,
 * });
 * const resourceConfig = resources.render(); // a member of Parameters or Arguments of the state
 */
@checked('training_plans.TrainingJobResources')
export class TrainingJobResources {
  constructor(private readonly props: TrainingJobResourcesProps) {
    const { instanceType, instanceCount, fallbacks = [], volumeSize } = props;
    const problems = new Problems();
    checkInstances(problems, '', { instanceType, instanceCount });
    fallbacks.forEach((fallback, index) => checkInstances(problems, `fallbacks[${index}].`, fallback));
    if (volumeSize && !volumeSize.isUnresolved()) {
      checkForm(problems, RULES.jobVolumeSize, 'volumeSize', volumeSize.toGibibytes({ rounding: SizeRoundingBehavior.NONE }));
    }
    if (fallbacks.length > PREFERENCES - 1) {
      problems.add(RULES.jobTooManyFallbacks, { property: 'fallbacks', got: fallbacks.length });
    }
    const types = [instanceType, ...fallbacks.map(fallback => fallback.instanceType)].map(type => type.value).filter(isConcrete);
    const twice = types.filter((type, index) => types.indexOf(type) < index);
    if (twice.length > 0) {
      problems.add(RULES.jobTypeTwice, { property: 'fallbacks', got: twice });
    }
    this.checkPlans(problems);
    problems.throwIfAny(props.trainingPlan);
    this.advise();
  }

  /**
   * The `ResourceConfig`, in the words of the SageMaker API.
   *
   * It is the same for JSONPath and JSONata. Where properties hold paths (`sfn.JsonPath.numberAt()`), lead the result through
   * `sfn.FieldUtils.renderObject()`.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
   */
  public render(): { [member: string]: any } {
    const { trainingPlan, instanceType, instanceCount, fallbacks = [], volumeSize, volumeEncryptionKey } = this.props;
    const capacity = fallbacks.length === 0
      ? { InstanceType: instanceType.value, InstanceCount: instanceCount, TrainingPlanArn: trainingPlan.trainingPlanRef.trainingPlanArn }
      : { InstancePreferences: [{ trainingPlan, instanceType, instanceCount }, ...fallbacks].map(preference) };
    return {
      ...capacity,
      ...volumeSize && { VolumeSizeInGB: volumeSize.toGibibytes() },
      ...volumeEncryptionKey && { VolumeKmsKeyId: volumeEncryptionKey.keyRef.keyArn },
    };
  }

  /** A job is in one place, and each of its plans is for jobs. */
  private checkPlans(problems: Problems): void {
    const { trainingPlan: first, fallbacks = [] } = this.props;
    [this.props, ...fallbacks].forEach(({ trainingPlan, instanceType }, index) => {
      if (!trainingPlan) { return; }
      const prefix = index === 0 ? '' : `fallbacks[${index - 1}].`;
      findBought(trainingPlan, { target: TargetResource.TRAINING_JOB.value, instanceType: instanceType.value, prefix })
        .forEach(([rule, finding]) => problems.add(rule, finding));
      if (areApart(trainingPlan.env, first.env)) {
        problems.add(RULES.planElsewhere, { property: `${prefix}trainingPlan`, got: trainingPlan.env, fix: 'take a plan of the account and Region of the first one' });
      }
    });
  }

  private advise(): void {
    const { trainingPlan: first, fallbacks = [] } = this.props;
    if (isElsewhere(first.env, first)) { warn(first, RULES.jobPlanElsewhere, { property: 'trainingPlan', got: first.env }); }
    [this.props, ...fallbacks].forEach(({ trainingPlan, instanceCount }, index) => {
      const property = `${index === 0 ? '' : `fallbacks[${index - 1}].`}instanceCount`;
      if (trainingPlan) { adviseOnCount(trainingPlan, trainingPlan, property, instanceCount); }
    });
  }
}

function checkInstances(problems: Problems, prefix: string, { instanceType, instanceCount }: TrainingJobFallback): void {
  checkForm(problems, RULES.typeNameInvalid, `${prefix}instanceType`, instanceType.value);
  checkForm(problems, RULES.jobInstanceCount, `${prefix}instanceCount`, instanceCount);
}

function preference({ instanceType, instanceCount, trainingPlan }: TrainingJobFallback): object {
  return {
    InstanceType: instanceType.value,
    InstanceCount: instanceCount,
    ...trainingPlan && { TrainingPlanArns: [trainingPlan.trainingPlanRef.trainingPlanArn] },
  };
}
