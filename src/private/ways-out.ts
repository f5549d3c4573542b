import type { CfnResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { resourceBehind } from './places';
import { markOf, renderedProperties, resourcesOfType, type Rendered } from './rendered';

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

function isMark(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('{reference to ');
}
