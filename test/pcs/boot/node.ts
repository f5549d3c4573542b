import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { maintainedAt, standIn } from './maintained-scripts';

/*
 * A node that boots and runs its lifecycle actions: real shells run real scripts, in namespaces and a root directory of their own, with the
 * programs of this machine. `mount` is ours: it notes how it was called and mounts an empty file system of that name, so that scripts find
 * it in the table of mounts. The clock is ours, too, and goes on when somebody sleeps.
 */

/** A lifecycle action, as a template has it, with all that is known at deployment. */
export interface Action {
  readonly Name: string;
  readonly ScriptSource: { readonly ScriptLocation: string; readonly Checksum?: string };
  readonly Arguments?: readonly string[];
  readonly OnError?: string;
  readonly ExecutionPolicy?: string;
}

/** How a boot went. */
export interface Boot {
  /** The scripts that ran, with their exit codes. */
  readonly ran: Record<string, number>;
  /** How `mount` was called. */
  readonly mounts: readonly string[];
  /** What is mounted in the end, by its path. */
  readonly mounted: Record<string, string>;
  /** What the scripts printed. */
  readonly log: string;
  /** Whether the service terminates the node. */
  readonly terminated: boolean;
  /** Seconds that scripts slept. */
  readonly slept: number;
}

const NAMESPACES = [['--mount'], ['--mount', '--user', '--map-root-user']]
  .find(flags => process.platform === 'linux' && spawnSync('unshare', [...flags, 'mount', '--make-rprivate', '/']).status === 0);

/** Whether nodes can boot on this machine: on Linux, as root or with namespaces of users. */
export const CAN_BOOT = NAMESPACES !== undefined;

const SYSTEM = ['bin', 'sbin', 'lib', 'lib64', 'usr'];

const PROGRAMS: Record<string, string> = {
  mount: `
printf 'mount %s\\n' "$*" >>/node/mounts
[ ! -e /node/refusals ] || { left=$(cat /node/refusals); [ "$left" = 0 ] || { echo $((left - 1)) >/node/refusals; echo 'mount: refused' >&2; exit 32; }; }
while [ $# -gt 2 ]; do shift; done
exec /node/mount -t tmpfs -o mode=755 "$1" "$2"`,
  date: 'if [ "$*" = +%s ]; then cat /node/clock; else printf \'2026-11-30T00:00:00Z\\n\'; fi',
  sleep: 'echo $(($(cat /node/clock) + $1)) >/node/clock.new && mv /node/clock.new /node/clock',
};

/** A node from its first boot on. What scripts write stays; what they mount is gone after a reboot. */
export class Node {
  private readonly root = mkdtempSync(join(tmpdir(), 'pcs-node-'));
  private isNew = true;

  /** @param nfs whether the image has an NFS client */
  constructor(nfs = true) {
    for (const folder of ['etc', 'proc', 'dev', 'tmp', 'node', 'node/bin', ...SYSTEM.filter(name => existsSync(`/${name}`))]) {
      const path = join(this.root, folder);
      if (existsSync(`/${folder}`) && lstatSync(`/${folder}`).isSymbolicLink()) { symlinkSync(readlinkSync(`/${folder}`), path); } else { mkdirSync(path); }
    }
    this.write('node/clock', '0');
    writeFileSync(join(this.root, 'node', 'mount'), '');
    for (const [name, text] of Object.entries(PROGRAMS)) { this.write(`node/bin/${name}`, `#!/bin/sh\n${text}\n`); }
    if (nfs) { this.write('node/bin/mount.nfs', '#!/bin/sh\nexit 1\n'); }
  }

  /** Writes a file of the node, which may be run. */
  public write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
    chmodSync(join(this.root, path), 0o755);
  }

  /** What is in a file of the node. */
  public read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  public remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /**
   * Boots, as the page on lifecycle actions says: in order, scripts for the first boot then alone, and each failure as it asks for.
   *
   * @param actions the scripts of the stage
   * @param objects the content of objects in buckets of the account, by their address
   * @param times how often the actions are run after each other, since an agent may start anew
   */
  public boot(actions: readonly Action[], objects: Readonly<Record<string, Buffer>> = {}, times = 1): Boot {
    const steps = actions.filter(({ ExecutionPolicy: policy }) => this.isNew || policy === 'EVERY_BOOT');
    const commands = steps.map((action, index) => {
      this.write(`node/${index}.sh`, contentOf(action, objects));
      const onError = action.OnError ?? 'TERMINATE';
      const after = onError === 'CONTINUE' ? ':' : `{ echo ${onError} >>/node/end; exit 0; }`;
      const call = [`/node/${index}.sh`, ...action.Arguments ?? []].map(quote).join(' ');
      return `rc=0; ${call} >>/node/log 2>&1 || rc=$?; printf '%s\\t%s\\n' "$rc" ${quote(action.Name)} >>/node/ran; [ "$rc" = 0 ] || ${after}`;
    });
    for (const file of ['ran', 'mounts', 'end', 'log', 'table']) { this.write(`node/${file}`, ''); }
    const before = Number(this.read('node/clock'));
    const agent = [
      '#!/bin/sh', 'trap "cat /proc/self/mounts >/node/table" EXIT',
      'export PATH=/node/bin:/usr/sbin:/usr/bin:/sbin:/bin PCS_CLUSTER_ID=pcs_abc123 PCS_NODE_ID=i-0123456789abcdef0',
      `export PCS_IS_FIRST_BOOT=${this.isNew ? 1 : 0}`,
      ...Array.from({ length: times }, () => commands).flat(),
    ];
    this.write('node/agent.sh', `${agent.join('\n')}\n`);
    const { status, stderr } = spawnSync('unshare', [...NAMESPACES!, 'sh', '-c', START, 'sh', this.root], { encoding: 'utf8' });
    if (status !== 0) { throw new Error(`the node didn't boot: ${stderr}`); }
    this.isNew = false;
    return {
      ran: Object.fromEntries(linesOf(this.read('node/ran')).map(line => line.split('\t')).map(([rc, name]) => [name, Number(rc)])),
      mounts: linesOf(this.read('node/mounts')),
      mounted: Object.fromEntries(linesOf(this.read('node/table')).map(line => line.split(' '))
        .filter(([, path, type]) => type === 'tmpfs' && !/^\/(dev|proc|usr|node|tmp)\b/.test(path)).map(([source, path]) => [path, source])),
      log: this.read('node/log'),
      terminated: this.read('node/end').includes('TERMINATE'),
      slept: Number(this.read('node/clock')) - before,
    };
  }
}

/** Mounts the machine's system into the root of the node, and starts the agent there. */
const START = `
set -e
mount --make-rprivate /
for name in ${SYSTEM.join(' ')} proc dev; do
  if [ -d "/$name" ] && [ ! -L "/$name" ]; then mount --rbind "/$name" "$1/$name"; fi
done
mount --bind "$(command -v mount)" "$1/node/mount"
exec chroot "$1" /bin/sh /node/agent.sh
`;

/** What a node downloads. Throws where the service would fail to, or where the checksum isn't that of the script. */
function contentOf({ ScriptSource }: Action, objects: Readonly<Record<string, Buffer>>): string {
  const { ScriptLocation: location, Checksum: checksum } = ScriptSource;
  const maintained = maintainedAt(location);
  if (maintained) { return standIn(maintained); }
  const content = objects[location];
  if (content === undefined) { throw new Error(`there is no ${location}`); }
  if (checksum !== undefined && createHash('sha256').update(content).digest('hex') !== checksum) { throw new Error(`${location} has another checksum`); }
  return content.toString('utf8');
}

function quote(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(line => line !== '');
}
