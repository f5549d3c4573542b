/*
 * Makes src/private/inputs/signatures.ts and types.ts of the sources: what constructors, factories and methods of the API take, and what the
 * types are like that they name. Programs without types (JavaScript, casts) are held to them at run time: decisions/0020.
 *
 *   node scripts/inputs.mjs           writes both files
 *   node scripts/inputs.mjs --check   fails where they differ
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { SUBMODULES } from './lib/submodules.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(root, 'src');
const out = join(src, 'private', 'inputs');
const NAMESPACES = Object.fromEntries(SUBMODULES.map(({ folder, namespace }) => [folder, `${namespace}.`]));
/* What every resource has says nothing about which one it is. */
const OF_ALL = new Set(['IConstruct', 'IDependable', 'IResource', 'IEnvironmentAware', 'ITaggable', 'ITaggableV2', 'IMixin']);

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
const program = ts.createProgram([join(src, 'index.ts')], { ...options, types: ['node'], noEmit: true, skipLibCheck: true });
const checker = program.getTypeChecker();

const signatures = {};
const structs = {};
const enums = {};
const values = {};
const objects = {};
const references = {};
const queue = [];

/* Which modules of aws-cdk-lib have an interface with a reference of a name: a `clusterRef` is one of PCS, of EKS, of SageMaker … */
const REFERENCES = join(root, 'node_modules', 'aws-cdk-lib', 'interfaces', 'generated');
const modulesByReference = new Map();
for (const file of readdirSync(REFERENCES).filter(name => /^aws-.*\.d\.ts$/.test(name)).sort()) {
  const [, module] = /^aws-([a-z0-9-]+?)-interfaces\./.exec(file);
  for (const [, name] of readFileSync(join(REFERENCES, file), 'utf8').matchAll(/^ {4}readonly (\w+Ref): /gm)) {
    modulesByReference.set(name, [...modulesByReference.get(name) ?? [], module]);
  }
}

/** The name of a symbol as an app writes it: `pcs.ClusterSize`, `aws_ec2.IVpc`, `Duration`. */
function nameOf(symbol) {
  const { fileName } = symbol.declarations[0].getSourceFile();
  const parent = symbol.parent && symbol.parent.flags & (ts.SymbolFlags.NamespaceModule | ts.SymbolFlags.Class) && !symbol.parent.name.startsWith('"')
    ? `${symbol.parent.name}.` : '';
  if (isOurs(symbol)) { return `${NAMESPACES[fileName.slice(src.length + 1).split('/')[0]] ?? ''}${parent}${symbol.name}`; }
  const module = /\/aws-cdk-lib\/(?:interfaces\/generated\/)?(aws-[a-z0-9-]+?)(?:-interfaces\.generated\.d\.ts$|\/)/.exec(fileName)?.[1];
  return `${module ? `${module.replaceAll('-', '_')}.` : ''}${parent}${symbol.name}`;
}

function isOurs(symbol) {
  return symbol.declarations[0].getSourceFile().fileName.startsWith(`${src}/`);
}

const isStruct = symbol => (symbol.flags & ts.SymbolFlags.Interface) !== 0 && !/^I[A-Z]/.test(symbol.name);
const isInternal = symbol => symbol.name.startsWith('_') || symbol.name.startsWith('#');
const has = (symbol, flag) => (symbol.declarations ?? []).some(each => (ts.getCombinedModifierFlags(each) & flag) !== 0);
const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

/** A type in the words of `types.ts`, which says what its names are. */
function render(type) {
  const bare = checker.getNonNullableType(type);
  if (bare.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) { return 'any'; }
  if (bare.flags & ts.TypeFlags.EnumLike && bare.symbol) { return named(enumOf(bare.symbol)); }
  if (bare.flags & ts.TypeFlags.StringLike) { return 'string'; }
  if (bare.flags & ts.TypeFlags.NumberLike) { return 'number'; }
  if (bare.flags & ts.TypeFlags.BooleanLike) { return 'boolean'; }
  if (bare.isUnion()) { return [...new Set(bare.types.map(render))].sort().join('|'); }
  if (checker.isArrayType(bare)) { return `[${render(checker.getTypeArguments(bare)[0])}]`; }
  const index = checker.getIndexTypeOfType(bare, ts.IndexKind.String);
  if (index) { return `{${render(index)}}`; }
  if (bare.getCallSignatures().length > 0 || !bare.symbol || bare.flags & ts.TypeFlags.TypeParameter) { return 'any'; }
  return named(bare.symbol);
}

const enumOf = symbol => (symbol.flags & ts.SymbolFlags.EnumMember ? symbol.parent : symbol);

function named(symbol) {
  const name = nameOf(symbol);
  if (![structs, enums, values, objects].some(kind => name in kind)) {
    note(symbol, name);
  }
  return name;
}

function note(symbol, name) {
  if (symbol.flags & ts.SymbolFlags.Enum) {
    const members = [...symbol.exports.values()].map(each => [each.name, checker.getConstantValue(each.valueDeclaration)]);
    enums[name] = members.map(([key, value]) => `${key}=${typeof value === 'number' ? value : JSON.stringify(value)}`).join(' ');
    /* A newer aws-cdk-lib may have more: its own are told by their type alone. */
    if (!isOurs(symbol)) { enums[name] = `${typeof members[0][1]} ${members.map(([key]) => key).join(' ')}`; }
    return;
  }
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (isStruct(symbol)) {
    structs[name] = '';
    if (isOurs(symbol)) { queue.push(() => { structs[name] = membersOf(type).join(' '); }); }
    return;
  }
  if (symbol.flags & ts.SymbolFlags.Class) {
    const statics = makersOf(symbol, type);
    const kind = type.getProperty('_kind');
    if (kind) { values[name] = statics.join(' '); return; }
    objects[name] = `${instanceMembers(type).join(' ')} <- ${statics.join(' ')}`.trim();
    return;
  }
  /* Ours extend a reference: every implementation has it, and nothing else says as well what it is. */
  const inherited = isOurs(symbol) ? type.getProperties().filter(each => each.name.endsWith('Ref') && !isOurs(each)).map(each => each.name) : [];
  objects[name] = [...inherited, ...instanceMembers(type)].join(' ');
  noteReference(name, type);
}

/** The reference that an interface has, with the modules that have one of this name: its own one first. */
function noteReference(name, type) {
  for (const member of type.getProperties()) {
    const module = /\/interfaces\/generated\/aws-([a-z0-9-]+?)-interfaces\./.exec(member.declarations[0].getSourceFile().fileName)?.[1];
    const modules = modulesByReference.get(member.name);
    if (module && modules?.length > 1) { references[name] = [member.name, module, ...modules.filter(each => each !== module)].join(' '); }
  }
}

/** The members of a struct: `size!pcs.ClusterSize` where it is required, `vpc?aws_ec2.IVpc` where not. */
function membersOf(type) {
  return type.getProperties().filter(each => !isInternal(each)).map(member => {
    const declared = checker.getTypeOfSymbol(member);
    const optional = member.flags & ts.SymbolFlags.Optional || declared.flags & ts.TypeFlags.Any || checker.getNonNullableType(declared) !== declared;
    return `${member.name}${optional ? '?' : '!'}${render(declared)}`;
  });
}

/** What makes values of a class: its constants, then its factories with parentheses, then its constructor. */
function makersOf(symbol, type) {
  const exported = [...symbol.exports.values()].filter(each => each.name !== 'prototype' && !isInternal(each) && !has(each, HIDDEN));
  const makes = each => {
    const made = checker.getTypeOfSymbol(each);
    return made === type || made.getCallSignatures().some(call => call.getReturnType() === type);
  };
  const makers = exported.filter(makes).map(each => (each.flags & ts.SymbolFlags.Method ? `${each.name}()` : each.name));
  const closed = symbol.members.get('__constructor')?.declarations.some(each => ts.getCombinedModifierFlags(each) & HIDDEN)
    || has(symbol, ts.ModifierFlags.Abstract);
  return [...makers.filter(name => !name.endsWith('()')), ...makers.filter(name => name.endsWith('()')), ...closed ? [] : ['new']];
}

/** By which members an object of a type is known: one of them is enough, since others may be of another version. */
function instanceMembers(type) {
  const members = type.getProperties().filter(each => !isInternal(each) && !has(each, HIDDEN) && !(each.flags & ts.SymbolFlags.Optional)
    && !(each.name in Object.prototype) && !each.name.startsWith('__@'));
  const own = members.filter(each => !OF_ALL.has(each.parent?.name) && each.parent === type.symbol);
  const others = members.filter(each => !OF_ALL.has(each.parent?.name) && !['Resource', 'Construct'].includes(each.parent?.name));
  return (own.length > 0 ? own : others).map(each => each.name);
}

/** The parameters of a function: `scope!Construct id!string props!pcs.ClusterProps`. */
function parametersOf(call) {
  return call.getParameters().map(parameter => {
    const { valueDeclaration } = parameter;
    const optional = valueDeclaration.questionToken || valueDeclaration.initializer;
    if (valueDeclaration.dotDotDotToken) { return `${parameter.name}*${render(checker.getTypeArguments(checker.getTypeOfSymbol(parameter))[0])}`; }
    return `${parameter.name}${optional ? '?' : '!'}${render(checker.getTypeOfSymbol(parameter))}`;
  });
}

function noteClass(symbol) {
  const lines = [];
  const take = (kind, name, call) => {
    const parameters = call && parametersOf(call);
    if (parameters?.length > 0) { lines.push(`${kind}${name} ${parameters.join(' ')}`); }
  };
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const statics = checker.getTypeOfSymbol(symbol);
  const constructor = symbol.members.get('__constructor')?.declarations.find(each => each.body);
  if (!has(symbol, ts.ModifierFlags.Abstract) && !(constructor && ts.getCombinedModifierFlags(constructor) & HIDDEN)) { take('new', '', statics.getConstructSignatures()[0]); }
  for (const member of [...symbol.exports.values()].filter(each => each.flags & ts.SymbolFlags.Method && !isInternal(each) && !has(each, HIDDEN))) {
    take('static ', member.name, checker.getTypeOfSymbol(member).getCallSignatures()[0]);
  }
  for (const member of type.getProperties()) {
    if (!(member.flags & ts.SymbolFlags.Method) || isInternal(member) || has(member, HIDDEN) || !isOurs(member)) { continue; }
    take('', member.name, checker.getTypeOfSymbol(member).getCallSignatures()[0]);
  }
  signatures[nameOf(symbol)] = lines.join('; ');
}

function exportsOf(source) {
  return checker.getExportsOfModule(checker.getSymbolAtLocation(source))
    .map(each => (each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each));
}

for (const symbol of exportsOf(program.getSourceFile(join(src, 'index.ts')))) {
  for (const each of symbol.flags & ts.SymbolFlags.ValueModule ? checker.getExportsOfModule(symbol) : [symbol]) {
    const real = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
    if (real.flags & ts.SymbolFlags.Class) { noteClass(real); }
  }
}
while (queue.length > 0) { queue.shift()(); }

const HEAD = '// Generated by scripts/inputs.mjs from the sources: change those, then run it. decisions/0020 says how to read it.\n';
const escape = text => text.replaceAll('\\', '\\\\').replaceAll('\'', '\\\'');
const sorted = entries => Object.keys(entries).sort();
/* A text with a line for each entry, which `lines.ts` reads. */
const lines = entries => `'\\n\\\n${sorted(entries).map(key => `${escape(`${key} ${entries[key]}`)}\\n\\\n`).join('')}'`;
const block = (text, name, entries) => `\n/** ${text} */\nexport const ${name}: string = ${lines(entries)};\n`;
const rows = entries => sorted(entries).map(key => `  '${key}': '${entries[key]}',\n`).join('');
const files = {
  'signatures.ts': `${HEAD}\n/** The classes of the API. */\nexport type ClassName =${sorted(signatures).map(name => `\n  | '${name}'`).join('')};\n`
    + block('The parameters of the constructor, the factories and the methods of each class.', 'SIGNATURES', signatures),
  'types.ts': HEAD
    + block('The members of structs. Those of others have none here.', 'STRUCTS', structs)
    + block('The members of our enums with their values; of others, the type of their values and their members.', 'ENUMS', enums)
    + block('The constants and factories of classes that have a kind.', 'VALUES', values)
    + block('The members by which objects of other classes and interfaces are known, and what makes them.', 'OBJECTS', objects)
    + '\n/** References that several services have by one name: the name, the service that an interface is of, and the others. */\n'
    + `export const REFERENCES: Readonly<Record<string, string>> = {\n${rows(references)}};\n`,
};
const stale = Object.keys(files).filter(name => {
  try { return readFileSync(join(out, name), 'utf8') !== files[name]; } catch { return true; }
});
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`${stale.join(', ')} of src/private/inputs: run \`node scripts/inputs.mjs\``);
    process.exitCode = 1;
  }
} else {
  for (const name of stale) { writeFileSync(join(out, name), files[name]); }
}
