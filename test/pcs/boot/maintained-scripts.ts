/*
 * What the user guide says of the scripts that AWS maintains: their flags, what nodes must be allowed for them, and stand-ins that run in
 * their place, since the scripts are in buckets of AWS alone. Nothing here is taken from src: what that renders is judged by this.
 *
 * https://docs.aws.amazon.com/pcs/latest/userguide/cng-node-lifecycle-actions-vetted-scripts.html
 */

interface Flag {
  readonly required: boolean;
  /** The form of its value, as a shell has it in `case`. */
  readonly form: string;
}

interface MaintainedScript {
  readonly flags: Readonly<Record<string, Flag>>;
  readonly versions: readonly string[];
  /** The actions that the role of nodes must be allowed with some arguments. */
  readonly actions: (args: Readonly<Record<string, string | undefined>>) => readonly string[];
  /** What it does, with its flags as variables: `--mount-point` is `$mount_point`. */
  readonly body: string;
}

const required = (form: string): Flag => ({ required: true, form });
const optional = (form: string): Flag => ({ required: false, form });

const ID = 'fs-[0-9a-f]*';
const PATH = '/?*';
const LIST = '?*';
/** `iam` in the options, or left to the default, asks for the role. */
const clientActions = (options = 'tls,iam') => options.split(',').includes('iam')
  ? ['elasticfilesystem:ClientMount', ...options.split(',').includes('ro') ? [] : ['elasticfilesystem:ClientWrite']] : [];
const mountEfs = (id: string, path: string) => `
mkdir -p "$${path}"
mountpoint -q "$${path}" || mount -t efs -o "\${options:-tls,iam}" "$${id}:/" "$${path}"
`;

export const MAINTAINED: Readonly<Record<string, MaintainedScript>> = {
  'mount-efs': {
    flags: { '--file-system-id': required(ID), '--mount-point': required(PATH), '--options': optional(LIST) },
    versions: ['1.0.0', '1-latest'],
    actions: ({ '--options': options }) => clientActions(options),
    body: mountEfs('file_system_id', 'mount_point'),
  },
  'mount-fsx-lustre': {
    flags: {
      '--fsx-dns-name': required('?*.?*'),
      '--mount-name': required('?*'),
      '--mount-point': required(PATH),
      '--options': optional(LIST),
    },
    versions: ['1.0.0', '1-latest'],
    actions: () => [],
    body: `
mkdir -p "$mount_point"
mountpoint -q "$mount_point" || mount -t lustre -o "\${options:-noatime,flock}" "$fsx_dns_name@tcp:/$mount_name" "$mount_point"
`,
  },
  'configure-efs-homes': {
    flags: { '--efs-id': required(ID), '--home-base': optional(PATH), '--options': optional(LIST) },
    versions: ['1.0.0', '1-latest'],
    actions: ({ '--options': options }) => clientActions(options),
    body: `home_base=\${home_base:-/home}${mountEfs('efs_id', 'home_base')}mkdir -p /etc/security && echo mkhomedir >/etc/security/homes\n`,
  },
  'configure-ldaps': {
    flags: {
      '--ldap-uri': required('ldap://?*|ldaps://?*'),
      '--search-base': required('?*=?*'),
      '--secret-arn': optional('arn:*:secretsmanager:*'),
      '--tls-cacert': optional(PATH),
    },
    versions: ['1.0.0', '1-latest'],
    actions: ({ '--secret-arn': secret }) => (secret === undefined ? [] : ['secretsmanager:GetSecretValue']),
    body: 'mkdir -p /etc/sssd && printf \'%s\\n\' "$ldap_uri" "$search_base" "$secret_arn" "$tls_cacert" >/etc/sssd/sssd.conf\n',
  },
  'configure-cloudwatch-logs': {
    flags: { '--log-group-name': optional('?*') },
    versions: ['1.0.0', '1-latest'],
    actions: () => ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    body: 'mkdir -p /etc/logs && echo "${log_group_name:-/aws/pcs/$PCS_CLUSTER_ID/lifecycle}" >/etc/logs/group\n',
  },
};

/** The script and the version of an object in the bucket of AWS, or undefined where it is none of them. */
export function maintainedAt(location: string, region = 'us-east-1'): MaintainedScript | undefined {
  const [, name, version] = new RegExp(`^s3://aws-pcs-repo-${region}/aws-pcs-node-lifecycle-scripts/([a-z-]+)-v(.+)\\.sh$`).exec(location) ?? [];
  return MAINTAINED[name]?.versions.includes(version) ? MAINTAINED[name] : undefined;
}

/** Arguments as flags with their values, as the page asks for them. Throws where a script would refuse them. */
export function parse(script: MaintainedScript, args: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 0; i < args.length; i += 2) {
    const [name, value] = [args[i], args[i + 1]];
    if (script.flags[name] === undefined) { throw new Error(`unknown flag ${name}`); }
    if (value === undefined || value === '') { throw new Error(`no value of ${name}`); }
    if (found[name] !== undefined) { throw new Error(`${name} twice`); }
    found[name] = value;
  }
  const missing = Object.entries(script.flags).filter(([name, flag]) => flag.required && found[name] === undefined).map(([name]) => name);
  if (missing.length > 0) { throw new Error(`missing ${missing.join()}`); }
  return found;
}

/** A script that takes what the page says, refuses all else with 2, and does with the programs of the node what the page says. */
export function standIn(script: MaintainedScript): string {
  const variable = (name: string) => name.slice(2).replaceAll('-', '_');
  const names = Object.keys(script.flags);
  return [
    '#!/bin/sh',
    'set -eu',
    ...names.map(name => `${variable(name)}=`),
    'while [ $# -gt 0 ]; do',
    '  case "$1" in',
    ...names.map(name => `    ${name}) [ -z "$${variable(name)}" ] || exit 2 ;;`),
    '    *) echo "unknown flag $1" >&2; exit 2 ;;',
    '  esac',
    '  [ $# -ge 2 ] || exit 2',
    '  case "$1" in',
    ...names.flatMap(name => [
      `    ${name}) case "$2" in ${script.flags[name].form.split('|').map(form => form.replaceAll(' ', '\\ ')).join(' | ')}) ${variable(name)}=$2 ;;`
        + ` *) echo "bad value of ${name}: $2" >&2; exit 2 ;; esac ;;`,
    ]),
    '  esac',
    '  shift 2',
    'done',
    ...names.filter(name => script.flags[name].required).map(name => `[ -n "$${variable(name)}" ] || { echo "missing ${name}" >&2; exit 2; }`),
    script.body,
  ].join('\n');
}
