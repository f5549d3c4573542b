import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** An action that a role may do on what a pattern matches. */
export interface Grant {
  readonly action: string;
  readonly pattern: string;
  /** When it does: by operator, then by condition key. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A function, as a template has it. */
export interface SynthesizedFunction {
  readonly logicalId: string;
  readonly entry: string;
  readonly environment: Record<string, string>;
  /** Everything that its role allows. */
  readonly grants: readonly Grant[];
}

type Json = Record<string, any>;

/** The secret with the key for tokens of the cluster that look-ups find. */
export const JWT_KEY = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pcs!slurm-secret-pcs_abc123-a12ABC';

/** What CDK gives to functions that have no role of their own: writing their log. */
const LAMBDA_LOGS = ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** A template, with values in the place of what only a deployment knows. */
export class Synthesized {
  private readonly resources: Json;

  public constructor(stack: Stack, private readonly stackId: string) {
    this.resources = Template.fromStack(stack).toJSON().Resources;
  }

  /** The functions that run code of this library: all but those of CDK's provider framework. */
  public get functions(): SynthesizedFunction[] {
    return this.ofType('AWS::Lambda::Function')
      .filter(([, { Properties }]) => !Properties.Handler.startsWith('framework.'))
      .map(([logicalId, { Properties }]) => ({
        logicalId,
        entry: Properties.Handler.split('.')[1],
        environment: this.resolve(Properties.Environment?.Variables ?? {}) as Record<string, string>,
        grants: this.grantsOf(Properties.Role['Fn::GetAtt'][0]),
      }));
  }

  /** What the functions of CDK's provider framework are allowed, and the state machines with which it waits. */
  public get frameworkGrants(): { readonly logicalId: string; readonly grants: readonly Grant[] }[] {
    const functions = this.ofType('AWS::Lambda::Function').filter(([, { Properties }]) => Properties.Handler.startsWith('framework.'))
      .map(([logicalId, { Properties }]) => [logicalId, Properties.Role] as const);
    const machines = this.ofType('AWS::StepFunctions::StateMachine').map(([logicalId, { Properties }]) => [logicalId, Properties.RoleArn] as const);
    return [...functions, ...machines].map(([logicalId, role]) => ({ logicalId, grants: this.grantsOf(role['Fn::GetAtt'][0]) }));
  }

  /** The properties of the custom resources of a type, but for their ServiceToken. */
  public customResources(type: string): Json[] {
    return this.ofType(type).map(([, { Properties: { ServiceToken, ...properties } }]) => this.resolve(properties) as Json);
  }

  private grantsOf(role: string): Grant[] {
    const attached = [...this.ofType('AWS::IAM::Policy'), ...this.ofType('AWS::IAM::ManagedPolicy')]
      .filter(([, { Properties }]) => Properties.Roles?.some(({ Ref }: Json) => Ref === role) as boolean)
      .map(([, { Properties }]) => Properties);
    const managed = (this.resources[role].Properties.ManagedPolicyArns ?? []) as Json[];
    const own = managed.filter(arn => arn.Ref).map(({ Ref }) => this.resources[Ref].Properties);
    const foreign = managed.filter(arn => !arn.Ref && !JSON.stringify(arn).includes(LAMBDA_LOGS));
    if (foreign.length > 0) { throw new Error(`${role} has policies of AWS, whose statements nobody here knows`); }
    const documents = [...this.resources[role].Properties.Policies ?? [], ...attached, ...own].map(({ PolicyDocument }) => PolicyDocument);
    return documents.flatMap(({ Statement }) => this.resolve(Statement) as Json[]).flatMap(({ Effect, Action, Resource, Condition }) => {
      if (Effect !== 'Allow') { throw new Error(`${role} denies something`); }
      const conditions = Condition && { conditions: Condition };
      return [Action].flat().flatMap(action => [Resource].flat().map(pattern => ({ action, pattern, ...conditions })));
    });
  }

  private ofType(type: string): [string, Json][] {
    return Object.entries<Json>(this.resources).filter(([, { Type }]) => Type === type);
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) { return value.map(part => this.resolve(part)); }
    if (typeof value !== 'object' || value === null) { return value; }
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined, ...others } = value as Json;
    if (Ref === 'AWS::Partition') { return 'aws'; }
    if (Ref === 'AWS::StackId') { return this.stackId; }
    if (Ref) { return Ref; }
    if (attribute) { return this.attribute(attribute[0], attribute[1]); }
    if (joined) { return (this.resolve(joined[1]) as string[]).join(joined[0]); }
    return Object.fromEntries(Object.entries(others).map(([key, part]) => [key, this.resolve(part)]));
  }

  private attribute(logicalId: string, name: string): string {
    if (name === 'JwtKeySecretArn') { return JWT_KEY; } // a look-up reads it
    const isTable = this.resources[logicalId].Type === 'AWS::DynamoDB::Table';
    return isTable ? `arn:aws:dynamodb:us-east-1:111122223333:table/${logicalId}` : `${logicalId}.${name}`;
  }
}

/** Whether the conditions of a statement hold. */
export function holds(conditions: Grant['conditions'] = {}, context: Readonly<Record<string, string>> = {}): boolean {
  return Object.entries(conditions).every(([operator, keys]) => Object.entries(keys).every(([key, values]) => {
    const among = [values].flat().includes(context[key]);
    switch (operator) {
      case 'StringEquals': return among;
      case 'StringNotEquals': return !among;
      default: throw new Error(`nobody here knows what ${operator} means`);
    }
  }));
}

/** Whether a pattern of a policy matches a resource. */
export function matches(pattern: string, resource: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(resource);
}
