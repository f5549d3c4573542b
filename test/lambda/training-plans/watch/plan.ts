import type { TrainingPlanDescription } from '../../../../lambda/clients/training-plan-reader';

/** An instant in the month of the plan: `02T11:30`. */
export const at = (time: string) => new Date(`2026-12-${time}:00Z`);

/** A plan of two blocks with a week between them. */
export const PLAN: TrainingPlanDescription = {
  TrainingPlanArn: 'arn:aws:sagemaker:us-east-1:111122223333:training-plan/llm',
  TrainingPlanName: 'llm',
  Status: 'Active',
  StartTime: at('01T11:30'),
  EndTime: at('15T11:30'),
  TotalInstanceCount: 4,
  AvailableInstanceCount: 1,
  InUseInstanceCount: 3,
  UnhealthyInstanceCount: 0,
  AvailableSpareInstanceCount: 0,
  TargetResources: ['hyperpod-cluster'],
  ReservedCapacitySummaries: [
    { ReservedCapacityArn: 'a', InstanceType: 'ml.p5.48xlarge', TotalInstanceCount: 4, Status: 'Active', StartTime: at('01T11:30'), EndTime: at('04T11:30') },
    { ReservedCapacityArn: 'b', InstanceType: 'ml.p5.48xlarge', TotalInstanceCount: 4, Status: 'Scheduled', StartTime: at('11T11:30'), EndTime: at('15T11:30') },
  ],
};
