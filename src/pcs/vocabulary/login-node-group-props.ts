import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as pcs from 'aws-cdk-lib/aws-pcs';
import type { CommonNodeGroupOptions } from './compute-node-group-props';
import type { LoginAccess } from './login-access';

/** A Network Load Balancer in front of login nodes. Nobody may call it until its `connections` are opened. */
export interface LoginLoadBalancerOptions {
  /**
   * Whether it has public addresses. A change replaces it, and its name.
   *
   * @default false
   */
  readonly internetFacing?: boolean;

  /**
   * The subnets of the load balancer, one in each zone of the nodes.
   *
   * @default - public subnets if it is internet-facing, else private ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The port that people connect to. Nodes are connected to at port 22.
   *
   * @default 22
   */
  readonly port?: number;

  /**
   * The customer-managed key of the bucket that `cdk bootstrap` made, if it has one. Nodes take the script that registers them from that
   * bucket, and are allowed to decrypt with the key.
   *
   * @default - none
   */
  readonly scriptEncryptionKey?: kms.IKeyRef;
}

/** What a group of login nodes is like. */
export interface LoginNodeGroupOptions extends CommonNodeGroupOptions {
  /** The instance type. A change replaces the group, and ends all sessions. */
  readonly instanceType: ec2.InstanceType;

  /**
   * How many login nodes there are, always: 1 or more. They are paid for On-Demand, and count among the nodes of the cluster's size.
   * Changed in place; nodes that go end their sessions.
   *
   * @default 1
   */
  readonly count?: number;

  /**
   * How people get onto the nodes. None but an empty list is needed where `connections` are opened for SSH.
   *
   * @default - [LoginAccess.sessionManager()]
   */
  readonly access?: LoginAccess[];

  /**
   * A Network Load Balancer, for one name by which people do SSH. Costs an hourly fee and a fee by traffic.
   *
   * AWS PCS registers no instances with it, so each node registers itself when it is ready, by a script of this library, which needs
   * the AWS CLI in the image. A node that is gone doesn't answer health checks, and gets no new sessions. Sessions on it end all the
   * same, and the next node has another host key, unless yours is on all of them.
   *
   * @default - none
   */
  readonly loadBalancer?: LoginLoadBalancerOptions;
}

/** Properties of a group of login nodes. */
export interface LoginNodeGroupProps extends LoginNodeGroupOptions {
  /** The cluster. A change replaces the group. */
  readonly cluster: pcs.IClusterRef;
}
