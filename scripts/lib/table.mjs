/** A table for a terminal: columns as wide as their content, long cells wrapped at words. */
export function table(head, rows, { widest = 46, total = Number(process.stdout.columns) || 150 } = {}) {
  const cap = Math.max(20, Math.min(widest, Math.floor((total - 3 * head.length) / head.length) + 12));
  const cells = [head, ...rows].map(row => row.map(text => wrap(String(text), cap)));
  const widths = head.map((_, column) => Math.max(...cells.map(row => Math.max(...row[column].map(line => line.length)))));
  const lines = cells.flatMap((row, index) => {
    const height = Math.max(...row.map(cell => cell.length));
    const printed = Array.from({ length: height }, (_, line) =>
      '  ' + row.map((cell, column) => (cell[line] ?? '').padEnd(widths[column])).join('  ').trimEnd());
    return index === 0 ? [...printed, '  ' + widths.map(width => '-'.repeat(width)).join('  ')] : printed;
  });
  return lines.join('\n');
}

function wrap(text, width) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last === '') { lines[lines.length - 1] = word; } else if (last.length + 1 + word.length <= width) { lines[lines.length - 1] = `${last} ${word}`; } else { lines.push(word); }
  }
  return lines;
}
