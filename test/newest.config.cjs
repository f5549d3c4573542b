/* Runs the unit tests on the newest aws-cdk-lib: `npm run test:newest`. */
'use strict';
const { join } = require('node:path');
const base = require('../jest.config.json');

module.exports = {
  ...base,
  rootDir: join(__dirname, '..'),
  testTimeout: 120_000, // nobody waits for it: a busy machine is no failure
  moduleNameMapper: { ...base.moduleNameMapper, '^aws-cdk-lib$': 'cdk-newest', '^aws-cdk-lib/(.*)$': 'cdk-newest/$1' },
};
