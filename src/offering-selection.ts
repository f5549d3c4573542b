/**
 * How one is chosen among the offerings that qualify.
 *
 * Ties are broken by the lower fee, then the earlier start, the earlier end and the offering's id.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SearchTrainingPlanOfferings.html
 */
export enum OfferingSelection {
  /** The lowest upfront fee for the whole plan: of several durations, mostly the shortest. */
  LOWEST_FEE = 'LOWEST_FEE',

  /** The lowest fee per instance and hour. */
  LOWEST_INSTANCE_HOUR_RATE = 'LOWEST_INSTANCE_HOUR_RATE',

  /** The earliest start. */
  EARLIEST_START = 'EARLIEST_START',

  /** The longest duration. */
  LONGEST = 'LONGEST',
}
