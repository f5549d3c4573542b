import { checked, listed, rows, typed, type Row } from './row';

const PAGING = listed('handlers ask for pages of a size of their own, and hand back the token that the service gave');
const OURS = listed('the handler makes it of what the service answered');

/** Training plans. */
export const TRAINING_PLANS: readonly Row[] = [
  ...rows(['sagemaker SearchTrainingPlanOfferings'], [
    ['durationHours', '*', checked('trainingPlans.durationInvalid')],
    ['instanceCount', '*', checked('trainingPlans.countInvalid', 'from 1 on: an offering of no instance is none')],
    ['instanceType', 'enum', checked('trainingPlans.typeNameInvalid', '`PlanInstanceType` has constants; of others, the form alone is checked, since AWS adds types')],
    ['targetResources targetResources[]', '*', typed('`TargetResource`')],
    ['ultraServerCount', '*', checked('trainingPlans.ultraServerCountInvalid')],
    ['ultraServerType', '*', checked('trainingPlans.typeNameInvalid')],
  ]),
  ...rows(['sagemaker CreateTrainingPlan'], [
    ['spareInstanceCountPerUltraServer', '*', checked('trainingPlans.sparesInvalid')],
    ['tags', 'size', checked('trainingPlans.tagsTooMany', '46, since four say whose the plan is')],
    ['tags[].*', 'required', typed('tags of the CDK have a key and a value')],
    ['tags[].*', 'pattern length', checked(['trainingPlans.tagsInvalid', 'trainingPlans.ownershipKeyInvalid'])],
    ['trainingPlanName', '*', checked('trainingPlans.nameInvalid')],
    ['trainingPlanOfferingId', '*', checked('trainingPlans.offeringIdInvalid', 'where one is pinned; else the service gave it')],
  ]),
  ...rows(['sagemaker DescribeTrainingPlan'], [
    ['trainingPlanName', '*', checked(['trainingPlans.nameInvalid', 'trainingPlans.arnInvalid'], 'handlers ask by name')],
  ]),
  ...rows(['sagemaker ListTrainingPlans', 'sagemaker DescribeTrainingPlanExtensionHistory', 'sagemaker ListTags'], [
    ['maxResults nextToken sortBy sortOrder', '*', PAGING],
    ['filters filters[].*', '*', listed('not sent: handlers read all plans and compare more than the service can')],
  ]),
  ...rows([
    'sagemaker ExtendTrainingPlan', 'sagemaker DescribeTrainingPlanExtensionHistory', 'sagemaker AddTags', 'sagemaker DeleteTags', 'sagemaker ListTags',
  ], [
    ['trainingPlanExtensionOfferingId trainingPlanArn resourceArn', '*', OURS],
    ['tags tagKeys', '*', checked(['trainingPlans.tagsTooMany', 'hyperpod.tagCount'], 'one call for what has changed, none for nothing')],
    ['tags[].* tagKeys[]', '*', checked(['trainingPlans.tagsInvalid', 'hyperpod.tagText'])],
  ]),
  ...rows(['sagemaker CreateTrainingJob'], [
    ['resourceConfig.instancePreferences', 'size', checked('trainingPlans.jobTooManyFallbacks')],
    ['resourceConfig.**instanceCount', '*', checked('trainingPlans.jobInstanceCount', 'from 1 on: a job runs on an instance')],
    ['resourceConfig.**instanceType', 'enum', checked('trainingPlans.typeNameInvalid', 'of the names, the form alone is checked, since AWS adds types')],
    ['resourceConfig.**instanceType', 'required', typed('`TrainingJobFallback`, where it is required')],
    ['resourceConfig.**trainingPlanArn resourceConfig.**trainingPlanArns resourceConfig.**trainingPlanArns[]', '*', typed('`ITrainingPlanRef`, one for each preference')],
    ['resourceConfig.volumeKmsKeyId', '*', typed('`kms.IKeyRef`')],
    ['resourceConfig.volumeSizeInGB', '*', checked('trainingPlans.jobVolumeSize', 'from 1 GiB on; none is left out')],
  ]),
  ...rows(['sagemaker CreateEndpointConfig'], [
    ['**.capacityReservationPreference', '*', typed('always capacity-reservations-only')],
    ['**.mlReservationArn', '*', typed('`ITrainingPlanRef`')],
    ['**.instanceType', '*', checked(['trainingPlans.typeNameInvalid', 'trainingPlans.endpointInstanceTypeDiffers'], 'of the names, the form alone is checked, since AWS adds types')],
  ]),
];
