import type { AccountLimit, LimitForm, QosLimit } from '../../../src/private/contracts/pcs-accounting';
import { asObject, listOf, type SlurmAnswer } from '../../clients/slurm-rest';
import { HandlerError } from '../../shared/errors';

/*
 * Limits, by Slurm's names for them, and where its REST API has them. Tried with Slurm 26.05: `npm run slurm -- --accounting` holds each
 * to what sacctmgr says.
 */

/** Numbers of trackable resources, by their names in lower case. */
export type Tres = Readonly<Record<string, number>>;

/** The limits that there are. What isn't there is not limited. */
export type Limits = Readonly<Record<string, number | Tres>>;

/** Where each limit of an association is. */
export const ASSOCIATION_PATHS: Readonly<Record<AccountLimit, string>> = {
  GrpJobs: 'max.jobs.per.count',
  GrpJobsAccrue: 'max.jobs.per.accruing',
  GrpSubmitJobs: 'max.jobs.per.submitted',
  GrpTRES: 'max.tres.total',
  GrpTRESMins: 'max.tres.group.minutes',
  GrpTRESRunMins: 'max.tres.group.active',
  GrpWall: 'max.per.account.wall_clock',
  MaxJobs: 'max.jobs.active',
  MaxJobsAccrue: 'max.jobs.accruing',
  MaxSubmitJobs: 'max.jobs.total',
  MaxTRESMinsPerJob: 'max.tres.minutes.per.job',
  MaxTRESPerJob: 'max.tres.per.job',
  MaxTRESPerNode: 'max.tres.per.node',
  MaxWallDurationPerJob: 'max.jobs.per.wall_clock',
};

/** Where each limit of a QOS is. */
export const QOS_PATHS: Readonly<Record<QosLimit, string>> = {
  GrpJobs: 'limits.max.active_jobs.count',
  GrpJobsAccrue: 'limits.max.active_jobs.accruing',
  GrpSubmitJobs: 'limits.max.jobs.count',
  GrpTRES: 'limits.max.tres.total',
  GrpTRESMins: 'limits.max.tres.minutes.total',
  GrpTRESRunMins: 'limits.max.tres.minutes.per.qos',
  GrpWall: 'limits.max.wall_clock.per.qos',
  MaxJobsAccruePerAccount: 'limits.max.accruing.per.account',
  MaxJobsAccruePerUser: 'limits.max.accruing.per.user',
  MaxJobsPerAccount: 'limits.max.jobs.active_jobs.per.account',
  MaxJobsPerUser: 'limits.max.jobs.active_jobs.per.user',
  MaxSubmitJobsPerAccount: 'limits.max.jobs.per.account',
  MaxSubmitJobsPerUser: 'limits.max.jobs.per.user',
  MaxTRESMinsPerJob: 'limits.max.tres.minutes.per.job',
  MaxTRESPerAccount: 'limits.max.tres.per.account',
  MaxTRESPerJob: 'limits.max.tres.per.job',
  MaxTRESPerNode: 'limits.max.tres.per.node',
  MaxTRESPerUser: 'limits.max.tres.per.user',
  MaxTRESRunMinsPerAccount: 'limits.max.tres.minutes.per.account',
  MaxTRESRunMinsPerUser: 'limits.max.tres.minutes.per.user',
  MaxWallDurationPerJob: 'limits.max.wall_clock.per.job',
  MinTRESPerJob: 'limits.min.tres.per.job',
};

type Forms = Readonly<Record<string, LimitForm>>;
type Paths = Readonly<Record<string, string>>;

/** Reads limits as a template has them. */
export function parseLimits(given: Readonly<Record<string, unknown>>, forms: Forms, where: string): Limits {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => {
    const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
    if (form === undefined) { throw invalid(`${where} has the limit ${name}, which isn't one of ${Object.keys(forms).join(', ')}`); }
    return [name, form === 'tres' ? parseTres(value, `${where}.${name}`) : parseNumber(value, `${where}.${name}`)];
  }));
}

/** The largest number that Slurm keeps as one; those above are words of its own. */
const LARGEST = 4_294_967_290;

function parseNumber(value: unknown, where: string): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(/^\d{1,10}$/.exec(String(value))?.[0] ?? NaN) : NaN;
  if (!(number <= LARGEST)) { throw invalid(`${where} must be a whole number from 0 to ${LARGEST}`); }
  return number;
}

function parseTres(value: unknown, where: string): Tres {
  const parts = typeof value === 'string' ? value.split(',').map(part => /^\s*([a-z]+(?:\/[^\s,=/]+)?)=(\d{1,15})\s*$/i.exec(part)) : [null];
  return Object.fromEntries(parts.map(part => {
    if (!part) { throw invalid(`${where} must be written as cpu=100,gres/gpu=8,mem=512000, with whole numbers and memory in MiB`); }
    return [part[1].toLowerCase(), Number(part[2])];
  }));
}

function invalid(message: string): HandlerError {
  return new HandlerError('InvalidProperties', message);
}

/** The limits that an answer of Slurm has. */
export function readLimits(answer: SlurmAnswer, paths: Paths, forms: Forms): Limits {
  return Object.fromEntries(Object.entries(paths).flatMap(([name, path]): [string, number | Tres][] => {
    const value = path.split('.').reduce<unknown>((part, key) => asObject(part)[key], answer);
    if (forms[name] === 'tres') {
      const tres = readTres(value);
      return Object.keys(tres).length === 0 ? [] : [[name, tres]];
    }
    const { set, number } = asObject(value);
    return set === true && typeof number === 'number' ? [[name, number]] : [];
  }));
}

function readTres(value: unknown): Tres {
  return Object.fromEntries(listOf(value).map(asObject).flatMap(({ type, name, count }): [string, number][] => {
    if (typeof type !== 'string' || typeof count !== 'number') { return []; }
    return [[(typeof name === 'string' && name !== '' ? `${type}/${name}` : type).toLowerCase(), count]];
  }));
}

/** What takes a number away. */
export const UNLIMITED = { set: false, infinite: true, number: 0 } as const;

/** A number that is there. */
export function setTo(number: number): object {
  return { set: true, infinite: false, number };
}

/**
 * Limits as a request has them: all of them. What isn't wanted any more is named as unlimited, or by resource with -1: in one place Slurm
 * keeps what isn't named, in another it takes that away.
 */
export function writeLimits(wanted: Limits, found: Limits, paths: Paths, forms: Forms): object {
  const request: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(paths)) {
    put(request, path.split('.'), forms[name] === 'tres'
      ? tresOf(wanted[name] as Tres | undefined, found[name] as Tres | undefined)
      : name in wanted ? setTo(wanted[name] as number) : UNLIMITED);
  }
  return request;
}

function tresOf(wanted: Tres = {}, found: Tres = {}): object[] {
  const away = Object.fromEntries(Object.keys(found).map(name => [name, -1]));
  return Object.entries({ ...away, ...wanted }).sort().map(([resource, count]) => {
    const [type, ...name] = resource.split('/');
    return { type, name: name.join('/'), count };
  });
}

function put(into: Record<string, unknown>, [key, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    into[key] = value;
  } else {
    put((into[key] ??= {}) as Record<string, unknown>, rest, value);
  }
}

/** How limits differ, in words: `GrpTRESMins gres/gpu=60 -> gres/gpu=6000`. */
export function limitChanges(wanted: Limits, found: Limits): string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort().flatMap(name => {
    const [before, after] = [shown(found[name]), shown(wanted[name])];
    return before === after ? [] : [`${name} ${before} -> ${after}`];
  });
}

function shown(limit: number | Tres | undefined): string {
  if (limit === undefined) { return 'none'; }
  if (typeof limit === 'number') { return String(limit); }
  return Object.entries(limit).sort().map(pair => pair.join('=')).join(',') || 'none';
}
