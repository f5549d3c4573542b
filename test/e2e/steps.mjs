// The steps of a run: each says how long it took, and the run ends with a table of them.
import { existsSync, readFileSync } from 'node:fs';
import { table } from '../../scripts/lib/table.mjs';
import { Advice } from './python.mjs';

const SHOWN_LINES = 40;

/** Seconds by subject, such as an example, and by what was done with it. */
const times = new Map();

/** Runs one step, and on failure says what the CLI had said. */
export async function step(name, action, { log, subject } = {}) {
  const from = Date.now();
  const title = subject === undefined ? name : `${subject}: ${name}`;
  try {
    await action();
  } catch (error) {
    if (error instanceof Advice) {
      throw error;
    }
    const said = log !== undefined && existsSync(log) ? `\n${readFileSync(log, 'utf8').trim().split('\n').slice(-SHOWN_LINES).join('\n')}` : '';
    throw new Error(`${title}: ${error.message}${said}`, { cause: error });
  }
  const seconds = (Date.now() - from) / 1_000;
  console.log(`ok  ${seconds.toFixed(1).padStart(5)} s  ${title}`);
  if (subject !== undefined) {
    times.set(subject, { ...times.get(subject), [name]: seconds });
  }
}

/** The seconds of all steps that have a subject. */
export function summary() {
  const names = [...new Set([...times.values()].flatMap(Object.keys))];
  const rows = [...times].map(([subject, steps]) => [
    subject,
    ...names.map(name => steps[name]?.toFixed(0) ?? ''),
    Object.values(steps).reduce((sum, seconds) => sum + seconds, 0).toFixed(0),
  ]);
  return table(['seconds', ...names, 'all'], rows);
}

/** How long custom resources of each type took to answer a request, in milliseconds; nothing where there were none. */
export function answerTimes(answers) {
  const groups = new Map();
  for (const { type, request, seconds } of answers.filter(one => one.type.startsWith('Custom::Hpc'))) {
    const key = `${type} ${request}`;
    groups.set(key, [...groups.get(key) ?? [], 1_000 * seconds]);
  }
  const rows = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, times]) => {
    times.sort((a, b) => a - b);
    return [key, times.length, times[Math.floor(times.length / 2)].toFixed(0), times.at(-1).toFixed(0)];
  });
  return rows.length > 0 ? `\n${table(['milliseconds to answer', 'calls', 'median', 'longest'], rows)}\n` : '';
}
