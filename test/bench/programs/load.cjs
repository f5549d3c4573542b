/*
 * The processor time that it takes to load the package, or one of its submodules, and all that it exports, once the modules of
 * others are there: `node load.cjs <path in lib> [everything]`.
 */
'use strict';
const { join } = require('node:path');

const [, , path, everything] = process.argv;
const target = join(__dirname, '..', '..', '..', 'lib', path);

/* Exports are loaded when they are read. */
function load() {
  const exported = require(target);
  if (everything) { Object.values(exported).forEach(member => typeof member === 'object' && Object.values(member)); }
}

/* What of others it needs is loaded beforehand: found by a first process. */
if (process.env.BENCH_NEEDED) {
  for (const name of JSON.parse(require('node:fs').readFileSync(process.env.BENCH_NEEDED, 'utf8'))) { require(name); }
  const began = process.cpuUsage();
  load();
  const { user, system } = process.cpuUsage(began);
  process.stdout.write(JSON.stringify({ milliseconds: (user + system) / 1000 }));
} else {
  load();
  process.stdout.write(JSON.stringify(Object.keys(require.cache).filter(name => name.includes('node_modules'))));
}
