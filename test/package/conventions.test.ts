import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from './api-docs';
import { judgeClasses, judgeConventions } from './conventions';
import * as library from '../../src';
import { SUBMODULES } from '../submodules';

const ROOT = join(__dirname, '..', '..');
const SRC = join(ROOT, 'src');
const ASSEMBLY = join(ROOT, '.jsii');

/* Also in `npm run api:check`, right after the library was built. Without a built library nothing is judged, which fails in CI. */
(existsSync(ASSEMBLY) || process.env.CI ? test : test.skip)('the assembly holds its conventions', () => {
  expect(judgeConventions(JSON.parse(readFileSync(ASSEMBLY, 'utf8')) as Assembly)).toEqual([]);
});

type Member = Record<string, unknown> & { readonly name: string };
const fqn = (name: string) => ({ type: { fqn: name } });
const text = { type: { primitive: 'string' } };
const OPTIONS = { name: 'options', optional: true, ...fqn('aws-cdk-lib.aws_cloudwatch.MetricOptions') };
const GRANTEE = { name: 'grantee', ...fqn('aws-cdk-lib.aws_iam.IGrantable') };
const METRIC = fqn('aws-cdk-lib.aws_cloudwatch.Metric');
const ALARM = fqn('aws-cdk-lib.aws_cloudwatch.Alarm');
const SCOPE = [{ name: 'scope', ...fqn('constructs.Construct') }, { name: 'id', ...text }];
const grant = (name: string, ...others: object[]) => ({ name, parameters: [GRANTEE, ...others], docs: { summary: 'Grants reading the thing to a principal.' } });

/** An assembly that holds every convention, by type and its members. */
const GOOD: Record<string, Record<string, any>> = {
  IThing: {
    kind: 'interface',
    interfaces: ['lib.IThingRef'],
    methods: [{ name: 'metric', parameters: [{ name: 'metricName', ...text }, OPTIONS], returns: METRIC }, { name: 'metricLoad', parameters: [OPTIONS], returns: METRIC }],
  },
  IThingRef: { kind: 'interface' },
  Thing: {
    kind: 'class',
    interfaces: ['lib.IThing'],
    methods: [
      { name: 'metric', parameters: [{ name: 'metricName', ...text }, OPTIONS], returns: METRIC, overrides: 'lib.IThing' },
      { name: 'metricLoad', parameters: [OPTIONS], returns: METRIC, overrides: 'lib.IThing' },
      { name: 'fromThingArn', static: true, parameters: [...SCOPE, { name: 'thingArn', ...text }], returns: fqn('lib.IThing') },
      { name: 'fromThingAttributes', static: true, parameters: [...SCOPE, { name: 'attrs', ...fqn('lib.ThingAttributes') }], returns: fqn('lib.IThing') },
    ],
    properties: [{ name: 'status', ...text }, { name: 'loadAlarm', optional: true, ...ALARM }],
  },
  ThingAttributes: { kind: 'interface', datatype: true },
  ThingProps: {
    kind: 'interface',
    datatype: true,
    properties: [
      { name: 'loadAlarm', optional: true, type: { primitive: 'boolean' } },
      { name: 'topic', optional: true, ...fqn('aws-cdk-lib.interfaces.aws_sns.ITopicRef') },
      { name: 'instanceType', ...fqn('lib.Kind') },
    ],
  },
  ThingGrants: {
    kind: 'class',
    methods: [
      { name: 'fromThing', static: true, parameters: [{ name: 'thing', ...fqn('lib.IThingRef') }], returns: fqn('lib.ThingGrants') },
      grant('read'), grant('manage'), grant('actions', { name: 'actions', variadic: true, ...text }),
    ],
  },
  Kind: {
    kind: 'class',
    properties: [{ name: 'P5', static: true, ...fqn('lib.Kind') }, { name: 'value', ...text }],
    methods: [{ name: 'of', static: true, parameters: [{ name: 'value', ...text }], returns: fqn('lib.Kind') }],
  },
  ThingLookupProps: { kind: 'interface', datatype: true, properties: [{ name: 'thing', ...fqn('lib.ThingSelector') }, { name: 'refresh', optional: true, ...text }] },
  ThingLookup: { kind: 'class', properties: [{ name: 'status', ...text }, { name: 'statusReason', ...text }] },
  Mode: { kind: 'enum', members: [{ name: 'BUY' }] },
};

/** What is found when a type is changed. */
function judge(change: (types: typeof GOOD) => void = () => {}): string[] {
  const types = structuredClone(GOOD);
  change(types);
  const assembly = {
    name: 'lib',
    types: Object.fromEntries(Object.entries(types).map(([name, type], line) => [
      `lib.${name}`, { fqn: `lib.${name}`, name, locationInModule: { filename: 'src/lib.ts', line }, ...type },
    ])),
  };
  return judgeConventions(assembly as unknown as Assembly, { Mode: 'our own' }, {});
}
const member = (type: Record<string, Member[]>, list: 'methods' | 'properties', name: string) => type[list].find(each => each.name === name)! as Record<string, any>;

test('an assembly that holds all of them has no findings', () => {
  expect(judge()).toEqual([]);
});

test.each<[string, (types: typeof GOOD) => void, string[]]>([
  ['grants: of a reference', ({ ThingGrants }) => { member(ThingGrants, 'methods', 'fromThing').parameters[0].type.fqn = 'lib.IThing'; }, ['ThingGrants: lacks fromThing(), which takes an IThingRef']],
  ['grants: read', ({ ThingGrants }) => { ThingGrants.methods = ThingGrants.methods.filter(({ name }: Member) => name !== 'read'); }, ['ThingGrants: lacks read()']],
  ['grants: manage', ({ ThingGrants }) => { member(ThingGrants, 'methods', 'manage').name = 'update'; }, ['ThingGrants.update: is called manage()']],
  ['grants: actions one by one', ({ ThingGrants }) => { member(ThingGrants, 'methods', 'actions').parameters[1].variadic = false; }, ['ThingGrants.actions: doesn\'t take actions one by one']],
  ['grants: to a grantee', ({ ThingGrants }) => { member(ThingGrants, 'methods', 'read').parameters[0] = { ...GRANTEE, name: 'who' }; }, ['ThingGrants.read: doesn\'t take a grantee first']],
  ['grants: their sentence', ({ ThingGrants }) => { member(ThingGrants, 'methods', 'read').docs.summary = 'Lets somebody read the thing.'; }, ['ThingGrants.read: doesn\'t say "Grants … to a principal"']],
  ['metrics: one for all names', ({ IThing }) => { IThing.methods.shift(); }, ['IThing: has metrics, and no metric(metricName, options?)']],
  ['metrics: their signature', ({ IThing }) => { member(IThing, 'methods', 'metricLoad').parameters[0] = { ...OPTIONS, name: 'props' }; }, ['IThing.metricLoad: isn\'t metricLoad(options?), which gives a Metric']],
  ['metrics: on the interface', ({ Thing }) => { delete member(Thing, 'methods', 'metricLoad').overrides; }, ['Thing.metricLoad: isn\'t on its interface']],
  ['factories: no truths', ({ Kind }) => { Kind.methods.push({ name: 'make', static: true, parameters: [{ name: 'fast', type: { primitive: 'boolean' } }], returns: fqn('lib.Kind') }); }, ['Kind.make: takes the truth fast by its position']],
  ['factories: one struct', ({ Kind }) => { Kind.methods.push({ name: 'make', static: true, parameters: [{ name: 'currency', ...text }, { name: 'amount', ...text }], returns: fqn('lib.Kind') }); }, ['Kind.make: takes currency, amount by their positions, and no struct']],
  ['values: value', ({ Kind }) => { member(Kind, 'properties', 'value').name = 'name'; }, ['Kind: lacks `value`']],
  ['values: of()', ({ Kind }) => { Kind.methods = []; }, ['Kind: lacks of(value)']],
  ['values: names of instance types', ({ Kind }) => { member(Kind, 'properties', 'P5').name = 'ML_P5'; }, ['Kind.ML_P5: is called P5']],
  ['look-ups: what is read is required', ({ ThingLookupProps }) => { member(ThingLookupProps, 'properties', 'thing').optional = true; }, ['ThingLookupProps: says by no required property what is read']],
  ['look-ups: by a text, a selector or a reference', ({ ThingLookupProps }) => { member(ThingLookupProps, 'properties', 'thing').type.fqn = 'lib.IThing'; }, ['ThingLookupProps.thing: is neither a text, a selector nor a reference']],
  ['states: status', ({ Thing }) => { member(Thing, 'properties', 'status').name = 'thingStatus'; }, ['Thing.thingStatus: is called status']],
  ['states: statusReason', ({ ThingLookup }) => { member(ThingLookup, 'properties', 'statusReason').name = 'failureMessage'; }, ['ThingLookup.failureMessage: is called statusReason']],
  ['states: not the reason alone', ({ ThingLookup }) => { ThingLookup.properties.shift(); }, ['ThingLookup: has statusReason, and no status']],
  ['imports: attrs', ({ Thing }) => { member(Thing, 'methods', 'fromThingAttributes').parameters[2].name = 'attributes'; }, ['Thing.fromThingAttributes: isn\'t fromThingAttributes(scope, id, attrs)']],
  ['imports: the name of the ARN', ({ Thing }) => { member(Thing, 'methods', 'fromThingArn').parameters[2].name = 'arn'; }, ['Thing.fromThingArn: isn\'t fromThingArn(scope, id, thingArn)']],
  ['imports: an interface', ({ Thing }) => { member(Thing, 'methods', 'fromThingArn').returns = fqn('lib.Thing'); }, ['Thing.fromThingArn: doesn\'t give an IThing']],
  ['alarms: each can be left out', ({ ThingProps }) => { ThingProps.properties.shift(); }, ['Thing.loadAlarm: no optional property loadAlarm leaves it out']],
  ['alarms: what was left out isn\'t there', ({ Thing }) => { member(Thing, 'properties', 'loadAlarm').optional = false; }, ['Thing.loadAlarm: isn\'t optional, so it can\'t be left out']],
  ['alarms: a reference to a topic', ({ ThingProps }) => { member(ThingProps, 'properties', 'topic').type.fqn = 'aws-cdk-lib.aws_sns.ITopic'; }, ['ThingProps.topic: isn\'t an ITopicRef']],
  ['instance types: their class', ({ ThingProps }) => { member(ThingProps, 'properties', 'instanceType').type = { primitive: 'string' }; }, ['ThingProps.instanceType: is a text, where there is a class']],
  ['instance types: their class, also in lists', ({ ThingProps }) => { ThingProps.properties.push({ name: 'instanceTypes', type: { collection: { elementtype: { primitive: 'string' } } } }); }, ['ThingProps.instanceTypes: is a text, where there is a class']],
  ['enums: from the list', types => { types.Colour = { kind: 'enum' }; }, ['Colour: an enum that isn\'t in the list with a reason: AWS can\'t add to a choice of our own alone']],
  ['enums: the list is that of the enums', types => { delete types.Mode; }, ['Mode: is in the list of enums, and is none']],
  ['names: one each', types => { types.Other = { kind: 'class', locationInModule: { filename: 'src/lib.ts', line: 8 } }; }, ['Other: is exported as ThingLookup, too']],
])('%s', (_, change, found) => {
  expect(judge(change)).toEqual(found);
});

test('an exception is for one finding, and goes with it', () => {
  const broken = structuredClone(GOOD);
  broken.Thing.properties[0].name = 'thingStatus';
  const assembly = { name: 'lib', types: Object.fromEntries(Object.entries(broken).map(([name, type]) => [`lib.${name}`, { fqn: `lib.${name}`, name, ...type }])) } as unknown as Assembly;
  const exceptions = { 'Thing.thingStatus: is called status': 'because', 'Thing.gone: is called status': 'because' };
  expect(judgeConventions(assembly, { Mode: 'our own' }, exceptions)).toEqual(['not found any more: Thing.gone: is called status']);
});

test('nothing is exported under two names', () => {
  const submodules = Object.fromEntries(SUBMODULES.map(({ namespace }) => [namespace, library[namespace as keyof typeof library]]));
  const root = Object.fromEntries(Object.entries(library).filter(([name]) => !(name in submodules)));
  const names = new Map<unknown, string>();
  const again = Object.entries({ '': root, ...submodules }).flatMap(([prefix, exported]) =>
    Object.entries(exported).flatMap(([name, value]) => {
      const other = names.get(value);
      names.set(value, `${prefix}${name}`);
      return other === undefined ? [] : [`${prefix}${name} is ${other}`];
    }));
  expect(names.size).toBeGreaterThan(100);
  expect(again).toEqual([]);
});

/* What isn't in the assembly: a construct, its base and its import are told by their names, and stand in one file. */
describe('base and import classes', () => {
  const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => /^[a-z-]+\/.*\.ts$/.test(name) && !name.startsWith('private/'));
  const sources = Object.fromEntries(names.map(name => [name, readFileSync(join(SRC, name), 'utf8')]));

  test('of the sources hold their conventions', () => {
    expect(judgeClasses(sources)).toEqual([]);
    const found = (pattern: RegExp) => Object.values(sources).flatMap(source => source.match(pattern) ?? []).length;
    expect(found(/^class Imported/gm)).toBe(10);
    expect(found(/^(export )?abstract class \w+ extends Resource/gm)).toBeGreaterThanOrEqual(7);
  });

  const THING = `
    abstract class ThingBase extends Resource {}
    export class Thing extends ThingBase {}
    class ImportedThing extends ThingBase {}
  `;
  const SHARED: Record<string, string> = {
    'sub/thing-base.ts': 'export abstract class ThingBase extends Resource {}',
    'sub/thing.ts': 'export class Thing extends ThingBase {} class ImportedThing extends ThingBase {}',
    'sub/thing-lookup.ts': 'export class ThingLookup extends ThingBase {}',
  };

  test.each<[string, Record<string, string>, string[]]>([
    ['all in one file', { 'sub/thing.ts': THING }, []],
    ['a base that a look-up shares', SHARED, []],
    ['an import by another name', { 'sub/thing.ts': THING.replace('ImportedThing', 'ForeignThing') }, [
      'sub/thing.ts: ForeignThing extends ThingBase and isn\'t exported: it is called ImportedThing',
      'sub/thing.ts: ThingBase isn\'t extended by Thing and ImportedThing',
    ]],
    ['an import in a file of its own', { 'sub/thing.ts': THING.replace(/class Imported.*/, ''), 'sub/imported.ts': 'class ImportedThing extends ThingBase {}' }, [
      'sub/imported.ts: ImportedThing isn\'t in the file of Thing',
      'sub/thing.ts: ThingBase is shared by several files: it is exported by thing-base.ts beside Thing',
    ]],
    ['an import of another base', { 'sub/thing.ts': `${THING.replace('ImportedThing extends ThingBase', 'ImportedThing extends Resource')}` }, [
      'sub/thing.ts: ImportedThing extends neither Thing nor ThingBase',
      'sub/thing.ts: ThingBase isn\'t extended by Thing and ImportedThing',
    ]],
    ['an import that is exported', { 'sub/thing.ts': THING.replace('class ImportedThing', 'export class ImportedThing') }, ['sub/thing.ts: ImportedThing is exported']],
    ['an import before the end', { 'sub/thing.ts': `${THING} function after() {}` }, ['sub/thing.ts: ImportedThing isn\'t the end of the file']],
    ['a base by another name', { 'sub/thing.ts': THING.replaceAll('ThingBase', 'Common') }, [
      'sub/thing.ts: Common isn\'t called like its construct: ThingBase',
      'sub/thing.ts: ImportedThing extends neither Thing nor ThingBase',
    ]],
    ['a base in a file of its own that nobody shares', { ...SHARED, 'sub/thing-lookup.ts': '', 'sub/thing.ts': SHARED['sub/thing.ts'] }, [
      'sub/thing-base.ts: ThingBase is extended in one file: it stands there, and isn\'t exported',
    ]],
    ['a base that is exported for nobody', { 'sub/thing.ts': THING.replace('abstract class', 'export abstract class') }, [
      'sub/thing.ts: ThingBase is extended in one file: it stands there, and isn\'t exported',
    ]],
    ['a shared base in the file of the construct', { 'sub/thing.ts': THING.replace('abstract class', 'export abstract class'), 'sub/thing-lookup.ts': SHARED['sub/thing-lookup.ts'] }, [
      'sub/thing.ts: ThingBase is shared by several files: it is exported by thing-base.ts beside Thing',
    ]],
    ['a shared base in a file by another name', { ...SHARED, 'sub/thing-base.ts': '', 'sub/private/common.ts': SHARED['sub/thing-base.ts'] }, [
      'sub/private/common.ts: ThingBase is shared by several files: it is exported by thing-base.ts beside Thing',
    ]],
  ])('%s', (_, broken, found) => {
    expect(judgeClasses(broken)).toEqual(found);
  });
});
