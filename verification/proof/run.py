# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Proves with Frama-C WP that the core has no undefined behaviour and keeps its contracts.

Contracts (ACSL) stand before functions: those of a stage in bms/src/core.h, those of a helper where
it is defined. sources.yaml says what is proved and what is taken on trust. Smoke tests look for
contracts that contradict themselves, and planted.yaml lists bugs whose proof must fail. Prover time
is limited per goal; a goal that takes longer needs an assertion on the way, not more time.
"""

import argparse
import pathlib
import re
import time
from typing import Any

import yaml

from verification import tools

HERE = tools.HERE / "proof"
OPTIONS = ["-wp", "-wp-rte", "-wp-model", "Typed+Cast", "-wp-prover", "cvc4,z3", "-wp-par", "2"]
OPTIONS += ["-machdep", "gcc_x86_64", "-c11", f"-cpp-extra-args=-I{tools.INCLUDE}"]
# Frama-C knows no _Alignof. It only fills a number into the table that the core hands out.
OPTIONS += ["-cpp-extra-args=-D_Alignof=sizeof"]
TIMEOUT_s = 10
SMOKE = ["-wp-smoke-tests", "-wp-smoke-timeout", "1"]
SUMMARY = re.compile(r"Proved goals:\s+(\d+) / (\d+)")
UNPROVED = re.compile(
    r"Goal (\S+) : (?:Timeout|Unknown|Failed)|\[Failed\] (?:Goal|Smoke-test) (\S+)"
)
PASSED = re.compile(r"\[Passed\] Smoke-test")


def prove(path: pathlib.Path, options: list[str], timeout_s: int) -> dict[str, Any]:
    """How many goals are proved, of how many, which are not, and how many smoke tests passed."""
    options = [*OPTIONS, "-wp-timeout", str(timeout_s), *options]
    done = tools.run(["frama-c", *options, path])
    summary = SUMMARY.search(done.stdout)
    if summary is None:
        raise tools.CheckError(f"{path.name}: Frama-C gave no summary\n{done.stdout[-2000:]}")
    return {
        "proved": int(summary[1]),
        "goals": int(summary[2]),
        "unproved": sorted({a or b for a, b in UNPROVED.findall(done.stdout)}),
        "smoke_tests": len(PASSED.findall(done.stdout)),
    }


def options_of(source: dict[str, Any]) -> list[str]:
    options = ["-wp-fct", ",".join(source["functions"])] if source.get("functions") else []
    options += ["-wp-split"] if source.get("split") else []
    if source.get("trusted"):
        options += ["-wp-skip-fct", ",".join(source["trusted"])]
    return options


def prove_source(source: dict[str, Any]) -> dict[str, Any]:
    path = tools.ROOT / "bms" / "src" / source["file"]
    return prove(path, [*options_of(source), *SMOKE], TIMEOUT_s)


def is_noticed(bug: dict[str, str], sources: dict[str, dict[str, Any]]) -> bool:
    """Does the proof of a function fail when this bug is in it?"""
    folder = tools.ROOT / "bms" / "src"
    text = (folder / bug["file"]).read_text(encoding="utf-8")
    if text.count(bug["line"]) != 1:
        raise tools.CheckError(f"planted.yaml: {bug['file']} has no single line {bug['line']!r}")
    copy = tools.folder("proof") / bug["file"]
    copy.write_text(text.replace(bug["line"], bug["becomes"]), encoding="utf-8")
    split = ["-wp-split"] if sources[bug["file"]].get("split") else []
    include = [f"-cpp-extra-args=-I{tools.INCLUDE} -I{folder}"]
    result = prove(copy, [*include, *split, "-wp-fct", bug["function"]], 2)
    return bool(result["proved"] < result["goals"])


def plant(sources: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """How many bugs were planted, and what proofs did not notice."""
    bugs = yaml.safe_load((HERE / "planted.yaml").read_text(encoding="utf-8"))
    by_file = {source["file"]: source for source in sources}
    missed = [bug for bug in bugs if not is_noticed(bug, by_file)]
    return len(bugs), [f"planted in {bug['file']}, not noticed: {bug['why']}" for bug in missed]


def show(name: str, result: dict[str, Any], since_s: float) -> None:
    goals = f"{result['proved']} of {result['goals']} goals"
    smoke = f"{result['smoke_tests']} smoke tests"
    print(f"{name:12} {goals}, {smoke}, {time.monotonic() - since_s:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="FILE", help="prove this source, plant nothing")
    only = parser.parse_args().only
    tools.run(["why3", "config", "detect"])
    listed = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    sources = listed["proved"]
    results, failures = {}, []
    for source in sources:
        if only not in (None, source["file"]):
            continue
        start_s = time.monotonic()
        result = results[source["file"]] = prove_source(source)
        show(source["file"], result, start_s)
        failures += [f"{source['file']}: {goal}" for goal in result["unproved"]]
        if result["proved"] < result["goals"] and not result["unproved"]:
            failures.append(f"{source['file']}: not every goal is proved")
    if only is None:
        planted, missed = plant(sources)
        print(f"{planted - len(missed)} of {planted} planted bugs noticed")
        tools.write_result("proof", {**listed, "results": results, "planted": planted})
        failures += missed
    tools.gate(failures)


if __name__ == "__main__":
    tools.main(main)
