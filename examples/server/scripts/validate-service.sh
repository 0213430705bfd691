#!/bin/bash
# Waits until the new version says that it is well: by a status from 200 to 299, for a redirect says nothing of it.
set -euo pipefail
service=shop
health='http://127.0.0.1:8080/health'
tries=12

for ((try = 1; try <= tries; try++)); do
  status=$(curl --silent --output /dev/null --noproxy '*' --max-time 3 --write-out '%{http_code}' "$health" || true)
  if [[ $status == 2?? ]]; then
    echo "service $service is well: $health answered $status at try $try of $tries"
    exit 0
  fi
  sleep 2
done
echo "service $service is not well: $health answered $status at the last of $tries tries (000: not at all)" >&2
timeout 20 systemctl status --no-pager --lines=20 "$service.service" >&2 || true
exit 1
