#!/bin/sh
# Sets the mode of the top directory of a mounted file system: a lifecycle action, which runs as root at every boot, and may run again at
# any time. A new file system belongs to root, and nobody else may write to it.
#
#   set-directory-mode.sh --path PATH --mode MODE
#
# It ends with 0 where the directory has the mode, and with 1 where it hasn't, or where nothing is mounted at the path: then the mode would
# be that of a directory of the node alone.
set -eu

log() { printf '%s set-directory-mode: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }
fail() { log "ERROR: $*" >&2; exit 1; }

path=''
mode=''
while [ $# -gt 0 ]; do
  case "$1" in
    --path | --mode) [ $# -ge 2 ] || fail "$1 needs a value" ;;
    *) fail "unknown argument: $1" ;;
  esac
  case "$1" in
    --path) path=$2 ;;
    --mode) mode=$2 ;;
  esac
  shift 2
done
case "$path" in /?*) ;; *) fail "--path is not an absolute path below the root: $path" ;; esac
case "$mode" in '' | *[!0-7]*) fail "--mode is not octal: $mode" ;; esac

mountpoint -q -- "$path" || fail "nothing is mounted at $path"
if [ "$((0$(stat -c %a -- "$path")))" -eq "$((0$mode))" ]; then
  log "$path has mode $mode already"
  exit 0
fi
# Five digits and more: fewer would leave the bits for set-user-ID and set-group-ID of a directory as they are.
chmod -- "0000$mode" "$path"
log "$path has mode $mode"
