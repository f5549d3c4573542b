/*
 * The forms that services hold values to, as their models write them. Patterns are those of whole values; lengths count characters,
 * whatever they take in UTF-16. What both constructs and handlers check has its form here.
 */

/** A pattern, or what makes it when the first value is held to it. */
export type Pattern = RegExp | (() => RegExp);

/** The form of a text. */
export interface TextForm {
  readonly kind: 'text';
  readonly pattern?: Pattern;
  readonly min: number;
  readonly max: number;
}

/** The form of a number. */
export interface NumberForm {
  readonly kind: 'number';
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
}

/** The form of a value. */
export type Form = TextForm | NumberForm;

/** The form of texts of a length, and with a pattern where there is one. */
export function text(min: number, max: number, pattern?: Pattern): TextForm {
  return { kind: 'text', pattern, min, max };
}

/**
 * A pattern with classes of Unicode, from its source. V8 reads the literals of a module while it loads it, and those of such classes take
 * it millions of instructions: as a source they cost what a text costs until a value is held to them.
 */
export function unicode(source: string): () => RegExp {
  let made: RegExp | undefined;
  return () => made ??= new RegExp(source, 'u');
}

/** The form of whole numbers of a range. */
export function whole(min: number, max: number = Infinity): NumberForm {
  return { kind: 'number', whole: true, min, max };
}

/** Whether a value has a form. */
export function fits(form: Form, value: unknown): boolean {
  if (form.kind === 'number') {
    return typeof value === 'number' && value >= form.min && value <= form.max && (!form.whole || Number.isInteger(value));
  }
  if (typeof value !== 'string') { return false; }
  const length = [...value].length;
  return length >= form.min && length <= form.max && matches(form.pattern, value);
}

function matches(pattern: Pattern | undefined, value: string): boolean {
  return pattern === undefined || (typeof pattern === 'function' ? pattern() : pattern).test(value);
}

/** The name of a training plan. */
export const PLAN_NAME = text(1, 64, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/);

/** The ARN of a training plan. */
export const PLAN_ARN = text(50, 2048, /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:training-plan\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/);

/** The ARN of a compute quota. */
export const QUOTA_ARN = text(0, 2048, /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:compute-quota\/[a-z0-9]{12}$/);

/** The id of a compute quota. */
export const QUOTA_ID = text(12, 12, /^[a-z0-9]{12}$/);

/** The id of an instance. */
export const INSTANCE_ID = text(1, 256, /^i-[a-f0-9]{8}(?:[a-f0-9]{9})?$/);

/** The id of a node of a HyperPod cluster, which it keeps when its instance is replaced. */
export const NODE_LOGICAL_ID = text(1, 128, /^[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/);

const TAG_TEXT = unicode(String.raw`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`);

/** The key of a tag in SageMaker. */
export const TAG_KEY = text(1, 128, TAG_TEXT);

/** The value of a tag in SageMaker. */
export const TAG_VALUE = text(0, 256, TAG_TEXT);

/** Tags of AWS, and those by which handlers of this library say whose a resource is. */
export const RESERVED_TAG = /^(aws|cdk-hpc-clusters):/i;

/** Whose a plan is, which becomes the value of a tag. */
export const OWNERSHIP_KEY = text(1, 256, TAG_TEXT);
