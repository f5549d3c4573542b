import { EXCLUSIONS } from './awslint-exclusions';

/** One line of awslint. */
export interface Finding {
  readonly rule: string;
  readonly scope: string;
  readonly message: string;
}

/** The findings that awslint prints: errors, and warnings. */
export function parseFindings(output: string): Finding[] {
  return [...output.matchAll(/^(?:error|warning): \[awslint:([a-z-]+):([^\]]+)\] (.*)$/gm)].map(([, rule, scope, message]) => ({ rule, scope, message: message.trim() }));
}

/** What is found and isn't excluded, and what is excluded and isn't found: one line each. Then how many of each rule are excluded. */
export function judgeFindings(
  findings: readonly Finding[], exclusions: Readonly<Record<string, Readonly<Record<string, string>>>> = EXCLUSIONS,
) {
  const open = findings.filter(({ rule, scope }) => exclusions[rule]?.[scope] === undefined)
    .map(({ rule, scope, message }) => `${rule}: ${scope}: ${message}`);
  const unused = Object.entries(exclusions).flatMap(([rule, scopes]) => Object.keys(scopes)
    .filter(scope => !findings.some(finding => finding.rule === rule && finding.scope === scope))
    .map(scope => `${rule}: ${scope}: is excluded, and not found: take it out of test/package/awslint-exclusions.ts`));
  const counts = Object.entries(exclusions).map(([rule, scopes]) => `${Object.keys(scopes).length} ${rule}`);
  return { problems: [...open, ...unused], counts };
}
