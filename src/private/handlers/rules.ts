import { defineRules } from '../rule';

/** Rules about the Lambda functions behind the custom resources, and whatever else a stack has once. */
export const RULES = defineRules('handlers', {
  configuredTooLate: {
    severity: 'error',
    rule: 'must be set before the first construct that needs a handler',
    fix: 'call HandlerDefaults.configure() right after the stack, stage or app is made',
    why: 'a handler is made once per stack; options that come after it would silently not apply',
    source: 'cdk-hpc-clusters decisions/0004',
  },
  configuredInsideStack: {
    severity: 'error',
    rule: 'must be a stack, a stage, an app or a construct around them',
    fix: 'give the stack that the construct is in',
    why: 'handlers belong to a whole stack, so options of a part of it would silently not apply',
    source: 'cdk-hpc-clusters decisions/0004',
  },
  idTaken: {
    severity: 'error',
    rule: 'must not be one under which this library makes what a stack has once, such as a handler',
    fix: 'give the construct another id',
    why: 'the ids of such constructs make logical ids that never change, so the library can\'t choose others',
    source: 'cdk-hpc-clusters decisions/0004',
  },
  networkWithoutVpc: {
    severity: 'error',
    rule: 'must come together with `vpc`',
    fix: 'set `vpc` in the same call',
    why: 'subnets and security groups mean nothing for a function outside a VPC, so it would silently stay outside',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
  },
  spendingLimitsTooLarge: {
    severity: 'error',
    rule: 'must fit, with the names and limits of all purchases or extensions of the stack, into the 4096 bytes that the environment of a function has',
    fix: 'put some of them into another stack',
    why: 'the function that buys knows from its own configuration what it may spend, so that an event can\'t ask for more',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html',
  },
});
