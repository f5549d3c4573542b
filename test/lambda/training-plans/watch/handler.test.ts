import type { Context } from 'aws-lambda';
import { PLAN, at } from './plan';
import type { TrainingPlanDescription } from '../../../../lambda/clients/training-plan-reader';
import { PlanWatch } from '../../../../lambda/training-plans/watch/handler';

describe('the handler', () => {
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  const run = async (describeTrainingPlan: () => Promise<TrainingPlanDescription>) => {
    const lines: string[] = [];
    await new PlanWatch({ describeTrainingPlan }, line => lines.push(line), () => at('02T11:30').getTime()).handle({ TrainingPlanName: 'llm' }, context);
    return lines.map(line => JSON.parse(line));
  };
  const refusing = (name: string) => async () => { throw Object.assign(new Error('said the service\nand the whole request'), { name, $fault: 'client' }); };

  let logged: jest.SpyInstance;
  beforeEach(() => { logged = jest.spyOn(process.stdout, 'write').mockImplementation(() => true); });
  afterEach(() => logged.mockRestore());

  test('prints one line of metrics, with the plan as dimension', async () => {
    const metric = (Name: string, Unit: string) => ({ Name, Unit });
    expect(await run(async () => PLAN)).toEqual([{
      _aws: {
        Timestamp: at('02T11:30').getTime(),
        CloudWatchMetrics: [{
          Namespace: 'CdkHpcClusters/TrainingPlans',
          Dimensions: [['TrainingPlanName']],
          Metrics: [
            metric('AvailableInstanceCount', 'Count'), metric('AvailableSpareInstanceCount', 'Count'), metric('HoursLeft', 'None'),
            metric('HoursUntilReclaim', 'None'), metric('InUseInstanceCount', 'Count'), metric('TotalInstanceCount', 'Count'),
            metric('UnhealthyInstanceCount', 'Count'),
          ],
        }],
      },
      TrainingPlanName: 'llm',
      AvailableInstanceCount: 1,
      AvailableSpareInstanceCount: 0,
      HoursLeft: 312,
      HoursUntilReclaim: 47,
      InUseInstanceCount: 3,
      TotalInstanceCount: 4,
      UnhealthyInstanceCount: 0,
    }]);
    expect(JSON.parse(logged.mock.calls.join())).toEqual({ step: 'measured', operation: 'DescribeTrainingPlan', status: 'Active' });
  });

  test('a plan that does not exist has no metrics, and is no failure', async () => {
    expect(await run(refusing('ResourceNotFound'))).toEqual([]);
    expect(JSON.parse(logged.mock.calls.join())).toEqual({ step: 'read', operation: 'DescribeTrainingPlan', code: 'ResourceNotFound' });
  });

  test('any other failure is one of the function, in one line', async () => {
    await expect(run(refusing('AccessDeniedException'))).rejects.toMatchObject({ name: 'AccessDeniedException', message: 'training plan "llm": said the service' });
  });
});
