import { judgeFindings, parseFindings } from './awslint';
import { EXCLUSIONS } from './awslint-exclusions';

const OUTPUT = `
error: [awslint:prefer-ref-interface:lib.ThingProps.role] API should prefer to use the L1 reference interface
warning: [awslint:resource-interface:lib.Thing] every resource must have a resource interface${' '}
(node:1) Warning: not a finding
`;

test('errors and warnings are read, and nothing else', () => {
  expect(parseFindings(OUTPUT)).toEqual([
    { rule: 'prefer-ref-interface', scope: 'lib.ThingProps.role', message: 'API should prefer to use the L1 reference interface' },
    { rule: 'resource-interface', scope: 'lib.Thing', message: 'every resource must have a resource interface' },
  ]);
});

test('what is excluded by its name is no problem; another of its rule is', () => {
  const findings = parseFindings(OUTPUT);
  expect(judgeFindings(findings, { 'prefer-ref-interface': { 'lib.ThingProps.role': 'why' }, 'resource-interface': { 'lib.Thing': 'why' } })).toEqual({
    problems: [], counts: ['1 prefer-ref-interface', '1 resource-interface'],
  });
  expect(judgeFindings(findings, { 'prefer-ref-interface': { 'lib.ThingProps.role': 'why' } }).problems).toEqual([
    'resource-interface: lib.Thing: every resource must have a resource interface',
  ]);
});

test('an exclusion that nothing is found for is a problem', () => {
  expect(judgeFindings([], { 'resource-interface': { 'lib.Thing': 'why' } }).problems).toEqual([
    'resource-interface: lib.Thing: is excluded, and not found: take it out of test/package/awslint-exclusions.ts',
  ]);
});

test('each exclusion has a reason', () => {
  const reasons = Object.values(EXCLUSIONS).flatMap(scopes => Object.values(scopes));
  expect(reasons.length).toBeGreaterThan(50);
  expect(reasons.filter(reason => reason.length < 20)).toEqual([]);
});
