import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { RULES } from './rules';
import type { NodeSubnets } from './subnets';
import { INSTANCE_TAG_LIMITS, METADATA_TAG_LIMITS } from './tags';
import { fits } from '../../private/contracts/forms';
import { checkForm } from '../../private/forms';
import { factsOf } from '../../private/instance-types';
import { isPlaceholder } from '../../private/placeholders';
import { isConcrete, warn, type Finding, type Problems } from '../../private/problems';
import type { Rule } from '../../private/rule';
import { checkTags } from '../../private/tags';
import type { DataVolume, ManagedNodeLaunchOptions, NodeVolumeOptions, RootVolume } from '../vocabulary/node-launch';

/** The kinds of volumes that take a number of operations, and those that must be given one. */
const WITH_IOPS: readonly string[] = ['gp3', 'io1', 'io2'];
const NEEDS_IOPS: readonly string[] = ['io1', 'io2'];
const WITH_THROUGHPUT: readonly string[] = ['gp3'];

/** What the checks of a launch template know of the nodes. */
export interface LaunchedNodes {
  readonly instanceTypes: readonly string[];
  /** How many network interfaces are written out. */
  readonly cards: number;
  readonly vpc?: ec2.IVpc;
  readonly subnets: NodeSubnets;
  /** The device of the root volume, where it is known. */
  readonly rootDeviceName?: string;
}

/** Checks what EC2 takes in a launch template that this library makes. */
export function checkLaunch(problems: Problems, scope: Construct, options: ManagedNodeLaunchOptions, nodes: LaunchedNodes): void {
  const { rootVolume, dataVolumes = [], instanceTags = {}, instanceMetadataTags } = options;
  const refuse = (rule: Rule, finding: Finding) => problems.add(rule, finding);
  if (rootVolume) { checkVolume(problems, 'launch.rootVolume', rootVolume); }
  if (rootVolume && nodes.rootDeviceName === undefined) { problems.add(RULES.rootDeviceUnknown, { property: 'launch.rootVolume' }); }
  checkDataVolumes(problems, scope, dataVolumes, nodes.rootDeviceName);
  checkForm(problems, RULES.metadataHopLimit, 'launch.metadataHopLimit', options.metadataHopLimit);
  checkForm(problems, RULES.coreCount, 'launch.coreCount', options.coreCount);
  checkCores('launch.coreCount', options.coreCount, nodes.instanceTypes, refuse);
  checkPublicAddress(problems, scope, options.associatePublicIpAddress, nodes);
  checkTags(problems, 'launch.instanceTags', instanceTags, instanceMetadataTags === true ? METADATA_TAG_LIMITS : INSTANCE_TAG_LIMITS);
}

/** Refuses more cores than a type has. A core has a vCPU at least. */
export function checkCores(
  property: string, coreCount: unknown, instanceTypes: readonly string[], refuse: (rule: Rule, finding: Finding) => void,
): void {
  if (typeof coreCount !== 'number' || !isConcrete(coreCount)) { return; }
  const tooSmall = instanceTypes.flatMap(type => {
    const vcpus = isConcrete(type) ? factsOf(type)?.size?.vcpus : undefined;
    return vcpus !== undefined && coreCount > vcpus ? [[type, vcpus]] : [];
  });
  if (tooSmall.length > 0) { refuse(RULES.coreCountAboveType, { property, got: { coreCount, vcpus: Object.fromEntries(tooSmall) } }); }
}

function checkVolume(problems: Problems, property: string, { size, iops, throughput, volumeType }: RootVolume): void {
  const gibibytes = size && !size.isUnresolved() ? size.toGibibytes({ rounding: SizeRoundingBehavior.NONE }) : undefined;
  for (const [name, value] of Object.entries({ size: gibibytes, iops, throughput })) {
    checkForm(problems, RULES.rootVolume, `${property}.${name}`, value);
  }
  checkPerformance(problems, property, { iops, throughput, volumeType });
}

function checkPerformance(problems: Problems, property: string, { iops, throughput, volumeType }: NodeVolumeOptions): void {
  if (!isConcrete(volumeType)) { return; }
  if (iops !== undefined && !WITH_IOPS.includes(volumeType)) {
    problems.add(RULES.volumeIops, { property: `${property}.iops`, got: { volumeType, iops } });
  }
  if (iops === undefined && NEEDS_IOPS.includes(volumeType)) {
    problems.add(RULES.volumeIops, { property: `${property}.iops`, got: { volumeType }, fix: 'give the operations each second' });
  }
  if (throughput !== undefined && !WITH_THROUGHPUT.includes(volumeType)) {
    problems.add(RULES.volumeThroughput, { property: `${property}.throughput`, got: { volumeType, throughput } });
  }
}

function checkDataVolumes(problems: Problems, scope: Construct, volumes: readonly DataVolume[], rootDeviceName: string | undefined): void {
  const taken = new Set(isConcrete(rootDeviceName) ? [rootDeviceName] : []);
  volumes.forEach((volume, index) => {
    const property = `launch.dataVolumes[${index}]`;
    const { deviceName } = volume;
    checkVolume(problems, property, volume);
    if (!isConcrete(deviceName)) { return; }
    if (taken.has(deviceName)) { problems.add(RULES.dataVolumeDeviceTwice, { property: `${property}.deviceName`, got: deviceName }); }
    taken.add(deviceName);
    if (!fits(RULES.dataVolumeDevice.form!, deviceName)) {
      warn(scope, RULES.dataVolumeDevice, { property: `${property}.deviceName`, got: deviceName });
    }
  });
}

/** EC2 gives a public address to an instance with one interface alone, and one that no route leads to is of no use. */
function checkPublicAddress(
  problems: Problems, scope: Construct, wanted: boolean | undefined, { cards, vpc, subnets: { subnets } }: LaunchedNodes,
): void {
  if (wanted !== true) { return; }
  const property = 'launch.associatePublicIpAddress';
  if (cards > 1) { problems.add(RULES.publicAddressOfCards, { property, got: `${cards} network interfaces` }); }
  const closed = vpc ? [...vpc.privateSubnets, ...vpc.isolatedSubnets] : [];
  const isClosed = (subnet: ec2.ISubnet) => closed.includes(subnet) && !isPlaceholder(subnet.subnetId);
  if (subnets.length > 0 && subnets.every(isClosed)) {
    warn(scope, RULES.publicAddressUnreachable, { property, got: subnets.map(subnet => subnet.node.path) });
  }
}
