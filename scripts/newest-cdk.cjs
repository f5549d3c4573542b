// Preloaded by `node --require`: programs see the newest aws-cdk-lib instead of the oldest one that we build on.
const { Module } = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const newest = request === 'aws-cdk-lib' || request.startsWith('aws-cdk-lib/') ? request.replace('aws-cdk-lib', 'cdk-newest') : request;
  return resolve.call(this, newest, ...rest);
};
