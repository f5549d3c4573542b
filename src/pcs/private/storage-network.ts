import { Stack, type CfnResource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IConstruct } from 'constructs';
import { RULES } from './rules';
import { seenFrom } from './seen-from';
import { groupsOf, pathOf, type ChoiceOf } from './storage';
import { resourceBehind, resourcesIn } from '../../private/places';
import { isConcrete, warn } from '../../private/problems';
import { claimOnce } from '../../private/registry';
import { isMark, markOf, renderedProperties, resourcesOfType } from '../../private/rendered';
import { GROUP_TYPES } from '../../private/security-rules';
import { zoneOf } from '../../private/subnets';
import { closedAt } from '../../private/ways-out';
import type { NodeStorage, NodeStorageChoice } from '../vocabulary/node-storage';

/** The ports of a kind of file system, and which way connections are made. */
interface Ports {
  readonly ports: readonly ec2.Port[];
  /** The port of all these by which it is judged whether nodes are let in. */
  readonly main: number;
  /** Whether the file system calls nodes, too. */
  readonly bothWays: boolean;
}

const NFS = 2049;
const tcp = (from: number, to = from) => (from === to ? ec2.Port.tcp(from) : ec2.Port.tcpRange(from, to));
const udp = (from: number, to = from) => (from === to ? ec2.Port.udp(from) : ec2.Port.udpRange(from, to));

/** What AWS's pages on the security groups of its file systems ask for. */
function portsOf(kind: NodeStorageChoice['kind']): Ports {
  switch (kind) {
    case 'efs':
    case 'efsHomes':
      return { ports: [tcp(NFS)], main: NFS, bothWays: false };
    case 'lustre':
      return { ports: [tcp(988), tcp(1018, 1023)], main: 988, bothWays: true };
    case 'openZfs':
      return { ports: [tcp, udp].flatMap(port => [port(111), port(NFS), port(20001, 20003)]), main: NFS, bothWays: false };
    case 'ontap': {
      const ports = [tcp, udp].flatMap(port => [port(111), port(635), port(NFS), port(4045, 4046), port(4049)]);
      return { ports, main: NFS, bothWays: false };
    }
  }
}

/**
 * Lets nodes and file systems talk to each other, by rules at both ends. They stand in the stack of the nodes, which needs both ends
 * anyway, and once in an app: EC2 refuses the second of two equal rules.
 */
export function openStorage(scope: Construct, storage: readonly NodeStorage[], nodes: readonly ec2.ISecurityGroup[]): void {
  for (const { _choice: choice } of storage) {
    const { ports, bothWays } = portsOf(choice.kind);
    const description = `${choice.kind === 'lustre' ? 'Lustre' : 'NFS'}, nodes of AWS PCS`;
    for (const files of groupsOf(choice)) {
      for (const group of nodes) {
        for (const port of ports) {
          open(scope, group, files, port, description);
          if (bothWays) { open(scope, files, group, port, description); }
        }
      }
    }
  }
}

function open(scope: Construct, from: ec2.ISecurityGroup, to: ec2.ISecurityGroup, port: ec2.Port, description: string): void {
  const key = [from, to].map(({ securityGroupId: id, node }) => (isConcrete(id) ? id : node.addr));
  if (key[0] === key[1] || !claimOnce(scope.node.root, 'storage rules', [...key, port.toString()].join(' '), Stack.of(scope))) { return; }
  to.addIngressRule(seenFrom(scope, from), port, description, true);
  from.addEgressRule(seenFrom(scope, to), port, description, true);
}

/** The nodes that mount file systems, and their network. */
export interface MountingNodes {
  readonly vpc: ec2.IVpc;
  readonly subnets: readonly ec2.ISubnet[];
  /** Their security groups, where all of them are of the app. */
  readonly groups: readonly CfnResource[] | undefined;
}

/** Advice on file systems that nodes can't reach, or only across zones, when the app is complete. */
export function adviseStorage(scope: Construct, storage: readonly NodeStorage[], nodes: MountingNodes): void {
  for (const { _choice: choice } of storage) {
    const got = pathOf(choice);
    adviseZones(scope, choice, got, nodes);
    const door = doorOf(scope, choice, nodes);
    if (Array.isArray(door)) {
      if (door.length > 0) { warn(scope, RULES.storageClosed, { property: 'storage', got: { [got]: door } }); }
    } else if (door === 'unknown') {
      const { main } = portsOf(choice.kind);
      warn(scope, RULES.storageDoorUnknown, { property: 'storage', got: { [got]: `TCP ${main}` } });
    }
  }
}

/** What keeps nodes from a file system: nothing, which groups, or what can't be known. */
function doorOf(scope: Construct, choice: NodeStorageChoice, { groups }: MountingNodes): string[] | 'unknown' {
  const { main } = portsOf(choice.kind);
  const doors = doorsOf(scope, choice);
  const closed = groups === undefined ? [] : doors.flatMap(door => {
    const { SecurityGroups: ofTarget, SecurityGroupIds: ofFileSystem } = renderedProperties(door) ?? {};
    return closedAt(door, ofTarget ?? ofFileSystem, groups, main);
  });
  if (closed.length > 0) { return closed; }
  const given = groupsOf(choice);
  if (given.length === 0) { return doors.length === 0 ? 'unknown' : []; }
  const isOfApp = (group: ec2.ISecurityGroup) => GROUP_TYPES.includes(resourceBehind(group.securityGroupId)?.cfnResourceType ?? '');
  return given.some(group => isOfApp(group) || hasRule(scope, group, main)) ? [] : 'unknown';
}

/** Whether the app has a rule by which a security group that isn't of the app lets something in at a port. */
function hasRule(scope: Construct, group: ec2.ISecurityGroup, port: number): boolean {
  return resourcesOfType(scope, 'AWS::EC2::SecurityGroupIngress').some(resource => {
    const { GroupId: id, FromPort: from, ToPort: to } = renderedProperties(resource) ?? {};
    const isIt = !isConcrete(group.securityGroupId) || id === group.securityGroupId;
    return isIt && !(Number(from) > port) && !(Number(to) < port);
  });
}

/** The resources of the app with which a file system is reached: mount targets, or itself. */
function doorsOf(scope: Construct, choice: NodeStorageChoice): CfnResource[] {
  if (choice.kind === 'efs' || choice.kind === 'efsHomes') { return mountTargetsOf(scope, choice); }
  const name = choice.kind === 'lustre' ? choice.fileSystem.fileSystemId : choice.dnsName;
  return resourcesIn(name).filter(({ cfnResourceType: type }) => type === 'AWS::FSx::FileSystem');
}

function mountTargetsOf(scope: Construct, { fileSystem }: ChoiceOf<'efs' | 'efsHomes'>): CfnResource[] {
  const id = fileSystem.fileSystemRef.fileSystemId;
  const resource = resourceBehind(id);
  const mark = resource ? markOf(resource) : id;
  return resourcesOfType(scope, 'AWS::EFS::MountTarget').filter(target => renderedProperties(target)?.FileSystemId === mark);
}

function adviseZones(scope: Construct, choice: NodeStorageChoice, path: string, { vpc, subnets }: MountingNodes): void {
  const zones = subnets.map(zoneOf);
  if (!zones.every((zone): zone is string => isConcrete(zone))) { return; }
  const isEfs = choice.kind === 'efs' || choice.kind === 'efsHomes';
  const doors = doorsOf(scope, choice).map(door => renderedProperties(door) ?? {});
  const ids = doors.flatMap(({ SubnetId: ofTarget, SubnetIds: ofFileSystem }) => ofTarget ?? ofFileSystem);
  if (ids.length === 0 || (!isEfs && ids.length > 1)) { return; } // a file system of two zones is in both
  const known = zonesOfSubnets(scope, vpc);
  const found = ids.map(id => (typeof id === 'string' ? known.get(id) : undefined));
  if (!found.every(isConcrete)) { return; }
  const others = [...new Set(zones.filter(zone => !found.includes(zone)))];
  if (others.length === 0) { return; }
  const rule = isEfs ? RULES.storageNoMountTarget : RULES.storageOtherZone;
  warn(scope, rule, { property: 'storage', got: { [path]: [...new Set(found)], nodes: others } });
}

/** The zones of subnets, by their ids as they are rendered: those of a VPC, and those of the app. */
function zonesOfSubnets(scope: IConstruct, vpc: ec2.IVpc): Map<string, string | undefined> {
  const ofApp = resourcesOfType(scope, 'AWS::EC2::Subnet')
    .map(subnet => [markOf(subnet), renderedProperties(subnet)?.AvailabilityZone] as const);
  const ofVpc = [...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets]
    .map(subnet => [subnet.subnetId, zoneOf(subnet)] as const);
  return new Map([...ofVpc, ...ofApp].map(([id, zone]) => [id, typeof zone === 'string' && !isMark(zone) ? zone : undefined]));
}
