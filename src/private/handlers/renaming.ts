import { createHash } from 'crypto';
import { Lazy, type CfnResource } from 'aws-cdk-lib';
import { fragmentOf } from '../rendered';

/** What CloudFormation takes as a logical id, less the hash. */
const LONGEST_ID = 255 - 32;

/**
 * Gives a resource a logical id that changes with its properties and with those of others. Such a resource is only ever created,
 * never updated: a rollback deletes the new one, and doesn't run the old one again. `lambda.Version` does the same.
 */
export function renameByContent(resource: CfnResource, others: () => readonly CfnResource[]): void {
  const base = String(resource.stack.resolve(resource.logicalId)).slice(-LONGEST_ID);
  let hashing = false;
  resource.overrideLogicalId(Lazy.uncachedString({
    produce: () => {
      if (hashing) { return base; } // the others depend on this very resource, which is left out of what is hashed
      hashing = true;
      try {
        const sorted = [...others()].sort((a, b) => (a.node.path < b.node.path ? -1 : 1));
        const content = [resource, ...sorted].map(propertiesOf);
        return base + createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
      } finally {
        hashing = false;
      }
    },
  }));
}

/** Gives a resource a logical id that changes with what it is, whatever else of it changes: another identity is another resource. */
export function renameByIdentity(resource: CfnResource, identity: readonly string[]): void {
  const base = String(resource.stack.resolve(resource.logicalId)).slice(-LONGEST_ID);
  resource.overrideLogicalId(base + createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32));
}

/** Type and properties as the template will have them. Dependencies aren't properties: adding one changes nothing of the resource. */
function propertiesOf(resource: CfnResource): unknown {
  const template = resource.stack.resolve(fragmentOf(resource)) as Fragment;
  const [{ Type, Properties }] = Object.values(template.Resources);
  return [Type, Properties];
}

interface Fragment {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: unknown }>;
}
