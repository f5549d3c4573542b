import { basename, dirname } from 'node:path';
import * as ts from 'typescript';
import type { Assembly } from './api-docs';

interface Typed {
  readonly fqn?: string;
  readonly primitive?: string;
  readonly collection?: { readonly elementtype: Typed };
}

interface Parameter {
  readonly name: string;
  readonly type: Typed;
  readonly optional?: boolean;
  readonly variadic?: boolean;
}

interface Method {
  readonly name: string;
  readonly static?: boolean;
  readonly overrides?: string;
  readonly parameters?: readonly Parameter[];
  readonly returns?: { readonly type: Typed };
  readonly docs?: { readonly summary?: string };
}

interface Property {
  readonly name: string;
  readonly type: Typed;
  readonly static?: boolean;
  readonly optional?: boolean;
}

interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly kind: string;
  readonly base?: string;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly methods?: readonly Method[];
  readonly properties?: readonly Property[];
  readonly initializer?: { readonly parameters?: readonly Parameter[] };
  readonly locationInModule?: { readonly filename: string; readonly line: number };
}

const GRANTABLE = 'aws-cdk-lib.aws_iam.IGrantable';
const METRIC = 'aws-cdk-lib.aws_cloudwatch.Metric';
const ALARM = 'aws-cdk-lib.aws_cloudwatch.Alarm';

/** The enums that there may be: choices that are our own, with the reason why AWS can't add to them. All others are classes with `of()`. */
export const OUR_OWN: Readonly<Record<string, string>> = {
  AccountingMode: 'whether our function changes the accounting database, or only says what it would change',
  FaultAction: 'the courses that our remediation knows',
  NodeField: 'the fields that our function reads of a node: it would refuse another one',
  NodeTaskIntegration: 'our function, or Step Functions itself',
  OfferingSelection: 'the orders in which our search takes offerings',
  PurchaseMode: 'whether our function buys, or only says what it would buy',
  QuotaProvisioning: 'CloudFormation, or our function',
  RemediationMode: 'whether our remediation acts, or only reports',
  WeekDay: 'the days of the week',
};

/** What is left as it is, by finding, with its reason. One that is found no more is a finding. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'hyperpod.NodeRemediation: has metrics, and no metric(metricName, options?)': 'they are of two namespaces: `stateMachine.metric()` and `deadLetterQueue.metric()` have all others of either',
};

/** Holds an assembly to the conventions that its submodules share: one line for each place that breaks one. */
export function judgeConventions(assembly: Assembly, ourOwn = OUR_OWN, exceptions = EXCEPTIONS): string[] {
  const types = assembly.types as unknown as Record<string, Type>;
  const nameOf = (type: Type) => type.fqn.slice(assembly.name.length + 1);
  const findings = Object.values(types).flatMap(type =>
    [grants, metrics, factories, values, lookups, states, imports, alarms, instanceTypes]
      .flatMap(convention => convention(type, types, assembly.name))
      .map(finding => `${nameOf(type)}${finding}`));
  findings.push(...enums(Object.values(types), ourOwn), ...twice(Object.values(types), nameOf));
  const unused = Object.keys(exceptions).filter(exception => !findings.includes(exception)).map(exception => `not found any more: ${exception}`);
  return [...findings.filter(finding => exceptions[finding] === undefined), ...unused].sort();
}

/** `read`, `actions(grantee, ...actions)` and others, of a reference; each says "Grants … to a principal". */
function grants(type: Type): string[] {
  if (type.kind !== 'class' || !type.name.endsWith('Grants')) { return []; }
  const findings: string[] = [];
  const thing = type.name.slice(0, -'Grants'.length);
  const factory = type.methods?.find(method => method.static && method.name === `from${thing}`);
  if (!new RegExp(`\\.I${thing}Ref$`).test(factory?.parameters?.[0].type.fqn ?? '')) { findings.push(`: lacks from${thing}(), which takes an I${thing}Ref`); }
  const granting = (type.methods ?? []).filter(method => !method.static);
  for (const name of ['read', 'actions']) {
    if (!granting.some(method => method.name === name)) { findings.push(`: lacks ${name}()`); }
  }
  for (const { name, parameters = [], docs } of granting) {
    if (['update', 'change', 'write', 'modify'].includes(name)) { findings.push(`.${name}: is called manage()`); }
    if (parameters[0]?.name !== 'grantee' || parameters[0].type.fqn !== GRANTABLE) { findings.push(`.${name}: doesn't take a grantee first`); }
    if (name === 'actions' && !parameters[1]?.variadic) { findings.push('.actions: doesn\'t take actions one by one'); }
    if (!/^Grants .+ to a principal\b/.test(docs?.summary ?? '')) { findings.push(`.${name}: doesn't say "Grants … to a principal"`); }
  }
  return findings;
}

/** `metric(metricName, options?)` and `metricX(options?)`, on the interface where there is one. */
function metrics(type: Type, types: Record<string, Type>): string[] {
  const own = (type.methods ?? []).filter(({ name }) => /^metric([A-Z]|$)/.test(name));
  if (own.length === 0) { return []; }
  const findings: string[] = [];
  if (!own.some(({ name }) => name === 'metric')) { findings.push(': has metrics, and no metric(metricName, options?)'); }
  const ofInterface = (type.interfaces ?? []).find(fqn => types[fqn] && !fqn.endsWith('Ref'));
  for (const { name, parameters = [], returns, overrides } of own) {
    const wanted = name === 'metric' ? ['metricName', 'options'] : ['options'];
    const names = parameters.map(parameter => parameter.name).join();
    if (names !== wanted.join() || !parameters.at(-1)!.optional || returns?.type.fqn !== METRIC) {
      findings.push(`.${name}: isn't ${name}(${wanted.join(', ')}?), which gives a Metric`);
    }
    if (type.kind === 'class' && ofInterface !== undefined && overrides === undefined) { findings.push(`.${name}: isn't on its interface`); }
  }
  return findings;
}

/** Factories take a struct, or what can't be confused: no truths, and not two values of one type. */
function factories(type: Type): string[] {
  if (type.kind !== 'class') { return []; }
  const made = (type.methods ?? []).filter(method => method.static && method.returns?.type.fqn === type.fqn);
  return made.flatMap(({ name, parameters = [] }) => {
    const primitives = parameters.filter(({ type: { primitive } }) => primitive !== undefined && primitive !== 'any').filter(parameter => parameter.name !== 'id');
    return [
      ...primitives.filter(parameter => parameter.type.primitive === 'boolean').map(parameter => `.${name}: takes the truth ${parameter.name} by its position`),
      ...primitives.length > 1 ? [`.${name}: takes ${primitives.map(parameter => parameter.name).join(', ')} by their positions, and no struct`] : [],
    ];
  });
}

/** A class with constants of its own type has `value` and `of(value)`; instance types are called without `ml`. */
function values(type: Type): string[] {
  const constants = (type.properties ?? []).filter(property => property.static && property.type.fqn === type.fqn);
  if (type.kind !== 'class' || constants.length === 0) { return []; }
  const findings: string[] = [];
  if (!type.properties!.some(property => !property.static && property.name === 'value' && property.type.primitive === 'string')) { findings.push(': lacks `value`'); }
  const of = type.methods?.find(method => method.static && method.name === 'of');
  if (of?.parameters?.length !== 1 || of.parameters[0].name !== 'value' || of.parameters[0].type.primitive !== 'string') { findings.push(': lacks of(value)'); }
  return [...findings, ...constants.filter(({ name }) => /^ML_/.test(name)).map(({ name }) => `.${name}: is called ${name.slice(3)}`)];
}

/** A look-up says what it reads by one required property: a text, a selector or a reference. */
function lookups(type: Type): string[] {
  if (!type.datatype || !/(Lookup|Assertion)Props$/.test(type.name)) { return []; }
  const required = (type.properties ?? []).filter(property => !property.optional);
  if (required.length === 0) { return [': says by no required property what is read']; }
  return required.filter(property => property.type.primitive !== 'string' && !/\.(\w+Selector|I\w+Ref)$/.test(property.type.fqn ?? ''))
    .map(({ name }) => `.${name}: is neither a text, a selector nor a reference`);
}

/** The state of a thing is `status`, and why it is so `statusReason`. */
function states(type: Type): string[] {
  if (type.kind !== 'class') { return []; }
  const thing = type.name.replace(/(Lookup|Base)$/, '');
  const own = (type.properties ?? []).filter(property => !property.static).map(({ name }) => name);
  return [
    ...own.filter(name => name.toLowerCase() === `${thing}status`.toLowerCase()).map(name => `.${name}: is called status`),
    ...own.filter(name => /^(failure|status|error|state)(Message|Reason|Text)s?$/.test(name) && name !== 'statusReason').map(name => `.${name}: is called statusReason`),
    ...own.includes('statusReason') && !own.includes('status') ? [': has statusReason, and no status'] : [],
  ];
}

/** `fromXArn(scope, id, xArn)` and `fromXAttributes(scope, id, attrs)` give an `IX`. */
function imports(type: Type, types: Record<string, Type>, assembly: string): string[] {
  const imported = type.fqn.replace(/\.(\w+)$/, '.I$1');
  if (type.kind !== 'class' || types[imported] === undefined) { return []; }
  return (type.methods ?? []).filter(method => method.static && method.name.startsWith(`from${type.name}`)).flatMap(({ name, parameters = [], returns }) => {
    const key = name.slice('from'.length);
    const attributes = key === `${type.name}Attributes`;
    const last = attributes ? 'attrs' : `${key[0].toLowerCase()}${key.slice(1)}`;
    const fits = parameters.map(parameter => parameter.name).join() === `scope,id,${last}`
      && (attributes ? parameters[2].type.fqn === `${type.fqn}Attributes` : parameters[2].type.primitive === 'string');
    return [
      ...fits ? [] : [`.${name}: isn't ${name}(scope, id, ${last})`],
      ...returns?.type.fqn === imported ? [] : [`.${name}: doesn't give an ${imported.slice(assembly.length + 1)}`],
    ];
  });
}

/** Each alarm of a construct is left out by the property of its name; notices go to one topic, of which a reference is enough. */
function alarms(type: Type, types: Record<string, Type>): string[] {
  if (type.datatype) {
    return (type.properties ?? []).filter(property => property.name === 'topic' && !property.type.fqn?.endsWith('.ITopicRef')).map(() => '.topic: isn\'t an ITopicRef');
  }
  if (type.kind !== 'class') { return []; }
  const given = (type.properties ?? []).filter(property => (property.type.fqn ?? property.type.collection?.elementtype.fqn) === ALARM);
  return given.flatMap(({ name, optional, type: { fqn } }) => {
    const off = types[`${type.fqn}Props`]?.properties?.find(property => property.name === name);
    return [
      ...off?.optional && off.type.primitive === 'boolean' ? [] : [`.${name}: no optional property ${name} leaves it out`],
      ...fqn === ALARM && !optional ? [`.${name}: isn't optional, so it can't be left out`] : [],
    ];
  });
}

/** Instance types are given by their class. What is read of a service is a text. */
function instanceTypes(type: Type): string[] {
  if (!type.datatype) { return []; }
  return (type.properties ?? []).filter(({ name, type: given }) => /^instanceTypes?$/.test(name) && (given.primitive ?? given.collection?.elementtype.primitive) === 'string')
    .map(({ name }) => `.${name}: is a text, where there is a class`);
}

/** Enums come from the list. */
function enums(types: readonly Type[], ourOwn: Readonly<Record<string, string>>): string[] {
  const found = types.filter(({ kind }) => kind === 'enum').map(({ name }) => name);
  return [
    ...found.filter(name => ourOwn[name] === undefined).map(name => `${name}: an enum that isn't in the list with a reason: AWS can't add to a choice of our own alone`),
    ...Object.keys(ourOwn).filter(name => !found.includes(name)).map(name => `${name}: is in the list of enums, and is none`),
  ];
}

/** No declaration is exported under two names. */
function twice(types: readonly Type[], nameOf: (type: Type) => string): string[] {
  const places = new Map<string, Type>();
  return types.flatMap(type => {
    const place = `${type.locationInModule?.filename}:${type.locationInModule?.line}`;
    const other = places.get(place);
    places.set(place, type);
    return other && type.locationInModule ? [`${nameOf(type)}: is exported as ${nameOf(other)}, too`] : [];
  });
}

interface Declared {
  readonly file: string;
  readonly name: string;
  readonly base?: string;
  readonly exported: boolean;
  readonly abstract: boolean;
  readonly last: boolean;
}

function classesOf(file: string, text: string): Declared[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return source.statements.filter(ts.isClassDeclaration).map(statement => {
    const has = (kind: ts.SyntaxKind) => ts.getModifiers(statement)?.some(modifier => modifier.kind === kind) === true;
    return {
      file,
      name: statement.name!.text,
      base: statement.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0].expression.getText(),
      exported: has(ts.SyntaxKind.ExportKeyword),
      abstract: has(ts.SyntaxKind.AbstractKeyword),
      last: source.statements.at(-1) === statement,
    };
  });
}

/** Bases that are public, and stand for themselves: plans and blocks aren't made, they are bought, looked up and imported. */
export const PUBLIC_BASES = ['CapacityBlock', 'TrainingPlan'];

/**
 * Holds sources, by their names, to where base and import classes stand: `abstract class XBase`, `export class X` and, at the end,
 * `class ImportedX` in one file. A base that a look-up extends, too, is exported by `x-base.ts` beside it: an index exports all that a
 * file of a construct exports, and the base would be public; and a look-up would load the construct with all that makes it.
 */
export function judgeClasses(sources: Readonly<Record<string, string>>): string[] {
  const declared = Object.entries(sources).flatMap(([file, text]) => classesOf(file, text));
  const bases = declared.filter(({ abstract, base }) => abstract && base === 'Resource');
  const isOfBase = ({ base }: Declared) => bases.some(({ name }) => name === base);
  const unnamed = declared.filter(each => !each.exported && isOfBase(each) && !each.name.startsWith('Imported'));
  const findings = [
    ...unnamed.map(({ file, name, base }) => `${file}: ${name} extends ${base} and isn't exported: it is called Imported${base!.replace(/Base$/, '')}`),
    ...declared.filter(({ name }) => name.startsWith('Imported')).flatMap(each => judgeImport(each, declared)),
    ...bases.filter(({ name }) => !PUBLIC_BASES.includes(name)).flatMap(each => judgeBase(each, declared)),
  ];
  return findings.sort();
}

function judgeImport({ file, name, base, exported, last }: Declared, declared: readonly Declared[]): string[] {
  const construct = name.slice('Imported'.length);
  return [
    ...declared.some(each => each.file === file && each.name === construct && each.exported) ? [] : [`${file}: ${name} isn't in the file of ${construct}`],
    ...[construct, `${construct}Base`].includes(base ?? '') ? [] : [`${file}: ${name} extends neither ${construct} nor ${construct}Base`],
    ...exported ? [`${file}: ${name} is exported`] : [],
    ...last ? [] : [`${file}: ${name} isn't the end of the file`],
  ];
}

function judgeBase({ file, name, exported }: Declared, declared: readonly Declared[]): string[] {
  const submodule = (of: string) => of.split('/')[0];
  const users = declared.filter(each => each.base === name && submodule(each.file) === submodule(file));
  const imported = users.find(each => each.name.startsWith('Imported'))?.name.slice('Imported'.length);
  const construct = name.endsWith('Base') ? name.slice(0, -'Base'.length) : imported ?? name;
  if (name !== `${construct}Base`) { return [`${file}: ${name} isn't called like its construct: ${construct}Base`]; }
  if (![construct, `Imported${construct}`].every(wanted => users.some(each => each.name === wanted))) {
    return [`${file}: ${name} isn't extended by ${construct} and Imported${construct}`];
  }
  const isShared = new Set(users.map(each => each.file)).size > 1;
  const own = `${construct.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}-base.ts`;
  if (isShared) {
    const home = users.find(each => each.name === construct)!.file;
    const stands = exported && dirname(file) === dirname(home) && basename(file) === own;
    return stands ? [] : [`${file}: ${name} is shared by several files: it is exported by ${own} beside ${construct}`];
  }
  return !exported && users[0].file === file ? [] : [`${file}: ${name} is extended in one file: it stands there, and isn't exported`];
}
