import { arnPrefix, ServiceError, type Place } from './service';

type Input = Record<string, unknown>;
type Operations = Record<string, (input: Input, place: Place) => object>;

interface Config {
  readonly ProductionVariants: readonly { readonly ModelName?: string }[];
}

interface Endpoint {
  readonly EndpointConfigName: string;
}

/** Models, endpoint configurations and endpoints as CloudFormation makes them. What they are made of must be there, and may go. */
export class Endpoints {
  private readonly models = new Map<string, Input>();
  private readonly configs = new Map<string, Input & Config>();
  private readonly endpoints = new Map<string, Input & Endpoint>();

  public readonly operations: Operations = {
    CreateModel: (input, place) => ({ ModelArn: keep('model', this.models, input.ModelName, input, place) }),
    DeleteModel: ({ ModelName }) => drop('model', this.models, ModelName),
    CreateEndpointConfig: (input, place) => {
      const config = input as Input & Config;
      config.ProductionVariants.forEach(({ ModelName }) => { if (ModelName !== undefined) { found('model', this.models, ModelName); } });
      return { EndpointConfigArn: keep('endpoint-config', this.configs, input.EndpointConfigName, config, place) };
    },
    DeleteEndpointConfig: ({ EndpointConfigName }) => drop('endpoint configuration', this.configs, EndpointConfigName),
    CreateEndpoint: (input, place) => {
      const endpoint = input as Input & Endpoint;
      found('endpoint configuration', this.configs, endpoint.EndpointConfigName);
      return { EndpointArn: keep('endpoint', this.endpoints, input.EndpointName, endpoint, place) };
    },
    UpdateEndpoint: (input, place) => {
      const endpoint = input as Input & Endpoint;
      found('endpoint', this.endpoints, input.EndpointName);
      found('endpoint configuration', this.configs, endpoint.EndpointConfigName);
      this.endpoints.set(input.EndpointName as string, endpoint);
      return { EndpointArn: arn('endpoint', input.EndpointName, place) };
    },
    DeleteEndpoint: ({ EndpointName }) => drop('endpoint', this.endpoints, EndpointName),
  };

  /** The names of all that there is. */
  public get names(): string[] {
    return [this.models, this.configs, this.endpoints].flatMap(things => [...things.keys()]);
  }

  public clear(): void {
    [this.models, this.configs, this.endpoints].forEach(things => things.clear());
  }
}

function arn(kind: string, name: unknown, place: Place): string {
  return `${arnPrefix(place)}${kind}/${name as string}`;
}

function keep<T>(kind: string, things: Map<string, T>, name: unknown, thing: T, place: Place): string {
  if (things.has(name as string)) { throw new ServiceError('ValidationException', `Cannot create already existing ${kind} "${name as string}".`); }
  things.set(name as string, thing);
  return arn(kind, name, place);
}

function drop(what: string, things: Map<string, unknown>, name: unknown): object {
  found(what, things, name);
  things.delete(name as string);
  return {};
}

function found(what: string, things: Map<string, unknown>, name: unknown): void {
  if (!things.has(name as string)) { throw new ServiceError('ValidationException', `Could not find ${what} "${name as string}".`); }
}
