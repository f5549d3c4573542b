import ts from 'typescript';

/** Tests that have no one subject: they hold many files to something outside of them. */
export const ACROSS: Readonly<Record<string, string>> = {
  'capacity-blocks/block/events.test.ts': 'rules on the events of a block, whether it is imported or looked up',
  'frozen.test.ts': 'names and ids of all that a template holds users to',
  'lambda/bundle.test.ts': 'what all bundles are and have',
  'lambda/clients/adapters.test.ts': 'what each adapter asks for, how often, and how long',
  'lambda/hyperpod/node-operations/bundle.test.ts': 'the bundle, against the fake of the services',
  'hyperpod/coverage.test.ts': 'properties of the L1s against those of ours',
  'hyperpod/enums.test.ts': 'constants of many classes against the service model',
  'pcs/boot/boot.test.ts': 'lifecycle actions as they are rendered, run on a machine',
  'pcs/capacity-block.test.ts': 'node groups in a Capacity Block that the app imports, looks up or asserts',
  'pcs/coverage.test.ts': 'properties of the L1s against those of ours',
  'pcs/several-stacks.test.ts': 'clusters, node groups and queues in different stacks',
  'training-plans/coverage.test.ts': 'properties of the API against those of ours',
};

/**
 * Files, and folders by a `/` at their end, that have no test of their name, by the test that fails when they are broken: nobody but
 * constructs calls them, so what they do is seen in templates and messages; or nobody but one handler. The longest row counts.
 */
export const TESTED_BY: Readonly<Record<string, string>> = {
  'capacity-blocks/private/checks/': 'rules/capacity-blocks.test.ts',
  'capacity-blocks/private/rendering/lists.ts': 'capacity-blocks/block/capacity-block-lookup.test.ts',

  'hyperpod/clusters/cluster-base.ts': 'hyperpod/clusters/cluster.test.ts',
  'hyperpod/clusters/task-governance-addon.ts': 'hyperpod/quotas/cluster-scheduler-config.test.ts',
  'hyperpod/groups/vocabulary/instance-type.ts': 'hyperpod/enums.test.ts',
  'hyperpod/groups/vocabulary/lifecycle-scripts.ts': 'hyperpod/clusters/cluster.test.ts',
  'hyperpod/groups/vocabulary/partition-profile.ts': 'hyperpod/enums.test.ts',
  'hyperpod/nodes/vocabulary/cluster-nodes-output.ts': 'hyperpod/nodes/cluster-nodes-lookup.test.ts',
  'hyperpod/nodes/vocabulary/node-list.ts': 'hyperpod/nodes/node-tasks.test.ts',
  'hyperpod/private/checks/': 'rules/hyperpod.test.ts',
  'hyperpod/private/facts/': 'hyperpod/groups/vocabulary/partition-layout.test.ts',
  'hyperpod/private/rendering/': 'hyperpod/clusters/cluster.test.ts',
  'hyperpod/private/rendering/node-task.ts': 'hyperpod/nodes/node-tasks.test.ts',
  'hyperpod/quotas/vocabulary/team.ts': 'rules/hyperpod.test.ts',

  'lambda/capacity-blocks/lookup/': 'driver/capacity-block-lookup.test.ts',
  'lambda/clients/': 'lambda/clients/adapters.test.ts',
  'lambda/clients/capacity-block-reader.ts': 'driver/capacity-block-lookup.test.ts',
  'lambda/clients/schema-client.ts': 'lambda/clients/pcs.test.ts',
  'lambda/hyperpod/node-operations/': 'lambda/hyperpod/node-operations/operations.test.ts',
  'lambda/hyperpod/node-operations/remediation/': 'lambda/hyperpod/node-operations/remediation/course.test.ts',
  'lambda/pcs/accounting/': 'security/logs.test.ts',
  'lambda/pcs/slurm-access.ts': 'lambda/pcs/usage-watch/handler.test.ts',
  'lambda/shared/': 'lambda/training-plans/lookup/handler.test.ts',
  'lambda/shared/sdk/': 'driver/bundles.test.ts',
  'lambda/spending/': 'lambda/training-plans/purchase/purchase.test.ts',
  'lambda/spending/truth.ts': 'driver/purchase-truth.test.ts',
  'lambda/spending/wait.ts': 'lambda/training-plans/purchase/wait.test.ts',
  'lambda/training-plans/lookup/': 'lambda/training-plans/lookup/handler.test.ts',

  'pcs/compute-node-group-grants.ts': 'pcs/login-node-group.test.ts',
  'pcs/private/': 'rules/pcs.test.ts',
  'pcs/private/context.ts': 'pcs/compute-node-group.test.ts',
  'pcs/private/ids.ts': 'pcs/cluster-lookup.test.ts',
  'pcs/private/instance-tags.ts': 'pcs/private/launch-template.test.ts',
  'pcs/private/l1-gaps.ts': 'pcs/vocabulary/lifecycle-actions.test.ts',
  'pcs/private/lifecycle.ts': 'pcs/vocabulary/lifecycle-actions.test.ts',
  'pcs/private/log-destination.ts': 'pcs/log-delivery.test.ts',
  'pcs/private/slurm-configuration.ts': 'pcs/private/settings.test.ts',
  'pcs/private/stack-circles.ts': 'pcs/several-stacks.test.ts',
  'pcs/private/storage.ts': 'pcs/vocabulary/node-storage.test.ts',
  'pcs/private/storage-network.ts': 'pcs/vocabulary/node-storage.test.ts',
  'pcs/private/storage-scripts.ts': 'pcs/vocabulary/node-storage.test.ts',
  'pcs/vocabulary/efa.ts': 'pcs/private/launch-template.test.ts',
  'pcs/vocabulary/node-image.ts': 'pcs/compute-node-group.test.ts',
  'pcs/vocabulary/node-role.ts': 'pcs/compute-node-group.test.ts',
  'pcs/vocabulary/purchase-option.ts': 'pcs/compute-node-group.test.ts',
  'pcs/vocabulary/slurm-traffic.ts': 'pcs/private/cluster-network.test.ts',
  'pcs/vocabulary/slurm-version.ts': 'pcs/private/settings.test.ts',

  'private/alarms.ts': 'pcs/capacity-dashboard.test.ts',
  'private/blocks.ts': 'pcs/capacity-block.test.ts',
  'private/contracts/forms.ts': 'constraints/sweep.test.ts',
  'private/contracts/hyperpod-lookup.ts': 'hyperpod/nodes/cluster-nodes-lookup.test.ts',
  'private/contracts/spending-limits.ts': 'private/contracts/instants.test.ts',
  'private/forms.ts': 'constraints/sweep.test.ts',
  'private/handlers/guards.ts': 'training-plans/plan/training-plan-assertion.test.ts',
  'private/handlers/lookup.ts': 'pcs/cluster-lookup.test.ts',
  'private/handlers/options.ts': 'handler-defaults.test.ts',
  'private/handlers/renaming.ts': 'training-plans/plan/training-plan-assertion.test.ts',
  'private/handlers/runtime.ts': 'private/handlers/handler-function.test.ts',
  'private/handlers/table.ts': 'frozen.test.ts',
  'private/inputs/checked.ts': 'private/inputs/judge.test.ts',
  'private/inputs/hints.ts': 'private/inputs/judge.test.ts',
  'private/instants.ts': 'rules/training-plans.test.ts',
  'private/kinds.ts': 'package/kinds.test.ts',
  'private/lines.ts': 'pcs/compute-node-group.test.ts',
  'private/own-ids.ts': 'pcs/cluster.test.ts',
  'private/permissions.ts': 'pcs/vocabulary/lifecycle-actions.test.ts',
  'private/placeholders.ts': 'rules/placeholders.test.ts',
  'private/places.ts': 'rules/hyperpod.test.ts',
  'private/plans.ts': 'rules/hyperpod.test.ts',
  'private/reference-graph.ts': 'pcs/several-stacks.test.ts',
  'private/registry.ts': 'copies/two-copies.test.ts',
  'private/rule.ts': 'private/problems.test.ts',
  'private/script-files.ts': 'rules/hyperpod.test.ts',
  'private/security-rules.ts': 'rules/pcs.test.ts',
  'private/singleton.ts': 'rules/handlers.test.ts',
  'private/subnets.ts': 'rules/pcs.test.ts',
  'private/tags.ts': 'rules/pcs.test.ts',
  'private/trust.ts': 'rules/hyperpod.test.ts',
  'private/ways-out.ts': 'rules/hyperpod.test.ts',

  'training-plans/private/checks/': 'rules/training-plans.test.ts',
  'training-plans/private/checks/selection.ts': 'training-plans/plan/training-plan-lookup.test.ts',
  'training-plans/private/rendering/': 'private/contracts/training-plan.test.ts',
};

/** Files that hold generated tables, rules, or what an index exports: others compare them with what they come from. */
const TABLES = /(^|\/)(index|rules)\.ts$|^private\/(inputs\/(signatures|types)|instance-catalogue)\.ts$|^pcs\/private\/slurm-facts\.ts$/;

const { SyntaxKind: K } = ts;
const DECIDING = new Set([
  K.IfStatement, K.ConditionalExpression, K.SwitchStatement, K.CatchClause, K.ForStatement, K.ForOfStatement, K.ForInStatement,
  K.WhileStatement, K.DoStatement,
]);
const DECIDING_OPERATORS = new Set([
  K.QuestionQuestionToken, K.QuestionQuestionEqualsToken, K.AmpersandAmpersandToken, K.BarBarToken,
]);

/** Whether a source has behaviour: it decides something. Structs, constants, and classes that only hold a value don't. */
export function decides(name: string, text: string): boolean {
  const found = (node: ts.Node): boolean => DECIDING.has(node.kind)
    || (ts.isBinaryExpression(node) && DECIDING_OPERATORS.has(node.operatorToken.kind))
    || ts.forEachChild(node, child => found(child) || undefined) === true;
  return found(ts.createSourceFile(name, text, ts.ScriptTarget.ES2022));
}

/** Where the sources of handlers and their tests stand. */
const HANDLERS = 'lambda/';
const placeOf = (source: string) => (source.startsWith(HANDLERS) ? source : `src/${source}`);

/**
 * What keeps the tests of sources from being found by name. Names are relative to `src/` and to `test/`; those of handlers begin with
 * `lambda/`.
 */
export function judgeMirror(sources: Readonly<Record<string, string>>, tests: readonly string[], mirrored: readonly string[]): string[] {
  const known = new Set(tests);
  const testOf = (source: string) => source.replace(/\.ts$/, '.test.ts');
  const isAbout = (row: string, source: string) => row === source || (row.endsWith('/') && source.startsWith(row));
  const rowOf = (source: string) => Object.keys(TESTED_BY).filter(row => isAbout(row, source)).sort((a, b) => b.length - a.length)[0];
  const open = Object.keys(sources)
    .filter(source => !TABLES.test(source) && !known.has(testOf(source)) && decides(source, sources[source]));
  const used = new Set(open.map(rowOf));
  const strays = tests.filter(test => (!test.includes('/') || mirrored.some(folder => test.startsWith(`${folder}/`)))
    && !(test.replace(/\.test\.ts$/, '.ts') in sources) && !(test in ACROSS));
  return [
    ...open.filter(source => rowOf(source) === undefined)
      .map(source => `${placeOf(source)} has no test/${testOf(source)}, and no row says which test it has`),
    ...strays.map(test => `test/${test} is named after no file of ${test.startsWith(HANDLERS) ? HANDLERS : 'src/'}`),
    ...Object.keys(TESTED_BY).filter(row => !used.has(row)).map(row => `the row of ${row} is about no file without a test of its name`),
    ...[...Object.values(TESTED_BY), ...Object.keys(ACROSS)].filter(test => !known.has(test)).map(test => `test/${test} is listed, and isn't there`),
  ].sort();
}
