/** The scripts that AWS maintains for lifecycle actions: https://docs.aws.amazon.com/pcs/latest/userguide/cng-node-lifecycle-actions-vetted-scripts.html */
export type MaintainedScriptName =
  'configure-cloudwatch-logs' | 'configure-efs-homes' | 'configure-ldaps' | 'mount-efs' | 'mount-fsx-lustre';

/** The names of these scripts, without their versions. */
export const MAINTAINED_SCRIPTS: readonly MaintainedScriptName[] = [
  'configure-cloudwatch-logs', 'configure-efs-homes', 'configure-ldaps', 'mount-efs', 'mount-fsx-lustre',
];

/** The options with which these scripts mount file systems, where they are told none. */
export const EFS_MOUNT_OPTIONS = ['tls', 'iam'] as const;
export const LUSTRE_MOUNT_OPTIONS = ['noatime', 'flock'] as const;

/** The options of NFS with which AWS mounts file systems of FSx for OpenZFS and for ONTAP. */
export const NFS_MOUNT_OPTIONS = ['nfsvers=4.1', 'rsize=1048576', 'wsize=1048576', 'hard', 'timeo=600', 'retrans=2', 'noresvport', '_netdev'] as const;
