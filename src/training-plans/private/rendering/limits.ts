import { extensionLimitKey, planLimitKey } from '../../../private/contracts/spending-limits';
import type { ExtensionProperties, PurchaseProperties } from '../../../private/contracts/training-plan';
import type { PurchaseLimit } from '../../../private/handlers/handler-provider';
import { isConcrete } from '../../../private/problems';

/** What the function that buys a plan is configured with. Fee, name and attempt are known at synthesis; type and count need not be. */
export function limitOfPurchase({ TrainingPlanName, MaxUpfrontFee, Attempt, Offering }: PurchaseProperties): PurchaseLimit {
  const [type, count] = [Offering.InstanceType ?? Offering.UltraServerType, Offering.InstanceCount ?? Offering.UltraServerCount];
  return {
    key: planLimitKey(TrainingPlanName),
    ...spent(MaxUpfrontFee, Attempt),
    type: isConcrete(type) ? type : undefined,
    count: isConcrete(count) ? Number(count) : undefined,
  };
}

/** What the function that extends plans is configured with. */
export function limitOfExtension({ TrainingPlanName, ExtendTo, MaxUpfrontFee, Attempt }: ExtensionProperties): PurchaseLimit {
  return { key: extensionLimitKey(TrainingPlanName, ExtendTo), ...spent(MaxUpfrontFee, Attempt) };
}

function spent({ Amount, CurrencyCode }: PurchaseProperties['MaxUpfrontFee'], attempt: string) {
  return { amount: Amount, currency: CurrencyCode, attempts: Number(attempt) };
}
