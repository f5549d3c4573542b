// Synthesizes every example with aws-cdk-lib's own template validation on: our templates must be free of findings. `--keep FOLDER`
// leaves the templates there for other judges.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { keepTemplates, newestVersion, ofEachExample, synthesize } from './lib/examples.mjs';

const { values: { keep } } = parseArgs({ options: { keep: { type: 'string' } } });
console.log(`validating with aws-cdk-lib ${newestVersion()}`);
mustFindSomething();
let findings = 0;
for (const { name, printed, report, stacks } of await ofEachExample(name => synthesize(name, { validation: true }))) {
  if (!report) {
    throw new Error(`${name}: no validation report was written, so nothing was validated`);
  }
  const violations = report.pluginReports.flatMap(plugin => plugin.violations ?? []);
  const messages = stacks.flatMap(stack => stack.messages);
  findings += violations.length + messages.length;
  if (keep !== undefined) { keepTemplates(keep, name, stacks); }
  console.log(`${name}: ${violations.length} findings of the validator, ${messages.length} warnings of constructs`);
  if (violations.length + messages.length > 0) {
    console.log(JSON.stringify([...violations, ...messages], undefined, 1));
    console.log(printed);
  }
}
process.exit(findings > 0 ? 1 : 0);

/** A clean report and a validator that is switched off look the same: so a wrong template goes first. */
function mustFindSomething() {
  const { App, CfnResource, Stack } = createRequire(import.meta.url)('cdk-newest');
  const app = new App({ analyticsReporting: false });
  new CfnResource(new Stack(app, 'Wrong'), 'Queue', { type: 'AWS::PCS::Queue', properties: { ClusterId: 'pcs_x', NoSuchProperty: 1 } });
  const printed = [];
  const { error } = console;
  console.error = text => printed.push(text);
  app.synth();
  console.error = error;
  if (!printed.join('\n').includes('NoSuchProperty')) { throw new Error('the validator accepts a property that does not exist: is it switched off?'); }
  console.log('a wrong template is found: the validator is on');
}
