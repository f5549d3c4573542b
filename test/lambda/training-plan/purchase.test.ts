import { ARN, PROPERTIES, World } from './world';
import { PURCHASE_FIELDS } from '../../../src/private/contracts/training-plan';

let world: World;

beforeEach(() => {
  world = new World();
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => jest.restoreAllMocks());

describe('without faults', () => {
  test('buys what was asked for, once, and says what it is', async () => {
    const answer = await world.deploy(world.events.create(PROPERTIES));
    expect(world.bought).toEqual([{
      TrainingPlanName: 'llm-q1',
      TrainingPlanOfferingId: 'tpo-1',
      Tags: [
        { Key: 'cdk-hpc-clusters:attempt', Value: '1' },
        { Key: 'cdk-hpc-clusters:offering', Value: 'tpo-1' },
        { Key: 'cdk-hpc-clusters:owner', Value: 'Capacity/Plan' },
        { Key: 'cdk-hpc-clusters:spec', Value: '1-7355575b9fba7c2a9881abbb9923c8ab' },
        { Key: 'team', Value: 'research' },
      ],
    }]);
    expect(world.written).toBe('1 INTENT, 1/outcome BOUGHT, 1/sent SENT');
    expect(Object.keys((answer as { Data: object }).Data).sort()).toEqual([...PURCHASE_FIELDS].sort());
    expect(answer).toMatchObject({ IsComplete: true, Data: { TrainingPlanArn: ARN } });
  });
});
