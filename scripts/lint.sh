#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Checks layout, C and C++ (clang-tidy), Python (ruff, mypy), TypeScript (tsc, prettier). Runs everything, then fails if anything failed.
#   scripts/lint.sh <build folder configured with clang>
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=${1:?usage: scripts/lint.sh <build folder configured with clang>}
failed=0
check() {
  local name=$1
  shift
  if "$@"; then
    printf 'lint: %s ok\n' "$name"
  else
    printf 'lint: %s failed\n' "$name" >&2
    failed=1
  fi
}

# Everything that ships, as it is compiled there; tests are compiled with all warnings but are not worth their minutes here.
tidy() {
  .venv/bin/run-clang-tidy.py -quiet -clang-tidy-binary .venv/bin/clang-tidy -p "$build" > >(grep -v 'clang-tidy --quiet\|clang-tidy -p\|^$') 2> >(grep -v 'warnings generated' >&2)
}

check layout scripts/format.sh --check
check ruff .venv/bin/ruff check --quiet .
check mypy .venv/bin/python -m mypy
check typescript npm --prefix web run --silent lint
check clang-tidy tidy
exit "$failed"
