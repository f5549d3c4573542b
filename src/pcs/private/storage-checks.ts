import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MAX_SCRIPTS } from './lifecycle';
import { RULES } from './rules';
import { isReadOnly, mountNameOf, normalize, pathOf, type ChoiceOf } from './storage';
import { checkForm, checkForms } from '../../private/forms';
import { areApart } from '../../private/places';
import { isConcrete, warn, type Problems } from '../../private/problems';
import type { DirectoryUsers } from '../vocabulary/directory-users';
import type { NodeLifecycleActions } from '../vocabulary/lifecycle-actions';
import type { NodeStorage } from '../vocabulary/node-storage';

/** Directories of the system and of the agent of AWS PCS. A mount hides what is in them. */
const SYSTEM_PATHS: ReadonlySet<string> = new Set([
  '/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/opt', '/proc', '/root', '/run', '/sbin', '/sys', '/tmp', '/usr', '/var', '/var/lib',
  '/var/log', '/etc/amazon', '/etc/amazon/pcs', '/opt/aws', '/opt/aws/pcs', '/var/log/amazon', '/var/log/amazon/pcs',
]);

/** Checks file systems before anything is created. */
export function checkStorage(problems: Problems, scope: Construct, storage: readonly NodeStorage[]): void {
  storage.forEach(({ _choice: choice }, index) => {
    const property = `storage[${index}]`;
    const path = pathOf(choice);
    checkForm(problems, RULES.storageMountPath, `${property}.mountPath`, path);
    if (isConcrete(path) && SYSTEM_PATHS.has(path)) {
      warn(scope, RULES.storageSystemPath, { property: `${property}.mountPath`, got: path });
    }
    checkForm(problems, RULES.storageDirectoryMode, `${property}.directoryMode`, choice.directoryMode);
    if (choice.directoryMode !== undefined && isReadOnly(choice)) {
      problems.add(RULES.storageModeReadOnly, { property: `${property}.directoryMode`, got: choice.directoryMode });
    }
    checkForms(problems, RULES.storageMountOption, `${property}.mountOptions`, choice.mountOptions);
    switch (choice.kind) {
      case 'efs':
      case 'efsHomes': return checkEfs(problems, scope, property, choice);
      case 'lustre': return checkLustre(problems, property, choice);
      case 'openZfs': return checkVolume(problems, property, choice.dnsName, 'volumePath', choice.volumePath);
      case 'ontap': return checkVolume(problems, property, choice.dnsName, 'junctionPath', choice.junctionPath);
    }
  });
}

function checkEfs(problems: Problems, scope: Construct, property: string, choice: ChoiceOf<'efs' | 'efsHomes'>): void {
  const accessPoint = choice.kind === 'efs' ? choice.accessPoint : undefined;
  if (choice.encryptionInTransit === false && (choice.iamAuthorization === true || accessPoint)) {
    problems.add(RULES.storageUnencrypted, { property: `${property}.encryptionInTransit`, got: false });
  }
  if (areApart(choice.fileSystem.env, Stack.of(scope))) {
    warn(scope, RULES.storageElsewhere, { property, got: choice.fileSystem.env });
  }
}

function checkLustre(problems: Problems, property: string, choice: ChoiceOf<'lustre'>): void {
  const mountName = mountNameOf(choice);
  if (mountName === undefined) { problems.add(RULES.storageMountNameMissing, { property: `${property}.mountName` }); }
  checkForm(problems, RULES.storageMountName, `${property}.mountName`, mountName);
}

function checkVolume(problems: Problems, property: string, dnsName: string, name: string, path: string | undefined): void {
  checkForm(problems, RULES.storageDnsName, `${property}.dnsName`, dnsName);
  checkForm(problems, RULES.storageVolumePath, `${property}.${name}`, path);
}

/**
 * Refuses file systems that are mounted at one path, and more scripts than a stage may have. Scripts of AWS that mount something count,
 * where they are given as lifecycle actions, and so does the one that sets up users.
 *
 * @param own The file systems of the node group, whose properties are told.
 * @param shared Those of the cluster.
 * @param users Where the users of the nodes come from, be that the choice of the group or of the cluster.
 */
export function checkMounts(
  problems: Problems, own: readonly NodeStorage[], shared: readonly NodeStorage[], users?: DirectoryUsers, actions?: NodeLifecycleActions,
): void {
  const taken = new Set(shared.map(({ _choice: choice }) => pathOf(choice)));
  const claim = (property: string, path: string) => {
    if (isConcrete(path) && taken.has(path)) { problems.add(RULES.storagePathTwice, { property, got: path }); }
    taken.add(path);
  };
  own.forEach(({ _choice: choice }, index) => claim(`storage[${index}].mountPath`, pathOf(choice)));
  for (const stage of ['nodeBootstrapped', 'nodeReady'] as const) {
    actions?.[stage]?.forEach(({ source: { _choice: choice } }, index) => {
      if (choice.kind === 'repository' && choice.mountPath !== undefined) {
        claim(`lifecycleActions.${stage}[${index}]`, normalize(choice.mountPath));
      }
    });
  }
  const scripts = actions?.nodeBootstrapped?.length ?? 0;
  const mounts = [...own, ...shared].reduce((sum, { _choice: { directoryMode } }) => sum + (directoryMode === undefined ? 1 : 2), 0);
  const ofUsers = users ? { users: 1 } : undefined;
  if (scripts <= MAX_SCRIPTS && mounts + (ofUsers?.users ?? 0) + scripts > MAX_SCRIPTS) {
    problems.add(RULES.lifecycleScriptCount, { property: mounts > 0 ? 'storage' : 'users', got: { mounts, ...ofUsers, scripts } });
  }
}
