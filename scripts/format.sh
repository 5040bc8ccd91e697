#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Lays out the C, C++ and Python sources; with --check only says which ones are not laid out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

format=(-i) ruff=()
if [ "${1:-}" = --check ]; then
  format=(--dry-run --Werror)
  ruff=(--check)
fi
git ls-files -z --cached --others --exclude-standard '*.c' '*.h' '*.cpp' '*.hpp' |
  xargs -0 -r .venv/bin/clang-format --style=file "${format[@]}"
.venv/bin/ruff format --quiet "${ruff[@]}" .
