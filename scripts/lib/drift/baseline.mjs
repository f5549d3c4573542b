/*
 * The recorded baseline: facts that no table of ours holds. It is generated; new facts come in with their row, and not before.
 *
 *   { sources: {...}, facts: { pcs: { subject: { part: text } }, cloudformation: {...}, … } }
 */
import { isBelow } from './compare.mjs';

/** A line for each subject, so that changes can be read; lists of values as lists. */
export function stringify({ sources, facts }) {
  const write = parts => JSON.stringify(Object.values(parts).every(text => text === '') ? Object.keys(parts) : parts);
  const blocks = Object.entries(facts).map(([source, subjects]) => `${JSON.stringify(source)}: {\n${
    Object.keys(subjects).sort().map(subject => `${JSON.stringify(subject)}: ${write(subjects[subject])}`).join(',\n')}\n}`);
  return `{"sources": ${JSON.stringify(sources)},\n"facts": {\n${blocks.join(',\n')}\n}}\n`;
}

export function parse(text) {
  const { sources, facts } = JSON.parse(text);
  const read = parts => Array.isArray(parts) ? Object.fromEntries(parts.map(part => [part, ''])) : parts;
  return {
    sources,
    facts: Object.fromEntries(Object.entries(facts).map(([source, subjects]) => [
      source, Object.fromEntries(Object.entries(subjects).map(([subject, parts]) => [subject, read(parts)])),
    ])),
  };
}

/** Newer facts of a source without what nobody has decided on: that stays news. */
export function withoutUndecided(older, newer, undecided) {
  const kept = structuredClone(newer);
  for (const { subject, part } of undecided.flatMap(({ facts }) => facts)) {
    if (older?.[subject] === undefined) { continue; }
    for (const path of Object.keys(kept[subject])) {
      if (path === part || isBelow(path, part)) { delete kept[subject][path]; }
    }
  }
  return kept;
}
