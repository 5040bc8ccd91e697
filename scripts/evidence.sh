#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Compares the cell model with PyBaMM and with measured cells: installs what only this needs into .venv (700 MB), tests,
# fits, and writes validation.md with pictures. Fails when a number passes its bound.
#
#   scripts/evidence.sh <build folder>              into build/evidence
#   scripts/evidence.sh <build folder> --publish    into docs/, and the fitted cells into tests/data/
#
# Data that must not be in the repository are looked for in DOPPELPACK_DATA, by default ../shared/data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=${1:?usage: scripts/evidence.sh <build folder> [--publish]}
shift
stamp=.venv/doppelpack-evidence-stamp
state=$(cat requirements.txt requirements-evidence.txt | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$state" ]; then
  printf 'evidence: installing requirements-evidence.txt\n'
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r requirements-evidence.txt
  printf '%s\n' "$state" >"$stamp"
fi
export PYTHONPATH=$build/python:tests PYBAMM_DISABLE_TELEMETRY=true MPLBACKEND=agg
.venv/bin/python -m pytest -q tests/python/test_pybamm.py
.venv/bin/python -m evidence "$@"
