#!/bin/sh
# Registers a node of AWS PCS with a target group of Elastic Load Balancing when it is ready: a lifecycle action, which runs as root at every
# boot, and may run again at any time.
#
#   register-target.sh --target-group-arn ARN
#
# It ends with 0 where the node is registered, and with 1 where it isn't. What it prints goes to the log of the action. It needs curl, the
# AWS CLI, and the permission elasticloadbalancing:RegisterTargets on the target group.
set -eu

tries=6
seconds_between=10
metadata=http://169.254.169.254/latest

log() { printf '%s register-target: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }
fail() { log "ERROR: $*" >&2; exit 1; }

target_group=''
while [ $# -gt 0 ]; do
  case "$1" in
    --target-group-arn) [ $# -ge 2 ] || fail "$1 needs a value"; target_group=$2 ;;
    *) fail "unknown argument: $1" ;;
  esac
  shift 2
done
case "$target_group" in
  arn:*:elasticloadbalancing:*:*:targetgroup/*) ;;
  *) fail "--target-group-arn is not the ARN of a target group: $target_group" ;;
esac
region=$(printf '%s' "$target_group" | cut -d: -f4)

command -v curl >/dev/null 2>&1 || fail 'the image needs curl'
command -v aws >/dev/null 2>&1 || fail 'the image needs the AWS CLI'

token=$(curl -fsS --retry 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$metadata/api/token") \
  || fail 'the instance metadata service gives no token'
instance=$(curl -fsS --retry 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/instance-id") \
  || fail "the instance metadata service doesn't tell the id of the instance"
case "$instance" in i-*) ;; *) fail "not the id of an instance: $instance" ;; esac

try=1
until
  log "registering $instance with $target_group"
  aws elbv2 register-targets --region "$region" --target-group-arn "$target_group" --targets "Id=$instance"
do
  [ "$try" -lt "$tries" ] || fail "$instance can't be registered: check the permission elasticloadbalancing:RegisterTargets, routes and endpoints"
  try=$((try + 1))
  sleep "$seconds_between"
done
log "$instance is registered with $target_group"
