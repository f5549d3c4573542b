import { Aspects, CfnResource, Stack, Stage, type IAspect } from 'aws-cdk-lib';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { IConstruct } from 'constructs';
import { RULES } from './rules';
import { resourcesIn } from '../../private/places';
import { fail, type Finding } from '../../private/problems';
import { ReferenceGraph, topStackOf } from '../../private/reference-graph';

const OWNERS = new WeakMap<IConstruct, IConstruct[]>();

/**
 * Tells which line ends it where a resource of a construct makes two stacks wait for each other, before aws-cdk-lib finds the circle, which
 * names the references and not what made them. Grants and rules can be added after the construct, so this is seen when the app is complete.
 */
export function explainCircles(owner: IConstruct): void {
  const root = Stage.of(owner) ?? owner.node.root;
  const owners = OWNERS.get(root) ?? [];
  owners.push(owner);
  if (owners.length > 1) { return; }
  OWNERS.set(root, owners);
  Aspects.of(root).add(new Circles(root, owners));
}

class Circles implements IAspect {
  constructor(private readonly root: IConstruct, private readonly owners: readonly IConstruct[]) {}

  public visit(node: IConstruct): void {
    if (node !== this.root || this.root.node.findAll().filter(Stack.isStack).length < 2) { return; }
    const graph = new ReferenceGraph();
    for (const resource of new Set(this.owners.flatMap(owner => owner.node.findAll()).filter(CfnResource.isCfnResource))) {
      const stack = topStackOf(resource);
      const others = new Set(graph.read(resource).map(topStackOf).filter(other => other !== stack && Stage.of(other) === Stage.of(stack)));
      const other = [...others].find(needed => graph.stackLeads(needed, stack));
      if (other) { fail(resource, RULES.stackCircle, explain(resource, stack, other)); }
    }
  }
}

function explain({ cfnResourceType: type, node: { path: resource } }: CfnResource, stack: Stack, other: Stack): Finding {
  const got = { resource, refersTo: other.node.path, whichWaitsFor: stack.node.path };
  if (/^AWS::IAM::/.test(type)) {
    return {
      property: 'grantPrincipal',
      got,
      fix: `make the node group beside what is granted, where its role is made, too: \`new pcs.ComputeNodeGroup(${nameOf(other)}, "Nodes", { cluster, … })\``,
    };
  }
  if (/^AWS::EC2::SecurityGroup/.test(type)) {
    return {
      property: 'connections',
      got,
      fix: 'make the rule at the other end: `peer.connections.allowTo(cluster, port)` for `cluster.connections.allowFrom(peer, port)`, and the other way round',
    };
  }
  return { property: 'scope', got };
}

/** Whether a node group is made in a stack that waits for the one of a queue, by the cluster that both belong to. */
export function waitsForQueue(group: pcs.IComputeNodeGroupRef, cluster: pcs.IClusterRef, queue: IConstruct): boolean {
  const stack = Stack.of(queue);
  const [made] = resourcesIn(group.computeNodeGroupRef.computeNodeGroupArn);
  const isBeside = resourcesIn(cluster.clusterRef.clusterArn).some(resource => Stack.of(resource) === stack);
  return made !== undefined && isBeside && Stack.of(made) !== stack && !isNestedIn(made, stack);
}

/** Whether a construct is in a stack that is nested in another. */
function isNestedIn(construct: IConstruct, stack: Stack): boolean {
  let at: Stack | undefined = Stack.of(construct).nestedStackParent;
  while (at && at !== stack) { at = at.nestedStackParent; }
  return at !== undefined;
}

/** The line that makes a queue beside a node group. */
export function queueBeside(group: IConstruct): string {
  return `make the queue in the stack of the node group: \`new pcs.Queue(${nameOf(Stack.of(group))}, "Queue", { cluster, computeNodeGroups: [nodes] })\``;
}

/** The name that a stack may have in a program. */
function nameOf({ node: { id } }: Stack): string {
  return id.charAt(0).toLowerCase() + id.slice(1).replace(/\W/g, '');
}
