import type { Duration } from 'aws-cdk-lib';

/** Limits that accounts and qualities of service have alike, by Slurm's names for them. None is the default of each. */
export interface SlurmLimits {
  /**
   * How many jobs may run at a time, all together: `GrpJobs`.
   *
   * @default - no limit
   */
  readonly grpJobs?: number;

  /**
   * How many jobs may be pending and gather priority by their age, all together: `GrpJobsAccrue`.
   *
   * @default - no limit
   */
  readonly grpJobsAccrue?: number;

  /**
   * How many jobs may be pending or running at a time, all together: `GrpSubmitJobs`.
   *
   * @default - no limit
   */
  readonly grpSubmitJobs?: number;

  /**
   * How much running jobs may have at a time, all together, for example `{ 'gres/gpu': 16, 'cpu': 256 }`: `GrpTRES`. Memory is in MiB.
   *
   * @default - no limit
   */
  readonly grpTres?: { [resource: string]: number };

  /**
   * How much jobs may use, all together, in minutes of each resource, for example `{ cpu: 600000 }`: `GrpTRESMins`. For GPU hours, see
   * `budget`.
   *
   * @default - no limit
   */
  readonly grpTresMins?: { [resource: string]: number };

  /**
   * How much the running jobs may have still to use, by their time limits, in minutes of each resource: `GrpTRESRunMins`.
   *
   * @default - no limit
   */
  readonly grpTresRunMins?: { [resource: string]: number };

  /**
   * How long jobs may run, all together, in whole minutes: `GrpWall`.
   *
   * @default - no limit
   */
  readonly grpWall?: Duration;

  /**
   * How much one job may have, for example `{ node: 4 }`: `MaxTRESPerJob`.
   *
   * @default - no limit
   */
  readonly maxTresPerJob?: { [resource: string]: number };

  /**
   * How much one job may have on each of its nodes: `MaxTRESPerNode`.
   *
   * @default - no limit
   */
  readonly maxTresPerNode?: { [resource: string]: number };

  /**
   * How much one job may use, in minutes of each resource: `MaxTRESMinsPerJob`.
   *
   * @default - no limit
   */
  readonly maxTresMinsPerJob?: { [resource: string]: number };

  /**
   * How long one job may run, in whole minutes: `MaxWallDurationPerJob`.
   *
   * @default - no limit
   */
  readonly maxWall?: Duration;

  /**
   * Further limits by the names that `sacctmgr` has for them, in its notation: numbers, minutes, or resources as `cpu=100,gres/gpu=8`.
   *
   * @see https://slurm.schedmd.com/sacctmgr.html
   * @default - none
   */
  readonly custom?: { [name: string]: string };
}

/**
 * Limits of an account, or of a user in an account. Those of an account hold for the jobs of all its users and of the accounts below it,
 * those that begin with `max` for each user.
 *
 * @see https://slurm.schedmd.com/resource_limits.html
 */
export interface SlurmAccountLimits extends SlurmLimits {
  /**
   * How many jobs of one user may run at a time: `MaxJobs`.
   *
   * @default - no limit
   */
  readonly maxJobs?: number;

  /**
   * How many pending jobs of one user may gather priority by their age: `MaxJobsAccrue`.
   *
   * @default - no limit
   */
  readonly maxJobsAccrue?: number;

  /**
   * How many jobs of one user may be pending or running at a time: `MaxSubmitJobs`.
   *
   * @default - no limit
   */
  readonly maxSubmitJobs?: number;
}

/**
 * Limits of a quality of service, which come before those of accounts.
 *
 * @see https://slurm.schedmd.com/qos.html
 */
export interface SlurmQosLimits extends SlurmLimits {
  /**
   * How many jobs of one user may run at a time: `MaxJobsPerUser`.
   *
   * @default - no limit
   */
  readonly maxJobsPerUser?: number;

  /**
   * How many jobs of one account may run at a time: `MaxJobsPerAccount`.
   *
   * @default - no limit
   */
  readonly maxJobsPerAccount?: number;

  /**
   * How many jobs of one user may be pending or running at a time: `MaxSubmitJobsPerUser`.
   *
   * @default - no limit
   */
  readonly maxSubmitJobsPerUser?: number;

  /**
   * How many jobs of one account may be pending or running at a time: `MaxSubmitJobsPerAccount`.
   *
   * @default - no limit
   */
  readonly maxSubmitJobsPerAccount?: number;

  /**
   * How much the running jobs of one user may have at a time, for example `{ 'gres/gpu': 2 }`: `MaxTRESPerUser`.
   *
   * @default - no limit
   */
  readonly maxTresPerUser?: { [resource: string]: number };

  /**
   * How much the running jobs of one account may have at a time: `MaxTRESPerAccount`.
   *
   * @default - no limit
   */
  readonly maxTresPerAccount?: { [resource: string]: number };

  /**
   * How much one job must ask for at least: `MinTRESPerJob`.
   *
   * @default - no limit
   */
  readonly minTresPerJob?: { [resource: string]: number };
}
