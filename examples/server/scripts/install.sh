#!/bin/sh
set -eu
install -m 644 /opt/shop/shop.service /etc/systemd/system/shop.service
systemctl daemon-reload
