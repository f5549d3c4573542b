import baseline from './baseline.json';
import { CLOUDFORMATION as HYPERPOD } from '../hyperpod/coverage';
import { CLOUDFORMATION as PCS } from '../pcs/coverage';

/* Coverage tables say what an update of a property does. CloudFormation's schemas do, too: what is recorded of them must agree. */

const TYPES = baseline.facts.types as unknown as Record<string, Record<string, string>>;

type Update = 'replacement' | 'read only' | 'in place';

/** Words of a fact. The pattern, which may hold any, comes before them. */
const says = (fact: string | undefined, words: string) => new RegExp(`(^|, )${words}(,|$)`).test(fact ?? '');

/** What the recorded schema says: of the property, of what it is in, or of anything in it. */
function recorded(type: string, path: string): readonly Update[] {
  const facts = TYPES[type];
  const above = path.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'));
  const below = Object.keys(facts).filter(other => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`));
  const own = (['replacement', 'read only'] as const).filter(words => above.some(one => says(facts[one], words)));
  return own.length > 0 ? own : ['in place', ...below.some(one => says(facts[one], 'replacement')) ? ['replacement' as const] : []];
}

/** The path of a property by the names of the L1, in which lists have no `[]`. */
function pathIn(type: string, member: string): string | undefined {
  const plain = (path: string) => path.replace(/\[\]|\{\}/g, '').toLowerCase();
  return Object.keys(TYPES[type] ?? {}).find(path => !path.includes(' = ') && plain(path) === member.toLowerCase());
}

interface Claim {
  readonly type: string;
  readonly member: string;
  readonly update: string;
}

const CLAIMS: readonly Claim[] = [
  ...Object.entries(HYPERPOD).flatMap(([name, fields]) => Object.entries(fields)
    .flatMap(([member, row]) => 'ours' in row && row.update ? [{ type: `AWS::SageMaker::${name}`, member, update: row.update }] : [])),
  ...PCS.filter(({ owner }) => owner.endsWith('Props'))
    .map(({ owner, property, update }) => ({ type: `AWS::PCS::${owner.slice('Cfn'.length, -'Props'.length)}`, member: property, update })),
];

/** Claims that a schema contradicts. SageMaker refuses updates that CloudFormation would make in place. */
function contradicted(claims: readonly Claim[]) {
  return claims.map(claim => ({ ...claim, path: pathIn(claim.type, claim.member) }))
    .map(claim => ({ ...claim, schema: claim.path === undefined ? [] : recorded(claim.type, claim.path) }))
    .filter(({ update, schema }) => !schema.includes(update === 'refused by SageMaker' ? 'in place' : update as Update));
}

test('what coverage tables say of updates is what the schemas say', () => {
  expect(CLAIMS.length).toBeGreaterThan(100);
  expect(contradicted(CLAIMS)).toEqual([]);
});

test.each<[string, Claim]>([
  ['a replacement that the schema makes in place', { type: 'AWS::PCS::Cluster', member: 'scheduler', update: 'replacement' }],
  ['an update in place that replaces', { type: 'AWS::PCS::Cluster', member: 'networking', update: 'in place' }],
  ['an update in place of something in what is replaced', { type: 'AWS::SageMaker::Cluster', member: 'vpcConfig.subnets', update: 'in place' }],
  ['an update of what can only be read', { type: 'AWS::SageMaker::Cluster', member: 'instanceGroups.currentCount', update: 'in place' }],
  ['a property that the schema lacks', { type: 'AWS::SageMaker::Cluster', member: 'colour', update: 'in place' }],
])('%s would be found', (_name, claim) => expect(contradicted([claim])).toHaveLength(1));
