import { trainingPlanLookups } from './handler';
import { sagemakerReader } from '../../clients/sagemaker';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(trainingPlanLookups(sagemakerReader()));
