/*
 * One look-up of a training plan by a handler, over https to a server on this machine, as a cold start of Lambda sees it:
 * how long loading the code takes, how long until the first answer, and how much memory there is in use afterwards.
 *
 *   node handler.cjs <ours | aws-custom-resource | provider | provider-function>
 *
 * The Provider framework calls a second function, which does the look-up: the server starts it as another process.
 */
'use strict';
const https = require('node:https');
const Module = require('node:module');
const { EventEmitter } = require('node:events');
const { writeSync } = require('node:fs');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');

const [, , who] = process.argv;
const root = join(__dirname, '..', '..', '..');
const cdk = join(root, 'node_modules', 'aws-cdk-lib');

/* The answer to CloudFormation isn't sent: all handlers do that in the same way. */
const answer = new Promise(resolve => {
  const request = https.request;
  https.request = (...args) => {
    const host = typeof args[0] === 'string' ? new URL(args[0]).hostname : args[0]?.hostname ?? args[0]?.host;
    if (!host?.startsWith('cloudformation-custom-resource-response')) { return request(...args); }
    let body = '';
    const response = Object.assign(new EventEmitter(), { statusCode: 200, headers: {}, resume: () => response });
    const fake = Object.assign(new EventEmitter(), {
      setTimeout: () => fake,
      destroy: () => fake,
      write(text) { body += text; return true; },
      end(text = '') {
        resolve(body + text);
        setImmediate(() => {
          args.find(arg => typeof arg === 'function')?.(response);
          fake.emit('response', response);
          response.emit('end');
        });
        return fake;
      },
    });
    return fake;
  };
});

const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:f';
const common = {
  RequestType: 'Create', RequestId: 'r', LogicalResourceId: 'Plan', ResourceType: 'Custom::Plan', ServiceToken: FUNCTION,
  StackId: 'arn:aws:cloudformation:us-east-1:111122223333:stack/S/0', ResponseURL: 'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/x?y=z',
};
const context = {
  functionName: 'f', logGroupName: 'g', logStreamName: 's', awsRequestId: 'i', invokedFunctionArn: FUNCTION, getRemainingTimeInMillis: () => 120_000,
};
const INPUT = { TrainingPlanName: 'llm-2026-q1' };
const call = JSON.stringify({
  service: 'sagemaker', action: 'DescribeTrainingPlan', parameters: INPUT, outputPaths: ['Status', 'TrainingPlanArn', 'UpfrontFee'],
  physicalResourceId: { id: 'p' },
});

/** How each loads its code, and the properties of its resource. */
const handlers = {
  'ours': {
    load: () => require(join(root, 'assets', 'lookup', 'index.js')).handler,
    properties: { Operation: 'DescribeTrainingPlan', Input: INPUT, Fields: 'Status,TrainingPlanArn,UpfrontFee' },
  },
  'aws-custom-resource': {
    load: () => require(join(cdk, 'custom-resource-handlers', 'dist', 'custom-resources', 'aws-custom-resource-handler', 'index.js')).handler,
    properties: { InstallLatestAwsSdk: 'false', Create: call, Update: call },
  },
  'provider': {
    load: () => {
      process.env.USER_ON_EVENT_FUNCTION_ARN = FUNCTION;
      /* What it starts waiters with isn't installed here, and isn't needed. */
      const load = Module._load;
      Module._load = (name, ...rest) => name === '@aws-sdk/client-sfn' ? {} : load(name, ...rest);
      return require(join(cdk, 'custom-resources', 'lib', 'provider-framework', 'runtime', 'framework.js')).onEvent;
    },
    properties: INPUT,
  },
  /* What one writes for the framework, with the SDK that Lambda has. */
  'provider-function': {
    load: () => {
      const { SageMakerClient, DescribeTrainingPlanCommand } = require('@aws-sdk/client-sagemaker');
      const client = new SageMakerClient({});
      return async ({ ResourceProperties: { TrainingPlanName } }) => {
        const { Status, TrainingPlanArn, UpfrontFee } = await client.send(new DescribeTrainingPlanCommand({ TrainingPlanName }));
        return { PhysicalResourceId: TrainingPlanArn, Data: { Status, TrainingPlanArn, UpfrontFee } };
      };
    },
    properties: INPUT,
    returns: true,
  },
};

/* Their logs aren't the result. */
console.log = () => {};
process.stdout.write = () => true;
(async () => {
  const { load, properties, returns } = handlers[who];
  const event = { ...common, ResourceProperties: { ServiceToken: FUNCTION, ...properties } };
  const beganCpu = process.cpuUsage();
  const began = performance.now();
  const handler = load();
  const loaded = performance.now();
  const [returned] = await Promise.all([handler(event, context), returns || answer]);
  const answered = performance.now();
  const { user, system } = process.cpuUsage(beganCpu);
  const { Status, Reason, Data } = returns ? { Status: 'SUCCESS', Data: returned.Data } : JSON.parse(await answer);
  if (Status !== 'SUCCESS' || Data.Status !== 'Active') { throw new Error(`${who}: ${Status} ${Reason}`); }
  writeSync(1, JSON.stringify({
    loadMs: loaded - began, totalMs: answered - began, cpuMs: (user + system) / 1000, memoryMiB: process.memoryUsage().rss / 1024 / 1024, returned,
  }));
  process.exit(0);
})().catch(error => { console.error(error); process.exit(1); });
