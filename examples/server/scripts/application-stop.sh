#!/bin/bash
# Stops the version that is there. It never fails: this script is that version's, so a newer one could not mend it, and would be kept
# away for ever. Whether it is stopped, before-install.sh of the new version finds out.
set -euo pipefail
service=shop

if ! systemctl cat "$service.service" >/dev/null 2>&1; then
  echo "there is no service $service yet: nothing to stop"
  exit 0
fi
timeout 100 systemctl stop "$service.service" || echo "service $service did not stop" >&2
