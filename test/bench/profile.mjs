/* Reads the profiles that `node --cpu-prof` writes. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where time can be spent, by a frame of the stack. The innermost that fits counts. */
const PLACES = [
  ['loading modules', ({ url, functionName }) => url.startsWith('node:internal/modules/') && functionName !== 'require' && functionName !== 'executeUserEntryPoint'],
  ['stack traces of resources', ({ url }) => url.endsWith('/private/stack-trace.js')],
  ['hashes of paths', ({ url, functionName }) => url.endsWith('/private/md5.js') || functionName === 'addressOf'],
  ['making tokens', ({ url }) => url.endsWith('/private/token-map.js')],
  ['resolving references and templates', ({ url }) => url.endsWith('/core/lib/private/resolve.js')],
  ['tree.json', ({ url }) => url.endsWith('/private/tree-metadata.js')],
  ['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
  ['the rest of aws-cdk-lib and constructs', ({ url }) => /\/node_modules\/(aws-cdk-lib|constructs|@aws-cdk)\//.test(url)],
];

function readProfile(folder) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]), 'utf8'));
  const own = new Map();
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + timeDeltas[index] / 1000));
  return { root: nodes[0], byId: new Map(nodes.map(node => [node.id, node])), own };
}

/** Milliseconds by place. What is in `library`, and what isn't in any place, come last. */
function byPlace(folder, library) {
  const { root, byId, own } = readProfile(folder);
  const places = [...PLACES, ['this library', ({ url }) => url.includes(library)]];
  const spent = Object.fromEntries([...places.map(([name]) => [name, 0]), ['the rest', 0]]);
  const walk = (node, outer) => {
    const place = places.find(([, fits]) => fits(node.callFrame))?.[0] ?? outer;
    spent[place] += own.get(node.id) ?? 0;
    for (const child of node.children ?? []) { walk(byId.get(child), place); }
  };
  walk(root, 'the rest');
  return spent;
}

/** Rows of a table: place, milliseconds of both, difference. */
export function compareProfiles(ours, theirs, library) {
  const [a, b] = [byPlace(ours, library), byPlace(theirs, library)];
  const row = (name, x, y) => [name, x.toFixed(0), y.toFixed(0), (x - y).toFixed(0)];
  const sum = spent => Object.values(spent).reduce((total, part) => total + part, 0);
  return [...Object.keys(a).map(name => row(name, a[name], b[name])), row('all', sum(a), sum(b))];
}

/** The functions that take most, with what they call: name and share. Only those below `library`, where it is given. */
export function topOf(folder, count, library) {
  const { root, byId, own } = readProfile(folder);
  const inclusive = new Map();
  const walk = (node, above) => {
    const { functionName, url } = node.callFrame;
    const counts = functionName && (library ? url.includes(library) : url) && !above.has(functionName + url);
    const inside = counts ? new Set([...above, functionName + url]) : above;
    const time = (own.get(node.id) ?? 0) + (node.children ?? []).reduce((sum, child) => sum + walk(byId.get(child), inside), 0);
    if (counts) {
      const file = url.split('/').at(-1);
      const name = `\`${functionName}\` (${file})`;
      inclusive.set(name, (inclusive.get(name) ?? 0) + time);
    }
    return time;
  };
  const total = walk(root, new Set());
  return [...inclusive].sort((x, y) => y[1] - x[1]).slice(0, count).map(([name, time]) => [name, `${(100 * time / total).toFixed(1)} %`]);
}
