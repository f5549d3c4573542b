import { Stack, type Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { ClusterContext } from './context';
import { checkUsers } from './directory-users';
import { planCards } from './efa-cards';
import { checkImage } from './image';
import { checkLaunch } from './launch-checks';
import { checkLifecycleActions } from './lifecycle';
import { checkNameIsFree } from './names';
import { checkVpcOfCluster } from './neighbour-checks';
import { checkNodeRole } from './node-identity';
import { checkPlace } from './place';
import { RULES } from './rules';
import { checkGres, checkSettings, nodeGroupSettings, type Settings } from './settings';
import { checkPrograms } from './slurm-checks';
import { checkMounts, checkStorage } from './storage-checks';
import { selectNodeSubnets, type NodeSubnets } from './subnets';
import { checkTemplateReference } from './template-checks';
import { checkForm } from '../../private/forms';
import { architectureOf, factsOf, isSageMakerName, type NetworkCardFacts } from '../../private/instance-types';
import { isOtherRegion } from '../../private/places';
import { isConcrete, Problems, warn } from '../../private/problems';
import { isZoneId } from '../../private/subnets';
import type { ComputeNodeGroupProps } from '../vocabulary/compute-node-group-props';
import { Efa } from '../vocabulary/efa';
import { NodeLaunch, NodePlacement, type LaunchChoice } from '../vocabulary/node-launch';
import { PurchaseOption, type PurchaseTerms } from '../vocabulary/purchase-option';
import type { Scaling } from '../vocabulary/scaling';
import { SlurmVersion } from '../vocabulary/slurm-version';

const MAX_IDLE_SECONDS = 10_000_000;

/** The id of a capacity reservation, or a reference that CloudFormation resolves. */
const RESERVATION = /^(?:cr-[0-9a-f]+$|\{\{resolve:)/;

/** What a node group will be, worked out of its props before anything is created. */
export interface NodeGroupPlan {
  readonly problems: Problems;
  readonly terms: PurchaseTerms;
  readonly launch: LaunchChoice;
  readonly settings: Settings;
  readonly instanceTypes: string[];
  /** Undefined where the instance types don't tell. */
  readonly architecture?: string;
  readonly vpc: ec2.IVpc;
  readonly subnets: NodeSubnets;
  readonly securityGroups: ec2.ISecurityGroup[];
  readonly cards: readonly NetworkCardFacts[];
  readonly placementGroup?: ec2.IPlacementGroupRef;
  /** Whether a placement group has to be made. */
  readonly ownPlacementGroup: boolean;
  /** Whether the launch template has to name the image. */
  readonly imageFromTemplate: boolean;
  /** The device whose volume the launch template describes. */
  readonly rootDeviceName?: string;
}

/** Works out a node group and collects its problems. Creates nothing. */
export function planNodeGroup(scope: Construct, props: ComputeNodeGroupProps, context: ClusterContext): NodeGroupPlan {
  const problems = new Problems();
  const terms = (props.purchaseOption ?? PurchaseOption.onDemand())._terms;
  const launch = (props.launch ?? NodeLaunch.managed())._choice;
  const settings = nodeGroupSettings(props.slurmSettings);
  const instanceTypes = props.instanceTypes.map(type => type.toString());

  checkPlace(problems, 'cluster', props.cluster, scope);
  checkForm(problems, RULES.nodeGroupName, 'computeNodeGroupName', props.computeNodeGroupName);
  checkNameIsFree(problems, RULES.nodeGroupNameTwice, 'computeNodeGroupName', props.computeNodeGroupName, context.nodeGroups);
  checkInstanceTypes(problems, scope, instanceTypes);
  checkScaling(problems, scope, props.scaling);
  checkTerms(problems, scope, terms, instanceTypes, props.scaling);
  checkIdleTime(problems, props.scaleDownIdleTime, context.schedulerVersion);
  checkSettings(scope, problems, settings, context.schedulerVersion, context.slurmSettings);
  if (isBare(props, launch)) { checkPrograms(scope, context.slurmSettings); }
  checkGres(problems, scope, props.gresRecords, props.slurmSettings?.gres, context.schedulerVersion);
  if (props.lifecycleActions) { checkLifecycleActions(problems, scope, props.lifecycleActions); }
  checkStorage(problems, scope, props.storage ?? []);
  checkUsers(problems, scope, props.users);
  checkMounts(problems, props.storage ?? [], context.storage ?? [], props.users ?? context.users, props.lifecycleActions);
  if (props.nodeRole) { checkNodeRole(problems, scope, 'nodeRole', props.nodeRole._choice, props.cluster); }

  const architecture = instanceTypes.map(architectureOf).find(known => known !== undefined);
  const image = props.image._choice;
  checkImage(problems, scope, image, { architecture, version: context.schedulerVersion, ownTemplate: launch.kind === 'template' });

  const securityGroups = props.securityGroups ?? context.securityGroups;
  if (securityGroups.length === 0) { problems.add(RULES.securityGroupsMissing, { property: 'securityGroups' }); }

  const vpc = props.vpc ?? context.vpc;
  if (vpc === undefined) { problems.add(RULES.vpcMissing, { property: 'vpc' }); }
  checkVpcOfCluster(problems, props.vpc, context.vpc);
  const subnets = vpc === undefined
    ? { subnetIds: [], subnets: [], areSeveral: false, isList: false, hasPublic: false, waysOut: [] }
    : selectNodeSubnets(scope, problems, vpc, props.vpcSubnets, terms);

  const imageFromTemplate = image.kind === 'template';
  const common = { problems, terms, launch, settings, instanceTypes, architecture, subnets, securityGroups, imageFromTemplate, vpc: vpc! };
  if (launch.kind === 'template') {
    checkTemplateReference(problems, scope, launch);
    if (props.ownSecurityGroup) { problems.add(RULES.templateOwnSecurityGroup, { property: 'ownSecurityGroup' }); }
    return { cards: [], ownPlacementGroup: false, ...common };
  }

  const cards = planCards(problems, scope, (launch.options.efa ?? Efa.auto())._choice, instanceTypes, subnets);
  checkAddresses(scope, props.scaling, Math.max(cards.length, 1), subnets);
  const placement = (launch.options.placement ?? NodePlacement.auto())._choice;
  if (placement.kind === 'group' && terms.kind === 'capacityBlock') {
    warn(scope, RULES.placementWithBlock, { property: 'launch.placement' });
  }
  checkLaunch(problems, scope, launch.options, { instanceTypes, cards: cards.length, vpc, subnets, rootDeviceName: image.rootDeviceName });
  const hasReservation = terms.capacityReservationId !== undefined || terms.resourceGroupArn !== undefined;
  return {
    cards,
    placementGroup: placement.kind === 'group' ? placement.placementGroup : undefined,
    ownPlacementGroup: placement.kind === 'auto' && terms.kind === 'onDemand' && !hasReservation && cards.some(card => card.efa),
    rootDeviceName: image.rootDeviceName,
    ...common, // last: in front, V8 takes a hundred times as long to make the object
  };
}

/** Whether nodes have nothing but what AWS puts on them: no image, user data, launch template or script of one's own. */
function isBare({ image, lifecycleActions }: ComputeNodeGroupProps, launch: LaunchChoice): boolean {
  const scripts = [...lifecycleActions?.nodeBootstrapped ?? [], ...lifecycleActions?.nodeReady ?? []];
  return image._choice.kind === 'dlami' && launch.kind === 'managed' && launch.options.userData === undefined && scripts.length === 0;
}

function checkInstanceTypes(problems: Problems, scope: Construct, instanceTypes: readonly string[]): void {
  if (instanceTypes.length === 0) {
    problems.add(RULES.instanceTypesMissing, { property: 'instanceTypes' });
  }
  const known = instanceTypes.filter(isConcrete);
  const namedByMl = known.filter(isSageMakerName);
  if (namedByMl.length > 0) {
    problems.add(RULES.instanceTypeOfSageMaker, { property: 'instanceTypes', got: namedByMl });
  }
  const kinds = new Set(known.flatMap(type => factsOf(type)?.size ?? []).map(size => `${size.vcpus} vCPUs, ${size.gpus} GPUs`));
  const architectures = new Set(known.map(architectureOf).filter(architecture => architecture !== undefined));
  if (kinds.size > 1 || architectures.size > 1) {
    problems.add(RULES.instanceTypesDiffer, { property: 'instanceTypes', got: instanceTypes });
    return;
  }
  const vcpus = new Set(known.map(vcpusByName).filter(count => count !== undefined));
  if (vcpus.size > 1) {
    warn(scope, RULES.instanceTypesSeemToDiffer, { property: 'instanceTypes', got: instanceTypes });
  }
}

/** The number of vCPUs: what the catalogue has, else what the size is usually made of. */
function vcpusByName(instanceType: string): number | undefined {
  const known = factsOf(instanceType)?.size;
  if (known) { return known.vcpus; }
  const size = /\.(\d*)xlarge$/.exec(instanceType);
  return size ? 4 * Number(size[1] || 1) : undefined;
}

function checkScaling(problems: Problems, scope: Construct, { min, max }: Scaling): void {
  for (const [property, count] of Object.entries({ 'scaling.min': min, 'scaling.max': max })) {
    checkForm(problems, RULES.scalingCount, property, count);
  }
  if (!isConcrete(min) || !isConcrete(max)) { return; }
  if (min > max) {
    problems.add(RULES.scalingMinAboveMax, { property: 'scaling.min', got: min });
  } else if (min > 0 && min < max) {
    warn(scope, RULES.scalingMixed, { property: 'scaling', got: { min, max } });
  }
}

/** Each network interface takes an address. */
function checkAddresses(scope: Construct, { max }: Scaling, interfaces: number, { addresses }: NodeSubnets): void {
  if (isConcrete(max) && addresses !== undefined && addresses > 0 && max * interfaces > addresses) {
    warn(scope, RULES.subnetAddresses, { property: 'vpcSubnets', got: { needed: max * interfaces, addresses } });
  }
}

function checkTerms(
  problems: Problems, scope: Construct, terms: PurchaseTerms, instanceTypes: readonly string[], scaling: Scaling,
): void {
  if (terms.kind === 'other') { return; }
  const { capacityReservationId, resourceGroupArn, instanceCount } = terms;
  if (isConcrete(capacityReservationId) && !RESERVATION.test(capacityReservationId)) {
    const rule = capacityReservationId.startsWith('arn:') ? RULES.reservationIsArn : RULES.reservationId;
    problems.add(rule, { property: 'purchaseOption.capacityReservationId', got: capacityReservationId });
  }
  if (isConcrete(resourceGroupArn) && !resourceGroupArn.startsWith('arn:')) {
    problems.add(RULES.reservationGroupIsId, { property: 'purchaseOption.resourceGroupArn', got: resourceGroupArn });
  }
  if (terms.kind !== 'capacityBlock') { return; }
  if (isConcrete(terms.availabilityZone) && isZoneId(terms.availabilityZone)) {
    problems.add(RULES.blockZoneId, { property: 'purchaseOption.availabilityZone', got: terms.availabilityZone });
  }
  const differs = isConcrete(terms.instanceType) && instanceTypes.some(type => isConcrete(type) && type !== terms.instanceType);
  if (instanceTypes.length > 1 || differs) {
    const got = differs ? { block: terms.instanceType, instanceTypes } : instanceTypes;
    problems.add(RULES.blockInstanceTypes, { property: 'instanceTypes', got });
  }
  if (terms.block && isOtherRegion(terms.block.env, Stack.of(scope))) {
    problems.add(RULES.blockElsewhere, { property: 'purchaseOption', got: terms.block.env.region });
  }
  const unsold = instanceTypes.filter(type => isConcrete(type) && !factsOf(type)?.inCapacityBlocks);
  if (unsold.length > 0) { warn(scope, RULES.blockTypeUnknown, { property: 'instanceTypes', got: unsold }); }
  if (isConcrete(instanceCount) && isConcrete(scaling.max) && scaling.max > instanceCount) {
    problems.add(RULES.blockTooSmall, { property: 'purchaseOption', got: { instanceCount, max: scaling.max } });
  }
}

function checkIdleTime(problems: Problems, idleTime: Duration | undefined, version: SlurmVersion | undefined): void {
  if (idleTime === undefined) { return; }
  if (!idleTime.isUnresolved()) {
    const seconds = idleTime.toSeconds({ integral: false });
    if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_IDLE_SECONDS)) {
      problems.add(RULES.idleTime, { property: 'scaleDownIdleTime', got: seconds });
    }
  }
  if (version?._isOlderThan(SlurmVersion.V25_11)) {
    problems.add(RULES.idleTimeNeedsNewerSlurm, { property: 'scaleDownIdleTime', got: version.value });
  }
}
