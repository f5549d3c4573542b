import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ExecutionRole } from './execution-role';
import type { ITrainingPlanRef } from '../../../training-plans/plan/vocabulary/training-plan-ref';
import type { IInstanceGroup } from '../../groups/vocabulary/instance-group';
import type { InstanceType } from '../../groups/vocabulary/instance-type';
import type { PartitionLayout } from '../../groups/vocabulary/partition-layout';

/** A file system that nodes mount. */
export interface MountedFileSystem {
  readonly dnsName: string;
  /** The port that it listens on. */
  readonly port: number;
}

/** What a cluster knows of one of its groups. */
export interface InstanceGroupEntry {
  readonly construct: Construct;
  readonly instanceGroupName: string;
  readonly instanceTypes: InstanceType[];
  readonly instanceCount: number;
  readonly flexible: boolean;
  /** Whether it has no role in Slurm. */
  readonly restricted?: boolean;
  readonly partitions?: PartitionLayout;
  readonly slurmNodeType?: string;
  /** Whether it mounts file systems of FSx. */
  readonly mounts?: boolean;
  readonly fileSystems?: MountedFileSystem[];
  /** Whether its instances run lifecycle scripts that do something. */
  readonly scripts?: boolean;
  /** The folder of the app that they are in. */
  readonly scriptFolder?: string;
  /** Where its nodes take addresses. Undefined without a VPC, or where it isn't known how many they take. */
  readonly subnets?: ec2.ISubnet[];
  /** The subnets, whatever is known of addresses. Undefined without a VPC, and while they are looked up. */
  readonly placement?: ec2.SelectedSubnets;
  readonly securityGroups: ec2.ISecurityGroup[];
  /** Whether subnets or security groups are those of the cluster. */
  readonly ownSubnets: boolean;
  readonly ownSecurityGroups: boolean;
  /** Whether the network interfaces of its nodes are EFA, where the type has it. */
  readonly efa: boolean;
  readonly plan?: ITrainingPlanRef;
}

/** An instance group of a cluster. It has no resource of its own: it is part of that of its cluster. */
export class InstanceGroup extends Construct implements IInstanceGroup {
  public readonly instanceGroupName: string;
  public readonly executionRole: iam.IRole;
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(
    scope: Construct, id: string, instanceGroupName: string,
    public readonly connections: ec2.Connections,
    makeRole: (group: InstanceGroup) => ExecutionRole,
  ) {
    super(scope, id);
    this.instanceGroupName = instanceGroupName;
    this.executionRole = makeRole(this).role;
    this.grantPrincipal = this.executionRole.grantPrincipal;
  }
}
