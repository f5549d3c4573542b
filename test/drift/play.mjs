/* Answers the questions of drift.test.ts: scripts are modules of Node.js, which jest doesn't load. Questions come and answers go as JSON. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify, withoutUndecided } from '../../scripts/lib/drift/baseline.mjs';
import { factsOfCatalogue, itemsOfCatalogue } from '../../scripts/lib/drift/catalogue.mjs';
import { itemsOfL1s, itemsOfModel, itemsOfSchemas } from '../../scripts/lib/drift/items.mjs';
import { factsOfL1s } from '../../scripts/lib/drift/l1.mjs';
import { asMarkdown, asText, grouped } from '../../scripts/lib/drift/report.mjs';
import { factsOfSchema } from '../../scripts/lib/drift/schema.mjs';
import { factsOfModel } from '../../scripts/lib/drift/service-model.mjs';
import { compareVersions, newestOf } from '../../scripts/lib/drift/sources.mjs';
import { placesOfOperation, placesOfType, readTables } from '../../scripts/lib/drift/tables.mjs';
import { itemsOfVersions, latestIn, pins } from '../../scripts/lib/drift/versions.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tables = await readTables(root);

const factsOfService = (service, model) => factsOfModel(model, { used: tables.used[service], watched: tables.WATCHED_OPERATIONS[service], elsewhere: tables.CATALOGUED });
const l1s = folder => factsOfL1s(join(root, 'node_modules', folder), { used: tables.types, watched: tables.WATCHED_MODULES });

const ANSWERS = {
  model: ({ service, older, newer, rows = tables.DECIDED }) => itemsOfModel({ ...tables, DECIDED: rows }, service, factsOfService(service, older), factsOfService(service, newer)),
  schema: ({ older, newer }) => itemsOfSchemas(tables, factsOfSchema(older).facts, factsOfSchema(newer)),
  l1s: ({ older, newer }) => itemsOfL1s(tables, l1s(older), l1s(newer)),
  versions: ({ recorded, found }) => itemsOfVersions(recorded, found),
  catalogue: ({ recorded, catalogue }) => itemsOfCatalogue(tables, recorded, catalogue),
  catalogueTwice: ({ catalogue }) => itemsOfCatalogue(tables, factsOfCatalogue(catalogue), catalogue),
  /** What --update would record of a service, and what is news after it. */
  update: ({ service, older, newer, rows }) => {
    const [before, after] = [factsOfService(service, older), factsOfService(service, newer)];
    const those = { ...tables, DECIDED: rows };
    const kept = withoutUndecided(before, after, grouped(itemsOfModel(those, service, before, after)).undecided);
    const { facts } = parse(stringify({ sources: [], facts: { [service]: kept } }));
    return itemsOfModel(those, service, facts[service], after);
  },
  text: result => asText(result),
  markdown: ({ longest, ...result }) => asMarkdown(result, longest),
  newest: ({ versions }) => newestOf(versions),
  sorted: ({ versions }) => versions.sort(compareVersions),
  pins: () => pins(root),
  latest: ({ outdated }) => latestIn(outdated),
  used: () => Object.fromEntries(Object.entries(tables.used).map(([service, operations]) => [service, Object.keys(operations)])),
  places: ({ service, name }) => name.includes('::') ? placesOfType(tables, name) : placesOfOperation(tables, service, name),
};

const questions = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(questions.map(({ ask, ...question }) => ANSWERS[ask](question))));
