import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ec2, ec2Error } from './ec2';
import { Faults, type Fault } from './faults';
import { FileSystems } from './file-systems';
import { Judge } from './judge';
import { LogDeliveries } from './log-deliveries';
import { objectError, objectPath, Objects } from './objects';
import { Parameters } from './parameters';
import { Pcs } from './pcs';
import { ResourceTypes, type Provisioned } from './resource-types';
import { SageMaker } from './sagemaker';
import { SecretsManager } from './secrets';
import { ServiceError, type Place } from './service';
import { SignatureError, canonicalRequest, mismatch, verify, type Secrets, type SignedRequest } from './sigv4';
import { SlurmRestd } from './slurm-rest';
import { Stacks, stacksError } from './stacks';
import { StateTables } from './state-table';

/** A request that the fake has seen. */
export interface Seen {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly region: string;
  /** What the SDK says about its attempts: `attempt=2; max=12`. */
  readonly attempt?: string;
  readonly fault?: Fault['kind'];
  /** When its caller signed it, by the caller's clock. */
  readonly at: number;
}

export interface FakeAwsOptions {
  /** @default '111122223333' */
  readonly account?: string;
  /** The keys whose signatures are computed again. @default - only the form of signatures is checked */
  readonly secrets?: Secrets;
  /** @default - a free one */
  readonly port?: number;
  /** Where the models of the services are, and where the judge writes. @default - AWS_SERVICE_MODELS and AWS_SERVICE_MODELS_LOG */
  readonly models?: NodeJS.ProcessEnv;
  /** The time of training plans. @default - what callers believe, see `now` */
  readonly plansTime?: () => number;
}

/** How requests to a service are told from others, and how their answers are written. */
interface Service {
  readonly signingName: string;
  readonly contentType: string;
  /** What stands before the operation in `X-Amz-Target`. None where requests are forms. */
  readonly target?: string;
}

const SERVICES = {
  sagemaker: { signingName: 'sagemaker', contentType: 'application/x-amz-json-1.1', target: 'SageMaker' },
  secretsmanager: { signingName: 'secretsmanager', contentType: 'application/x-amz-json-1.1', target: 'secretsmanager' },
  ssm: { signingName: 'ssm', contentType: 'application/x-amz-json-1.1', target: 'AmazonSSM' },
  pcs: { signingName: 'pcs', contentType: 'application/x-amz-json-1.0', target: 'AWSParallelComputingService' },
  dynamodb: { signingName: 'dynamodb', contentType: 'application/x-amz-json-1.0', target: 'DynamoDB_20120810' },
  s3: { signingName: 's3', contentType: 'application/xml' },
  ec2: { signingName: 'ec2', contentType: 'application/x-www-form-urlencoded' },
  cloudformation: { signingName: 'cloudformation', contentType: 'application/x-www-form-urlencoded' },
} satisfies Record<string, Service>;

/** Where an engine of CloudFormation sends changes of resources whose types it lacks. */
const PROVISIONING_PATH = '/cloudformation/resources';

/** What it sends. */
interface Provisioning {
  readonly change: 'create' | 'update' | 'delete';
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly old: Record<string, unknown>;
  readonly properties: Record<string, unknown>;
  readonly region: string;
}

const XML = 'text/xml;charset=UTF-8';

/** What only slurmrestd is asked for. */
const SLURM_PATH = /^\/slurm(db)?\//;

/** What CloudFormation's requests say, and those of no other service. */
const CLOUDFORMATION_VERSION = '2010-05-15';

/** The APIs of several services over HTTP on the loopback interface, with faults on demand. */
export class FakeAws {
  public readonly sagemaker = new SageMaker(() => this.options.plansTime?.() ?? this.now());
  public readonly secretsmanager = new SecretsManager();
  public readonly ssm = new Parameters();
  public readonly s3 = new Objects();
  public readonly pcs = new Pcs();
  public readonly ec2 = new Ec2(() => this.now(), () => this.account);
  public readonly dynamodb = new StateTables();
  public readonly cloudformation = new Stacks();
  /** Slurm's own REST API, at the same address. */
  public readonly slurm = new SlurmRestd();
  /** What only CloudFormation calls. */
  public readonly fsx = new FileSystems();
  public readonly logs = new LogDeliveries();
  public readonly faults = new Faults();
  public readonly requests: Seen[] = [];
  /** Called with each request. */
  public onRequest?: (seen: Seen) => void;

  private readonly server: Server;
  private latest = 0;
  private readonly judge?: Judge;
  private readonly resourceTypes?: ResourceTypes;

  public constructor(private readonly options: FakeAwsOptions = {}) {
    const judge = this.judge = Judge.fromEnvironment(options.models);
    this.resourceTypes = judge && new ResourceTypes(service => judge.model(service), (...call) => this.perform(judge, ...call));
    this.server = createServer((request, response) => {
      this.serve(request, response).catch(error => response.destroy(error as Error));
    });
  }

  /** Begins to listen, on 127.0.0.1 alone. */
  public async start(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port ?? 0, '127.0.0.1', resolve);
    });
    return this;
  }

  /** Lets clusters that are made with a REST API have this server as their slurmrestd, with a key for tokens. */
  public answerAsSlurm(): void {
    const key = Buffer.from('a key for tokens of the fake');
    const secretVersion = '0f0e0d0c-0b0a-4908-8706-050403020100';
    this.slurm.key = key;
    this.pcs.rest = cluster => {
      const secretArn = `arn:aws:secretsmanager:us-east-1:${this.account}:secret:pcs!slurm-secret-${cluster.id}-a12ABC`;
      this.secretsmanager.set(secretArn, secretVersion, key.toString('base64'));
      return {
        ...cluster,
        endpoints: [{ type: 'SLURMRESTD', privateIpAddress: '127.0.0.1', port: String(this.port) }],
        slurmConfiguration: { ...cluster.slurmConfiguration, jwtAuth: { jwtKey: { secretArn, secretVersion } } },
      };
    };
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** What AWS_ENDPOINT_URL_SAGEMAKER and the like are set to. */
  public get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /**
   * The time of the services: what their callers believe, by the latest request that was signed. So a caller whose time is virtual
   * takes the services with it. Until there is a request, it is this machine's.
   */
  public now(): number {
    return this.latest || Date.now();
  }

  /** Forgets all resources, faults and requests. */
  public reset(): void {
    this.latest = 0;
    this.sagemaker.reset();
    this.secretsmanager.clear();
    this.slurm.reset();
    this.ssm.values.clear();
    this.s3.contents.clear();
    this.s3.buckets.clear();
    this.cloudformation.resources.clear();
    this.dynamodb.clear();
    this.fsx.clear();
    this.logs.clear();
    this.ec2.blocks.clear();
    this.pcs.clusters.length = this.ec2.instances.length = 0;
    this.faults.clear();
    this.requests.length = 0;
  }

  /** Ends, also with requests that still wait for an answer. */
  public async stop(): Promise<void> {
    const closed = new Promise(resolve => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** Plays CloudFormation's own handlers for an engine that lacks them: a request without signature, of which handlers know nothing. */
  private provision(body: string): object {
    if (!this.resourceTypes) { throw new ServiceError('NoModels', 'AWS_SERVICE_MODELS must name the data folder of botocore'); }
    const { change, type, logicalId, physicalId, old, properties, region } = JSON.parse(body) as Provisioning;
    const place = { account: this.account, region };
    switch (change) {
      case 'create': return this.resourceTypes.create(type, logicalId, properties, place);
      case 'update': return this.resourceTypes.update(type, physicalId, old, properties, place);
      case 'delete': this.resourceTypes.delete(type, physicalId, place); return {};
    }
  }

  /** A request of CloudFormation, with its answer. */
  private perform(
    judge: Judge, service: Provisioned, operation: string, input: Record<string, unknown>, place: Place,
  ): Record<string, unknown> {
    judge.request(service, operation, input);
    try {
      const body = JSON.stringify(this[service].call(operation, input, place));
      judge.answer(service, operation, body);
      return JSON.parse(body) as Record<string, unknown>;
    } catch (error) {
      if (error instanceof ServiceError) { judge.refusal(service, operation, error.code, errorBody(service, error)); }
      throw error;
    }
  }

  private get account(): string {
    return this.options.account ?? '111122223333';
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const signed: SignedRequest = { method: request.method!, path: request.url!, headers: request.headers, body: await read(request) };
    if (request.url === PROVISIONING_PATH) {
      try {
        send(response, 200, JSON.stringify(this.provision(signed.body)), 'application/json');
      } catch (error) {
        if (!(error instanceof ServiceError)) { throw error; }
        send(response, 400, JSON.stringify({ message: `${error.code}: ${error.message}` }), 'application/json');
      }
      return;
    }
    if (SLURM_PATH.test(signed.path)) { return this.serveSlurm(request, response, signed.body); }
    const form = request.headers['content-type']?.startsWith(SERVICES.ec2.contentType) ? Object.fromEntries(new URLSearchParams(signed.body)) : undefined;
    const [target, named] = String(request.headers['x-amz-target'] ?? '').split('.');
    const stored = request.method === 'PUT' ? objectPath(signed.path) : undefined;
    const operation = stored ? 'PutObject' : form?.Action ?? named;
    let fault: Fault | undefined;
    const service = stored ? 's3' : form
      ? form.Version === CLOUDFORMATION_VERSION ? 'cloudformation' : 'ec2'
      : (['pcs', 'secretsmanager', 'ssm', 'dynamodb'] as const).find(name => SERVICES[name].target === target) ?? 'sagemaker';
    try {
      const expected: Service = SERVICES[service];
      if (!stored && (request.method !== 'POST' || (!form && (target !== expected.target || request.headers['content-type'] !== expected.contentType)))) {
        throw new ServiceError('UnknownOperationException', '', 404);
      }
      const scope = verify(signed, this.options.secrets);
      if (scope.service !== expected.signingName) {
        throw new SignatureError(
          'InvalidSignatureException', `Credential should be scoped to correct service: '${expected.signingName}', not '${scope.service}'`,
        );
      }
      const input: Record<string, unknown> = stored ? { ...stored, ContentType: request.headers['content-type'] } : form ?? parse(signed.body);
      fault = this.faults.take(operation, request.headers);
      const at = timeOf(request);
      this.latest = Math.max(this.latest, at);
      response.setHeader('date', new Date(this.now()).toUTCString()); // by which the SDK sets its clock right
      const seen: Seen = { operation, input, region: scope.region, attempt: header(request, 'amz-sdk-request'), fault: fault?.kind, at };
      this.requests.push(seen);
      this.onRequest?.(seen);
      this.judge?.request(service, operation, stored ? signed : input);
      const place = { account: this.account, region: scope.region };
      const perform = () => (stored ? this.s3.put(stored, signed.body) ?? '' : form
        ? this[service as 'cloudformation' | 'ec2'].call(operation, form, place)
        : JSON.stringify(this[service as 'pcs' | 'sagemaker' | 'secretsmanager' | 'ssm' | 'dynamodb'].call(operation, input, place)));
      if (fault && 'accepted' in fault && fault.accepted) { perform(); }
      if (await this.strike(fault, request, signed)) { return; }
      const body = perform();
      this.judge?.answer(service, operation, body);
      send(response, 200, fault?.kind === 'garbage' ? fault.body?.(body) ?? '<html>Bad Gateway</html>' : body, form ? XML : expected.contentType);
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof SignatureError)) { throw error; }
      const status = error instanceof ServiceError ? error.status : 400;
      if (stored) {
        const throttled = error.code === 'ThrottlingException'; // which Amazon S3 says in its own way
        send(response, throttled ? 503 : status, objectError(throttled ? 'SlowDown' : error.code, error.message), SERVICES.s3.contentType);
        return;
      }
      if (service === 'cloudformation') {
        send(response, status, stacksError(error.code === 'ThrottlingException' ? 'Throttling' : error.code, error.message, status), XML);
        return;
      }
      if (form) {
        const throttled = error.code === 'ThrottlingException'; // which Amazon EC2 says in its own way
        send(response, throttled ? 503 : status, ec2Error(throttled ? 'RequestLimitExceeded' : error.code, error.message), XML);
        return;
      }
      const body = errorBody(service, error);
      if (!fault && error instanceof ServiceError) { this.judge?.refusal(service, operation, error.code, body); }
      send(response, status, body, SERVICES[service].contentType);
    }
  }

  /** slurmrestd, which knows tokens instead of signatures. Its operations are called `POST slurmdb/qos`, whatever the version is. */
  private async serveSlurm(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const [, plugin, , what] = request.url!.split(/[/?]/);
    const operation = `${request.method} ${plugin}/${what}`;
    const fault = this.faults.take(operation, request.headers);
    const seen: Seen = { operation, input: body === '' ? {} : parse(body), region: 'slurm', fault: fault?.kind, at: this.now() };
    this.requests.push(seen);
    this.onRequest?.(seen);
    const perform = () => this.slurm.answer({ method: request.method!, path: request.url!, headers: request.headers, body });
    if (fault && 'accepted' in fault && fault.accepted) { perform(); }
    if (fault?.kind === 'error' || fault?.kind === 'throttle') {
      const text = fault.kind === 'error' ? fault.message ?? fault.code : 'Too many requests';
      const status = fault.kind === 'error' ? fault.status : 429;
      const number = fault.kind === 'error' && /^\d+$/.test(fault.code) ? Number(fault.code) : -1; // Slurm's codes are numbers
      const error = { error: text, description: text, ...status < 500 && { error_number: number } };
      send(response, status, JSON.stringify({ errors: [error] }), 'application/json');
      return;
    }
    if (await this.strike(fault, request, { method: request.method!, path: request.url!, headers: request.headers, body })) { return; }
    const { status, text } = perform();
    send(response, status, fault?.kind === 'garbage' ? fault.body?.(text) ?? '<html>Bad Gateway</html>' : text, 'application/json');
  }

  /** Lets a fault happen; whether it took the answer away. */
  private async strike(fault: Fault | undefined, request: IncomingMessage, signed: SignedRequest): Promise<boolean> {
    switch (fault?.kind) {
      case 'throttle':
        throw new ServiceError('ThrottlingException', 'Rate exceeded');
      case 'error': {
        const text = fault.code === 'InvalidSignatureException' ? mismatch(canonicalRequest(signed, 'host;x-amz-security-token')) : fault.code;
        throw new ServiceError(fault.code, fault.message ?? text, fault.status, fault.members);
      }
      case 'reset':
        request.socket.destroy();
        return true;
      case 'silence':
        return true;
      case 'delay':
        await new Promise(resolve => setTimeout(resolve, fault.milliseconds));
        return false;
      default:
        return false;
    }
  }
}

/** Modelled errors of SageMaker say `Message`, those of its front end and of other services `message`. */
function errorBody(service: string, error: ServiceError | SignatureError): string {
  const modelled = service === 'sagemaker' && error instanceof ServiceError && /^(Resource|Conflict)/.test(error.code);
  const members = error instanceof ServiceError ? error.members : {};
  return JSON.stringify({ __type: error.code, [modelled ? 'Message' : 'message']: error.message, ...members });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) { chunks.push(chunk as Buffer); }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new ServiceError('SerializationException', 'the body is not JSON');
  }
}

function send(response: ServerResponse, status: number, body: string, contentType: string): void {
  response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': randomUUID() });
  response.end(body);
}

/** When a request was signed: `20261122T061500Z`. */
function timeOf(request: IncomingMessage): number {
  const [, year, month, day, hours, minutes, seconds] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(header(request, 'x-amz-date')!)!.map(Number);
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
