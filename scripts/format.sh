#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Lays out the C, C++, Python and TypeScript sources; with --check only says which ones are not laid out (of TypeScript,
# `npm run lint` says so).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

format=(-i) ruff=()
if [ "${1:-}" = --check ]; then
  format=(--dry-run --Werror)
  ruff=(--check)
fi
git ls-files -z --cached --others --exclude-standard '*.c' '*.h' '*.cpp' '*.hpp' |
  xargs -0 -r .venv/bin/clang-format --style=file "${format[@]}"
if [ "${1:-}" != --check ] && [ -d web/node_modules ]; then npm --prefix web run --silent format >/dev/null; fi
.venv/bin/ruff format --quiet "${ruff[@]}" .
