/* What differs between facts, which are texts by subject and part. */

/**
 * The differences, each { kind: 'new' | 'gone' | 'changed', subject, part, was, is }.
 *
 * What lies below something new isn't told again: a subject that is new is reached by something that is, too, or by nothing, and a path that begins
 * with a new one belongs to it. The same goes for what is gone.
 */
export function differences(older, newer) {
  const found = [];
  for (const subject of new Set([...Object.keys(older), ...Object.keys(newer)])) {
    const [before, after] = [older[subject], newer[subject]];
    if (before === undefined || after === undefined) { continue; }
    for (const [kind, from, to] of [['gone', before, after], ['new', after, before]]) {
      const only = Object.keys(from).filter(part => !Object.hasOwn(to, part));
      for (const part of only.filter(path => !only.some(other => isBelow(path, other)))) {
        const holds = only.filter(path => isBelow(path, part)).map(path => path.slice(part.length).replace(/^\./, ''));
        found.push({ kind, subject, part, ...kind === 'new' ? { is: from[part] } : { was: from[part] }, ...holds.length > 0 && { holds } });
      }
    }
    for (const part of Object.keys(before).filter(name => Object.hasOwn(after, name) && before[name] !== after[name])) {
      found.push({ kind: 'changed', subject, part, was: before[part], is: after[part] });
    }
  }
  return found;
}

/** Whether a path leads below another one: `a.b`, `a[]`, `a = 1` below `a`. */
export function isBelow(path, above) {
  return path.length > above.length && path.startsWith(above) && /^(\.|\[|\{| = )/.test(path.slice(above.length));
}
