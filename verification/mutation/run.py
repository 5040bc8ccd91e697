# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""Breaks the core in every small way and counts how often its own tests notice.

A mutant that compiles to the same machine code is no mutant. One that the tests do not notice is
listed in survivors.yaml with the reason why nothing can notice it, or it fails this check.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import shutil
import tempfile
from collections import Counter

import yaml

from verification import tools
from verification.mutation.mutants import Mutant, find_mutants
from verification.mutation.suite import Suite, compile_core, link_core, prepare

LEAST_KILLED = 0.95
SURVIVORS = tools.HERE / "mutation" / "survivors.yaml"


def judge(mutant: Mutant, suite: Suite) -> str:
    """killed, timeout, survived, invalid (does not compile) or same (the same machine code)."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sources = [mutant.path]
        if mutant.path.suffix == ".h":  # all that include it, through whichever other header
            sources = tools.core_sources()
            for each in mutant.path.parent.iterdir():
                shutil.copy(each, folder)
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
        return suite.judge(mutant.path.stem, folder)


def key_of(entry: dict[str, str]) -> tuple[str, str, str]:
    return entry["in"], entry["line"], entry["becomes"]


def describe(mutant: Mutant) -> dict[str, str]:
    return {"in": mutant.place, "line": mutant.before, "becomes": mutant.after}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="only so many, drawn by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="only files whose name has this in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time")
    arguments = parser.parse_args()
    suite = prepare()
    every = find_mutants()
    chosen = [each for each in every if (arguments.only or "") in each.path.name]
    if arguments.sample and arguments.sample < len(chosen):
        chosen = sorted(random.Random(arguments.seed).sample(chosen, arguments.sample))
    verdicts = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        judged = pool.map(lambda mutant: judge(mutant, suite), chosen)
        for mutant, verdict in zip(chosen, judged, strict=True):
            verdicts.append(verdict)
            if verdict == "survived":  # it takes long to the end
                progress = f"{len(verdicts)}/{len(chosen)}"
                print(f"{progress} {mutant.path.name}:{mutant.line}: {mutant.after}", flush=True)
    report(every, chosen, verdicts)


def count_by_file(chosen: list[Mutant], verdicts: list[str]) -> dict[str, list[int]]:
    """Killed, and tried: those that compile to something else."""
    files: dict[str, list[int]] = {}
    for mutant, verdict in zip(chosen, verdicts, strict=True):
        counts = files.setdefault(mutant.path.name, [0, 0])
        counts[0] += verdict in ("killed", "timeout")
        counts[1] += verdict in ("killed", "timeout", "survived")
    return files


def report(every: list[Mutant], chosen: list[Mutant], verdicts: list[str]) -> None:
    counts = Counter(verdicts)
    killed = counts["killed"] + counts["timeout"]
    total = killed + counts["survived"]
    accepted = {key_of(entry): entry for entry in yaml.safe_load(SURVIVORS.read_text()) or []}
    files = count_by_file(chosen, verdicts)
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
            "files": files,
            "survivors": [
                describe(each)
                | {"file": each.path.name, "reason": accepted[key_of(describe(each))]["reason"]}
                for each in survivors
                if each not in unexplained
            ],
        },
    )
    share = killed / total if total else 0.0
    for name, (killed_there, tried) in files.items():
        print(f"{name:28} {killed_there:4} of {tried:4}")
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
