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
# A folder that is there may be somebody else's, too: it keeps its owner and its mode.
if [[ ! -d "$destination" ]]; then
  install -d -m 755 -o "$user" "$destination"
elif [[ "$(stat -c %U "$destination")" != "$user" ]]; then
  echo "$destination was there before and belongs to $(stat -c %U "$destination"), not to $user: what is installed in it belongs to $user" >&2
fi
