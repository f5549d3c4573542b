import { awscdk, javascript, release } from 'projen';
import { Submodules } from './projenrc/submodules';
import { Workflows } from './projenrc/workflows';

/*
 * The oldest aws-cdk-lib we build and unit-test on, and our peer floor: the newest version that npm, PyPI, Maven Central
 * and the Go proxy all serve (decisions/0001). Raising it is a decision, not an upgrade.
 */
const CDK_FLOOR = '2.263.0';
/* The newest aws-cdk-lib, for examples, template validation and coverage tables. */
const CDK_NEWEST = '2.276.0';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-hpc-clusters',
  description: 'AWS CDK constructs for AWS Parallel Computing Service, SageMaker HyperPod and SageMaker training plans.',
  author: 'The cdk-hpc-clusters authors',
  authorAddress: 'maintainers@cdk-hpc-clusters.dev',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-hpc-clusters/cdk-hpc-clusters.git',
  homepage: 'https://github.com/cdk-hpc-clusters/cdk-hpc-clusters#readme',
  keywords: ['aws', 'aws-cdk', 'hpc', 'slurm', 'parallel-computing-service', 'sagemaker', 'hyperpod', 'mig', 'capacity-block', 'training-plan'],
  stability: 'experimental',
  defaultReleaseBranch: 'main',

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.1', // 10.8.0 is broken; 10.5 is what the floor asks for
  jsiiVersion: '~6.0.0', // projen's default is 5.9; 6.0 comes with TypeScript 6
  typescriptVersion: '~6.0.3', // jsii 6 needs 6.0, and 7 is out
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,

  devDeps: [
    /* What the floor asks for at least: our go.mod names the versions that are installed, and the Go proxy doesn't serve each newer one. */
    '@aws-cdk/asset-node-proxy-agent-v6@2.1.2',
    '@aws-cdk/cloud-assembly-schema@54.11.0',
    `cdk-newest@npm:aws-cdk-lib@${CDK_NEWEST}`,
    'aws-cdk@2.1148.1', // "latest" is 3.0.0, a stray old build that can't read today's assemblies
    'esbuild@0.28.2', // exact: another version makes other bundles, and every asset hash changes
    '@aws-sdk/client-sagemaker@3.1142.0', // exact, for the same reason
    '@aws-sdk/client-dynamodb@3.1142.0', // exact, for the same reason: the state of the remediation of nodes
    '@aws-sdk/client-cloudformation@3.1142.0', // a purchase asks whether its event is still wanted; the version of client-sagemaker
    '@aws-sdk/client-ssm@3.1142.0', // for tests: our own client is held to it (decisions/0006)
    /* The SDK's runtime, of which the client of AWS PCS is made (decisions/0006): what client-sagemaker of this version brings. */
    '@aws-sdk/core@3.981.0',
    '@aws-sdk/credential-provider-node@3.972.97',
    '@smithy/core@3.41.0',
    '@smithy/node-http-handler@4.14.2',
    '@smithy/types@4.20.0',
    '@types/node@^20', // what the oldest supported Node has
    '@types/aws-lambda@^8',
    '@swc/core@1.16.0', // exact: newer ones lack platform packages in the registry, so that `npm ci` calls the lock file out of sync
    '@swc/jest@^0.2.39',
    'fast-check@^4',
    'awslint@2.262.2-alpha.0', // exact: another version has other rules, and each exclusion is by name
    'aws-local-stepfunctions@3.0.0', // exact: an interpreter of the States language, in which workflows are run in tests
    'cdk-nag@3.0.2', // exact: another version has other rules, and `npm run nag` explains each finding by name
    '@stryker-mutator/core@9.6.1', // exact: another version makes other mutants, and 10 needs Node 22
  ],

  publishToPypi: { distName: 'cdk-hpc-clusters', module: 'cdk_hpc_clusters', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkhpcclusters',
    mavenGroupId: 'io.github.cdk-hpc-clusters',
    mavenArtifactId: 'cdk-hpc-clusters',
  },
  publishToNuget: { dotNetNamespace: 'CdkHpcClusters', packageId: 'CdkHpcClusters', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-hpc-clusters/cdk-hpc-clusters-go', packageName: 'cdkhpcclusters' },

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // projen's default writes changed snapshots without a word

    jestConfig: {
      collectCoverage: false,
      setupFiles: ['<rootDir>/test/setup.ts'],
      globalSetup: '<rootDir>/test/global-setup.cjs',
      globalTeardown: '<rootDir>/test/global-teardown.cjs',
      cacheDirectory: '<rootDir>/node_modules/.cache/jest',
      testTimeout: 30_000,
      /* Each file leaves what it loaded of aws-cdk-lib behind: in a worker with gigabytes of it, tests take five times as long. */
      workerIdleMemoryLimit: '600MB',
    },
    configFilePath: 'jest.config.json',
  },
  eslintOptions: {
    dirs: ['src', 'lambda', 'examples/typescript', 'scripts'],
    devdirs: ['test', 'projenrc', '.projenrc.ts'],
    fileExtensions: ['.ts'],
    commandOptions: { fix: false },
  },

  gitignore: ['/assets/', 'cdk.out/', '/dist/', '/.e2e/', '/.conformance/', '/.mutation/', '.venv/', '*.tgz', '/coverage/', '/test-reports/', '.jsii.tabl.json', '__pycache__/'],
  workflowNodeVersion: '24.x', // npm publishes without a token from npm 11.5 on
  npmTrustedPublishing: true,
  release: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(), // a person releases
  jsiiReleaseVersion: '0.2.1061', // of publib, exact: it runs with the right to publish
  sampleCode: false,
  buildWorkflow: false, // ours runs .ci/run, see below
  pullRequestTemplate: false,
  githubOptions: { mergify: false },
  depsUpgrade: true,
  depsUpgradeOptions: {
    cooldown: 7, // days: a poisoned release is mostly found within them
    exclude: [
      'aws-cdk-lib', 'constructs', '@aws-cdk/asset-node-proxy-agent-v6', '@aws-cdk/cloud-assembly-schema', // the floor: raised by decision (decisions/0001)
      'aws-cdk', '@swc/core', '@stryker-mutator/core', // pinned for the reasons beside them
      /* Another version is another asset hash in every template: raised with a release. */
      'esbuild', '@aws-sdk/client-cloudformation', '@aws-sdk/client-dynamodb', '@aws-sdk/client-sagemaker', '@aws-sdk/client-ssm', '@aws-sdk/core',
      '@aws-sdk/credential-provider-node',
      '@smithy/core', '@smithy/node-http-handler', '@smithy/types',
    ],
    workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY },
  },
});

for (const path of [
  '/lambda/', '/data/', '/examples/', '/projenrc/', '/scripts/', '/decisions/', '/rosetta/', '/.ci/', '/docs/', '/jest.config.json', '/gates.json', '/.projenrc.ts',
  '/CONTRIBUTING.md', '/AGENTS.md', '/VERSIONS.md', '/.compatignore', '/.e2e/', '/.conformance/', '/.mutation/', '/stryker.conf.mjs', 'cdk.out/', '.venv/', '*.tgz', '/.jsii.tabl.json',
]) {
  project.addPackageIgnore(path);
}
project.npmignore!.include('/assets/');

/* swc compiles the tests without checking types, in a third of the time; `npm run lint` checks them. */
project.jest!.config.transform = {
  '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true } } }],
};
project.jest!.config.testMatch = ['<rootDir>/test/**/*.test.ts'];
project.jest!.config.moduleNameMapper = { '^cdk-hpc-clusters$': '<rootDir>/src' }; // for the examples
project.jest!.config.modulePathIgnorePatterns = ['<rootDir>/.e2e/', '<rootDir>/.conformance/', '<rootDir>/.mutation/', '<rootDir>/cdk.out/', '<rootDir>/dist/', '<rootDir>/lib/'];

project.package.addField('overrides', {
  /* 1.13.0 leaves optional platform packages out of the lock file, and `npm ci` then refuses to work. */
  'unrs-resolver': '1.11.1',
});
project.package.manifest.jsii.targets.python.classifiers = ['Framework :: AWS CDK', 'Framework :: AWS CDK :: 2']; // PyPI finds constructs by them
project.package.addField('bugs', { url: 'https://github.com/cdk-hpc-clusters/cdk-hpc-clusters/issues' });

new Submodules(project);

project.eslint?.addRules({
  'max-len': 'off',
  '@stylistic/max-len': ['error', { code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: false, ignoreRegExpLiterals: true }],
});
/* One style: `import * as iam from 'aws-cdk-lib/aws-iam'`, which loads that module alone, and says at each name where it comes from. */
const imports = {
  selector: 'ImportDeclaration[source.value=/^aws-cdk-lib\\/aws-/] > ImportSpecifier, ImportDeclaration[source.value=/^aws-cdk-lib/] > ImportSpecifier[imported.name=/^aws_/]',
  message: 'import * as iam from \'aws-cdk-lib/aws-iam\'',
};
/* Functions, providers and what the CDK makes of them. */
const handlers = {
  selector: ['callee.property.name', 'callee.name'].map(name => `NewExpression[${name}=/^(Function|SingletonFunction|NodejsFunction|Provider|AwsCustomResource)$/]`).join(', '),
  message: 'a handler is a row of src/private/handlers/table.ts',
};
project.eslint?.addOverride({ files: ['src/**', 'examples/typescript/**'], rules: { 'no-restricted-syntax': ['error', imports] } });
project.eslint?.addOverride({ files: ['src/**'], excludedFiles: ['src/private/handlers/runtime.ts'], rules: { 'no-restricted-syntax': ['error', imports, handlers] } });
/* Paths don't catch packages: contracts are types for both worlds, and a handler that imports the CDK would have it in its bundle. */
project.eslint?.addOverride({ files: ['src/private/contracts/**'], rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^[^.]', message: 'contracts import nothing' }] }] } });
project.eslint?.addOverride({ files: ['lambda/**'], rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: '^(aws-cdk-lib|constructs)($|/)', message: 'handlers know no CDK' }] }] } });
project.eslint?.allowDevDeps('lambda/**');
project.eslint?.allowDevDeps('scripts/**');
project.eslint?.allowDevDeps('examples/**');
project.eslint?.addIgnorePattern('cdk.out');

const bundle = project.addTask('bundle', {
  description: 'Bundles the Lambda handlers of lambda/ into assets/',
  exec: 'node scripts/bundle.mjs',
});
const inputs = project.addTask('inputs', {
  description: 'Makes src/private/inputs of the API: the types that programs are held to at run time',
  exec: 'node scripts/inputs.mjs',
});
const docs = project.addTask('docs', {
  description: 'Generates docs/rules.md and docs/coverage-*.md from the code',
  exec: 'node scripts/docs.mjs',
});
project.preCompileTask.spawn(bundle);
project.preCompileTask.spawn(inputs);
project.compileTask.exec('node scripts/lazy.mjs');
project.postCompileTask.spawn(docs);
const rosetta = project.addTask('rosetta', {
  description: 'Compiles every code block of the READMEs and docstrings, strictly, and translates it for the other languages',
  exec: 'jsii-rosetta extract --strict --compile --cache .jsii.tabl.json --trim-cache .jsii',
});
/* Without translations, the docs of the packages in other languages would have the code in TypeScript. */
for (const language of ['python', 'java', 'go', 'dotnet']) { project.tasks.tryFind(`package:${language}`)!.prependSpawn(rosetta); }
project.addTask('guides:check', { description: 'Compiles every code block of the guides', exec: 'node scripts/guides-check.mjs' });
const library = project.addTask('build:library', { description: 'Project files, bundles, jsii, API.md and docs: all that is generated, without tests' });
for (const task of [project.defaultTask!, project.preCompileTask, project.compileTask, project.postCompileTask]) {
  library.spawn(task);
}

const test = project.testTask;
test.reset();
test.description = 'Bundles the handlers and runs the unit tests';
test.spawn(bundle);
test.exec('jest --ci', { receiveArgs: true });

const lint = project.addTask('lint', { description: 'Lints and type-checks everything, changes nothing' });
lint.spawn(project.eslint!.eslintTask);
lint.exec('tsc --noEmit -p lambda');
lint.exec('tsc --noEmit -p test/tsconfig.json');
lint.exec('tsc --noEmit -p examples/tsconfig.json');
new javascript.TypescriptConfig(project, {
  fileName: 'examples/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
  include: ['typescript/**/*.ts'],
  exclude: ['node_modules'],
  compilerOptions: { noEmit: true, rootDir: '..', types: ['node'] },
});

const example = project.addTask('example', { description: 'Synthesizes every example app and prints what is in it' });
example.spawn(bundle);
example.spawn(project.compileTask);
example.exec('node scripts/example.mjs', { receiveArgs: true });

project.addTask('validate', { description: 'Synthesizes every example with template validation on; any finding fails', exec: 'node scripts/validate.mjs', receiveArgs: true });
project.addTask('gates', { description: 'Compares sizes, resource counts and templates of the examples with what is recorded', exec: 'node scripts/gates.mjs' });
project.addTask('api:check', { description: 'Holds every public symbol to the style of its documentation, and the API to the last release', exec: 'node scripts/api-check.mjs' });
project.addTask('api:lint', { description: 'Holds the API to awslint, by which aws-cdk judges its own modules', exec: 'node scripts/api-lint.mjs' });
project.addTask('package:check', { description: 'Packs the library, installs the tarball in an empty folder and uses it', exec: 'node scripts/package-check.mjs' });
/* Scripts and not tasks, so that flags and Ctrl-C reach the program. */
project.package.setScript('deploy:local', 'node scripts/deploy-local.mjs');
project.package.setScript('test:e2e', 'node test/e2e/run.mjs');
project.package.setScript('package:all', 'npx projen build:library && npx projen rosetta && node scripts/package-all.mjs');
project.package.setScript('load', 'node test/load/run.mjs');
project.package.setScript('bench', 'node test/bench/run.mjs');
project.package.setScript('languages', 'node test/languages/run.mjs');
project.package.setScript('nag', 'node scripts/nag.mjs');
project.package.setScript('slurm', 'node test/slurm/run.mjs');
project.package.setScript('cloud-init', 'node test/cloud-init/run.mjs');
project.package.setScript('conformance', 'node scripts/conformance.mjs');
project.package.setScript('constraints', 'node scripts/constraints.mjs');
project.package.setScript('drift', 'node scripts/drift.mjs');
project.package.setScript('mutation', 'node scripts/mutation.mjs');
/* What takes too long for each push. */
project.package.setScript('test:newest', 'npm run bundle && jest --config test/newest.config.cjs');
project.package.setScript('spending', 'node scripts/spending.mjs');
project.package.setScript('fleets', 'node scripts/run-ts.mjs test/fleets/main.ts');
project.package.setScript('test:runtimes', 'npm run bundle && node scripts/runtimes.mjs');
project.package.setScript('nightly', [
  'npm ci', 'npm run build:library', 'npm run conformance -- --apps 400', 'npm run constraints', 'npm run drift', 'npm run slurm -- --required', 'npm run slurm -- --accounting --required', 'npm run cloud-init -- --required',
  'npm run test:e2e', 'npm run test:e2e -- --apps=40',
  'UNKNOWN_VALUES=all jest test/rules/unknown.test.ts', 'npm run test:newest', 'npm run test:runtimes -- --all', 'npm run spending -- --schedules 100000', 'LOG_FUZZ_RUNS=500 jest test/security/logs',
  'HOSTILE_CASES=all jest test/driver/hostile',
  'npm run spending -- --kind extensions --schedules 20000', 'npm run fleets -- --fleets 100000', 'npm run load -- deployment', 'npm run mutation', 'npm run package:all', 'npm run languages',
].join(' && '));

/* Node 20 is past jsii's own support, and works: without this, jsii prints a page about it. */
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

new Workflows(project);

project.synth();
