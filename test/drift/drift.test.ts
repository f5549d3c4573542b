import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import baseline from './baseline.json';
import { DECIDED, USED, WATCHED_OPERATIONS } from './decided';

const ROOT = join(__dirname, '..', '..');

interface Item {
  readonly source: string;
  readonly kind: 'new' | 'gone' | 'changed';
  readonly what: string;
  readonly names: readonly string[];
  readonly was?: string;
  readonly is?: string;
  readonly at: readonly string[];
  readonly holds?: readonly string[];
  readonly places: readonly string[];
  readonly decision?: string;
}

/** Asks the scripts, all questions at once: a start of Node.js takes longer than an answer. */
function ask(...questions: object[]): any[] {
  const output = execFileSync(process.execPath, [join(__dirname, 'play.mjs')], { input: JSON.stringify(questions), encoding: 'utf8', maxBuffer: 100_000_000 });
  return JSON.parse(output);
}

const fixture = (name: string): any => JSON.parse(readFileSync(join(__dirname, 'fixtures', `${name}.json`), 'utf8'));
/** The rows but for those about gateways, whatever somebody decides on them one day. */
const ROWS = DECIDED.filter(({ names }) => !names.includes('Gateway'));
const model = (service: string, older: any, newer: any) => ({ ask: 'model', service, older, newer, rows: ROWS });
const said = ({ kind, what }: Item) => `${kind} ${what}`;

/** A copy with a change. */
function edited<T>(value: T, change: (copy: any) => void): T {
  const copy = structuredClone(value);
  change(copy);
  return copy;
}

describe('botocore 1.44.5 against 1.44.8', () => {
  const [pcs, sagemaker, gone] = ask(
    model('pcs', fixture('pcs-1.44.5'), fixture('pcs-1.44.8')), model('sagemaker', fixture('sagemaker-1.44.5'), fixture('sagemaker-1.44.8')),
    model('pcs', fixture('pcs-1.44.8'), fixture('pcs-1.44.5')),
  ) as Item[][];

  test('AWS PCS has got health checks and job submit plugins, and nothing else', () => {
    expect(pcs.map(said)).toEqual([
      'new member jobSubmitPlugins of ClusterSlurmConfigurationRequest, ClusterSlurmConfiguration',
      'new member instanceHealthChecks of CreateComputeNodeGroupRequest, ComputeNodeGroup, UpdateComputeNodeGroupRequest',
    ]);
  });

  test('each says where it is, what it holds, and which files it concerns', () => {
    const [plugins, checks] = pcs;
    expect(plugins).toMatchObject({
      is: 'list of JobSubmitPlugin, 0..1 entries',
      at: ['CreateCluster: request slurmConfiguration.jobSubmitPlugins', 'CreateCluster: answer cluster.slurmConfiguration.jobSubmitPlugins'],
      holds: expect.arrayContaining(['type: STARLARK', 'scriptSource.scriptLocation']),
      places: expect.arrayContaining(['src/pcs/cluster.ts', 'test/constraints/pcs.ts']),
    });
    expect(checks).toMatchObject({
      holds: expect.arrayContaining(['healthMonitoring.mode: NONE, STANDARD', 'deepHealthChecks.onStart.profile: NONE, QUICK, MEDIUM, LONG']),
      places: expect.arrayContaining(['test/pcs/coverage.ts', 'src/pcs/compute-node-group.ts', 'test/constraints/pcs.ts']),
    });
    expect(checks.at).toContain('CreateComputeNodeGroup, UpdateComputeNodeGroup: request instanceHealthChecks');
  });

  test('SageMaker has got two node statuses and MoveClusterNodes, on which rows decide, and operations of gateways, on which none does', () => {
    const undecided = sagemaker.filter(({ decision }) => decision === undefined).map(said);
    expect(undecided).toEqual([
      'AddInferenceGateway', 'CreateGlobalInferenceGateway', 'DeleteGlobalInferenceGateway', 'DescribeGlobalInferenceGateway', 'ListGlobalInferenceGateways',
      'ListInferenceGateways', 'RemoveInferenceGateway', 'UpdateGlobalInferenceGateway',
    ].map(name => `new operation ${name}`));
    expect(sagemaker.filter(({ decision }) => decision !== undefined).map(said)).toEqual([
      'new operation MoveClusterNodes', 'new value DetachInProgress of ClusterInstanceStatus', 'new value AttachInProgress of ClusterInstanceStatus',
    ]);
  });

  test('the place of a value is where its siblings are spoken of, and that of an undecided operation nowhere', () => {
    const [status] = sagemaker.filter(({ what }) => what.includes('DetachInProgress'));
    expect(status.places.filter(file => /^lambda\/.*\/?nodes\.ts$/.test(file))).toHaveLength(1);
    expect(status.places).toContain('test/hyperpod/coverage.ts');
    expect(sagemaker.find(({ what }) => what.includes('MoveClusterNodes'))!.places).toEqual([expect.stringMatching(/hyperpod-nodes\.ts$/)]);
    expect([...pcs, ...sagemaker].flatMap(({ places }) => places).filter(file => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('the other way round, all of it has gone', () => {
    expect(gone.map(({ kind, is }) => [kind, is])).toEqual([['gone', undefined], ['gone', undefined]]);
    expect(gone.filter(({ decision }) => decision?.startsWith('ours'))).toEqual([]);
  });
});

describe('each kind of change of a service', () => {
  const older = fixture('pcs-1.44.8');
  const change = (edit: (copy: any) => void) => model('pcs', older, edited(older, edit));
  const results = ask(
    model('pcs', older, older),
    change(({ shapes }) => { shapes.CreateClusterRequest.members.colour = { shape: 'String' }; }),
    change(({ shapes }) => { delete shapes.CreateClusterRequest.members.tags; }),
    change(({ shapes }) => { shapes.CreateClusterRequest.required.push('tags'); }),
    change(({ shapes }) => { shapes.Size.enum.push('HUGE'); }),
    change(({ shapes }) => { shapes.Size.enum = shapes.Size.enum.filter((value: string) => value !== 'LARGE'); }),
    change(({ shapes }) => { shapes.ClusterName.max = 99; }),
    change(({ shapes }) => { shapes.ClusterName.pattern = '[a-z]+'; }),
    change(({ operations, shapes }) => {
      shapes.TooColourful = { type: 'structure', members: {} };
      operations.CreateCluster.errors.push({ shape: 'TooColourful' });
    }),
    change(({ operations }) => { operations.CreateCluster.errors.pop(); }),
    change(({ operations }) => { delete operations.CreateComputeNodeGroup; }),
    change(({ operations }) => { operations.PaintCluster = {}; }),
    change(({ operations, shapes }) => {
      shapes.Paint = { type: 'structure', members: { inner: { shape: 'Coat' } } };
      shapes.Coat = { type: 'structure', members: { colour: { shape: 'Colour' } } };
      shapes.Colour = { type: 'string', enum: ['RED', 'BLUE'] };
      shapes.Cluster.members.paint = { shape: 'Paint' };
      operations.Unused = {};
    }),
    change(({ shapes }) => { shapes.ListQueuesRequest.members.colour = { shape: 'String' }; }),
    change(({ shapes }) => { shapes.SlurmCustomSetting.members.parent = { shape: 'SlurmCustomSetting' }; }),
    model('pcs', edited(older, ({ shapes }) => { delete shapes.CreateComputeNodeGroupRequest.members.amiId; }), edited(older, ({ shapes }) => {
      shapes.CreateClusterRequest.members.amiId = { shape: 'AmiId' };
    })),
  ) as Item[][];
  const lines = results.map(items => items.map(({ kind, what, was, is }) => [kind, what, was, is].filter(Boolean).join(' | ')));

  test('none, where nothing has changed', () => expect(lines[0]).toEqual([]));

  test.each<[string, number, unknown[]]>([
    ['a member comes', 1, ['new | member colour of CreateClusterRequest | string']],
    ['a member goes', 2, [expect.stringMatching(/^gone \| member tags of CreateClusterRequest/)]],
    ['a member is required', 3, [expect.stringMatching(/^changed \| member tags of CreateClusterRequest \| map of [^|]* \| map of .*, required$/)]],
    ['a value comes', 4, ['new | value HUGE of Size']],
    ['a value goes', 5, ['gone | value LARGE of Size']],
    ['a length changes', 6, [expect.stringMatching(/^changed \| member clusterName of CreateClusterRequest \| .*characters.* \| string, 3\.\.99 characters/)]],
    ['a pattern changes', 7, [expect.stringMatching(/^changed \| member clusterName of CreateClusterRequest \| .* \| .*pattern \[a-z\]\+/)]],
    ['an error comes', 8, ['new | error TooColourful of CreateCluster']],
    ['an error goes', 9, [expect.stringMatching(/^gone \| error \w+ of CreateCluster$/)]],
    ['an operation in use goes', 10, ['gone | operation CreateComputeNodeGroup']],
    ['an operation comes', 11, ['new | operation PaintCluster']],
  ])('%s', (_name, index, expected) => expect(lines[index]).toEqual(expected));

  test('an operation in use that has gone is undecided, whatever the rows say', () => expect(results[10][0].decision).toBeUndefined());

  test('what lies below something new is told with it', () => {
    expect(lines[12]).toEqual(['new | operation Unused', 'new | member paint of Cluster | Paint']);
    expect(results[12][1].holds).toEqual(['inner.colour: RED, BLUE']);
  });

  test('operations that nobody uses are known by name alone', () => expect(lines[13]).toEqual([]));

  test('a row about a member of one request decides on no other request', () => {
    expect(results[15].map(item => [said(item), item.decision])).toEqual([
      ['new member amiId of CreateClusterRequest', undefined], ['new member amiId of CreateComputeNodeGroupRequest', expect.stringMatching(/^ours: \w+\.image$/)],
    ]);
  });

  test('a shape that holds itself ends', () => expect(lines[14]).toEqual(['new | member parent of SlurmCustomSetting | SlurmCustomSetting']));
});

describe('each kind of change of a schema', () => {
  const older = fixture('AWS-PCS-ComputeNodeGroup');
  const change = (edit: (copy: any) => void) => ({ ask: 'schema', older, newer: edited(older, edit) });
  const results = ask(
    { ask: 'schema', older, newer: older },
    change(({ properties }) => { properties.Colour = { type: 'object', properties: { Red: { type: 'integer' } } }; }),
    change(({ properties }) => { delete properties.SpotOptions; }),
    change(({ createOnlyProperties }) => { createOnlyProperties.push('/properties/AmiId'); }),
    change(schema => { schema.createOnlyProperties = schema.createOnlyProperties.filter((pointer: string) => pointer !== '/properties/Name'); }),
    change(schema => { schema.conditionalCreateOnlyProperties = ['/properties/SubnetIds']; }),
    change(({ readOnlyProperties }) => { readOnlyProperties.push('/properties/NodeLifecycleActions/ScriptCachingPolicy'); }),
    change(schema => { schema.writeOnlyProperties = ['/properties/PurchaseOption']; }),
    change(({ properties }) => { properties.PurchaseOption.enum.push('BARTER'); }),
    change(({ properties }) => { properties.SpotOptions.properties.AllocationStrategy.enum.shift(); }),
    change(({ required }) => { required.push('AmiId'); }),
    change(({ properties }) => { properties.AmiId.pattern = '^ami-.*$'; }),
    change(({ definitions }) => { definitions.InstanceConfig.properties.Colour = { type: 'string' }; }),
    change(schema => { schema.replacementStrategy = 'delete_then_create'; }),
    change(schema => { schema.tagging.tagUpdatable = false; }),
    change(({ properties }) => { properties.AmiId.anyOf = [{ minLength: 1 }]; }),
    change(({ properties }) => { properties.ScalingConfiguration.properties.MaxInstanceCount.maximum = 7; }),
    {
      ask: 'schema',
      older: edited(older, ({ properties }) => { properties.SpotOptions.oneOf = [{ properties: { A: { type: 'string' } } }, { properties: { B: { type: 'string' } } }]; }),
      newer: edited(older, ({ properties }) => { properties.SpotOptions.oneOf = [{ properties: { A: { type: 'string', maxLength: 9 } } }, { properties: { B: { type: 'string' } } }]; }),
    },
  ) as Item[][];
  const lines = results.map(items => items.map(({ kind, what, was, is }) => [kind, what, was, is].filter(Boolean).join(' | ')));

  test('none, where nothing has changed', () => expect(lines[0]).toEqual([]));

  test.each<[string, number, string]>([
    ['a property comes', 1, 'new | property Colour | object'],
    ['a property goes', 2, 'gone | property SpotOptions | object'],
    ['an update replaces', 3, 'changed | property AmiId | string, pattern ^ami-[a-z0-9]+$ | string, pattern ^ami-[a-z0-9]+$, replacement'],
    ['an update no longer replaces', 4, 'changed | property Name | string, replacement | string'],
    ['an update replaces at times', 5, 'changed | property SubnetIds | array, required | array, required, replacement at times'],
    ['a property can only be read', 6, 'changed | property NodeLifecycleActions.ScriptCachingPolicy | string, values | string, values, read only'],
    ['a property can only be written', 7, 'changed | property PurchaseOption | string, values | string, values, write only'],
    ['a value comes', 8, 'new | value BARTER of PurchaseOption'],
    ['a value goes', 9, 'gone | value lowest-price of SpotOptions.AllocationStrategy'],
    ['a property is required', 10, 'changed | property AmiId | string, pattern ^ami-[a-z0-9]+$ | string, pattern ^ami-[a-z0-9]+$, required'],
    ['a pattern changes', 11, 'changed | property AmiId | string, pattern ^ami-[a-z0-9]+$ | string, pattern ^ami-.*$'],
    ['a property of a definition comes', 12, 'new | property InstanceConfigs[].Colour | string'],
    ['the order of a replacement changes', 13, 'changed | the type | tags in place | replacement: delete_then_create, tags in place'],
    ['tags can no longer be changed', 14, 'changed | the type | tags in place | tags at creation only'],
    ['properties are combined', 15, 'changed | property AmiId | string, pattern ^ami-[a-z0-9]+$ | string, pattern ^ami-[a-z0-9]+$, anyOf [{"minLength":1}]'],
    ['a property of one of several alternatives changes', 17, 'changed | property SpotOptions.A | string | string, ..9 characters'],
    ['a range changes', 16, 'changed | property ScalingConfiguration.MaxInstanceCount | integer, 0.., required | integer, 0..7, required'],
  ])('%s', (_name, index, expected) => expect(lines[index]).toEqual([expected]));

  test('it concerns the coverage table, the resource and the table of constraints', () => {
    expect(results[3][0].places).toEqual(['test/pcs/coverage.ts', 'src/pcs/compute-node-group.ts', 'test/constraints/pcs.ts']);
    expect(results[1][0].holds).toEqual(['Red']);
  });

  test('by the command, an edited schema is compared with what is recorded, and news is no failure', () => {
    const folder = mkdtempSync(join(tmpdir(), 'drift-'));
    try {
      const [file, document] = [join(folder, 'edited.json'), join(folder, 'drift.json')];
      writeFileSync(file, JSON.stringify(edited(older, ({ properties }) => { properties.Colour = { type: 'string' }; })));
      const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'drift.mjs'), '--schema', file, '--json', document], { encoding: 'utf8' });
      expect(status).toBe(0);
      expect(stdout).toContain('new AWS::PCS::ComputeNodeGroup: property Colour: string');
      expect(JSON.parse(readFileSync(document, 'utf8')).items).toContainEqual(expect.objectContaining({ source: 'AWS::PCS::ComputeNodeGroup', kind: 'new', names: ['Colour'] }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test.each([
    ['a type that is not rendered', ['--schema', 'FILE'], 'nothing is recorded of AWS::S3::Bucket'],
    ['one version alone', ['--from', 'botocore@1.44.5'], '--to takes botocore@<version>'],
    ['two packages', ['--from', 'botocore@1.44.5', '--to', 'aws-cdk-lib@2.263.0'], 'need the same package'],
  ])('by the command, %s is refused', (_name, args, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'drift-'));
    try {
      const file = join(folder, 'bucket.json');
      writeFileSync(file, JSON.stringify({ typeName: 'AWS::S3::Bucket', properties: {} }));
      const { status, stderr, stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'drift.mjs'), ...args.map(arg => arg === 'FILE' ? file : arg)], { encoding: 'utf8' });
      expect(status).toBe(1);
      expect(`${stdout}${stderr}`).toContain(words);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the oldest aws-cdk-lib against the newest', () => {
  const [items, back] = ask({ ask: 'l1s', older: 'aws-cdk-lib', newer: 'cdk-newest' }, { ask: 'l1s', older: 'cdk-newest', newer: 'aws-cdk-lib' }) as Item[][];
  const page = readFileSync(join(ROOT, 'decisions', '0001-peer-floor.md'), 'utf8');
  const ofOurs = items.filter(({ kind, decision }) => kind === 'changed' || decision?.startsWith('ours'));
  const lastWord = ({ names }: Item) => names[0].split('.').at(-1)!;

  test('what the floor lacks of ours stands in decisions/0001, and nothing else does', () => {
    const rows = page.split('\n').filter(line => /^\| 2\.\d+/.test(line)).slice(1).join('\n');
    const listed = [...rows.matchAll(/`([\w.]+)`/g)].map(([, name]) => name.split('.').at(-1)!);
    expect([...listed].sort()).toEqual(ofOurs.map(lastWord).sort());
  });

  test('a class that the floor lacks, and a property that the class of the floor drops, concern the file that renders it', () => {
    const places = (name: string) => ofOurs.find(item => lastWord(item) === name)?.places;
    expect(places('CfnComputeQuota')).toEqual(expect.arrayContaining(['src/hyperpod/private/rendering/l1.ts', 'decisions/0001-peer-floor.md']));
    expect(places('gresCustomSettings')).toEqual(expect.arrayContaining(['src/pcs/private/l1-gaps.ts', 'test/pcs/coverage.ts']));
    expect(places('accountingDatabase')).toEqual(expect.arrayContaining(['src/hyperpod/private/rendering/cfn-cluster.ts', 'test/hyperpod/coverage.ts']));
  });

  test('nothing is undecided', () => expect(items.filter(({ kind, decision }) => kind === 'new' && decision === undefined)).toEqual([]));

  test('the other way round, everything has gone', () => {
    expect(back.filter(({ kind }) => kind === 'gone').map(lastWord)).toEqual(expect.arrayContaining(['CfnComputeQuota', 'gresCustomSettings']));
  });
});

describe('recording', () => {
  const [pcs, sagemaker] = ask(
    {
      ask: 'update',
      rows: ROWS,
      service: 'pcs',
      older: edited(fixture('pcs-1.44.8'), ({ shapes, operations }) => {
        shapes.ClusterName.max = 99;
        operations.GoneWithTheWind = {};
      }),
      newer: edited(fixture('pcs-1.44.8'), ({ shapes }) => {
        shapes.Cluster.members.paint = { shape: 'Paint' };
        shapes.Paint = { type: 'structure', members: { colour: { shape: 'Colour' } } };
        shapes.Colour = { type: 'string', enum: ['RED'] };
      }),
    },
    { ask: 'update', rows: ROWS, service: 'sagemaker', older: fixture('sagemaker-1.44.5'), newer: fixture('sagemaker-1.44.8') },
  ) as Item[][];

  test('takes what has changed or gone', () => expect(pcs.filter(({ kind }) => kind !== 'new')).toEqual([]));

  test('leaves what is new and has no row, which stays news', () => {
    expect(pcs.map(said)).toEqual(['new member paint of Cluster']);
    expect(sagemaker).toHaveLength(8);
    expect(sagemaker.every(({ what, decision }) => what.includes('InferenceGateway') && decision === undefined)).toBe(true);
  });
});

describe('versions and the catalogue', () => {
  const pin = { registry: 'npm', name: 'aws-cdk', version: '2.1148.1', place: '.projenrc.ts' };
  const served = { newest: { 'npm': '2.276.0', 'PyPI': '2.275.0', 'Maven Central': '2.272.0', 'Go proxy': '2.277.0' }, all: '2.270.0' };
  const recorded = { 'npm': { 'aws-cdk': '2.1148.1' }, 'all four registries': { 'aws-cdk-lib': '2.270.0' } };
  const asked = (newest: string | undefined) => [{ ...pin, newest }];
  const known = {
    hyperPod: ['p5.48xlarge', 'gone.large'],
    trainingPlans: ['p5.48xlarge'],
    types: { 'p5.48xlarge': { interfaces: 64 }, 'c5.large': { interfaces: 3 } },
    corrections: {},
  };
  const catalogue = {
    known,
    offers: { hyperPod: ['p5.48xlarge', 'p9.48xlarge'], trainingPlans: ['p5.48xlarge'] },
    names: ['p5.48xlarge', 'c5.large', 'p9.48xlarge', 'p9.96xlarge'],
    limits: { 'p5.48xlarge': { interfaces: 32 }, 'c5.large': { interfaces: 3 }, 'c9.large': { interfaces: 3 } },
  };
  const results = ask(
    { ask: 'versions', recorded, found: { asked: asked('2.1148.1'), served, floor: '2.263.0' } },
    { ask: 'versions', recorded, found: { asked: asked('2.1200.0'), served, floor: '2.263.0' } },
    { ask: 'versions', recorded: { ...recorded, npm: { 'aws-cdk': '2.1200.0' } }, found: { asked: asked('2.1200.0'), served, floor: '2.263.0' } },
    { ask: 'versions', recorded, found: { asked: asked('2.1100.0'), served, floor: '2.263.0' } },
    { ask: 'versions', recorded, found: { asked: asked(undefined), served: { ...served, all: '2.272.0' }, floor: '2.263.0' } },
    { ask: 'catalogue', recorded: {}, catalogue },
    { ask: 'newest', versions: ['2.99.0', '2.276.0', '3.0.0-rc.1', '2.100.0'] },
    { ask: 'sorted', versions: ['24.11.5-4+deb13u1', '24.11.5-4', '2.276.0', '24.9'] },
    { ask: 'pins' },
    { ask: 'latest', outdated: { 'aws-cdk': { latest: '3.0.0' }, 'constructs': [{ latest: '10.8.1' }, { latest: '10.8.1' }], 'cdk-newest:aws-cdk-lib@2.276.0': { latest: '2.280.0' } } },
    { ask: 'catalogueTwice', catalogue: { ...catalogue, offers: { hyperPod: known.hyperPod, trainingPlans: known.trainingPlans } } },
  );

  test('a version that the pin has, or that was recorded, or that is older is no news', () => {
    expect([results[0], results[2], results[3]]).toEqual([[], [], []]);
  });

  test('a newer version is news, with the file of its pin', () => {
    expect(results[1]).toEqual([expect.objectContaining({ what: 'aws-cdk of npm', was: '2.1148.1', is: '2.1200.0', places: ['.projenrc.ts'] })]);
  });

  test('what all four registries serve is news for the floor', () => {
    expect(results[4]).toEqual([expect.objectContaining({ what: 'aws-cdk-lib of all four registries', was: '2.270.0', is: '2.272.0', places: ['decisions/0001-peer-floor.md'] })]);
  });

  test('types that are offered, no longer offered, unknown, or that have other limits are told', () => {
    expect(results[5].map(said)).toEqual([
      'new p9.48xlarge, which HyperPod takes', 'gone gone.large, which HyperPod takes', 'new p9 among the types that EC2 has: p9.48xlarge, p9.96xlarge',
      'changed p5.48xlarge, by the limits of the VPC CNI', 'new c9 among the limits of the VPC CNI: c9.large',
    ]);
    expect(results[10]).toEqual([]);
  });

  test('versions are compared by number, without those before a release', () => {
    expect(results[6]).toBe('2.276.0');
    expect(results[7]).toEqual(['2.276.0', '24.9', '24.11.5-4', '24.11.5-4+deb13u1']);
  });

  test('npm tells the latest of a package once, or once for each package that asks for it', () => {
    expect(results[9]).toEqual({ 'aws-cdk': '3.0.0', 'constructs': '10.8.1', 'cdk-newest': '2.280.0' });
  });

  test('the judges, the emulator and the CDK CLI are watched, each with its place', () => {
    const pins: { name: string; version: string; place: string }[] = results[8];
    expect(pins.map(({ name }) => name)).toEqual(expect.arrayContaining(['aws-cdk', 'cdk-newest', 'cdk-nag', 'awslint', 'botocore', 'cfn-lint', 'ministack', 'slurmctld']));
    const unheld = pins.filter(({ version, place }) => !/^\d/.test(version) || !readFileSync(join(ROOT, place), 'utf8').includes(version));
    expect(unheld).toEqual([]);
  });
});

describe('the report', () => {
  const result = {
    sources: ['botocore 1.44.8'],
    notes: ['A note.'],
    items: [
      { source: 'pcs', kind: 'new', what: 'operation PaintCluster', names: [], at: [], places: ['src/pcs/cluster.ts'] },
      { source: 'pcs', kind: 'changed', what: 'member a of B', names: [], was: 'string, pattern `x`', is: 'integer', at: ['C: request a'], places: [] },
      { source: 'pcs', kind: 'new', what: 'operation D', names: [], at: [], places: [], decision: 'not ours: no use', decidedIn: 'test/drift/decided.ts' },
    ],
  };
  const [text, none, markdown, short] = ask(
    { ask: 'text', ...result }, { ask: 'text', ...result, items: [] }, { ask: 'markdown', ...result }, { ask: 'markdown', ...result, longest: 420 },
  ) as string[];

  test('tells what nobody has decided on first, then what has changed, then what a row decides', () => {
    expect(text).toMatch(/new pcs: operation PaintCluster\n {6}concerns src\/pcs\/cluster\.ts\n[^]*changed pcs: member a of B: string, pattern `x` became integer\n {6}at C: request a\n[^]*new pcs: operation D\n {6}not ours: no use/);
    expect(text.endsWith('A note.')).toBe(true);
  });

  test('says so where there is nothing', () => expect(none).toContain('Nothing is new, gone or changed.'));

  test('is Markdown in which no text of a model breaks out, and fits an issue', () => {
    expect(markdown).toContain('- `changed pcs: member a of B: string, pattern \'x\' became integer`\n  - `at C: request a`');
    expect(short.length).toBeLessThan(420 + 120);
    expect(short).toMatch(/- `new pcs: operation PaintCluster`[^]*The list is longer than an issue/);
  });
});

/* aws-cdk-lib has types of which no schema is recorded: they aren't looked for in `each name of a row`. */
describe('the tables', () => {
  const facts = baseline.facts as unknown as Record<string, Record<string, string[] | Record<string, string>>>;
  const partsOf = (source: string, subject: string) => [facts[source]?.[subject] ?? []]
    .flatMap(parts => Array.isArray(parts) ? parts : Object.keys(parts));
  const beside = DECIDED.filter(row => row.beside !== undefined);
  const [used, ...places] = ask({ ask: 'used' }, ...beside.map(row => ({ ask: 'places', service: row.source, name: row.beside })));

  test('each operation that is used through CloudFormation is one of the service', () => {
    const unknown = USED.flatMap(({ service, operations }) => operations.split(' ').filter(name => !partsOf(service, 'operations').includes(name)));
    expect(unknown).toEqual([]);
  });

  test('each operation of AWS PCS, and of SageMaker\'s clusters, quotas and plans, is used or has a row', () => {
    const ours = /Cluster|ComputeQuota|TrainingPlan|ReservedCapacity|UltraServer/;
    const open = ['pcs', 'sagemaker', 'ec2'].flatMap(service => partsOf(service, 'operations')
      .filter(name => service === 'pcs' || (service === 'ec2' ? WATCHED_OPERATIONS.ec2 : ours).test(name))
      .filter(name => !used[service].includes(name) && !DECIDED.some(row => row.source === service && row.names.split(' ').includes(name)))
      .map(name => `${service} ${name}`));
    expect(open).toEqual([]);
  });

  test('an operation that is used has no row that says why not', () => {
    const both = DECIDED.filter(({ source, verdict }) => 'why' in verdict && used[source])
      .flatMap(({ source, names }) => names.split(' ').filter(name => used[source].includes(name)));
    expect(both).toEqual([]);
  });

  test('each name of a row is one that the services have', () => {
    const operationsAndMembers = (source: string) => Object.keys(facts[source] ?? {}).flatMap(subject => partsOf(source, subject)
      .flatMap(part => [part, `${subject}.${part}`, `${subject}=${part}`]));
    const idle = DECIDED.filter(({ source }) => !['types', 'aws-cdk-lib'].includes(source)).flatMap(row => {
      const candidates = operationsAndMembers(row.source);
      return row.names.split(' ').filter(name => !candidates.some(candidate => new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(candidate)));
    });
    expect(idle).toEqual([]);
  });

  test('each row beside an operation or a type has its place there', () => {
    expect(places.length).toBeGreaterThan(5);
    expect(beside.filter((_, index) => places[index].length === 0)).toEqual([]);
  });
});
