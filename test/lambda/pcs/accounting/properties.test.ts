import { wantedOf } from '../../../../lambda/pcs/accounting/properties';

const account = (more: object = {}, properties: object = {}) => wantedOf({ Kind: 'Account', ClusterId: 'pcs_1', Account: { Name: 'research', ...more }, ...properties });
const qos = (more: object = {}) => wantedOf({ Kind: 'Qos', ClusterId: 'pcs_1', Qos: { Name: 'batch', ...more } });

test('what isn\'t said has its default', () => {
  expect(account()).toEqual({
    clusterId: 'pcs_1',
    slurmClusterName: undefined,
    endpoint: undefined,
    secret: undefined,
    identity: { userName: 'root', uid: 0, gid: 0, gids: [] },
    mode: 'APPLY',
    onDelete: 'RETAIN_USED',
    activeJobs: 'REFUSE',
    adopt: false,
    thing: {
      kind: 'Account', name: 'research', parent: 'root', description: undefined, organization: 'research', shares: 1, qos: undefined, defaultQos: undefined, limits: {}, users: undefined, defaultFor: [], eachUser: undefined,
    },
  });
});

test('what is said is read: numbers as numbers, resources by name', () => {
  const { thing, identity, secret, endpoint } = account({
    FairShare: 'parent', Limits: { GrpTRES: 'gres/GPU=8, cpu=2', MaxJobs: '5', GrpWall: 60 }, Users: ['alice', 'ALICE', 'bob'], DefaultFor: ['Bob'],
  }, {
    Identity: { UserName: 'slurmadmin', Uid: '1000', Gid: '1001', Gids: ['5', '6'] },
    JwtKeySecretArn: 'arn',
    JwtKeySecretVersion: 'v',
    Endpoint: 'http://[fd00::1]:6820',
  });
  expect(thing).toMatchObject({ shares: 2_147_483_647, limits: { GrpTRES: { 'gres/gpu': 8, 'cpu': 2 }, MaxJobs: 5, GrpWall: 60 }, users: ['alice', 'bob'], defaultFor: ['Bob'] });
  expect({ identity, secret, endpoint }).toEqual({
    identity: { userName: 'slurmadmin', uid: 1000, gid: 1001, gids: [5, 6] }, secret: { arn: 'arn', version: 'v' }, endpoint: 'http://[fd00::1]:6820',
  });
  expect(qos({ Flags: ['DenyOnLimit', 'NoDecay'], PreemptMode: ['Requeue'], UsageFactor: 0.5, Priority: '7' }).thing)
    .toMatchObject({ flags: ['DENY_LIMIT', 'NO_DECAY'], preemptMode: ['REQUEUE'], usageFactor: 0.5, priority: 7 });
});

test.each<[string, () => unknown, RegExp]>([
  ['a kind', () => wantedOf({ Kind: 'Partition', ClusterId: 'c' }), /Kind must be one of Account, Qos/],
  ['no account', () => wantedOf({ Kind: 'Account', ClusterId: 'c' }), /Account must be an object/],
  ['no name', () => account({ Name: '' }), /Account\.Name is missing/],
  ['a name with a comma', () => account({ Name: 'a,b' }), /a name that Slurm can't keep/],
  ['a name with a quote', () => account({ Users: ['o\'hara'] }), /a name that Slurm can't keep/],
  ['the account of Slurm', () => account({ Name: 'ROOT' }), /Slurm's own/],
  ['an unknown limit', () => account({ Limits: { GrpNodes: '1' } }), /GrpNodes, which isn't one of GrpJobs/],
  ['a limit of QOS on an account', () => account({ Limits: { MaxJobsPerUser: '1' } }), /MaxJobsPerUser, which isn't one of/],
  ['a limit that is no number', () => account({ Limits: { MaxJobs: '-1' } }), /MaxJobs must be a whole number/],
  ['one of the words that Slurm writes as numbers', () => account({ Limits: { MaxJobs: '4294967295' } }), /MaxJobs must be a whole number/],
  ['resources without numbers', () => account({ Limits: { GrpTRES: 'gres/gpu' } }), /must be written as cpu=100/],
  ['resources with units', () => account({ Limits: { GrpTRES: 'mem=4G' } }), /memory in MiB/],
  ['a share', () => account({ FairShare: 'much' }), /FairShare/],
  ['a default for a stranger', () => account({ Users: ['alice'], DefaultFor: ['bob'] }), /DefaultFor names users that Users doesn't: bob/],
  ['users that are no list', () => account({ Users: 'alice' }), /Users must be a list/],
  ['a description of lines', () => account({ Description: 'a\nb' }), /a line of text/],
  ['a flag', () => qos({ Flags: ['DENY_LIMIT'] }), /unknown flag of a QOS: DENY_LIMIT; known are DenyOnLimit/],
  ['a mode of preemption', () => qos({ PreemptMode: ['within'] }), /unknown PreemptMode/],
  ['a usage factor', () => qos({ UsageFactor: 'NaN' }), /UsageFactor/],
  ['an address', () => account({}, { Endpoint: 'http://10.0.0.1:6820/path' }), /Endpoint must be written as/],
  ['an identity', () => account({}, { Identity: { UserName: 'root', Uid: '0' } }), /Identity\.Gid is missing/],
  ['a mode', () => account({}, { Mode: 'DRY' }), /Mode must be one of APPLY, PREVIEW/],
])('%s is refused', (_what, read, words) => {
  expect(read).toThrow(words);
});
