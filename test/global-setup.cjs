'use strict';
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Gives a run of the tests a temporary folder of its own: each App of the CDK leaves an assembly there. Workers inherit it. */
module.exports = async () => {
  process.env.TMPDIR = globalThis.temporaryFolder = mkdtempSync(join(tmpdir(), 'cdk-hpc-clusters-test-'));
};
