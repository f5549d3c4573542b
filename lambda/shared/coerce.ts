import { HandlerError } from './errors';

/** Properties as they arrive: CloudFormation turns numbers and booleans into strings. */
export type Properties = Readonly<Record<string, unknown>>;

/** Half of a character of two, which no request can carry. */
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/** The parts of an event that a function reads before it knows what is asked. */
interface Readable {
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

/** An event whose properties are objects, and whose physical id is a text, whatever they were: what isn't one is empty. */
export function readable<E extends Readable>(event: E): E {
  const { PhysicalResourceId: id, ResourceProperties: properties, OldResourceProperties: old } = event;
  return {
    ...event,
    PhysicalResourceId: typeof id === 'string' ? id : undefined,
    ResourceProperties: isRecord(properties) ? properties : {},
    OldResourceProperties: isRecord(old) ? old : undefined,
  };
}

/** How something is called that isn't what it should be: a short text or a number as it is, anything else by its kind. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) { return 'nothing'; }
  if (typeof value === 'object') { return Array.isArray(value) ? 'a list' : 'an object'; }
  return String(value).slice(0, LONGEST_SHOWN);
}

const LONGEST_SHOWN = 100;

function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that must be there. Numbers and booleans are accepted as what they would be in a template. */
export function text(properties: Properties, key: string): string {
  const found = optionalText(properties, key);
  if (found === undefined) {
    throw new HandlerError('InvalidProperties', `the property ${key} is missing`);
  }
  return found;
}

/** A text that may be left out; an empty one counts as left out. */
export function optionalText(properties: Properties, key: string): string | undefined {
  const value = properties[key];
  if (value === undefined || value === null || value === '') { return undefined; }
  if (typeof value === 'object' || HALF_A_CHARACTER.test(String(value))) {
    throw new HandlerError('InvalidProperties', `the property ${key} must be a text`);
  }
  return String(value);
}

/** A whole number that may be left out. Nothing else is taken for one: neither `1e3` nor `two`. */
export function optionalInteger(properties: Properties, key: string, least = 0): number | undefined {
  const given = optionalText(properties, key);
  if (given === undefined) { return undefined; }
  const read = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
  if (!(read >= least)) { throw new HandlerError('InvalidProperties', `the property ${key} must be a whole number from ${least}, got: ${given}`); }
  return read;
}

/** An instant that may be left out, in milliseconds since 1970. */
export function optionalInstant(properties: Properties, key: string): number | undefined {
  const given = optionalText(properties, key);
  if (given === undefined) { return undefined; }
  const milliseconds = Date.parse(given);
  if (Number.isNaN(milliseconds)) {
    throw new HandlerError('InvalidProperties', `${key} must be an instant such as 2026-12-01T00:00:00Z, got: ${given}`);
  }
  return milliseconds;
}

/** A yes or no, which is no where it is left out. */
export function flag(properties: Properties, key: string): boolean {
  const given = optionalText(properties, key) ?? 'false';
  if (given !== 'true' && given !== 'false') { throw new HandlerError('InvalidProperties', `the property ${key} must be true or false, got: ${given}`); }
  return given === 'true';
}

/** A list that came as one text with commas. */
export function commaList(properties: Properties, key: string): string[] {
  return optionalText(properties, key)?.split(',').map(part => part.trim()).filter(part => part !== '') ?? [];
}

/** An object that must be there. */
export function record(properties: Properties, key: string): Properties {
  const value = properties[key];
  if (!isRecord(value)) { throw new HandlerError('InvalidProperties', `the property ${key} must be an object`); }
  return value;
}
