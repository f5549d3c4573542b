import { spawnSync } from 'node:child_process';

/** Whether a program is installed. */
export function has(program) {
  return spawnSync(program, [program === 'go' ? 'version' : '--version'], { stdio: 'ignore' }).status === 0;
}
