import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Adds to a policy. What the same actions do to several resources is one statement, since room is scarce: IAM takes 10,240 characters
 * of inline policies in a role.
 */
export class Permissions {
  private readonly statements = new Map<string, iam.PolicyStatement>();

  constructor(private readonly document: iam.PolicyDocument) {}

  /** Whether nothing has been added. */
  public get isEmpty(): boolean {
    return this.statements.size === 0;
  }

  public allow(...statements: iam.PolicyStatement[]): void {
    for (const statement of statements) {
      const { Resource: _, ...rest } = statement.toStatementJson();
      const key = JSON.stringify(rest);
      const known = this.statements.get(key);
      if (known) {
        known.addResources(...statement.resources);
      } else {
        this.statements.set(key, statement);
        this.document.addStatements(statement);
      }
    }
  }
}
