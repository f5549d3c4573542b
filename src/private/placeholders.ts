/**
 * The texts that aws-cdk-lib puts in place of what the CLI looks up, while it hasn't been looked up: those of images, VPCs, subnets,
 * security groups and address ranges. The first run of an app has them, the next has the values.
 */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'ami-1234', 'vpc-12345', 's-12345', 's-67890', 'p-12345', 'p-67890', 'sg-12345678', '1.2.3.4/5',
]);

/** A parameter of SSM, a zone, and the ARN of a role. */
const PATTERN = /^dummy-value-for-|^dummy\d[a-z]$|DUMMY_ARN$/;

/** Whether a value stands for one that the CLI has yet to look up. */
export function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && (PLACEHOLDERS.has(value) || PATTERN.test(value));
}
