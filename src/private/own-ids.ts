import type { IConstruct } from 'constructs';
import { fail, type Problems } from './problems';
import type { Rule } from './rule';

/** The ids that a construct has for children of its own. Some of them are made long after others were added. */
export class OwnIds {
  private readonly ids: ReadonlySet<string>;

  constructor(private readonly rule: Rule, ...ids: string[]) {
    this.ids = new Set(ids);
  }

  /** Checks the id of a child that a user adds. */
  public check(problems: Problems, id: string): void {
    if (this.ids.has(id)) { problems.add(this.rule, { property: 'id', got: id }); }
  }

  /** Refuses the id of a child that a user adds, where there is nothing else to check. */
  public refuse(scope: IConstruct, id: string): void {
    if (this.ids.has(id)) { fail(scope, this.rule, { property: 'id', got: id }); }
  }
}
