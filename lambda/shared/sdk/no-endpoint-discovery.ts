/**
 * Stands in for the SDK's endpoint discovery when handlers are bundled. The client of DynamoDB sets it up, with a cache of 8 KB, and none
 * of its commands asks it: addresses of tables come from the client's rules.
 */
export function resolveEndpointDiscoveryConfig<C>(config: C): C {
  return config;
}

/** No setting switches on what isn't there. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: undefined,
};
