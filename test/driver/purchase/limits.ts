import { LIMITS_VARIABLE, extensionLimitKey, planLimitKey, renderLimits, type SpendingLimit } from '../../../src/private/contracts/spending-limits';
import type { ExtensionProperties, PurchaseProperties } from '../../../src/private/contracts/training-plan';

type Spending = PurchaseProperties | ExtensionProperties;

/** The limit of a purchase or an extension, as its construct makes it. */
export function limitOf(properties: Spending): [key: string, limit: SpendingLimit] {
  const { TrainingPlanName: name, MaxUpfrontFee: { Amount: amount, CurrencyCode: currency }, Attempt = '1' } = properties;
  const limit = { amount, currency, attempts: Number(Attempt) };
  if ('ExtendTo' in properties) { return [extensionLimitKey(name, properties.ExtendTo), limit]; }
  const { InstanceType: type, InstanceCount: count } = properties.Offering;
  return [planLimitKey(name), { ...limit, type, count: Number(count) }];
}

/** The environment of a function that may make these. */
export function environmentFor(...spendings: readonly Spending[]): Record<string, string> {
  return { [LIMITS_VARIABLE]: renderLimits(new Map(spendings.map(limitOf))) };
}
