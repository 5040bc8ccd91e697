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

# The largest ones first: they take longest, so each is run in as many parts as there are processors. A program says little unless it
# fails.
GTEST_TOTAL_SHARDS=$(nproc)
export GTEST_TOTAL_SHARDS
for program in $(ls -S "$build"/tests/doppelpack_*_tests); do
  for ((part = 0; part < GTEST_TOTAL_SHARDS; ++part)); do echo "$part $program"; done
done | xargs -n 2 -P "$(nproc)" sh -c 'GTEST_SHARD_INDEX=$0 "$1" --gtest_brief=1 || { echo "$1, part $0, failed" >&2; exit 255; }'
