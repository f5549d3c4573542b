import * as pcs from '../../../src/pcs';
import { RULES } from '../../../src/pcs/private/rules';
import { COMBINED, FLAWS, JUDGES, WORDS } from '../../../src/pcs/private/slurm-facts';
import { COMBINATIONS, SETTINGS, type SettingKind } from '../../../src/pcs/private/slurm-values';
import { judge } from '../../rules/harness';
import { LINES, cases } from '../../slurm/matrix';
import outcomes from '../../slurm/outcomes.json';
import { clusterIn, nodes } from '../fixture';

const FORMS = (Object.keys(SETTINGS) as SettingKind[]).flatMap(
  kind => Object.entries(SETTINGS[kind]).map(([name, form]) => ({ kind, name, form })),
);

test.each(FORMS)('values of $kind $name that Slurm was tried with have the flaw that they are listed with', ({ form }) => {
  expect(form.right.filter(value => form.flawOf(value) !== undefined)).toEqual([]);
  const wrong = Object.entries(form.wrong).flatMap(([flaw, values]) => values.map(value => [value, flaw]));
  expect(wrong.map(([value]) => [value, form.flawOf(value)])).toEqual(wrong);
});

describe('what Slurm said is recorded', () => {
  const letters = outcomes.outcomes as Record<string, string[]>;

  test('for everything that is tried', () => {
    expect(Object.keys(letters)).toEqual(cases().map(one => one.id));
    expect(Object.keys(outcomes.versions)).toEqual([...JUDGES]);
  });

  test('flaw by flaw, as the library judges them', () => {
    const tried = cases().flatMap(({ id, of }) => of.what === 'value' && of.flaw ? [{ id, ...of, flaw: of.flaw }] : []);
    expect(tried.length).toBeGreaterThan(250);
    expect(tried.filter(({ id, kind, name, flaw }) => !FLAWS[kind][name][letters[id][0]].includes(flaw))).toEqual([]);
  });

  test('word by word, where versions differ or complain', () => {
    const tried = cases().flatMap(({ id, of }) => of.what === 'value' && of.word !== undefined ? [{ id, ...of, word: of.word }] : []);
    expect(tried.map(({ kind, name, word }) => WORDS[kind]?.[name]?.[word] ?? 'TT')).toEqual(tried.map(({ id }) => letters[id][0]));
  });

  test('for each combination: its sample meets the pattern and is refused or complained of, and the right one isn\'t', () => {
    expect(Object.keys(COMBINED)).toEqual(Object.keys(COMBINATIONS));
    for (const [name, combination] of Object.entries(COMBINATIONS)) {
      const { given, without = {}, onCluster, wrong, right, wrongOnCluster = {}, rightOnCluster = {} } = combination;
      const meets = (settings: Readonly<Record<string, string>>, ofCluster: Readonly<Record<string, string>>) =>
        Object.entries(given).every(([setting, pattern]) => setting in settings && pattern.test(settings[setting]))
        && !Object.entries(without).some(([setting, pattern]) => setting in settings && pattern.test(settings[setting]))
        && Object.entries(onCluster?.given ?? {}).every(([setting, pattern]) => setting in ofCluster && pattern.test(ofCluster[setting]))
        && !Object.entries(onCluster?.without ?? {}).some(([setting, pattern]) => setting in ofCluster && pattern.test(ofCluster[setting]));
      expect([name, meets(wrong, wrongOnCluster), meets(right, rightOnCluster)]).toEqual([name, true, false]);
      expect([name, letters[`combination ${name}: wrong`][0]]).toEqual([name, expect.stringMatching(/[RC]/)]);
      expect([name, COMBINED[name]]).toEqual([name, letters[`combination ${name}: wrong`][0]]);
      expect([name, letters[`combination ${name}: right`][0]]).toEqual([name, expect.not.stringMatching(/[RC]/)]);
    }
  });
});

describe('of what people write', () => {
  test.each(Object.entries(LINES))('the library says what it can know: %s', (id, [settings, rule]) => {
    const { error, warnings } = judge(stack => {
      const cluster = clusterIn(stack, { accounting: pcs.Accounting.standard(), slurmSettings: { custom: { ...settings.cluster } } });
      const group = cluster.addComputeNodeGroup('Nodes', nodes({ slurmSettings: { custom: { ...settings.nodeGroup } } }));
      cluster.addQueue('Queue', { computeNodeGroups: [group], slurmSettings: { custom: { ...settings.queue } } });
    });
    const said = [...error === undefined ? [] : [error], ...warnings].map(text => /\[(?:ack: cdk-hpc-clusters:)?(pcs\.\w+)\]/.exec(text)?.[1]);
    expect([...new Set(said)]).toEqual(rule === undefined ? [] : [`pcs.${rule}`]);
    const [letters] = (outcomes.outcomes as Record<string, string[]>)[`line: ${id}`];
    const severity = rule && RULES[rule].severity;
    expect(letters).toMatch(severity === 'error' ? /^RR$/ : severity === 'warning' ? /[RC-]/ : /T/);
  });
});
