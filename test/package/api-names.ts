import type { Assembly } from './api-docs';

/** What is read of a method or constructor. */
interface Callable {
  readonly name?: string;
  readonly parameters?: readonly Parameter[];
}

interface Parameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: { readonly fqn?: string; readonly primitive?: string };
}

interface Type {
  readonly fqn: string;
  readonly kind: string;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly initializer?: Callable;
  readonly properties?: ReadonlyArray<{ readonly name: string; readonly optional?: boolean }>;
  readonly methods?: readonly Callable[];
  readonly members?: ReadonlyArray<{ readonly name: string }>;
}

/** C# and Go write members with a capital, so their words are free. */
const RESERVED: Readonly<Record<string, ReadonlySet<string>>> = {
  Python: words('and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal '
    + 'not or pass raise return self try while with yield'),
  Java: words('abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if '
    + 'implements import instanceof int interface long native new package private protected public return short static strictfp super switch synchronized '
    + 'this throw throws transient try void volatile while'),
};
/** What every object of Java has already; jsii knows `toString` in all languages. */
const TAKEN = words('equals getClass hashCode notify notifyAll wait');
/** More than these many texts, numbers or truths in a row can't be told apart where they are called: a struct names them. */
const MAX_POSITIONAL = 2;
/** Structs without a required property, of which one is needed all the same: validation says which. */
const ONE_OF: ReadonlySet<string> = words('HandlerOptions TrainingPlanCriteria');

/**
 * Holds an assembly to names and signatures that survive in Python, Java, C# and Go: one line per finding. jsii renames what
 * clashes, and says so in a warning at most; a user then finds a name that no documentation has.
 */
export function judgeNames(assembly: Assembly): string[] {
  const types = assembly.types as unknown as Record<string, Type>;
  const findings: string[] = [];
  for (const type of Object.values(types)) {
    const name = type.fqn.slice(assembly.name.length + 1);
    const simple = name.split('.').pop()!;
    const say = (finding: string) => findings.push(`${name}: ${finding}`);
    const members = [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []].map(member => member.name!);
    const folded = new Map<string, string>();
    for (const member of members) {
      const clash = folded.get(fold(member));
      if (clash !== undefined) { say(`${clash} and ${member} are one name in some languages`); }
      folded.set(fold(member), member);
      if (fold(member) === fold(simple)) { say(`${member} is the name of its type, which C# refuses`); }
      if (TAKEN.has(member)) { say(`${member} is a method of every Java object`); }
      if (type.kind !== 'enum' && !/^[A-Z][A-Z0-9_]*$/.test(member)) { reserved(member).forEach(language => say(`${member} is a word of ${language}`)); }
    }
    for (const callable of [...type.initializer ? [type.initializer] : [], ...type.methods ?? []]) {
      judgeCallable(types, callable).forEach(finding => say(`${callable.name ?? 'its constructor'}: ${finding}`));
    }
  }
  return findings.sort();
}

/** Python turns the last struct of a call into keyword arguments: it has to be last, and its names have to be free. */
function judgeCallable(types: Record<string, Type>, { parameters = [] }: Callable): string[] {
  const findings: string[] = [];
  const last = parameters.at(-1);
  for (const parameter of parameters) {
    const struct = types[parameter.type.fqn ?? ''];
    if (struct?.datatype && parameter !== last) { findings.push(`the struct ${parameter.name} isn't the last parameter`); }
  }
  const plain = parameters.filter(({ name, type }) => type.primitive !== undefined && type.primitive !== 'any' && name !== 'id');
  if (plain.length > MAX_POSITIONAL) { findings.push(`${plain.map(({ name }) => name).join(', ')} can't be told apart: take a struct`); }
  const struct = types[last?.type.fqn ?? ''];
  if (last !== undefined && struct?.datatype) {
    const properties = propertiesOf(types, struct);
    const taken = parameters.slice(0, -1).map(({ name }) => name).filter(name => properties.has(name));
    if (taken.length > 0) { findings.push(`${taken.join(', ')} would be a keyword argument twice`); }
    const allOptional = [...properties.values()].every(Boolean);
    if (allOptional && !last.optional && !ONE_OF.has(struct.fqn.split('.').pop()!)) { findings.push(`${last.name} has no required property, so it should be optional`); }
    if (!allOptional && last.optional) { findings.push(`${last.name} has required properties, so it can't be optional`); }
  }
  return findings;
}

/** The properties of a struct and of what it extends: whether each is optional. */
function propertiesOf(types: Record<string, Type>, struct: Type): Map<string, boolean> {
  const inherited = (struct.interfaces ?? []).flatMap(fqn => types[fqn] ? [...propertiesOf(types, types[fqn])] : []);
  return new Map([...inherited, ...(struct.properties ?? []).map(({ name, optional }): [string, boolean] => [name, optional === true])]);
}

function reserved(name: string): string[] {
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return Object.entries(RESERVED).filter(([language, set]) => set.has(language === 'Python' ? snake : name)).map(([language]) => language);
}

function fold(name: string): string { return name.replaceAll('_', '').toLowerCase(); }
function words(text: string): ReadonlySet<string> { return new Set(text.split(' ')); }
