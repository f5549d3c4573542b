import type { Context } from 'aws-lambda';
import type { SlurmRequest } from '../../../../lambda/clients/slurm-rest';
import type { Asking, SlurmAccess } from '../../../../lambda/pcs/slurm-access';
import { UsageWatch } from '../../../../lambda/pcs/usage-watch/handler';
import { HandlerError } from '../../../../lambda/shared/errors';
import type { UsageWatchEvent } from '../../../../src/private/contracts/pcs-usage';

const NOW = Date.parse('2026-12-01T12:00:00Z');
const EVENT: UsageWatchEvent = { ClusterId: 'pcs_abc123', Accounts: ['research', 'lab'] };
const share = (name: string, seconds: number) => ({
  name, type: ['ASSOCIATION'], tres: { usage: [{ name: 'gres/gpu', value: seconds }], group_minutes: [{ name: 'gres/gpu', value: { set: true, infinite: false, number: 120 } }] },
});

function rig(status = 'ACTIVE', answer: () => object = () => ({ shares: { shares: [share('research', 3600)] } })) {
  const asked: (SlurmRequest | Asking | 'closed')[] = [];
  const printed: string[] = [];
  const access: SlurmAccess = {
    cluster: async () => ({ status }),
    connect: async (_cluster, asking) => {
      asked.push(asking);
      return {
        clusterName: 'slurm',
        release: '26.05.5',
        ask: async request => {
          asked.push(request);
          return answer() as never;
        },
        close: () => { asked.push('closed'); },
      };
    },
  };
  const watch = new UsageWatch(access, line => printed.push(line), () => NOW);
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  return { asked, printed, run: async (event: UsageWatchEvent = EVENT) => watch.handle(event, context) };
}

beforeEach(() => { jest.spyOn(process.stdout, 'write').mockReturnValue(true); });
afterEach(() => jest.restoreAllMocks());

test('publishes a line for each account that Slurm has, in the form that CloudWatch makes metrics of', async () => {
  const { asked, printed, run } = rig();
  await run();
  expect(printed.map(line => JSON.parse(line))).toEqual([{
    _aws: {
      Timestamp: NOW,
      CloudWatchMetrics: [{
        Namespace: 'CdkHpcClusters/Slurm',
        Dimensions: [['ClusterId', 'AccountName']],
        Metrics: [{ Name: 'BudgetUsedPercent', Unit: 'Percent' }, { Name: 'GpuHoursBudget', Unit: 'None' }, { Name: 'GpuHoursUsed', Unit: 'None' }],
      }],
    },
    ClusterId: 'pcs_abc123',
    AccountName: 'research',
    BudgetUsedPercent: 50,
    GpuHoursBudget: 2,
    GpuHoursUsed: 1,
  }]);
  expect(asked).toEqual([
    { clusterId: 'pcs_abc123', identity: { userName: 'root', uid: 0, gid: 0, gids: [] } },
    { plugin: 'slurm', method: 'GET', path: '/shares', query: { accounts: 'research,lab' } },
    'closed',
  ]);
});

test('asks as whom it is told to', async () => {
  const { asked, run } = rig();
  await run({ ...EVENT, Identity: { UserName: 'slurm-admin', Uid: '1001', Gid: '1002' } });
  expect(asked[0]).toMatchObject({ identity: { userName: 'slurm-admin', uid: 1001, gid: 1002 } });
});

test.each(['CREATING', 'UPDATING', 'RESUMING', 'SUSPENDING', 'SUSPENDED', 'DELETING'])('a cluster that is %s is left alone, and that is no failure', async status => {
  const { asked, printed, run } = rig(status);
  await run();
  expect([asked, printed]).toEqual([[], []]);
});

test('a cluster that is gone publishes nothing, and is no failure', async () => {
  const { run, printed } = rig('ACTIVE', () => { throw Object.assign(new Error('no such cluster'), { name: 'ResourceNotFoundException', $fault: 'client', $metadata: { httpStatusCode: 404 } }); });
  await run();
  expect(printed).toEqual([]);
});

test('what Slurm refuses is a failure that Lambda counts, with the cluster in it', async () => {
  const { run } = rig('ACTIVE', () => { throw new HandlerError('SlurmRefused', 'Slurm answered 500'); });
  await expect(run()).rejects.toThrow('cluster "pcs_abc123": Slurm answered 500');
});

test.each([[{ ...EVENT, ClusterId: '' }], [{ Accounts: ['a'] } as unknown as UsageWatchEvent]])('an event without a cluster fails: %j', async event => {
  await expect(rig().run(event)).rejects.toThrow('the property ClusterId is missing');
});
