/** Where two texts differ for the first time: the number of the line, and both of its versions. */
export function firstDifference(before, after) {
  const [a, b] = [before.split('\n'), after.split('\n')];
  const line = a.findIndex((text, index) => text !== b[index]);
  const at = line === -1 ? a.length : line;
  return `line ${at + 1}\n- ${a[at] ?? ''}\n+ ${b[at] ?? ''}`;
}
