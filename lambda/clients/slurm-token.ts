import { createHmac } from 'node:crypto';

/** Who a token speaks for. */
export interface SlurmIdentity {
  readonly userName: string;
  readonly uid: number;
  readonly gid: number;
  /** Further groups. */
  readonly gids: readonly number[];
}

/** Longer than an invocation may take, and little more. */
const LIFETIME_SECONDS = 15 * 60;

/**
 * A token for slurmrestd. AWS PCS takes none without the POSIX identity: Slurm there knows no users but those that tokens carry.
 *
 * https://docs.aws.amazon.com/pcs/latest/userguide/slurm-rest-api-authenticate.html
 */
export function slurmToken(key: Buffer, { userName, uid, gid, gids }: SlurmIdentity, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = {
    exp: seconds + LIFETIME_SECONDS,
    iat: seconds,
    sun: userName,
    uid,
    gid,
    id: { gecos: '', dir: '/', shell: '/bin/sh', gids: [...new Set([gid, ...gids])] },
  };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
