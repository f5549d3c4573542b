import { Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { ResourceEnvironment } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';

/** Whether something is known to be in another account or Region than a construct. */
export function isElsewhere(env: ResourceEnvironment, scope: IConstruct): boolean {
  const { account, region } = Stack.of(scope);
  const differs = (a: string, b: string) => a !== b && Token.compareStrings(a, b) === TokenComparison.DIFFERENT;
  return differs(env.account, account) || differs(env.region, region);
}
