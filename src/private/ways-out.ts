import type { CfnResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { resourceBehind } from './places';
import { isMark, markOf, membersOf, renderedProperties, resourcesOfType, type Rendered } from './rendered';
import { GROUP_TYPES, SecurityRules } from './security-rules';

/** The types of resources that give a route table a way out of its VPC. */
const ROUTES = ['AWS::EC2::Route', 'AWS::EC2::VPNGatewayRoutePropagation'];

/**
 * The services that can't be reached from a subnet of the app: there is no route out of it, and its VPC has no endpoint of the service.
 * None, where one of the subnets or its route table isn't of the app. To be read when the app is complete.
 *
 * @param services the last parts of the names of endpoint services, such as `s3`
 */
export function unreachableFrom(scope: IConstruct, subnets: readonly ec2.ISubnet[], services: readonly string[]): string[] {
  const resources = subnets.map(subnet => resourceBehind(subnet.subnetId));
  const isSubnet = (resource?: CfnResource): resource is CfnResource => resource?.cfnResourceType === 'AWS::EC2::Subnet';
  if (!resources.every(isSubnet)) { return []; }
  const associations = propertiesOf(scope, 'AWS::EC2::SubnetRouteTableAssociation');
  const routes = propertiesOf(scope, ...ROUTES);
  const isClosed = (subnet: CfnResource) => {
    const tables = associations.filter(({ SubnetId: id }) => id === markOf(subnet)).map(({ RouteTableId: id }) => id);
    return tables.length > 0 && tables.every(table => isMark(table) && !routes.some(route => leadsFrom(route, table)));
  };
  const closed = resources.filter(isClosed);
  if (closed.length === 0) { return []; }
  const vpcs = new Set(closed.map(subnet => renderedProperties(subnet)?.VpcId));
  const endpoints = propertiesOf(scope, 'AWS::EC2::VPCEndpoint').filter(({ VpcId: vpc }) => vpcs.has(vpc) || !isMark(vpc)).map(({ ServiceName: name }) => name);
  return services.filter(service => !endpoints.some(name => isOf(service, name)));
}

/** The port of the services. */
const HTTPS = 443;

/** How `closedTo` tells of security groups that keep nodes in. */
export const NODES_EGRESS = 'egress of nodes';

/**
 * Which security groups keep nodes from a service: theirs, or those of the endpoint by which its name leads in the VPC. None, where the
 * rules aren't known. To be read when the app is complete.
 *
 * @param groups the security groups of the nodes
 * @param service the last part of the name of its endpoint service, such as `s3`
 */
export function closedTo(scope: IConstruct, vpc: ec2.IVpc, groups: readonly CfnResource[], service: string): string[] {
  const network = resourceBehind(vpc.vpcId);
  const mark = network && markOf(network);
  const all = resourcesOfType(scope, 'AWS::EC2::VPCEndpoint').filter(endpoint => {
    const { ServiceName: name, VpcEndpointType: type } = renderedProperties(endpoint) ?? {};
    return type === 'Interface' && isOf(service, name);
  });
  const endpoints = all.filter(endpoint => {
    const { VpcId: id, PrivateDnsEnabled: isNamed, DnsOptions: options } = renderedProperties(endpoint) ?? {};
    return id === (mark ?? vpc.vpcId) && isNamed !== false && membersOf(options).PrivateDnsOnlyForInboundResolverEndpoint !== 'OnlyInboundResolver';
  });
  if (endpoints.length === 0) {
    // One among the nodes may be theirs by its own name, or in a VPC that is known by another name.
    const marks: unknown[] = groups.map(markOf);
    const isAmong = (endpoint: CfnResource) => asList(renderedProperties(endpoint)?.SecurityGroupIds).some(id => marks.includes(id));
    return all.some(isAmong) || new SecurityRules(scope, groups).leadOut(HTTPS, groups) ? [] : [NODES_EGRESS];
  }
  // An endpoint that names no security groups has the default one of its VPC.
  const closed = endpoints.map(endpoint =>
    closedAt(endpoint, renderedProperties(endpoint)?.SecurityGroupIds ?? (mark && [mark]), groups, HTTPS));
  return closed.some(found => found.length === 0) ? [] : [...new Set(closed.flat())];
}

/** Which security groups keep nodes from a port of a resource with groups. None, where one of them isn't of the app. */
export function closedAt(resource: CfnResource, groupIds: unknown, nodes: readonly CfnResource[], port: number): string[] {
  const byMark = new Map(resourcesOfType(resource, ...GROUP_TYPES).map(group => [markOf(group), group]));
  const groups = Array.isArray(groupIds) ? groupIds.map(id => byMark.get(id)) : [];
  const areKnown = (list: (CfnResource | undefined)[]): list is CfnResource[] => list.length > 0 && !list.includes(undefined);
  if (!areKnown(groups)) { return []; }
  return new SecurityRules(resource, [...new Set([...nodes, ...groups])]).missingPort(port, nodes, groups)
    .map(direction => direction === 'egress' ? NODES_EGRESS : `ingress of ${resource.node.path}`);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function propertiesOf(scope: IConstruct, ...types: string[]): Record<string, Rendered>[] {
  return resourcesOfType(scope, ...types).map(resource => renderedProperties(resource) ?? {});
}

/** Whether a route, or what makes routes, is of a table. One that can't be read may be. */
function leadsFrom({ RouteTableId: one, RouteTableIds: several }: Record<string, Rendered>, table: unknown): boolean {
  const tables = Array.isArray(several) ? several : [several ?? one];
  return tables.some(id => id === table || !isMark(id));
}

/** Whether an endpoint is of a service, also of its variant for FIPS. One whose name can't be read may be. */
function isOf(service: string, name: unknown): boolean {
  return typeof name !== 'string' || name.endsWith(`.${service}`) || name.endsWith(`.${service}-fips`);
}
