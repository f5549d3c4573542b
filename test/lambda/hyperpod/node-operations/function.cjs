/*
 * A bundle in a process of its own, as Lambda runs it: requests come as lines of JSON, answers and errors go as such. What the
 * handler logs goes to stderr.
 */
'use strict';

const { createInterface } = require('node:readline');

const answers = process.stdout.write.bind(process.stdout);
process.stdout.write = text => process.stderr.write(text);
const { handler } = require(process.argv[2]);
const context = { getRemainingTimeInMillis: () => 60_000 };

createInterface({ input: process.stdin }).on('line', async line => {
  const { id, event } = JSON.parse(line);
  try {
    answers(`${JSON.stringify({ id, answer: await handler(event, context) })}\n`);
  } catch (error) {
    answers(`${JSON.stringify({ id, error: { name: error.name, message: error.message } })}\n`);
  }
});
