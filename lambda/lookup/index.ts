import { LookupHandler } from './handler';
import { trainingPlanReader } from '../clients/sagemaker';
import { customResource } from '../shared/custom-resource';

export const handler = customResource(new LookupHandler(trainingPlanReader()));
