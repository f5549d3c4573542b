import { App, Duration, PropertyInjectors, Stack, type IPropertyInjector } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { PUBLIC_BASES } from './conventions';
import * as library from '../../src';
import { pcs, training_plans } from '../../src';
import { INJECTION_IDS } from '../frozen.names';
import { clusterIn } from '../pcs/fixture';
import { SUBMODULES } from '../submodules';

/** Constructs that aren't made with `new`, and that injectors don't change therefore; those of what they consist of do. */
const BY_FACTORIES: Readonly<Record<string, string>> = {
  'hyperpod.HyperPodDependencies': 'each factory has a struct of its own; the chart is a HelmChart of the CDK, which has its id',
  'hyperpod.NodeRepair': 'each factory has a struct of its own, and the props of its constructor are neither',
};

type ConstructClass = (new (scope: Construct, id: string, props: object) => Construct) & { readonly PROPERTY_INJECTION_ID?: string };

/** Each construct class that is exported, by submodule and name. */
const classes = SUBMODULES.flatMap(({ namespace: submodule }) => Object.entries(library[submodule as keyof typeof library])
  .filter((entry): entry is [string, ConstructClass] => typeof entry[1] === 'function' && entry[1].prototype instanceof Construct)
  .map(([name, type]): [string, ConstructClass] => [`${submodule}.${name}`, type]))
  .filter(([name]) => !PUBLIC_BASES.includes(name.split('.')[1])); // abstract, which nothing says at run time

const injectable = classes.filter(([name]) => !(name in BY_FACTORIES));
const ENV = { account: '111122223333', region: 'us-east-1' };
const stack = (...propertyInjectors: IPropertyInjector[]) => new Stack(new App({ propertyInjectors }), 'Stack', { env: ENV });
const defaults = (constructUniqueId: string, props: object): IPropertyInjector => (
  { constructUniqueId, inject: original => ({ ...props, ...original }) });
const slurm = (scope: Stack) => pcs.Cluster.fromClusterArn(scope, 'Slurm', 'arn:aws:pcs:us-east-1:111122223333:cluster/pcs_abcdef1234');

/** The settings of Slurm of a queue. */
function settingsOf(scope: Stack, name: string): object[] {
  const queues = Template.fromStack(scope).findResources('AWS::PCS::Queue', { Properties: { Name: name } });
  return Object.values(queues)[0].Properties.SlurmConfiguration.SlurmCustomSettings;
}

test('the constructs are found', () => {
  expect(injectable.length).toBeGreaterThanOrEqual(28);
  expect(Object.keys(BY_FACTORIES).filter(name => !classes.some(([found]) => found === name))).toEqual([]);
  expect(Object.entries(library).filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)).toEqual([]);
});

test.each(injectable)('%s has its own id, and asks injectors for it before anything else', (name, type) => {
  const asked = new Error('asked');
  const id = `cdk-hpc-clusters.${name}`;
  expect(Object.getOwnPropertyNames(Object.getPrototypeOf(type))).toContain('PROPERTY_INJECTION_ID'); // its own, below the decorator
  expect(type.PROPERTY_INJECTION_ID).toBe(id);
  expect(() => new type(stack({ constructUniqueId: id, inject: () => { throw asked; } }), 'Thing', {})).toThrow(asked);
  expect(type.name).toBe(name.split('.')[1]);
});

test('the ids are those of the first release', () => {
  expect(injectable.map(([, type]) => type.PROPERTY_INJECTION_ID).sort()).toEqual(expect.arrayContaining([...INJECTION_IDS]));
});

test('an injector changes a default of ours; what is said at the construct counts for more', () => {
  const scope = stack(defaults('cdk-hpc-clusters.pcs.Queue', { isDefault: true, slurmSettings: { maxTime: Duration.hours(1) } }));
  const cluster = slurm(scope);
  new pcs.Queue(scope, 'Injected', { cluster, queueName: 'injected' });
  new pcs.Queue(scope, 'Own', { cluster, queueName: 'own', isDefault: false });
  expect(settingsOf(scope, 'injected')).toContainEqual({ ParameterName: 'Default', ParameterValue: 'YES' });
  expect(settingsOf(scope, 'injected')).toContainEqual({ ParameterName: 'MaxTime', ParameterValue: '60' });
  expect(settingsOf(scope, 'own')).not.toContainEqual({ ParameterName: 'Default', ParameterValue: 'YES' });
});

test('what is injected is checked as what is given', () => {
  const scope = stack(defaults('cdk-hpc-clusters.pcs.Queue', { queueName: 'not a name!' }));
  expect(() => new pcs.Queue(scope, 'Queue', { cluster: slurm(scope) })).toThrow('[pcs.queueName] `queueName`');
});

/* Static factories see the undecorated class where swc compiles it, not in what is published: scripts/package-check.mjs tries it. */
test('constructs that ours make are asked for, too', () => {
  const scope = stack(defaults('cdk-hpc-clusters.pcs.Queue', { isDefault: true }));
  clusterIn(scope).addQueue('Queue', { queueName: 'injected' });
  expect(settingsOf(scope, 'injected')).toContainEqual({ ParameterName: 'Default', ParameterValue: 'YES' });
});

test('an injector of a scope is for what is below it alone', () => {
  const scope = stack();
  const below = new Construct(scope, 'Below');
  PropertyInjectors.of(below).add(defaults('cdk-hpc-clusters.training_plans.TrainingPlanWatch', { endAlarm: false }));
  const plan = training_plans.TrainingPlan.fromTrainingPlanName(scope, 'Plan', 'llm');
  expect(new training_plans.TrainingPlanWatch(below, 'Watch', { trainingPlan: plan }).endAlarm).toBeUndefined();
  expect(new training_plans.TrainingPlanWatch(scope, 'Watch', { trainingPlan: plan }).endAlarm).toBeDefined();
});

test('references to what exists are left alone', () => {
  const scope = stack({ constructUniqueId: 'cdk-hpc-clusters.pcs.Cluster', inject: () => { throw new Error('asked'); } });
  expect(slurm(scope).clusterId).toBe('pcs_abcdef1234');
});
