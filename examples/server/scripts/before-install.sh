#!/bin/bash
# Makes room for the new version: nothing runs that is about to be replaced, and its folder is there.
set -euo pipefail
service=shop
destination=/opt/shop
user=root

if systemctl is-active --quiet "$service.service"; then
  timeout 100 systemctl stop "$service.service"
fi
if ! id -u "$user" >/dev/null 2>&1; then
  useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$user"
fi
install -d -m 755 -o "$user" "$destination"
