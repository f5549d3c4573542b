import { Mixin, Stack, Token } from 'aws-cdk-lib';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { IConstruct } from 'constructs';
import { isDryRun } from '../../private/dry-runs';
import { checkForm } from '../../private/forms';
import { checked } from '../../private/inputs/checked';
import { Problems, describe, isConcrete } from '../../private/problems';
import type { PlanInstanceType } from '../offering/vocabulary/plan-instance-type';
import { TargetResource } from '../offering/vocabulary/target-resource';
import type { TrainingPlanAssertion } from '../plan/training-plan-assertion';
import type { ITrainingPlanRef } from '../plan/vocabulary/training-plan-ref';
import { adviseOnCount, checkPlace, findBought } from '../private/checks/validation';
import { RULES } from '../private/rules';

/** The only preference that SageMaker has for endpoints: in the reservation or not at all. */
const PREFERENCE = 'capacity-reservations-only';

type Variant = sagemaker.CfnEndpointConfig.ProductionVariantProperty;
type Reservation = sagemaker.CfnEndpointConfig.CapacityReservationConfigProperty;

/**
 * Properties of the use of a training plan by an inference endpoint.
 */
export interface EndpointTrainingPlanProps {
  /**
   * The plan: one that was bought for the target `endpoint`. An endpoint can have one plan.
   *
   * Another plan replaces the endpoint configuration, and the endpoint moves to its instances.
   */
  readonly trainingPlan: ITrainingPlanRef;

  /**
   * The name of the variant whose instances come from the plan.
   *
   * @default - the only variant that there is
   */
  readonly variantName?: string;

  /**
   * The type of the plan's instances, which the variant must have. It is given to a variant that says none.
   *
   * @default - not known, so nothing is compared; SageMaker refuses an endpoint whose type differs
   */
  readonly instanceType?: PlanInstanceType;

  /**
   * What is asserted of the plan before the endpoint configuration is made, and so before the endpoint. SageMaker takes an active
   * plan alone for an endpoint, so assert `TrainingPlanStatus.ACTIVE`.
   *
   * @default - nothing: SageMaker refuses the endpoint when the plan can't be used
   */
  readonly assertion?: TrainingPlanAssertion;
}

/**
 * Makes a variant of an inference endpoint run on the capacity of a training plan, and on nothing else.
 *
 * It is a mixin for the L1 `CfnEndpointConfig`, whose variants must be known at synthesis. It costs nothing; the plan is paid
 * already. When the plan ends, the endpoint stops serving: to move it to On-Demand instances before that, take the mixin
 * away. Every change of an endpoint configuration is a replacement, so leave out its name.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/use-training-plan-for-inference-endpoints-using-api-cli-sdk.html
 *
 * @example
 * declare const model: sagemaker.CfnModel;
 *
 * const plan = new training_plans.TrainingPlanLookup(this, 'Plan', {
 *   trainingPlan: training_plans.TrainingPlanSelector.byName('serving-2026-q1'),
 * });
 * const config = new sagemaker.CfnEndpointConfig(this, 'Config', {
 *   productionVariants: [{
 *     variantName: 'main',
 *     modelName: model.attrModelName,
 *     instanceType: 'ml.p5.48xlarge',
 *     initialInstanceCount: 1,
 *   }],
 * });
 * config.with(new training_plans.EndpointTrainingPlan({
 *   trainingPlan: plan,
 *   instanceType: training_plans.PlanInstanceType.P5_48XLARGE,
 *   assertion: new training_plans.TrainingPlanAssertion(this, 'PlanIsActive', {
 *     trainingPlan: training_plans.TrainingPlanSelector.byName('serving-2026-q1'),
 *     statuses: [training_plans.TrainingPlanStatus.ACTIVE],
 *     target: training_plans.TargetResource.ENDPOINT,
 *   }),
 * }));
 * new sagemaker.CfnEndpoint(this, 'Endpoint', { endpointConfigName: config.attrEndpointConfigName });
 */
@checked('training_plans.EndpointTrainingPlan')
export class EndpointTrainingPlan extends Mixin {
  constructor(private readonly props: EndpointTrainingPlanProps) {
    super();
  }

  /**
   * Whether a construct is an L1 endpoint configuration.
   */
  public supports(construct: IConstruct): boolean {
    return sagemaker.CfnEndpointConfig.isCfnEndpointConfig(construct);
  }

  /**
   * Puts the plan on the variant.
   */
  public applyTo(construct: IConstruct): void {
    const config = construct as sagemaker.CfnEndpointConfig;
    const { trainingPlan, assertion } = this.props;
    const problems = new Problems();
    checkForm(problems, RULES.typeNameInvalid, 'instanceType', this.props.instanceType?.value);
    checkPlace(problems, 'trainingPlan', trainingPlan, config);
    if (isDryRun(trainingPlan)) { problems.add(RULES.dryRunHasNoPlan, { property: 'trainingPlan', got: trainingPlan.node.path }); }
    const variants = variantsOf(config);
    const index = this.findVariant(problems, config, variants);
    problems.throwIfAny(config);

    const planArn = trainingPlan.trainingPlanRef.trainingPlanArn;
    config.productionVariants = variants!.map((variant, at) => at !== index ? variant : {
      ...variant,
      instanceType: (variant as Variant).instanceType ?? this.props.instanceType?.value,
      capacityReservationConfig: { capacityReservationPreference: PREFERENCE, mlReservationArn: planArn },
    });
    assertion?.guard(config);
    config.node.addValidation({ validate: () => judgeBought(config, trainingPlan, config.productionVariants, index!) });
  }

  /** Where the variant stands. What speaks against it is noted. */
  private findVariant(problems: Problems, config: sagemaker.CfnEndpointConfig, variants: unknown[] | undefined): number | undefined {
    const known = variants?.filter((variant): variant is Variant => !Token.isUnresolved(variant));
    if (known === undefined || known.length < variants!.length) {
      problems.add(RULES.endpointVariantsUnknown, { property: 'productionVariants' });
      return undefined;
    }
    const { variantName } = this.props;
    const found = variantName === undefined ? known : known.filter(variant => variant.variantName === variantName);
    if (found.length !== 1) {
      problems.add(RULES.endpointVariantNotFound, { property: 'variantName', got: { variantName, variants: known.map(variant => variant.variantName) } });
      return undefined;
    }
    this.checkVariant(problems, found[0]);
    this.checkOthers(problems, config, known);
    return known.indexOf(found[0]);
  }

  private checkVariant(problems: Problems, variant: Variant): void {
    if (variant.serverlessConfig !== undefined) {
      problems.add(RULES.endpointServerless, { property: 'serverlessConfig', got: variant.serverlessConfig });
    }
    const ofPlan = this.props.instanceType?.value;
    if (isConcrete(ofPlan) && isConcrete(variant.instanceType) && ofPlan !== variant.instanceType) {
      problems.add(RULES.endpointInstanceTypeDiffers, { property: 'instanceType', got: { variant: variant.instanceType, plan: ofPlan } });
    }
  }

  private checkOthers(problems: Problems, config: sagemaker.CfnEndpointConfig, variants: Variant[]): void {
    const stack = Stack.of(config);
    const text = (value: unknown) => JSON.stringify(stack.resolve(value));
    const plan = text(this.props.trainingPlan.trainingPlanRef.trainingPlanArn);
    const others = variants
      .map(variant => (variant.capacityReservationConfig as Reservation | undefined)?.mlReservationArn)
      .filter(arn => arn !== undefined && text(arn) !== plan);
    if (others.length > 0) {
      problems.add(RULES.endpointPlanTwice, { property: 'trainingPlan', got: others });
    }
  }
}

/** Compares a variant with its plan, where the app buys that: wherever it does, so when all of the app is there. */
function judgeBought(config: sagemaker.CfnEndpointConfig, plan: ITrainingPlanRef, variants: unknown, index: number): string[] {
  const { instanceType, initialInstanceCount } = (variants as Variant[])[index] ?? {};
  adviseOnCount(config, plan, 'initialInstanceCount', initialInstanceCount);
  return findBought(plan, { target: TargetResource.ENDPOINT.value, instanceType }).map(([rule, finding]) => describe(rule, finding));
}

/** The variants, where they are a list. */
function variantsOf(config: sagemaker.CfnEndpointConfig) {
  return Array.isArray(config.productionVariants) && !Token.isUnresolved(config.productionVariants) ? config.productionVariants : undefined;
}
