# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Breaks the core in every small way and counts how often its own tests notice.

A mutant that compiles to the same machine code is no mutant. One that the tests do not notice is
listed in survivors.yaml with the reason why nothing can notice it, or it fails this check.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from typing import Any

import yaml

from verification import core_tests, tools
from verification.mutation.mutants import Mutant, find_mutants

LEAST_KILLED = 0.95
SURVIVORS = tools.HERE / "mutation" / "survivors.yaml"
FLAGS = ["-std=c11", "-O2", "-g0", "-w", "-fPIC", f"-I{tools.INCLUDE}"]
# A mutant that leaves an array dies there and then, instead of depending on what lies behind it.
FLAGS += ["-fsanitize=array-bounds,shift", "-fsanitize-trap=all"]
SLOW_s = 0.05  # tests that take longer are asked last
LIBRARY = "libcore.so"


@dataclasses.dataclass(frozen=True)
class Suite:
    """The tests, linked against a shared library of the core, and how long they take with it."""

    program: pathlib.Path
    objects: dict[str, pathlib.Path]  # of the core as it is, by stem
    rounds: list[tuple[str, float]]  # filter, and the seconds after which it counts as hanging


def compile_core(source: pathlib.Path, target: pathlib.Path) -> bool:
    quote = f"-iquote{tools.core_sources()[0].parent}"
    command = [tools.CLANG, *FLAGS, quote, "-c", str(source), "-o", str(target)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def link_core(objects: list[pathlib.Path], folder: pathlib.Path) -> None:
    tools.run([tools.CLANG, "-shared", "-nostdlib", *objects, "-o", folder / LIBRARY])


def run_tests(program: pathlib.Path, library: pathlib.Path, chosen: str, limit_s: float) -> str:
    """killed, timeout or survived."""
    command = [str(program), f"--gtest_filter={chosen}", "--gtest_throw_on_failure=1"]
    environment = os.environ | {"LD_LIBRARY_PATH": str(library)}
    output: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, env=environment, timeout=limit_s, check=False, **output)
    except subprocess.TimeoutExpired:
        return "timeout"
    return "survived" if done.returncode == 0 else "killed"


def time_tests(program: pathlib.Path, library: pathlib.Path) -> dict[str, float]:
    report = library / "tests.json"
    environment = os.environ | {"LD_LIBRARY_PATH": str(library)}
    tools.run([program, f"--gtest_output=json:{report}"], env=environment)
    suites = json.loads(report.read_text(encoding="utf-8"))["testsuites"]
    return {
        f"{each['classname']}.{each['name']}": float(each["time"].rstrip("s"))
        for suite in suites
        for each in suite["testsuite"]
    }


def prepare() -> Suite:
    folder = tools.folder("mutation")
    objects = {source.stem: folder / f"{source.stem}.o" for source in tools.core_sources()}
    for source in tools.core_sources():
        if not compile_core(source, objects[source.stem]):
            raise tools.CheckError(f"{source} does not compile")
    link_core(list(objects.values()), folder)
    program = folder / "tests"
    command: tools.Words = [core_tests.COMPILER, *core_tests.objects(), f"-L{folder}", "-lcore"]
    tools.run([*command, *core_tests.LIBRARIES, "-o", program])
    times_s = time_tests(program, folder)
    slow = {name: time_s for name, time_s in times_s.items() if time_s > SLOW_s}
    quick_s = sum(times_s.values()) - sum(slow.values())
    rounds = [("-" + ":".join(slow), 10 * quick_s + 5)]
    # Most telling first: many short ones before a long one.
    rounds += [(name, 10 * slow[name] + 5) for name in sorted(slow, key=lambda each: slow[each])]
    return Suite(program, objects, rounds)


def judge(mutant: Mutant, suite: Suite) -> str:
    """killed, timeout, survived, invalid (does not compile) or same (the same machine code)."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sources = [mutant.path]
        if mutant.path.suffix == ".h":  # all that include it
            sources = tools.core_sources()
            for source in sources:
                shutil.copy(source, folder)
        (folder / mutant.path.name).write_bytes(mutant.apply(mutant.path.read_bytes()))
        objects = dict(suite.objects)
        for source in sources:
            objects[source.stem] = folder / f"{source.stem}.o"
            if not compile_core(folder / source.name, objects[source.stem]):
                return "invalid"
        changed = [source.stem for source in sources]
        if all(objects[s].read_bytes() == suite.objects[s].read_bytes() for s in changed):
            return "same"
        link_core(list(objects.values()), folder)
        for chosen, limit_s in suite.rounds:
            verdict = run_tests(suite.program, folder, chosen, limit_s)
            if verdict != "survived":
                return verdict
        return "survived"


def key_of(entry: dict[str, str]) -> tuple[str, str, str]:
    return entry["in"], entry["line"], entry["becomes"]


def describe(mutant: Mutant) -> dict[str, str]:
    return {"in": mutant.place, "line": mutant.before, "becomes": mutant.after}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="only so many, drawn by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="only files whose name has this in it")
    arguments = parser.parse_args()
    suite = prepare()
    every = find_mutants()
    chosen = [each for each in every if (arguments.only or "") in each.path.name]
    if arguments.sample and arguments.sample < len(chosen):
        chosen = sorted(random.Random(arguments.seed).sample(chosen, arguments.sample))
    verdicts = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        judged = pool.map(lambda mutant: judge(mutant, suite), chosen)
        for mutant, verdict in zip(chosen, judged, strict=True):
            verdicts.append(verdict)
            if verdict == "survived":  # it takes long to the end
                progress = f"{len(verdicts)}/{len(chosen)}"
                print(f"{progress} {mutant.path.name}:{mutant.line}: {mutant.after}", flush=True)
    report(every, chosen, verdicts)


def report(every: list[Mutant], chosen: list[Mutant], verdicts: list[str]) -> None:
    counts = Counter(verdicts)
    killed = counts["killed"] + counts["timeout"]
    total = killed + counts["survived"]
    accepted = {key_of(entry): entry for entry in yaml.safe_load(SURVIVORS.read_text()) or []}
    survivors = [m for m, v in zip(chosen, verdicts, strict=True) if v == "survived"]
    unexplained = [each for each in survivors if key_of(describe(each)) not in accepted]
    kept = {key_of(describe(each)) for each in survivors}
    stale = [key for key in accepted if len(chosen) == len(every) and key not in kept]
    tools.write_result(
        "mutation",
        {
            "mutants": len(every),
            "tried": total,
            "killed": killed,
            "timeouts": counts["timeout"],
            "same_code": counts["same"],
            "invalid": counts["invalid"],
            "survivors": [
                describe(each)
                | {"file": each.path.name, "reason": accepted[key_of(describe(each))]["reason"]}
                for each in survivors
                if each not in unexplained
            ],
        },
    )
    share = killed / total if total else 0.0
    print(f"{killed} of {total} mutants killed ({100 * share:.1f} %), of {len(every)} {counts}")
    if unexplained:
        print(yaml.safe_dump([describe(each) for each in unexplained], sort_keys=False, width=100))
    failures = [f"{m.path.name}:{m.line} in {m.place}: survives unexplained" for m in unexplained]
    failures += [f"survivors.yaml: killed or gone: {key}" for key in stale]
    if share < LEAST_KILLED:
        failures.append(f"{100 * share:.1f} % killed, wanted {100 * LEAST_KILLED:.0f} %")
    tools.gate(failures)


if __name__ == "__main__":
    tools.main(main)
