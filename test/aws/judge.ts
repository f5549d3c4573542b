import { appendFileSync } from 'node:fs';
import { violations, type Structure } from './constraints';
import { ServiceError } from './service';
import { ServiceModel, type RestRequest } from './service-models';

/** What any operation may answer, though the models don't say so. */
const COMMON_ERRORS = [
  'AccessDeniedException', 'InvalidAction', 'InvalidParameterValue', 'ThrottlingException', 'SerializationException', 'UnknownOperationException', 'ValidationException',
  'ValidationError',
];

/** One line of the log: what became of a request. */
export interface Judgement {
  readonly service: string;
  readonly operation: string;
  /** A `defect` is one of the handler or of the fake: no service would ever have seen or said that. */
  readonly verdict: 'accepted' | 'refused' | 'defect';
  readonly findings: readonly string[];
}

/**
 * Holds requests and answers against the published models of the services. It is there where AWS_SERVICE_MODELS names the
 * data folder of botocore; what it finds goes to the file AWS_SERVICE_MODELS_LOG.
 */
export class Judge {
  public static fromEnvironment(environment: NodeJS.ProcessEnv = process.env): Judge | undefined {
    const { AWS_SERVICE_MODELS: folder, AWS_SERVICE_MODELS_LOG: log } = environment;
    return folder ? new Judge(service => ServiceModel.read(folder, service), log) : undefined;
  }

  private readonly models = new Map<string, ServiceModel>();

  public constructor(private readonly read: (service: string) => ServiceModel, private readonly log?: string) {
  }

  /** Throws what the service answers to a request that its model doesn't allow: JSON, a form, or all of it where members are anywhere. */
  public request(service: string, operation: string, input: Record<string, unknown> | RestRequest): void {
    const model = this.model(service);
    if (!model.has(operation)) { return this.defect(service, operation, [`${service} has no such operation`]); }
    const request = {
      json: () => input,
      form: () => model.fromForm(operation, input as Record<string, string>),
      rest: () => model.fromRest(operation, input as RestRequest),
    }[model.form]();
    if (typeof request === 'string') { return this.defect(service, operation, [`not a request of this operation: ${request}`]); }
    const { broken, unknown, mistyped } = weigh(request, model.input(operation));
    if (unknown.length > 0) { this.defect(service, operation, unknown.map(member => `the request has an unknown member '${member}'`)); }
    if (mistyped) {
      this.write({ service, operation, verdict: 'refused', findings: [mistyped.message] });
      throw mistyped;
    }
    if (broken.length > 0) {
      this.write({ service, operation, verdict: 'refused', findings: broken });
      const text = `${broken.length} validation error${broken.length > 1 ? 's' : ''} detected: ${broken.join('; ')}`;
      throw new ServiceError('ValidationException', text, 400, service === 'pcs' ? { reason: 'fieldValidationFailed' } : {});
    }
    this.write({ service, operation, verdict: 'accepted', findings: [] });
  }

  /** Finds out what the fake has made up in the body of an answer. That of the REST protocol has none. */
  public answer(service: string, operation: string, body: string): void {
    const model = this.model(service);
    if (model.form === 'rest') { return; }
    const plain: unknown = model.form === 'form' ? model.fromXml(operation, body) : JSON.parse(body);
    const { broken, unknown, mistyped } = weigh(plain, model.output(operation));
    const findings = [...broken, ...unknown.map(member => `unknown member '${member}'`), ...mistyped ? [mistyped.message] : []];
    if (findings.length > 0) { this.defect(service, operation, findings.map(text => `the answer: ${text}`)); }
  }

  /** The same of an error: its code is one of the operation, and its body has what the model says. */
  public refusal(service: string, operation: string, code: string, body: string): void {
    const model = this.model(service);
    if (!model.has(operation)) { return; }
    const shape = model.error(operation, code);
    if (!shape) {
      if (!COMMON_ERRORS.includes(code) && model.form === 'json') { this.defect(service, operation, [`the operation has no error ${code}`]); }
      return;
    }
    const { __type, ...members } = JSON.parse(body) as Record<string, unknown>;
    const { broken, unknown, mistyped } = weigh(members, shape);
    const findings = [...broken, ...unknown.map(member => `unknown member '${member}'`), ...mistyped ? [mistyped.message] : []];
    if (findings.length > 0) { this.defect(service, operation, findings.map(text => `the error ${code}: ${text}`)); }
  }

  public model(service: string): ServiceModel {
    let model = this.models.get(service);
    if (!model) {
      model = this.read(service);
      this.models.set(service, model);
    }
    return model;
  }

  private defect(service: string, operation: string, findings: readonly string[]): void {
    this.write({ service, operation, verdict: 'defect', findings });
  }

  private write(judgement: Judgement): void {
    if (this.log) { appendFileSync(this.log, `${JSON.stringify({ ...judgement, test: currentTest() })}\n`); }
  }
}

function weigh(value: unknown, shape: Structure): { broken: string[]; unknown: string[]; mistyped?: ServiceError } {
  try {
    return violations(value, shape);
  } catch (error) {
    if (!(error instanceof ServiceError)) { throw error; }
    return { broken: [], unknown: [], mistyped: error };
  }
}

/** The test that runs, where one does: a finding without it is hard to trace. */
function currentTest(): string | undefined {
  return (globalThis as { expect?: { getState(): { currentTestName?: string } } }).expect?.getState().currentTestName;
}
