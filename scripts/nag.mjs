// Runs cdk-nag (AwsSolutions) over every example, and prints each finding with its reason. One without a reason fails: `npm run nag`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newestVersion, ofEachExample, shell, transpiled } from './lib/examples.mjs';
import { table } from './lib/table.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const FRAMEWORK = /\/Provider\//;
const LIBRARY = /\/CdkHpcClusters\w+\/|\/Remediation\/Operations\//;

/* Rule, path of the construct, and why it stays. Each of them has to be found, so that none outlives its reason. */
const EXPLAINED = [
  ['IAM4[Policy::…AWSLambdaBasicExecutionRole]', FRAMEWORK, 'the roles of CDK\'s provider framework are made by aws-cdk-lib'],
  ['IAM5[Resource::<CdkHpcClusters…>:*]', FRAMEWORK, 'the provider framework invokes any version of its functions, and of ours'],
  ['IAM5[Resource::<…OperationsFunction…>:*]', /\/Role\/DefaultPolicy\//, 'a task of Step Functions invokes any version of its function'],
  ['IAM5[Resource::*]', /\/(BuyerRole|CdkHpcClustersTrainingPlansOfferingSearch\/Role)\//, 'searching offerings and listing plans have no resource in IAM (test/security)'],
  ['IAM5[Resource::…:reserved-capacity/*]', /\/(BuyerRole|Training\/Role)\//, 'the service makes the ids of reserved capacities'],
  ['IAM5[Resource::…:parameter/cdk-hpc-clusters/training-plan/…/*]', /\/BuyerRole\//, 'the records of one plan in the ledger'],
  ['IAM5[Resource::*]', /\/ExecutionRole\//, 'nodes in a VPC describe network interfaces, which have no resource in IAM'],
  ['IAM5[Resource::…:network-interface/*]', /\/ExecutionRole\//, 'nodes make network interfaces, whose ids EC2 makes'],
  ['IAM5[Resource::…:s3:::ml-platform-lifecycle-scripts/eks/v1/*]', /\/ExecutionRole\//, 'the files of the lifecycle scripts, under their prefix'],
  ['IAM5', /\/ExecutionPolicy\//, 'a policy without statements, which stays out of the template and which cdk-nag fails at'],
  ['IAM4[Policy::…AmazonSageMakerClusterInstanceRolePolicy]', /\/(ExecutionRole|NodeRole)\//, 'what SageMaker asks of HyperPod nodes, kept by AWS'],
  ['IAM4[Policy::…AmazonSSMManagedInstanceCore]', /\/NodeRole\//, 'the example asks for sessions instead of SSH'],
  ['IAM5[Action::s3:…]', /\/JobRole\//, 'grantReadWrite of aws-cdk-lib, in the example'],
  ['IAM5[Resource::…:s3:::models-…/*]', /\/JobRole\//, 'the job of the example writes its models into its bucket'],
  ['IAM5[Resource::…:training-job/*]', /\/Training\/Role\//, 'the job of the example is named by its execution'],
  ['DDB3', /\/Remediation\/State\//, 'state that is worth days: a restored table would bring back old claims on nodes'],
  ['SQS3', /\/Remediation\/DeadLetters\//, 'it is a dead-letter queue itself'],
  ['SF1', FRAMEWORK, 'its history has the URL that answers CloudFormation, which must not be logged'],
  ['SF1', /\/(Remediation\/Resource|ReplaceNodes|Training)\//, 'the history of a standard workflow is kept for 90 days; notices and metrics tell the rest'],
  ['SF2', /\/(waiter-state-machine|Remediation\/Resource|ReplaceNodes|Training)\//, 'tracing costs, and there is one function to trace'],
  ['IAM5[Resource::*]', /\/CdkHpcClustersPcs(Accounting|UsageWatch)\w+\/(\w*Role)\//, 'functions in a VPC make network interfaces, which have no resource in IAM before they are there'],
  ['IAM5[Resource::…:cluster/*]', /\/CdkHpcClustersPcsLookup\/Role\//, 'the id of the cluster is known once it is created, and a look-up doesn\'t wait for one of the app (decisions/0006)'],
  ['SNS3', /\/Budgets\//, 'a topic of the example that CloudWatch alarms publish to, over TLS'],
  ['SNS3', /\/OnCall\//, 'a topic of the example that CloudWatch alarms publish to, over TLS'],
  ['VPC7', /\/Vpc\//, 'the VPC of the example stands for one that exists; flow logs are the platform team\'s'],
].map(([rule, path, why]) => ({ rule, pattern: patternOf(rule), path, why, count: 0 }));

const unexplained = [];
let total = 0;
console.log(`cdk-nag ${version('cdk-nag')}, AwsSolutions, aws-cdk-lib ${newestVersion()}`);
const examples = await ofEachExample(async name => ({ name, findings: await findingsOf(name) }));
for (const { name, findings } of examples) {
  for (const { ruleName, violatingResources } of findings) {
    for (const { constructPath } of violatingResources) {
      total++;
      const reason = EXPLAINED.find(({ pattern, path }) => pattern.test(ruleName) && path.test(constructPath));
      if (reason) { reason.count++; } else { unexplained.push([ruleName, `${name}: ${constructPath}`]); }
    }
  }
}
console.log(table(['rule', 'findings', 'why it stays'], EXPLAINED.map(({ rule, count, why }) => [rule, String(count), why])));
const stale = EXPLAINED.filter(({ count }) => count === 0);
console.log(`${total} findings in ${examples.length} examples, ${unexplained.length} without a reason, ${stale.length} reasons without a finding`);
if (unexplained.length > 0) { console.log(table(['rule', 'where'], unexplained)); }
process.exit(total === 0 || unexplained.length + stale.length > 0 ? 1 : 0);

/** The rules as cdk-nag names them: `AwsSolutions-IAM5[…]`, where `…` is any text. */
function patternOf(rule) {
  return new RegExp(`^AwsSolutions-${rule.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}$`);
}

/** Synthesizes an example as the CDK CLI would, and lets cdk-nag look at its tree. */
async function findingsOf(name) {
  const folder = join(root, 'examples', 'typescript', name);
  const { app, context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const output = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-'));
  try {
    const findings = join(output, 'nag.json');
    const preloads = ['newest-cdk.cjs', 'nag-preload.cjs'].map(file => `--require ${join(root, 'scripts', file)}`).join(' ');
    await shell(transpiled(app), {
      cwd: folder,
      what: `the app ${name}`,
      env: {
        ...process.env,
        CDK_OUTDIR: join(output, 'cdk.out'),
        CDK_CONTEXT_JSON: JSON.stringify(context ?? {}),
        CDK_VALIDATION: 'false',
        NAG_FINDINGS: findings,
        NODE_OPTIONS: preloads,
      },
    });
    return JSON.parse(readFileSync(findings, 'utf8'));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function version(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}
