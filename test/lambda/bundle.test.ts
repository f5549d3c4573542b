import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLES, functionsOf, HANDLERS, type HandlerName } from '../../src/private/handlers/table';

const root = join(__dirname, '..', '..');
const bundles = readdirSync(join(root, 'assets'));
const NAMES = Object.keys(HANDLERS) as HandlerName[];
const read = (folder: string, name: string) => readFileSync(join(folder, 'assets', name, 'index.js'));

test('there is one for each row of the table', () => {
  expect([...bundles].sort()).toEqual(Object.keys(BUNDLES).sort());
  expect(new Set(NAMES.map(name => HANDLERS[name].bundle))).toEqual(new Set(bundles));
});

describe.each(bundles)('%s', name => {
  const bundle = read(root, name);

  test('is one file', () => {
    expect(readdirSync(join(root, 'assets', name))).toEqual(['index.js']);
  });

  test('exports the functions of its rows, and nothing else', () => {
    const script = `process.stdout.write(JSON.stringify(Object.keys(require(${JSON.stringify(join(root, 'assets', name))}))))`;
    const env = { AWS_REGION: 'us-east-1', NODE_NO_WARNINGS: '1' };
    const exported = JSON.parse(execFileSync(process.execPath, ['-e', script], { env }).toString()) as string[];
    const rows = NAMES.filter(each => HANDLERS[each].bundle === name).flatMap(functionsOf);
    expect(exported.sort()).toEqual(rows.map(({ entry }) => entry).sort());
  });

  test('names no path of the machine that made it', () => {
    expect(bundle.includes(root)).toBe(false);
    expect(bundle.includes('node_modules')).toBe(false);
  });

  test('has neither the credential chain, nor event streams, endpoint discovery, or a SHA-256 of its own', () => {
    const credentials = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AssumeRoleWithWebIdentity', 'sso_session'];
    const roundConstant = String(0x428a2f98);
    for (const part of [...credentials, ':message-type', 'AWS_ENABLE_ENDPOINT_DISCOVERY', roundConstant]) {
      expect(bundle.includes(part)).toBe(false);
    }
  });

  test('speaks to CloudFormation over https alone', () => {
    expect(bundle.toString()).toMatch(/require\("node:https"\)/);
  });
});

test('the same sources make the same bytes in another folder', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'another folder '));
  try {
    for (const part of ['lambda', 'scripts', 'src/private', 'package.json', 'tsconfig.json']) {
      cpSync(join(root, part), join(elsewhere, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'));
    execFileSync(process.execPath, [join(elsewhere, 'scripts', 'bundle.mjs')], { cwd: tmpdir() });
    for (const name of bundles) {
      expect(read(elsewhere, name).equals(read(root, name))).toBe(true);
    }
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('what searches for offerings has no code that buys them', () => {
  expect(read(root, 'training-plan').includes('CreateTrainingPlan')).toBe(true);
  expect(read(root, 'offering-search').includes('CreateTrainingPlan')).toBe(false);
  expect(read(root, 'offering-search').includes('ExtendTrainingPlan')).toBe(false);
});
