import { otherServiceOf } from './references';
import { ENUMS, OBJECTS, STRUCTS, VALUES } from './types';
import { lineOf } from '../lines';
import { classNameOf, isClass, isToken } from '../problems';

/** How many constants or factories a message lists. */
const MANY = 6;

/** What to give where a value of a type belongs, made of what was given. */
export function hintFor(type: string, value: unknown): string {
  if (type.startsWith('[')) {
    return Array.isArray(value) || value === undefined || value === null ? 'give a list: `[…]`' : 'give a list, also of one: `[…]`';
  }
  if (Array.isArray(value)) { return 'give one value, not a list'; }
  const [makers, members, object] = [VALUES, ENUMS, OBJECTS].map(table => lineOf(table, type));
  if (makers !== undefined) { return fromMakers(type, makers, value); }
  if (members !== undefined) { return fromEnum(type, members, value); }
  if (object !== undefined) { return fromObject(type, object, value); }
  if (lineOf(STRUCTS, type) !== undefined) { return 'give an object: `{ … }`'; }
  if (typeof value === 'function') { return isClass(value) ? 'give a value, not a class' : `call it: \`${value.name}()\``; }
  if (type === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) { return `give ${Number(value)}, without quotes`; }
  if (type === 'string' && typeof value === 'number') { return `give "${value}", in quotes`; }
  if (type === 'boolean' && (value === 'true' || value === 'false')) { return `give ${value}, without quotes`; }
  return { string: 'give a text', number: 'give a number', boolean: 'give `true` or `false`' }[type] ?? 'give such a value';
}

/** The constant or factory that was meant, or the first ones. */
function fromMakers(type: string, text: string, value: unknown): string {
  const makers = text === '' ? [] : text.split(' ');
  const name = (maker: string) => (maker === 'new' ? `new ${type}(…)` : maker.endsWith('()') ? `${type}.${maker.slice(0, -2)}(…)` : `${type}.${maker}`);
  if (typeof value === 'function') {
    if (makers.includes(`${value.name}()`)) { return `call it: \`${type}.${value.name}()\``; }
    if (isClass(value) && makers.length === 1 && makers[0] === 'new') { return `make one: \`new ${classNameOf(value)}(…)\``; }
  }
  const constants = makers.filter(maker => !maker.endsWith('()') && maker !== 'new');
  if (typeof value === 'string') {
    const near = nearest(value, makers.filter(maker => maker !== 'new' && maker !== 'of()'));
    if (near) { return `use \`${name(near)}\``; }
    const given = isToken(value) ? '…' : `"${value.length > 40 ? '…' : value}"`;
    if (makers.includes('of()') && (constants.length > 0 || makers.length === 1)) { return `use \`${type}.of(${given})\`${constants.length > 0 ? `, or ${listed(constants.map(name))}` : ''}`; }
  }
  return `use ${listed(makers.map(name))}`;
}

function listed(names: string[]): string {
  const shown = names.slice(0, MANY).map((name, index) => `\`${index === 0 ? name : name.replace(/^[\w.]+\.(?=\w)/, '')}\``);
  if (shown.length === 0) { return 'such a value'; }
  return names.length > MANY ? `${shown.join(', ')} or another one` : [shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' or ');
}

function fromEnum(type: string, text: string, value: unknown): string {
  const members = text.split(' ').filter(each => !['string', 'number'].includes(each)).map(each => each.split('=')[0]);
  const near = typeof value === 'string' ? nearest(value, members) : undefined;
  return near ? `use \`${type}.${near}\`` : `use ${listed(members.map(name => `${type}.${name}`))}`;
}

function fromObject(type: string, text: string, value: unknown): string {
  const [members, makers = ''] = text.split('<-').map(part => part.trim());
  if (type in UNITS && typeof value !== 'function') { return fromUnits(type, value); }
  if (makers !== '') { return fromMakers(type, makers, value); }
  if (typeof value === 'function') { return isClass(value) ? `make one: \`new ${classNameOf(value)}(…)\`` : `call it: \`${value.name}()\``; }
  if (typeof value === 'string') { return 'give the construct itself, made or imported, not its name, id or ARN'; }
  const given = typeof value === 'object' && value !== null ? value : {};
  const apart = otherServiceOf(type, given);
  if (apart) { return `this one is of \`${apart.other}\`: give one of \`${apart.service}\``; }
  return members === '' ? 'give a construct' : `give an object that has \`${members.split(' ').find(member => !(member in given)) ?? members}\``;
}

/** The useful factories of amounts that have a unit, each with the ways to write it. The first ones come first in messages. */
const UNITS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  Duration: { minutes: /^m(in(ute)?s?)?$/i, hours: /^h(r|our)?s?$/i, days: /^d(ay)?s?$/i, seconds: /^s(ec(ond)?s?)?$/i },
  Size: { gibibytes: /^g(i?b|(ibi|iga)bytes?)?$/i, tebibytes: /^t(i?b|(ebi|era)bytes?)?$/i, mebibytes: /^m(i?b|(ebi|ega)bytes?)?$/i },
};

/** The factory of the unit that a text names, such as "10 min" and "500GB", or the useful ones. */
function fromUnits(type: string, value: unknown): string {
  const [, amount, unit = ''] = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(value) ?? [] : [];
  const meant = Object.keys(UNITS[type]).find(factory => UNITS[type][factory].test(unit));
  if (meant !== undefined) { return `use \`${type}.${meant}(${amount})\``; }
  if (type === 'Duration' && typeof value === 'string' && /^P(T?\d+[A-Z])+$/.test(value)) { return `use \`Duration.parse("${value}")\``; }
  return `use ${listed(Object.keys(UNITS[type]).map(factory => `${type}.${factory}(…)`))}`;
}

const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The name that a text comes close to, if there is one. Names of properties must come closer than constants. */
export function nearest(text: string, names: readonly string[], close = false): string | undefined {
  const wanted = letters(text);
  if (wanted === '') { return undefined; }
  const most = Math.max(close ? 1 : 2, Math.floor(wanted.length / 4));
  const limit = close ? Math.min(most, 2) : most;
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = distanceOf(wanted, letters(name));
    if (distance <= limit && distance < wanted.length && distance < (best?.distance ?? Infinity)) { best = { name, distance }; }
  }
  return best?.name;
}

/** How many letters must be put in, left out or changed. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
