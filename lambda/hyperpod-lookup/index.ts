import { hyperPodLookups } from './handler';
import { hyperPodReader } from '../clients/hyperpod-reader';
import { customResource } from '../shared/custom-resource';

export const handler = customResource(hyperPodLookups(hyperPodReader()));
