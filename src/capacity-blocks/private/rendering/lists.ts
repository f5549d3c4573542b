import { Fn } from 'aws-cdk-lib';

/** A list as handlers take it: one text with commas. */
export function joined(values: string[] | undefined): string | undefined {
  return values && Fn.join(',', values);
}
