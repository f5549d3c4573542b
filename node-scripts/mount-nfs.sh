#!/bin/sh
# Mounts a volume by NFS when a node of AWS PCS boots: a lifecycle action, which runs as root at every boot, and may run again at any time.
#
#   mount-nfs.sh --server NAME --export PATH --mount-point PATH [--options LIST]
#
# It ends with 0 where the volume is mounted, and with 1 where it isn't, or where something else is. What it prints goes to the log of the
# action. It needs an NFS client (nfs-utils, or nfs-common on Ubuntu), and changes nothing but the directory that it mounts at.
set -eu

seconds_to_try=300
seconds_between=10

log() { printf '%s mount-nfs: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }
fail() { log "ERROR: $*" >&2; exit 1; }

server=''
export_path=''
mount_point=''
options=''
while [ $# -gt 0 ]; do
  case "$1" in
    --server | --export | --mount-point | --options) [ $# -ge 2 ] || fail "$1 needs a value" ;;
    *) fail "unknown argument: $1" ;;
  esac
  [ -n "$2" ] || fail "$1 must not be empty"
  case "$1" in
    --server) server=$2 ;;
    --export) export_path=$2 ;;
    --mount-point) mount_point=$2 ;;
    --options) options=$2 ;;
  esac
  shift 2
done
[ -n "$server" ] || fail '--server is missing'
[ -n "$export_path" ] || fail '--export is missing'
[ -n "$mount_point" ] || fail '--mount-point is missing'
case "$export_path" in /*) ;; *) fail "--export is not an absolute path: $export_path" ;; esac
case "$mount_point" in /?*) ;; *) fail "--mount-point is not an absolute path below the root: $mount_point" ;; esac

command -v mount.nfs >/dev/null 2>&1 || fail 'there is no NFS client: the image needs the package nfs-utils, or nfs-common on Ubuntu'

volume="$server:$export_path"
mkdir -p -- "$mount_point"
mount_point=$(readlink -f -- "$mount_point") # the kernel lists mounts by where links lead

# What is on top at the mount point, or nothing.
mounted() {
  found=''
  while read -r what where _; do
    if [ "$where" = "$mount_point" ]; then found=$what; fi
  done </proc/self/mounts
  printf '%s' "$found"
}

# Whether the volume is mounted. Anything else at its place is an error.
is_mounted() {
  current=$(mounted)
  [ -n "$current" ] || return 1
  [ "${current%/}" = "${volume%/}" ] || fail "$current is mounted at $mount_point, where $volume belongs"
}

if is_mounted; then
  log "$volume is mounted at $mount_point already"
  exit 0
fi

deadline=$(($(date +%s) + seconds_to_try))
until
  log "mounting $volume at $mount_point"
  mount -t nfs ${options:+-o "$options"} "$volume" "$mount_point"
do
  [ "$(date +%s)" -lt "$deadline" ] \
    || fail "$volume can't be mounted at $mount_point: check the name, the path of the volume, routes and security groups"
  sleep "$seconds_between"
done
is_mounted || fail "mount ended without an error, and nothing is mounted at $mount_point"
log "$volume is mounted at $mount_point"
