/*
 * Makes the compiled library load its modules when they are used, as aws-cdk-lib does with its own: an app pays for what it
 * uses, and not for all three submodules and the modules of aws-cdk-lib behind them. Runs after jsii, whose output in lib/ it
 * rewrites in place; what is lazy already stays as it is. Lines keep their numbers, so that source maps hold. jsii
 * puts these into the modules, two thirds of each, which Node would read whenever it loads one: they go into files of their own.
 *
 *   const problems_1 = require("./problems");   ->   let problems_1 = () => { const loaded = require("./problems"); problems_1 = () => loaded; return loaded; };
 *   (0, problems_1.warn)(...)                   ->   (0, problems_1().warn)(...)
 *   __exportStar(require("./cluster"), exports) ->   a getter for each export of ./cluster
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const lib = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib');
const require = createRequire(import.meta.url);
const files = readdirSync(lib, { recursive: true }).filter(name => name.endsWith('.js')).map(name => join(lib, name));

/* Only names inside a file are resolved: nothing is loaded, so this takes two seconds. */
const program = ts.createProgram(files, { allowJs: true, noResolve: true, noLib: true, types: [] });
const checker = program.getTypeChecker();

/** The call `require("...")` in an initializer, whether or not it is wrapped in `__importStar`. */
function requireCall(node) {
  if (!node || !ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) { return undefined; }
  if (node.expression.text === 'require') { return node; }
  return node.expression.text === '__importStar' ? requireCall(node.arguments[0]) : undefined;
}

const thunk = (name, load) => `let ${name} = () => { const loaded = ${load}; ${name} = () => loaded; return loaded; };`;

/* A getter that becomes a value once it was read. */
const HELPER = ' const lazily = (name, load) => Object.defineProperty(exports, name, { configurable: true, enumerable: true, get: () => {'
  + ' const value = load(); Object.defineProperty(exports, name, { value }); return value; } });';

/* Node finds the names that an ES module may import by the assignment. */
const getter = (name, load) => `exports.${name} = void 0; lazily("${name}", () => ${load});`;

/** The edits of one file: [start, end, text]. */
function edits(source) {
  const changes = [];
  const exported = [];
  const lazy = new Set();
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      const [declaration, ...others] = statement.declarationList.declarations;
      if (others.length > 0 || !requireCall(declaration.initializer)) { continue; }
      lazy.add(checker.getSymbolAtLocation(declaration.name));
      changes.push([statement.getStart(source), statement.getEnd(), thunk(declaration.name.text, declaration.initializer.getText(source))]);
    } else if (ts.isExpressionStatement(statement)) {
      const change = lazyExport(source, statement.expression);
      if (change !== undefined) { exported.push([statement.getStart(source), statement.getEnd(), change]); }
    }
  }
  if (exported.length > 0) {
    const afterUseStrict = source.statements[0].getEnd();
    changes.push([afterUseStrict, afterUseStrict, HELPER], ...exported);
  }
  const visit = node => {
    if (ts.isIdentifier(node) && lazy.has(checker.getSymbolAtLocation(node)) && !ts.isVariableDeclaration(node.parent)) {
      changes.push([node.getStart(source), node.getEnd(), isConstructed(node) ? `(${node.text}())` : `${node.text}()`]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return changes;
}

/** Whether `new` stands in front of a name, as in `new iam.Role()`: it would take the parentheses of a call for its own. */
function isConstructed(node) {
  const { parent } = node;
  if (ts.isNewExpression(parent)) { return parent.expression === node; }
  return ts.isPropertyAccessExpression(parent) && parent.expression === node && isConstructed(parent);
}

/** `__exportStar(require("./x"), exports)` or `exports.x = __importStar(require("./x"))`, lazily. */
function lazyExport(source, expression) {
  if (ts.isCallExpression(expression) && expression.expression.getText(source) === '__exportStar') {
    const load = requireCall(expression.arguments[0]);
    const names = Object.keys(require(resolve(dirname(source.fileName), load.arguments[0].text)));
    return names.map(name => getter(name, `${load.getText(source)}.${name}`)).join(' ');
  }
  if (ts.isBinaryExpression(expression) && ts.isPropertyAccessExpression(expression.left) && requireCall(expression.right)) {
    return getter(expression.left.name.text, expression.right.getText(source));
  }
  return undefined;
}

/* All are read before any is written: the names of exports are found by loading what jsii has made. */
const rewritten = files.map(file => {
  const source = program.getSourceFile(file);
  return edits(source).sort((a, b) => b[0] - a[0]).reduce((text, [start, end, change]) => text.slice(0, start) + change + text.slice(end), source.text);
});
files.forEach((file, index) => {
  const [, code, map] = /^([^]*\n\/\/# sourceMappingURL=)data:application\/json;base64,([^\s]+)\s*$/.exec(rewritten[index]) ?? [];
  const text = map === undefined ? rewritten[index] : `${code}${basename(file)}.map\n`;
  if (map !== undefined) { writeFileSync(`${file}.map`, Buffer.from(map, 'base64')); }
  if (text !== readFileSync(file, 'utf8')) { writeFileSync(file, text); }
});
