/**
 * An amount of money, as a decimal text: what a training plan may cost at most.
 *
 * It is compared digit by digit, never as a floating-point number. Amounts of different currencies are never compared: an
 * offering in another currency doesn't qualify.
 */
export class UpfrontFee {
  /**
   * An amount in US dollars.
   *
   * @param amount digits, and up to four behind a point, such as 120000.00
   */
  public static usd(amount: string): UpfrontFee {
    return UpfrontFee.of('USD', amount);
  }

  /**
   * An amount in any currency.
   *
   * @param currencyCode three capital letters, such as USD
   * @param amount digits, and up to four behind a point, such as 120000.00
   */
  public static of(currencyCode: string, amount: string): UpfrontFee {
    return new UpfrontFee(currencyCode, amount);
  }

  /** @internal */
  public readonly _kind = 'training_plans.UpfrontFee';

  private constructor(
    /** The code of the currency, such as `USD`. */
    public readonly currencyCode: string,
    /** The amount, such as `120000.00`. */
    public readonly amount: string,
  ) {}
}
