#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""How many situations a search takes to find each planted bug of tests/*/bugs.yaml.

PYTHONPATH=build/release/python python3 benchmarks/planted_bugs.py --build build/release

Of each it says which oracle objects, and whether `doppelpack run` of the scenario that is written
fails with the bug and passes without it. The last row is the core without any bug. Exit code 1
when a bug is not found or not shown again, or something is found in the core without one.
"""

import argparse
import functools
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

import yaml
from doppelpack.search.command import search
from doppelpack.search.judge import Judge
from doppelpack.search.reproduce import write_scenario

ROOT = pathlib.Path(__file__).resolve().parents[1]
HEALTHY = {"why": "nothing"}


def plant(bug, build, folder):
    """A core with a bug: in `file` of bms/src, `line` becomes `becomes`."""
    source = ROOT / "bms" / "src" / bug["file"]
    broken = folder / bug["file"]
    broken.write_text(source.read_text("utf-8").replace(bug["line"], bug["becomes"]), "utf-8")
    core = folder / "broken.so"
    command = [
        *("cc", "-std=c11", "-O2", "-fPIC", "-shared", "-fno-lto"),
        *(f"-I{ROOT / 'bms' / 'include'}", "-iquote", str(source.parent), str(broken)),
        *(str(ROOT / "tests" / "cores" / "own_core.c"), str(build / "bms/libdoppelpack_bms.a")),
        *("-o", str(core)),
    ]
    subprocess.run(command, check=True)
    return str(core)


def is_shown_again(program, scenario, core):
    def ends_with(*arguments):
        command = [str(program), "run", str(scenario), *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode

    return ends_with("--bms", core) == 1 and ends_with() == 0


def look_for(bug, options):
    """A row of the table, and whether it is as it should be."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        core = None if bug is HEALTHY else plant(bug, options.build, folder)
        judge = Judge(options.program, core)
        found = search(judge, options.examples, options.seed)
        if found is None:
            return f"| {bug['why']} | - | {judge.examples} | | | |", core is None
        searched = judge.examples
        scenario = folder / "minimal.yaml"
        is_shown = (
            core is not None
            and write_scenario(judge, found.situation, core, scenario) is not None
            and is_shown_again(options.program, scenario, core)
        )
    oracle, case = found.objections[0]["oracle"], found.situation.case
    shown = "yes" if is_shown else "no"
    return (
        f"| {bug['why']} | {found.first} | {searched} | `{oracle}` | `{case}` | {shown} |",
        is_shown,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, help="that of the build without it")
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes")
    options = parser.parse_args()
    options.program = (options.program or options.build / "doppelpack").resolve()
    files = [ROOT / "tests" / kind / "bugs.yaml" for kind in ("campaign", "matrix")]
    bugs = [bug for file in files for bug in yaml.safe_load(file.read_text("utf-8"))]
    print("| planted | found after | with shrinking | oracle | the simplest case | run |")
    print("| --- | --: | --: | --- | --- | --- |")
    all_well = True
    with ProcessPoolExecutor(options.workers) as pool:
        for row, is_well in pool.map(functools.partial(look_for, options=options), bugs):
            print(row, flush=True)
            all_well = all_well and is_well
        row, is_well = look_for(HEALTHY, options)
        print(row)
    return 0 if all_well and is_well else 1


if __name__ == "__main__":
    sys.exit(main())
