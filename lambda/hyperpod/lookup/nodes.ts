import { NODE_FIELDS, NODES_FIELDS, nodeSeparator, type NodeField, type NodesField } from '../../../src/private/contracts/hyperpod-lookup';
import type { ClusterNode } from '../../clients/hyperpod-reader';
import { HandlerError } from '../../shared/errors';
import { knownField } from '../../shared/fields';
import { plain } from '../../shared/plain';

/** What the fields may take of an answer. CloudFormation takes 4096 bytes with the frame, in which the id of the stack may be long. */
const ANSWER_BYTES = 3_000;

/** How each field is read from a node. What the service leaves out is an empty text. */
const FIELDS: Record<NodeField, (node: ClusterNode) => string> = {
  CurrentImageReleaseVersion: node => plain(node.CurrentImageReleaseVersion),
  ImageVersionStatus: node => plain(node.ImageVersionStatus),
  InstanceGroupName: node => plain(node.InstanceGroupName),
  InstanceId: node => plain(node.InstanceId),
  InstanceStatus: node => plain(node.InstanceStatus?.Status),
  InstanceStatusMessage: node => plain(node.InstanceStatus?.Message).replace(/\s+/g, ' '),
  InstanceType: node => plain(node.InstanceType),
  LastSoftwareUpdateTime: node => instant(node.LastSoftwareUpdateTime),
  LaunchTime: node => instant(node.LaunchTime),
  NodeLogicalId: node => plain(node.NodeLogicalId),
  PrivateDnsHostname: node => plain(node.PrivateDnsHostname),
  UltraServerId: node => plain(node.UltraServerInfo?.Id),
  UltraServerType: node => plain(node.UltraServerInfo?.Type),
};

/** Refuses what isn't a field of a look-up of nodes. */
export function known(field: string): NodesField {
  return knownField(field, NODES_FIELDS);
}

/** Refuses what isn't known of a node. */
export function knownOfNode(field: string): NodeField {
  return knownField(field, NODE_FIELDS);
}

const ORDER = ['InstanceGroupName', 'LaunchTime', 'NodeLogicalId', 'InstanceId'] as const;

/** By group, then by age, so that nodes that come later don't move others; nodes of one moment by their ids. */
export function inOrder(nodes: readonly ClusterNode[]): ClusterNode[] {
  const key = (node: ClusterNode) => ORDER.map(field => FIELDS[field](node)).join('\0');
  return nodes.map(node => ({ node, key: key(node) })).sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ node }) => node);
}

/** The wanted fields, as attributes of a custom resource: the values of all nodes in their order. */
export function selectFields(nodes: readonly ClusterNode[], wanted: readonly string[]): Record<string, string> {
  const data = Object.fromEntries(wanted.map(known).map(field => [
    field, field === 'Count' ? String(nodes.length) : nodes.map(FIELDS[field]).join(nodeSeparator(field)),
  ]));
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > ANSWER_BYTES) {
    throw new HandlerError('TooManyNodes', `there are ${nodes.length}, which make ${bytes} bytes of ${wanted.join(', ')}; an answer has room for `
      + `${ANSWER_BYTES}: use fewer attributes, look up one instance group, or have the list written to a parameter or an object by \`output\``);
  }
  return data;
}

/** The list as JSON: what the service says of each node, in its words, without what it leaves out. */
export function document(nodes: readonly ClusterNode[], fields: readonly NodeField[]): string {
  return JSON.stringify(nodes.map(node => Object.fromEntries(fields.map(field => [field, FIELDS[field](node)]).filter(([, value]) => value !== ''))));
}

/** ISO 8601 in UTC, in whole seconds. */
function instant(value: Date | undefined): string {
  return plain(value).replace(/\.\d+Z$/, 'Z');
}
