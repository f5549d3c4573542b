import { createHash } from 'node:crypto';
import type { DescribeTrainingPlanResponse } from '@aws-sdk/client-sagemaker';
import { alwaysHave, block, type Block } from './blocks';

/** What a plan is. Everything else about a purchase is how it was chosen. */
export interface PlanSpec {
  /** Of instances, or of UltraServers. */
  readonly type: string;
  readonly count: number;
  readonly ultraServers: boolean;
  readonly target: string;
  /** Spare instances per UltraServer, where they are given. */
  readonly spares?: number;
}

/** What the service reserves when nothing is said. */
const DEFAULT_SPARES = 1;
/** Which members are in the hash, and how. Hashes of another version aren't compared. */
const HASH_VERSION = '1';

/** What a plan is, as the value of a tag. */
export function specHash({ type, count, ultraServers, target, spares }: PlanSpec): string {
  const members = [type, count, ultraServers, target, ultraServers ? spares ?? DEFAULT_SPARES : null];
  return `${HASH_VERSION}-${createHash('sha256').update(JSON.stringify(members)).digest('hex').slice(0, 32)}`;
}

/** Whether two hashes are of the same spec. `undefined`: they can't be compared, because one is missing or of another version. */
export function sameSpec(a: string | undefined, b: string | undefined): boolean | undefined {
  const comparable = a !== undefined && b !== undefined && a.split('-')[0] === b.split('-')[0];
  return comparable ? a === b : undefined;
}

/** A spec in words: `4 ml.p5.48xlarge for hyperpod-cluster`. */
export function specText({ type, count, ultraServers, target, spares }: PlanSpec): string {
  const spare = ultraServers && spares !== undefined ? ` with ${spares} spare instances each` : '';
  return `${count} ${type}${spare} for ${target}`;
}

/** Whether blocks are of the type and the count that a spec says. */
export function hasCapacity(spec: PlanSpec, blocks: readonly Block[]): { readonly type: boolean; readonly count: boolean } {
  return {
    type: blocks.length > 0 && blocks.every(each => (spec.ultraServers ? each.ultraServerType : each.instanceType) === spec.type),
    count: alwaysHave(blocks, spec.count, each => spec.ultraServers ? each.ultraServers : each.instances),
  };
}

/**
 * In which way a plan isn't what a spec says, in words. What the service doesn't say (yet: a pending plan may have no capacity)
 * differs in nothing; spare instances it never says.
 */
export function difference(spec: PlanSpec, plan: DescribeTrainingPlanResponse): string | undefined {
  const blocks = (plan.ReservedCapacitySummaries ?? []).map(block);
  const differences: string[] = [];
  if (plan.TargetResources?.length && !plan.TargetResources.some(target => target === spec.target)) {
    differences.push(`it is for ${plan.TargetResources.join(', ')}, not for ${spec.target}`);
  }
  if (blocks.length > 0) {
    const { type, count } = hasCapacity(spec, blocks);
    if (!type || !count) { differences.push(`it has ${blocks.map(capacityText).join(' and ')}, not ${spec.count} ${spec.type}`); }
  }
  return differences.length > 0 ? differences.join('; ') : undefined;
}

/** A block in words: `4 ml.p5.48xlarge`, `1 ml.u-p6e-gb200x72`. */
export function capacityText({ ultraServerType, ultraServers, instanceType, instances }: Block): string {
  return ultraServerType ? `${ultraServers} ${ultraServerType}` : `${instances} ${instanceType}`;
}
