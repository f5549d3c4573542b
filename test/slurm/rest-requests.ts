/*
 * Requests to slurmrestd whose answers are kept, in rest-answers.json: the fake of test/aws must give the same. They begin with a database
 * as slurmdbd makes it.
 */
/** A request, below `/slurmdb/<version>`. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const within = (name: string) => ({ accounts: [name], clusters: ['live'] });
const account = (name: string, association: object = {}) => ({
  association_condition: { ...within(name), association }, account: { description: name, organization: 'lab' },
});
const users = (name: string, ...all: string[]) => ({ association_condition: { ...within(name), users: all, association: {} }, user: {} });
const association = (name: string, more: object, user = '') => ({ associations: [{ account: name, cluster: 'live', user, ...more }] });
const tres = (name: string, count: number) => [{ type: 'gres', name, count }];
const gpus = (count: number) => tres('gpu', count);
const set = (number: number) => ({ set: true, infinite: false, number });
const unlimited = { set: false, infinite: true, number: 0 };
const own = 'Exclude%20limits%20from%20parents=true';
const perUser = (limit: object) => ({ jobs: { active_jobs: { per: { user: limit } } } });

const ALL: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/qos/normal'],
  ['POST', '/qos/', {
    qos: [{
      name: 'probe-qos',
      description: 'It\'s a probe',
      priority: set(5),
      flags: ['DENY_LIMIT'],
      preempt: { list: ['normal'], mode: ['REQUEUE'] },
      usage_factor: set(0.5),
      limits: { grace_time: 30, max: { ...perUser(set(4)), tres: { total: gpus(8), minutes: { total: gpus(60) } } } },
    }],
  }],
  ['GET', '/qos/PROBE-QOS'],
  ['POST', '/qos/', {
    qos: [{ name: 'probe-qos', preempt: { list: [], mode: [] }, flags: [], limits: { max: { ...perUser(unlimited), tres: { total: gpus(-1) } } } }],
  }],
  ['GET', '/qos/probe-qos'],
  ['POST', '/qos/', { qos: [{ name: 'probe-qos', preempt: { list: ['nothing'] } }] }],
  ['GET', '/qos/nothing'],
  ['POST', '/accounts_association/', account('probe', { parent: 'root', fairshare: 7, qoslevel: ['probe-qos', 'normal'], defaultqos: 'probe-qos' })],
  ['POST', '/accounts_association/', account('PROBE')],
  ['GET', '/account/probe'],
  ['GET', `/associations/?account=probe&${own}`],
  ['POST', '/accounts_association/', account('probe-below', { parent: 'probe' })],
  ['GET', `/associations/?account=probe-below&${own}`],
  ['GET', '/associations/?account=probe-below'],
  ['GET', `/associations/?parent_account=probe&${own}`],
  ['POST', '/accounts/', { accounts: [{ name: 'probe', description: 'Another one', organization: 'Lab', flags: [], coordinators: [] }] }],
  ['GET', '/account/probe'],
  ['POST', '/associations/', association('probe', {
    qos: [], shares_raw: 2, max: { jobs: { active: set(9), total: set(5) }, tres: { total: gpus(4), group: { minutes: gpus(60) } } },
  })],
  ['GET', `/associations/?account=probe&${own}`],
  ['POST', '/associations/', association('probe', {
    qos: ['normal'], default: { qos: '' }, max: { jobs: { active: unlimited }, tres: { per: { job: tres('tpu', 3) } } },
  })],
  ['GET', `/associations/?account=probe&${own}`],
  ['POST', '/associations/', association('probe', { qos: ['nothing'] })],
  ['POST', '/associations/', association('probe', { qos: ['normal'], default: { qos: '' }, parent_account: 'nowhere' })],
  ['POST', '/associations/', association('probe', { qos: ['normal'], default: { qos: '' }, parent_account: 'probe-below' })],
  ['GET', `/associations/?account=probe&${own}`],
  ['POST', '/users_association/', users('probe', 'alice', 'bob')],
  ['POST', '/users_association/', users('probe', 'alice', 'bob')],
  ['POST', '/users_association/', users('nowhere', 'alice')],
  ['POST', '/users_association/', users('probe-below', 'alice')],
  ['GET', `/associations/?user=alice&${own}`],
  ['POST', '/associations/', association('probe', { qos: [], shares_raw: 2_147_483_647, max: { jobs: { active: set(3) }, tres: {} } }, 'alice')],
  ['POST', '/users/', { users: [{ name: 'alice', default: { account: 'probe-below' } }] }],
  ['GET', `/associations/?user=alice&${own}`],
  ['DELETE', '/association/?account=probe-below&cluster=live&user=alice'],
  ['DELETE', '/account/probe-below'],
  ['POST', '/users/', { users: [{ name: 'alice', default: { account: 'probe' } }] }],
  ['DELETE', '/association/?account=probe-below&cluster=live&user=alice'],
  ['DELETE', '/association/?account=probe-below&cluster=live&user=alice'],
  ['DELETE', '/association/?account=probe&cluster=live'],
  ['GET', '/jobs/?account=probe&skip_steps=true'],
  ['DELETE', '/account/probe'],
  ['DELETE', '/account/probe'],
  ['GET', '/account/probe-below'],
  ['GET', `/associations/?account=probe-below&${own}`],
  ['DELETE', '/account/probe-below'],
  ['DELETE', '/qos/probe-qos'],
  ['DELETE', '/qos/probe-qos'],
];

/** The requests, in their order. */
export const REQUESTS: readonly RestRequest[] = ALL.map(([method, path, body]) => ({ method, path, ...body && { body } }));

type Json = Record<string, any>;

/** What of an answer is the same each time: not what it says of the server, nor numbers of rows, nor texts for people. */
export function kept(status: number, text: string): Json {
  if (text === '') { return { status }; }
  const { meta: _, warnings: __, errors = [], ...answer } = JSON.parse(text) as Json;
  const numbers = new Set((errors as Json[]).map(error => error.error_number as number));
  const told = Object.entries(answer).filter(([name]) => !/^(added|removed)_/.test(name)).map(([name, value]) => [name, sorted(value)]);
  return { status, ...numbers.size > 0 && { errors: [...numbers] }, ...told.length > 0 && { answer: Object.fromEntries(told) } };
}

/** Without what differs from run to run, and in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) { return value.map(sorted).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([name]) => !['id', 'lineage', 'comment'].includes(name))
    .sort(([a], [b]) => a.localeCompare(b)).map(([name, part]) => [name, sorted(part)]));
}
