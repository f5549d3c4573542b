import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SRC = join(__dirname, '..', '..', 'src');

/** The enums that there may be: choices that are our own, with the reason why AWS can't add to them. All others are classes with `of()`. */
const OUR_OWN: Record<string, string> = {
  FaultAction: 'the courses that our remediation knows',
  NodeField: 'the fields that our function reads of a node: it would refuse another one',
  NodeTaskIntegration: 'our function, or Step Functions itself',
  OfferingSelection: 'the orders in which our search takes offerings',
  PurchaseMode: 'whether our function buys, or only says what it would buy',
  QuotaProvisioning: 'CloudFormation, or our function',
  RemediationMode: 'whether our remediation acts, or only reports',
  WeekDay: 'the days of the week',
};

/** Each public enum. */
const enums = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .flatMap(name => [...readFileSync(join(SRC, name), 'utf8').matchAll(/^export (?:const )?enum (\w+)/gm)].map(([, found]) => found));

test('enums are choices of our own, each with its reason', () => {
  expect(enums.sort()).toEqual(Object.keys(OUR_OWN).sort());
});
