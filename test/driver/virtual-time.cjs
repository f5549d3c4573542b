/*
 * Time that doesn't wait, for the process of a bundle: when nothing is left to do but to wait for a timer, the clock jumps
 * to it. Timers fire in the order of their due times, and work takes the time that it takes, so a slow machine changes nothing.
 *
 * "Nothing is left to do": no request is under way and no timer has been set or fired for a moment; or a request is, and
 * its server, on this machine, has been silent for so long that it means to be.
 */
'use strict';

const http = require('node:http');
const { syncBuiltinESMExports } = require('node:module');
const timersPromises = require('node:timers/promises');

const MOMENT_MS = 15;
const SILENCE_MS = 300;
/** Where no server means to be silent, one that is has too much to do. */
const PATIENCE_MS = 30_000;

const realNow = Date.now;
const realTimeout = globalThis.setTimeout;
const realClear = globalThis.clearTimeout;

let silenceMs = SILENCE_MS;
let skipped = 0;
let lastActivity = realNow();
let lastTraffic = realNow();
let underWay = 0;
let polling = false;
const queue = new Map();
let count = 0;

const now = () => realNow() + skipped;
const active = () => { lastActivity = realNow(); };
const traffic = () => { lastActivity = lastTraffic = realNow(); };

function poll() {
  if (polling) { return; }
  polling = true;
  realTimeout(() => setImmediate(() => {
    polling = false;
    step();
  }), 3);
}

function step() {
  if (queue.size === 0) { return; }
  const [next] = [...queue.values()].sort((a, b) => a.due - b.due || a.id - b.id);
  const idle = realNow() - lastActivity >= MOMENT_MS;
  const silent = underWay === 0 || realNow() - lastTraffic >= silenceMs;
  const busy = process.getActiveResourcesInfo().some(resource => /^(FSReq|GetAddrInfo)/.test(resource));
  if (next.due > now() && idle && silent && !busy) {
    skipped += next.due - now();
  }
  if (next.due <= now()) {
    active();
    queue.delete(next.id);
    next.callback();
  }
  poll();
}

function setVirtual(callback, delay = 0, ...rest) {
  active();
  const id = ++count;
  const timer = { id, due: now() + delay, callback: () => callback(...rest) };
  queue.set(id, timer);
  poll();
  const handle = {
    id,
    ref: () => handle,
    unref: () => handle,
    hasRef: () => true,
    refresh: () => {
      timer.due = now() + delay;
      queue.set(id, timer);
      return handle;
    },
    close: () => queue.delete(id),
  };
  return handle;
}

/** Whether a server may mean to be silent. It may, unless it is said that none will be. */
exports.expectSilence = expected => { silenceMs = expected ? SILENCE_MS : PATIENCE_MS; };

/** Begins virtual time, now or at another instant. */
exports.install = (startAt = realNow()) => {
  skipped = startAt - realNow();
  Date.now = now;
  globalThis.Date = class extends Date { // signatures are dated by it
    constructor(...given) {
      super(...(given.length === 0 ? [now()] : given));
    }
  };
  globalThis.setTimeout = setVirtual;
  globalThis.clearTimeout = handle => (queue.has(handle?.id) ? queue.delete(handle.id) : realClear(handle));
  timersPromises.setTimeout = async (delay, value, { signal } = {}) => new Promise((resolve, reject) => {
    const timer = setVirtual(() => resolve(value), delay);
    const abort = () => {
      timer.close();
      reject(new DOMException('The operation was aborted', 'AbortError'));
    };
    if (signal?.aborted) { abort(); }
    signal?.addEventListener('abort', abort);
  });
  const { request } = http;
  http.request = (...given) => {
    traffic();
    underWay++;
    const outgoing = request(...given);
    outgoing.on('response', incoming => {
      traffic();
      incoming.on('end', traffic);
    });
    outgoing.on('close', () => {
      traffic();
      underWay--;
    });
    return outgoing;
  };
  syncBuiltinESMExports(); // the SDK imports node:http
};
