# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The doppelpack authors

"""The core's own tests as object files, for everything that links them with some build of the core.

They see the core through its headers only, so they are compiled once for all of them.
"""

import concurrent.futures
import os
import pathlib

from verification import tools

COMPILER = "clang++-19"
LIBRARIES = ["-lgtest", "-lgtest_main", "-lpthread"]


def is_stale(target: pathlib.Path) -> bool:
    """Not there, or older than anything it was made of."""
    listing = target.with_suffix(".d")  # of the compiler: "target: source header ..."
    if not target.exists() or not listing.exists():
        return True
    made_of = listing.read_text(encoding="utf-8").replace("\\\n", " ").split()[1:]
    paths = [tools.ROOT / each for each in made_of]
    made_s = target.stat().st_mtime
    return any(not path.exists() or path.stat().st_mtime > made_s for path in paths)


def compile_test(source: pathlib.Path) -> pathlib.Path:
    target = tools.folder("tests") / f"{source.stem}.o"
    if is_stale(target):
        flags = ["-std=c++20", "-O1", "-g0", "-MMD", f"-I{tools.INCLUDE}", f"-I{source.parent}"]
        tools.run([COMPILER, *flags, "-c", source, "-o", target])
    return target


def objects() -> list[pathlib.Path]:
    """Compiled where a source or a header of its own is newer."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(compile_test, tools.test_sources()))
