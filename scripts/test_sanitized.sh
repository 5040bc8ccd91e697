#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Runs the C++ tests of a build with sanitizers. Each program runs its tests in one process: a process for each test, as ctest
# has it, would spend most of its time on starting the sanitizers.
#   scripts/test_sanitized.sh build/asan
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=${1:?usage: scripts/test_sanitized.sh <build folder>}
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions=$PWD/cmake/leaks.supp

# The largest ones first: they take longest. A program says little unless it fails.
ls -S "$build"/tests/doppelpack_*_tests |
  xargs -n 1 -P "$(nproc)" sh -c '"$0" --gtest_brief=1 || { echo "$0 failed" >&2; exit 255; }'
