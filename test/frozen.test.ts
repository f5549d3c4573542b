import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { App, CfnOutput, CfnResource, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ts from 'typescript';
import { CONTRACT_SHAPES, CONTRACT_VALUES, RULE_CODES } from './frozen.names';
import { SUBMODULES } from './rules/catalogue';
import { reason, type MoneyState } from '../lambda/spending/reason';
import { specHash } from '../lambda/training-plans/spec';
import { PurchaseMode, UpfrontFee } from '../src';
import * as blocks from '../src/capacity-blocks';
import * as hyperpod from '../src/hyperpod';
import * as pcs from '../src/pcs';
import * as plans from '../src/training-plans';

/*
 * What can't change once version 0.1.0 is out, in one place (decisions/0004 says why each, VERSIONS.md what it means for users). Stacks
 * that are deployed, plans that are bought and programs that listen depend on these texts, outside of the reach of any new version:
 * so they stand here as they are, and never as the constants of the code.
 *
 * A failure here isn't mended here. Names are added; what stands here goes in a new major version alone, with steps to migrate.
 */

const CONTRACTS = join(__dirname, '..', 'src', 'private', 'contracts');
const ENV = { account: '111122223333', region: 'us-east-1' };

const PCS_CLUSTER_ARN = 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abc123';
const CLUSTER_ARN = 'arn:aws:sagemaker:us-east-1:111122223333:cluster/a1b2c3d4e5f6';

const offering = () => plans.Offering.search({
  instanceType: plans.PlanInstanceType.P5_48XLARGE,
  instanceCount: 1,
  durations: [Duration.days(1)],
  target: plans.TargetResource.HYPERPOD_CLUSTER,
});

/** A cluster of Slurm with a node group. */
function nodes(stack: Stack, options: Partial<pcs.ComputeNodeGroupOptions> = {}): pcs.Cluster {
  const cluster = new pcs.Cluster(stack, 'Hpc', { vpc: new ec2.Vpc(stack, 'Vpc'), size: pcs.ClusterSize.SMALL, schedulerVersion: pcs.SlurmVersion.V25_11 });
  cluster.addComputeNodeGroup('Nodes', {
    instanceTypes: [new ec2.InstanceType('c7i.large')], image: pcs.NodeImage.fromAmiId('ami-0123456789abcdef0'), scaling: pcs.Scaling.elastic(4), ...options,
  });
  return cluster;
}

/** One stack with every handler of the library, and something behind each. */
function everything(): Stack {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
  const keep = (id: string, value: string) => new CfnOutput(stack, `Out${id}`, { value });
  const trainingPlan = plans.TrainingPlan.fromTrainingPlanName(stack, 'Plan', 'llm');
  keep('Plan', new plans.TrainingPlanLookup(stack, 'PlanLookup', { trainingPlan: plans.TrainingPlanSelector.byName('llm') }).status);
  new plans.OfferingSearch(stack, 'Search', { offering: offering() });
  new plans.PurchasedTrainingPlan(stack, 'Bought', {
    trainingPlanName: 'bought', offering: offering(), maxUpfrontFee: UpfrontFee.usd('1'), mode: PurchaseMode.BUY,
  });
  new plans.TrainingPlanExtension(stack, 'Extended', {
    trainingPlan, extendTo: '2027-01-29T11:30:00Z', maxUpfrontFee: UpfrontFee.usd('1'), mode: PurchaseMode.BUY,
  });
  new plans.TrainingPlanWatch(stack, 'Watch', { trainingPlan });
  const block = blocks.CapacityBlockSelector.byReservationId('cr-0123456789abcdef0');
  keep('Block', new blocks.CapacityBlockLookup(stack, 'Block', { block }).status);
  keep('Slurm', new pcs.ClusterLookup(stack, 'Slurm', { clusterIdentifier: 'slurm' }).status);
  const cluster = hyperpod.Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN);
  keep('Nodes', Token.asString(new hyperpod.ClusterNodesLookup(stack, 'Nodes', { cluster }).count));
  new hyperpod.ComputeQuota(stack, 'Quota', {
    cluster,
    team: hyperpod.Team.of('research'),
    resources: [hyperpod.QuotaResource.instances({ instanceType: hyperpod.InstanceType.P5_48XLARGE, count: 2 })],
    provisioning: hyperpod.QuotaProvisioning.API,
  });
  const slurm = pcs.Cluster.fromClusterAttributes(stack, 'ExistingSlurm', {
    clusterArn: PCS_CLUSTER_ARN,
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'ExistingVpc', {
      vpcId: 'vpc-0123456789abcdef0', availabilityZones: ['us-east-1a'], privateSubnetIds: ['subnet-1111111111111111a'], privateSubnetRouteTableIds: ['rtb-1111111111111111a'],
    }),
  });
  new pcs.AccountUsageWatch(stack, 'Usage', { cluster: slurm, accounts: [new pcs.SlurmAccount(stack, 'Team', { cluster: slurm })] });
  hyperpod.ListClusterNodes.jsonPath(stack, 'List', { cluster });
  new hyperpod.NodeRemediation(stack, 'Remediation', { cluster, mode: hyperpod.RemediationMode.REPAIR });
  return stack;
}

describe('handlers', () => {
  const stack = everything();
  const template = Template.fromStack(stack);
  const all = template.toJSON().Resources as Record<string, { readonly Type: string; readonly Properties: Record<string, any> }>;

  /*
   * CloudFormation refuses an update that changes the ServiceToken of a custom resource, and another logical id is another function with
   * another ARN. Nor does it change the type of a resource in place: another type is another resource, which for a purchase is the
   * question whether money is spent twice.
   */
  test('each type of custom resource keeps its name and the function behind it', () => {
    const custom = Object.values(all).filter(({ Type }) => Type.startsWith('Custom::'));
    const behind = custom.map(({ Type, Properties }) => [Type, Properties.ServiceToken]);
    const token = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
    expect(Object.fromEntries(behind)).toEqual({
      'Custom::HpcCapacityBlocksLookup': token('CdkHpcClustersCapacityBlocksLookupFunctionB4C8988C'),
      'Custom::HpcHyperPodComputeQuota': token('CdkHpcClustersHyperPodComputeQuotaProviderframeworkonEvent1D058C90'),
      'Custom::HpcHyperPodLookup': token('CdkHpcClustersHyperPodLookupFunctionA4D67E25'),
      'Custom::HpcPcsAccounting': token('CdkHpcClustersPcsAccountingbf12b997ProviderframeworkonEvent6F6C12F2'), // of one cluster, whose hash it has
      'Custom::HpcPcsLookup': token('CdkHpcClustersPcsLookupFunction7677151D'),
      'Custom::HpcTrainingPlansExtension': token('CdkHpcClustersTrainingPlansExtensionProviderframeworkonEvent50C11F03'),
      'Custom::HpcTrainingPlansLookup': token('CdkHpcClustersTrainingPlansLookupFunctionCC923E3A'),
      'Custom::HpcTrainingPlansOfferingSearch': token('CdkHpcClustersTrainingPlansOfferingSearchFunction46DE1F3B'),
      'Custom::HpcTrainingPlansPurchase': token('CdkHpcClustersTrainingPlansPurchaseProviderframeworkonEvent90618F38'),
    });
  });

  /* Policies of others name the roles, filters the log groups, rules and state machines the functions. */
  test('functions, roles and log groups keep their logical ids', () => {
    const types = ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup'];
    const ours = Object.entries(all).filter(([id, { Type }]) => types.includes(Type) && /^CdkHpcClusters/.test(id));
    const ids = ours.map(([id]) => id).sort();
    expect(ids.filter(id => !/Provider(framework|waiter)/.test(id))).toEqual([ // what is below the CDK's own Provider is the CDK's
      'CdkHpcClustersCapacityBlocksLookupFunctionB4C8988C',
      'CdkHpcClustersCapacityBlocksLookupLogs86629BC1',
      'CdkHpcClustersCapacityBlocksLookupRole276C21BD',
      'CdkHpcClustersHyperPodComputeQuotaChanger97B7656E',
      'CdkHpcClustersHyperPodComputeQuotaChangerRole36325DEA',
      'CdkHpcClustersHyperPodComputeQuotaLogsB018A91A',
      'CdkHpcClustersHyperPodComputeQuotaWaiterEA579406',
      'CdkHpcClustersHyperPodComputeQuotaWaiterRole3AF85870',
      'CdkHpcClustersHyperPodLookupFunctionA4D67E25',
      'CdkHpcClustersHyperPodLookupLogs59DC93E9',
      'CdkHpcClustersHyperPodLookupRole5A65A2D0',
      'CdkHpcClustersHyperPodNodeOperationsFunctionCCF1CEB7',
      'CdkHpcClustersHyperPodNodeOperationsLogsB2D92722',
      'CdkHpcClustersHyperPodNodeOperationsRole4DF96D4F',
      'CdkHpcClustersPcsAccountingbf12b997ChangerE0AAB350',
      'CdkHpcClustersPcsAccountingbf12b997ChangerRole47FCF9D9',
      'CdkHpcClustersPcsAccountingbf12b997Logs6E9FB0E3',
      'CdkHpcClustersPcsAccountingbf12b997Waiter132AC0BC',
      'CdkHpcClustersPcsAccountingbf12b997WaiterRole3E0008CC',
      'CdkHpcClustersPcsLookupFunction7677151D',
      'CdkHpcClustersPcsLookupLogs9848CA2B',
      'CdkHpcClustersPcsLookupRoleAC0C5285',
      'CdkHpcClustersPcsUsageWatchbf12b997Function2AB3DCE2',
      'CdkHpcClustersPcsUsageWatchbf12b997Logs0744D491',
      'CdkHpcClustersPcsUsageWatchbf12b997Role22C06407',
      'CdkHpcClustersTrainingPlansExtensionBuyerF628F65A',
      'CdkHpcClustersTrainingPlansExtensionBuyerRole8FDE7961',
      'CdkHpcClustersTrainingPlansExtensionLogs38B650DE',
      'CdkHpcClustersTrainingPlansExtensionWaiter025E602B',
      'CdkHpcClustersTrainingPlansExtensionWaiterRoleC4071C9D',
      'CdkHpcClustersTrainingPlansLookupFunctionCC923E3A',
      'CdkHpcClustersTrainingPlansLookupLogs8065625F',
      'CdkHpcClustersTrainingPlansLookupRole432D2ECA',
      'CdkHpcClustersTrainingPlansOfferingSearchFunction46DE1F3B',
      'CdkHpcClustersTrainingPlansOfferingSearchLogs23FDD163',
      'CdkHpcClustersTrainingPlansOfferingSearchRole2DBE6616',
      'CdkHpcClustersTrainingPlansPurchaseBuyer727D3D4A',
      'CdkHpcClustersTrainingPlansPurchaseBuyerRoleDB5B9A7D',
      'CdkHpcClustersTrainingPlansPurchaseLogsCE3FC242',
      'CdkHpcClustersTrainingPlansPurchaseWaiter5B62A91B',
      'CdkHpcClustersTrainingPlansPurchaseWaiterRole74DCE8B5',
      'CdkHpcClustersTrainingPlansWatchFunction52F8B2E2',
      'CdkHpcClustersTrainingPlansWatchLogs7028A224',
      'CdkHpcClustersTrainingPlansWatchRoleA728F72E',
    ]);
  });

  test('a handler is one child of its stack', () => {
    const children = stack.node.children.map(({ node }) => node.id).filter(id => /^CdkHpcClusters/.test(id)).sort();
    expect(children).toEqual([
      'CdkHpcClustersCapacityBlocksLookup',
      'CdkHpcClustersHyperPodComputeQuota',
      'CdkHpcClustersHyperPodLookup',
      'CdkHpcClustersHyperPodNodeOperations',
      'CdkHpcClustersPcsAccountingbf12b997',
      'CdkHpcClustersPcsLookup',
      'CdkHpcClustersPcsTokenKeybf12b997',
      'CdkHpcClustersPcsUsageWatchbf12b997',
      'CdkHpcClustersTrainingPlansExtension',
      'CdkHpcClustersTrainingPlansLookup',
      'CdkHpcClustersTrainingPlansOfferingSearch',
      'CdkHpcClustersTrainingPlansPurchase',
      'CdkHpcClustersTrainingPlansWatch',
    ]);
  });

  /* The logical id of a custom resource is made of the id of its construct and this one. */
  test('custom resources keep their ids below their constructs', () => {
    const custom = stack.node.findAll().filter(CfnResource.isCfnResource).filter(({ cfnResourceType }) => cfnResourceType.startsWith('Custom::'));
    expect(Object.fromEntries(custom.map(({ cfnResourceType, node }) => [cfnResourceType, node.id]))).toEqual({
      'Custom::HpcCapacityBlocksLookup': 'Resource',
      'Custom::HpcHyperPodComputeQuota': 'ApiResource',
      'Custom::HpcHyperPodLookup': 'Resource',
      'Custom::HpcPcsAccounting': 'Resource',
      'Custom::HpcPcsLookup': 'Resource',
      'Custom::HpcTrainingPlansExtension': 'Resource',
      'Custom::HpcTrainingPlansLookup': 'Resource',
      'Custom::HpcTrainingPlansOfferingSearch': 'Resource',
      'Custom::HpcTrainingPlansPurchase': 'Resource',
    });
  });

  /* A plan that was bought under a ledger that is looked for elsewhere may be bought again. */
  test('the ledger is where it was', () => {
    const arn = (path: string) => `:ssm:us-east-1:111122223333:parameter/cdk-hpc-clusters/training-plan/${path}`;
    const text = JSON.stringify(all);
    expect(text).toContain(arn('bought/*'));
    expect(text).toContain(arn('llm/extend/*'));
  });

  /* A remediation that looks for the claim elsewhere acts beside the one that holds it. */
  test('the claim on a cluster is where it was', () => {
    const functions = Object.values(all).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions.flatMap(({ Properties }) => Properties.Environment?.Variables?.CLAIM_PATH ?? [])).toEqual(['/cdk-hpc-clusters/remediation/a1b2c3d4e5f6']);
  });
});

/* Stacks that were deployed years ago send the old properties, on updates, rollbacks and deletion, and read the old attributes. */
describe('what constructs and handlers say to each other', () => {
  /* Not the forms of values, nor the environment of functions, which goes with their code. */
  const files = readdirSync(CONTRACTS).filter(name => name.endsWith('.ts') && !['forms.ts', 'spending-limits.ts'].includes(name));

  test('each value is as it was: types, tags, paths, metrics, attributes', () => {
    const values = files.flatMap(file => Object.entries(jest.requireActual<Record<string, unknown>>(join(CONTRACTS, file)))
      .filter(([name, value]) => !['function', 'number'].includes(typeof value) && !/_BYTES$|_VARIABLE$/.test(name)) // limits, and what goes with the code
      .map(([name, value]) => [`${basename(file, '.ts')}.${name}`, value]));
    expect(Object.fromEntries(values)).toEqual(CONTRACT_VALUES);
  });

  test('each property is as it was', () => {
    const shapes = files.flatMap(file => {
      const source = ts.createSourceFile(file, readFileSync(join(CONTRACTS, file), 'utf8'), ts.ScriptTarget.ES2022, true);
      return source.statements.flatMap(statement => shapeOf(statement).map(([name, shape]) => [`${basename(file, '.ts')}.${name}`, shape]));
    });
    expect(Object.fromEntries(shapes)).toEqual(CONTRACT_SHAPES);
  });
});

/** The members of an interface, optional ones with a question mark, and the texts of a union. */
function shapeOf(statement: ts.Statement): [string, string[]][] {
  if (ts.isInterfaceDeclaration(statement)) {
    const named = statement.members.filter(member => member.name);
    return [[statement.name.text, named.map(member => `${member.name!.getText()}${member.questionToken ? '?' : ''}`)]];
  }
  if (!ts.isTypeAliasDeclaration(statement)) { return []; }
  const { type } = statement;
  const parts = ts.isUnionTypeNode(type) ? [...type.types] : [type];
  const texts = parts.flatMap(part => ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? [part.literal.text] : []);
  return texts.length === 0 ? [] : [[statement.name.text, texts]];
}

/* The tag of a plan that was bought has this hash: with another one, the next update would refuse a plan of its own. */
test('the hash of what was bought is as it was', () => {
  expect(specHash({ type: 'ml.p5.48xlarge', count: 4, ultraServers: false, target: 'hyperpod-cluster' })).toBe('1-7355575b9fba7c2a9881abbb9923c8ab');
  expect(specHash({ type: 'ml.u-p6e-gb200x72', count: 1, ultraServers: true, target: 'training-job', spares: 2 }))
    .toBe('1-6167880072f9b244039654b5cbfd0877');
});

/* People are told to look for these words, and alarms on logs and events of CloudFormation do. */
test.each<[MoneyState, 'PLAN' | 'EXTENSION', string]>([
  [{ kind: 'none' }, 'PLAN', 'NOTHING BOUGHT: '],
  [{ kind: 'exists', fee: '1 USD' }, 'PLAN', 'NOTHING BOUGHT BY THIS DEPLOYMENT: it is there, 1 USD; '],
  [{ kind: 'unknown', fee: '1 USD', record: '/x/1' }, 'PLAN', 'OUTCOME UNKNOWN: it may have been bought for 1 USD; '],
  [{ kind: 'bought', fee: '1 USD' }, 'PLAN', 'PLAN BOUGHT AND KEPT: it, 1 USD; '],
  [{ kind: 'bought', fee: '1 USD' }, 'EXTENSION', 'EXTENSION BOUGHT AND KEPT: it, 1 USD; '],
])('a reason begins with what became of the money: %j of a %s', (state, bought, words) => {
  expect(reason(new Error('x'), state, 'it', bought).slice(0, words.length)).toBe(words);
});

/* A dry run that becomes a purchase is another resource, whose logical id mustn't be that of the look-up, now or later. */
test('a dry run keeps its id below its construct', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
  new plans.PurchasedTrainingPlan(stack, 'Plan', { trainingPlanName: 'llm', offering: offering(), maxUpfrontFee: UpfrontFee.usd('1') });
  new plans.TrainingPlanExtension(stack, 'Extended', {
    trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, 'Imported', 'llm'), extendTo: '2027-01-29T11:30:00Z', maxUpfrontFee: UpfrontFee.usd('1'),
  });
  expect(Template.fromStack(stack).findResources('Custom::HpcTrainingPlansOfferingSearch')).toEqual({
    ExtendedDryRun72913023: expect.anything(), PlanDryRunFF219A61: expect.anything(),
  });
});

/* Rules of others, on buses and in accounts that we don't know, listen for these texts. */
test('notices keep their source and their detail type', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
  const cluster = hyperpod.Cluster.fromClusterArn(stack, 'Pod', CLUSTER_ARN);
  new hyperpod.NodeRemediation(stack, 'Remediation', { cluster }).onNotice('Notice');
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { 'source': ['cdk-hpc-clusters.hyperpod'], 'detail-type': ['HyperPod Node Remediation'], 'detail': { ClusterName: [CLUSTER_ARN] } },
  });
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const definition = JSON.stringify(machine).replaceAll('\\', '');
  expect(definition).toContain('"Source":"cdk-hpc-clusters.hyperpod"');
  expect(definition).toContain('"DetailType":"HyperPod Node Remediation"');
});

/* A stack that has the role loses it, and all spot instances with it, where another id makes another role of a name that is taken. */
test('the service-linked role for spot instances keeps its logical id', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Stack', { env: ENV });
  nodes(stack, { purchaseOption: pcs.PurchaseOption.spot({ createServiceLinkedRole: true }) });
  expect(Object.keys(Template.fromStack(stack).findResources('AWS::IAM::ServiceLinkedRole'))).toEqual(['cdkhpcclustersSpotServiceLinkedRole']);
});

/* Warnings are acknowledged, and suppressed in files of others, by this prefix and their code. */
test('warnings and information keep their ids', () => {
  const stack = everything();
  new plans.PurchasedTrainingPlan(stack, 'Dry', { trainingPlanName: 'dry', offering: offering(), maxUpfrontFee: UpfrontFee.usd('1') });
  new plans.TrainingPlanExtension(stack, 'DryExtended', {
    trainingPlan: plans.TrainingPlan.fromTrainingPlanName(stack, 'Imported', 'dry'), extendTo: '2027-01-29T11:30:00Z', maxUpfrontFee: UpfrontFee.usd('1'),
  });
  const misspelt = { queueName: 'gpu', isDefalt: true };
  nodes(stack).addQueue('Queue', misspelt);
  const said = stack.node.findAll().flatMap(({ node }) => node.metadata).filter(({ type }) => /^aws:cdk:(info|warning)$/.test(type));
  const ids = said.map(({ data }) => /\[ack: (.*)\]$/.exec(String(data))?.[1]);
  expect([...new Set(ids)].sort()).toEqual([
    'cdk-hpc-clusters:trainingPlans.buys',
    'cdk-hpc-clusters:trainingPlans.dryRun',
    'cdk-hpc-clusters:trainingPlans.extends',
    'cdk-hpc-clusters:trainingPlans.extensionDryRun',
    'cdk-hpc-clusters:values.unknownProperty',
  ]);
});

/* Rules are acknowledged, suppressed and searched for by their codes. What isn't in the list could be renamed without a word. */
test('no rule has lost or changed its code, and each new one is in the list of test/frozen.names.ts', () => {
  expect(SUBMODULES.flatMap(({ rules }) => Object.values(rules).map(({ id }) => id)).sort()).toEqual([...RULE_CODES].sort());
});
