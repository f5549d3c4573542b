import type { Amount, GroupRecipe, PodRecipe, QueueRecipe, QuotaRecipe, Recipe, SlurmRecipe } from './recipe';

/** Changes a valid app so that it breaks one rule; nothing where the app has no place for it. */
type Breaker = (recipe: Recipe) => Recipe | undefined;

const changeSlurm = (change: (slurm: SlurmRecipe) => Partial<SlurmRecipe> | undefined): Breaker => recipe => {
  const changed = recipe.slurm && change(recipe.slurm);
  return changed && { ...recipe, slurm: { ...recipe.slurm!, ...changed } };
};
type Change<T> = (one: T, slurm: SlurmRecipe) => Partial<T> | undefined;
const changeGroup = (change: Change<GroupRecipe>): Breaker => changeSlurm(slurm => {
  const [first, ...rest] = slurm.groups;
  const changed = first && change(first, slurm);
  return changed && { groups: [{ ...first, ...changed }, ...rest] };
});
const changeQueue = (change: Change<QueueRecipe>): Breaker => changeSlurm(slurm => {
  const [first, ...rest] = slurm.queues;
  const changed = first && change(first, slurm);
  return changed && { queues: [{ ...first, ...changed }, ...rest] };
});
const changePod = (change: (pod: PodRecipe) => Partial<PodRecipe> | undefined): Breaker => recipe => {
  const changed = recipe.pod && change(recipe.pod);
  return changed && { ...recipe, pod: { ...recipe.pod!, ...changed } };
};
const changeQuota = (change: (quota: QuotaRecipe) => Partial<QuotaRecipe>): Breaker => changePod(({ quotas: [first, ...rest] }) => (
  first && { quotas: [{ ...first, ...change(first) }, ...rest] }));
const addAmount = (amount: Amount): Breaker => changeQuota(({ resources }) => ({ resources: [...resources, amount] }));
const changeScheduler = (change: (scheduler: NonNullable<PodRecipe['scheduler']>) => Partial<NonNullable<PodRecipe['scheduler']>>): Breaker => changePod(
  ({ scheduler }) => scheduler && { scheduler: { ...scheduler, ...change(scheduler) } });
const changeScript = (changed: object): Breaker => changeGroup(({ scripts }) => (
  scripts && { scripts: [{ ...scripts[0], ...changed }, ...scripts.slice(1)] }));

const LIMITS: Readonly<Record<string, number>> = { SMALL: 32, MEDIUM: 512, LARGE: 2048 };
const block = (group: GroupRecipe) => (group.purchase.kind === 'capacityBlock' ? group.purchase : undefined);
const changeTypes = (instanceTypes: string[]): Breaker => changeGroup(group => (
  block(group) ? undefined : { instanceTypes, image: 'ami-0123456789abcdef0' }));
const old = ({ version }: SlurmRecipe) => version === '25.05';
const classes = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `class-${index}`, weight: 1 }));

/** For each rule that a change of one value can break, changes that do. Nothing else is wrong with the app. */
export const BREAKERS: Readonly<Record<string, readonly Breaker[]>> = {
  'pcs.clusterName': ['ab', '1abc', 'a_b', 'pcs_abc', 'a'.repeat(41)].map(name => changeSlurm(() => ({ name }))),
  'pcs.accountingRetention': [0, 10_001].map(retentionDays => changeSlurm(() => ({ accounting: 'STANDARD', retentionDays }))),
  'pcs.clusterNodesAboveSize': [changeGroup((group, { size }) => (block(group) ? undefined : { min: 0, max: LIMITS[size] + 1 }))],
  'pcs.idleTime': [
    changeSlurm(() => ({ idleSeconds: 0 })),
    ...[0, 10_000_001].map(idleSeconds => changeGroup((_, slurm) => (old(slurm) ? undefined : { idleSeconds }))),
  ],
  'pcs.idleTimeNeedsNewerSlurm': [changeGroup((_, slurm) => (old(slurm) ? { idleSeconds: 60 } : undefined))],
  'pcs.nodeGroupName': ['ab', '9nodes', 'a b', 'pcs_nodes', 'a'.repeat(26)].map(name => changeGroup(() => ({ name }))),
  'pcs.nodeGroupNameTwice': [changeSlurm(({ groups: [first, ...rest] }) => (first && { groups: [{ ...first, name: 'twin' }, { ...first, name: 'twin', min: 0, max: 1 }, ...rest] }))],
  'pcs.imageId': ['ami', 'image-1', 'ami-XYZ'].map(image => changeGroup(() => ({ image }))),
  'pcs.instanceTypesMissing': [changeGroup(group => (block(group) ? undefined : { instanceTypes: [], image: 'ami-0123456789abcdef0', purchase: { kind: 'default' } }))],
  'pcs.instanceTypesDiffer': [['c7i.xlarge', 'c7i.2xlarge'], ['c7i.xlarge', 'c7g.xlarge'], ['g6.xlarge', 'c7i.xlarge']].map(changeTypes),
  'pcs.instanceTypeOfSageMaker': [changeTypes(['ml.c7i.xlarge']), changeTypes(['c7i.xlarge', 'ml.m7i.xlarge'])],
  'pcs.efaTypesDiffer': [changeTypes(['p5.48xlarge', 'p5en.48xlarge'])],
  'pcs.efaUnknown': [changeTypes(['p9.48xlarge'])],
  'pcs.blockTypeUnknown': [changeGroup(group => block(group) && { instanceTypes: ['c7i.xlarge'] })],
  'pcs.imageArchitecture': [changeGroup(({ purchase }) => (purchase.kind === 'capacityBlock' ? undefined : { instanceTypes: ['c7g.large'], image: 'dlami', architecture: 'x86_64' }))],
  'pcs.scalingMinAboveMax': [changeGroup(({ max }) => ({ min: max + 1 }))],
  'pcs.scalingCount': [-1, 0.5].map(min => changeGroup(() => ({ min }))),
  'pcs.nodeSubnetMissing': [changeGroup(group => (block(group) ? undefined : { subnets: 'none' }))],
  'pcs.blockTooSmall': [changeGroup(group => { const purchase = block(group); return purchase && group.max > 1 ? { purchase: { ...purchase, instances: group.max - 1 } } : undefined; })],
  'pcs.blockInstanceTypes': [changeGroup(group => block(group) && { instanceTypes: ['p5.48xlarge', 'p5e.48xlarge'] })],
  'pcs.blockZone': [changeGroup(group => { const purchase = block(group); return purchase && { purchase: { ...purchase, zone: 'us-east-1f' } }; })],
  'pcs.reservationIsArn': ['arn:aws:ec2:us-east-1:111122223333:capacity-reservation/cr-0123456789abcdef0'].map(reservation => changeGroup(group => (
    'reservation' in group.purchase ? { purchase: { ...group.purchase, reservation } } : undefined))),
  'pcs.nodeRoleName': [changeGroup(() => ({ role: { path: '/nodes/' } })), changeGroup(() => ({ role: { name: 'nodes', path: '/' } }))],
  'pcs.queueName': ['ab', '9queue', 'a_b', 'a'.repeat(26)].map(name => changeQueue(() => ({ name }))),
  'pcs.queueSecondDefault': [changeSlurm(({ queues: [first, ...rest] }) => (
    first && { queues: [{ ...first, isDefault: true }, { ...first, name: undefined, isDefault: true }, ...rest] }))],
  'pcs.queueEmpty': [changeQueue(() => ({ groups: [] }))],
  'pcs.slurmSettingUnknown': [changeSlurm(() => ({ custom: { NoSuchSetting: '1' } }))],
  'pcs.scalingMixed': [changeGroup(group => (block(group) ? undefined : { min: 1, max: 2 }))],
  'pcs.queueNameTwice': [changeSlurm(({ queues: [first, ...rest] }) => (
    first && { queues: [{ ...first, name: 'twin' }, { ...first, name: 'twin', isDefault: false }, ...rest] }))],
  'pcs.srunPorts': [{ fromPort: 2_000, toPort: 1_000 }, { fromPort: 0, toPort: 5_000 }, { fromPort: 65_000, toPort: 70_000 }].map(srunPorts => changeSlurm(() => ({ srunPorts }))),
  'pcs.slurmSettingTwice': [changeSlurm(({ srunPorts }) => srunPorts && { custom: { SrunPortRange: '60001-62000' } })],
  'pcs.lifecycleScriptName': ['', '-x', 'a'.repeat(65), 'ü'].map(name => changeScript({ name })),
  'pcs.lifecycleScriptUrl': ['http://example.com/x.sh', 'ftp://x', ''].map(url => changeScript({ url })),
  'pcs.lifecycleScriptChecksum': ['abc', 'g'.repeat(64)].map(checksum => changeScript({ checksum })),
  'pcs.lifecycleScriptNameTwice': [changeGroup(({ scripts }) => scripts && { scripts: [...scripts, scripts[0]] })],
  'pcs.lifecycleScriptCount': [changeGroup(({ scripts }) => (
    scripts && { scripts: Array.from({ length: 21 }, (_, index) => ({ ...scripts[0], name: `step ${index}` })) }))],
  'pcs.lifecycleScriptArguments': [Array<string>(21).fill('x'), ['x'.repeat(257)]].map(given => changeScript({ arguments: given })),
  'pcs.gresAutoDetectNeedsNewerSlurm': [changeGroup((_, slurm) => (old(slurm) ? { gres: [{ autoDetect: 'nvidia' }] } : undefined))],
  'pcs.gresRecordUnnamed': [changeGroup(() => ({ gres: [{ count: 1 }] }))],
  'pcs.gresGpuWithoutFile': [changeGroup(() => ({ gres: [{ name: 'gpu', count: 1 }] }))],
  'pcs.gresUnbacked': [changeGroup(() => ({ gres: [{ name: 'mps', count: 1 }], gresSetting: 'fpga' }))],

  'hyperpod.clusterArnFormat': ['arn:aws:eks:us-east-1:111122223333:cluster/pod', 'arn:aws:sagemaker:us-east-1:111122223333:cluster/Pod'].map(
    clusterArn => changePod(({ quotas, scheduler }) => (quotas.length > 0 || scheduler ? { clusterArn } : undefined))),
  'hyperpod.entityName': ['-a', 'a_b', 'a'.repeat(64)].flatMap(name => [changeQuota(() => ({ name })), changeScheduler(() => ({ name }))]),
  'hyperpod.teamName': ['Research', '-a', 'a'.repeat(41), ''].map(team => changeQuota(() => ({ team }))),
  'hyperpod.fairShareWeight': [-1, 101, 0.5].map(weight => changeQuota(() => ({ weight }))),
  'hyperpod.descriptionText': ['x'.repeat(1025), 'two\nlines', 'a tab\t'].map(description => changeQuota(() => ({ description }))),
  'hyperpod.quotaResourceCount': [changeQuota(() => ({
    resources: Array.from({ length: 16 }, (_, index) => ({ kind: 'instances' as const, type: `ml.c5.${index + 1}xlarge`, count: 1 })),
  }))],
  'hyperpod.quotaAmount': [-1, 0.5, 10_000_001].map(count => addAmount({ kind: 'instances', type: 'ml.p4d.24xlarge', count })),
  'hyperpod.quotaComputeEmpty': [addAmount({ kind: 'compute', type: 'ml.m5.large' })],
  'hyperpod.profileNotOnInstanceType': [
    addAmount({ kind: 'partitions', type: 'ml.p5.48xlarge', profile: 'mig-3g.71gb', count: 1 }),
    addAmount({ kind: 'partitions', type: 'ml.p4d.24xlarge', profile: 'mig-1g.23gb', count: 1 }),
  ],
  'hyperpod.borrowLimitWithoutBorrowing': ['Lend', 'DontLend'].map(strategy => changeQuota(() => ({ strategy, borrowPercent: 50 }))),
  'hyperpod.borrowPercent': [-1, 12.5, 10_001].map(borrowPercent => changeQuota(() => ({ strategy: 'LendAndBorrow', borrowPercent }))),
  'hyperpod.borrowPercentUndocumented': [0, 501].map(borrowPercent => changeQuota(() => ({ strategy: 'LendAndBorrow', borrowPercent }))),
  'hyperpod.partitionsUnknown': [addAmount({ kind: 'partitions', type: 'ml.g5.48xlarge', profile: 'mig-1g.10gb', count: 1 })],
  'hyperpod.quotaProfileNotInApi': [addAmount({ kind: 'partitions', type: 'ml.p6-b300.48xlarge', profile: 'mig-1g.34gb', count: 1 })],
  'hyperpod.quotaAcceleratorsMissing': [addAmount({ kind: 'accelerators', type: 'ml.c5.large', count: 1 })],
  'hyperpod.quotaResourceTwice': [changeQuota(({ resources }) => (
    { resources: [...resources, ...[1, 2].map(count => ({ kind: 'instances' as const, type: 'ml.p4de.24xlarge', count }))] }))],
  'hyperpod.quotaTeamTwice': [changePod(({ quotas: [first, ...rest] }) => first && { quotas: [first, { ...first, name: undefined }, ...rest] })],
  'hyperpod.priorityClassTwice': [changeScheduler(() => ({ classes: [{ name: 'a', weight: 1 }, { name: 'a', weight: 2 }] }))],
  'hyperpod.quotaNameTwice': [changePod(({ quotas: [first, ...rest] }) => (
    first && { quotas: [{ ...first, name: 'twin' }, { ...first, name: 'twin', team: `${first.team}x` }, ...rest.map(one => ({ ...one, name: undefined }))] }))],
  'hyperpod.priorityClassCount': [changeScheduler(() => ({ classes: classes(11) }))],
  'hyperpod.priorityClassName': ['Upper', '-a', 'a'.repeat(41)].map(name => changeScheduler(() => ({ classes: [{ name, weight: 1 }] }))),
  'hyperpod.priorityClassWeight': [-1, 101, 1.5].map(weight => changeScheduler(() => ({ classes: [{ name: 'a', weight }] }))),
  'hyperpod.instanceGroupCount': [-1, 0.5, 6_759].map(count => changePod(() => ({ quotas: [], groups: [{ type: 'ml.p5.48xlarge', count }] }))),
  'hyperpod.layoutAboveGpu': [changePod(() => ({ quotas: [], groups: [{ type: 'ml.p5.48xlarge', count: 1, layout: { 'mig-3g.40gb': 2, 'mig-1g.10gb': 2 } }] }))],
  'hyperpod.layoutPartitions': [0, 1.5].map(number => changePod(() => ({ quotas: [], groups: [{ type: 'ml.p5.48xlarge', count: 1, layout: { 'mig-3g.40gb': number } }] }))),
  'hyperpod.quotaNotCarried': [changePod(({ quotas: [first] }) => (
    first && { groups: [{ type: 'ml.c5.large', count: 1 }], quotas: [{ ...first, resources: [{ kind: 'instances', type: 'ml.p5.48xlarge', count: 1 }] }] }))],
  'hyperpod.quotasAboveCapacity': [changePod(({ quotas: [first] }) => (
    first && { groups: [{ type: 'ml.p5.48xlarge', count: 2 }], quotas: [{ ...first, resources: [{ kind: 'instances', type: 'ml.p5.48xlarge', count: 3 }] }] }))],

  'trainingPlans.nameInvalid': ['', '-a', 'a_b', 'a-', 'a'.repeat(65)].map(plan => recipe => ({ ...recipe, plans: [plan] })),
};
