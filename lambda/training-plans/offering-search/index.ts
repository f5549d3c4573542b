import { OfferingSearchHandler } from './handler';
import { planReader } from '../../clients/training-plans';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(new OfferingSearchHandler(planReader()));
