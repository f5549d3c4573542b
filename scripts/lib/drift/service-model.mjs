/*
 * Facts of a service's model, as botocore has it: what operations take, answer and refuse with, member by member, and which other operations there are.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The newest model of a service in botocore's folder of data. */
export function readModel(data, service) {
  const version = readdirSync(join(data, service)).sort().at(-1);
  const file = join(data, service, version, 'service-2.json');
  return JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8'));
}

/** The first part of each of some paths: `ProductionVariants` of `ProductionVariants[].InstanceType`. */
const firstParts = paths => new Set(paths.map(path => /^\w+/.exec(path)[0]));

function bounds(min, max, unit) {
  if (min === undefined && max === undefined) { return []; }
  return [`${min ?? ''}..${max ?? ''}${unit}`];
}

/**
 * The facts of a model, by subject: `operations` has the names of all that are watched, `operation X` what X takes and answers and its errors,
 * and each structure and each list of values stands under its own name.
 *
 * `used` names the operations that are walked, each with `true`, or with the paths that alone are of interest. Operations whose name fits `watched` are listed.
 * The values of the lists `elsewhere` are left out.
 */
export function factsOfModel(model, { used, watched, elsewhere = [] }) {
  const names = Object.keys(model.operations).filter(name => Object.hasOwn(used, name) || watched?.test(name)).sort();
  const facts = { operations: Object.fromEntries(names.map(name => [name, ''])) };

  const describe = name => {
    const { type, enum: values, pattern, min, max, member, key, value } = model.shapes[name];
    if (type === 'structure' || values !== undefined) { return name; }
    if (type === 'list') { return [`list of ${describe(member.shape)}`, ...bounds(min, max, ' entries')].join(', '); }
    if (type === 'map') { return [`map of ${describe(key.shape)} to ${describe(value.shape)}`, ...bounds(min, max, ' entries')].join(', '); }
    return [type, ...bounds(min, max, type === 'string' ? ' characters' : ''), ...pattern === undefined ? [] : [`pattern ${pattern}`]].join(', ');
  };

  const visit = (name, only) => {
    const { type, enum: values, required = [], members = {}, member, key, value } = model.shapes[name];
    if (type === 'list') { return visit(member.shape); }
    if (type === 'map') { return [key, value].forEach(({ shape }) => visit(shape)); }
    if (name in facts || (type !== 'structure' && values === undefined)) { return; }
    if (values !== undefined) { if (!elsewhere.includes(name)) { facts[name] = Object.fromEntries(values.map(one => [one, ''])); } return; }
    const shown = Object.entries(members).filter(([part]) => only === undefined || only.has(part));
    facts[name] = Object.fromEntries(shown.map(([part, { shape, deprecated }]) => [
      part, [describe(shape), ...required.includes(part) ? ['required'] : [], ...deprecated ? ['deprecated'] : []].join(', '),
    ]));
    shown.forEach(([, { shape }]) => visit(shape));
  };

  for (const [name, members] of Object.entries(used)) {
    const operation = model.operations[name];
    if (operation === undefined) { continue; }
    const { input, output, errors = [] } = operation;
    const whole = members === true;
    facts[`operation ${name}`] = {
      ...input && { request: input.shape },
      ...output && whole && { answer: output.shape },
      ...Object.fromEntries(errors.map(({ shape }) => [`error ${shape}`, ''])),
    };
    if (input) { visit(input.shape, whole ? undefined : firstParts(members)); }
    if (output && whole) { visit(output.shape); }
    if (whole) { errors.forEach(({ shape }) => visit(shape)); }
  }
  return facts;
}

/** Where shapes are reached, by their names: { shape, operation, root, path } with `root` as `request`, `answer` or an error, read from facts. */
export function reachOf(facts) {
  const reach = {};
  const visit = (shape, root, path, parents) => {
    (reach[shape] ??= []).push({ ...root, path });
    if (parents.includes(shape)) { return; }
    for (const [part, text] of Object.entries(facts[shape])) {
      const named = text.replace(/pattern .*/, '').match(/\b[A-Z]\w*/g) ?? [];
      const below = `${path === '' ? '' : `${path}.`}${part}${text.startsWith('list of') ? '[]' : text.startsWith('map of') ? '{}' : ''}`;
      named.filter(name => Object.hasOwn(facts, name)).forEach(name => visit(name, root, below, [...parents, shape]));
    }
  };
  for (const [subject, parts] of Object.entries(facts).filter(([name]) => name.startsWith('operation '))) {
    const operation = subject.slice('operation '.length);
    for (const [part, shape] of Object.entries(parts)) {
      const target = part.startsWith('error ') ? part.slice('error '.length) : shape;
      if (Object.hasOwn(facts, target)) { visit(target, { operation, part, root: target }, '', []); }
    }
  }
  return reach;
}

/** A model with nothing but some operations and what they reach, without texts: the others keep their names. For fixtures. */
export function cutModel(model, operations) {
  const shapes = {};
  const keep = name => {
    if (name in shapes) { return; }
    const { documentation, ...shape } = model.shapes[name];
    shapes[name] = withoutDocumentation(shape);
    [shape.member, shape.key, shape.value, ...Object.values(shape.members ?? {})].filter(Boolean).forEach(({ shape: part }) => keep(part));
  };
  const kept = Object.entries(model.operations).map(([name, { input, output, errors }]) => {
    if (!operations.includes(name)) { return [name, {}]; }
    [input, output, ...errors ?? []].filter(Boolean).forEach(({ shape }) => keep(shape));
    return [name, withoutDocumentation({ input, output, errors })];
  });
  return { operations: Object.fromEntries(kept), shapes };
}

function withoutDocumentation(value) {
  if (Array.isArray(value)) { return value.map(withoutDocumentation); }
  if (typeof value !== 'object' || value === null) { return value; }
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'documentation').map(([key, part]) => [key, withoutDocumentation(part)]));
}
