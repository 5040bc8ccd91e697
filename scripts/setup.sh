#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Installs what the project needs on Debian 12 / Ubuntu 22.04 or newer: system packages and the Python environment .venv.
# Run it as often as you like: what is there already is left alone, and a second run needs no network.
#
#   scripts/setup.sh           to build, test and run
#   scripts/setup.sh --ci      also what `make lint`, `build-clang`, `test-clang`, `test-asan` and `fuzz-wire` need, and,
#                              where there is a user-mode-linux, what tests SocketCAN; a browser to walk through the page
#   scripts/setup.sh --verify  also what `make verify` needs (Debian 12)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

packages=(
  build-essential cmake ninja-build
  libsystemc-dev libeigen3-dev libyaml-cpp-dev libfmt-dev libspdlog-dev nlohmann-json3-dev libcli11-dev libssl-dev
  libcereal-dev libmicrohttpd-dev zlib1g-dev libzip-dev
  libgtest-dev libbenchmark-dev
  python3 python3-dev python3-venv
  socat mbpoll
)
# What is there already is kept, wherever it came from.
command -v npm >/dev/null || packages+=(nodejs npm)
wished=()
case "${1:-}" in
  "") ;;
  --ci)
    packages+=(clang)
    wished=(user-mode-linux can-utils kmod iproute2 chromium)
    ;;
  --verify)
    packages+=(
      gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
      clang-19 llvm-19 libclang-rt-19-dev cppcheck
      frama-c-base why3 cvc4 z3
    )
    ;;
  *) die "unknown argument '$1'; usage: scripts/setup.sh [--ci|--verify]" ;;
esac

install_packages() {
  local wanted=("$@") root=() log
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "not root and no sudo; run as root: apt install ${wanted[*]}"
    root=(sudo)
  fi
  say "installing ${wanted[*]}"
  log=$(mktemp)
  # env, because sudo drops variables
  local get=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0)
  if ! "${get[@]}" install --no-install-recommends "${wanted[@]}" >"$log" 2>&1; then
    say "refreshing the package lists"
    if ! { "${get[@]}" update && "${get[@]}" install --no-install-recommends "${wanted[@]}"; } >"$log" 2>&1; then
      tail -n 20 "$log" >&2
      rm -f "$log"
      die "apt-get failed; try: apt update && apt install ${wanted[*]}"
    fi
  fi
  rm -f "$log"
}

command -v dpkg-query >/dev/null || die "this is neither Debian nor Ubuntu; install the equivalents of: ${packages[*]}"
is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }
missing=()
for package in "${packages[@]}"; do is_installed "$package" || missing+=("$package"); done
[ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"

# Not every distribution and processor has these; the test that needs them says what it skips. The sanitizers of clang are a
# package of their own where they are not in that of clang.
if [ "${1:-}" = --ci ]; then wished+=("libclang-rt-$(clang -dumpversion | cut -d . -f 1)-dev"); fi
missing=()
for package in "${wished[@]}"; do
  if is_installed "$package"; then continue; fi
  if apt-cache show "$package" >/dev/null 2>&1; then missing+=("$package"); else say "there is no package $package here"; fi
done
[ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"

# The system's interpreter, whatever comes first on PATH: python3-dev has the headers of this one.
python=/usr/bin/python3
[ -x "$python" ] || python=$(command -v python3) || die "no python3"
stamp=.venv/doppelpack-stamp
state="$("$python" -V) $PWD $(sha256sum <requirements.txt)"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$state" ]; then
  say "creating .venv with $("$python" -V)"
  rm -rf .venv
  "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r requirements.txt ||
    die "pip could not install requirements.txt; is there a network?"
  printf '%s\n' "$state" >"$stamp"
fi

# install_once <what for> <requirements file>: again only when the file has changed.
install_once() {
  local stamp=.venv/doppelpack-$1-stamp
  [ "$(cat "$stamp" 2>/dev/null || true)" != "$(cat "$2")" ] || return 0
  say "installing $2"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input -r "$2" ||
    die "pip could not install $2; is there a network?"
  cp "$2" "$stamp"
}

# What builds the page. Without it everything else is still there.
stamp=web/node_modules/doppelpack-stamp
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$(sha256sum <web/package-lock.json)" ]; then
  say "fetching what builds the page with node $(node --version)"
  if (cd web && npm ci --no-audit --no-fund --loglevel=error); then
    sha256sum <web/package-lock.json >"$stamp"
  else
    say "npm could not fetch the packages of web/: the page of 'serve --http' is not built"
  fi
fi

# A driver of browsers, for the walk through the page; what makes the documentation site.
if [ "${1:-}" = --ci ]; then
  install_once page requirements-page.txt
  install_once docs requirements-docs.txt
fi
# libclang for Python: only `make verify` wants its 25 MB.
if [ "${1:-}" = --verify ]; then install_once verify requirements-verify.txt; fi
