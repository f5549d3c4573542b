import { check } from './constraints';
import { ServiceError, type Place } from './service';

/** A secret with its versions. */
interface Secret {
  readonly current: string;
  readonly versions: ReadonlyMap<string, string>;
}

/** Secrets Manager as far as handlers call it: protocol AWS JSON 1.1, target `secretsmanager.<operation>`. */
export class SecretsManager {
  private readonly secrets = new Map<string, Secret>();

  /** Keeps a text under an ARN, as the current version and by its id. */
  public set(arn: string, version: string, value: string): void {
    const versions = new Map([...this.secrets.get(arn)?.versions ?? [], [version, value]]);
    this.secrets.set(arn, { current: version, versions });
  }

  public clear(): void {
    this.secrets.clear();
  }

  /** Answers a request. */
  public call(operation: string, input: Record<string, unknown>, _place: Place): object {
    if (operation !== 'GetSecretValue') { throw new ServiceError('UnknownOperationException', ''); }
    check(input, {
      type: 'structure',
      members: { 'SecretId!': { type: 'string', min: 1, max: 2048 }, 'VersionId': { type: 'string', min: 32, max: 64 } },
    });
    const secret = this.secrets.get(input.SecretId as string);
    if (!secret) { throw new ServiceError('ResourceNotFoundException', 'Secrets Manager can\'t find the specified secret.'); }
    const version = input.VersionId as string | undefined ?? secret.current;
    const value = secret.versions.get(version);
    if (value === undefined) { throw new ServiceError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for VersionId: ${version}`); }
    return { ARN: input.SecretId, Name: String(input.SecretId).split(':').at(-1), SecretString: value, VersionId: version, VersionStages: ['AWSCURRENT'] };
  }
}
