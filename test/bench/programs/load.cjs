/* The processor time that it takes to load the package, or one of its submodules, once aws-cdk-lib is there: `node load.cjs <path in lib>`. */
'use strict';
const { join } = require('node:path');

const target = join(__dirname, '..', '..', '..', 'lib', process.argv[2]);
/* What of aws-cdk-lib it needs is loaded beforehand: found by a first process. */
if (process.env.BENCH_NEEDED) {
  for (const name of JSON.parse(require('node:fs').readFileSync(process.env.BENCH_NEEDED, 'utf8'))) { require(name); }
  const began = process.cpuUsage();
  require(target);
  const { user, system } = process.cpuUsage(began);
  process.stdout.write(JSON.stringify({ milliseconds: (user + system) / 1000 }));
} else {
  require(target);
  process.stdout.write(JSON.stringify(Object.keys(require.cache).filter(path => path.includes('node_modules'))));
}
