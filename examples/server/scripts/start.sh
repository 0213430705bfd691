#!/bin/sh
set -eu
systemctl enable shop
systemctl restart shop
