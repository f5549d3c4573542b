/*
 * What Lambda is to a bundle: a process with one invocation. What tests need beyond that is patched from outside, here and in
 * lambda-process.cjs; time can be virtual.
 */
'use strict';

const { writeSync } = require('node:fs');
const { contextOf, failureOf, loggedOf, redirectAnswers } = require('./lambda-process.cjs');

/** Where a result or an error goes, for whoever waits for it. */
const RESULT = 3;

const { bundle, exported, event, receiverPort, virtualTime, startAt, timeoutMs } = JSON.parse(process.env.DRIVER_INVOCATION);
delete process.env.DRIVER_INVOCATION;

if (virtualTime) { require('./virtual-time.cjs').install(startAt); }
redirectAnswers(receiverPort);

const handler = require(bundle)[exported];
handler(event, contextOf(timeoutMs)).then(
  result => {
    writeSync(RESULT, JSON.stringify({ result, endedAt: Date.now() }));
    process.exit(0);
  },
  error => {
    // Lambda logs an unhandled error, and whoever waits for the answer gets it too
    console.error(loggedOf(error));
    writeSync(RESULT, JSON.stringify({ failure: failureOf(error), endedAt: Date.now() }));
    process.exit(1);
  },
);
