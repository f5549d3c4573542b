import { capacityBlockLookups } from './handler';
import { capacityBlockReader } from '../../clients/capacity-block-reader';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(capacityBlockLookups(capacityBlockReader()));
