import { Duration, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ACCOUNT_LIMITS, QOS_LIMITS, type AccountLimit, type LimitForm, type QosLimit, type WantedLimits } from '../../../private/contracts/pcs-accounting';
import { isConcrete, warn, type Problems } from '../../../private/problems';
import type { BudgetChoice } from '../../vocabulary/gpu-budget';
import type { SlurmAccountLimits, SlurmLimits, SlurmQosLimits } from '../../vocabulary/slurm-limits';
import { RULES } from '../rules';
import { RESOURCE, givenIn } from '../slurm-values';

type Given = number | Duration | { [resource: string]: number };
type Names<T extends SlurmLimits, L extends string> = Readonly<Record<Exclude<keyof T, 'custom'>, L>>;

const COMMON = {
  grpJobs: 'GrpJobs',
  grpJobsAccrue: 'GrpJobsAccrue',
  grpSubmitJobs: 'GrpSubmitJobs',
  grpTres: 'GrpTRES',
  grpTresMins: 'GrpTRESMins',
  grpTresRunMins: 'GrpTRESRunMins',
  grpWall: 'GrpWall',
  maxTresPerJob: 'MaxTRESPerJob',
  maxTresPerNode: 'MaxTRESPerNode',
  maxTresMinsPerJob: 'MaxTRESMinsPerJob',
  maxWall: 'MaxWallDurationPerJob',
} as const;

const OF_ACCOUNT: Names<SlurmAccountLimits, AccountLimit> = {
  ...COMMON, maxJobs: 'MaxJobs', maxJobsAccrue: 'MaxJobsAccrue', maxSubmitJobs: 'MaxSubmitJobs',
};

const OF_QOS: Names<SlurmQosLimits, QosLimit> = {
  ...COMMON,
  maxJobsPerUser: 'MaxJobsPerUser',
  maxJobsPerAccount: 'MaxJobsPerAccount',
  maxSubmitJobsPerUser: 'MaxSubmitJobsPerUser',
  maxSubmitJobsPerAccount: 'MaxSubmitJobsPerAccount',
  maxTresPerUser: 'MaxTRESPerUser',
  maxTresPerAccount: 'MaxTRESPerAccount',
  minTresPerJob: 'MinTRESPerJob',
};

/** How the values of limits look that are given by Slurm's own names. */
const FORMS: Readonly<Record<LimitForm, RegExp>> = {
  number: /^\d+$/,
  minutes: /^\d+$/,
  tres: /^[^\s=,]+=\d+(,[^\s=,]+=\d+)*$/,
};

/** What limits come from: properties of theirs, and a budget beside them. */
export interface GivenLimits<T extends SlurmLimits> {
  readonly property: string;
  readonly limits?: T;
  readonly budgetProperty: string;
  readonly budget?: BudgetChoice;
}

/** The limits of an account, or of users, as `sacctmgr` takes them. */
export function accountLimits(scope: IConstruct, problems: Problems, given: GivenLimits<SlurmAccountLimits>): WantedLimits<AccountLimit> {
  return limitsOf(scope, problems, given, OF_ACCOUNT, ACCOUNT_LIMITS);
}

/** The limits of a quality of service, as `sacctmgr` takes them. */
export function qosLimits(scope: IConstruct, problems: Problems, given: GivenLimits<SlurmQosLimits>): WantedLimits<QosLimit> {
  return limitsOf(scope, problems, given, OF_QOS, QOS_LIMITS);
}

function limitsOf<T extends SlurmLimits, L extends string>(
  scope: IConstruct, problems: Problems, { property, limits, budgetProperty, budget }: GivenLimits<T>,
  names: Readonly<Record<string, L>>, forms: Readonly<Record<L, LimitForm>>,
): WantedLimits<L> {
  const { custom = {}, ...typed } = limits ?? {};
  const rendered: Partial<Record<L, string>> = {};
  for (const [key, name] of Object.entries(names)) {
    const value = (typed as Record<string, Given | undefined>)[key];
    const text = value === undefined ? undefined : renderLimit(scope, problems, `${property}.${key}`, value);
    if (text !== undefined) { rendered[name] = text; }
  }
  for (const [name, value] of givenIn(custom)) {
    const place = `${property}.custom.${name}`;
    if (!Object.hasOwn(forms, name)) {
      problems.add(RULES.limitName, { property: place, got: name, fix: `use one of ${Object.keys(forms).join(', ')}` });
    } else if (Object.hasOwn(rendered, name)) {
      problems.add(RULES.slurmSettingTwice, { property: place });
    } else if (isConcrete(value) && !FORMS[forms[name as L]].test(value)) {
      problems.add(RULES.limitValue, { property: place, got: value });
    }
    rendered[name as L] = value;
  }
  const minutes = budget && budgetMinutes(problems, budgetProperty, budget);
  if (minutes !== undefined) {
    const own = 'GrpTRESMins' as L;
    const resource = resourceOf(budget!);
    const others = rendered[own]?.split(',') ?? [];
    if (others.some(part => part.split('=')[0] === resource)) { problems.add(RULES.budgetTwice, { property: budgetProperty, got: rendered[own] }); }
    rendered[own] = [...others, `${resource}=${minutes}`].join(',');
  }
  return rendered;
}

/** The resource that a budget counts. */
function resourceOf({ gpuType }: BudgetChoice): string {
  return gpuType === undefined ? 'gres/gpu' : `gres/gpu:${gpuType}`;
}

/** The minutes of a budget: it is multiplied, so it has to be known. */
function budgetMinutes(problems: Problems, property: string, { gpuHours }: BudgetChoice): number | undefined {
  const minutes = Math.floor(gpuHours * 60);
  if (isConcrete(gpuHours) && minutes >= 1 && Number.isSafeInteger(minutes)) { return minutes; }
  problems.add(RULES.budgetHours, { property: `${property}.gpuHours`, got: gpuHours });
  return undefined;
}

function renderLimit(scope: IConstruct, problems: Problems, property: string, value: Given): string | undefined {
  if (typeof value === 'number') { return renderCount(problems, property, value); }
  if (value instanceof Duration || 'toMinutes' in value) { return renderTime(problems, property, value as Duration); }
  const entries = givenIn(value).map(([name, count]): [string, string] => {
    if (isConcrete(name) && !RESOURCE.test(name)) { warn(scope, RULES.limitResource, { property, got: name }); }
    return [resourceName(name), renderCount(problems, `${property}['${name}']`, count)];
  });
  return entries.length === 0 ? undefined : entries.map(([name, count]) => `${name}=${count}`).join(',');
}

/** The kinds of resources are in lower case in the database. */
function resourceName(name: string): string {
  const [kind, ...rest] = name.split('/');
  return isConcrete(name) ? [kind.toLowerCase(), ...rest].join('/') : name;
}

function renderCount(problems: Problems, property: string, count: number): string {
  if (isConcrete(count) && !(Number.isSafeInteger(count) && count >= 0)) { problems.add(RULES.limitNumber, { property, got: count }); }
  return Tokenization.stringifyNumber(count);
}

function renderTime(problems: Problems, property: string, time: Duration): string | undefined {
  if (!time.isUnresolved()) {
    const minutes = time.toMinutes({ integral: false });
    if (!Number.isSafeInteger(minutes)) {
      problems.add(RULES.limitTime, { property, got: `${time.toSeconds({ integral: false })} seconds` });
      return undefined;
    }
  }
  return Tokenization.stringifyNumber(time.toMinutes());
}
