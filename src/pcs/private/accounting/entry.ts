import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { accountingProvider, adviseAccess, identityFor, type AccessPlan } from './access';
import type { ClusterAccounting } from './cluster-accounting';
import { ACCOUNTING_RESOURCE_TYPE, type AccountingDeletion, type AccountingProperties } from '../../../private/contracts/pcs-accounting';
import { PROVIDER_SERVICE_TIMEOUT_SECONDS } from '../../../private/handlers/table';
import { isConcrete, type Problems } from '../../../private/problems';
import type { AccountingEntryOptions } from '../../vocabulary/accounting-entry';
import { RULES } from '../rules';

/** What becomes of an account or a quality of service, in the words of the handler. */
const DELETIONS: Readonly<Partial<Record<RemovalPolicy, AccountingDeletion>>> = {
  [RemovalPolicy.RETAIN]: 'RETAIN',
  [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE]: 'RETAIN',
  [RemovalPolicy.DESTROY]: 'DELETE',
};

/** The properties that are lines of text. */
const LINES = ['description', 'organization'] as const;

/** Checks what accounts and qualities of service have alike. */
export function checkEntry(
  problems: Problems, { removalPolicy, ...lines }: AccountingEntryOptions & Partial<Record<typeof LINES[number], string>>,
): void {
  for (const property of LINES) {
    const line = lines[property];
    if (isConcrete(line) && /[\x00-\x1f\x7f]/.test(line)) { problems.add(RULES.accountDescription, { property, got: line }); }
  }
  if (removalPolicy !== undefined && DELETIONS[removalPolicy] === undefined) {
    problems.add(RULES.accountRemoval, { property: 'removalPolicy', got: removalPolicy });
  }
}

/** Makes the custom resource of an account or a quality of service, and the functions behind it. */
export function makeEntry(
  scope: Construct, accounting: ClusterAccounting, access: AccessPlan, options: AccountingEntryOptions,
  wanted: Pick<AccountingProperties, 'Kind' | 'Account' | 'Qos'>,
): CfnResource {
  const { handler, prerequisites } = accountingProvider(scope, access);
  const properties: AccountingProperties = {
    Kind: wanted.Kind,
    ClusterId: access.clusterId,
    Identity: identityFor(access),
    Mode: options.mode,
    OnDelete: options.removalPolicy && DELETIONS[options.removalPolicy],
    ActiveJobs: options.waitForJobs === undefined ? undefined : options.waitForJobs ? 'WAIT' : 'REFUSE',
    Adopt: options.adoptExisting === undefined ? undefined : options.adoptExisting ? 'true' : 'false',
    Refresh: options.refresh,
    Account: wanted.Account,
    Qos: wanted.Qos,
  };
  const resource = new CfnResource(scope, 'Resource', {
    type: ACCOUNTING_RESOURCE_TYPE,
    properties: { ServiceToken: handler.serviceToken, ServiceTimeout: PROVIDER_SERVICE_TIMEOUT_SECONDS, ...properties },
  });
  resource.node.addDependency(...prerequisites);
  scope.node.addValidation({
    validate: () => {
      if (accounting.firstIn(Stack.of(scope)) === scope) { adviseAccess(scope, handler, access); }
      return [];
    },
  });
  return resource;
}

/** An object, or undefined where none of its members is there. */
export function orNone<T extends object>(value: T): T | undefined {
  return Object.values(value).some(member => member !== undefined) ? value : undefined;
}
