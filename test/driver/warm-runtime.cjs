/*
 * What Lambda is to a bundle that it keeps warm: a process for one invocation after the other, in virtual time. Invocations come as
 * lines of JSON on stdin, and their ends go as such to whoever waits for them; both logs get a line of their own at each end.
 */
'use strict';

const { writeSync } = require('node:fs');
const http = require('node:http');
const { createInterface } = require('node:readline');
const { contextOf, failureOf, loggedOf, redirectAnswers } = require('./lambda-process.cjs');
const virtualTime = require('./virtual-time.cjs');

const RESULT = 3;

const { bundle, receiverPort, startAt } = JSON.parse(process.env.DRIVER_FUNCTION);
delete process.env.DRIVER_FUNCTION;

virtualTime.install(startAt);
redirectAnswers(receiverPort);

/** In how many requests something fails that nobody thought of, in the way of libraries that say all they know. */
let untilAccident = Infinity;
const { request } = http;
http.request = (options, ...rest) => {
  if (--untilAccident === 0) {
    const { agent, ...known } = options;
    throw Object.assign(new TypeError(`${JSON.stringify(known)} went wrong`), { options: known, response: { request: known } });
  }
  return request(options, ...rest);
};

const functions = require(bundle);
const say = what => writeSync(RESULT, `${JSON.stringify(what)}\n`);
say({ exported: Object.keys(functions) });

createInterface({ input: process.stdin }).on('line', async line => {
  const { id, exported, event, timeoutMs, accidentAt, silences } = JSON.parse(line);
  virtualTime.expectSilence(silences);
  untilAccident = accidentAt ?? Infinity;
  let end;
  try {
    end = { result: await functions[exported](event, contextOf(timeoutMs)) };
  } catch (error) {
    console.error(loggedOf(error));
    end = { failure: failureOf(error) };
  }
  for (const stream of [process.stdout, process.stderr]) { stream.write(`\n--- end of ${id} ---\n`); }
  say({ id, ...end });
});
