// Synthesizes the example apps and prints, per stack, what is in them: `npm run example [-- NAME ...]`.
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describeTemplate } from './lib/describe-template.mjs';
import { exampleNames, newestVersion, ofEachExample, synthesize } from './lib/examples.mjs';
import { table } from './lib/table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const unknown = wanted.filter(name => !exampleNames().includes(name));
if (unknown.length > 0) {
  console.error(`no example called ${unknown.join(', ')}; there are: ${exampleNames().join(', ')}`);
  process.exit(1);
}
const names = wanted.length > 0 ? wanted : exampleNames();

console.log(`Synthesizing ${names.length} example apps with aws-cdk-lib ${newestVersion()}. Nothing is deployed, no account is needed.`);
for (const { name, stacks } of await ofEachExample(name => synthesize(name), names)) {
  for (const stack of stacks) {
    const folder = join(root, 'cdk.out', 'examples', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${stack.name}.template.json`), stack.text);
    const rows = describeTemplate(stack.template);
    console.log(`\n${name}: stack ${stack.name}, ${rows.length} resources, ${(stack.text.length / 1024).toFixed(1)} KB`);
    console.log(table(['resource', 'what it is for', 'what was derived', 'cost'], rows.map(row => [row.resource, row.purpose, row.derived, row.cost])));
    for (const message of stack.messages) {
      console.log(`  ${message.type}: ${message.text}`);
    }
    console.log(`  template: cdk.out/examples/${name}/${stack.name}.template.json`);
  }
}
console.log('\ncost: "hourly" is billed while it exists or runs, "upfront" was paid when the capacity was reserved, "per use" is a fraction of a cent.');
