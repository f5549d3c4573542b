import { AccountingHandler, physicalIdOf } from './handler';
import { pcsReader } from '../../clients/pcs-reader';
import { secretReader } from '../../clients/secrets';
import { providerFunction } from '../../shared/provider';

const { getCluster } = pcsReader();
const accounting = new AccountingHandler({ getCluster, secrets: secretReader() });

export const onEvent = providerFunction('requested', accounting.onEvent.bind(accounting), physicalIdOf);
export const isComplete = providerFunction('checked', accounting.isComplete.bind(accounting));
