// aws-cdk-lib validates every synthesized template, which costs seconds in each worker; CI does that once, over the examples.
process.env.CDK_VALIDATION ??= 'false';
// What aws-cdk-lib has deprecated prints warnings in our users' consoles.
process.env.JSII_DEPRECATED ??= 'fail';
