/*
 * What Lambda is to a bundle: a process with one invocation. What tests need beyond that is patched here, from outside:
 * - the bundle speaks https to CloudFormation; on this machine the receiver is plain http
 * - time can be virtual
 */
'use strict';

const { writeSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');

/** Where a result goes. */
const RESULT = 3;

const { bundle, exported, event, receiverPort, virtualTime, startAt, timeoutMs } = JSON.parse(process.env.DRIVER_INVOCATION);
delete process.env.DRIVER_INVOCATION;

if (virtualTime) { require('./virtual-time.cjs').install(startAt); }

https.request = (url, options, callback) => {
  const { hostname, pathname, search, protocol } = new URL(url);
  if (protocol !== 'https:' || !hostname.startsWith('cloudformation-custom-resource-response-')) {
    throw new Error(`the driver redirects answers to CloudFormation alone, not ${hostname}`);
  }
  return http.request({ ...options, host: '127.0.0.1', port: receiverPort, path: pathname + search }, callback);
};

const handler = require(bundle)[exported];
const deadline = Date.now() + timeoutMs;
const context = {
  awsRequestId: '8f507cfc-xmpl-4697-b07a-ac58fc914c95',
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
  logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
};

handler(event, context).then(
  result => {
    writeSync(RESULT, JSON.stringify({ result, endedAt: Date.now() }));
    process.exit(0);
  },
  error => {
    // the runtime of Lambda logs an unhandled error with its text and its stack, and whoever waits for the answer gets them too
    const failure = { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') };
    console.error(JSON.stringify(failure));
    writeSync(RESULT, JSON.stringify({ failure }));
    process.exit(1);
  },
);
