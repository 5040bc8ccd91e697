#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Does what the README shows: its doppelpack commands and its Python test, in a scratch folder. The two commands on top of
# the README (make demo, make test) have CI steps of their own. Needs build/release.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
ln -s "$root/build" "$root/scenarios" .
sed 's/^scenario: .*/scenario: my-scenario/' scenarios/cases/hot.yaml >my-scenario.yaml
cp "$root/tests/captures/own-run-us5000.log" site.log

count=0
while IFS= read -r line; do
  command=${line%%  #*}
  case "$command" in
    *socketcan:can0*) continue ;; # needs hardware
    *" serve "*) command+=" --duration 2" ;;
  esac
  echo "+ $command"
  eval "$command"
  count=$((count + 1))
done < <(grep '^build/release/doppelpack ' "$root/README.md")
[ "$count" -ge 4 ] || { echo "found only $count commands in README.md" >&2; exit 1; }

sed -n '/^```python$/,/^```$/p' "$root/README.md" | grep -v '^```' >test_readme.py
PYTHONPATH=build/release/python "$root/.venv/bin/python" -m pytest -q -p no:cacheprovider test_readme.py
