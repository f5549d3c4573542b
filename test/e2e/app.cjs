// Wraps an example: runs its app.ts as it is, and changes the finished construct tree just before synthesis.
//   node test/e2e/app.cjs <example> <variant>
const { join } = require('node:path');
const { App, CfnResource, Stack, Stage, Tags } = require('aws-cdk-lib');

function ofType(app, type) {
  return app.node.findAll().filter(node => CfnResource.isCfnResource(node) && node.cfnResourceType === type);
}

/** Makes each of `later` wait for each of `earlier`, so that a failure comes when there is something to roll back. */
function order(earlier, later) {
  for (const resource of later) {
    earlier.filter(other => other !== resource).forEach(other => resource.addResourceDependency(other));
  }
}

/** A rule of a security group that doesn't exist, created after everything else: EC2 refuses it. It is in the last stack. */
function addRefusedRule(app) {
  const stack = app.node.findAll().filter(Stack.isStack).at(-1);
  const resources = stack.node.findAll().filter(node => CfnResource.isCfnResource(node));
  const refused = new CfnResource(stack, 'RefusedRule', {
    type: 'AWS::EC2::SecurityGroupIngress',
    properties: { GroupId: 'sg-00000000000000000', IpProtocol: '-1', CidrIp: '10.0.0.0/8' },
  });
  order(resources, [refused]);
}

function reviseSlurm(app, revision) {
  Tags.of(app).add('revision', String(revision));
  for (const cluster of ofType(app, 'AWS::PCS::Cluster')) {
    cluster.addPropertyOverride('SlurmConfiguration.ScaleDownIdleTimeInSeconds', 600 * revision);
  }
}

function reviseQuotas(app, revision) {
  Tags.of(app).add('revision', String(revision));
  for (const quota of ofType(app, 'AWS::SageMaker::ComputeQuota')) {
    quota.addPropertyOverride('ComputeQuotaTarget.FairShareWeight', 10 * revision);
  }
  for (const lookup of ofType(app, 'Custom::HpcTrainingPlansLookup')) {
    lookup.addPropertyOverride('Refresh', String(revision));
  }
}

function revisePod(app, revision) {
  Tags.of(app).add('revision', String(revision));
  for (const cluster of ofType(app, 'AWS::SageMaker::Cluster')) {
    cluster.addPropertyOverride('TieredStorageConfig', { Mode: 'Enable', InstanceMemoryAllocationPercentage: 20 * revision });
  }
}

const POD = {
  update: app => revisePod(app, 2),
  replacing: app => {
    revisePod(app, 2);
    ofType(app, 'AWS::SageMaker::Cluster')[0].addPropertyOverride('ClusterName', 'replaced');
  },
  refused: addRefusedRule,
  failing: app => {
    revisePod(app, 3);
    addRefusedRule(app);
  },
};

/** A create-only property: CloudFormation makes the new one first, so it needs another name. */
function replaceGroup(app) {
  reviseSlurm(app, 2);
  const [group] = ofType(app, 'AWS::PCS::ComputeNodeGroup');
  group.addPropertyOverride('Name', 'replaced');
}

function replaceQuota(app) {
  reviseQuotas(app, 2);
  const [quota] = ofType(app, 'AWS::SageMaker::ComputeQuota');
  quota.addPropertyOverride('Name', 'replaced');
}

const SLURM = {
  update: app => reviseSlurm(app, 2),
  replacing: replaceGroup,
  refused: addRefusedRule,
  failing: app => {
    reviseSlurm(app, 3);
    addRefusedRule(app);
  },
};

const GOVERNANCE = {
  update: app => reviseQuotas(app, 2),
  replacing: replaceQuota,
  refused: addRefusedRule,
  failing: app => {
    reviseQuotas(app, 3);
    addRefusedRule(app);
  },
};

/** Changes a resource of each type in place, and has plans read again. */
function revisePlanUser(app, revision, types) {
  for (const resource of types.flatMap(type => ofType(app, type))) {
    resource.addPropertyOverride('Tags', [{ Key: 'revision', Value: String(revision) }]);
  }
  readPlans(app).forEach(lookup => lookup.addPropertyOverride('Refresh', String(revision)));
}

/** The look-ups of plans, without the assertions. */
function readPlans(app) {
  return ofType(app, 'Custom::HpcTrainingPlansLookup').filter(lookup => lookup.node.scope.constructor.name === 'TrainingPlanLookup');
}

function planUser(...types) {
  return {
    update: app => revisePlanUser(app, 2, types),
    refused: addRefusedRule,
    failing: app => {
      revisePlanUser(app, 3, types);
      readPlans(app).forEach(lookup => lookup.addPropertyOverride('Input.TrainingPlanName', 'no-such-plan'));
      order(types.flatMap(type => ofType(app, type)), readPlans(app));
    },
  };
}

function capDryRun(app, amount) {
  ofType(app, 'Custom::HpcTrainingPlansOfferingSearch').forEach(search => search.addPropertyOverride('MaxUpfrontFee.Amount', amount));
}

const DRY_RUN = {
  update: app => capDryRun(app, '115000.00'),
  refused: addRefusedRule,
  failing: app => capDryRun(app, '100.00'),
};

/** Raises the limits of extensions, which buys nothing. */
function capExtensions(app, amount) {
  ['Custom::HpcTrainingPlansExtension', 'Custom::HpcTrainingPlansOfferingSearch'].flatMap(type => ofType(app, type))
    .forEach(resource => resource.addPropertyOverride('MaxUpfrontFee.Amount', amount));
}

const EXTENSION = {
  update: app => capExtensions(app, '61000.00'),
  refused: addRefusedRule,
  failing: app => {
    capExtensions(app, '62000.00');
    addRefusedRule(app);
  },
};

/** Tags change machines and plans in place. */
const TAGGED = {
  update: app => Tags.of(app).add('revision', '2'),
  refused: addRefusedRule,
  failing: app => {
    Tags.of(app).add('revision', '3');
    addRefusedRule(app);
  },
};

const VARIANTS = {
  'slurm-on-pcs': SLURM,
  'slurm-teams': SLURM,
  'gpu-capacity': SLURM,
  'hpc-storage': SLURM,
  'research-group': SLURM,
  'four-teams': GOVERNANCE,
  'hyperpod-eks': POD,
  'hyperpod-slurm': POD,
  'isolated-slurm': SLURM,
  'node-remediation': TAGGED,
  'parity': GOVERNANCE,
  'plan-across-stacks': TAGGED,
  'plan-dry-run': DRY_RUN,
  'plan-endpoint': planUser('AWS::SageMaker::Model'),
  'plan-extension': EXTENSION,
  'plan-for-hyperpod': TAGGED,
  'plan-hyperpod': POD,
  'plan-jobs': planUser('AWS::SNS::Topic'),
  'team-quotas': {
    ...GOVERNANCE,
    failing: app => {
      reviseQuotas(app, 3);
      const lookups = ofType(app, 'Custom::HpcTrainingPlansLookup');
      lookups.forEach(lookup => lookup.addPropertyOverride('Input.TrainingPlanName', 'no-such-plan'));
      order(ofType(app, 'AWS::SageMaker::ComputeQuota'), lookups);
    },
  },
};

const [example, variant] = process.argv.slice(2);
const change = VARIANTS[example][variant];

let changed = false;
App.prototype.synth = function synth(options) {
  if (!changed) {
    changed = true;
    change(this);
  }
  return Stage.prototype.synth.call(this, options);
};

require('ts-node').register({ transpileOnly: true });
require(join(__dirname, '..', '..', 'examples', 'typescript', example, 'app.ts'));
