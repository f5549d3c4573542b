import { Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import type { Finding } from '../../private/problems';
import type { Rule } from '../../private/rule';

/** A text of a template, as far as it is known at synthesis. */
interface Reading {
  /** Its beginning. */
  readonly front: string;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
  /** How many bytes it has at least. */
  readonly bytes: number;
}

type Tell = (rule: Rule, finding: Finding) => void;

/** How user data begins. */
type UserDataForm = 'mime' | 'brokenMime' | 'windows' | 'unknown' | 'nothing' | PartType;

/** The content types of parts, by how cloud-init recognizes what has none. The longer of two beginnings stands first. */
const PART_TYPES = {
  '#cloud-config-archive': 'text/cloud-config-archive',
  '#cloud-config-jsonp': 'text/cloud-config-jsonp',
  '#cloud-config': 'text/cloud-config',
  '#cloud-boothook': 'text/cloud-boothook',
  '#include-once': 'text/x-include-once-url',
  '#include': 'text/x-include-url',
  '#part-handler': 'text/part-handler',
  '## template: jinja': 'text/jinja2',
  '#!': 'text/x-shellscript',
} as const;

type PartType = typeof PART_TYPES[keyof typeof PART_TYPES];

const MIME_MARKS = ['mime-version:', 'content-type: multipart/', 'content-type:multipart/'];
const WINDOWS_MARKS = ['<powershell>', '<script>', '<persist>', '<runasloaclsystem>', 'version: 1.0\ntasks:'];

/** What EC2 takes before it is encoded. */
const MAX_BYTES = 16_384;

/** How many alternatives of a text are told apart, which functions such as `Fn::If` multiply. */
const MAX_READINGS = 16;

const UNKNOWN: Reading = { front: '', isWhole: false, bytes: 0 };

/** The user data as MIME multipart text, encoded. It is read late, so that commands may still be added to it. */
export function multipartUserData(userData: ec2.UserData): string {
  return Fn.base64(Token.asString(Lazy.uncachedAny({ produce: context => inParts(context.resolve(userData.render())) })));
}

/** A resolved text in parts: as it is, where it has some or where its beginning isn't known, since it may have some then. */
function inParts(text: unknown): unknown {
  const { name, argument } = asFunction(text) ?? {};
  if (name === 'Fn::If' && Array.isArray(argument)) { return { [name]: [argument[0], ...argument.slice(1).map(inParts)] }; }
  const form = formOf(text);
  if (form === 'nothing') { return asPart(text, 'text/x-shellscript'); }
  return isPart(form) ? asPart(text, form) : withoutIndent(text);
}

/** What is wrong with user data, as it is given, and with what is made of it. */
export function judgeUserData(scope: IConstruct, userData: ec2.UserData, property: string, tell: Tell): void {
  const resolve = (value: unknown): unknown => Stack.of(scope).resolve(value);
  for (const text of branchesOf(resolve(userData.render()))) {
    const form = formOf(text);
    judgeForm(form, text, property, tell);
    if (form === 'unknown') { tell(RULES.userDataUnknown, { property }); }
    if (form === 'nothing') { tell(RULES.userDataForm, { property, got: startOf(text) }); }
  }
  judgeSize(asFunction(resolve(multipartUserData(userData)))!.argument, property, tell);
}

/** What is wrong with the user data of a launch template as CloudFormation has it, which has to be in the multipart form already. */
export function judgeTemplateUserData(userData: unknown, property: string, tell: Tell): void {
  const whole = plainOf(userData);
  if (whole === undefined) { return; }
  for (const text of branchesOf(whole)) {
    const form = formOf(text, { trimmed: false });
    judgeForm(form, text, property, tell);
    if (form === 'nothing' || isPart(form)) { tell(RULES.templateUserData, { property, got: startOf(text) }); }
  }
  judgeSize(whole, property, tell);
}

function judgeForm(form: UserDataForm, text: unknown, property: string, tell: Tell): void {
  if (form === 'windows') { tell(RULES.userDataWindows, { property, got: startOf(text) }); }
  if (form === 'brokenMime') { tell(RULES.userDataHeader, { property, got: startOf(text) }); }
}

/** The texts between which a condition decides. */
function branchesOf(text: unknown): unknown[] {
  const { name, argument } = asFunction(text) ?? {};
  return name === 'Fn::If' && Array.isArray(argument) ? argument.slice(1).flatMap(branchesOf) : [text];
}

function judgeSize(text: unknown, property: string, tell: Tell): void {
  const bytes = Math.min(...readingsOf(text).map(reading => reading.bytes));
  if (bytes > MAX_BYTES) { tell(RULES.userDataSize, { property, got: bytes }); }
}

/** User data before it is encoded. Undefined where it isn't there, or can't be read. */
function plainOf(userData: unknown): unknown {
  if (typeof userData === 'string') { return Token.isUnresolved(userData) ? undefined : Buffer.from(userData, 'base64').toString(); }
  return asFunction(userData)?.name === 'Fn::Base64' ? asFunction(userData)!.argument : undefined;
}

function isPart(form: UserDataForm): form is PartType {
  return Object.values<string>(PART_TYPES).includes(form);
}

/** The form of a text, the same for all its alternatives. */
function formOf(text: unknown, { trimmed = true } = {}): UserDataForm {
  const forms = new Set(readingsOf(text).map(reading => formOfReading(reading, trimmed)));
  return forms.size === 1 ? [...forms][0] : 'unknown';
}

function formOfReading({ front, isWhole }: Reading, trimmed: boolean): UserDataForm {
  const text = front.trimStart();
  const start = text.toLowerCase();
  const isMark = (mark: string) => start.startsWith(mark);
  if (MIME_MARKS.some(isMark)) { return isBroken(trimmed ? text : front, isWhole) ? 'brokenMime' : 'mime'; }
  if (WINDOWS_MARKS.some(isMark)) { return 'windows'; }
  const marks = Object.keys(PART_TYPES) as (keyof typeof PART_TYPES)[];
  const goesOn = (mark: string) => !isWhole && mark.startsWith(start);
  if ([...MIME_MARKS, ...WINDOWS_MARKS, ...marks].some(goesOn)) { return 'unknown'; }
  const found = marks.find(isMark);
  return found === undefined ? 'nothing' : PART_TYPES[found];
}

/**
 * Whether the header of a multipart text can't be read: the lines before the first empty one, where each is at the margin, and which
 * name the version and the boundary. Cloud-init takes everything else for text without parts, and runs nothing.
 */
function isBroken(text: string, isWhole: boolean): boolean {
  const [header] = text.split(/\r?\n\r?\n/, 1);
  if (header.length === text.length && !isWhole) { return false; }
  const lines = header.replace(/\r?\n[ \t]+(?=[a-z]+=)/gi, ' ').split(/\r?\n/); // parameters may follow on a line of their own
  const has = (pattern: RegExp) => lines.some(line => pattern.test(line));
  return !has(/^mime-version:/i) || !has(/^content-type: *multipart\/.*boundary=/i) || has(/^\s/) || lines[0] === '';
}

/** A text as the only part of a multipart one. ASCII stays as it is: encoded, it would take a third more of the room that EC2 gives. */
function asPart(text: unknown, contentType: PartType): string {
  const parts = new ec2.MultipartUserData();
  const body = Token.asString(withoutIndent(text));
  const isAscii = /^[\0-\x7f]*$/.test(JSON.stringify(text));
  parts.addPart(ec2.MultipartBody.fromRawBody({
    contentType: `${contentType}; charset="utf-8"`,
    transferEncoding: isAscii ? '7bit' : 'base64',
    body: isAscii ? body : Fn.base64(body),
  }));
  return parts.render();
}

/** The first line, as far as it is known, for messages. */
function startOf(text: unknown): string {
  return readingsOf(text)[0].front.trimStart().split('\n', 1)[0].slice(0, 60);
}

/** A resolved text without white space in front, in front of which nothing else is recognized. */
function withoutIndent(text: unknown): unknown {
  if (typeof text === 'string') { return text.trimStart(); }
  const { name, argument } = asFunction(text) ?? {};
  if (name === 'Fn::Sub') {
    return { [name]: Array.isArray(argument) ? [withoutIndent(argument[0]), ...argument.slice(1)] : withoutIndent(argument) };
  }
  if (name === 'Fn::Join' && Array.isArray(argument) && argument[0] === '' && Array.isArray(argument[1])) {
    const [first, ...others] = argument[1].map((part, index) => index === 0 ? withoutIndent(part) : part);
    return first === '' ? withoutIndent({ [name]: ['', others] }) : { [name]: ['', [first, ...others]] };
  }
  if (name === 'Fn::If' && Array.isArray(argument)) {
    return { [name]: [argument[0], ...argument.slice(1).map(withoutIndent)] };
  }
  return text;
}

/** The alternatives of a resolved text. */
function readingsOf(text: unknown): Reading[] {
  if (typeof text === 'string') { return [literal(text)]; }
  const { name, argument } = asFunction(text) ?? {};
  switch (name) {
    case 'Fn::Join':
      return Array.isArray(argument) && typeof argument[0] === 'string' && Array.isArray(argument[1])
        ? join(argument[1].flatMap((part, index) => index === 0 ? [part] : [argument[0], part]))
        : [UNKNOWN];
    case 'Fn::Sub':
      return join(Array.isArray(argument) ? piecesOf(argument[0], argument[1]) : piecesOf(argument, {}));
    case 'Fn::If':
      return Array.isArray(argument) ? limit(argument.slice(1).flatMap(readingsOf)) : [UNKNOWN];
    case 'Fn::Select':
      return Array.isArray(argument) && Array.isArray(argument[1]) ? readingsOf(argument[1][Number(argument[0])]) : [UNKNOWN];
    case 'Fn::Base64':
      return readingsOf(argument).map(({ bytes }) => ({ ...UNKNOWN, bytes: Math.ceil(bytes / 3) * 4 }));
    default:
      return [UNKNOWN];
  }
}

/** A text, in which references that CloudFormation resolves aren't known. */
function literal(text: string): Reading {
  const [front, ...others] = text.split(/(?:\{\{resolve:[^}]*\}\})/);
  return { front, isWhole: others.length === 0, bytes: Buffer.byteLength([front, ...others].join('')) };
}

/** The alternatives of a text that is made of others. */
function join(parts: readonly unknown[]): Reading[] {
  return parts.reduce<Reading[]>((known, part) => limit(known.flatMap(before => readingsOf(part).map(after => ({
    front: before.isWhole ? before.front + after.front : before.front,
    isWhole: before.isWhole && after.isWhole,
    bytes: before.bytes + after.bytes,
  })))), [literal('')]);
}

/** The pieces of a text for `Fn::Sub`: literal ones, and what stands for its variables. */
function piecesOf(text: unknown, variables: unknown): unknown[] {
  if (typeof text !== 'string') { return [text]; }
  const values = typeof variables === 'object' && variables !== null ? variables as Record<string, unknown> : {};
  return text.split(/(\$\{[^}]*\})/).map(piece => {
    const name = /^\$\{([^}]*)\}$/.exec(piece)?.[1];
    if (name === undefined) { return piece; }
    return name.startsWith('!') ? `\${${name.slice(1)}}` : values[name.trim()];
  });
}

function limit(readings: Reading[]): Reading[] {
  if (readings.length <= MAX_READINGS) { return readings; }
  return [{ ...UNKNOWN, bytes: Math.min(...readings.map(reading => reading.bytes)) }];
}

/** A function of CloudFormation, by its name and what it is given. */
function asFunction(value: unknown): { readonly name: string; readonly argument: unknown } | undefined {
  if (typeof value !== 'object' || value === null) { return undefined; }
  const [[name, argument] = [], ...others] = Object.entries(value);
  return name !== undefined && others.length === 0 ? { name, argument } : undefined;
}
