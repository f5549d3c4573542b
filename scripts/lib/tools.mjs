import { spawnSync } from 'node:child_process';

/** Whether a program is installed. */
export function has(program) {
  return spawnSync(program, [['go', 'openssl'].includes(program) ? 'version' : '--version'], { stdio: 'ignore' }).status === 0;
}
