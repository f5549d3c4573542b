import { ComputeQuotaHandler } from './handler';
import { computeQuotaService } from '../clients/compute-quotas';
import { providerFunction } from '../shared/provider';

const quotas = new ComputeQuotaHandler(computeQuotaService());

export const onEvent = providerFunction('requested', quotas.onEvent.bind(quotas));
export const isComplete = providerFunction('checked', quotas.isComplete.bind(quotas));
