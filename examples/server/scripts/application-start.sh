#!/bin/bash
# Starts the new version, now and whenever the server starts.
set -euo pipefail
service=shop

systemctl enable "$service.service"
timeout 100 systemctl restart "$service.service"
