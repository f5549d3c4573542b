import type { RULES } from '../../src/pcs/private/rules';
import { COMBINATIONS, SETTINGS, type Flaw, type Form, type SettingKind, type Words } from '../../src/pcs/private/slurm-values';

export type Settings = Partial<Record<SettingKind, Readonly<Record<string, string>>>>;

/** One start of a daemon. */
export interface Case {
  readonly id: string;
  readonly settings: Settings;
  /** Settings that a value needs beside it, tried where it is refused alone. */
  readonly beside?: Settings;
  /** What is tried: a value that is right, one that isn't, settings together, a single question, or what people write. */
  readonly of:
    | { readonly what: 'control' | 'question' }
    | { readonly what: 'line'; readonly rule?: string }
    | { readonly what: 'value'; readonly kind: SettingKind; readonly name: string; readonly value: string; readonly flaw?: Flaw; readonly word?: string }
    | { readonly what: 'combination'; readonly name: string; readonly right: boolean };
}

/** What a right value needs beside it. */
const BESIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  PreemptMode: { PreemptType: 'preempt/partition_prio' },
  PreemptType: { PreemptMode: 'REQUEUE' },
};

/** What isn't about the form of a value, and is worth knowing. */
const QUESTIONS: Readonly<Record<string, Settings>> = {
  'an account that doesn\'t exist': { queue: { AllowAccounts: 'nosuch' } },
  'a resource of nodes that Slurm wasn\'t told of': { nodeGroup: { Gres: 'nosuch:1' } },
  'health checks more often than they may take': { cluster: { HealthCheckInterval: '30' } },
  'a value of two words': { nodeGroup: { Features: 'a b' } },
  'no value': { nodeGroup: { Features: '' } },
  'a value of 2048 characters': { nodeGroup: { Features: 'a'.repeat(2048) } },
  'a value of 20000 characters': { nodeGroup: { Features: 'a'.repeat(20_000) } },
};

/** Settings as people write them, and the rule of the library that speaks of each. None where nothing is said. */
export const LINES: Readonly<Record<string, readonly [settings: Settings, rule?: keyof typeof RULES]>> = {
  'the age of jobs': [{ cluster: { MinJobAge: '600' } }],
  'a flag with a slip': [{ cluster: { PrologFlags: 'Aloc' } }, 'slurmValueWord'],
  'GANG alone': [{ cluster: { PreemptMode: 'GANG' } }],
  'SUSPEND without GANG': [{ cluster: { PreemptMode: 'SUSPEND' } }, 'slurmSettingsTogether'],
  'CANCEL without a type': [{ cluster: { PreemptMode: 'CANCEL' } }, 'slurmSettingsTogether'],
  'GPUs as what is shared out': [{ cluster: { SelectTypeParameters: 'CR_Gpu' } }, 'slurmValueWord'],
  'sockets as what is shared out': [{ cluster: { SelectTypeParameters: 'CR_Socket_Memory' } }],
  'a parameter of the scheduler with a slip': [{ cluster: { SchedulerParameters: 'bf_windw=2880' } }],
  'text where a number belongs': [{ cluster: { MinJobAge: 'abc' } }, 'slurmValueNumber'],
  'a setting that Slurm doesn\'t have': [{ cluster: { NoSuchThing: '1' } }, 'slurmSettingUnknown'],
  'no time for processes that don\'t end': [{ cluster: { UnkillableStepTimeout: '0' } }, 'slurmValueIgnored'],
  'a resource that no node has': [{ cluster: { AccountingStorageTRES: 'gres/gpux' } }],
  'GPUs of a type, tracked': [{ cluster: { AccountingStorageTRES: 'gres/gpu:h100' } }],
  'EXCLUSIVE with a slip': [{ queue: { OverSubscribe: 'EXLUSIVE' } }, 'slurmValueWord'],
  'a quality of service that doesn\'t exist': [{ queue: { AllowQos: 'nosuch' } }],
  'a default time above the longest': [{ queue: { DefaultTime: '5-00:00:00', MaxTime: '2-00:00:00' } }],
  'a time of grace in a word': [{ queue: { GraceTime: 'ten' } }, 'slurmValueNumber'],
  'REQUEUE with a slip, on a queue': [{ queue: { PreemptMode: 'REQUEU' } }, 'slurmValueIgnored'],
  'a negative weight': [{ nodeGroup: { Weight: '-1' } }, 'slurmValueNumber'],
  'a feature with an operator in it': [{ nodeGroup: { Features: 'a,b&c' } }],
};

/** Everything that is tried on each version. */
export function cases(): Case[] {
  const control: Case[] = [{ id: 'control: nothing is set', settings: { cluster: {} }, of: { what: 'control' } },
    { id: 'control: nothing is set for the database', settings: { slurmdbd: {} }, of: { what: 'control' } }];
  const values = (Object.keys(SETTINGS) as SettingKind[]).flatMap(kind => Object.entries(SETTINGS[kind]).flatMap(([name, form]) => [
    ...form.right.map((value, index) => one(kind, name, value, undefined, wordOf(form, index))),
    ...Object.entries(form.wrong).flatMap(([flaw, list]) => list.map(value => one(kind, name, value, flaw as Flaw))),
  ]));
  const combinations = Object.entries(COMBINATIONS).flatMap(([name, { kind, wrong, wrongOnCluster, right, rightOnCluster }]): Case[] => [
    { id: `combination ${name}: wrong`, settings: { [kind]: wrong, ...wrongOnCluster && { cluster: wrongOnCluster } }, of: { what: 'combination', name, right: false } },
    { id: `combination ${name}: right`, settings: { [kind]: right, ...rightOnCluster && { cluster: rightOnCluster } }, of: { what: 'combination', name, right: true } },
  ]);
  const questions = Object.entries(QUESTIONS).map(([id, settings]): Case => ({ id: `question: ${id}`, settings, of: { what: 'question' } }));
  const lines = Object.entries(LINES).map(([id, [settings, rule]]): Case => ({ id: `line: ${id}`, settings, of: { what: 'line', rule } }));
  return [...control, ...values, ...combinations, ...questions, ...lines];
}

function one(kind: SettingKind, name: string, value: string, flaw?: Flaw, word?: string): Case {
  return {
    id: `${kind} ${name}=${value}${flaw === undefined ? '' : ` (${flaw})`}`,
    settings: { [kind]: { [name]: value } },
    beside: kind === 'cluster' && flaw === undefined && BESIDE[name] ? { cluster: BESIDE[name] } : undefined,
    of: { what: 'value', kind, name, value, flaw, word },
  };
}

/** The word that a right value is there for. */
function wordOf(form: Form, index: number): string | undefined {
  return 'words' in form ? (form as Words).words[index] : undefined;
}
