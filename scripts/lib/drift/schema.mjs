/* Facts of the schemas of CloudFormation, as cfn-lint ships them: properties, what is asked of them, and what an update of them does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

/** What CloudFormation says of updates, in our words. A property without any of it is changed in place. */
const BEHAVIOURS = {
  createOnlyProperties: 'replacement',
  conditionalCreateOnlyProperties: 'replacement at times',
  readOnlyProperties: 'read only',
  writeOnlyProperties: 'write only',
  deprecatedProperties: 'deprecated',
};

/** How a schema combines members. */
const COMBINATIONS = ['oneOf', 'anyOf', 'allOf', 'dependentRequired', 'dependentExcluded', 'requiredXor', 'requiredOr', 'not', 'if'];

/** The schemas of a Region by type: { 'AWS::PCS::Queue': () => schema }. */
export function readSchemas(folder) {
  const files = JSON.parse(readFileSync(join(folder, 'providers', 'us-east-1.json'), 'utf8'));
  return Object.fromEntries(Object.entries(files).map(([type, name]) => [type, () => JSON.parse(readFileSync(join(folder, 'resources', `${name}.json`), 'utf8'))]));
}

/** `/properties/InstanceGroups/*` + `/CurrentCount` as `InstanceGroups[].CurrentCount`. */
const pathOf = pointer => pointer.replace(/^\/properties\//, '').split('/').filter(part => part !== 'properties').join('.').replaceAll('.*', '[]').replaceAll('.items', '[]');

/** Whether two paths are one property: pointers of schemas leave the `[]` of lists out where they feel like it. */
const plain = path => path.replaceAll('[]', '').replaceAll('{}', '');

/** The combinations of a part, with the names of properties alone: these are walked. */
const combinationsOf = part => COMBINATIONS.filter(name => part[name] !== undefined)
  .map(name => `${name} ${JSON.stringify(part[name], (key, value) => key === 'properties' && typeof value === 'object' ? Object.keys(value) : value)}`);

const bounds = (min, max, unit) => min === undefined && max === undefined ? [] : [`${min ?? ''}..${max ?? ''}${unit}`];

/** Lists of values that are longer stand once, under their name. */
const SHORT = 12;

/** The name under which a long list of values stands: that of others may be taken. */
function listed(values, name, type, lists) {
  const parts = Object.fromEntries(values.map(value => [value, '']));
  const free = [name, `${type}.${name}`].find(one => lists[`values ${one}`] === undefined || isDeepStrictEqual(lists[`values ${one}`], parts));
  lists[`values ${free}`] = parts;
  return free;
}

/**
 * The facts of one schema, by subject: the type has a text for each property, by path, and one for each value that a short list has; long lists of values
 * have a subject of their own. `owners` says which definition of the schema has the property of a path.
 */
export function factsOfSchema(schema, lists = {}) {
  const facts = {};
  const owners = {};
  const behaviours = {};
  for (const [list, words] of Object.entries(BEHAVIOURS)) {
    for (const pointer of schema[list] ?? []) { (behaviours[plain(pathOf(pointer))] ??= new Set()).add(words); }
  }
  const resolve = part => {
    const { $ref, ...rest } = part;
    if ($ref === undefined) { return part; }
    return { ...resolve($ref.slice(2).split('/').reduce((at, step) => at[step], schema)), ...rest, name: $ref.split('/').at(-1) };
  };
  const visit = (given, path, required, parents) => {
    const part = resolve(given);
    if (parents.length > 12 || (part.name !== undefined && parents.includes(part.name))) { return; }
    const kind = [part.type ?? (part.properties ? 'object' : 'any')].flat().join(' or ');
    const values = part.enum ?? (part.const === undefined ? [] : [part.const]);
    const fact = [
      kind,
      ...bounds(part.minLength, part.maxLength, ' characters'), ...bounds(part.minimum ?? part.exclusiveMinimum, part.maximum ?? part.exclusiveMaximum, ''),
      ...bounds(part.minItems ?? part.minProperties, part.maxItems ?? part.maxProperties, ' entries'),
      ...part.multipleOf === undefined ? [] : [`a multiple of ${part.multipleOf}`],
      ...part.pattern === undefined ? [] : [`pattern ${part.pattern}`],
      ...part.uniqueItems ? ['each once'] : [],
      ...values.length > SHORT ? [`one of ${listed(values, part.name ?? path.split('.').at(-1), schema.typeName, lists)}`] : values.length > 0 ? ['values'] : [],
      ...combinationsOf(part),
      ...required ? ['required'] : [],
      ...path.endsWith('[]') || path.endsWith('{}') ? [] : behaviours[plain(path)] ?? [], // said of the list, and not again of its entries
    ].join(', ');
    facts[path] = facts[path] === undefined || facts[path] === fact ? fact : `${facts[path]} or ${fact}`; // a property of several alternatives
    owners[path] = parents.at(-1);
    if (values.length <= SHORT) { values.forEach(value => { facts[`${path} = ${value}`] = ''; }); }
    below(part, path, part.name === undefined ? parents : [...parents, part.name]);
  };
  const below = (part, path, parents) => {
    for (const [name, member] of Object.entries(part.properties ?? {})) {
      visit(member, path === '' ? name : `${path}.${name}`, part.required?.includes(name) ?? false, parents);
    }
    if (part.items) { visit(part.items, `${path}[]`, false, parents); }
    for (const alternative of [part.oneOf, part.anyOf, part.allOf].filter(Array.isArray).flat()) { below(resolve(alternative), path, parents); }
    for (const [pattern, value] of Object.entries(part.patternProperties ?? {})) {
      facts[`${path}{key}`] = `pattern ${pattern}`;
      visit(value, `${path}{}`, false, parents);
    }
  };
  const tags = schema.tagging === undefined ? [] : [`tags ${schema.tagging.taggable === false ? 'none' : schema.tagging.tagUpdatable === false ? 'at creation only' : 'in place'}`];
  facts['the type'] = [
    ...schema.replacementStrategy === undefined ? [] : [`replacement: ${schema.replacementStrategy}`],
    ...tags, ...combinationsOf(schema), ...schema.additionalProperties === false ? [] : ['takes properties that it does not name'],
  ].join(', ');
  below(schema, '', []);
  return { facts: { ...lists, [schema.typeName]: facts }, owners: { [schema.typeName]: owners } };
}

/** The facts of the types that are rendered, and the names of the types that are watched. */
export function factsOfSchemas(schemas, { used, watched }) {
  const facts = { types: Object.fromEntries(Object.keys(schemas).filter(type => watched.test(type)).sort().map(type => [type, ''])) };
  const owners = {};
  const lists = {};
  for (const type of used.filter(name => name in schemas)) {
    const found = factsOfSchema(schemas[type](), lists);
    Object.assign(facts, found.facts);
    Object.assign(owners, found.owners);
  }
  return { facts, owners };
}

/** A schema without its descriptions and handlers. For fixtures. */
export function withoutTexts(schema) {
  const strip = value => typeof value !== 'object' || value === null ? value : Array.isArray(value) ? value.map(strip)
    : Object.fromEntries(Object.entries(value).filter(([key, part]) => !(key === 'description' && typeof part === 'string')).map(([key, part]) => [key, strip(part)]));
  const { handlers, ...rest } = schema;
  return strip(rest);
}
