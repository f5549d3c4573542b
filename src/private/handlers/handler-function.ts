import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { handlerOptions, markAsHandler } from './options';
import { addStatement, handlerLogs, handlerRole, inNetwork, makeFunction, type NetworkMaker } from './runtime';
import { HANDLERS, type FunctionName, type FunctionRow } from './table';
import { singleton } from '../singleton';

/** What a function has that is for one construct alone. */
export interface OwnFunction {
  readonly description: string;
  readonly environment?: Record<string, string>;
}

/** A handler that is one function, with a role that may do what was asked for it. */
export class HandlerFunction extends Construct {
  /** The handler of the stack that a construct is in, made when it is first needed. */
  public static for(scope: Construct, name: FunctionName): HandlerFunction {
    const row: FunctionRow = HANDLERS[name];
    return singleton(scope, row.id, stack => new HandlerFunction(stack, row.id, row));
  }

  /** A handler for one construct alone, which may do nothing for others. */
  public static own(scope: Construct, id: string, name: FunctionName, own: OwnFunction): HandlerFunction {
    return new HandlerFunction(scope, id, HANDLERS[name], own);
  }

  /** The handler of a stack for one thing alone, in whose network it is: see `HandlerProvider.within`. */
  public static within(scope: Construct, name: FunctionName, key: string, network: NetworkMaker): HandlerFunction {
    const row: FunctionRow = HANDLERS[name];
    const id = row.id + key;
    return singleton(scope, id, stack => new HandlerFunction(stack, id, row, undefined, network));
  }

  public readonly function: lambda.Function;
  /** What custom resources have as their ServiceToken. Whoever refers to it waits for the permissions too. */
  public readonly serviceToken: string;

  private readonly role: iam.Role;
  private readonly inline = new iam.PolicyDocument({ minimize: true });
  /** What further permissions go into, and how many statements it still takes. */
  private open: { readonly document: iam.PolicyDocument; room: number };
  private readonly allowed = new Set<string>();

  private constructor(scope: Construct, id: string, private readonly row: FunctionRow, own?: OwnFunction, network?: NetworkMaker) {
    super(scope, id);
    this.open = { document: this.inline, room: row.statements?.inline ?? Infinity };
    markAsHandler(this);
    const ofStack = handlerOptions(Stack.of(this));
    const options = network ? inNetwork(ofStack, network(this)) : ofStack;
    const logGroup = handlerLogs(this, options);
    this.role = handlerRole(this, 'Role', options, {
      description: own?.description ?? row.role, policyName: row.policyName, document: this.inline, logGroup,
    });
    this.function = makeFunction(this, 'Function', options, {
      description: own?.description ?? row.function.description,
      bundle: row.bundle,
      entry: row.function.entry,
      timeout: Duration.minutes(row.function.minutes),
      role: this.role,
      logGroup,
      environment: own?.environment,
    });
    this.serviceToken = this.function.functionArn;
  }

  /** Lets the function do something more. */
  public allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>): void {
    const key = JSON.stringify(Stack.of(this).resolve([actions, resources, conditions]));
    if (this.allowed.has(key)) { return; }
    this.allowed.add(key);
    const statement = new iam.PolicyStatement({ actions, resources, conditions });
    if (this.open.room === 0) {
      const document = new iam.PolicyDocument({ minimize: true });
      this.role.addManagedPolicy(new iam.ManagedPolicy(this, `More${this.allowed.size}`, { document }));
      this.open = { document, room: this.row.statements!.managed };
    }
    addStatement(this.role, this.open.document, statement);
    this.open.room--;
  }
}
