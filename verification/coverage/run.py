# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Line, branch and MC/DC coverage of the core by its own tests; all three have to be 100 %.

MC/DC: for every condition of a decision a pair of tests shows that it alone changes the outcome.
"""

import argparse
import json
import os
import pathlib
from typing import Any

from verification import core_tests, tools

KINDS = ("lines", "branches", "mcdc")
FLAGS = ["-std=c11", "-O1", "-g1", f"-I{tools.INCLUDE}"]
COVERED = ["-fprofile-instr-generate", "-fcoverage-mapping", "-fcoverage-mcdc"]
# Else a header's inline function counts as missed wherever it is not called.
COVERED += ["-mllvm", "-limited-coverage-experimental"]


def build() -> pathlib.Path:
    program = tools.folder("coverage") / "tests"
    objects: tools.Words = []
    for source in tools.core_sources():
        objects.append(program.parent / f"{source.stem}.o")
        tools.run([tools.CLANG, *FLAGS, *COVERED, "-c", source, "-o", objects[-1]])
    command: tools.Words = [
        core_tests.COMPILER,
        "-fprofile-instr-generate",
        *objects,
        *core_tests.objects(),
    ]
    tools.run([*command, *core_tests.LIBRARIES, "-o", program])
    return program


def collect(program: pathlib.Path) -> pathlib.Path:
    raw, merged = program.with_suffix(".profraw"), program.with_suffix(".profdata")
    tools.run([program, "--gtest_brief=1"], env=os.environ | {"LLVM_PROFILE_FILE": str(raw)})
    tools.run(["llvm-profdata-19", "merge", "-sparse", raw, "-o", merged])
    return merged


def summarise(program: pathlib.Path, profile: pathlib.Path) -> dict[str, Any]:
    command: tools.Words = [
        "llvm-cov-19",
        "export",
        "-summary-only",
        f"-instr-profile={profile}",
        program,
    ]
    exported = json.loads(tools.run(command).stdout)["data"][0]
    files = {
        str(pathlib.Path(each["filename"]).relative_to(tools.ROOT)): {
            kind: [each["summary"][kind]["covered"], each["summary"][kind]["count"]]
            for kind in KINDS
        }
        for each in exported["files"]
    }
    totals = {
        kind: [exported["totals"][kind]["covered"], exported["totals"][kind]["count"]]
        for kind in KINDS
    }
    return {"files": files, "totals": totals}


def write_page(program: pathlib.Path, profile: pathlib.Path) -> pathlib.Path:
    """The sources with what is not covered, for people."""
    page = tools.folder("coverage") / "coverage.html"
    command = ["llvm-cov-19", "show", "-format=html", "-show-branches=count", "-show-mcdc"]
    page.write_text(
        tools.run([*command, f"-instr-profile={profile}", program]).stdout, encoding="utf-8"
    )
    return page


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    program = build()
    profile = collect(program)
    result = summarise(program, profile)
    tools.write_result("coverage", result)
    page = write_page(program, profile)
    failures = [
        f"{name}: {covered} of {count} {kind}"
        for name, kinds in result["files"].items()
        for kind, (covered, count) in kinds.items()
        if covered < count
    ]
    for kind, (covered, count) in result["totals"].items():
        print(f"{kind:9} {covered} of {count}")
    tools.gate([*failures, f"see {page}"] if failures else [])


if __name__ == "__main__":
    tools.main(main)
