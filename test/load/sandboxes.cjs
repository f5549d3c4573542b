/*
 * What Lambda does with invocations that come at once: each has an instance of the bundle of its own, with its own clients. Here many
 * of them share a process, which is cheaper. Invocations come as messages, and their ends go as such.
 */
'use strict';

const { contextOf, redirectAnswers } = require('../driver/lambda-process.cjs');

redirectAnswers(process.env.LOAD_RECEIVER_PORT);

const instances = new Map();

/** What an invocation is called with, or a bundle to be loaded: Lambda does that before the time of an invocation begins. */
process.on('message', async ({ id, sandbox, bundle, exported, event, timeoutMs }) => {
  if (exported === undefined) {
    delete require.cache[require.resolve(bundle)];
    instances.set(sandbox, require(bundle));
    process.send({ id });
    return;
  }
  const began = Date.now();
  const end = await instances.get(sandbox)[exported](event, contextOf(timeoutMs)).then(result => ({ result }), error => ({ error: error.message }));
  process.send({ id, ...end, milliseconds: Date.now() - began });
});

process.stdout.write = () => true; // what functions log is not of interest here
