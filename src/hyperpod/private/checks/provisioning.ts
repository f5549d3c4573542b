import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/** The file by which the lifecycle scripts of AWS set Slurm up. */
const FILE = 'provisioning_parameters.json';

/** What the file of a folder says. Undefined where there is none, or where it isn't JSON: a script may well fill it in. */
export function provisioningOf(folder: string): unknown {
  const path = join(folder, FILE);
  if (!existsSync(path)) { return undefined; }
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

/** The instance groups that it names. */
export function namedGroupsOf(provisioning: unknown): string[] {
  const { controller_group: controller, login_group: login, worker_groups: workers } = (provisioning ?? {}) as Record<string, unknown>;
  const ofWorkers = (Array.isArray(workers) ? workers : [])
    .map((worker: { readonly instance_group_name?: unknown } | null) => worker?.instance_group_name);
  const isName = (name: unknown): name is string => typeof name === 'string' && name !== '';
  return [...new Set([controller, login, ...ofWorkers].filter(isName))];
}
