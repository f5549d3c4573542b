/**
 * Where each field of the operations on training plans is found in `training_plans`. `coverage.test.ts` holds it to the installed
 * AWS SDK, and to our own sources, both ways.
 */

/** A field that users reach by members of ours, each written as `Class.member`. */
export interface Offered {
  readonly ours: readonly string[];
}

/** A field that users don't reach, and why. */
export interface NotOffered {
  readonly why: string;
}

export type Coverage = Record<string, Offered | NotOffered>;

const offered = (...ours: string[]): Offered => ({ ours });
const because = (why: string): NotOffered => ({ why });

/** The fields of a shape that stands in a field of another one. */
function within(prefix: string, fields: Coverage): Coverage {
  return Object.fromEntries(Object.entries(fields).map(([name, coverage]) => [`${prefix}.${name}`, coverage]));
}

/** Fields that have one reason in common. */
function none(why: string, ...names: string[]): Coverage {
  return Object.fromEntries(names.map(name => [name, because(why)]));
}

const PAGES = 'all pages are read';
const ONE_BY_ONE = 'DescribeTrainingPlan says it of the plan and of each of its blocks';
const ULTRA_SERVERS = 'single UltraServers are not read; `TrainingPlanWatch` has the spare and the unhealthy instances of the plan';

const BLOCK: Coverage = {
  ReservedCapacityArn: offered('ReservedCapacity.reservedCapacityArn'),
  ReservedCapacityType: because('it follows from `ultraServerType`'),
  UltraServerType: offered('ReservedCapacity.ultraServerType'),
  UltraServerCount: offered('ReservedCapacity.ultraServerCount'),
  InstanceType: offered('ReservedCapacity.instanceType', 'TrainingPlanLookup.instanceType', 'TrainingPlanAssertionProps.instanceType'),
  TotalInstanceCount: offered('ReservedCapacity.totalInstanceCount'),
  Status: offered('ReservedCapacity.status'),
  AvailabilityZone: offered(
    'ReservedCapacity.availabilityZone', 'TrainingPlanLookup.availabilityZone', 'TrainingPlanAssertionProps.availabilityZones',
  ),
  AvailabilityZoneId: offered('ReservedCapacity.availabilityZoneId', 'TrainingPlanLookup.availabilityZoneId'),
  DurationHours: offered('ReservedCapacity.durationHours'),
  DurationMinutes: offered('ReservedCapacity.durationMinutes'),
  StartTime: offered('ReservedCapacity.startTime'),
  EndTime: offered('ReservedCapacity.endTime', 'TrainingPlanWatch.metricHoursUntilReclaim'),
};

const EXTENSION: Coverage = {
  TrainingPlanExtensions: offered('TrainingPlanExtension.notice'),
  ...within('TrainingPlanExtensions', {
    TrainingPlanExtensionOfferingId: offered('TrainingPlanExtension.trainingPlanExtensionOfferingId'),
    ExtendedAt: because('it is when the stack was deployed'),
    StartDate: offered('TrainingPlanExtension.startTime'),
    EndDate: offered('TrainingPlanExtension.endTime'),
    Status: offered('TrainingPlanExtension.status'),
    PaymentStatus: because('a deployment ends when it is paid, and fails when it is not'),
    AvailabilityZone: offered('TrainingPlanExtension.availabilityZone'),
    AvailabilityZoneId: because('an extension is where its plan is, whose look-up has it'),
    DurationHours: offered('TrainingPlanExtension.durationHours'),
    UpfrontFee: offered('TrainingPlanExtension.upfrontFee'),
    CurrencyCode: offered('TrainingPlanExtension.currencyCode'),
  }),
};

/** The requests and responses of the operations on plans. */
export const OPERATIONS: Record<string, Coverage> = {
  SearchTrainingPlanOfferingsRequest: {
    InstanceType: offered('InstanceOfferingCriteria.instanceType'),
    InstanceCount: offered('InstanceOfferingCriteria.instanceCount'),
    UltraServerType: offered('UltraServerOfferingCriteria.ultraServerType'),
    UltraServerCount: offered('UltraServerOfferingCriteria.ultraServerCount'),
    StartTimeAfter: offered('OfferingCriteria.startAfter'),
    EndTimeBefore: offered('OfferingCriteria.endBefore'),
    DurationHours: offered('OfferingCriteria.durations'),
    TargetResources: offered('OfferingCriteria.target'),
    TrainingPlanArn: offered('TrainingPlanExtensionProps.trainingPlan'),
  },
  SearchTrainingPlanOfferingsResponse: {
    TrainingPlanOfferings: offered('OfferingSearch.qualifyingCount', 'OfferingSearch.summary'),
    ...within('TrainingPlanOfferings', {
      TrainingPlanOfferingId: offered('OfferingSearch.trainingPlanOfferingId', 'PurchasedTrainingPlan.trainingPlanOfferingId'),
      TargetResources: because('only offerings for the target that was asked for qualify'),
      RequestedStartTimeAfter: because('it is what was asked for'),
      RequestedEndTimeBefore: because('it is what was asked for'),
      DurationHours: offered('OfferingSearch.durationHours'),
      DurationMinutes: because('offerings last whole days'),
      UpfrontFee: offered('OfferingSearch.upfrontFee', 'OfferingSearchProps.maxUpfrontFee'),
      CurrencyCode: offered('OfferingSearch.currencyCode'),
      ReservedCapacityOfferings: offered('OfferingSearch.summary'),
      ...within('ReservedCapacityOfferings', {
        ReservedCapacityType: because('it follows from what was asked for'),
        UltraServerType: because('it is what was asked for'),
        UltraServerCount: because('it is what was asked for'),
        InstanceType: offered('OfferingSearch.instanceType'),
        InstanceCount: offered('OfferingSearch.instanceCount'),
        AvailabilityZone: offered('OfferingSearch.availabilityZone', 'OfferingSearch.subnetId', 'OfferingCriteria.availabilityZones'),
        DurationHours: offered('OfferingSearch.durationHours'),
        DurationMinutes: because('offerings last whole days'),
        StartTime: offered('OfferingSearch.startTime'),
        EndTime: offered('OfferingSearch.endTime'),
        ...none('new plans are bought by offerings that extend nothing', 'ExtensionStartTime', 'ExtensionEndTime'),
      }),
    }),
    TrainingPlanExtensionOfferings: offered('TrainingPlanExtension.notice'),
    ...within('TrainingPlanExtensionOfferings', {
      TrainingPlanExtensionOfferingId: offered('TrainingPlanExtension.trainingPlanExtensionOfferingId'),
      AvailabilityZone: offered('TrainingPlanExtension.availabilityZone'),
      StartDate: offered('TrainingPlanExtension.startTime'),
      EndDate: offered('TrainingPlanExtensionProps.extendTo'),
      DurationHours: offered('TrainingPlanExtension.durationHours'),
      UpfrontFee: offered('TrainingPlanExtensionProps.maxUpfrontFee'),
      CurrencyCode: offered('TrainingPlanExtensionProps.maxUpfrontFee'),
    }),
  },
  CreateTrainingPlanRequest: {
    'TrainingPlanName': offered('PurchasedTrainingPlanProps.trainingPlanName'),
    'TrainingPlanOfferingId': offered('PurchasedTrainingPlanProps.offering', 'PinnedInstanceOffering.trainingPlanOfferingId'),
    'SpareInstanceCountPerUltraServer': offered('PurchasedTrainingPlanProps.spareInstancesPerUltraServer'),
    'Tags': offered('PurchasedTrainingPlan.cdkTagManager'),
    'Tags.Key': offered('PurchasedTrainingPlan.cdkTagManager'),
    'Tags.Value': offered('PurchasedTrainingPlan.cdkTagManager'),
  },
  CreateTrainingPlanResponse: {
    TrainingPlanArn: offered('PurchasedTrainingPlan.trainingPlanArn'),
  },
  DescribeTrainingPlanRequest: {
    TrainingPlanName: offered('TrainingPlanLookupProps.trainingPlan', 'TrainingPlanSelector.byName', 'TrainingPlanWatchProps.trainingPlan'),
  },
  DescribeTrainingPlanResponse: {
    TrainingPlanArn: offered('TrainingPlanLookup.trainingPlanArn'),
    TrainingPlanName: offered('TrainingPlanLookup.trainingPlanName'),
    Status: offered('TrainingPlanLookup.status', 'TrainingPlanAssertionProps.statuses'),
    StatusMessage: offered('TrainingPlanLookup.statusReason'),
    DurationHours: offered('TrainingPlanLookup.durationHours'),
    DurationMinutes: offered('TrainingPlanLookup.durationMinutes'),
    StartTime: offered('TrainingPlanLookup.startTime'),
    EndTime: offered('TrainingPlanLookup.endTime', 'TrainingPlanAssertionProps.endAfter', 'TrainingPlanWatch.metricHoursLeft'),
    UpfrontFee: offered('TrainingPlanLookup.upfrontFee'),
    CurrencyCode: offered('TrainingPlanLookup.currencyCode'),
    TotalInstanceCount: offered(
      'TrainingPlanLookup.totalInstanceCount', 'TrainingPlanAssertionProps.minTotalInstances', 'TrainingPlanWatch.metricTotalInstances',
    ),
    AvailableInstanceCount: offered(
      'TrainingPlanLookup.availableInstanceCount', 'TrainingPlanAssertionProps.minAvailableInstances', 'TrainingPlanWatch.metricAvailableInstances',
    ),
    InUseInstanceCount: offered('TrainingPlanLookup.inUseInstanceCount', 'TrainingPlanWatch.metricInUseInstances'),
    UnhealthyInstanceCount: offered('TrainingPlanLookup.unhealthyInstanceCount', 'TrainingPlanWatch.metricUnhealthyInstances'),
    AvailableSpareInstanceCount: offered('TrainingPlanLookup.availableSpareInstanceCount', 'TrainingPlanWatch.metricAvailableSpareInstances'),
    TotalUltraServerCount: offered('TrainingPlanLookup.totalUltraServerCount'),
    TargetResources: offered('TrainingPlanLookup.targetResources', 'TrainingPlanAssertionProps.target'),
    ReservedCapacitySummaries: offered('TrainingPlanLookup.reservedCapacity'),
    ...within('ReservedCapacitySummaries', BLOCK),
  },
  ListTrainingPlansRequest: {
    ...none(PAGES, 'NextToken', 'MaxResults'),
    ...none('plans are chosen by the handler, which compares more than the service can', 'StartTimeAfter', 'StartTimeBefore', 'SortBy', 'SortOrder', 'Filters', 'Filters.Name', 'Filters.Value'),
  },
  ListTrainingPlansResponse: {
    NextToken: because(PAGES),
    TrainingPlanSummaries: offered('TrainingPlanSelector.byCriteria'),
    ...within('TrainingPlanSummaries', {
      TrainingPlanName: offered('TrainingPlanSelector.byCriteria'),
      Status: offered('TrainingPlanCriteria.statuses'),
      StartTime: offered('TrainingPlanCriteria.startAfter'),
      EndTime: offered('TrainingPlanCriteria.endBefore'),
      TargetResources: offered('TrainingPlanCriteria.target'),
      ReservedCapacitySummaries: offered('TrainingPlanCriteria.instanceType'),
      ...none(
        'the plan that is found is described', 'TrainingPlanArn', 'StatusMessage', 'DurationHours', 'DurationMinutes', 'UpfrontFee', 'CurrencyCode',
        'TotalInstanceCount', 'AvailableInstanceCount', 'InUseInstanceCount', 'TotalUltraServerCount',
      ),
      ...within('ReservedCapacitySummaries', {
        ...none('the plan that is found is described', ...Object.keys(BLOCK)),
        InstanceType: offered('TrainingPlanCriteria.instanceType'),
      }),
    }),
  },
  DescribeReservedCapacityRequest: { ReservedCapacityArn: because(ONE_BY_ONE) },
  DescribeReservedCapacityResponse: none(
    ONE_BY_ONE, 'ReservedCapacityArn', 'ReservedCapacityType', 'Status', 'AvailabilityZone', 'DurationHours', 'DurationMinutes', 'StartTime', 'EndTime',
    'InstanceType', 'TotalInstanceCount', 'AvailableInstanceCount', 'InUseInstanceCount', 'UltraServerSummary', 'UltraServerSummary.UltraServerType',
    'UltraServerSummary.InstanceType', 'UltraServerSummary.UltraServerCount', 'UltraServerSummary.AvailableSpareInstanceCount',
    'UltraServerSummary.UnhealthyInstanceCount',
  ),
  ListUltraServersByReservedCapacityRequest: none(ULTRA_SERVERS, 'ReservedCapacityArn', 'MaxResults', 'NextToken'),
  ListUltraServersByReservedCapacityResponse: none(
    ULTRA_SERVERS, 'NextToken', 'UltraServers', ...[
      'UltraServerId', 'UltraServerType', 'AvailabilityZone', 'InstanceType', 'TotalInstanceCount', 'ConfiguredSpareInstanceCount',
      'AvailableInstanceCount', 'InUseInstanceCount', 'AvailableSpareInstanceCount', 'UnhealthyInstanceCount', 'HealthStatus',
    ].map(name => `UltraServers.${name}`),
  ),
  ExtendTrainingPlanRequest: {
    TrainingPlanExtensionOfferingId: because('the cheapest that ends at `TrainingPlanExtensionProps.extendTo` is bought: the service can\'t say what an id alone would cost'),
  },
  ExtendTrainingPlanResponse: EXTENSION,
  DescribeTrainingPlanExtensionHistoryRequest: {
    TrainingPlanArn: offered('TrainingPlanExtensionProps.trainingPlan'),
    ...none(PAGES, 'NextToken', 'MaxResults'),
  },
  DescribeTrainingPlanExtensionHistoryResponse: { ...EXTENSION, NextToken: because(PAGES) },
  ProductionVariantCapacityReservationConfig: {
    CapacityReservationPreference: offered('EndpointTrainingPlan.applyTo'),
    MlReservationArn: offered('EndpointTrainingPlanProps.trainingPlan'),
  },
  InstancePreference: {
    InstanceType: offered('TrainingJobResourcesProps.instanceType', 'TrainingJobFallback.instanceType'),
    InstanceCount: offered('TrainingJobResourcesProps.instanceCount', 'TrainingJobFallback.instanceCount'),
    TrainingPlanArns: offered('TrainingJobResourcesProps.trainingPlan', 'TrainingJobFallback.trainingPlan'),
  },
};

/** The page of the documentation. */
export function renderCoverage(): string {
  const lines = [
    '# Training plans: where each field is found',
    '',
    'Every field of the operations of the SageMaker API on training plans, and of what runs endpoints and training jobs on them.',
  ];
  for (const [shape, fields] of Object.entries(OPERATIONS)) {
    lines.push('', `## ${shape}`, '', '| Field | In `training_plans` |', '|---|---|');
    for (const [path, coverage] of Object.entries(fields)) { lines.push(`| \`${path}\` | ${show(coverage)} |`); }
  }
  return lines.join('\n') + '\n';
}

function show(coverage: Offered | NotOffered): string {
  return 'ours' in coverage ? coverage.ours.map(member => `\`${member}\``).join(', ') : `not offered: ${coverage.why}`;
}
