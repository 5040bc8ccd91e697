#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# A wheel for this Python that brings along every library it needs (SystemC, fmt, yaml-cpp, libcrypto), so that it installs where none
# of them is. It runs wherever the C library is as new as here: the manylinux tag in its name says which.
#   scripts/wheel.sh build/wheel
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${1:?usage: scripts/wheel.sh <folder>}
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
export PATH="$PWD/.venv/bin:$PATH"

python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$raw" .
mkdir -p "$out"
rm -f "$out"/doppelpack-*.whl
auditwheel repair --wheel-dir "$out" "$raw"/doppelpack-*.whl
auditwheel show "$out"/doppelpack-*.whl
