/* What drift has found, as text for a terminal, as Markdown for an issue, and as a JSON document. */

const HEADS = {
  undecided: 'Nobody has decided on these: add a row (docs/drift.md), then record them',
  changed: 'These have changed or gone: look at their places, then record them',
  decided: 'A row decides on these: record them',
};

/** The items by what they need. */
export function grouped(items) {
  return {
    undecided: items.filter(({ kind, decision }) => kind === 'new' && decision === undefined),
    changed: items.filter(({ kind, decision }) => kind !== 'new' && decision === undefined),
    decided: items.filter(({ decision }) => decision !== undefined),
  };
}

const shortened = (list, most = 8) => list.length > most ? [...list.slice(0, most), `${list.length - most} more`] : list;

/** What an item says, in lines: the first one alone says what it is. */
export function linesOf({ source, kind, what, was, is, at, holds = [], places, decision, decidedIn }) {
  const value = kind === 'changed' && was !== undefined ? `: ${was} became ${is || 'nothing'}` : is ? `: ${is}` : '';
  return [
    `${kind} ${source}: ${what}${value}`,
    ...holds.length > 0 ? [`with ${shortened(holds).join('; ')}`] : [],
    ...at.length > 0 ? [`at ${shortened(at).join('; ')}`] : [],
    ...places.length > 0 ? [`concerns ${places.join(', ')}`] : [],
    ...decision ? [`${decision} (${decidedIn})`] : [],
  ];
}

export function asText({ items, sources, notes }) {
  const lines = [`Compared: ${sources.join('; ')}`];
  for (const [group, found] of Object.entries(grouped(items)).filter(([, list]) => list.length > 0)) {
    lines.push('', `${HEADS[group]} (${found.length})`);
    for (const one of found) {
      const [first, ...rest] = linesOf(one);
      lines.push(`  ${first}`, ...rest.map(line => `      ${line}`));
    }
  }
  if (items.length === 0) { lines.push('', 'Nothing is new, gone or changed.'); }
  if (notes.length > 0) { lines.push('', ...notes); }
  return lines.join('\n');
}

/** A list that an issue can hold: GitHub takes 65,536 characters. */
export function asMarkdown({ items, sources, notes }, longest = 60_000) {
  const code = text => text.replaceAll('`', '\'');
  const lines = ['`npm run drift` compares what AWS offers with what this library knows; `docs/drift.md` says what to do.', '', ...sources.map(source => `- ${source}`)];
  for (const [group, found] of Object.entries(grouped(items)).filter(([, list]) => list.length > 0)) {
    lines.push('', `### ${HEADS[group]} (${found.length})`, '');
    for (const one of found) {
      const [first, ...rest] = linesOf(one).map(line => `\`${code(line)}\``);
      lines.push(`- ${first}`, ...rest.map(line => `  - ${line}`));
    }
  }
  if (items.length === 0) { lines.push('', 'Nothing is new, gone or changed.'); }
  if (notes.length > 0) { lines.push('', ...notes.map(note => `- ${note}`)); }
  const text = `${lines.join('\n')}\n`;
  return text.length <= longest ? text : `${text.slice(0, text.lastIndexOf('\n- ', longest))}\n\nThe list is longer than an issue: \`npm run drift\` prints all of it.\n`;
}
