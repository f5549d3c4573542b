// Which sockets of our process groups can be reached from another machine.
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

/** Listening sockets by inode, from the tables of the Linux kernel: address and port in hexadecimal, the address reversed by words. */
function listeningSockets() {
  const sockets = new Map();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of existsSync(table) ? readFileSync(table, 'utf8').trim().split('\n').slice(1) : []) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === LISTEN) {
        sockets.set(inode, local);
      }
    }
  }
  return sockets;
}

function isLoopback(local) {
  const [address] = local.split(':');
  return /^[0-9A-F]{6}7F$/.test(address) || address === '00000000000000000000000001000000' || /^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address);
}

/** The sockets of ours and of these process groups that listen on anything but loopback. Knows Linux only; elsewhere it finds none. */
export function listeningBeyondLoopback(groups) {
  if (!existsSync('/proc/net/tcp')) {
    return [];
  }
  const sockets = listeningSockets();
  const open = [];
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
      if (!groups.includes(group) && Number(pid) !== process.pid) {
        continue;
      }
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        const local = sockets.get(/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1]);
        if (local !== undefined && !isLoopback(local)) {
          const [address, port] = local.split(':');
          open.push(`process ${pid}, port ${parseInt(port, 16)}, address ${address}`);
        }
      }
    } catch {
      // it ended meanwhile
    }
  }
  return open;
}
