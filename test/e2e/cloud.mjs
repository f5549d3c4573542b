// One local AWS: the emulator, the fake of SageMaker, and an environment in which `cdk` sees nothing else.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../../scripts/lib/import-typescript.mjs';
import { listeningBeyondLoopback } from './listening.mjs';
import { run, start, startedGroups } from './processes.mjs';
import { Advice, virtualPython } from './python.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const WORK = join(ROOT, '.e2e');
const CDK = join(ROOT, 'node_modules', '.bin', 'cdk');

export const REGION = 'us-east-1';
export const ACCOUNT = '111122223333'; // the one that examples of purchases are pinned to
const SECRET = 'test'; // functions sign with it, and the fake computes their signatures again

/** The time of the service when a run begins: before the windows of the examples, whenever that is. */
const SERVICE_TIME = Date.parse('2026-11-25T00:00:00Z');

/** What the examples look up, under several names: it has begun. */
const PLAN = {
  Status: 'Active',
  StartTime: '2026-11-09T11:30:00Z',
  EndTime: '2027-02-01T11:30:00Z',
  DurationHours: 2016,
  UpfrontFee: '1000000.00',
  CurrencyCode: 'USD',
  TotalInstanceCount: 8,
  AvailableInstanceCount: 0,
  InUseInstanceCount: 8,
  ReservedCapacitySummaries: [{
    ReservedCapacityArn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:reserved-capacity/e2e000000001`,
    InstanceType: 'ml.p5.48xlarge',
    TotalInstanceCount: 8,
    Status: 'Active',
    AvailabilityZone: 'us-east-1a',
  }],
};

/** What is on offer, in the window and below the cap of the examples that buy: the dearer one is found first. */
const OFFERING = {
  TargetResources: ['hyperpod-cluster'],
  DurationHours: 336,
  UpfrontFee: '119000.00',
  CurrencyCode: 'USD',
  ReservedCapacityOfferings: [{
    ReservedCapacityType: 'Instance',
    InstanceType: 'ml.p5.48xlarge',
    InstanceCount: 4,
    AvailabilityZone: 'us-east-1a',
    DurationHours: 336,
    StartTime: '2026-12-08T11:30:00Z',
    EndTime: '2026-12-22T11:30:00Z',
  }],
};
const OFFERINGS = [
  { ...OFFERING, TrainingPlanOfferingId: 'tpo-e2e-dearer' },
  { ...OFFERING, TrainingPlanOfferingId: 'tpo-e2e-cheaper', UpfrontFee: '110000.00' },
];

/** The plan that an example extends: it was bought before, and begins within the 56 days in which a plan can be extended. */
const EXTENDED = {
  name: 'llm-2026-q4',
  arn: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:training-plan/llm-2026-q4`,
  offering: {
    ...OFFERING,
    TrainingPlanOfferingId: 'tpo-e2e-extended',
    DurationHours: 672,
    ReservedCapacityOfferings: [{
      ...OFFERING.ReservedCapacityOfferings[0], DurationHours: 672, StartTime: '2026-12-18T11:30:00Z', EndTime: '2027-01-15T11:30:00Z',
    }],
  },
  fee: '220000.00',
  at: SERVICE_TIME - 86_400_000,
  tags: new Map(),
  extensions: [],
};

/** A week of it. */
const EXTENSION = {
  TrainingPlanExtensionOfferingId: 'tpeo-e2e-first',
  AvailabilityZone: 'us-east-1a',
  StartDate: '2027-01-15T11:30:00Z',
  EndDate: '2027-01-22T11:30:00Z',
  DurationHours: 168,
  UpfrontFee: '55000.00',
  CurrencyCode: 'USD',
};
const EXTENSIONS = [
  { ...EXTENSION, TrainingPlanExtensionOfferingId: 'tpeo-e2e-dearer', UpfrontFee: '59000.00' },
  EXTENSION,
  { ...EXTENSION, TrainingPlanExtensionOfferingId: 'tpeo-e2e-second', StartDate: EXTENSION.EndDate, EndDate: '2027-01-29T11:30:00Z' },
];

/** How long a plan waits for its payment, so that the state machine of a purchase has something to wait for. */
const PAYMENT_MS = 5_000;

/** How often another port is tried when somebody else took the one that was free. */
const START_ATTEMPTS = 3;
const HEALTH_SECONDS = 60;

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Apps import the compiled package, and its assets are the bundled handlers: what is missing or older than its source is built. */
function buildLibrary() {
  const sources = ['src', 'lambda'].flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true }).map(file => join(ROOT, folder, file)));
  const newest = Math.max(...sources.map(file => statSync(file).mtimeMs));
  for (const [script, result] of [['bundle', 'assets/lookup/index.js'], ['compile', '.jsii']]) {
    const file = join(ROOT, result);
    if (existsSync(file) && statSync(file).mtimeMs >= newest) { continue; }
    console.log(`npm run ${script}`);
    const { status } = spawnSync('npm', ['run', '--silent', script], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) { throw new Advice(`npm run ${script} ended with ${status}`); }
  }
}

/** Folders of earlier runs whose program has ended. */
function removeOldRuns() {
  for (const name of existsSync(join(WORK, 'runs')) ? readdirSync(join(WORK, 'runs')) : []) {
    try {
      process.kill(Number(name), 0);
    } catch (error) {
      if (error.code === 'ESRCH') {
        rmSync(join(WORK, 'runs', name), { recursive: true, force: true });
      }
    }
  }
}

export class LocalCloud {
  /** Starts everything and waits until it answers. */
  static async start() {
    buildLibrary();
    const python = await virtualPython(WORK, join(ROOT, 'test', 'e2e', 'requirements.txt'), { what: 'the emulator', purpose: 'The local deploy' });
    removeOldRuns();
    rmSync(LocalCloud.folder, { recursive: true, force: true }); // of a run long ago that had our process id
    const cloud = new LocalCloud(python);
    for (const name of ['home', 'tmp', 'state', 's3', 'logs']) {
      mkdirSync(join(cloud.folder, name), { recursive: true });
    }
    await cloud.#startFake();
    await cloud.#startEmulator();
    const open = listeningBeyondLoopback(startedGroups());
    if (open.length > 0) {
      throw new Error(`something listens beyond loopback: ${open.join(', ')}`);
    }
    return cloud;
  }

  /** Where this run keeps its files. */
  static folder = join(WORK, 'runs', String(process.pid));

  /** Removes the files of this run, except after a failure that somebody will want to read about. */
  static cleanUp(failure) {
    const logs = join(LocalCloud.folder, 'logs');
    if (failure !== undefined && !failure.isSignal && existsSync(logs)) {
      console.error(`Logs: ${relative(ROOT, logs)}`);
    } else {
      rmSync(LocalCloud.folder, { recursive: true, force: true });
    }
  }

  constructor(python) {
    this.python = python;
    this.folder = LocalCloud.folder;
    this.typesLog = this.path('logs', 'types.jsonl');
    this.answersLog = this.path('logs', 'answers.jsonl');
    this.judgements = this.path('logs', 'judgements.jsonl');
    const { PATH, LANG = 'C.UTF-8', TERM = 'dumb' } = process.env;
    /* Not our environment: no profile, credential, proxy or setting of the user gets in, and no file of theirs is touched. */
    this.environment = {
      PATH,
      LANG,
      TERM,
      HOME: this.path('home'),
      CDK_HOME: this.path('home', '.cdk'),
      TMPDIR: this.path('tmp'),
      AWS_CONFIG_FILE: this.path('home', 'no-config'),
      AWS_SHARED_CREDENTIALS_FILE: this.path('home', 'no-credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
    };
  }

  path(...parts) {
    return join(this.folder, ...parts);
  }

  async #startFake() {
    const { FakeAws } = await importTypeScript(join(ROOT, 'test', 'aws', 'server.ts'));
    /* The emulator brings botocore, whose models judge all requests; the conformance run may name newer ones. */
    const find = 'import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), "data"))';
    const models = {
      AWS_SERVICE_MODELS: process.env.AWS_SERVICE_MODELS ?? execFileSync(this.python, ['-c', find], { encoding: 'utf8' }).trim(),
      AWS_SERVICE_MODELS_LOG: this.judgements,
    };
    const ahead = SERVICE_TIME - Date.now();
    this.fake = await new FakeAws({ account: ACCOUNT, secrets: { [ACCOUNT]: SECRET }, models, plansTime: () => Date.now() + ahead }).start();
    this.fake.answerAsSlurm();
    const { trainingPlans } = this.fake.sagemaker;
    trainingPlans.offerings.push(...OFFERINGS);
    trainingPlans.behave({ pending: PAYMENT_MS });
    trainingPlans.purchases.push({ ...EXTENDED, behaviour: trainingPlans.behaviour });
    trainingPlans.extensionOfferings.set(EXTENDED.name, EXTENSIONS);
    this.addPlan('llm-2026-q1');
    this.addPlan('serving-2026-q1', ['endpoint']);
  }

  async #startEmulator() {
    const log = this.path('logs', 'emulator.log');
    for (let attempt = 1; ; attempt++) {
      const port = await freePort();
      this.endpoint = `http://127.0.0.1:${port}`;
      const { child, ended } = start(this.python, [join(ROOT, 'test', 'e2e', 'emulator.py')], {
        log,
        cwd: this.folder,
        env: {
          ...this.environment,
          BIND_HOST: '127.0.0.1',
          MINISTACK_HOST: '127.0.0.1',
          GATEWAY_PORT: String(port),
          MINISTACK_ACCOUNT_ID: ACCOUNT,
          MINISTACK_REGION: REGION,
          IOT_MTLS_ENABLED: '0', // it would listen on all interfaces
          SFTP_ENABLED: '0', // and so would this
          LAMBDA_EXECUTOR: 'local', // functions run in Node on this machine, without containers
          SFN_WAIT_SCALE: '0', // state machines don't wait
          PERSIST_STATE: '0',
          STATE_DIR: this.path('state'),
          S3_DATA_DIR: this.path('s3'),
          PYTHONDONTWRITEBYTECODE: '1',
          AWS_ENDPOINT_URL_SAGEMAKER: this.fake.url, // functions inherit these, and the SDK in them follows them
          AWS_ENDPOINT_URL_PCS: this.fake.url,
          AWS_ENDPOINT_URL_SECRETS_MANAGER: this.fake.url,
          E2E_TYPES_LOG: this.typesLog,
          E2E_ANSWERS_LOG: this.answersLog,
          E2E_FAKE_URL: this.fake.url,
        },
      });
      if (await this.#answers(`${this.endpoint}/_ministack/health`, child)) {
        return;
      }
      await ended;
      const said = readFileSync(log, 'utf8');
      if (attempt === START_ATTEMPTS || !said.includes('is already in use')) {
        throw new Advice(`The emulator didn't start. What it said:\n${said.trim().split('\n').slice(-20).join('\n')}`);
      }
    }
  }

  /** Waits for an answer. False: the program ended first. */
  async #answers(url, child) {
    for (const end = Date.now() + HEALTH_SECONDS * 1_000; Date.now() < end; await sleep(100)) {
      if (child.exitCode !== null || child.signalCode !== null) {
        return false;
      }
      if (await fetch(url).then(answer => answer.ok, () => false)) {
        return true;
      }
    }
    throw new Error(`no answer from ${url} after ${HEALTH_SECONDS} s`);
  }

  /** Runs the unmodified CDK command line tool and returns its exit code. */
  async cdk(args, { cwd = this.folder, log, env: more } = {}) {
    const env = {
      ...this.environment,
      ...more,
      AWS_ENDPOINT_URL: this.endpoint,
      CI: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      NODE_NO_WARNINGS: '1', // of the SDK inside the CLI, about versions of Node
    };
    return run(CDK, ['--no-notices', ...args], { cwd, log, env });
  }

  async bootstrap(options) {
    return this.cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], options);
  }

  /** Calls a service of the emulator by the query protocol, and returns the XML of its answer, also of an error. */
  async query(service, action, parameters = {}) {
    const { text } = await this.#call(service, 'application/x-www-form-urlencoded', new URLSearchParams({ Action: action, ...parameters }));
    return text;
  }

  /** Calls a service of the emulator by the JSON protocol. */
  async json(service, target, input) {
    const { ok, text } = await this.#call(service, 'application/x-amz-json-1.1', JSON.stringify(input), { 'x-amz-target': target });
    if (!ok) {
      throw new Error(`${target}: ${text}`);
    }
    return text === '' ? {} : JSON.parse(text);
  }

  async #call(service, contentType, body, headers = {}) {
    const credential = `test/20260101/${REGION}/${service}/aws4_request`; // the emulator reads the service from it
    const answer = await fetch(this.endpoint, {
      method: 'POST',
      body,
      headers: {
        'content-type': contentType,
        'authorization': `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=none`,
        ...headers,
      },
    });
    return { ok: answer.ok, text: await answer.text() };
  }

  /** The status and the outputs of a stack; nothing where there is no such stack. */
  async stack(name) {
    const xml = await this.query('cloudformation', 'DescribeStacks', { StackName: name });
    const [status] = texts(xml, 'StackStatus');
    if (status === undefined) {
      return undefined;
    }
    const keys = texts(xml, 'OutputKey');
    const values = texts(xml, 'OutputValue');
    return { status, outputs: Object.fromEntries(keys.map((key, index) => [key, values[index]])) };
  }

  /** What exists: ids by kind, of the services that examples use. */
  async inventory() {
    const found = {};
    for (const [service, action, element] of INVENTORY) {
      found[element] = texts(await this.query(service, action, service === 'iam' ? { Version: '2010-05-08' } : { Version: '2016-11-15' }), element).sort();
    }
    const gateways = await this.query('ec2', 'DescribeNatGateways', { Version: '2016-11-15' });
    found.natGatewayId = [...gateways.matchAll(/<natGatewayId>([^<]*)<[^]*?<state>([^<]*)</g)]
      .filter(([, , state]) => state !== 'deleted') // these are shown for a while, as in EC2
      .map(([, id]) => id);
    const { logGroups } = await this.json('logs', 'Logs_20140328.DescribeLogGroups', {});
    found.logGroupName = logGroups.map(group => group.logGroupName).sort();
    const functions = await (await fetch(`${this.endpoint}/2015-03-31/functions/`)).json();
    found.functionName = functions.Functions.map(one => one.FunctionName).sort();
    found.standIns = Object.keys(this.standIns());
    const { ComputeQuotaSummaries: quotas } = this.fake.sagemaker.quotas.list({ MaxResults: 100 }, { account: ACCOUNT, region: REGION });
    found.fake = [
      ...this.fake.pcs.clusters.map(cluster => cluster.id),
      ...this.fake.sagemaker.changes.kept.map(({ arn }) => arn),
      ...this.fake.sagemaker.endpoints.names,
      ...this.fake.fsx.ids,
      ...this.fake.logs.ids,
      ...this.fake.slurm.accounts.map(({ name }) => `account ${name}`),
      ...this.fake.slurm.qos.map(({ name }) => `QOS ${name}`),
      ...quotas.filter(({ Status }) => Status !== 'Deleted').map(({ ComputeQuotaArn }) => ComputeQuotaArn),
    ];
    return found;
  }

  /** The resources of types that the emulator lacks, by id: what a rolled back update must leave as it was. */
  standIns() {
    const live = {};
    for (const { op, type, id, properties } of this.standInCalls()) {
      if (op === 'delete') {
        delete live[id];
      } else {
        live[id] = { type, properties };
      }
    }
    return live;
  }

  /** The calls of these resource types, in order. */
  standInCalls() {
    return lines(this.typesLog);
  }

  /** How long custom resources took to answer, from the call of their function on, in order. */
  answers() {
    return lines(this.answersLog);
  }

  /** Lets look-ups find a plan of a name. */
  addPlan(name, targets = ['hyperpod-cluster']) {
    this.fake.sagemaker.plans.set(name, { ...PLAN, TrainingPlanName: name, TargetResources: targets });
  }

  /** What the service models said of each request to the fake, in order. */
  judged() {
    return lines(this.judgements);
  }
}

const INVENTORY = [
  ['ec2', 'DescribeVpcs', 'vpcId'],
  ['ec2', 'DescribeSubnets', 'subnetId'],
  ['ec2', 'DescribeSecurityGroups', 'groupId'],
  ['ec2', 'DescribeLaunchTemplates', 'launchTemplateId'],
  ['ec2', 'DescribePlacementGroups', 'groupName'],
  ['ec2', 'DescribeAddresses', 'allocationId'],
  ['ec2', 'DescribeInternetGateways', 'internetGatewayId'],
  ['ec2', 'DescribeRouteTables', 'routeTableId'],
  ['iam', 'ListRoles', 'RoleName'],
  ['iam', 'ListInstanceProfiles', 'InstanceProfileName'],
];

/** How many resources there are of each type. */
export function countByType(resources) {
  const counts = {};
  resources.forEach(({ type }) => { counts[type] = (counts[type] ?? 0) + 1; });
  return counts;
}

/** The lines of a log of JSON. */
function lines(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line)) : [];
}

const ENTITIES = { quot: '"', apos: '\'', lt: '<', gt: '>', amp: '&' };

/** The texts of an element, in order. Enough for the flat answers read here. */
export function texts(xml, element) {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))]
    .map(([, text]) => text.replace(/&(quot|apos|lt|gt|amp);/g, (_, name) => ENTITIES[name]));
}
