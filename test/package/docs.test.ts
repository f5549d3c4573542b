import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { migGpuOf } from '../../src/hyperpod/private/facts/mig';
import { SUBMODULES } from '../submodules';

const ROOT = resolve(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const below = (folder: string, name: RegExp): string[] => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  .filter(path => name.test(path)).map(path => join(folder, path)).sort();

const MODULES = SUBMODULES.map(({ folder }) => `src/${folder}/README.md`);
const GUIDES = below('docs/guides', /\.md$/).filter(path => !path.endsWith('README.md'));
const PAGES = [
  ...readdirSync(ROOT).filter(name => name.endsWith('.md') && name !== 'API.md'),
  ...MODULES, 'examples/README.md', ...below('docs', /\.md$/), ...below('decisions', /\.md$/),
];
const SOURCE = ['src', 'lambda'].flatMap(folder => below(folder, /\.ts$/)).map(read).join('\n');

/** The text without its blocks of code, in which brackets and backticks mean something else. */
const prose = (page: string) => read(page).replace(/^```[^]*?^```/gm, '');
const headings = (text: string) => [...text.matchAll(/^(#+) (.+)$/gm)].map(([, level, title]) => ({ level: level.length, title }));
/** The anchor that GitHub gives a heading. */
const slug = (title: string) => title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');

/* Patterns in a span of code look like links. */
test.each(PAGES)('links of %s lead somewhere', page => {
  const broken = [...prose(page).replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter(target => {
    if (/^[a-z]+:/.test(target)) { return false; }
    const [path, anchor] = target.split('#');
    const file = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, file))) { return true; }
    return anchor !== undefined && !headings(prose(file)).some(({ title }) => slug(title) === anchor);
  });
  expect(broken).toEqual([]);
});

/* The one page that is left out has the names that other languages give. */
test.each(PAGES.filter(page => page !== 'docs/languages.md'))('what %s names of the library is there', page => {
  const text = page === 'CHANGELOG.md' ? prose(page).replace(/^\| [^|]* \|/gm, '|') : prose(page); // its tables begin with names that are gone
  const namespaces = SUBMODULES.map(({ namespace }) => namespace).join('|');
  const unknown = [...text.matchAll(new RegExp(`\`(?:(?:${namespaces})\\.)?([A-Z]\\w*[a-z]\\w*)\\.(\\w+)(?:\\([^\`]*\\))?\``, 'g'))]
    .filter(([, type]) => new RegExp(`(class|interface|enum) ${type}\\b`).test(SOURCE))
    .filter(([, , member]) => /^[a-z]|^[A-Z0-9_]+$/.test(member) && !new RegExp(`\\b${member}\\b`).test(SOURCE))
    .map(([name]) => name);
  expect(unknown).toEqual([]);
});

test.each(MODULES)('%s says what a user asks before a deployment', page => {
  const titles = headings(prose(page)).filter(({ level }) => level === 2).map(({ title }) => title);
  expect(titles.slice(-4)).toEqual(['Permissions', 'Updates and deletion', 'Cost', 'Limits']);
});

test('the tables of the README name all submodules', () => {
  const readme = read('README.md');
  const [columns] = /^\| \|( `\w+` \|)+$/m.exec(readme)!;
  expect(columns).toBe(`| | ${SUBMODULES.map(({ namespace }) => `\`${namespace}\` |`).join(' ')}`);
  for (const { folder, namespace } of SUBMODULES) {
    expect(readme).toContain(`| [\`${namespace}\`](src/${folder}/README.md) |`);
    for (const anchor of ['cost', 'permissions', 'updates-and-deletion', 'limits']) { expect(readme).toContain(`(src/${folder}/README.md#${anchor})`); }
  }
});

test.each(GUIDES)('%s has a picture and says where to read on', page => {
  expect(read(page)).toMatch(/^```mermaid$/m);
  expect(headings(prose(page)).at(-1)).toEqual({ level: 2, title: 'See also' });
});

test('every guide and every example is in its list', () => {
  for (const page of GUIDES) {
    const name = page.split('/').pop()!;
    expect(read('docs/guides/README.md')).toContain(`(${name})`);
    expect(read('README.md')).toContain(`(docs/guides/${name})`);
  }
  for (const app of below('examples', /(^|\/)cdk\.json$/).map(path => dirname(path))) {
    expect(read('examples/README.md')).toContain(`(${relative('examples', app)}/`);
  }
});

test('the table of partitions is that of the catalogue', () => {
  const rows = [...read('docs/guides/split-gpus-among-teams.md').matchAll(/^\| (ml\.[^|]+) \| \d × [^|]+ \| ([^|]+) \|$/gm)];
  expect(rows.length).toBeGreaterThan(4);
  for (const [, types, profiles] of rows) {
    for (const type of types.split(', ')) {
      const known = [...migGpuOf(type)!.profiles.values()].map(({ profile, maxPerGpu }) => `${profile.replace('mig-', '')} ${maxPerGpu}`);
      expect([type, profiles]).toEqual([type, known.join(', ')]);
    }
  }
});
