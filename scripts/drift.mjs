// What AWS offers against what this library knows: `npm run drift [-- --json FILE | --markdown FILE | --update]`.
//
// Without more, the newest botocore, cfn-lint, aws-cdk-lib and sources of the instance catalogue are compared with tables of ours and with the recorded
// baseline, test/drift/baseline.json, and the registries are asked for versions. News is printed, and is no failure. --update records what has a row.
//
//   --from botocore@1.44.5 --to botocore@1.44.8            two versions with each other, and nothing else; aws-cdk-lib in the same way
//   --schema FILE                                          a schema of CloudFormation with what is recorded of its type
//   --from botocore@… --to botocore@… --cut FOLDER         the two models, cut down to a few operations: the fixtures of the tests
//
// Needs Python. docs/drift.md says how a row comes in.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse, stringify, withoutUndecided } from './lib/drift/baseline.mjs';
import { VPC_CNI, catalogueOf, factsOfCatalogue, itemsOfCatalogue } from './lib/drift/catalogue.mjs';
import { itemsOfL1s, itemsOfModel, itemsOfSchemas } from './lib/drift/items.mjs';
import { declarationsOf, factsOfL1s, moduleOf } from './lib/drift/l1.mjs';
import { asMarkdown, asText, grouped } from './lib/drift/report.mjs';
import { factsOfSchema, factsOfSchemas, readSchemas, withoutTexts } from './lib/drift/schema.mjs';
import { cutModel, factsOfModel, readModel } from './lib/drift/service-model.mjs';
import { Sources } from './lib/drift/sources.mjs';
import { readTables } from './lib/drift/tables.mjs';
import { askedPins, factsOfVersions, itemsOfVersions, servedEverywhere } from './lib/drift/versions.mjs';
import { Advice, virtualPython } from '../test/e2e/python.mjs';
import { supervised } from '../test/e2e/processes.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const WORK = join(ROOT, '.conformance');
const BASELINE = join(ROOT, 'test', 'drift', 'baseline.json');
/** The operations of the fixtures: those that differed between botocore 1.44.5 and 1.44.8, with one beside them that didn't. */
const CUT = {
  pcs: ['CreateCluster', 'CreateComputeNodeGroup', 'GetComputeNodeGroup', 'UpdateComputeNodeGroup', 'ListQueues'],
  sagemaker: ['ListClusterNodes', 'DescribeComputeQuota'],
};
const CUT_TYPE = 'AWS::PCS::ComputeNodeGroup';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' }, to: { type: 'string' }, schema: { type: 'string' }, cut: { type: 'string' },
    json: { type: 'string' }, markdown: { type: 'string' }, update: { type: 'boolean' },
  },
});

const packageJson = name => JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));

/** `botocore@1.44.5` as a name and a version. */
function versioned(text, option) {
  const [, name, version] = /^(botocore|aws-cdk-lib)@(\d[\w.]*)$/.exec(text ?? '') ?? [];
  if (name === undefined) { throw new Advice(`--${option} takes botocore@<version> or aws-cdk-lib@<version>, got: ${text}`); }
  return { name, version };
}

const models = (tables, folder) => Object.fromEntries(Object.keys(tables.used)
  .map(service => [service, readModel(join(folder, 'botocore', 'data'), service)]));

/** The facts of a service's model that are of interest. */
function factsOfService(tables, service, model) {
  return factsOfModel(model, { used: tables.used[service], watched: tables.WATCHED_OPERATIONS[service], elsewhere: tables.CATALOGUED });
}

/** The folder with the declarations of aws-cdk-lib in a version: an installed one, or fetched. */
async function declarations(tables, sources, version) {
  const installed = ['aws-cdk-lib', 'cdk-newest'].find(name => packageJson(name).version === version);
  if (installed) { return join(ROOT, 'node_modules', installed); }
  return sources.npmFiles('aws-cdk-lib', version, [...new Set([...tables.types.map(moduleOf), ...tables.WATCHED_MODULES])].map(declarationsOf));
}

const l1sOf = async (tables, sources, version) => factsOfL1s(await declarations(tables, sources, version), { used: tables.types, watched: tables.WATCHED_MODULES });

/** The two versions that are asked for, or undefined. */
function twoVersions() {
  if (options.from === undefined && options.to === undefined) { return undefined; }
  const [from, to] = [versioned(options.from, 'from'), versioned(options.to, 'to')];
  if (from.name !== to.name) { throw new Advice('--from and --to need the same package'); }
  return { from, to };
}

async function between(tables, sources, { from, to }) {
  const compared = [`${from.name} ${from.version} with ${to.version}`];
  if (from.name === 'aws-cdk-lib') {
    const [older, newer] = await Promise.all([from, to].map(({ version }) => l1sOf(tables, sources, version)));
    return { items: itemsOfL1s(tables, older, newer), sources: compared, notes: [] };
  }
  const [older, newer] = await Promise.all([from, to].map(async ({ name, version }) => models(tables, (await sources.pythonPackage(name, version)).folder)));
  if (options.cut !== undefined) { await cut(sources, { [from.version]: older, [to.version]: newer }); }
  const items = Object.keys(tables.used).flatMap(service => {
    const [before, after] = [older, newer].map(those => factsOfService(tables, service, those[service]));
    return itemsOfModel(tables, service, before, after);
  });
  return { items, sources: compared, notes: [] };
}

/** Writes the fixtures: two models, cut down, and a schema. */
async function cut(sources, versions) {
  mkdirSync(options.cut, { recursive: true });
  const write = (name, value) => writeFileSync(join(options.cut, `${name}.json`), `${JSON.stringify(value)}\n`);
  for (const [service, operations] of Object.entries(CUT)) {
    for (const [version, those] of Object.entries(versions)) { write(`${service}-${version}`, cutModel(those[service], operations)); }
  }
  const { folder } = await sources.pythonPackage('cfn-lint');
  const schema = readSchemas(join(folder, 'cfnlint', 'data', 'schemas'))[CUT_TYPE]();
  write(CUT_TYPE.replaceAll('::', '-'), withoutTexts(schema));
}

/** One schema, as cfn-lint or CloudFormation has it, with what is recorded of its type. */
function ofSchema(tables, { facts: recorded }) {
  const schema = JSON.parse(readFileSync(options.schema, 'utf8'));
  const { typeName } = schema;
  if (recorded.types[typeName] === undefined) { throw new Advice(`nothing is recorded of ${typeName}: it is none of the types that are rendered`); }
  const compared = [`what is recorded of ${typeName} with ${options.schema}`];
  return { items: itemsOfSchemas(tables, recorded.types, factsOfSchema(schema)), sources: compared, notes: [] };
}

/** Everything that is newest. `facts` are what --update records. */
async function newest(tables, sources, baseline) {
  const recorded = baseline?.facts ?? {};
  const [floor, pinned] = ['aws-cdk-lib', 'cdk-newest'].map(name => packageJson(name).version);
  const [botocore, cfnLint, cdk, limits, asked, served] = await Promise.all([
    sources.pythonPackage('botocore'), sources.pythonPackage('cfn-lint'), sources.newest('npm', 'aws-cdk-lib'), sources.newest('Go proxy', VPC_CNI.module),
    askedPins(ROOT, sources), servedEverywhere(sources, floor),
  ]);
  const found = models(tables, botocore.folder);
  const facts = Object.fromEntries(Object.entries(found).map(([service, model]) => [service, factsOfService(tables, service, model)]));
  const folder = join(cfnLint.folder, 'cfnlint', 'data', 'schemas');
  const { schema_date: date } = JSON.parse(readFileSync(join(folder, 'version.json'), 'utf8'));
  const schemas = factsOfSchemas(readSchemas(folder), { used: tables.types, watched: tables.WATCHED_TYPES });
  const table = await sources.goFile(VPC_CNI.module, limits, VPC_CNI.file);
  const catalogue = await catalogueOf({ root: ROOT, sageMaker: found.sagemaker, ec2: found.ec2, limits: table });
  Object.assign(facts, { 'types': schemas.facts, 'instance types': factsOfCatalogue(catalogue), 'versions': factsOfVersions(recorded.versions, { asked, served }) });

  const items = [
    ...Object.keys(found).flatMap(service => itemsOfModel(tables, service, recorded[service] ?? {}, facts[service])),
    ...itemsOfSchemas(tables, recorded.types ?? {}, schemas),
    ...itemsOfL1s(tables, await l1sOf(tables, sources, pinned), await l1sOf(tables, sources, cdk)),
    ...itemsOfCatalogue(tables, recorded['instance types'], catalogue),
    ...itemsOfVersions(recorded.versions, { asked, served, floor }),
  ];
  const compared = [
    `botocore ${botocore.version}`, `cfn-lint ${cfnLint.version} with schemas of ${date.slice(0, 10)}`, `aws-cdk-lib ${cdk} with ${pinned}`, `amazon-vpc-cni-k8s ${limits}`,
  ];
  const notes = notesOf(tables, { recorded, facts, asked, served, floor });
  return { items, facts, sources: compared, notes, versions: { asked, served } };
}

/** What a reader should know besides: of the floor, and of what could not be compared. */
function notesOf(tables, { recorded, facts, asked, served, floor }) {
  const used = Object.entries(tables.used).flatMap(([service, operations]) => Object.keys(operations).map(name => ({ service, name })));
  const named = ({ service, name }) => `${service} ${name}`;
  const unrecorded = [
    ...used.filter(({ service, name }) => recorded[service]?.[`operation ${name}`] === undefined).map(named),
    ...tables.types.filter(type => recorded.types?.[type] === undefined),
  ];
  const missing = used.filter(({ service, name }) => !(name in facts[service].operations)).map(named);
  const unasked = asked.filter(({ newest: version }) => version === undefined).map(({ registry, name }) => `${name} of ${registry}`);
  const each = Object.entries(served.newest).map(([registry, version]) => `${registry} ${version}`).join(', ');
  return [
    `The newest aws-cdk-lib of all four registries is ${served.all} (${each}); the floor is ${floor}.`,
    ...unasked.length > 0 ? [`Not asked, for want of apt or the archive's key: ${unasked.join(', ')}.`] : [],
    ...unrecorded.length > 0 ? [`In use and not recorded yet (--update): ${unrecorded.join(', ')}.`] : [],
    ...missing.length > 0 ? [`In use and not in botocore: ${missing.join(', ')}.`] : [],
  ];
}

async function main() {
  const two = twoVersions();
  const tables = await readTables(ROOT);
  const baseline = existsSync(BASELINE) ? parse(readFileSync(BASELINE, 'utf8')) : undefined;
  let result;
  if (options.schema !== undefined) {
    result = ofSchema(tables, baseline);
  } else {
    const requirements = join(ROOT, 'test', 'conformance', 'requirements.txt');
    const python = await virtualPython(WORK, requirements, { what: 'the models', purpose: 'The comparison' });
    const sources = new Sources({ python, work: join(WORK, 'drift') });
    result = two === undefined ? await newest(tables, sources, baseline) : await between(tables, sources, two);
  }
  const { items, facts, sources, notes } = result;
  console.log(asText({ items, sources, notes }));
  if (options.json !== undefined) {
    const document = { sources, notes, items: items.map(({ facts: _, recordedIn: __, ...item }) => item), versions: result.versions };
    writeFileSync(options.json, `${JSON.stringify(document, undefined, 2)}\n`);
  }
  if (options.markdown !== undefined) { writeFileSync(options.markdown, asMarkdown({ items, sources, notes })); }
  if (options.update && facts !== undefined) {
    const { undecided } = grouped(items);
    const kept = Object.entries(facts).map(([source, those]) => {
      const open = undecided.filter(({ recordedIn }) => recordedIn === source);
      return [source, withoutUndecided(baseline?.facts[source], those, open)];
    });
    writeFileSync(BASELINE, stringify({ sources, facts: Object.fromEntries(kept) }));
  }
}

await supervised(main, () => {});
