/* What is tried: `run-ts.mjs plan.ts TEMPLATES PLAN`, a folder of the examples' templates and the file that is written. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { brokenClusters, clustersOf, clustersOfTests, type SlurmCluster } from './clusters';
import { cases } from './matrix';
import { isGated } from '../../src/pcs/private/settings';
import { JUDGES } from '../../src/pcs/private/slurm-facts';
import { SETTINGS, type SettingKind } from '../../src/pcs/private/slurm-values';

/** A cluster without the settings that a version doesn't have yet. */
function fitting(cluster: SlurmCluster, version: string): SlurmCluster {
  const left = [...cluster.left];
  const keep = <T extends string | number>(kind: SettingKind, settings: Record<string, T>): Record<string, T> => Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => {
      const gated = isGated(kind, name, String(value), version);
      if (gated) { left.push(`${name} (newer than ${version})`); }
      return !gated;
    }));
  return {
    ...cluster,
    left,
    cluster: keep('cluster', cluster.cluster),
    groups: cluster.groups.map(group => ({ ...group, settings: keep('nodeGroup', group.settings) })),
    queues: cluster.queues.map(queue => ({ ...queue, settings: keep('queue', queue.settings) })),
  };
}

const [templates, plan] = process.argv.slice(2);
const examples = readdirSync(templates).sort().flatMap(file => clustersOf(parse(file).name, JSON.parse(readFileSync(join(templates, file), 'utf8'))));
const clusters = [...examples, ...clustersOfTests(), ...brokenClusters()];
writeFileSync(plan, JSON.stringify({
  cases: cases(),
  clusters: Object.fromEntries(JUDGES.map(version => [version, clusters.map(cluster => fitting(cluster, version))])),
  examples: examples.length,
  settings: Object.fromEntries(Object.entries(SETTINGS).map(([kind, settings]) => [kind, Object.keys(settings).length])),
}));
