#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# The first process of the guest: makes vcan0, runs the tests of the guest, says how they ended and
# switches the guest off. The root is the host's, read-only; /run is the guest's own.
# Set on the kernel's command line: GUEST_SOURCE, GUEST_PYTHON, GUEST_PROGRAM, GUEST_MODULES.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8 HOME=/run TMPDIR=/run PYTHONDONTWRITEBYTECODE=1
export PYTHONPATH="$GUEST_SOURCE/tests/python"
switch_off() {
  echo "guest: exit $1"
  echo o >/proc/sysrq-trigger
  sleep 60
}

mount -t proc proc /proc || echo "guest: no /proc"
mount -t sysfs sys /sys && mount -t tmpfs tmp /run || switch_off 98
for module in net/can/can net/can/can-raw drivers/net/can/dev/can-dev drivers/net/can/vcan; do
  insmod "$GUEST_MODULES/$module.ko" || switch_off 97
done
ip link set lo up && ip link add vcan0 type vcan && ip link set vcan0 up || switch_off 96

cd "$GUEST_SOURCE" || switch_off 95
"$GUEST_PYTHON" -m pytest -c pyproject.toml --rootdir . -p conftest -p no:cacheprovider --color no \
  --basetemp /run/pytest -v --program "$GUEST_PROGRAM" tests/uml/socketcan.py
switch_off $?
