import type { Construct } from 'constructs';
import { RULES } from './rules';
import { checkForm } from '../../private/forms';
import { isConcrete, warn, type Problems } from '../../private/problems';
import type { DirectoryUsers } from '../vocabulary/directory-users';
import type { NodeLifecycleActions } from '../vocabulary/lifecycle-actions';
import { MaintainedScript } from '../vocabulary/maintained-script';

const SCRIPT_NAME = 'directory-users';

/** Checks where users come from, before anything is created. */
export function checkUsers(problems: Problems, scope: Construct, users: DirectoryUsers | undefined): void {
  if (users === undefined) { return; }
  const { ldapUri, searchBase } = users._choice;
  checkForm(problems, RULES.ldapUri, 'users.ldapUri', ldapUri);
  checkForm(problems, RULES.ldapSearchBase, 'users.searchBase', searchBase);
  if (isConcrete(ldapUri) && ldapUri.startsWith('ldap://')) { warn(scope, RULES.ldapUnencrypted, { property: 'users.ldapUri', got: ldapUri }); }
}

/** Puts the script that sets up the users of a directory in front of those that nodes run besides, which may want the users. */
export function withUsers(users: DirectoryUsers | undefined, actions: NodeLifecycleActions | undefined): NodeLifecycleActions | undefined {
  if (users === undefined) { return actions; }
  const { kind: _, ...options } = users._choice;
  const given = actions?.nodeBootstrapped ?? [];
  const taken = new Set(given.map(script => script.name));
  let name = SCRIPT_NAME;
  for (let count = 2; taken.has(name); count++) { name = `${SCRIPT_NAME}-${count}`; }
  return { ...actions, nodeBootstrapped: [MaintainedScript.configureLdaps({ ...options, name }), ...given] };
}
