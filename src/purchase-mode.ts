/**
 * Whether a purchase spends money.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingPlan.html
 */
export enum PurchaseMode {
  /** Searches, checks and reports what would be bought. Nothing is bought. */
  DRY_RUN = 'DRY_RUN',

  /** Buys the plan: the whole fee is due at once, and nothing is ever refunded. */
  BUY = 'BUY',
}
