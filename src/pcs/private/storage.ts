import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as fsx from 'aws-cdk-lib/aws-fsx';
import type { Construct } from 'constructs';
import { isConcrete } from '../../private/problems';
import type { NodeStorage, NodeStorageChoice } from '../vocabulary/node-storage';

/** What nodes mount, of some kinds. */
export type ChoiceOf<K extends NodeStorageChoice['kind']> = Extract<NodeStorageChoice, { readonly kind: K }>;

/** The path at which a file system is mounted, in one spelling of it. */
export function pathOf(choice: NodeStorageChoice): string {
  return normalize(choice.kind === 'efsHomes' ? choice.mountPath ?? '/home' : choice.mountPath);
}

/** A path in one spelling: without a slash behind, and with one slash between its parts. */
export function normalize(path: string): string {
  return isConcrete(path) ? path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1') : path;
}

/** Whether nodes mount a file system for reading only: the last of `ro` and `rw` holds. Options that aren't known may be either. */
export function isReadOnly({ readOnly, mountOptions }: NodeStorageChoice): boolean {
  if (readOnly || !mountOptions) { return readOnly ?? false; }
  if (!isConcrete(mountOptions) || !mountOptions.every(isConcrete)) { return false; }
  return mountOptions.flatMap(option => option.split(',')).filter(option => option === 'ro' || option === 'rw').at(-1) === 'ro';
}

/** What `fsx.LustreFileSystem` has besides what its interface says. */
type Lustre = fsx.IFileSystem & Partial<Pick<fsx.LustreFileSystem, 'dnsName' | 'mountName'>>;

/** The mount name of a file system of Lustre, where it is known. */
export function mountNameOf({ fileSystem, mountName }: ChoiceOf<'lustre'>): string | undefined {
  return mountName ?? (fileSystem as Lustre).mountName;
}

/** The DNS name of a file system of Lustre. */
export function dnsNameOf(scope: Construct, fileSystem: Lustre): string {
  const { region, urlSuffix } = Stack.of(scope);
  return fileSystem.dnsName ?? `${fileSystem.fileSystemId}.fsx.${region}.${urlSuffix}`;
}

/** What identifies the file systems: their ids, or their names, which hold the ids. */
export function fileSystemsOf(storage: readonly NodeStorage[]): string[] {
  return storage.map(({ _choice: choice }) => {
    switch (choice.kind) {
      case 'efs':
      case 'efsHomes': return choice.fileSystem.fileSystemRef.fileSystemId;
      case 'lustre': return choice.fileSystem.fileSystemId;
      case 'openZfs':
      case 'ontap': return choice.dnsName;
    }
  });
}

/** The security groups of a file system, as far as it says. */
export function groupsOf(choice: NodeStorageChoice): ec2.ISecurityGroup[] {
  if (choice.kind === 'openZfs' || choice.kind === 'ontap') { return choice.securityGroups ?? []; }
  return (choice.fileSystem as Partial<ec2.IConnectable>).connections?.securityGroups ?? [];
}
