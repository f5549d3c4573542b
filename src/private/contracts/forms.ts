/*
 * The forms that services hold values to, as their models write them. Patterns are those of whole values; lengths count characters,
 * whatever they take in UTF-16. What both constructs and handlers check has its form here.
 */

/** The form of a text. */
export interface TextForm {
  readonly kind: 'text';
  readonly pattern?: RegExp;
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
export function text(min: number, max: number, pattern?: RegExp): TextForm {
  return { kind: 'text', pattern, min, max };
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
  return length >= form.min && length <= form.max && form.pattern?.test(value) !== false;
}

/** The name of a training plan. */
export const PLAN_NAME = text(1, 64, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}$/);

/** The id of an instance. */
export const INSTANCE_ID = text(1, 256, /^i-[a-f0-9]{8}(?:[a-f0-9]{9})?$/);

/** The id of a node of a HyperPod cluster, which it keeps when its instance is replaced. */
export const NODE_LOGICAL_ID = text(1, 128, /^[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]$/);

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The key of a tag in SageMaker. */
export const TAG_KEY = text(1, 128, TAG_TEXT);

/** The value of a tag in SageMaker. */
export const TAG_VALUE = text(0, 256, TAG_TEXT);

/** Whose a plan is, which becomes the value of a tag. */
export const OWNERSHIP_KEY = text(1, 256, TAG_TEXT);
