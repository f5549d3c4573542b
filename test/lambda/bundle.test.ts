import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = join(__dirname, '..', '..');
const bundles = readdirSync(join(root, 'assets'));
const read = (folder: string, name: string) => readFileSync(join(folder, 'assets', name, 'index.js'));

/** Bytes that a bundle may have: what it has now, with little room. Its size is its cold start. */
const BUDGETS: Record<string, { readonly bytes: number; readonly gzipped: number }> = {
  'compute-quota': { bytes: 164_000, gzipped: 57_000 },
  'hyperpod-lookup': { bytes: 210_000, gzipped: 72_000 }, // also writes lists to Parameter Store and to Amazon S3
  'lookup': { bytes: 164_000, gzipped: 57_000 },
  'node-operations': { bytes: 283_000, gzipped: 89_000 }, // also keeps the state of a remediation in DynamoDB, and its claim in SSM
  'offering-search': { bytes: 178_000, gzipped: 62_000 },
  'pcs-lookup': { bytes: 166_000, gzipped: 57_000 },
  'plan-watch': { bytes: 156_000, gzipped: 55_000 },
  'training-plan': { bytes: 252_000, gzipped: 80_000 }, // purchases, extensions and what they say of the money
};

test('there is a budget for each bundle', () => {
  expect(Object.keys(BUDGETS).sort()).toEqual([...bundles].sort());
});

describe.each(bundles)('%s', name => {
  const bundle = read(root, name);

  test('is one file', () => {
    expect(readdirSync(join(root, 'assets', name))).toEqual(['index.js']);
  });

  test('keeps to its budget', () => {
    expect(bundle.length).toBeLessThanOrEqual(BUDGETS[name].bytes);
    expect(gzipSync(bundle, { level: 9 }).length).toBeLessThanOrEqual(BUDGETS[name].gzipped);
  });

  test('names no path of the machine that made it', () => {
    expect(bundle.includes(root)).toBe(false);
    expect(bundle.includes('node_modules')).toBe(false);
  });

  test('has neither the credential chain nor event streams', () => {
    for (const part of ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AssumeRoleWithWebIdentity', 'sso_session', ':message-type']) {
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
    for (const part of ['lambda', 'scripts', 'src/private/contracts', 'package.json', 'tsconfig.json']) {
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

test('purchases and extensions have a function each that spends and one that waits', () => {
  const script = `process.stdout.write(Object.keys(require(${JSON.stringify(join(root, 'assets', 'training-plan'))})).sort().join())`;
  expect(execFileSync(process.execPath, ['-e', script], { env: {} }).toString()).toBe('isComplete,isExtended,onEvent,onExtend');
});
