import { trainingPlanLookups } from './handler';
import { trainingPlanReader } from '../../clients/training-plan-reader';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(trainingPlanLookups(trainingPlanReader()));
