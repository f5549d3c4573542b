import { hyperPodLookups } from './handler';
import { hyperPodReader } from '../../clients/hyperpod-reader';
import { outputWriter } from '../../clients/output-writer';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(hyperPodLookups(hyperPodReader(), outputWriter()));
