import { ComputeQuotaHandler, failedId } from './handler';
import { computeQuotaService } from '../../clients/compute-quotas';
import { providerFunction } from '../../shared/provider';

const quotas = new ComputeQuotaHandler(computeQuotaService());

export const onEvent = providerFunction('requested', quotas.onEvent.bind(quotas), failedId);
export const isComplete = providerFunction('checked', quotas.isComplete.bind(quotas));
