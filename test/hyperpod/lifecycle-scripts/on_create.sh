#!/bin/bash
set -euo pipefail
mkdir -p /opt/team
