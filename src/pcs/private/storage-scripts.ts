import { join } from 'node:path';
import { Fn, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LUSTRE_MOUNT_OPTIONS, NFS_MOUNT_OPTIONS } from './facts/maintained-scripts';
import { dnsNameOf, isReadOnly, mountNameOf, pathOf, type ChoiceOf } from './storage';
import { isConcrete } from '../../private/problems';
import {
  ScriptExecutionPolicy, ScriptSource, type NodeLifecycleActions, type NodeLifecycleScript, type RepositoryChoice,
} from '../vocabulary/lifecycle-actions';
import { MaintainedScript, type ScriptPermission } from '../vocabulary/maintained-script';
import type { NodeStorage, NodeStorageChoice } from '../vocabulary/node-storage';

/** The scripts of this library. */
const NODE_SCRIPTS = join(__dirname, '..', '..', '..', 'node-scripts');
const MOUNT_NFS = join(NODE_SCRIPTS, 'mount-nfs.sh');
const SET_DIRECTORY_MODE = join(NODE_SCRIPTS, 'set-directory-mode.sh');

const MAX_NAME_LENGTH = 64;

/**
 * Puts the scripts that mount file systems in front of those that nodes run besides, and those that forward logs before them. What is
 * mounted below something else comes after it.
 */
export function withMounts(
  scope: Construct, storage: readonly NodeStorage[], actions: NodeLifecycleActions | undefined,
): NodeLifecycleActions | undefined {
  if (storage.length === 0) { return actions; }
  const given = actions?.nodeBootstrapped ?? [];
  const taken = new Set(given.map(({ name }) => name));
  const mounts = [...storage].sort((one, other) => depthOf(one) - depthOf(other))
    .flatMap(({ _choice: choice }) => [
      mountScript(scope, choice, nameOf('mount', choice, taken)),
      ...choice.directoryMode === undefined ? [] : [modeScript(choice, choice.directoryMode, nameOf('mode', choice, taken))],
    ]);
  const logs = given.filter(forwardsLogs);
  return { ...actions, nodeBootstrapped: [...logs, ...mounts, ...given.filter(script => !logs.includes(script))] };
}

function depthOf({ _choice: choice }: NodeStorage): number {
  return pathOf(choice).split('/').length;
}

function forwardsLogs({ source: { _choice: choice } }: NodeLifecycleScript): boolean {
  return choice.kind === 'repository' && choice.fileName.startsWith('configure-cloudwatch-logs-');
}

/** A name that tells the path, and that no other script of the stage has. */
function nameOf(what: string, choice: NodeStorageChoice, taken: Set<string>): string {
  const path = pathOf(choice);
  const words = isConcrete(path) ? path.replace(/[^A-Za-z0-9_]+/g, '-').replace(/^-|-$/g, '') : 'storage';
  const stem = `${what}-${words}`;
  let name = stem.slice(0, MAX_NAME_LENGTH);
  for (let count = 2; taken.has(name); count++) { name = `${stem.slice(0, MAX_NAME_LENGTH - `-${count}`.length)}-${count}`; }
  taken.add(name);
  return name;
}

function mountScript(scope: Construct, choice: NodeStorageChoice, name: string): NodeLifecycleScript {
  const mountPoint = pathOf(choice);
  const further = [...choice.readOnly ? ['ro'] : [], ...choice.mountOptions?.length ? [joined(choice.mountOptions)] : []];
  const common = { name, onError: choice.onError };
  switch (choice.kind) {
    case 'efs':
    case 'efsHomes': {
      const options = [...efsOptions(choice), ...further];
      const call = { ...common, scriptVersion: choice.scriptVersion, fileSystem: choice.fileSystem, options };
      const script = choice.kind === 'efs'
        ? MaintainedScript.mountEfs({ ...call, mountPoint })
        : MaintainedScript.configureEfsHomes({ ...call, homeBase: mountPoint });
      const source = script.source._choice as RepositoryChoice;
      return { ...script, source: ScriptSource._ofRepository({ ...source, permission: efsPermission(choice) }) };
    }
    case 'lustre':
      return MaintainedScript.mountFsxLustre({
        ...common,
        scriptVersion: choice.scriptVersion,
        fsxDnsName: dnsNameOf(scope, choice.fileSystem),
        mountName: mountNameOf(choice)!,
        mountPoint,
        options: [...LUSTRE_MOUNT_OPTIONS, ...further],
      });
    case 'openZfs':
      return nfsScript(choice, common, choice.volumePath ?? '/fsx', further);
    case 'ontap':
      return nfsScript(choice, common, choice.junctionPath, further);
  }
}

function modeScript(choice: NodeStorageChoice, mode: string, name: string): NodeLifecycleScript {
  return {
    name,
    source: ScriptSource.fromAsset(SET_DIRECTORY_MODE, { encryptionKey: choice.scriptEncryptionKey }),
    arguments: ['--path', pathOf(choice), '--mode', mode],
    onError: choice.onError,
    executionPolicy: ScriptExecutionPolicy.EVERY_BOOT,
  };
}

/** Options as one text, also where the list of them is known at deployment. */
function joined(options: string[]): string {
  return Token.isUnresolved(options) ? Fn.join(',', options) : options.join(',');
}

function nfsScript(
  choice: ChoiceOf<'openZfs' | 'ontap'>, common: Pick<NodeLifecycleScript, 'name' | 'onError'>, volume: string, further: readonly string[],
): NodeLifecycleScript {
  const options = [...NFS_MOUNT_OPTIONS, ...further].join(',');
  return {
    ...common,
    source: ScriptSource.fromAsset(MOUNT_NFS, { encryptionKey: choice.scriptEncryptionKey }),
    arguments: ['--server', choice.dnsName, '--export', volume, '--mount-point', pathOf(choice), '--options', options],
    executionPolicy: ScriptExecutionPolicy.EVERY_BOOT,
  };
}

/** Whether nodes show the file system who they are. */
function isAuthorized({ encryptionInTransit, iamAuthorization }: ChoiceOf<'efs' | 'efsHomes'>): boolean {
  return iamAuthorization ?? encryptionInTransit ?? true;
}

function efsOptions(choice: ChoiceOf<'efs' | 'efsHomes'>): string[] {
  if (choice.encryptionInTransit === false) { return ['noresvport']; } // without an option, the script would ask for TLS
  const accessPoint = choice.kind === 'efs' ? choice.accessPoint : undefined;
  const id = accessPoint?.accessPointRef.accessPointId;
  return ['tls', ...isAuthorized(choice) ? ['iam'] : [], ...id === undefined ? [] : [`accesspoint=${id}`]];
}

function efsPermission(choice: ChoiceOf<'efs' | 'efsHomes'>): ScriptPermission | undefined {
  if (!isAuthorized(choice)) { return undefined; }
  return {
    kind: 'fileSystem',
    fileSystem: choice.fileSystem,
    write: !isReadOnly(choice),
    root: choice.rootAccess ?? true,
    accessPoint: choice.kind === 'efs' ? choice.accessPoint : undefined,
  };
}
