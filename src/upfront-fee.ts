import { checked } from './private/inputs/checked';
/** An amount of money in a currency. */
export interface CurrencyAmount {
  /** The code of the currency: three capital letters, for example `USD`. */
  readonly currencyCode: string;

  /** The amount: digits, and up to four behind a point, for example `120000.00`. */
  readonly amount: string;
}

/**
 * The most that capacity may cost, as a decimal text.
 *
 * It is compared digit by digit, never as a floating-point number. Amounts of different currencies are never compared: an
 * offering in another currency doesn't qualify.
 */
@checked('UpfrontFee')
export class UpfrontFee {
  /**
   * An amount in US dollars.
   *
   * @param amount Digits, and up to four behind a point, for example `120000.00`.
   */
  public static usd(amount: string): UpfrontFee {
    return UpfrontFee.of({ currencyCode: 'USD', amount });
  }

  /** An amount in any currency. */
  public static of(fee: CurrencyAmount): UpfrontFee {
    return new UpfrontFee(fee.currencyCode, fee.amount);
  }

  /** @internal */
  public readonly _kind = 'UpfrontFee';

  private constructor(
    /** The code of the currency, such as `USD`. */
    public readonly currencyCode: string,
    /** The amount, such as `120000.00`. */
    public readonly amount: string,
  ) {}
}
