import { ACCOUNT_LIMITS, QOS_LIMITS, type LimitForm, type WantedAccount, type WantedQos } from '../../../private/contracts/pcs-accounting';

/*
 * Accounts and QOS as a script for a login node: what the function does by the REST API, in the words of `sacctmgr`, for clusters whose
 * REST API lets nobody administer accounting. It checks whose something is, adds, sets and takes away, and may run any number of times.
 * `npm run slurm -- --accounting` runs it.
 */

/** An account or a QOS, with the logical id that its mark has. */
export interface ScriptEntry {
  readonly logicalId: string;
  /** Whether it takes what another one made. */
  readonly adopt?: boolean;
  /** Either this or `qos`. */
  readonly account?: WantedAccount;
  readonly qos?: WantedQos;
}

/** What a script is made of. */
export interface AccountingScript {
  /** The last part of the stack's id, which marks have. */
  readonly stack: string;
  /** QOS before accounts that have them, parents before accounts below them. */
  readonly entries: readonly ScriptEntry[];
  /** Whether it only says what it would change. @default false */
  readonly preview?: boolean;
}

/**
 * The document of AWS Systems Manager that runs the script on a node.
 *
 * @param bin the folder of Slurm's commands on the node
 */
export function accountingDocument(script: AccountingScript, bin: string): object {
  return {
    schemaVersion: '2.2',
    description: 'Slurm accounts and QOS of a stack',
    mainSteps: [{
      action: 'aws:runShellScript',
      name: 'accounting',
      precondition: { StringEquals: ['platformType', 'Linux'] },
      inputs: { timeoutSeconds: '900', runCommand: ['#!/bin/bash', `PATH=${quoted(bin)}:$PATH`, ...accountingScript(script).split('\n')] },
    }],
  };
}

/** The script, for Bash. */
export function accountingScript({ stack, entries, preview = false }: AccountingScript): string {
  const lines = entries.flatMap(entry => [
    ...entry.qos ? qosLines(stack, entry, entry.qos) : [],
    ...entry.account ? accountLines(stack, entry, entry.account) : [],
  ]);
  const settings = ['set -euo pipefail', `stack=${quoted(stack)}`, `preview=${preview ? 'yes' : 'no'}`];
  return [...settings, FUNCTIONS.trim(), ...lines, 'prune account', 'prune account', 'prune qos', ''].join('\n'); // children, then parents
}

/** A word of the shell. Two braces would be a parameter to AWS Systems Manager, so none stand together. */
function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'').replaceAll('{', '\'{\'').replaceAll('}', '\'}\'')}'`;
}

function call(name: string, ...words: string[]): string {
  return [name, ...words.map(quoted)].join(' ');
}

/** `sacctmgr` reads quotes itself, in words that are given to it as they are. */
function withoutQuotes(text: string): string {
  return text.replace(/['"\\]/g, ' ').trim();
}

function mark(stack: string, { logicalId }: ScriptEntry): string {
  return `[cdk-hpc-clusters ${stack}/${logicalId}]`;
}

/** All limits: -1 where there is none. Those of resources, which begin with @, are made of what is found. */
function limitsOf(limits: Readonly<Record<string, string | undefined>> = {}, forms: Readonly<Record<string, LimitForm>>): string[] {
  return Object.entries(forms).map(([name, form]) => {
    return form === 'tres' ? `@${name}=${limits[name]?.toLowerCase() ?? ''}` : `${name}=${limits[name] ?? '-1'}`;
  });
}

function qosLines(stack: string, entry: ScriptEntry, qos: WantedQos): string[] {
  return [call(
    'entry', 'qos', qos.Name, '', mark(stack, entry), entry.adopt ? 'yes' : 'no',
    `description=${withoutQuotes(qos.Description ?? qos.Name)} ${mark(stack, entry)}`,
    `priority=${qos.Priority ?? '0'}`,
    `flags=${qos.Flags?.join(',') || '-1'}`,
    `preempt=${qos.Preempt?.join(',') ?? ''}`,
    `preemptmode=${qos.PreemptMode?.join(',') || 'cluster'}`,
    `gracetime=${qos.GraceTime ?? '0'}`,
    `usagefactor=${qos.UsageFactor ?? '1'}`,
    ...limitsOf(qos.Limits, QOS_LIMITS),
  )];
}

function accountLines(stack: string, entry: ScriptEntry, account: WantedAccount): string[] {
  const { Name: name, EachUser: each, Users: users } = account;
  return [
    call(
      'entry', 'account', name, '', mark(stack, entry), entry.adopt ? 'yes' : 'no',
      `description=${withoutQuotes(account.Description ?? name)} ${mark(stack, entry)}`,
      `organization=${withoutQuotes(account.Organization ?? name)}`,
      `parent=${account.Parent ?? 'root'}`,
      `fairshare=${account.FairShare ?? '1'}`,
      `qos=${account.Qos?.join(',') ?? ''}`,
      `defaultqos=${account.DefaultQos ?? '-1'}`,
      ...limitsOf(account.Limits, ACCOUNT_LIMITS),
    ),
    ...users ? [call('users', name, ...users)] : [],
    ...each ? (users ?? []).map(user => call(
      'entry', 'user', name, user, '', 'yes', `fairshare=${each.FairShare ?? '1'}`, ...limitsOf(each.Limits, ACCOUNT_LIMITS),
    )) : [],
    ...(account.DefaultFor ?? []).map(user => call('standard', user, name)),
  ];
}

/* No `${`, which would be TypeScript's, and no braces that stand together, which would be those of AWS Systems Manager. */
const FUNCTIONS = String.raw`
kept=' '
lower() { printf '%s' "$1" | tr '[:upper:]' '[:lower:]'; }
fail() { echo "FAILED: $*" >&2; exit 1; }
for program in cut grep sacct sacctmgr sed sort tr; do command -v "$program" > /dev/null || fail "there is no $program on this node"; done
# Makes a change: what it is, and the words for sacctmgr.
change() {
  local what=$1 said; shift
  echo "$what"
  if [ "$preview" = yes ]; then return; fi
  said=$(sacctmgr -i "$@" 2>&1) || case "$said" in
    *'Nothing modified'*|*'Nothing new added'*|*'already exist'*|*'Nothing deleted'*) ;;
    *) fail "$what: $said" ;;
  esac
}
# Says the name and the description of an account or a QOS that is there.
row() {
  if [ "$1" = qos ]; then sacctmgr -nP show qos where name="$2" format=name,description
  else sacctmgr -nP show account where name="$2" format=account,description; fi
}
# Says the users of an account, or the accounts of a user.
users_of() { sacctmgr -nP show association where account="$1" format=user | grep . || true; }
accounts_of() { sacctmgr -nP show association where user="$1" format=account | sort -u; }
parent_of() { sacctmgr -nP show association where account="$1" format=user,parentname | sed -n 's/^|//p'; }
# Says a limit of resources: what is wanted, and -1 for what is there and isn't wanted.
resources() {
  local limit wanted found part out
  limit=$(printf '%s' "$4" | cut -d= -f1 | tr -d @)
  wanted=$(printf '%s' "$4" | cut -d= -f2-)
  case "$1" in
    qos) found=$(sacctmgr -nP show qos where name="$2" format="$limit") ;;
    user) found=$(sacctmgr -nP show association where account="$2" user="$3" format="$limit" wopl) ;;
    *) found=$(sacctmgr -nP show association where account="$2" format="user,$limit" wopl | sed -n 's/^|//p') ;;
  esac
  out=$wanted
  for part in $(printf '%s' "$found" | tr ',' ' '); do
    part=$(lower "$(printf '%s' "$part" | cut -d= -f1)")
    case ",$wanted," in *",$part="*) ;; *) out="$out,$part=-1" ;; esac
  done
  out=$(printf '%s' "$out" | sed 's/^,//')
  [ -z "$out" ] || printf '%s=%s' "$limit" "$out"
}
# Makes an account or a QOS, or sets all of it, unless it is another's; or sets what a user of an account has.
entry() {
  local kind=$1 name=$2 user=$3 mark=$4 adopt=$5 count word found
  shift 5
  count=$#
  while [ "$count" -gt 0 ]; do
    word=$1; shift; count=$((count - 1))
    case "$word" in
      @*) word=$(resources "$kind" "$name" "$user" "$word") || fail "$name" ;;
      # Slurm changes nothing at all of an account that is to have the parent that it has.
      parent=*) [ "$(lower "$word")" != "parent=$(lower "$(parent_of "$name")")" ] || word='' ;;
    esac
    [ -z "$word" ] || set -- "$@" "$word"
  done
  if [ "$kind" = user ]; then change "set the user $user of the account $name" modify user where name="$user" account="$name" set "$@"; return; fi
  kept="$kept$kind/$(lower "$name") "
  found=$(row "$kind" "$name")
  if [ -z "$found" ]; then change "make the $kind $name" add "$kind" "$name" "$@"; return; fi
  case "$(lower "$found")" in
    *"$(lower "$mark")") ;;
    *) [ "$adopt" = yes ] || fail "the $kind $name is there already, and it wasn't made by this resource" ;;
  esac
  change "set the $kind $name" modify "$kind" where name="$name" set "$@"
}
# Gives an account its users, and takes others out of it.
users() {
  local name=$1 wanted=' ' user other; shift
  for user in "$@"; do
    wanted="$wanted$(lower "$user") "
    users_of "$name" | grep -qixF -- "$user" || change "add $user to the account $name" add user name="$user" account="$name"
  done
  for user in $(users_of "$name"); do
    case "$wanted" in *" $(lower "$user") "*) continue ;; esac
    other=$(accounts_of "$user" | grep -vixF -- "$name" | head -n 1 || true)
    [ -z "$other" ] || [ "$(sacctmgr -nP show user where name="$user" format=defaultaccount)" != "$name" ] || standard "$user" "$other"
    change "take $user out of the account $name" delete user where name="$user" account="$name"
  done
}
# Gives a user a default account.
standard() {
  [ "$(lower "$(sacctmgr -nP show user where name="$1" format=defaultaccount)")" = "$(lower "$2")" ] \
    || change "default account of $1: $2" modify user where name="$1" set defaultaccount="$2"
}
# Deletes what the stack has made and doesn't name any more, unless jobs have used it or something else needs it.
prune() {
  local kind=$1 name description
  if [ "$kind" = qos ]; then sacctmgr -nP show qos format=name,description; else sacctmgr -nP show account format=account,description; fi | while IFS='|' read -r name description; do
    case "$(lower "$description")" in *"[cdk-hpc-clusters $(lower "$stack")/"*']') ;; *) continue ;; esac
    case "$kept" in *" $kind/$(lower "$name") "*) continue ;; esac
    if [ "$kind" = qos ]; then
      if sacctmgr -nP show association format=qos,defaultqos wopl | tr '|' ',' | tr ',' '\n' | grep -qixF -- "$name"; then echo "the qos $name is retained: an account has it"; continue; fi
    else
      if sacctmgr -nP show association format=parentname wopl | grep -qixF -- "$name"; then echo "the account $name is retained: others are below it"; continue; fi
      if sacct -nPX -A "$name" -S 2000-01-01 -o jobid | grep -q .; then echo "the account $name is retained: jobs have used it"; continue; fi
    fi
    change "delete the $kind $name" delete "$kind" where name="$name" < /dev/null
  done
}
`;
