# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""The core's tests, ready to be asked about one changed core after the other, fast.

They are linked once, against a shared library of the core that each mutant brings along. The tests
that killed the last mutants of the same source are asked first, then those in the files named after
it, the slow ones last.
"""

import dataclasses
import json
import math
import os
import pathlib
import subprocess

from verification import core_tests, tools

FLAGS = ["-std=c11", "-O2", "-g0", "-w", "-fPIC", f"-I{tools.INCLUDE}"]
# A mutant that leaves an array dies there and then, instead of depending on what lies behind it.
FLAGS += ["-fsanitize=array-bounds,shift", "-fsanitize-trap=all", "-fstrict-flex-arrays=3"]
SLOW_s = 0.05  # tests that take longer are asked last
LIBRARY = "libcore.so"
KILLERS = 12  # so many are asked first
RUNS = "[ RUN      ] "
OUT_OF_TIME = -24  # SIGXCPU


def compile_core(source: pathlib.Path, target: pathlib.Path) -> bool:
    quote = f"-iquote{tools.core_sources()[0].parent}"
    command = [tools.CLANG, *FLAGS, quote, "-c", str(source), "-o", str(target)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def link_core(objects: list[pathlib.Path], folder: pathlib.Path) -> None:
    tools.run([tools.CLANG, "-shared", "-nostdlib", *objects, "-o", folder / LIBRARY])


@dataclasses.dataclass(frozen=True)
class Timed:
    file: str  # where the test is
    time_s: float


@dataclasses.dataclass
class Suite:
    program: pathlib.Path
    objects: dict[str, pathlib.Path]  # of the core as it is, by stem
    tests: dict[str, Timed]
    killers: dict[str, list[str]]  # by stem of a source, the last one first

    def _ask(self, names: list[str], library: pathlib.Path) -> tuple[str, str]:
        """killed, timeout or survived, and the last test that ran.

        The limit is in seconds of the processor: it does not depend on what else the machine does.
        """
        limit_s = 2 + math.ceil(3 * sum(self.tests[name].time_s for name in names))
        filters = ":".join(names)
        if len(names) > len(self.tests) / 2:
            filters = "-" + ":".join(self.tests.keys() - set(names))
        command = ["prlimit", f"--cpu={limit_s}", str(self.program), f"--gtest_filter={filters}"]
        done = subprocess.run(
            [*command, "--gtest_throw_on_failure=1"],
            env=os.environ | {"LD_LIBRARY_PATH": str(library)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            errors="replace",
            check=False,
        )
        begun = [line for line in done.stdout.splitlines() if line.startswith(RUNS)]
        last = begun[-1].removeprefix(RUNS) if begun else ""
        if done.returncode == 0:
            return "survived", last
        return "timeout" if done.returncode == OUT_OF_TIME else "killed", last

    def _rounds(self, stem: str) -> list[list[str]]:
        first = self.killers.get(stem, [])[:KILLERS]
        others = {name: test for name, test in self.tests.items() if name not in first}
        quick = [name for name, test in others.items() if test.time_s <= SLOW_s]
        near = [name for name in quick if others[name].file.startswith(stem)]
        far = [name for name in quick if not others[name].file.startswith(stem)]
        slow = sorted(others.keys() - set(quick), key=lambda name: others[name].time_s)
        return [first, near, far, *([name] for name in slow)]

    def judge(self, stem: str, library: pathlib.Path) -> str:
        """killed, timeout or survived: the core in that folder, of which one source is changed."""
        for names in self._rounds(stem):
            verdict, last = self._ask(names, library) if names else ("survived", "")
            if verdict == "survived":
                continue
            others = [name for name in self.killers.get(stem, []) if name != last]
            self.killers[stem] = [last, *others] if last in self.tests else others
            return verdict
        return "survived"


def time_tests(program: pathlib.Path, library: pathlib.Path) -> dict[str, Timed]:
    report = library / "tests.json"
    environment = os.environ | {"LD_LIBRARY_PATH": str(library)}
    tools.run([program, f"--gtest_output=json:{report}"], env=environment)
    suites = json.loads(report.read_text(encoding="utf-8"))["testsuites"]
    return {
        f"{each['classname']}.{each['name']}": Timed(
            pathlib.PurePath(each["file"]).name, float(each["time"].rstrip("s"))
        )
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
    return Suite(program, objects, time_tests(program, folder), {})
