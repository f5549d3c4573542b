import { PcsLookupHandler } from './handler';
import { pcsReader } from '../../clients/pcs-reader';
import { customResource } from '../../shared/custom-resource';

export const handler = customResource(new PcsLookupHandler(pcsReader()));
