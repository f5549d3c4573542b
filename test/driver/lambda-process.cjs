/*
 * What Lambda is to a bundle, but for the process: where its answers go, what it knows of its invocation, and what becomes of its
 * errors.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');

/** The bundle speaks https to CloudFormation; on this machine the receiver is plain http. */
exports.redirectAnswers = receiverPort => {
  https.request = (url, options, callback) => {
    const { hostname, pathname, search, protocol } = new URL(url);
    if (protocol !== 'https:' || !hostname.startsWith('cloudformation-custom-resource-response-')) {
      throw new Error(`the driver redirects answers to CloudFormation alone, not ${hostname}`);
    }
    return http.request({ ...options, host: '127.0.0.1', port: receiverPort, path: pathname + search }, callback);
  };
};

/** The context of an invocation that begins now. */
exports.contextOf = timeoutMs => {
  const deadline = Date.now() + timeoutMs;
  return {
    awsRequestId: '8f507cfc-xmpl-4697-b07a-ac58fc914c95',
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
};

/** What the caller of a function gets to know of its error. */
exports.failureOf = error => ({ errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') });

/** What the runtime of Lambda logs of it: all that can be enumerated, too, at any depth. */
exports.loggedOf = error => JSON.stringify(error, (_key, value) => (value instanceof Error
  ? { errorType: value.name, errorMessage: value.message, code: value.code, ...value, stack: String(value.stack).split('\n') }
  : value));
