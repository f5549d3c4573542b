import { Aspects, CfnResource, Stack, Stage, type IAspect } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { ReferenceGraph } from './reference-graph';
import { readAgain } from './rendered';

/** What nodes need while they start and while they end. */
export interface NodeNeeds {
  readonly vpc?: ec2.IVpc;
  readonly subnets: ec2.ISubnet[];
  readonly securityGroups: ec2.ISecurityGroup[];
  readonly roles: iam.IRole[];
  /** The names of buckets from which nodes take their scripts. */
  readonly buckets?: string[];
  /** What identifies the file systems that nodes mount: ids, or DNS names. */
  readonly fileSystems?: string[];
  /** A resource of the app that the nodes come after anyway. */
  readonly owner?: CfnResource;
}

/** A resource that has nodes. */
interface Entry {
  readonly resource: CfnResource;
  readonly needs: () => NodeNeeds;
  readonly tellCircle: (policy: CfnResource) => void;
}

const POLICIES: ReadonlySet<string> = new Set(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']);
const RULES: ReadonlySet<string> = new Set(['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress']);
const KINDS: ReadonlySet<string> = new Set([
  ...POLICIES, ...RULES, 'AWS::EC2::Route', 'AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::VPCEndpoint', 'AWS::EFS::MountTarget',
  'AWS::FSx::DataRepositoryAssociation', 'AWS::FSx::Volume', 'AWS::S3::BucketPolicy', 'Custom::CDKBucketDeployment',
]);

const ENTRIES = new WeakMap<IConstruct, Entry[]>();

/**
 * Makes CloudFormation create what nodes need before a resource that has nodes, and delete it after: rules and mount targets that
 * concern their security groups, policies of their roles, routes of their subnets, endpoints of their VPC, what fills the buckets of their
 * scripts and the policies of these, mount targets and volumes of the file systems that they mount. What needs that resource itself is
 * left out, since that would be a circle.
 *
 * All of that can be added after the nodes, so the order is settled when the app is synthesized.
 *
 * @param resource The resource that has nodes.
 * @param needs What they need.
 * @param tellCircle Told of each policy that has to come after the nodes.
 */
export function orderNodes(resource: CfnResource, needs: () => NodeNeeds, tellCircle: (policy: CfnResource) => void): void {
  const root = Stage.of(resource) ?? resource.node.root;
  const entries = ENTRIES.get(root) ?? [];
  entries.push({ resource, needs, tellCircle });
  if (entries.length > 1) { return; }
  ENTRIES.set(root, entries);
  Aspects.of(root).add(new Order(root, entries));
}

class Order implements IAspect {
  constructor(private readonly root: IConstruct, private readonly entries: readonly Entry[]) {}

  public visit(node: IConstruct): void {
    if (node !== this.root) { return; }
    readAgain(this.root);
    const graph = new ReferenceGraph();
    const resources = this.root.node.findAll().filter(CfnResource.isCfnResource);
    const needed = new Needed(graph, resources.filter(({ cfnResourceType: type }) => KINDS.has(type)));
    /** Policies of other stacks come last: each stack with nodes of a role has one, and the rest gives stacks their order. */
    const last: [Entry, CfnResource[]][] = [];
    for (const entry of this.entries) {
      const { resource, needs } = entry;
      const asked = needs();
      const told = allTold(resource, asked.owner);
      const open = needed.by(resource, asked).filter(earlier => !told.has(earlier));
      const isLast = (earlier: CfnResource) => POLICIES.has(earlier.cfnResourceType) && Stack.of(earlier) !== Stack.of(resource);
      if (open.some(isLast)) { last.push([entry, open.filter(isLast)]); }
      order(graph, entry, open.filter(earlier => !isLast(earlier)));
    }
    for (const [entry, policies] of last) { order(graph, entry, policies.filter(policy => graph.canPrecede(policy, entry.resource))); }
  }
}

/** Puts resources before one with nodes, but for those that need it. */
function order(graph: ReferenceGraph, { resource, tellCircle }: Entry, open: readonly CfnResource[]): void {
  if (open.length === 0) { return; } // most nodes were told what they wait for: reading the graph would take longer than all else
  const before = graph.allBefore(resource);
  for (const earlier of open) {
    if (before.has(earlier)) { continue; }
    if (graph.leads(earlier, resource)) {
      if (POLICIES.has(earlier.cfnResourceType)) { tellCircle(earlier); }
    } else {
      graph.add(resource, earlier);
    }
  }
}

/** All that some resources wait for as they were told, whatever they refer to besides. */
function allTold(...resources: (CfnResource | undefined)[]): ReadonlySet<CfnResource> {
  const found = new Set<CfnResource>();
  const open = resources.flatMap(resource => resource?.obtainDependencies() ?? []);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next as CfnResource)) { continue; }
    found.add(next as CfnResource);
    if (CfnResource.isCfnResource(next)) { open.push(...next.obtainDependencies()); }
  }
  return found;
}

/** The resources that nodes need. Most groups of a cluster have the same needs, for which the app is searched once. */
class Needed {
  private readonly known = new Map<string, CfnResource[]>();

  constructor(private readonly graph: ReferenceGraph, private readonly resources: readonly CfnResource[]) {}

  /** What the nodes of a resource need, in the order in which it was made. */
  public by(user: CfnResource, { vpc, subnets, securityGroups, roles, buckets, fileSystems }: NodeNeeds): CfnResource[] {
    const needs = [
      securityGroups.map(group => group.securityGroupId),
      roles.map(role => role.roleName),
      subnets.map(subnet => subnet.subnetId),
      vpc?.vpcId ?? [],
      buckets ?? [],
      fileSystems ?? [],
    ];
    // Tokens of one value are one text, and what they lead to depends on the stack that asks.
    const key = JSON.stringify([Stack.of(user).node.addr, ...needs]);
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.find(user, needs);
      this.known.set(key, found);
    }
    return found;
  }

  private find(user: CfnResource, needs: readonly unknown[]): CfnResource[] {
    const [groups, roles, subnets, vpc, buckets, fileSystems] = needs.map(value => new Set(flatten(this.graph.nameIn(user, value))));
    const storage = this.graph.targetsOf(user, needs[5]);
    const properties = this.resources.map(resource => [resource, this.graph.propertiesOf(resource)] as const);
    const has = (values: ReadonlySet<string>, ...given: unknown[]) => given.some(value => flatten(value).some(name => values.has(name)));
    const tables = new Set<string>();
    /** The groups of file systems and other services that let the nodes in. */
    const peers = new Set(groups);
    for (const [{ cfnResourceType: type }, { RouteTableId, SubnetId, GroupId, SourceSecurityGroupId }] of properties) {
      if (type === 'AWS::EC2::SubnetRouteTableAssociation' && has(subnets, SubnetId)) { flatten(RouteTableId).forEach(table => tables.add(table)); }
      if (type === 'AWS::EC2::SecurityGroupIngress' && has(groups, SourceSecurityGroupId)) { flatten(GroupId).forEach(group => peers.add(group)); }
    }
    return properties.filter(([resource, found]) => {
      const { cfnResourceType: type } = resource;
      if (POLICIES.has(type)) { return has(roles, found.Roles, found.RoleName); }
      if (RULES.has(type)) { return has(groups, found.GroupId, found.SourceSecurityGroupId, found.DestinationSecurityGroupId); }
      switch (type) {
        case 'AWS::EC2::Route': return has(tables, found.RouteTableId);
        case 'AWS::EC2::SubnetRouteTableAssociation': return has(subnets, found.SubnetId);
        case 'AWS::EC2::VPCEndpoint': return has(vpc, found.VpcId);
        case 'AWS::S3::BucketPolicy': return has(buckets, found.Bucket);
        case 'Custom::CDKBucketDeployment': return has(buckets, found.DestinationBucketName);
        case 'AWS::EFS::MountTarget':
          return has(peers, found.SecurityGroups) || has(fileSystems, found.FileSystemId) || this.isPartOf(storage, resource);
        case 'AWS::FSx::DataRepositoryAssociation':
        case 'AWS::FSx::Volume': return has(fileSystems, found.FileSystemId) || this.isPartOf(storage, resource);
        default: return has(peers, found.SecurityGroups) || has(fileSystems, found.FileSystemId);
      }
    }).map(([resource]) => resource).filter(resource => this.graph.canPrecede(resource, user));
  }

  /** Whether a resource refers to some others, directly or by what it refers to: a volume may be in another one. */
  private isPartOf(others: readonly CfnResource[], resource: CfnResource): boolean {
    return others.length > 0 && others.some(other => other !== resource && this.graph.leads(resource, other));
  }
}

/** All texts in a value. */
function flatten(value: unknown): string[] {
  if (typeof value === 'string') { return [value]; }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(flatten) : [];
}
