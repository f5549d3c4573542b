/** What is read of a jsii assembly. */
export interface Assembly {
  readonly name: string;
  readonly types: Record<string, AssemblyType>;
}

interface Documented {
  readonly docs?: Readonly<Partial<Record<'summary' | 'remarks' | 'default' | 'see' | 'example', string>>>;
}

interface AssemblyMember extends Documented {
  readonly name: string;
  readonly optional?: boolean;
  readonly static?: boolean;
  readonly overrides?: string;
  readonly type?: { readonly primitive?: string; readonly fqn?: string };
}

interface AssemblyType extends Documented {
  readonly fqn: string;
  readonly kind: string;
  readonly base?: string;
  readonly abstract?: boolean;
  readonly datatype?: boolean;
  readonly properties?: readonly AssemblyMember[];
  readonly methods?: readonly AssemblyMember[];
  readonly members?: readonly AssemblyMember[];
}

/** What a judgement found, and how much was judged. */
export interface Judgement {
  readonly findings: readonly string[];
  readonly types: number;
  readonly members: number;
  readonly constructs: number;
}

/** Words that say what a number counts or is measured in. */
const UNIT = new RegExp([
  'accelerators', 'bytes', 'cards', 'cores', 'count', 'days', 'GiB', 'GPUs', 'hours', 'how many', 'index', 'instances', 'iops', 'max', 'MB/s', 'MiB', 'min',
  'minutes', 'nodes', 'number', 'percent', 'port', 'priority', 'seconds', 'size', 'slices', 'sockets', 'threads', 'version', 'weight',
].join('|'), 'i');

/** Holds the documentation of an assembly to what CONTRIBUTING.md asks of it: one line per finding. */
export function judge(assembly: Assembly): Judgement {
  const findings: string[] = [];
  let members = 0;
  let constructs = 0;
  for (const type of Object.values(assembly.types)) {
    const name = type.fqn.slice(assembly.name.length + 1);
    const construct = isConstruct(assembly, type);
    if (!type.docs?.summary) { findings.push(`${name}: no summary`); }
    if (construct && !type.abstract) {
      constructs++;
      if (!type.docs?.example) { findings.push(`${name}: a construct without @example`); }
    }
    if ((construct || isEnumLike(type)) && !type.docs?.see) { findings.push(`${name}: no @see`); }
    for (const member of [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []]) {
      if (member.overrides) { continue; } // documented where it comes from
      members++;
      findings.push(...judgeMember(member, type.datatype === true).map(finding => `${name}.${member.name}: ${finding}`));
    }
  }
  return { findings: findings.sort(), types: Object.keys(assembly.types).length, members, constructs };
}

function judgeMember({ name, docs, optional, type }: AssemblyMember, ofStruct: boolean): string[] {
  const findings: string[] = [];
  if (!docs?.summary) { findings.push('no summary'); }
  if (ofStruct && optional && !docs?.default) { findings.push('optional without @default'); }
  if (ofStruct && type?.primitive === 'number' && !UNIT.test([name, docs?.summary, docs?.remarks].join(' '))) {
    findings.push('a number without a unit in its name or text');
  }
  return findings;
}

function isConstruct(assembly: Assembly, type: AssemblyType): boolean {
  for (let base = type.base; base !== undefined; base = assembly.types[base]?.base) {
    if (base === 'constructs.Construct' || base === 'aws-cdk-lib.Resource') { return true; }
  }
  return false;
}

/** An enum, or a class whose values are its own static members. */
function isEnumLike(type: AssemblyType): boolean {
  return type.kind === 'enum' || (type.kind === 'class' && (type.properties ?? []).some(member => member.static && member.type?.fqn === type.fqn));
}
