# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
#
# Short names for what CMake presets, scripts/ and the Python environment do. Every target installs what it needs first.

.DEFAULT_GOAL := help
.PHONY: help setup setup-ci build demo test bench profile lint format build-clang test-clang test-asan fuzz-wire evidence install clean
.PHONY: matrix fault-matrix-doc campaign safety-report docs wheel
.PHONY: setup-verify verify verify-mcu verify-coverage verify-mutation verify-fuzz verify-misra verify-proof verify-timing
.NOTPARALLEL:

export PATH := $(CURDIR)/.venv/bin:$(PATH)
python := .venv/bin/python
prefix ?= /usr/local

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install packages and .venv (nothing to do the second time)
	@scripts/setup.sh

setup-ci:
	@scripts/setup.sh --ci

# A preset that changed is configured anew; everything else CMake notices by itself during the build.
build/%/build.ninja: CMakePresets.json
	cmake --preset $*
	@touch $@

build: setup build/release/build.ninja ## build program, libraries, tests and Python package in build/release
	cmake --build --preset release

demo: build ## a virtual pack read by third-party clients over CAN and RS485, then an over-charge
	PYTHONPATH=build/release/python $(python) python/examples/demo.py --program build/release/doppelpack

test: build ## all tests of the release build, then those of the Python package
	ctest --preset release
	PYTHONPATH=build/release/python $(python) -m pytest -n 2 tests/python  # not more: some run benches in real time
	PYTHONPATH=build/release/python DOPPELPACK=build/release/doppelpack $(python) -m pytest -n 2 -p doppelpack.pytest_plugin python/examples

matrix: build ## every row of the fault matrix: reports in build/matrix, and docs/fault_matrix.md must be what comes of it
	build/release/doppelpack matrix --out build/matrix --junit build/matrix/junit.xml --markdown build/matrix/fault_matrix.md
	diff -u docs/fault_matrix.md build/matrix/fault_matrix.md

fault-matrix-doc: build ## renews docs/fault_matrix.md, also when a row fails
	-build/release/doppelpack matrix --markdown docs/fault_matrix.md

campaign: build ## every single fault in every state: reports in build/campaign, and docs/safety_report.md must be what comes of it
	build/release/doppelpack campaign --out build/campaign --junit build/campaign/junit.xml --markdown build/campaign/safety_report.md
	diff -u docs/safety_report.md build/campaign/safety_report.md

safety-report: build ## renews docs/safety_report.md, also when a finding is not explained
	-build/release/doppelpack campaign --markdown docs/safety_report.md

docs: setup-ci build ## the documentation site, in build/docs/site
	PYTHONPATH=build/release/python $(python) docs/site/build.py --program build/release/doppelpack

wheel: setup ## a Python wheel that needs no other library, in build/wheel
	scripts/wheel.sh build/wheel

evidence: build ## the cell model against PyBaMM and measured cells; EVIDENCE_ARGS=--publish renews docs/validation.md
	scripts/evidence.sh build/release $(EVIDENCE_ARGS)

bench: build ## benchmarks; results in build/bench.json
	$(python) benchmarks/run.py --program build/release/doppelpack_bench --doppelpack build/release/doppelpack --check scenarios/cases/over-charge.yaml --out build/bench.json $(BENCH_ARGS)

profile: build ## instructions of a step by function, into docs/performance.md (needs valgrind)
	$(python) benchmarks/count_instructions.py --program build/release/doppelpack_bench --bench build/bench.json --out docs/performance.md

lint: setup-ci build build/tidy/build.ninja ## clang-format, clang-tidy, ruff, mypy, tsc and prettier; changes nothing
	scripts/lint.sh build/tidy

format: setup ## lay out the C, C++, Python and TypeScript sources
	scripts/format.sh

build-clang: setup-ci build/clang/build.ninja ## the program, compiled by clang with warnings as errors
	cmake --build --preset clang --target doppelpack

test-clang: setup-ci build/clang/build.ninja ## the C++ tests, compiled by clang with warnings as errors
	cmake --build --preset clang
	ctest --preset clang

test-asan: setup-ci build/asan/build.ninja ## the C++ tests, compiled by clang, under address and undefined-behaviour sanitizers
	cmake --build --preset asan
	scripts/test_sanitized.sh build/asan

fuzz-wire: setup-ci build/fuzz/build.ninja ## libFuzzer on all that reads a wire: protocols, ports, URIs; FUZZ_ARGS="--seconds 60"
	cmake --build --preset fuzz
	$(python) tests/fuzz/run.py $(FUZZ_ARGS)

setup-verify:
	@scripts/setup.sh --verify

verify: verify-mcu verify-coverage verify-mutation verify-fuzz verify-misra verify-proof verify-timing ## evidence on the core; renews docs/verification.md
	$(python) -m verification.report

verify-mcu: setup-verify build ## the same bits on a Cortex-M4; flash, RAM, stack, instructions
	$(python) -m verification.mcu.run --program build/release/doppelpack

verify-coverage: setup-verify ## line, branch and MC/DC coverage of the core by its own tests
	$(python) -m verification.coverage.run

verify-mutation: setup-verify ## do the core's tests notice mistakes? MUTATION_ARGS="--sample 100" for some of them
	$(python) -m verification.mutation.run $(MUTATION_ARGS)

verify-fuzz: setup-verify ## libFuzzer on the core with sanitizers and an oracle
	$(python) -m verification.fuzz.run $(FUZZ_ARGS)

verify-misra: setup-verify ## cppcheck and MISRA C:2012 on the core
	$(python) -m verification.misra.run

verify-proof: setup-verify ## Frama-C: no undefined behaviour, and the safety invariants of the proved functions
	$(python) -m verification.proof.run

verify-timing: setup-verify build ## how long protections and findings take on the bench
	$(python) -m verification.timing.run --program build/release/tests/doppelpack_sim_tests

install: build ## install into prefix=/usr/local
	cmake --install build/release --prefix $(prefix)

clean: ## remove build/ (and keep .venv)
	cmake -E rm -rf build
