#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""libFuzzer on everything that reads a wire: protocols, codecs of ports, port URIs.

The same number of runs and the same seed give the same inputs, unless the time is up first. What is
found is in build/fuzz/found/; the program, called with --target=NAME and such a file, shows it.
What a longer session reaches goes into the corpus with --grow.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
BUILD = HERE.parents[1] / "build" / "fuzz"
PROGRAM = BUILD / "tests" / "fuzz" / "doppelpack_fuzz_wire"
LIMITS = ["-max_len=4200", "-timeout=10", "-rss_limit_mb=1024", "-malloc_limit_mb=64"]


def call(target: str, words: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    command = [PROGRAM, f"--target={target}", *LIMITS, *words]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def tell(target: str, done: subprocess.CompletedProcess[str]) -> bool:
    """Prints what became of a run; False: something was found."""
    if done.returncode != 0:
        print(f"{target}: FAILED\n" + "\n".join(done.stderr.splitlines()[-40:]))
        return False
    runs = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    if runs is None or not covered:
        print(f"{target}: no statistics\n{done.stderr[-2000:]}")
        return False
    print(f"{target}: {runs[1]} runs, {covered[-1]} edges")
    return True


def fuzz(target: str, options: Sequence[str]) -> bool:
    """Runs on a copy of the corpus: what it finds stays out of the repository."""
    (CORPUS / target).mkdir(exist_ok=True)  # a new target has none yet
    found = BUILD / "found" / target
    shutil.rmtree(found, ignore_errors=True)
    found.mkdir(parents=True)
    prefix = f"-artifact_prefix={BUILD}/found/{target}-"
    done = call(target, [*options, "-print_final_stats=1", prefix, found, CORPUS / target])
    return tell(target, done)


def grow(target: str, options: Sequence[str]) -> bool:
    """Adds the fewest inputs that reach what the corpus, captured vectors at first, does not."""
    if not fuzz(target, options):
        return False
    folders = [CORPUS / target, BUILD / "found" / target]
    done = call(target, ["-set_cover_merge=1", "-use_counters=0", *folders])
    if done.returncode != 0:
        print(f"{target}: cannot be merged\n{done.stderr[-2000:]}")
    return done.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="all of them, unless named")
    parser.add_argument("--runs", type=int, default=20000, help="of each target")
    parser.add_argument("--seconds", type=int, default=6, help="at most, for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--grow", action="store_true", help="renew the corpus; no limit of runs")
    arguments = parser.parse_args()

    listed = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True)
    known = listed.stdout.split()
    if unknown := set(arguments.targets) - set(known):
        sys.exit(f"no target {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    runs = -1 if arguments.grow else arguments.runs
    options = [f"-runs={runs}", f"-max_total_time={arguments.seconds}", f"-seed={arguments.seed}"]
    with ThreadPoolExecutor(arguments.jobs) as pool:
        work = grow if arguments.grow else fuzz
        results = list(pool.map(lambda name: work(name, options), arguments.targets or known))
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
