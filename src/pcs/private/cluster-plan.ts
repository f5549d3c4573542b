import type { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { checkTraffic, srunPortRange } from './cluster-network';
import type { NodeGroupEntry } from './context';
import { checkUsers } from './directory-users';
import { checkNodeRole } from './node-identity';
import { RULES } from './rules';
import { allSettings, cgroupSettings, checkSettings, clusterSettings, slurmdbdSettings, type Named, type Settings } from './settings';
import { checkMounts, checkStorage } from './storage-checks';
import { checkForm } from '../../private/forms';
import { checkVpcOfSubnets, resourceBehind } from '../../private/places';
import { describe, isConcrete, Problems, warn } from '../../private/problems';
import { isEdgeZone, selectSubnets, zoneOf } from '../../private/subnets';
import type { Accounting } from '../vocabulary/accounting';
import type { ClusterProps } from '../vocabulary/cluster-props';
import type { ClusterSize } from '../vocabulary/cluster-size';
import { NetworkType } from '../vocabulary/network-type';
import { NodeRole, type NodeRoleChoice } from '../vocabulary/node-role';
import { SlurmRest } from '../vocabulary/slurm-rest';
import { SlurmTraffic, type TrafficChoice } from '../vocabulary/slurm-traffic';
import { SlurmVersion } from '../vocabulary/slurm-version';

/** The settings of a cluster, by the file that they go into. */
export interface ClusterSettings {
  readonly slurm: Settings;
  readonly slurmdbd: Settings;
  readonly cgroup: Settings;
}

/** What a cluster will be, worked out of its props before anything is created. */
export interface ClusterPlan {
  readonly problems: Problems;
  readonly subnets: ec2.SelectedSubnets;
  readonly traffic: TrafficChoice;
  /** Whether its network is one of IPv6. */
  readonly ipv6: boolean;
  /** Whether the service keeps what jobs used. */
  readonly accounting: boolean;
  /** Whether the cluster answers to the REST API of Slurm. */
  readonly rest: boolean;
  readonly nodeRole: NodeRoleChoice;
  readonly settings: ClusterSettings;
  /** The settings of Slurm under their names, with the kind of accounting that the service sets. */
  readonly slurmSettings: Named;
}

/** Works out a cluster and collects its problems. Creates nothing. */
export function planCluster(scope: Construct, props: ClusterProps): ClusterPlan {
  const problems = new Problems();
  const traffic = (props.traffic ?? SlurmTraffic.permissive())._choice;
  const nodeRole = (props.nodeRole ?? NodeRole.managed())._choice;
  const accounting = props.accounting?.value === 'STANDARD';
  const ofService = { AccountingStorageType: accounting ? 'accounting_storage/slurmdbd' : 'accounting_storage/none' };
  const settings = {
    slurm: clusterSettings(props.slurmSettings, impliedSettings(props.accounting, traffic)),
    slurmdbd: slurmdbdSettings(props.slurmdbdSettings),
    cgroup: cgroupSettings(props.cgroupSettings),
  };

  checkForm(problems, RULES.clusterName, 'clusterName', props.clusterName);
  checkIdleTime(problems, props.scaleDownIdleTime);
  checkRetention(problems, props.accounting);
  checkVersion(scope, problems, props);
  checkSettings(scope, problems, settings.slurm, props.schedulerVersion, ofService);
  checkSettings(scope, problems, settings.slurmdbd, props.schedulerVersion);
  checkSettings(scope, problems, settings.cgroup, props.schedulerVersion);
  if (!accounting && Object.values(allSettings(settings.slurmdbd)).some(value => value !== undefined)) {
    warn(scope, RULES.slurmdbdWithoutAccounting, { property: 'slurmdbdSettings' });
  }
  checkVpc(problems, props.vpc);
  checkTraffic(problems, traffic);
  if (props.traffic && props.securityGroups) { problems.add(RULES.trafficWithSecurityGroups, { property: 'traffic' }); }
  checkNodeRole(problems, scope, 'nodeRole', nodeRole, scope);
  checkStorage(problems, scope, props.storage ?? []);
  checkUsers(problems, scope, props.users);
  checkMounts(problems, props.storage ?? [], [], props.users);
  const subnets = selectSubnets(problems, RULES.clusterSubnetMissing, props.vpc, props.vpcSubnets);
  checkVpcOfSubnets(problems, RULES.otherVpc, props.vpc, subnets.subnets);
  checkZone(problems, subnets);
  return {
    problems,
    subnets,
    traffic,
    ipv6: props.networkType?.value === NetworkType.IPV6.value,
    accounting,
    rest: props.slurmRest !== undefined && props.slurmRest.value !== SlurmRest.NONE.value,
    nodeRole,
    settings,
    slurmSettings: { ...ofService, ...allSettings(settings.slurm) },
  };
}

/** Advice on a cluster that can be created. */
export function adviseCluster(scope: Construct, { securityGroups }: ClusterProps): void {
  if (isConcrete(securityGroups) && securityGroups.length === 0) { warn(scope, RULES.securityGroupsEmpty, { property: 'securityGroups' }); }
}

/** Refuses node groups that may have more nodes together than the size of their cluster allows. */
export function judgeNodes({ value: size, maxNodes: nodes }: ClusterSize, groups: readonly NodeGroupEntry[]): string[] {
  const sumOfMaxima = groups.map(group => group.maxInstances).filter(isConcrete).reduce((total, max) => total + max, 0);
  if (nodes === undefined || sumOfMaxima <= nodes) { return []; }
  return [describe(RULES.clusterNodesAboveSize, { property: 'size', got: { size, nodes, sumOfMaxima } })];
}

/** The settings of Slurm that other properties ask for. */
function impliedSettings(accounting: Accounting | undefined, traffic: TrafficChoice): Named {
  const enforcement = accounting?.enforcement ?? [];
  return {
    AccountingStorageEnforce: enforcement.length > 0 ? enforcement.map(value => value.value).join(',') : undefined,
    SrunPortRange: srunPortRange(traffic),
  };
}

function checkVersion(scope: Construct, problems: Problems, { schedulerVersion: version, slurmRest }: ClusterProps): void {
  if (version._endOfLife !== undefined) {
    warn(scope, RULES.slurmVersionEndOfLife, {
      property: 'schedulerVersion', got: { version: version.value, endOfLife: version._endOfLife },
    });
  }
  if (slurmRest !== undefined && slurmRest.value === SlurmRest.STANDARD.value && version._isOlderThan(SlurmVersion.V25_05)) {
    problems.add(RULES.slurmRestNeedsNewerSlurm, { property: 'slurmRest', got: version.value });
  }
}

/** Checks a VPC that is part of the app. */
function checkVpc(problems: Problems, vpc: ec2.IVpc): void {
  const resource = vpc.node.defaultChild;
  if (!(resource instanceof ec2.CfnVPC)) { return; }
  const { enableDnsSupport, enableDnsHostnames, instanceTenancy } = resource;
  if (enableDnsSupport === false || enableDnsHostnames === false || instanceTenancy === 'dedicated') {
    problems.add(RULES.vpcUnfit, { property: 'vpc', got: { enableDnsSupport, enableDnsHostnames, instanceTenancy } });
  }
}

/** Refuses a subnet that isn't in one of the Region's own zones. The cluster takes the first one. */
function checkZone(problems: Problems, { subnets: [subnet], isPendingLookup }: ec2.SelectedSubnets): void {
  if (subnet === undefined || isPendingLookup) { return; }
  const zone = zoneOf(subnet);
  const resource = resourceBehind(subnet.subnetId);
  const isOnOutpost = resource instanceof ec2.CfnSubnet && isConcrete(resource.outpostArn);
  if (isOnOutpost || (isConcrete(zone) && isEdgeZone(zone))) {
    problems.add(RULES.clusterZone, { property: 'vpcSubnets', got: isOnOutpost ? resource.outpostArn : zone });
  }
}

function checkIdleTime(problems: Problems, idleTime: Duration | undefined): void {
  if (idleTime === undefined || idleTime.isUnresolved()) { return; }
  const seconds = idleTime.toSeconds({ integral: false });
  if (!(Number.isInteger(seconds) && seconds >= 1)) {
    problems.add(RULES.idleTime, { property: 'scaleDownIdleTime', got: seconds });
  }
}

function checkRetention(problems: Problems, accounting: Accounting | undefined): void {
  const retention = accounting?.retention;
  if (retention === undefined || retention.isUnresolved()) { return; }
  const days = retention.toDays({ integral: false });
  if (!(Number.isInteger(days) && days >= 1 && days <= 10000)) {
    problems.add(RULES.accountingRetention, { property: 'accounting.retention', got: days });
  }
}
