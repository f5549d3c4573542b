import { CfnResource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks';
import type { Construct } from 'constructs';
import { isConcrete, warn, type Problems } from '../../../private/problems';
import type { EksOrchestratorOptions } from '../../clusters/vocabulary/orchestrator';
import { RULES } from '../rules';

/** The mode of an EKS cluster that is made without one. */
const DEFAULT_MODE = 'CONFIG_MAP';

/** Refuses an EKS cluster of this app that nodes can't join. */
export function checkEksCluster(problems: Problems, cluster: eks.IClusterRef): void {
  const mode = authenticationModeOf(cluster);
  if (isConcrete(mode) && mode === DEFAULT_MODE) {
    problems.add(RULES.eksAuthenticationMode, { property: 'orchestrator', got: mode });
  }
}

/** Advice on an EKS cluster of this app. One that exists may have the chart already. */
export function adviseEksCluster(scope: Construct, cluster: eks.IClusterRef, options: EksOrchestratorOptions): void {
  const isNew = cluster instanceof eks.Cluster || resourceOf(cluster) !== undefined;
  if (isNew && !options.dependencies?.length) { warn(scope, RULES.eksDependenciesMissing, { property: 'orchestrator' }); }
}

/** The security group of the control plane, where it is known. */
export function controlPlaneGroupOf(cluster: eks.IClusterRef, options: EksOrchestratorOptions): string | undefined {
  if (options.clusterSecurityGroup) { return options.clusterSecurityGroup.securityGroupId; }
  if (cluster instanceof eks.CfnCluster) { return cluster.attrClusterSecurityGroupId; }
  try {
    return (cluster as { readonly clusterSecurityGroup?: ec2.ISecurityGroup }).clusterSecurityGroup?.securityGroupId;
  } catch {
    // Clusters that were imported without their security group throw.
    return undefined;
  }
}

/** The mode of an EKS cluster that this app makes, or undefined where it isn't known. */
function authenticationModeOf(cluster: eks.IClusterRef): string | undefined {
  if (cluster instanceof eks.Cluster) { return cluster.authenticationMode ?? DEFAULT_MODE; }
  const access = resourceOf(cluster)?.accessConfig;
  if (access === undefined) { return resourceOf(cluster) && DEFAULT_MODE; }
  return 'authenticationMode' in access ? access.authenticationMode ?? DEFAULT_MODE : undefined;
}

function resourceOf(cluster: eks.IClusterRef): eks.CfnCluster | undefined {
  const candidate = CfnResource.isCfnResource(cluster) ? cluster : cluster.node.defaultChild;
  return candidate instanceof eks.CfnCluster ? candidate : undefined;
}
