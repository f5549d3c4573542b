import { execFileSync } from 'node:child_process';
import { accountingDocument, accountingScript } from '../../../../src/pcs/private/accounting/script';

/* What it does in Slurm, `npm run slurm -- --accounting` shows; here is what the shell and AWS Systems Manager make of it. */

const STACK = '51af3dc0-da77-11e4-872e-1234567db123';
const ODD = 'it\'s $(id) `id` $HOME \\ {{ssm:secret}} "x" *';
const entries = [
  { logicalId: 'Batch', qos: { Name: 'batch', Description: ODD, Limits: { GrpTRES: 'gres/GPU=8', GrpJobs: '3' } } },
  { logicalId: 'Research', adopt: true, account: { Name: 'research', Organization: ODD, Users: ['alice', 'bob'], DefaultFor: ['bob'], EachUser: {} } },
];

/** The calls of the script, as the shell reads them: the functions are replaced by one that says its words. */
function calls(): string[][] {
  const lines = accountingScript({ stack: STACK, entries }).split('\n').filter(line => /^(entry|users|standard|prune) '?/.test(line));
  const said = execFileSync('bash', ['-c', [
    ...['entry', 'users', 'standard', 'prune'].map(name => `${name}() { printf '%s\\n' ${name} "$@"; echo ---; }`), ...lines,
  ].join('\n')], { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: '/nowhere' } });
  return said.split('---\n').slice(0, -1).map(words => words.split('\n').slice(0, -1));
}

test('words reach sacctmgr as they are, less its own quotes', () => {
  const [batch, research] = calls();
  expect(batch).toContain(`description=it s $(id) \`id\` $HOME   {{ssm:secret}}  x  * [cdk-hpc-clusters ${STACK}/Batch]`);
  expect(batch).toEqual(expect.arrayContaining(['@GrpTRES=gres/gpu=8', '@GrpTRESMins=', 'GrpJobs=3', 'GrpSubmitJobs=-1', 'no']));
  expect(research).toEqual(expect.arrayContaining(['organization=it s $(id) `id` $HOME   {{ssm:secret}}  x  *', 'yes', 'parent=root']));
});

test('QOS come before accounts, users before what they have, and what is gone is deleted last', () => {
  expect(calls().map(words => words.slice(0, words[0] === 'entry' ? 4 : 3).filter(Boolean).join(' '))).toEqual([
    'entry qos batch', 'entry account research', 'users research alice', 'entry user research alice', 'entry user research bob', 'standard bob research',
    'prune account', 'prune account', 'prune qos',
  ]);
});

test('AWS Systems Manager finds no parameters of its own in the document, and the shell can read it', () => {
  const [{ inputs }] = (accountingDocument({ stack: STACK, entries }, '/opt/slurm/bin') as { mainSteps: [{ inputs: { runCommand: string[] } }] }).mainSteps;
  expect(inputs.runCommand.join('\n')).not.toMatch(/\{\{|\}\}/);
  execFileSync('bash', ['-n'], { input: inputs.runCommand.join('\n') });
});
