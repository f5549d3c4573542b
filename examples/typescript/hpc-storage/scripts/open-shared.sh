#!/bin/bash
# Lets every user create files in a mounted directory, and delete only their own.
set -euo pipefail
mountpoint --quiet "$1"
chmod 1777 "$1"
