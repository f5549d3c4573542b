import { Duration, Size, aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import * as hyperpod from '../../src/hyperpod';
import * as pcs from '../../src/pcs';
import * as trainingPlans from '../../src/training-plans';

/** How nodes are bought. */
export type Purchase =
  | { readonly kind: 'default' | 'onDemand' | 'reservationGroup' }
  | { readonly kind: 'spot'; readonly strategy?: string }
  | { readonly kind: 'targetedReservation' | 'interruptibleReservation'; readonly reservation: string }
  | { readonly kind: 'capacityBlock'; readonly reservation: string; readonly instances?: number; readonly zone?: string };

export interface ScriptRecipe {
  readonly name: string;
  readonly url: string;
  readonly checksum?: string;
  readonly arguments?: readonly string[];
}

export interface GroupRecipe {
  readonly name?: string;
  readonly instanceTypes: readonly string[];
  /** An id, or the sample image. */
  readonly image: string;
  /** Of the image, where its id doesn't tell. */
  readonly architecture?: 'x86_64' | 'arm64';
  readonly purchase: Purchase;
  readonly min: number;
  readonly max: number;
  /** All private subnets, or the first one. */
  readonly subnets: 'all' | 'one' | 'none';
  readonly idleSeconds?: number;
  readonly weight?: number;
  readonly gres?: readonly pcs.GresRecord[];
  readonly gresSetting?: string;
  readonly scripts?: readonly ScriptRecipe[];
  readonly role?: { readonly name?: string; readonly path?: string };
}

export interface QueueRecipe {
  readonly name?: string;
  /** Positions in the cluster's list of groups. */
  readonly groups: readonly number[];
  readonly isDefault: boolean;
  readonly maxMinutes?: number;
  readonly defaultMinutes?: number;
  readonly allowAccounts?: readonly string[];
  readonly denyAccounts?: readonly string[];
}

export interface SlurmRecipe {
  readonly name?: string;
  readonly size: string;
  readonly version: string;
  readonly retentionDays?: number;
  readonly accounting?: 'STANDARD' | 'NONE';
  readonly rest?: boolean;
  readonly idleSeconds?: number;
  readonly srunPorts?: { readonly fromPort: number; readonly toPort: number };
  readonly custom?: Readonly<Record<string, string>>;
  readonly groups: readonly GroupRecipe[];
  readonly queues: readonly QueueRecipe[];
}

export type Amount =
  | { readonly kind: 'instances' | 'accelerators'; readonly type: string; readonly count: number }
  | { readonly kind: 'compute'; readonly type: string; readonly vcpus?: number; readonly gib?: number }
  | { readonly kind: 'partitions'; readonly type: string; readonly profile: string; readonly count: number };

export interface QuotaRecipe {
  readonly name?: string;
  readonly team: string;
  readonly weight?: number;
  readonly description?: string;
  readonly resources: readonly Amount[];
  readonly strategy?: string;
  readonly borrowPercent?: number;
}

export interface PodRecipe {
  readonly clusterArn: string;
  /** What the cluster has: a type, how many, and how its GPUs are cut. */
  readonly groups?: readonly { readonly type: string; readonly count: number; readonly layout?: Readonly<Record<string, number>> }[];
  readonly quotas: readonly QuotaRecipe[];
  readonly scheduler?: { readonly name?: string; readonly classes: readonly hyperpod.PriorityClass[]; readonly fairShare?: boolean };
}

/** An app, as data: what fast-check makes, and what a mutation changes. */
export interface Recipe {
  readonly slurm?: SlurmRecipe;
  readonly pod?: PodRecipe;
  /** Names of training plans that are read when the stack is deployed. */
  readonly plans: readonly string[];
}

export const ZONES = ['us-east-1a', 'us-east-1b'];
export const RESERVATION = 'cr-0123456789abcdef0';
const NOTHING = undefined;

const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: NOTHING });
const letter = fc.constantFrom(...'abcxyzABCXYZ');
const nameOf = (length: number) => fc.tuple(letter, fc.stringMatching(new RegExp(`^[A-Za-z0-9-]{2,${length - 1}}$`)))
  .map(parts => parts.join(''));
const entityName = fc.stringMatching(/^[a-zA-Z0-9](-?[a-zA-Z0-9]){0,30}$/);

/** Types that can be in one group: they have as many vCPUs and GPUs, and one architecture. */
const ORDINARY = [['c7i.xlarge', 'm7i.xlarge', 'r7i.xlarge', 'm6a.xlarge'], ['m7i.2xlarge'], ['g6.xlarge', 'g5.xlarge', 'g6e.xlarge'], ['c7g.large', 'm8g.large']];
/** EFA only works in one subnet. */
const WITH_EFA = ['p5.48xlarge', 'hpc7a.96xlarge', 'c7i.48xlarge', 'hpc7g.16xlarge', 'trn2.48xlarge', 'p6-b300.48xlarge'];
const LIMITS: Readonly<Record<string, number>> = { SMALL: 32, MEDIUM: 512, LARGE: 2048 };

const purchase: fc.Arbitrary<Purchase> = fc.oneof(
  fc.constantFrom<Purchase>({ kind: 'default' }, { kind: 'onDemand' }, { kind: 'reservationGroup' }),
  fc.record({ kind: fc.constant('spot' as const), strategy: optional(fc.constantFrom('lowest-price', 'capacity-optimized', 'price-capacity-optimized')) }),
  fc.record({ kind: fc.constantFrom('targetedReservation' as const, 'interruptibleReservation' as const), reservation: fc.constant(RESERVATION) }),
);

const script: fc.Arbitrary<ScriptRecipe> = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$/),
  url: fc.stringMatching(/^[a-z]{1,8}$/).map(path => `https://example.com/${path}.sh`),
  checksum: optional(fc.stringMatching(/^[0-9a-f]{64}$/)),
  arguments: optional(fc.array(fc.stringMatching(/^[ -~]{0,256}$/), { maxLength: 20 })),
});

const group = (newer: boolean): fc.Arbitrary<GroupRecipe> => fc.tuple(
  fc.oneof(
    fc.record({ instanceTypes: fc.constantFrom(...ORDINARY).chain(alike => fc.shuffledSubarray(alike, { minLength: 1 })), subnets: fc.constantFrom('all' as const, 'one' as const) }),
    fc.record({ instanceTypes: fc.constantFrom(...WITH_EFA).map(type => [type]), subnets: fc.constant('one' as const) }),
  ),
  fc.record({
    name: optional(nameOf(25)),
    image: fc.constantFrom('ami-0123456789abcdef0', 'dlami'),
    purchase,
    min: fc.constant(0),
    max: fc.integer({ min: 1, max: 8 }),
    idleSeconds: newer ? optional(fc.integer({ min: 1, max: 10_000_000 })) : fc.constant(NOTHING),
    weight: optional(fc.integer({ min: 0, max: 1000 })),
    scripts: optional(fc.uniqueArray(script, { minLength: 1, maxLength: 3, selector: ({ name }) => name })),
    role: optional(fc.constantFrom({ name: 'AWSPCS-nodes' }, { path: '/aws-pcs/' })),
  }),
  fc.boolean(),
).map(([place, rest, fixed]) => ({ ...place, ...rest, min: fixed ? rest.max : 0 }))
  .chain(made => (made.instanceTypes[0] !== 'p5.48xlarge' ? fc.constant<GroupRecipe>(made) : fc.oneof(
    fc.constant<GroupRecipe>(made),
    fc.record({ instances: optional(fc.integer({ min: made.max, max: 64 })), zone: fc.constant(ZONES[0]) })
      .map<GroupRecipe>(block => ({ ...made, purchase: { kind: 'capacityBlock', reservation: RESERVATION, ...block } })),
  )));

const queue = (groups: number): fc.Arbitrary<QueueRecipe> => fc.record({
  name: optional(nameOf(25)),
  groups: fc.uniqueArray(fc.integer({ min: 0, max: groups - 1 }), { minLength: 1, maxLength: groups }),
  isDefault: fc.constant(false),
  maxMinutes: optional(fc.integer({ min: 60, max: 10_000 })),
  defaultMinutes: optional(fc.integer({ min: 1, max: 60 })),
  allowAccounts: optional(fc.uniqueArray(fc.constantFrom('physics', 'chemistry'), { minLength: 1 })),
});

/** Groups named alike, which would be refused, lose their names. */
const named = <T extends { readonly name?: string }>(list: readonly T[]): T[] => list.map((one, index) => {
  const first = list.findIndex(other => other.name?.toLowerCase() === one.name?.toLowerCase());
  return first < index ? { ...one, name: NOTHING } : one;
});

const slurm: fc.Arbitrary<SlurmRecipe> = fc.record({
  name: optional(nameOf(40)),
  size: fc.constantFrom('SMALL', 'MEDIUM', 'LARGE'),
  version: fc.constantFrom('25.05', '25.11', '26.05'),
  retentionDays: optional(fc.integer({ min: 1, max: 10_000 })),
  accounting: optional(fc.constantFrom('STANDARD' as const, 'NONE' as const)),
  rest: optional(fc.boolean()),
  idleSeconds: optional(fc.integer({ min: 1, max: 100_000 })),
  srunPorts: optional(fc.integer({ min: 60_001, max: 62_000 }).map(fromPort => ({ fromPort, toPort: fromPort + 1_000 }))),
  custom: optional(fc.constantFrom<Record<string, string>>({ Prolog: '/opt/prolog.sh' }, { Epilog: '/opt/epilog.sh' })),
}).chain(made => fc.array(group(made.version !== '25.05'), { maxLength: 4 }).chain(groups => (groups.length === 0
  ? fc.constant<SlurmRecipe>({ ...made, groups, queues: [] })
  : fc.tuple(fc.array(queue(groups.length), { maxLength: 3 }), fc.boolean()).map<SlurmRecipe>(([queues, withDefault]) => ({
    ...made, groups: named(groups), queues: named(queues).map((one, index) => ({ ...one, isDefault: withDefault && index === 0 })),
  }))))).map(made => ({ ...made, retentionDays: made.accounting === 'STANDARD' ? made.retentionDays : NOTHING }));

/** Profiles of types in the catalogue. */
export const PROFILES: Readonly<Record<string, readonly string[]>> = {
  'ml.p4d.24xlarge': ['mig-1g.5gb', 'mig-2g.10gb', 'mig-3g.20gb', 'mig-7g.40gb'],
  'ml.p5.48xlarge': ['mig-1g.10gb', 'mig-2g.20gb', 'mig-3g.40gb', 'mig-7g.80gb'],
  'ml.p5en.48xlarge': ['mig-1g.18gb', 'mig-2g.35gb', 'mig-3g.71gb', 'mig-7g.141gb'],
  'ml.p6-b200.48xlarge': ['mig-1g.23gb', 'mig-2g.45gb', 'mig-3g.90gb', 'mig-7g.180gb'],
};
const amount: fc.Arbitrary<Amount> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('instances' as const, 'accelerators' as const),
    type: fc.constantFrom('ml.p5.48xlarge', 'ml.g6.12xlarge', 'ml.trn2.48xlarge'),
    count: fc.integer({ min: 0, max: 1_000 }),
  }),
  fc.record({
    kind: fc.constant('compute' as const),
    type: fc.constantFrom('ml.m5.4xlarge', 'ml.c5.large'),
    vcpus: fc.integer({ min: 1, max: 4_000 }),
    gib: optional(fc.integer({ min: 1, max: 9_999 })),
  }),
  fc.constantFrom(...Object.keys(PROFILES)).chain(type => fc.record({
    kind: fc.constant('partitions' as const), type: fc.constant(type), profile: fc.constantFrom(...PROFILES[type]), count: fc.integer({ min: 0, max: 500 }),
  })),
);

const quota: fc.Arbitrary<QuotaRecipe> = fc.record({
  name: optional(entityName),
  team: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/),
  weight: optional(fc.integer({ min: 0, max: 100 })),
  description: optional(fc.stringMatching(/^[A-Za-z0-9äöü .,:;!?()-]{0,200}$/)),
  resources: fc.uniqueArray(amount, { maxLength: 8, selector: one => [one.kind, one.type, 'profile' in one ? one.profile : ''].join() }),
  strategy: optional(fc.constantFrom('Lend', 'DontLend', 'LendAndBorrow')),
  borrowPercent: optional(fc.integer({ min: 1, max: 500 })),
}).map(made => ({ ...made, borrowPercent: made.strategy === 'LendAndBorrow' ? made.borrowPercent : NOTHING }));

const pod: fc.Arbitrary<PodRecipe> = fc.record({
  clusterArn: fc.stringMatching(/^[a-z0-9]{12}$/).map(id => `arn:aws:sagemaker:us-east-1:111122223333:cluster/${id}`),
  quotas: fc.uniqueArray(quota, { maxLength: 4, selector: ({ team }) => team }),
  scheduler: optional(fc.record({
    name: optional(entityName),
    classes: fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z0-9](-?[a-z0-9]){0,15}$/), weight: fc.integer({ min: 0, max: 100 }) }), {
      maxLength: 10, selector: ({ name }) => name,
    }),
    fairShare: optional(fc.constant(true)),
  })),
}).map(made => ({ ...made, quotas: named(made.quotas) }));

/** Apps that our rules have nothing against. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  slurm: optional(slurm),
  pod: optional(pod),
  plans: fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9](-?[a-zA-Z0-9]){0,20}$/), { maxLength: 2 }),
}).filter(({ slurm: cluster }) => cluster === NOTHING || cluster.groups.reduce((sum, { max }) => sum + max, 0) <= LIMITS[cluster.size]);

/** The same app with other values, of those that change in place. */
export function revised({ slurm: cluster, pod: governed, ...rest }: Recipe): Recipe {
  return {
    ...rest,
    slurm: cluster && {
      ...cluster,
      idleSeconds: (cluster.idleSeconds ?? 600) + 1,
      groups: cluster.groups.map(one => ({ ...one, weight: next(one.weight, 1_000) })),
      queues: cluster.queues.map(one => ({ ...one, maxMinutes: (one.maxMinutes ?? 60) + 1 })),
    },
    pod: governed && {
      ...governed,
      quotas: governed.quotas.map(one => ({ ...one, weight: next(one.weight, 100) })),
      scheduler: governed.scheduler && {
        ...governed.scheduler, classes: governed.scheduler.classes.map(one => ({ ...one, weight: next(one.weight, 100) })),
      },
    },
  };
}

function next(weight: number | undefined, highest: number): number {
  return weight === undefined ? 1 : (weight + 1) % (highest + 1);
}

/** Builds the app of a recipe. */
export function build(stack: Stack, recipe: Recipe): void {
  if (recipe.slurm) { buildSlurm(stack, recipe.slurm); }
  if (recipe.pod) { buildPod(stack, recipe.pod); }
  recipe.plans.forEach((trainingPlanName, index) => {
    const plan = new trainingPlans.TrainingPlanLookup(stack, `Plan${index}`, { trainingPlan: trainingPlans.TrainingPlanSelector.byName(trainingPlanName) });
    void plan.status;
  });
}

function buildSlurm(stack: Stack, recipe: SlurmRecipe): void {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ZONES,
    privateSubnetIds: ['subnet-1111111111111111a', 'subnet-1111111111111111b'],
    privateSubnetRouteTableIds: ['rtb-1111111111111111a', 'rtb-1111111111111111b'],
  });
  const retention = recipe.retentionDays === undefined ? undefined : Duration.days(recipe.retentionDays);
  const cluster = new pcs.Cluster(stack, 'Slurm', {
    vpc,
    clusterName: recipe.name,
    size: constant(pcs.ClusterSize, recipe.size)!,
    schedulerVersion: constant(pcs.SlurmVersion, `V${recipe.version}`)!,
    accounting: recipe.accounting && (recipe.accounting === 'NONE' ? pcs.Accounting.none() : pcs.Accounting.standard({ retention })),
    slurmRest: recipe.rest === undefined ? undefined : recipe.rest ? pcs.SlurmRest.STANDARD : pcs.SlurmRest.NONE,
    scaleDownIdleTime: recipe.idleSeconds === undefined ? undefined : Duration.seconds(recipe.idleSeconds),
    traffic: recipe.srunPorts && pcs.SlurmTraffic.restrictive({ srunPorts: recipe.srunPorts }),
    slurmSettings: recipe.custom && { custom: { ...recipe.custom } },
  });
  const groups = recipe.groups.map((one, index) => cluster.addComputeNodeGroup(`Group${index}`, {
    computeNodeGroupName: one.name,
    instanceTypes: one.instanceTypes.map(type => new ec2.InstanceType(type)),
    image: one.image === 'dlami' ? pcs.NodeImage.pcsReadyDlami({
      architecture: one.architecture && new Map([
        ['x86_64', ec2.InstanceArchitecture.X86_64], ['arm64', ec2.InstanceArchitecture.ARM_64],
      ]).get(one.architecture),
    }) : pcs.NodeImage.fromAmiId(one.image),
    purchaseOption: purchaseOption(one.purchase),
    scaling: pcs.Scaling.between({ min: one.min, max: one.max }),
    vpcSubnets: { all: undefined, one: { subnets: [vpc.privateSubnets[0]] }, none: { subnets: [] } }[one.subnets],
    scaleDownIdleTime: one.idleSeconds === undefined ? undefined : Duration.seconds(one.idleSeconds),
    slurmSettings: {
      ...one.weight !== undefined && { weight: one.weight },
      ...one.gresSetting !== undefined && { gres: [{ name: one.gresSetting }] },
    },
    gresRecords: one.gres && [...one.gres],
    nodeRole: one.role && pcs.NodeRole.managed({ roleName: one.role.name && `${one.role.name}-${stack.stackName}-${index}`, path: one.role.path }),
    lifecycleActions: one.scripts && {
      nodeReady: one.scripts.map(({ name, url, checksum, arguments: given }) => ({
        name, source: pcs.ScriptSource.fromUrl(url, { checksum }), arguments: given && [...given],
      })),
    },
  }));
  recipe.queues.forEach((one, index) => cluster.addQueue(`Queue${index}`, {
    queueName: one.name,
    computeNodeGroups: one.groups.map(position => groups[position]),
    isDefault: one.isDefault,
    slurmSettings: {
      maxTime: one.maxMinutes === undefined ? undefined : Duration.minutes(one.maxMinutes),
      defaultTime: one.defaultMinutes === undefined ? undefined : Duration.minutes(one.defaultMinutes),
      allowAccounts: one.allowAccounts && [...one.allowAccounts],
      denyAccounts: one.denyAccounts && [...one.denyAccounts],
    },
  }));
}

function purchaseOption(purchased: Purchase): pcs.PurchaseOption | undefined {
  switch (purchased.kind) {
    case 'default': return undefined;
    case 'onDemand': return pcs.PurchaseOption.onDemand();
    case 'reservationGroup': return pcs.PurchaseOption.reservationGroup({ resourceGroupArn: 'arn:aws:resource-groups:us-east-1:111122223333:group/nodes' });
    case 'spot': return pcs.PurchaseOption.spot({ allocationStrategy: purchased.strategy ? pcs.SpotAllocationStrategy.of(purchased.strategy) : undefined });
    case 'targetedReservation': return pcs.PurchaseOption.targetedReservation({ capacityReservationId: purchased.reservation });
    case 'interruptibleReservation': return pcs.PurchaseOption.interruptibleReservation({ capacityReservationId: purchased.reservation });
    case 'capacityBlock': return pcs.PurchaseOption.capacityBlock({
      capacityReservationId: purchased.reservation, instanceCount: purchased.instances, availabilityZone: purchased.zone,
    });
  }
}

function buildPod(stack: Stack, { clusterArn, groups, quotas, scheduler }: PodRecipe): void {
  const cluster = groups
    ? hyperpod.Cluster.fromClusterAttributes(stack, 'Pod', {
      clusterArn,
      instanceGroups: groups.map(({ type, count, layout }) => ({
        instanceType: constant(hyperpod.InstanceType, type)!,
        instanceCount: count,
        partitions: layout && hyperpod.PartitionLayout.mixed(Object.entries(layout).map(([profile, number]) => ({
          profile: constant(hyperpod.PartitionProfile, profile)!, count: number,
        }))),
      })),
    })
    : hyperpod.Cluster.fromClusterArn(stack, 'Pod', clusterArn);
  quotas.forEach((one, index) => new hyperpod.ComputeQuota(stack, `Quota${index}`, {
    cluster,
    computeQuotaName: one.name,
    team: hyperpod.Team.of(one.team),
    fairShareWeight: one.weight,
    description: one.description,
    resources: one.resources.map(resource),
    sharing: one.strategy === undefined
      ? undefined
      : hyperpod.ResourceSharing.of({ strategy: one.strategy, maxBorrowPercent: one.borrowPercent }),
  }));
  if (scheduler) {
    new hyperpod.ClusterSchedulerConfig(stack, 'Scheduler', {
      cluster, clusterSchedulerConfigName: scheduler.name, priorityClasses: [...scheduler.classes], fairShare: scheduler.fairShare,
    });
  }
}

/** Constants of the catalogue where there are such, since what comes by `of` isn't judged. */
function resource(given: Amount): hyperpod.QuotaResource {
  const instanceType = constant(hyperpod.InstanceType, given.type) ?? hyperpod.InstanceType.of(given.type);
  switch (given.kind) {
    case 'instances': return hyperpod.QuotaResource.instances({ instanceType, count: given.count });
    case 'accelerators': return hyperpod.QuotaResource.accelerators({ instanceType, count: given.count });
    case 'compute': return hyperpod.QuotaResource.compute({ instanceType, vcpus: given.vcpus, memory: given.gib === undefined ? undefined : Size.gibibytes(given.gib) });
    case 'partitions': {
      const profile = constant(hyperpod.PartitionProfile, given.profile) ?? hyperpod.PartitionProfile.of(given.profile);
      return hyperpod.QuotaResource.partitions({ instanceType, profile, count: given.count });
    }
  }
}

function constant<T>(of: { readonly prototype: T }, name: string): T | undefined {
  return (of as unknown as Record<string, T | undefined>)[name.replace(/^ml\./, '').replace(/[.-]/g, '_').toUpperCase()];
}
