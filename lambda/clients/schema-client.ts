import {
  createDefaultUserAgentProvider, getHostHeaderPlugin, getLoggerPlugin, getRecursionDetectionPlugin, getUserAgentPlugin, partition,
  resolveHostHeaderConfig, resolveUserAgentConfig,
} from '@aws-sdk/core/client';
import { AwsSdkSigV4Signer, resolveAwsSdkSigV4Config } from '@aws-sdk/core/httpAuthSchemes';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { DefaultIdentityProviderConfig, getHttpAuthSchemeEndpointRuleSetPlugin, getHttpSigningPlugin } from '@smithy/core';
import { Sha256 } from '@smithy/core/checksum';
import { Client, NoOpLogger, makeBuilder, normalizeProvider, type ServiceException } from '@smithy/core/client';
import { resolveRegionConfig } from '@smithy/core/config';
import { getEndpointPlugin, resolveEndpointConfig } from '@smithy/core/endpoints';
import { getContentLengthPlugin, parseUrl } from '@smithy/core/protocols';
import { getRetryPlugin, resolveRetryConfig } from '@smithy/core/retry';
import { TypeRegistry, getSchemaSerdePlugin } from '@smithy/core/schema';
import { calculateBodyLength, fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import type { AwsCredentialIdentity, MetadataBearer, Provider, StaticOperationSchema } from '@smithy/types';
import type { RequestHandler } from './http';
import { asModelled } from './modelled';

/*
 * A client of the SDK for a service whose own package can't be had: the SDK's runtime, put together as its generated clients put
 * it together (decisions/0006). `test/lambda/clients` holds it to what goes over the wire.
 */

/** What tells a service from others. */
export interface ServiceDefinition {
  /** Also names the environment variable `AWS_ENDPOINT_URL_<service id>`. */
  readonly serviceId: string;
  /** Whether paths are escaped once more to be signed, as all services but Amazon S3 do. @default true */
  readonly signingEscapePath?: boolean;
  /** What addresses begin with, and requests are signed for. */
  readonly endpointPrefix: string;
  /** How requests and answers are written. */
  readonly protocol: unknown;
  readonly namespace: string;
  readonly version: string;
  /** What stands before the operation in the header `X-Amz-Target`. */
  readonly serviceTarget: string;
  readonly xmlNamespace?: string;
  readonly errors: TypeRegistry[];
}

/** The options that the clients of handlers and their tests need, under the names of the SDK. */
export interface ClientConfig {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentialIdentity | Provider<AwsCredentialIdentity>;
  readonly maxAttempts?: number;
  readonly requestHandler?: RequestHandler;
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
}

interface EndpointParameters {
  readonly Region: string;
  readonly Endpoint?: string;
  readonly UseFIPS?: boolean;
  readonly UseDualStack?: boolean;
}

const ENDPOINT_PARAMETERS = {
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  Region: { type: 'builtInParams', name: 'region' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
} as const;
const SCHEME = 'aws.auth#sigv4';

/* The SDK types what each of its steps adds to the configuration. None of it is seen outside of this file. */
type Configuration = any;

/** A client of a service. */
export abstract class SchemaClient extends Client<any, object, MetadataBearer, Configuration> {
  public constructor(service: ServiceDefinition, given: ClientConfig) {
    const config: Configuration = runtimeConfig(service, given);
    super(config);
    const resolved = [
      resolveUserAgentConfig, resolveRetryConfig, resolveRegionConfig, resolveHostHeaderConfig, resolveEndpointConfig,
      resolveAwsSdkSigV4Config,
    ].reduce((previous, resolve) => (resolve as (config: Configuration) => Configuration)(previous), config);
    Object.assign(this.config, resolved);
    for (const plugin of [
      getSchemaSerdePlugin, getUserAgentPlugin, getRetryPlugin, getContentLengthPlugin, getHostHeaderPlugin, getLoggerPlugin,
      getRecursionDetectionPlugin,
    ]) {
      this.middlewareStack.use((plugin as (config: Configuration) => any)(this.config));
    }
    this.middlewareStack.use(getHttpAuthSchemeEndpointRuleSetPlugin(this.config, {
      httpAuthSchemeParametersProvider: async ({ region }: Configuration, context: Configuration) => ({
        operation: context.operation, region: await normalizeProvider<string>(region)(),
      }),
      identityProviderConfigProvider: async (own: Configuration) => new DefaultIdentityProviderConfig({ [SCHEME]: own.credentials }),
    }));
    this.middlewareStack.use(getHttpSigningPlugin(this.config));
    asModelled(this);
  }
}

function runtimeConfig(service: ServiceDefinition, given: ClientConfig): object {
  return {
    apiVersion: service.version,
    authSchemePreference: async () => [],
    base64Decoder: fromBase64,
    base64Encoder: toBase64,
    bodyLengthChecker: calculateBodyLength,
    credentialDefaultProvider: defaultProvider,
    credentials: given.credentials,
    defaultSigningName: service.endpointPrefix,
    defaultUserAgentProvider: createDefaultUserAgentProvider({ serviceId: service.serviceId, clientVersion: service.version }),
    disableHostPrefix: false,
    endpoint: given.endpoint,
    endpointProvider: (parameters: EndpointParameters) => endpointOf(service, parameters),
    extensions: [],
    httpAuthSchemeProvider: ({ region }: { region: string }) => [{
      schemeId: SCHEME,
      signingProperties: { name: service.endpointPrefix, region },
      propertiesExtractor: (config: unknown, context: unknown) => ({ signingProperties: { config, context } }),
    }],
    httpAuthSchemes: [{
      schemeId: SCHEME,
      identityProvider: (providers: DefaultIdentityProviderConfig) => providers.getIdentityProvider(SCHEME),
      signer: new AwsSdkSigV4Signer(),
    }],
    logger: new NoOpLogger(),
    maxAttempts: given.maxAttempts ?? 3,
    protocol: service.protocol,
    protocolSettings: {
      defaultNamespace: service.namespace,
      errorTypeRegistries: service.errors,
      serviceTarget: service.serviceTarget,
      version: service.version,
      xmlNamespace: service.xmlNamespace,
    },
    region: given.region ?? process.env.AWS_REGION,
    requestHandler: NodeHttpHandler.create(given.requestHandler),
    retryMode: 'standard',
    runtime: 'node',
    serviceId: service.serviceId,
    sha256: Sha256,
    signingEscapePath: service.signingEscapePath ?? true,
    streamCollector,
    urlParser: parseUrl,
    useDualstackEndpoint: given.useDualstackEndpoint ?? false,
    useFipsEndpoint: given.useFipsEndpoint ?? false,
    userAgentAppId: async () => undefined,
    utf8Decoder: fromUtf8,
    utf8Encoder: toUtf8,
  };
}

/** The address of a service, by the pattern that all but a few follow: `pcs.cn-north-1.amazonaws.com.cn`. */
function endpointOf(service: ServiceDefinition, { Region, Endpoint, UseFIPS, UseDualStack }: EndpointParameters): { url: URL } {
  if (Endpoint) { return { url: new URL(Endpoint) }; }
  const { dnsSuffix, dualStackDnsSuffix } = partition(Region);
  const prefix = UseFIPS ? `${service.endpointPrefix}-fips` : service.endpointPrefix;
  return { url: new URL(`https://${prefix}.${Region}.${UseDualStack ? dualStackDnsSuffix : dnsSuffix}`) };
}

/** The error that stands for all errors of a service which it doesn't name. Their own `name` tells them apart. */
export function baseError(namespace: string, name: string, type: typeof ServiceException): TypeRegistry {
  const synthetic = `smithy.ts.sdk.synthetic.${namespace}`;
  const registry = new TypeRegistry(synthetic);
  registry.registerError([-3, synthetic, name, 0, [], []], type);
  return registry;
}

/** What makes the classes of a service's commands. */
export function commandBuilder(serviceName: string, clientName: string) {
  const build = makeBuilder<Configuration, object, MetadataBearer>(ENDPOINT_PARAMETERS, serviceName, clientName, getEndpointPlugin as any);
  return <I extends object, O extends object>(operation: string, schema: StaticOperationSchema) =>
    build<I, O & MetadataBearer>({}, () => [], operation, schema);
}
