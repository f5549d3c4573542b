// Starts programs in process groups of their own, and stops all of them, with their children, whatever happens.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a program may take to end by itself before it is killed. */
const GRACE_MS = 3_000;

const PARENT_CHECK_MS = 500;

const groups = new Set();

function signalGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') {
      throw error;
    }
  }
}

/**
 * Starts a program. Its output goes to the file `log`, or to ours where there is none. Its standard input stays open
 * for as long as we live.
 */
export function start(command, args, { env, cwd, log }) {
  const output = log === undefined ? 'inherit' : openSync(log, 'a');
  const child = spawn(command, args, { env, cwd, detached: true, stdio: ['pipe', output, output] });
  if (log !== undefined) {
    closeSync(output);
  }
  child.stdin.on('error', () => {}); // it closed its end first
  const ended = new Promise((resolve, reject) => {
    child.once('error', error => {
      groups.delete(child);
      reject(error);
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  ended.catch(() => {}); // whoever waits for it gets it
  if (child.pid !== undefined) {
    groups.add(child);
  }
  return { child, ended };
}

/** Runs a program to its end and returns its exit code. */
export async function run(command, args, options) {
  const { child, ended } = start(command, args, options);
  child.stdin.end();
  const { code, signal } = await ended;
  await stop(child);
  return code ?? `signal ${signal}`;
}

/** Stops one group: politely, then without asking. */
export async function stop(child) {
  if (!groups.has(child)) {
    return;
  }
  const running = () => child.exitCode === null && child.signalCode === null;
  if (running()) {
    signalGroup(child, 'SIGTERM');
    for (const end = Date.now() + GRACE_MS; running() && Date.now() < end;) {
      await sleep(50);
    }
  }
  signalGroup(child, 'SIGKILL'); // what the leader left behind
  groups.delete(child);
}

export async function stopAll() {
  await Promise.all([...groups].map(stop));
}

/** The process groups that we have started and not stopped. */
export function startedGroups() {
  return [...groups].map(child => child.pid);
}

/**
 * Runs a program of ours so that everything it started is stopped and `cleanUp` is called at its end, at an error, on
 * Ctrl-C or a signal to end, and when the program that started it is gone. Ends the process.
 */
export async function supervised(main, cleanUp) {
  const interrupted = new Promise((_, reject) => {
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
      process.on(signal, () => reject(Object.assign(new Error(`stopped by ${signal}`), { exitCode: code, isSignal: true })));
    }
    /* npm ends on a signal without passing it on to what its shell started. */
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) {
        reject(Object.assign(new Error('stopped: the program that started this one has ended'), { exitCode: 143, isSignal: true }));
      }
    }, PARENT_CHECK_MS);
  });
  process.once('exit', () => groups.forEach(child => signalGroup(child, 'SIGKILL')));
  let failure;
  try {
    await Promise.race([main(), interrupted]);
  } catch (error) {
    failure = error;
    console.error(`\n${error.exitCode === undefined ? error.stack : error.message}`);
  }
  await stopAll();
  await cleanUp(failure);
  process.exit(failure === undefined ? 0 : failure.exitCode ?? 1);
}
