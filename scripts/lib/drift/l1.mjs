/* Facts of the classes that aws-cdk-lib generates for CloudFormation's types, read from its declarations. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The module of a type: `AWS::PCS::Queue` is of `aws-pcs`. */
export const moduleOf = type => `aws-${type.split('::')[1].toLowerCase()}`;

/** The file of declarations of a module. */
export const declarationsOf = module => `${module}/lib/${module.slice('aws-'.length)}.generated.d.ts`;

/** The text of a declaration from its head to the brace that ends it, which has the head's indentation. */
function block(text, head, indent = '') {
  const start = text.search(new RegExp(`^${indent}${head}`, 'm'));
  return start < 0 ? undefined : text.slice(start, text.indexOf(`\n${indent}}`, start));
}

function members(text) {
  return Object.fromEntries([...text.matchAll(/^\s+readonly (\w+)(\??): (.*);$/gm)].map(([, name, optional, type]) => [
    name, `${type.replaceAll('cdk.', '').split(' | ').filter(part => part !== 'IResolvable').join(' | ')}${optional ? '' : ', required'}`,
  ]));
}

/**
 * The facts by subject: `aws-pcs classes`, `CfnClusterProps`, `CfnCluster.NetworkingProperty`, `CfnCluster attributes`, each after its module, since
 * modules share names. Classes are listed of modules in `watched`, members of the classes of types in `used`.
 */
export function factsOfL1s(folder, { used, watched }) {
  const facts = {};
  for (const module of [...new Set([...used.map(moduleOf), ...watched])].sort()) {
    const file = join(folder, declarationsOf(module));
    if (!existsSync(file)) { continue; }
    const text = readFileSync(file, 'utf8').replace(/\/\*\*[^]*?\*\//g, '');
    if (watched.includes(module)) {
      facts[`${module} classes`] = Object.fromEntries([...text.matchAll(/^export declare class (Cfn\w+) /gm)].map(([, name]) => [name, '']));
    }
    for (const name of used.filter(type => moduleOf(type) === module).map(type => `Cfn${type.split('::')[2]}`)) {
      const props = block(text, `export interface ${name}Props \\{`);
      const body = block(text, `export declare class ${name} `);
      if (props === undefined || body === undefined) { continue; }
      facts[`${module} ${name}Props`] = members(props);
      for (const [, property, inner] of (block(text, `export declare namespace ${name} \\{`) ?? '').matchAll(/^ {4}interface (\w+) \{$([^]*?)^ {4}\}/gm)) {
        facts[`${module} ${name}.${property}`] = members(inner);
      }
      facts[`${module} ${name} attributes`] = Object.fromEntries([...body.matchAll(/get (attr\w+)\(\): (.*);/g)].map(([, attribute, type]) => [attribute, type.replaceAll('cdk.', '')]));
    }
  }
  return facts;
}
