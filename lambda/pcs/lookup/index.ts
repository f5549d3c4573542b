import { pcsLookups } from './handler';
import { pcsReader } from '../../clients/pcs-reader';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(pcsLookups(pcsReader()));
