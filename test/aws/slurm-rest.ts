import { createHmac } from 'node:crypto';

/*
 * Slurm's own REST API, as slurmrestd 26.05 in front of slurmdbd answers it, as far as handlers call it. `test/slurm/rest-answers.json` has
 * what the real one answered to the same requests, its oddities included: what it ignores, and what it takes away unasked.
 */

/** A request to slurmrestd. */
export interface SlurmRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An answer; one without a text has no body. */
export interface SlurmAnswer {
  readonly status: number;
  readonly text: string;
}

type Json = Record<string, any>;

const CLUSTER = 'live';
const VERSIONS = ['v0.0.42', 'v0.0.43', 'v0.0.44', 'v0.0.45'];
const unlimited = () => ({ set: false, infinite: true, number: 0 });

/** What every association has. */
const newAssociation = (more: Json): Json => ({
  accounting: [],
  account: '',
  cluster: CLUSTER,
  comment: '',
  default: { qos: '' },
  flags: [],
  max: {
    jobs: {
      per: { count: unlimited(), accruing: unlimited(), submitted: unlimited(), wall_clock: unlimited() },
      active: unlimited(),
      accruing: unlimited(),
      total: unlimited(),
    },
    tres: { total: [], group: { minutes: [], active: [] }, minutes: { total: [], per: { job: [] } }, per: { job: [], node: [] } },
    per: { account: { wall_clock: unlimited() } },
  },
  id: 0,
  is_default: false,
  lineage: '',
  min: { priority_threshold: unlimited() },
  parent_account: '',
  partition: '',
  priority: unlimited(),
  qos: [],
  shares_raw: 1,
  user: '',
  ...more,
});

const perAccountAndUser = () => ({ account: unlimited(), user: unlimited() });

/** What every QOS has. */
const newQos = (more: Json): Json => ({
  description: '',
  flags: [],
  id: 0,
  limits: {
    grace_time: 0,
    max: {
      active_jobs: { accruing: unlimited(), count: unlimited() },
      jobs: { count: unlimited(), active_jobs: { per: perAccountAndUser() }, per: perAccountAndUser() },
      tres: {
        total: [],
        minutes: { total: [], per: { qos: [], job: [], account: [], user: [] } },
        per: { account: [], job: [], node: [], user: [] },
      },
      wall_clock: { per: { qos: unlimited(), job: unlimited() } },
      accruing: { per: perAccountAndUser() },
    },
    factor: unlimited(),
    min: { priority_threshold: unlimited(), tres: { per: { job: [] } } },
  },
  name: '',
  preempt: { list: [], mode: ['DISABLED'], exempt_time: unlimited() },
  priority: { set: true, infinite: false, number: 0 },
  usage_factor: { set: true, infinite: false, number: 1 },
  usage_threshold: unlimited(),
  ...more,
});

/** Why Slurm refuses something. */
class Refusal extends Error {
  public constructor(public readonly number: number, error: string, public readonly description: string, public readonly status = 422) {
    super(error);
  }
}

const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();

function minutesOf(limits: readonly Json[], tres: string): Json {
  const found = limits.find(({ type, name }) => same(name ? `${type}/${name}` : type, tres));
  return found ? { set: true, infinite: false, number: found.count } : { set: true, infinite: true, number: 0 };
}

/** A slurmrestd, with the database behind it. */
export class SlurmRestd {
  /** The key that tokens are signed with. */
  public key?: Buffer;
  /** The names of trackable resources that the cluster counts. */
  public readonly tres = ['cpu', 'mem', 'energy', 'node', 'billing', 'fs/disk', 'vmem', 'pages', 'gres/gpu', 'gres/gpu:h100'];
  public accounts: Json[] = [];
  public associations: Json[] = [];
  public qos: Json[] = [];
  public users: Json[] = [];
  /** Jobs that wait or run, and those that have ended. */
  public jobs: { account: string; user: string; qos: string; ended?: boolean }[] = [];
  /** Seconds of trackable resources that accounts have used, by their names. */
  public readonly used = new Map<string, Readonly<Record<string, number>>>();
  private ids = 0;

  public constructor() {
    this.reset();
  }

  /** A database as slurmdbd makes it. */
  public reset(): void {
    this.key = undefined;
    this.ids = 0;
    this.jobs = [];
    this.used.clear();
    this.accounts = [{ associations: [], coordinators: [], description: 'default root account', name: 'root', organization: 'root', flags: [] }];
    this.qos = [newQos({ id: ++this.ids, name: 'normal', description: 'Normal QOS default' })];
    this.associations = [
      newAssociation({ account: 'root', qos: ['normal'], id: 1, lineage: '/' }),
      newAssociation({ account: 'root', user: 'root', is_default: true, id: 2, lineage: '/0-root/', parent_account: '' }),
    ];
    this.users = [{ name: 'root', administrator_level: ['Administrator'] }];
  }

  /** Makes an account as `sacctmgr` does. */
  public postAccount(name: string, description: string, parent = 'root'): void {
    this.addAccounts({
      association_condition: { accounts: [name], association: { parent } }, account: { description, organization: name },
    });
  }

  /** Answers a request. */
  public answer({ method, path, headers, body }: SlurmRequest): SlurmAnswer {
    const url = new URL(path, 'http://slurm');
    const [, plugin, version, ...rest] = url.pathname.split('/');
    if (!VERSIONS.includes(version)) { return { status: 404, text: 'Unable to find requested URL endpoint.' }; }
    try {
      this.authenticate(headers);
      const [what, name] = rest.map(decodeURIComponent);
      const done = plugin === 'slurm' && what === 'ping'
        ? { pings: [{ hostname: 'controller', pinged: 'UP', responding: true, mode: 'primary', primary: true }] }
        : plugin === 'slurm' && what === 'shares' ? { shares: { shares: this.shares(url.searchParams.get('accounts')), total_shares: 1 } } : this.perform(method, what, name, Object.fromEntries(url.searchParams), body === '' ? {} : JSON.parse(body) as Json);
      return done === undefined ? { status: 304, text: '' } : { status: 200, text: JSON.stringify({ ...done, meta: META, errors: [], warnings: [] }) };
    } catch (error) {
      if (!(error instanceof Refusal)) { throw error; }
      const errors = [{ description: error.description, error_number: error.number, error: error.message, source: 'fake' }];
      return { status: error.status, text: JSON.stringify({ meta: META, errors, warnings: [] }) };
    }
  }

  /** AWS PCS takes a token only with the POSIX identity in it. */
  private authenticate({ 'x-slurm-user-token': token, 'x-slurm-user-name': name }: SlurmRequest['headers']): void {
    const refuse = (): never => { throw new Refusal(7000, 'Unable to connect to database', 'Failed to open slurmdbd connection', 502); };
    if (!this.key) { return; }
    const [head, claims, signature] = String(token).split('.');
    if (createHmac('sha256', this.key).update(`${head}.${claims}`).digest('base64url') !== signature) { refuse(); }
    const { sun, uid, gid, id, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Json;
    if (sun !== name || ![uid, gid, exp, iat].every(Number.isInteger) || !Array.isArray(id?.gids) || exp <= iat) { refuse(); }
    if (sun !== 'root') { throw new Refusal(2002, 'Access/permission denied', 'not an administrator'); }
  }

  private perform(method: string, what: string, name: string | undefined, query: Record<string, string>, body: Json): Json | undefined {
    const routes: Record<string, () => Json | undefined> = {
      'GET qos': () => ({ qos: this.qos.filter(each => !name || same(each.name, name)) }),
      'POST qos': () => this.postQos(body.qos as Json[]),
      'DELETE qos': () => this.deleteQos(name!),
      'GET account': () => ({ accounts: this.accounts.filter(each => same(each.name, name)) }),
      'POST accounts': () => this.postAccounts(body.accounts as Json[]),
      'DELETE account': () => this.deleteAccount(name!),
      'POST accounts_association': () => this.addAccounts(body),
      'GET associations': () => ({ associations: this.found(query) }),
      'POST associations': () => this.postAssociations(body.associations as Json[]),
      'DELETE association': () => this.deleteAssociation(query),
      'POST users_association': () => this.addUsers(body),
      'GET user': () => ({ users: this.users.filter(each => same(each.name, name)) }),
      'POST users': () => this.postUsers(body.users as Json[]),
      'GET jobs': () => ({ jobs: this.jobs.filter(job => !query.account || same(job.account, query.account)).map(({ account, user, qos }) => ({ account, user, qos })) }),
    };
    const route = routes[`${method} ${what}`];
    if (!route) { throw new Refusal(9000, 'Unable to find requested URL endpoint', '', 404); }
    return route();
  }

  /** What `sshare` shows: of each resource that the cluster counts, what was used and may be used. */
  private shares(accounts: string | null): Json[] {
    const wanted = accounts?.split(',') ?? [];
    const found = this.associations.filter(({ account }) => wanted.some(name => same(name, account)));
    return found.map(({ id, account, user, parent_account: parent, max }) => ({
      id,
      cluster: CLUSTER,
      name: user === '' ? account : user,
      parent: user === '' ? parent : account,
      partition: '',
      type: [user === '' ? 'ASSOCIATION' : 'USER'],
      fairshare: { factor: { set: true, infinite: false, number: 0.5 }, level: { set: true, infinite: false, number: 1 } },
      tres: {
        run_seconds: this.tres.map(name => ({ name, value: { set: true, infinite: false, number: 0 } })),
        group_minutes: this.tres.map(name => ({ name, value: minutesOf(max.tres.group.minutes as Json[], name) })),
        usage: this.tres.map(name => ({ name, value: this.used.get(account as string)?.[name] ?? 0 })),
      },
    }));
  }

  /** Associations by the filters that Slurm knows. Without the parents' limits, each has what is its own. */
  private found(query: Record<string, string>): Json[] {
    const own = query['Exclude limits from parents'] === 'true';
    const qos = query.qos === undefined ? undefined : this.qos.find(({ id }) => String(id) === query.qos);
    const found = this.associations.filter(each => (query.account === undefined || same(each.account, query.account))
      && (query.user === undefined || same(each.user, query.user))
      && (query.cluster === undefined || each.cluster === query.cluster)
      && (query.parent_account === undefined || (each.user === '' && same(each.parent_account, query.parent_account)))
      && (query.qos === undefined || this.effective(each, 'qos').some((name: string) => same(name, qos?.name))));
    const used = (association: Json) => this.jobs.some(job => job.ended && same(job.account, association.account));
    return found.map(each => ({
      ...structuredClone(each),
      ...!own && { qos: this.effective(each, 'qos'), default: { qos: this.effective(each, 'default').qos ?? '' } },
      ...query['Include usage'] === 'true' && used(each) && { accounting: [{ allocated: { seconds: 60 }, id: each.id, start: 0, TRES: { type: 'cpu', name: '', id: 1, count: 0 } }] },
    }));
  }

  private effective(association: Json, member: 'qos' | 'default'): any {
    const own = association[member];
    if (member === 'qos' ? own.length > 0 : own.qos !== '') { return own; }
    const above = association.user === '' ? association.parent_account : association.account;
    const parent = this.associations.find(each => each.user === '' && same(each.account, above) && each !== association);
    return parent ? this.effective(parent, member) : own;
  }

  private resolved(names: unknown[] = []): string[] {
    return names.map(name => {
      const found = this.qos.find(each => same(each.name, name));
      if (!found) { throw new Refusal(2066, 'Invalid qos specification', `Unable to resolve QOS: ${String(name)}`); }
      return found.name as string;
    });
  }

  private postQos(all: Json[]): Json {
    for (const { name, limits, preempt, flags, ...rest } of all) {
      const list = this.resolved(preempt?.list);
      let found = this.qos.find(each => same(each.name, name));
      if (!found) { this.qos.push(found = newQos({ id: ++this.ids, name })); }
      const numbers = Object.entries(rest as Json).map(([key, value]) => [key, typeof value === 'object' ? numberOf(value as Json, key === 'priority' ? 0 : undefined) : value]);
      Object.assign(found, Object.fromEntries(numbers));
      if (flags) { found.flags = flags; }
      if (list.length > 0) { found.preempt.list = list; } // an empty list is no change
      if (preempt?.mode) { found.preempt.mode = preempt.mode.length === 0 ? ['DISABLED'] : preempt.mode; }
      this.merge(found.limits, limits ?? {});
    }
    return {};
  }

  private deleteQos(name: string): Json | undefined {
    const found = this.qos.find(each => same(each.name, name));
    if (!found) { return undefined; }
    if (this.jobs.some(job => !job.ended && same(job.qos, name))) { throw new Refusal(7001, 'Job(s) active, cancel job(s) before remove', 'slurmdb_qos_remove failed'); }
    this.qos = this.qos.filter(each => each !== found);
    for (const each of this.associations) { each.qos = each.qos.filter((other: string) => !same(other, name)); }
    return { removed_qos: [found.name] };
  }

  /** Coordinators that aren't named are none any more. */
  private postAccounts(all: Json[]): Json {
    for (const { name, description, organization, coordinators = [], flags = [] } of all) {
      const found = this.accounts.find(each => same(each.name, name));
      const row = { description, organization, coordinators, flags };
      if (found) { Object.assign(found, row); } else { this.accounts.push({ associations: [], name, ...row }); }
    }
    return {};
  }

  private addAccounts({ association_condition: { accounts, association = {} }, account }: Json): Json | undefined {
    const added: string[] = [];
    for (const name of accounts as string[]) {
      const parent = association.parent ?? 'root';
      if (this.associations.some(each => each.user === '' && same(each.account, name))) { continue; }
      if (!this.associations.some(each => each.user === '' && same(each.account, parent))) { throw new Refusal(7000, 'Unspecified error', 'slurmdb_accounts_add_cond() failed', 500); }
      if (!this.accounts.some(each => same(each.name, name))) {
        this.accounts.push({ associations: [], coordinators: [], name, flags: [], ...account });
      }
      this.associations.push(newAssociation({
        account: name, id: ++this.ids + 10, parent_account: parent, shares_raw: association.fairshare ?? 1, qos: this.resolved(association.qoslevel), default: { qos: association.defaultqos ?? '' },
      }));
      added.push(name);
    }
    return added.length === 0 ? undefined : { added_accounts: added.join('\n') };
  }

  /** An association that isn't there is made without a parent. Lists of resources that aren't named are emptied; those of QOS stay. */
  private postAssociations(all: Json[]): Json {
    for (const { account, user = '', parent_account: parent, shares_raw: shares, qos, default: preset, is_default: isDefault, max = {} } of all) {
      const list = this.resolved(qos);
      let found = this.associations.find(each => same(each.account, account) && same(each.user, user));
      if (!found) { this.associations.push(found = newAssociation({ account, user, id: ++this.ids + 10, is_default: user === '' })); }
      if (parent !== undefined && this.associations.some(each => each.user === '' && same(each.account, parent)) && !this.isBelow(parent, account)) { found.parent_account = parent; }
      if (shares !== undefined) { found.shares_raw = shares; }
      if (list.length > 0) { found.qos = list; } else if (qos === undefined) { found.qos = this.effective(found, 'qos'); }
      if (preset?.qos !== undefined) { found.default = { qos: preset.qos }; }
      if (isDefault === true) { this.setDefault(found); }
      empty(found.max.tres as Json);
      this.merge(found.max, max as Json);
    }
    return {};
  }

  private isBelow(account: string, above: string): boolean {
    const found = this.associations.find(each => each.user === '' && same(each.account, account));
    return found !== undefined && (same(found.account, above) || (found.parent_account !== '' && this.isBelow(found.parent_account as string, above)));
  }

  private setDefault(association: Json): void {
    for (const each of this.associations.filter(({ user }) => user !== '' && same(user, association.user))) { each.is_default = each === association; }
  }

  private addUsers({ association_condition: { accounts, users }, user }: Json): Json | undefined {
    const added: string[] = [];
    for (const account of accounts as string[]) {
      if (!this.associations.some(each => each.user === '' && same(each.account, account))) { continue; }
      for (const name of users as string[]) {
        if (this.associations.some(each => same(each.account, account) && same(each.user, name))) { continue; }
        if (!this.users.some(each => same(each.name, name))) { this.users.push({ name, administrator_level: ['None'] }); }
        const isFirst = !this.associations.some(each => same(each.user, name));
        const association = newAssociation({ account, user: name, id: ++this.ids + 10, is_default: isFirst });
        this.associations.push(association);
        if (same(user?.defaultaccount, account)) { this.setDefault(association); }
        added.push(name);
      }
    }
    return added.length === 0 ? undefined : { added_users: added.join('\n') };
  }

  private postUsers(all: Json[]): Json {
    for (const { name, default: preset } of all) {
      const found = this.associations.find(each => same(each.user, name) && same(each.account, preset?.account));
      if (found) { this.setDefault(found); }
    }
    return {};
  }

  private deleteAssociation({ account, user }: Record<string, string>): Json | undefined {
    const found = this.associations.filter(each => same(each.account, account) && (user === undefined || same(each.user, user)));
    if (found.length === 0) { return undefined; }
    if (found.length > 1) { throw new Refusal(9210, 'Request matched more than one object to modify.', 'ambiguous request', 500); }
    this.remove(found);
    return { removed_associations: found.map(each => `C = ${CLUSTER} A = ${each.account} U = ${each.user}`) };
  }

  /** It takes the associations of all accounts below along, and leaves their rows. */
  private deleteAccount(name: string): Json | undefined {
    const row = this.accounts.find(each => same(each.name, name));
    if (!row) { return undefined; }
    const accounts = [...new Set(this.associations.map(each => each.account as string))].filter(account => this.isBelow(account, name));
    this.remove(this.associations.filter(each => accounts.some(account => same(account, each.account))));
    this.accounts = this.accounts.filter(each => each !== row);
    return { removed_accounts: [row.name] };
  }

  private remove(associations: Json[]): void {
    const active = this.jobs.some(job => !job.ended && associations.some(({ account, user }) => same(job.account, account) && (user === '' || same(job.user, user))));
    if (active) { throw new Refusal(7001, 'Job(s) active, cancel job(s) before remove', 'slurmdb_associations_remove failed'); }
    const left = this.associations.filter(each => !associations.includes(each));
    if (associations.some(({ user, is_default: isDefault }) => user !== '' && isDefault && left.some(each => same(each.user, user)))) {
      throw new Refusal(7009, 'You can not remove the default account of a user', 'slurmdb_associations_remove failed');
    }
    this.associations = left;
  }

  /**
   * Numbers are set, or taken away where they are infinite; resources are set, or taken away with -1. What the cluster doesn't count is
   * ignored.
   */
  private merge(into: Json, given: Json): void {
    for (const [key, value] of Object.entries(given)) {
      if (Array.isArray(value)) {
        const known = (value as Json[]).filter(each => this.tres.some(tres => same(tres, nameOf(each))));
        const kept = (into[key] as Json[]).filter(each => !known.some(other => same(nameOf(other), nameOf(each))));
        const added = known.filter(({ count }) => count >= 0);
        into[key] = [...kept, ...added.map(each => ({ type: each.type, name: each.name ?? '', id: 1 + this.tres.indexOf(nameOf(each)), count: each.count }))];
      } else if (typeof value === 'object' && 'number' in value) {
        into[key] = numberOf(value as Json);
      } else if (typeof value === 'object') {
        this.merge(into[key] as Json, value as Json);
      } else {
        into[key] = value;
      }
    }
  }
}

const META = { slurm: { version: { major: '26', micro: '5', minor: '05' }, release: '26.05.5', cluster: CLUSTER } };

function nameOf({ type, name }: Json): string {
  return name ? `${type}/${name}` : String(type);
}

function numberOf({ set, number }: Json, without?: number): Json {
  if (set === true) { return { set: true, infinite: false, number }; }
  return without === undefined ? unlimited() : { set: true, infinite: false, number: without };
}

function empty(tres: Json): void {
  for (const [key, value] of Object.entries(tres)) {
    if (Array.isArray(value)) { tres[key] = []; } else { empty(value as Json); }
  }
}
