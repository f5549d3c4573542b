/*
 * Synthesizes N of something in one way, and prints what that took: processor time and memory of this whole process.
 *
 *   node synth.cjs <kind> <way> <N> [per stack] [resource type, whose bytes alone count]
 */
'use strict';
const { existsSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { App, Stack } = require('aws-cdk-lib');
const ec2 = require('aws-cdk-lib/aws-ec2');

const [kind, way, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const PER_STACK = Number(process.argv[5] ?? 100);
const type = process.argv[6];
const ways = require(`./${kind}.cjs`);
/* Ours, without the types at run time: what they take is the difference. */
if (way === 'unchecked') {
  const inputs = join(__dirname, '..', '..', '..', 'lib', 'private', 'inputs', 'checked.js');
  require.cache[inputs] = { id: inputs, filename: inputs, loaded: true, exports: { checked: () => target => target } };
  ways.unchecked = ways.ours;
}
if (!Object.hasOwn(ways, way)) { throw new Error(`unknown way: ${way}; known are ${Object.keys(ways).join(', ')}`); }

/* A class, as apps have them: with less around them, L1s by hand would have shorter stack traces than in any app. */
class BenchStack extends Stack {
  constructor(scope, id, groups) {
    super(scope, id, { env: { region: 'us-east-1' } });
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-0123456789abcdef0'],
    });
    ways[way](this, vpc, groups);
  }
}

const outdir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bench-'));
try {
  const app = new App({ outdir, analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  for (let first = 0; first < count; first += PER_STACK) { new BenchStack(app, `S${first}`, Math.min(PER_STACK, count - first)); }
  const assembly = app.synth();
  const cpu = process.cpuUsage();
  const text = ({ template }) => type === undefined
    ? JSON.stringify(template, undefined, 1)
    : Object.entries(template.Resources).filter(([, resource]) => resource.Type === type).map(([id, resource]) => linesOf(id, resource)).join('');
  const stacks = assembly.stacks.map(text);
  process.stdout.write(JSON.stringify({
    cpuMs: (cpu.user + cpu.system) / 1000,
    memoryMiB: process.resourceUsage().maxRSS / 1024,
    bytes: stacks.reduce((sum, text) => sum + text.length, 0),
    resources: assembly.stacks.reduce((sum, stack) => sum + Object.keys(stack.template.Resources ?? {}).length, 0),
  }));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

/* A resource as it stands in a template, with the comma and the ends of its lines. */
function linesOf(id, resource) {
  return JSON.stringify({ Resources: { [id]: resource } }, undefined, 1).split('\n').slice(2, -2).join('\n') + ',\n';
}
