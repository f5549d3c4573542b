'use strict';
const { rmSync } = require('node:fs');

/** Removes what test/global-setup.cjs made. */
module.exports = async () => rmSync(globalThis.temporaryFolder, { recursive: true, force: true, maxRetries: 3 });
