import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { renameByContent } from './renaming';
import { fail } from '../problems';
import type { Rule } from '../rule';

/** The rules of what an assertion guards that a submodule has. */
export type GuardRules = Readonly<Record<'guardElsewhere' | 'guardEmpty', Rule>>;

/**
 * The resources that wait for an assertion. It gets a logical id that changes with its properties and with theirs, so that it runs
 * before each change of either, and never in a rollback.
 */
export class Guards {
  private readonly guarded = new Set<CfnResource>();

  public constructor(private readonly assertion: CfnResource, private readonly rules: GuardRules) {
    renameByContent(assertion, () => [...this.guarded]);
  }

  /** Makes the main resource of a construct wait, or all that it has where it has none. */
  public add(scope: IConstruct, construct: IConstruct): void {
    const resources = resourcesOf(construct);
    const finding = { property: 'guards', got: construct.node.path };
    if (resources.length === 0) { fail(scope, this.rules.guardEmpty, finding); }
    if (resources.some(resource => Stack.of(resource) !== this.assertion.stack)) { fail(scope, this.rules.guardElsewhere, finding); }
    for (const resource of resources) {
      resource.addResourceDependency(this.assertion);
      this.guarded.add(resource);
    }
  }
}

/** The main resource of a construct, or all that it has. */
function resourcesOf(construct: IConstruct): CfnResource[] {
  const main = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  return main && CfnResource.isCfnResource(main) ? [main] : construct.node.findAll().filter(CfnResource.isCfnResource);
}
