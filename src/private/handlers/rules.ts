import { defineRules } from '../rule';

/** Rules about the Lambda functions behind the custom resources. */
export const RULES = defineRules('handlers', {
  configuredTooLate: {
    severity: 'error',
    rule: 'must be set before the first construct that needs a handler',
    fix: 'call HandlerDefaults.configure() right after the stack or app is made',
    why: 'a handler is made once per stack; defaults that come after it would silently not apply',
    source: 'cdk-hpc-clusters decisions/0004',
  },
});
