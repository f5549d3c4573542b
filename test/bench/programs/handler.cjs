/*
 * One look-up of a training plan by a handler, over https to a server on this machine, as a cold start of Lambda sees it:
 * how long loading the code takes, how long until the first answer, and how much memory there is in use afterwards.
 *
 *   node handler.cjs <ours | aws-custom-resource>
 */
'use strict';
const https = require('node:https');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');

const root = join(__dirname, '..', '..', '..');
const [, , who] = process.argv;
const answer = new Promise(resolve => {
  /* The answer to CloudFormation isn't sent: both handlers do that in the same way. */
  const request = https.request;
  https.request = (...args) => {
    const host = typeof args[0] === 'string' ? new URL(args[0]).hostname : args[0]?.hostname ?? args[0]?.host;
    if (!host?.startsWith('cloudformation-custom-resource-response')) { return request(...args); }
    const { EventEmitter } = require('node:events');
    const fake = new EventEmitter();
    Object.assign(fake, { write() {}, setTimeout() { return fake; }, destroy() {}, end(body) {
      resolve(body);
      const response = new EventEmitter();
      Object.assign(response, { statusCode: 200, resume() { return response; }, headers: {} });
      setImmediate(() => { args.find(arg => typeof arg === 'function')?.(response); fake.emit('response', response); response.emit('end'); });
    } });
    return fake;
  };
});

const common = {
  RequestType: 'Create', RequestId: 'r', LogicalResourceId: 'Plan', ResourceType: 'Custom::Plan', ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:f',
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/S/0', ResponseURL: 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x?y=z',
};
const context = {
  functionName: 'f', logGroupName: 'g', logStreamName: 's', awsRequestId: 'i', invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:f',
  getRemainingTimeInMillis: () => 120_000,
};
const call = JSON.stringify({
  service: 'sagemaker', action: 'DescribeTrainingPlan', parameters: { TrainingPlanName: 'llm-2026-q1' },
  outputPaths: ['Status', 'TrainingPlanArn', 'UpfrontFee'], physicalResourceId: { id: 'p' },
});
const events = {
  'ours': {
    ...common,
    ResourceProperties: { ServiceToken: common.ServiceToken, Operation: 'DescribeTrainingPlan', Input: { TrainingPlanName: 'llm-2026-q1' }, Fields: 'Status,TrainingPlanArn,UpfrontFee' },
  },
  'aws-custom-resource': { ...common, ResourceProperties: { ServiceToken: common.ServiceToken, InstallLatestAwsSdk: 'false', Create: call, Update: call } },
};
const code = {
  'ours': join(root, 'assets', 'lookup', 'index.js'),
  'aws-custom-resource': join(root, 'node_modules', 'aws-cdk-lib', 'custom-resource-handlers', 'dist', 'custom-resources', 'aws-custom-resource-handler', 'index.js'),
};

/* Their logs aren't the result. */
const { writeSync } = require('node:fs');
console.log = () => {};
process.stdout.write = () => true;
(async () => {
  const began = performance.now();
  const { handler } = require(code[who]);
  const loaded = performance.now();
  await Promise.all([handler(events[who], context), answer]);
  const answered = performance.now();
  const { Status, Reason } = JSON.parse(await answer);
  if (Status !== 'SUCCESS') { throw new Error(`${who}: ${Status} ${Reason}`); }
  writeSync(1, JSON.stringify({ loadMs: loaded - began, totalMs: answered - began, memoryMiB: process.memoryUsage().rss / 1024 / 1024 }));
  process.exit(0);
})().catch(error => { console.error(error); process.exit(1); });
