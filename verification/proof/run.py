# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Proves with Frama-C WP that the core has no undefined behaviour and keeps its contracts.

Contracts (ACSL) stand before functions: those of a stage in bms/src/core.h, those of a helper where
it is defined. sources.yaml says what is proved and what is taken on trust. Smoke tests look for
contracts that contradict themselves, and planted.yaml lists bugs that break a proof which succeeds
without them. Provers are limited by steps, not by time, so a busy machine proves the same; a goal
that takes more needs an assertion on the way, not more steps.
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
# The dearest goal of limits.c takes 244,000 of these steps. The time only ends a prover that hangs.
OPTIONS += ["-wp-steps", "400000", "-wp-timeout", "600"]
# Of requirements, calls and loops. Those of each branch would cost more than the proofs.
SMOKE = ["-wp-smoke-tests", "-wp-smoke-timeout", "1", "-wp-no-smoke-dead-code"]
SUMMARY = re.compile(r"Proved goals:\s+(\d+) / (\d+)")
UNPROVED = re.compile(
    r"Goal (\S+) : (?:Timeout|Unknown|Failed)|\[Failed\] (?:Goal|Smoke-test) (\S+)"
)
PASSED = re.compile(r"\[Passed\] Smoke-test")


def prove(path: pathlib.Path, options: list[str]) -> dict[str, Any]:
    """How many goals are proved, of how many, which are not, and how many smoke tests passed."""
    done = tools.run(["frama-c", *OPTIONS, *options, path])
    summary = SUMMARY.search(done.stdout)
    if summary is None:
        raise tools.CheckError(f"{path.name}: Frama-C gave no summary\n{done.stdout[-2000:]}")
    return {
        "proved": int(summary[1]),
        "goals": int(summary[2]),
        "unproved": sorted({a or b for a, b in UNPROVED.findall(done.stdout)}),
        "smoke_tests": len(PASSED.findall(done.stdout)),
    }


def groups_of(source: dict[str, Any]) -> list[list[str]]:
    """Options of each run of Frama-C on a source: functions with split goals have their own."""
    split = source.get("split", [])
    whole = [each for each in source["functions"] if each not in split]
    groups = [["-wp-fct", ",".join(whole)]] if whole else []
    return groups + ([["-wp-split", "-wp-fct", ",".join(split)]] if split else [])


def prove_source(source: dict[str, Any]) -> dict[str, Any]:
    path = tools.ROOT / "bms" / "src" / source["file"]
    parts = [prove(path, [*group, *SMOKE]) for group in groups_of(source)]
    total = {key: sum(part[key] for part in parts) for key in ("proved", "goals", "smoke_tests")}
    return total | {"unproved": [goal for part in parts for goal in part["unproved"]]}


def prove_planted(bug: dict[str, str], text: str, is_split: bool) -> dict[str, Any]:
    """Proves one goal of one function in a copy of its source that holds this text."""
    copy = tools.folder("proof") / bug["file"]
    copy.write_text(text, encoding="utf-8")
    options = [f"-cpp-extra-args=-I{tools.ROOT / 'bms' / 'src'}", "-wp-fct", bug["function"]]
    options += ["-wp-prop", bug["goal"], *(["-wp-split"] if is_split else [])]
    return prove(copy, options)


def plant(bug: dict[str, str], is_split: bool) -> list[str]:
    """Failures: the goal must be proved without the bug, and not with it."""
    text = (tools.ROOT / "bms" / "src" / bug["file"]).read_text(encoding="utf-8")
    if text.count(bug["line"]) != 1:
        raise tools.CheckError(f"planted.yaml: {bug['file']} has no single line {bug['line']!r}")
    where = f"planted in {bug['file']}, {bug['function']}: {bug['why']}"
    sound = prove_planted(bug, text, is_split)
    if sound["goals"] == 0 or sound["proved"] < sound["goals"]:
        return [f"{where}: {bug['goal']} is not proved without the bug either"]
    broken = prove_planted(bug, text.replace(bug["line"], bug["becomes"]), is_split)
    return [] if broken["proved"] < broken["goals"] else [f"{where}: not noticed"]


def plant_all(sources: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """How many bugs were planted, and what went wrong."""
    bugs = yaml.safe_load((HERE / "planted.yaml").read_text(encoding="utf-8"))
    split = {function for source in sources for function in source.get("split", [])}
    failures = []
    for bug in bugs:
        start_s = time.monotonic()
        missed = plant(bug, bug["function"] in split)
        failures += missed
        verdict = "missed" if missed else "noticed"
        print(f"planted in {bug['function']}: {verdict}, {time.monotonic() - start_s:.0f} s")
    return len(bugs), failures


def show(name: str, result: dict[str, Any], since_s: float) -> None:
    goals = f"{result['proved']} of {result['goals']} goals"
    smoke = f"{result['smoke_tests']} smoke tests"
    print(f"{name:12} {goals}, {smoke}, {time.monotonic() - since_s:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", metavar="FILE", help="prove this source, plant nothing, write nothing"
    )
    only = parser.parse_args().only
    if only is None:
        tools.forget_result("proof")
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
    if only is not None:
        tools.gate(failures)
        return
    planted, missed = plant_all(sources)
    tools.gate([*failures, *missed])
    tools.write_result("proof", {**listed, "results": results, "planted": planted})


if __name__ == "__main__":
    tools.main(main)
