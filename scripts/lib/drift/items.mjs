/*
 * Differences as items for a reader: what has come, gone or changed, where it is in the services, which places of ours it concerns, and what somebody
 * has decided. Each item: { source, kind, what, names, was, is, at, places, decision }. Equal differences of several shapes are one item.
 */
import { differences } from './compare.mjs';
import { reachOf } from './service-model.mjs';
import { decisionOn, l1Path, placeOfConstraints, placesOfOperation, placesOfType, placesOfValues } from './tables.mjs';
import { moduleOf } from './l1.mjs';

/** What is walked is ours. */
const RENDERED = { file: 'scripts/lib/constraints.mjs', verdict: { ours: 'it is rendered' } };
const CALLED = { file: 'scripts/lib/constraints.mjs', verdict: { ours: 'it is called' } };

const unique = list => [...new Set(list)];

/** What is new needs a row. What has gone or changed needs a person, unless a row says that it was none of ours. */
const decisionFor = (kind, decision) => kind === 'new' || (kind === 'gone' && decision !== undefined && 'why' in decision.verdict) ? decision : undefined;

function item(fields) {
  const { decision, ...rest } = fields;
  if (decision === undefined) { return rest; }
  const { verdict, file } = decision;
  return { ...rest, decision: 'ours' in verdict ? `ours: ${verdict.ours}` : `not ours: ${verdict.why}`, decidedIn: file };
}

/** What differs between the facts of two models of a service. */
export function itemsOfModel(tables, service, older, newer) {
  const [before, after] = [reachOf(older), reachOf(newer)];
  const reachedBy = ({ kind, subject }) => (kind === 'gone' ? before : after)[subject] ?? [];
  const decide = difference => rowOfCoverage(tables, service, reachedBy(difference), difference.part)
    ?? decisionOn(tables, service, `${difference.subject}.${difference.part}`);
  const merged = new Map();
  for (const difference of differences(older, newer)) {
    const { kind, subject, part, was, is } = difference;
    const isMember = subject !== 'operations' && !subject.startsWith('operation ') && (was ?? is) !== '';
    const decision = isMember ? decisionFor(kind, decide(difference)) : undefined;
    const key = JSON.stringify(isMember ? [kind, part, decision, ...kind === 'changed' ? [was, is] : []] : [kind, subject, part]);
    merged.set(key, [...merged.get(key) ?? [], { ...difference, decision }]);
  }
  return [...merged.values()].map(those => {
    const [{ kind, subject, part, was, is }] = those;
    const base = { source: service, recordedIn: service, kind, was, is, facts: those.map(one => ({ subject: one.subject, part: one.part })) };
    if (subject === 'operations') { return itemOfOperation(tables, service, kind, part, base.facts); }
    if (subject.startsWith('operation ')) {
      const operation = subject.slice('operation '.length);
      const name = part.startsWith('error ') ? `${operation}!${part.slice('error '.length)}` : `${operation}!${part}`;
      return item({ ...base, what: `${part} of ${operation}`, names: [name], at: [operation], places: placesOfOperation(tables, service, operation),
        decision: decisionFor(kind, decisionOn(tables, service, name)) });
    }
    const reached = unique(those.flatMap(reachedBy));
    const operations = unique(reached.map(({ operation }) => operation));
    const places = operations.flatMap(operation => placesOfOperation(tables, service, operation));
    if ((was ?? is) === '') {
      const siblings = Object.keys({ ...older[subject], ...newer[subject] });
      return item({ ...base, was: undefined, is: undefined, what: `value ${part} of ${subject}`, names: [`${subject}=${part}`], at: where(reached, ''),
        places: unique([...placesOfValues(tables, siblings), ...coverageOf(tables, service, reached), ...constraintsOf(tables, service, reached)]),
        decision: decisionFor(kind, decisionOn(tables, service, `${subject}=${part}`)) });
    }
    return item({ ...base, what: `member ${part} of ${those.map(one => one.subject).join(', ')}`, names: those.map(one => `${one.subject}.${part}`), at: where(reached, part),
      ...kind === 'new' && { is: unique(those.map(one => one.is)).join('; '), holds: holdings(newer, those) },
      places: unique([...coverageOf(tables, service, reached), ...places, ...constraintsOf(tables, service, reached)]),
      decision: those[0].decision });
  });
}

/** An operation that has come or gone. One that is in use and has gone is nobody's decision. */
function itemOfOperation(tables, service, kind, name, facts) {
  const isUsed = Object.hasOwn(tables.used[service] ?? {}, name);
  const decision = decisionOn(tables, service, name);
  const own = placesOfOperation(tables, service, name);
  const places = own.length > 0 ? own : decision?.beside ? placesOfOperation(tables, service, decision.beside) : [];
  return item({ source: service, recordedIn: service, kind, facts, what: `operation ${name}`, names: [name], at: [], places,
    decision: decisionFor(kind, isUsed ? CALLED : decision) });
}

/** `CreateCluster, UpdateCluster: request slurmConfiguration`: operations in which a shape has the same place stand together. */
function where(reached, part) {
  const groups = new Map();
  for (const { operation, part: side, path } of reached) {
    const at = `${side}${path || part ? ` ${[path, part].filter(Boolean).join('.')}` : ''}`;
    groups.set(at, unique([...groups.get(at) ?? [], operation]));
  }
  return [...groups].map(([at, operations]) => `${operations.join(', ')}: ${at}`);
}

/** The row of a coverage table about a member, if each request and each answer in which it is reached and which has a table has one. */
function rowOfCoverage(tables, service, reached, member) {
  const rows = reached.filter(one => coverageOf(tables, service, [one]).length > 0).map(({ operation, part, root, path }) => {
    const full = [path, member].filter(Boolean).join('.').replaceAll('[]', '').replaceAll('{}', '');
    const inside = full.replace(/^[^.]+\./, ''); // answers of AWS PCS hold one structure, whose members the table names
    return [`${root} ${full}`, `${operation} ${part} ${full}`, `${operation} ${part} ${inside}`]
      .map(name => tables.coverage.get(`${service} ${name}`)).find(Boolean);
  });
  return rows.every(Boolean) ? rows[0] : undefined;
}

/** The table of constraints, where a request that it is about has the shape. */
function constraintsOf({ constrained }, service, reached) {
  return reached.some(({ operation, part }) => part === 'request' && constrained(service, operation)) ? [placeOfConstraints(service)] : [];
}

/** The coverage tables that have rows about the request or the answer in which a shape is reached. */
function coverageOf({ coverage }, service, reached) {
  const heads = reached.flatMap(({ operation, part, root }) => [`${service} ${operation} ${part} `, `${service} ${root} `]);
  return [...coverage].filter(([name]) => heads.some(head => name.startsWith(head))).map(([, { file }]) => file);
}

/** The members of structures and the values of lists that come with new members. */
function holdings(facts, those) {
  const holds = [];
  const visit = (text, path, depth) => {
    for (const name of text.replace(/pattern .*/, '').match(/\b[A-Z]\w*/g) ?? []) {
      const parts = Object.entries(facts[name] ?? {});
      if (parts.length === 0 || depth > 4) { continue; }
      if (parts[0][1] === '') { holds.push(`${path}: ${parts.map(([value]) => value).join(', ')}`); continue; }
      for (const [part, inner] of parts) {
        const below = path === '' ? part : `${path}.${part}`;
        const before = holds.length;
        visit(inner, below, depth + 1);
        if (holds.length === before) { holds.push(below); }
      }
    }
  };
  those.forEach(({ is }) => visit(is, '', 0));
  return unique(holds);
}

/** What differs between the facts of CloudFormation's schemas. */
export function itemsOfSchemas(tables, older, { facts: newer, owners = {} }) {
  return differences(older, newer).map(({ kind, subject, part, was, is, holds }) => {
    const base = { source: subject, recordedIn: 'types', kind, was: was || undefined, is: is || undefined, facts: [{ subject, part }] };
    if (subject === 'types') {
      const decision = decisionOn(tables, 'types', part) ?? (tables.types.includes(part) ? RENDERED : undefined);
      const places = placesOfType(tables, tables.types.includes(part) ? part : decision?.beside ?? part);
      return item({ ...base, what: `type ${part}`, names: [part], at: [], places, decision: decisionFor(kind, decision) });
    }
    if (subject.startsWith('values ')) {
      const name = subject.slice('values '.length);
      const types = Object.keys(newer).filter(type => Object.values(newer[type]).some(text => text.includes(`one of ${name}`)));
      return item({ ...base, source: 'types', what: `value ${part} of ${name}`, names: [`${name}=${part}`], at: types,
        places: unique(types.flatMap(type => placesOfType(tables, type))),
        decision: decisionFor(kind, decisionOn(tables, 'types', `${name}=${part}`)) });
    }
    const [path, value] = part.split(' = ');
    const row = rowOfSchema(tables, subject, path, owners[subject]?.[path]);
    const files = unique([...row ? [row.file] : coverageFiles(tables, subject), ...placesOfType(tables, subject), placeOfConstraints(subject)]);
    if (value !== undefined) {
      return item({ ...base, was: undefined, is: undefined, what: `value ${value} of ${path}`, names: [`${path}=${value}`], at: [path], places: files,
        decision: decisionFor(kind, decisionOn(tables, subject, `${path}=${value}`)) });
    }
    return item({ ...base, what: part === 'the type' ? part : `property ${path}`, names: [path], at: [path], ...holds && { holds }, places: files,
      decision: decisionFor(kind, row ?? decisionOn(tables, subject, path)) });
  });
}

/** The row of a coverage table about a property. `owner` is the definition of the schema that has it. */
function rowOfSchema({ coverage }, type, path, owner) {
  const [, service, name] = type.split('::');
  const member = l1Path(path).split('.').at(-1);
  const attribute = `attr${path.split('.').at(-1)}`;
  return service === 'PCS'
    ? coverage.get(`aws-pcs Cfn${name}${owner === undefined ? 'Props' : `.${owner}Property`} ${member}`) ?? coverage.get(`aws-pcs Cfn${name} attributes ${attribute}`)
    : coverage.get(`${type} ${l1Path(path)}`) ?? coverage.get(`${type} ${attribute}`);
}

const coverageFiles = ({ coverage }, type) => unique([...coverage].filter(([name]) => name.startsWith(`${type} `)
  || name.startsWith(`${moduleOf(type)} Cfn${type.split('::')[2]}`)).map(([, { file }]) => file));

/** What differs between the classes that two versions of aws-cdk-lib have. */
export function itemsOfL1s(tables, older, newer) {
  const raw = tables.sources.map(({ file, text }) => ({ file, text: text.replace(/\/\*[^]*?\*\//g, '') }))
    .filter(({ text }) => /\baddPropertyOverride\(|\brenderProperties\(|extends CfnResource\b/.test(text));
  const page = 'decisions/0001-peer-floor.md';
  const speakers = name => [
    ...raw.filter(({ text }) => new RegExp(`\\b(${name}|${name[0].toUpperCase()}${name.slice(1)})\\b`).test(text)).map(({ file }) => file),
    ...new RegExp(`\`(\\w+\\.)?${name}\``).test(tables.floor) ? [page] : [],
  ];
  return differences(older, newer).map(({ kind, subject, part, was, is }) => {
    const [module, owner, attributes] = subject.split(' ');
    if (owner === 'classes') {
      const type = `AWS::${tables.types.map(name => name.split('::')[1]).find(name => moduleOf(`::${name}::`) === module)}::${part.slice(3)}`;
      const decision = decisionOn(tables, 'types', type) ?? decisionOn(tables, 'aws-cdk-lib', part) ?? (tables.types.includes(type) ? RENDERED : undefined);
      return item({ source: 'aws-cdk-lib', kind, what: `class ${part} of ${module}`, names: [part], at: [], decision: decisionFor(kind, decision),
        places: unique([...tables.types.includes(type) ? placesOfType(tables, type) : [], ...speakers(part)]) });
    }
    const type = tables.types.find(name => moduleOf(name) === module && owner.replace(/Props$/, '').split('.')[0] === `Cfn${name.split('::')[2]}`);
    const row = tables.coverage.get(`${module} ${owner}${attributes ? ' attributes' : ''} ${part}`)
      ?? [...tables.coverage].find(([name]) => name.startsWith(`${type} `) && name.split(' ')[1].split('.').at(-1) === part)?.[1];
    return item({
      source: 'aws-cdk-lib', kind, was, is, what: `member ${part} of ${owner}`, names: [`${owner}.${part}`], at: [],
      places: unique([...row ? [row.file] : [], ...speakers(part), ...placesOfType(tables, type)]),
      decision: decisionFor(kind, row ?? decisionOn(tables, 'aws-cdk-lib', `${owner}.${part}`)),
    });
  });
}
