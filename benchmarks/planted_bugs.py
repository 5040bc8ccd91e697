#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors
"""How many situations a search takes to find each planted bug of tests/*/bugs.yaml.

PYTHONPATH=build/release/python python3 benchmarks/planted_bugs.py --build build/release
"""

import argparse
import pathlib
import subprocess
import tempfile

import yaml
from doppelpack.search.command import search
from doppelpack.search.judge import Judge

ROOT = pathlib.Path(__file__).resolve().parents[1]


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
    return core


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, help="that of the build without it")
    parser.add_argument("--examples", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    program = (arguments.program or arguments.build / "doppelpack").resolve()
    print("| planted | found after | with shrinking | oracle | the simplest situation |")
    print("| --- | --: | --: | --- | --- |")
    for kind in ("campaign", "matrix"):
        file = ROOT / "tests" / kind / "bugs.yaml"
        for bug in yaml.safe_load(file.read_text("utf-8")):
            with tempfile.TemporaryDirectory() as folder:
                core = plant(bug, arguments.build, pathlib.Path(folder))
                judge = Judge(program, str(core))
                found = search(judge, arguments.examples, arguments.seed)
            if found is None:
                print(f"| {bug['why']} | - | {judge.examples} | | |", flush=True)
                continue
            print(
                f"| {bug['why']} | {found.first} | {judge.examples} "
                f"| `{found.objections[0]['oracle']}` | `{found.situation.case}` |",
                flush=True,
            )


if __name__ == "__main__":
    main()
