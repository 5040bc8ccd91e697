#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Runs every case, the fault matrix and part of the campaign with two builds of the program and compares the hashes of their event
# logs: the same bits from every compiler, and from one worker as from two.
#   scripts/compare_hashes.sh build/release/doppelpack build/clang/doppelpack
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ "$#" -eq 2 ] || { echo "usage: scripts/compare_hashes.sh <program> <other program>" >&2; exit 2; }
PROGRAM_A=$1
PROGRAM_B=$2
OUT=$(mktemp -d)
trap 'rm -rf "$OUT"' EXIT

hash_of() { # <program> <case> <folder>
  # A case may fail its own assertions: that is for the tests to say. Here only the hash counts.
  "$1" run "$2" --out "$3" >"$3.log" 2>&1 || true
  [ -f "$3/result.json" ] || { tail -n 5 "$3.log" >&2; return 0; }
  sed -n 's/.*"event_log_sha256"[^"]*"\([0-9a-f]*\)".*/\1/p' "$3/result.json"
}

compare() {
  local name a b
  name=$(basename "$1" .yaml)
  hash_of "$PROGRAM_A" "$1" "$OUT/$name.a" >"$OUT/$name.hash" &
  b=$(hash_of "$PROGRAM_B" "$1" "$OUT/$name.b")
  wait
  a=$(<"$OUT/$name.hash")
  if [ -z "$a" ] || [ "$a" != "$b" ]; then
    printf '%s: %s has %s, %s has %s\n' "$name" "$PROGRAM_A" "${a:-no hash}" "$PROGRAM_B" "${b:-no hash}" >&2
    return 1
  fi
}

# Over all runs of the matrix or of a campaign, in their order. It may fail, as a case may.
hash_of_all() { # <program> <workers> <command> [argument...]
  local program=$1 workers=$2
  shift 2
  { "$program" "$@" --workers "$workers" || true; } | sed -n "s/^$1 sha256 //p"
}

compare_all() { # <command> [argument...]
  local a b
  hash_of_all "$PROGRAM_A" 1 "$@" >"$OUT/$1.hash" &
  b=$(hash_of_all "$PROGRAM_B" 2 "$@")
  wait
  a=$(<"$OUT/$1.hash")
  if [ -z "$a" ] || [ "$a" != "$b" ]; then
    printf '%s: %s has %s, %s has %s\n' "$1" "$PROGRAM_A" "${a:-no hash}" "$PROGRAM_B" "${b:-no hash}" >&2
    return 1
  fi
}

shopt -s nullglob
cases=(scenarios/cases/*.yaml)
[ "${#cases[@]}" -gt 0 ] || { echo "no case in scenarios/cases" >&2; exit 1; }
failed=0
for case in "${cases[@]}"; do
  compare "$case" || failed=1
done
compare_all matrix || failed=1
compare_all campaign --case 'us5000-bank/*' --case 'residential-6k5/*-50/*' || failed=1
[ "$failed" -eq 0 ] || { echo "event logs differ" >&2; exit 1; }
echo "${#cases[@]} cases, the matrix and part of the campaign, same event log hashes from both programs"
