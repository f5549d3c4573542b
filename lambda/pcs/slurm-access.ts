import type { Cluster } from '../clients/pcs';
import { pcsReader } from '../clients/pcs-reader';
import { secretReader, type SecretReader } from '../clients/secrets';
import { connectToSlurm, type SlurmRest } from '../clients/slurm-rest';
import { slurmToken, type SlurmIdentity } from '../clients/slurm-token';
import { optionalInteger, record, text, type Properties } from '../shared/coerce';
import { HandlerError } from '../shared/errors';
import { patiently } from '../shared/reading';

/** Who asks where nobody else is named. */
export const ROOT: SlurmIdentity = { userName: 'root', uid: 0, gid: 0, gids: [] };

/** What a connection needs to know besides the cluster. */
export interface Asking {
  readonly clusterId: string;
  readonly identity: SlurmIdentity;
}

/** Leads from the id of a cluster to its slurmrestd. */
export interface SlurmAccess {
  cluster(clusterId: string, signal: AbortSignal): Promise<Cluster>;
  connect(cluster: Cluster, asking: Asking, signal: AbortSignal): Promise<SlurmRest>;
}

/** Access with clients of its own. */
export function slurmAccess(
  { getCluster }: Pick<ReturnType<typeof pcsReader>, 'getCluster'> = pcsReader(), secrets: SecretReader = secretReader(), now: () => Date = () => new Date(),
): SlurmAccess {
  return {
    cluster: async (clusterId, signal) => patiently('GetCluster', signal, async () => getCluster(clusterId, signal)),
    connect: async (cluster, { clusterId, identity }, signal) => {
      const endpoint = endpointOf(cluster);
      const { secretArn: arn, secretVersion: version } = cluster.slurmConfiguration?.jwtAuth?.jwtKey ?? {};
      if (endpoint === undefined || arn === undefined) {
        throw new HandlerError('NoRestApi', `cluster "${clusterId}" has no ${endpoint === undefined ? 'slurmrestd' : 'key for tokens'}: it needs Slurm 25.05 or later `
          + 'with the REST API enabled, and accounting');
      }
      const secret = await patiently('GetSecretValue', signal, async () => secrets.read(arn, version, signal));
      const key = Buffer.from(secret ?? '', 'base64');
      if (key.length === 0) { throw new HandlerError('NoKey', 'the secret of the key for tokens is empty, or isn\'t a text in Base64, as AWS PCS writes it'); }
      const token = slurmToken(key, identity, now());
      return connectToSlurm({ endpoint, userName: identity.userName, token }, signal);
    },
  };
}

/** Who asks, as the properties of a resource or an event say it. */
export function identityOf(properties: Properties): SlurmIdentity {
  if (properties.Identity === undefined) { return ROOT; }
  const identity = record(properties, 'Identity');
  const id = (key: string) => {
    const found = optionalInteger(identity, key);
    if (found === undefined) { throw new HandlerError('InvalidProperties', `the property Identity.${key} is missing`); }
    return found;
  };
  return { userName: text(identity, 'UserName'), uid: id('Uid'), gid: id('Gid'), gids: [] };
}

function endpointOf(cluster: Cluster): string | undefined {
  const rest = cluster.endpoints?.find(({ type }) => type === 'SLURMRESTD');
  if (!rest?.port) { return undefined; }
  const host = rest.privateIpAddress || (rest.ipv6Address ? `[${rest.ipv6Address}]` : undefined);
  return host && `http://${host}:${rest.port}`;
}
