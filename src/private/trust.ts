import { CfnResource } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { resourceBehind } from './places';
import { isConcrete, isIntrinsic } from './problems';
import { membersOf, renderedProperties } from './rendered';

/** What a rendered text has where a part of it is known at deployment: a reference, another function, a dynamic reference. */
const UNKNOWN = ['{reference to ', '[object Object]', '{{resolve:'];

/**
 * Whether a role of the app lets a service assume it. Undefined where that can't be read, and for roles that exist already. To be read
 * when the app is complete.
 *
 * @param service the first parts of the name of its principal, such as `ec2`
 */
export function trusts(role: iam.IRole, service: string): boolean | undefined {
  const child = role.node.defaultChild;
  const resource = CfnResource.isCfnResource(child) ? child : resourceBehind(role.roleName);
  if (resource?.cfnResourceType !== 'AWS::IAM::Role') { return undefined; }
  const { Statement: statements } = membersOf(renderedProperties(resource)?.AssumeRolePolicyDocument);
  const verdicts = asList(statements).map(statement => letsAssume(membersOf(statement), service));
  return verdicts.includes(true) || (verdicts.includes(undefined) ? undefined : false);
}

/** Whether a statement lets a service assume the role. Undefined where it may. */
function letsAssume(statement: Record<string, unknown>, service: string): boolean | undefined {
  const { Effect: effect, Action: actions, Principal: principal } = statement;
  if (effect === 'Deny') { return false; }
  if (effect !== 'Allow' || actions === undefined) { return undefined; }
  if (asList(actions).every(action => isText(action) && !/^(sts:AssumeRole|sts:.*\*|\*)$/i.test(action))) { return false; }
  if (principal === '*') { return true; }
  if (typeof principal !== 'object' || isIntrinsic(principal)) { return undefined; }
  const { Service: services = [], AWS: accounts } = membersOf(principal);
  if (asList(accounts).includes('*') || asList(services).some(name => isText(name) && name.startsWith(`${service}.`))) { return true; }
  return asList(services).every(isText) ? false : undefined;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isConcrete(value) && !UNKNOWN.some(part => value.includes(part));
}
