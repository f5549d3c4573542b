/* HyperPod clusters of one instance group each, with a role and a security group. */
'use strict';
module.exports = require('./instance-groups.cjs').waysWith(1);
